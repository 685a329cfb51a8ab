"""FastAPI with the sqlite3 module and plain SQL."""

from typing import Annotated, Any

from fastapi import Body, FastAPI, HTTPException

from app.db import Db
from app.models import Hello, Item, ItemIn

app = FastAPI()

COLUMNS = "id, name, description, price"


@app.get("/hello")
async def hello() -> Hello:
    return Hello(message="Hello, World!")


@app.post("/echo")
async def echo(payload: Annotated[Any, Body()]) -> Any:
    return payload


@app.get("/items/", response_model=list[Item])
def list_items(db: Db) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(f"SELECT {COLUMNS} FROM items ORDER BY id")]


@app.get("/items/{item_id}", response_model=Item)
def read_item(item_id: int, db: Db) -> dict[str, Any]:
    row = db.execute(f"SELECT {COLUMNS} FROM items WHERE id = ?", (item_id,)).fetchone()
    if row is None:
        raise HTTPException(404, "Item not found")
    return dict(row)


@app.post("/items/", status_code=201)
def create_item(item: ItemIn, db: Db) -> Item:
    with db:
        cursor = db.execute(
            "INSERT INTO items (name, description, price) VALUES (?, ?, ?)",
            (item.name, item.description, item.price),
        )
    return Item(id=cursor.lastrowid, **item.model_dump())


@app.put("/items/{item_id}")
def update_item(item_id: int, item: ItemIn, db: Db) -> Item:
    with db:
        cursor = db.execute(
            "UPDATE items SET name = ?, description = ?, price = ? WHERE id = ?",
            (item.name, item.description, item.price, item_id),
        )
    if cursor.rowcount == 0:
        raise HTTPException(404, "Item not found")
    return Item(id=item_id, **item.model_dump())


@app.delete("/items/{item_id}", status_code=204)
def delete_item(item_id: int, db: Db) -> None:
    with db:
        cursor = db.execute("DELETE FROM items WHERE id = ?", (item_id,))
    if cursor.rowcount == 0:
        raise HTTPException(404, "Item not found")
