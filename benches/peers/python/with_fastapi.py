"""FastAPI as its documentation teaches it: typed parameters, models for answers. Served by uvicorn with uvloop.

Handlers are `async` and ask SQLite directly: a read takes microseconds, and a thread for each would cost more.
"""

from typing import Annotated, Literal
from uuid import UUID

import catalogue
from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()
connection = catalogue.connect()


class Money(BaseModel):
    amount: int
    currency: str


class Product(BaseModel):
    id: str
    category_id: str
    name: str
    sku: str
    description: str | None
    price: Money
    stock: int
    status: str
    created_at: str
    updated_at: str


class Pagination(BaseModel):
    limit: int
    page: int
    next_cursor: str | None
    prev_cursor: str | None
    total: int
    has_next: bool
    has_prev: bool


class Links(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    this: str = Field(alias="self")
    next: str | None
    prev: str | None
    first: str
    last: str


class ProductPage(BaseModel):
    data: list[Product]
    pagination: Pagination
    links: Links


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")
    category_id: UUID | None = None
    min_price: Annotated[int | None, Field(ge=0)] = None
    max_price: Annotated[int | None, Field(ge=0)] = None
    in_stock: bool | None = None
    status: Literal["active", "archived"] | None = None
    sort: Literal["created_at", "price"] | None = None
    order: Literal["asc", "desc"] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    page: Annotated[int, Field(ge=1)] = 1


@app.get("/api/v1/products/{product_id}")
async def get_product(product_id: UUID, request: Request):
    found = catalogue.product(connection, product_id)
    if found is None:
        return Response(status_code=404)
    version, product = found
    tag = catalogue.product_tag(product_id, version)
    if request.headers.get("if-none-match") == tag:
        return not_modified(tag)
    return answer(tag, Product.model_validate(product).model_dump_json().encode())


@app.get("/api/v1/products")
async def list_products(asked: Annotated[Asked, Query()], request: Request):
    origin = f"{request.url.scheme}://{request.headers['host']}"
    given = asked.model_dump(exclude_unset=True)
    page = ProductPage.model_validate(catalogue.products(connection, origin, request.url.path, given))
    body = page.model_dump_json(by_alias=True).encode()
    tag = catalogue.digest_tag(body)
    return not_modified(tag) if request.headers.get("if-none-match") == tag else answer(tag, body)


def answer(tag, body):
    return Response(body, media_type="application/json", headers={"ETag": tag, "Cache-Control": catalogue.CACHE_CONTROL})


def not_modified(tag):
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": catalogue.CACHE_CONTROL})
