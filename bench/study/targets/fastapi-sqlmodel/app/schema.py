"""`python -m app.schema` makes the table in $DATABASE; a second call changes nothing."""

from sqlmodel import SQLModel

from app import models  # noqa: F401  (importing it registers the table)
from app.db import engine


def create() -> None:
    SQLModel.metadata.create_all(engine)


if __name__ == "__main__":
    create()
