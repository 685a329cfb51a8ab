"""What clients send (ItemIn) and what they get back (Item)."""

from pydantic import BaseModel, FiniteFloat


class ItemIn(BaseModel):
    name: str
    description: str | None = None
    price: FiniteFloat


class Item(ItemIn):
    id: int


class Hello(BaseModel):
    message: str
