"""What the FastAPI and the Flask peer share: the catalogue's two reads, by the standard library's sqlite3.

No ORM stands between: this is the quickest way that Python has to this database, and the queries are those of the axum
peer. sqlite3 keeps statements prepared by itself.
"""

import hashlib
import os
import sqlite3
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

COLUMNS = "id, category_id, name, sku, description, price_amount, price_currency, stock, status, version, " \
          "created_at, updated_at"
BY_ID = f"SELECT {COLUMNS} FROM products WHERE id = ?"
SORTS = {"created_at": "created_at", "price": "price_amount"}
CACHE_CONTROL = "public, max-age=60"


def connect():
    """A connection that only reads the database named by BENCH_DATABASE."""
    connection = sqlite3.connect(os.environ["BENCH_DATABASE"], isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA query_only = ON")
    return connection


def product(connection, product_id):
    """(version, product) of one product, or None."""
    row = connection.execute(BY_ID, (product_id.bytes,)).fetchone()
    return row and (row[9], _as_json(row))


def products(connection, origin, path, asked):
    """A page of the list, described as Shopkeeper describes it. `asked` maps the names that were given to values."""
    where, values = _conditions(asked)
    total, = connection.execute(f"SELECT count(*) FROM products{where}", values).fetchone()
    limit, page = asked.get("limit", 20), asked.get("page", 1)
    column = SORTS[asked.get("sort", "created_at")]
    direction = "" if asked.get("order", "desc") == "asc" else " DESC"
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM products{where} ORDER BY {column}{direction}, id{direction} LIMIT ? OFFSET ?",
        (*values, limit, limit * (page - 1))).fetchall()
    has_next = limit * (page - 1) + len(rows) < total
    place = 5 if column == "price_amount" else 10
    return {
        "data": [_as_json(row) for row in rows],
        "pagination": {
            "limit": limit, "page": page,
            "next_cursor": _cursor(rows[-1], place) if has_next else None,
            "prev_cursor": _cursor(rows[0], place) if page > 1 and rows else None,
            "total": total, "has_next": has_next, "has_prev": page > 1,
        },
        "links": _links(origin, path, asked, page, max(1, -(-total // limit)), has_next),
    }


def product_tag(product_id, version):
    return f'"v{version}-{product_id.int & 0xffffffff:08x}"'


def digest_tag(body):
    return f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'


def _conditions(asked):
    words, values = [], []
    if "category_id" in asked:
        words.append("category_id = ?")
        values.append(asked["category_id"].bytes)
    if "min_price" in asked:
        words.append("price_amount >= ?")
        values.append(asked["min_price"])
    if "max_price" in asked:
        words.append("price_amount <= ?")
        values.append(asked["max_price"])
    if "in_stock" in asked:
        words.append("stock > 0" if asked["in_stock"] else "stock = 0")
    if "status" in asked:
        words.append("status = ?")
        values.append(asked["status"])
    return " WHERE " + " AND ".join(words) if words else "", values


def _links(origin, path, asked, page, last, has_next):
    def words(value):
        return ("true" if value else "false") if isinstance(value, bool) else str(value)

    kept = "&".join(f"{name}={words(value)}" for name, value in asked.items() if name != "page")
    base = f"{origin}{path}?{kept}{'&' if kept else ''}page="
    target = "&".join(f"{name}={words(value)}" for name, value in asked.items())
    return {
        "self": f"{origin}{path}{'?' if target else ''}{target}",
        "next": f"{base}{page + 1}" if has_next else None,
        "prev": f"{base}{min(page - 1, last)}" if page > 1 else None,
        "first": f"{base}1",
        "last": f"{base}{last}",
    }


def _as_json(row):
    return {
        "id": str(UUID(bytes=row[0])), "category_id": str(UUID(bytes=row[1])), "name": row[2], "sku": row[3],
        "description": row[4], "price": {"amount": row[5], "currency": row[6]}, "stock": row[7], "status": row[8],
        "created_at": _time(row[10]), "updated_at": _time(row[11]),
    }


def _time(micros):
    seconds, rest = divmod(micros, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest).isoformat().replace("+00:00", "Z")


def _cursor(row, place):
    return urlsafe_b64encode(row[place].to_bytes(8, "big") + row[0]).rstrip(b"=").decode()
