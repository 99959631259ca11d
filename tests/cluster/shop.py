"""What proofs need in a shop before anything happens to it: shoppers with tokens, and something to buy."""

import itertools

from load import PASSWORD

_numbers = itertools.count(1)


def shoppers(cluster, count):
    """Tokens of so many new accounts."""
    tokens = []
    for number in itertools.islice(_numbers, count):
        name = f"shopper_{number}"
        client = cluster.client()
        account = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        # Each from an address of its own, as the world would: signing in is limited by address.
        away = {"X-Forwarded-For": f"192.0.2.{number % 250 + 1}"}
        client.call("POST", "/api/v1/users", account, away).expect(201)
        login = {"username": name, "password": PASSWORD}
        tokens.append(client.call("POST", "/api/v1/auth/login", login, away).expect(200).json()["access_token"])
    return tokens


def product(cluster, admin, stock):
    """The id of a new product."""
    number = next(_numbers)
    shelf = {"name": f"Shelf {number}", "slug": f"shelf-{number}"}
    shelf = admin.call("POST", "/api/v1/categories", shelf).expect(201).json()
    thing = {"category_id": shelf["id"], "name": f"Thing {number}", "sku": f"T-{number}", "stock": stock,
             "price": {"amount": 250, "currency": "EUR"}}
    return admin.call("POST", "/api/v1/products", thing).expect(201).json()["id"]


def order_of(product_id, quantity=1):
    return {"items": [{"product_id": product_id, "quantity": quantity}]}
