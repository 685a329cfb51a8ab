"""One SQLite connection for each request, kept in `g` and closed when the request ends."""

import os
import sqlite3

from flask import g

DATABASE = os.environ["DATABASE"]
BUSY_TIMEOUT_S = 5.0


def connect() -> sqlite3.Connection:
    db = sqlite3.connect(DATABASE, timeout=BUSY_TIMEOUT_S)
    db.row_factory = sqlite3.Row
    return db


def get_db() -> sqlite3.Connection:
    if "db" not in g:
        g.db = connect()
    return g.db


def close_db(_error: BaseException | None = None) -> None:
    db = g.pop("db", None)
    if db is not None:
        db.close()
