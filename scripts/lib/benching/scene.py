"""Finds in a filled shop what the workloads ask for: products with their entity tags, and queries of the list."""

from benching.workloads import Scene, list_path, product_path

# Distinct products and queries: few enough to be kept after a second of warming, many enough to be no single answer.
PRODUCTS = 1000
QUERIES_PER_CATEGORY = 10
LIMIT = 20


def find(shop, accounts):
    """The scene of the workloads, asked of a server without limits, which is not measured."""
    with shop.server(limits="off", core=None) as server:
        client = server.client()
        products = products_of(client, PRODUCTS)
        return Scene(accounts, [(product, entity_tag(client, product)) for product in products], list(queries(client)))


def products_of(client, count):
    """So many ids (or all), taken evenly from the whole list."""
    total = page_of(client, {"page": 1, "limit": 1})["pagination"]["total"]
    per_page = 100
    pages = max(1, -(-total // per_page))
    wanted = max(1, min(pages, -(-count // per_page)))
    numbers = [1 + turn * (pages - 1) // max(1, wanted - 1) for turn in range(wanted)]
    found = [product["id"] for number in numbers
             for product in page_of(client, {"page": number, "limit": per_page})["data"]]
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
