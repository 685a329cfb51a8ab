"""`python -m app.schema` makes the table in $DATABASE; a second call changes nothing."""

from app.main import app
from app.models import db


def create() -> None:
    with app.app_context():
        db.create_all()


if __name__ == "__main__":
    create()
