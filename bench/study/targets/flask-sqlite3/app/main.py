"""Flask with the sqlite3 module and plain SQL."""

from typing import Any

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from app.db import close_db, get_db
from app.payload import item_from_request

app = Flask(__name__)
app.teardown_appcontext(close_db)

COLUMNS = "id, name, description, price"


@app.errorhandler(HTTPException)
def json_error(error: HTTPException) -> tuple[dict[str, Any], int | None]:
    return {"error": error.description}, error.code


@app.get("/hello")
def hello() -> dict[str, str]:
    return {"message": "Hello, World!"}


@app.post("/echo")
def echo() -> Response:
    return jsonify(request.get_json())


@app.get("/items/")
def list_items() -> list[dict[str, Any]]:
    return [dict(row) for row in get_db().execute(f"SELECT {COLUMNS} FROM items ORDER BY id")]


@app.get("/items/<int:item_id>")
def read_item(item_id: int) -> dict[str, Any]:
    row = get_db().execute(f"SELECT {COLUMNS} FROM items WHERE id = ?", (item_id,)).fetchone()
    if row is None:
        abort(404, "Item not found")
    return dict(row)


@app.post("/items/")
def create_item() -> tuple[dict[str, Any], int]:
    item = item_from_request()
    with get_db() as db:
        cursor = db.execute("INSERT INTO items (name, description, price) VALUES (?, ?, ?)", item)
    return {"id": cursor.lastrowid, **item._asdict()}, 201


@app.put("/items/<int:item_id>")
def update_item(item_id: int) -> dict[str, Any]:
    item = item_from_request()
    with get_db() as db:
        cursor = db.execute(
            "UPDATE items SET name = ?, description = ?, price = ? WHERE id = ?", (*item, item_id)
        )
    if cursor.rowcount == 0:
        abort(404, "Item not found")
    return {"id": item_id, **item._asdict()}


@app.delete("/items/<int:item_id>")
def delete_item(item_id: int) -> tuple[str, int]:
    with get_db() as db:
        cursor = db.execute("DELETE FROM items WHERE id = ?", (item_id,))
    if cursor.rowcount == 0:
        abort(404, "Item not found")
    return "", 204
