"""Finds in a filled shop what the workloads ask for: products with their entity tags, queries of the list, callers with
their orders. All of it is asked of the API, by a server without limits that is not measured."""

import time
from dataclasses import replace

from benching.load import LoadFault
from benching.seeding import PASSWORD
from benching.workloads import Account, Scene, list_path, product_path
from server import ADMIN_PASSWORD

# Distinct products and queries: few enough to be kept after a second of warming, many enough to be no single answer.
PRODUCTS = 1000
QUERIES_PER_CATEGORY = 10
LIMIT = 20
# What is ordered, and how much comes in of it: more than the quickest server sells in the longest run.
ORDERED = 500
DELIVERED = 10_000_000
ORDERS_OF_EACH = 5
EXPIRY_SECONDS = 60


def find(shop, callers):
    """The scene of the workloads. Nobody is signed in yet."""
    with shop.server(limits="off", core=None) as server:
        staff = server.client()
        staff.sign_in("admin", ADMIN_PASSWORD)
        accounts = accounts_of(staff, callers)
        plenty = products_of(staff, ORDERED, status="active")
        for product in plenty:
            stock_up(staff, product)
        client = server.client()
        products = products_of(client, PRODUCTS)
        await_expiry(staff)
        key = client.call("GET", "/.well-known/jwks.json").expect(200).json()["keys"][0]["x"]
        return Scene(accounts, [(product, entity_tag(client, product)) for product in products], list(queries(client)),
                     plenty, key)


def signed_in(shop, scene):
    """The same scene with a fresh token and some orders of each caller: tokens live no longer than a few workloads take."""
    with shop.server(limits="off", core=None) as server:
        return replace(scene, accounts=[with_token(server, account) for account in scene.accounts])


def with_token(server, account):
    client = server.client()
    token = client.sign_in(account.username, PASSWORD)["access_token"]
    orders = client.call("GET", f"/api/v1/orders?page=1&limit={ORDERS_OF_EACH}").expect(200).json()["data"]
    return replace(account, token=token, orders=tuple(order["id"] for order in orders))


def accounts_of(staff, count):
    """So many of the seeded accounts that can sign in."""
    names, page = [], 0
    while len(names) < count:
        page += 1
        query = f"role=user&status=active&sort=created_at&order=asc&limit=100&page={page}"
        found = staff.call("GET", f"/api/v1/users?{query}").expect(200).json()["data"]
        if not found:
            raise LoadFault(f"{len(names)} accounts can sign in and {count} are needed: --users must be greater")
        names += [user["username"] for user in found]
    return [Account(number, name) for number, name in enumerate(names[:count])]


def await_expiry(staff):
    """Waits until the seed's unpaid orders, which are all too old, were cancelled: no run shall have that to do."""
    deadline = time.monotonic() + EXPIRY_SECONDS
    while staff.call("GET", "/api/v1/orders?status=pending&page=1&limit=1").expect(200).json()["pagination"]["total"]:
        if time.monotonic() > deadline:
            raise LoadFault(f"there were orders to be cancelled after {EXPIRY_SECONDS} s")
        time.sleep(0.2)


def stock_up(staff, product):
    body = {"delta": DELIVERED, "reason": "for the bench"}
    staff.call("POST", f"{product_path(product)}/stock-adjustments", body).expect(201)


def products_of(client, count, **filters):
    """So many ids (or all), taken evenly from the whole list."""
    total = page_of(client, filters | {"page": 1, "limit": 1})["pagination"]["total"]
    per_page = 100
    pages = max(1, -(-total // per_page))
    wanted = max(1, min(pages, -(-count // per_page)))
    numbers = [1 + turn * (pages - 1) // max(1, wanted - 1) for turn in range(wanted)]
    found = [product["id"] for number in numbers
             for product in page_of(client, filters | {"page": number, "limit": per_page})["data"]]
    return found[:count]


def queries(client):
    """Queries that leave more than one page: the products of a category in stock, from some low price on, by price."""
    categories = client.call("GET", "/api/v1/categories?limit=100&page=1").expect(200).json()["data"]
    for category in categories:
        query = {"category_id": category["id"], "in_stock": "true", "sort": "price", "order": "asc"}
        prices = [product["price"]["amount"] for product in page_of(client, query | {"page": 1, "limit": 100})["data"]]
        room = len(prices) - 2 * LIMIT
        for lowest in sorted({prices[turn * room // QUERIES_PER_CATEGORY] for turn in range(QUERIES_PER_CATEGORY)}
                             if room > 0 else set()):
            yield query | {"min_price": lowest, "page": 1, "limit": LIMIT}


def entity_tag(client, product):
    return client.call("GET", product_path(product)).expect(200).headers["ETag"]


def page_of(client, query):
    return client.call("GET", list_path(query)).expect(200).json()
