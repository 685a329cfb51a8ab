"""`python -m app.schema` makes the table in $DATABASE; a second call changes nothing."""

from contextlib import closing

from app.db import connect

ITEMS = """
CREATE TABLE IF NOT EXISTS items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    description TEXT,
    price REAL NOT NULL
)
"""


def create() -> None:
    with closing(connect()) as db, db:
        db.execute(ITEMS)


if __name__ == "__main__":
    create()
