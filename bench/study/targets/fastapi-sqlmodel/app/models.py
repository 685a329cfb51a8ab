"""The table and what goes in and out, in SQLModel's layout: one base, a class for each role."""

from pydantic import FiniteFloat
from sqlmodel import Field, SQLModel


class ItemBase(SQLModel):
    name: str
    description: str | None = None
    price: FiniteFloat


class Item(ItemBase, table=True):
    __tablename__ = "items"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)


class ItemIn(ItemBase):
    pass


class ItemPublic(ItemBase):
    id: int


class Hello(SQLModel):
    message: str
