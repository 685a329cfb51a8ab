"""One SQLite connection for each request, handed to the handlers as a dependency."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Annotated

from fastapi import Depends

DATABASE = os.environ["DATABASE"]
BUSY_TIMEOUT_S = 5.0


def connect() -> sqlite3.Connection:
    # FastAPI may run the dependency and the handler in two threads of its pool, one after the other.
    db = sqlite3.connect(DATABASE, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
    db.row_factory = sqlite3.Row
    return db


def get_db() -> Iterator[sqlite3.Connection]:
    with closing(connect()) as db:
        yield db


Db = Annotated[sqlite3.Connection, Depends(get_db)]
