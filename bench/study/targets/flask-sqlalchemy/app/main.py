"""Flask with Flask-SQLAlchemy."""

import os
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import URL
from werkzeug.exceptions import HTTPException

from app.models import Item, db
from app.payload import item_from_request

BUSY_TIMEOUT_S = 5.0

app = Flask(__name__)
# Absolute, because Flask-SQLAlchemy takes a relative file as one in its instance folder.
app.config["SQLALCHEMY_DATABASE_URI"] = URL.create("sqlite", database=os.path.abspath(os.environ["DATABASE"]))
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": BUSY_TIMEOUT_S}}
db.init_app(app)


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
    return [item.to_dict() for item in db.session.scalars(db.select(Item).order_by(Item.id))]


@app.get("/items/<int:item_id>")
def read_item(item_id: int) -> dict[str, Any]:
    return db.get_or_404(Item, item_id).to_dict()


@app.post("/items/")
def create_item() -> tuple[dict[str, Any], int]:
    item = Item(**item_from_request()._asdict())
    db.session.add(item)
    db.session.commit()
    return item.to_dict(), 201


@app.put("/items/<int:item_id>")
def update_item(item_id: int) -> dict[str, Any]:
    data = item_from_request()
    item = db.get_or_404(Item, item_id)
    item.name, item.description, item.price = data
    db.session.commit()
    return item.to_dict()


@app.delete("/items/<int:item_id>")
def delete_item(item_id: int) -> tuple[str, int]:
    db.session.delete(db.get_or_404(Item, item_id))
    db.session.commit()
    return "", 204
