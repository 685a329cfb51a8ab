"""FastAPI with SQLModel."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Body, FastAPI, HTTPException
from sqlmodel import Session, select

from app.db import SessionDep
from app.models import Hello, Item, ItemIn, ItemPublic

app = FastAPI()


def item_or_404(session: Session, item_id: int) -> Item:
    item = session.get(Item, item_id)
    if item is None:
        raise HTTPException(404, "Item not found")
    return item


@app.get("/hello")
async def hello() -> Hello:
    return Hello(message="Hello, World!")


@app.post("/echo")
async def echo(payload: Annotated[Any, Body()]) -> Any:
    return payload


@app.get("/items/", response_model=list[ItemPublic])
def list_items(session: SessionDep) -> Sequence[Item]:
    return session.exec(select(Item).order_by(Item.id)).all()


@app.get("/items/{item_id}", response_model=ItemPublic)
def read_item(item_id: int, session: SessionDep) -> Item:
    return item_or_404(session, item_id)


@app.post("/items/", status_code=201, response_model=ItemPublic)
def create_item(data: ItemIn, session: SessionDep) -> Item:
    item = Item.model_validate(data)
    session.add(item)
    session.commit()
    session.refresh(item)
    return item


@app.put("/items/{item_id}", response_model=ItemPublic)
def update_item(item_id: int, data: ItemIn, session: SessionDep) -> Item:
    item = item_or_404(session, item_id)
    item.sqlmodel_update(data.model_dump())
    session.add(item)
    session.commit()
    session.refresh(item)
    return item


@app.delete("/items/{item_id}", status_code=204)
def delete_item(item_id: int, session: SessionDep) -> None:
    session.delete(item_or_404(session, item_id))
    session.commit()
