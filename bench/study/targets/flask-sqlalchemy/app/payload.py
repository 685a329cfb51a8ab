"""Reads and checks the JSON body of POST and PUT; anything wrong is a 400."""

import math
from typing import Any, NamedTuple

from flask import abort, request


class ItemIn(NamedTuple):
    name: str
    description: str | None
    price: float


def is_finite_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def item_from_request() -> ItemIn:
    data = request.get_json()
    if not isinstance(data, dict):
        abort(400, "an object is expected")
    name, description, price = data.get("name"), data.get("description"), data.get("price")
    if not isinstance(name, str):
        abort(400, "name: a string is expected")
    if not (description is None or isinstance(description, str)):
        abort(400, "description: a string or null is expected")
    if not is_finite_number(price):
        abort(400, "price: a finite number is expected")
    return ItemIn(name, description, float(price))
