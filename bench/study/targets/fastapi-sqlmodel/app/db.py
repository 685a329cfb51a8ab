"""The engine with its connection pool, and one session for each request as a dependency."""

import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import URL
from sqlmodel import Session, create_engine

BUSY_TIMEOUT_S = 5.0

engine = create_engine(
    URL.create("sqlite", database=os.environ["DATABASE"]),
    # FastAPI may run the dependency and the handler in two threads of its pool, one after the other.
    connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    # No limit. With the default of 15, a burst of requests fills FastAPI's threads with some that wait for a
    # connection, while those that hold one wait for a thread to finish in: nothing moves for 30 s.
    pool_size=0,
)


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]
