"""Flask as its documentation teaches it. Served by gunicorn with threads, each with a connection of its own."""

import json
import threading
from uuid import UUID

import catalogue
from flask import Flask, Response, abort, request

app = Flask(__name__)
mine = threading.local()

READERS = {
    "category_id": UUID, "min_price": int, "max_price": int, "in_stock": {"true": True, "false": False}.__getitem__,
    "status": str, "sort": {name: name for name in catalogue.SORTS}.__getitem__, "order": str, "limit": int, "page": int,
}


def connection():
    if not hasattr(mine, "connection"):
        mine.connection = catalogue.connect()
    return mine.connection


@app.get("/api/v1/products/<uuid:product_id>")
def get_product(product_id):
    found = catalogue.product(connection(), product_id)
    if found is None:
        abort(404)
    version, product = found
    tag = catalogue.product_tag(product_id, version)
    return not_modified(tag) if request.headers.get("If-None-Match") == tag else answer(tag, written(product))


@app.get("/api/v1/products")
def list_products():
    try:
        asked = {name: READERS[name](value) for name, value in request.args.items()}
    except (KeyError, ValueError):
        abort(422)
    body = written(catalogue.products(connection(), request.host_url.rstrip("/"), request.path, asked))
    tag = catalogue.digest_tag(body)
    return not_modified(tag) if request.headers.get("If-None-Match") == tag else answer(tag, body)


def written(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def answer(tag, body):
    return Response(body, mimetype="application/json", headers={"ETag": tag, "Cache-Control": catalogue.CACHE_CONTROL})


def not_modified(tag):
    return Response(status=304, headers={"ETag": tag, "Cache-Control": catalogue.CACHE_CONTROL})
