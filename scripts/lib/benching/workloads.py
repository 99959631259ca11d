"""The workloads, as a table: a new one is a function that makes its requests and a line in `WORKLOADS`.

All policies are on while a workload is measured, rate limits included. They are met honestly, not raised: the load is
spread over so many callers that nobody exceeds the document's own quota within one run, and every run begins with a
fresh server, whose limits are full again. Callers without an account are told apart by address, as a proxy that the
server trusts tells it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from urllib.parse import urlencode

from benching.load import KEY
from benching.seeding import PASSWORD

# The document allows an address 3,000 reads of the catalogue a minute: with so many addresses a run of a minute may
# see 200,000 requests a second, more than the generator's core can send.
ADDRESSES = 4000
BEHIND_PROXY = {"TRUSTED_PROXIES": "127.0.0.1/32"}
FRESH = {"CACHE": "off"}

# What a commit takes on a disk that has no cache which outlives a power cut: a few milliseconds.
SLOW_MS = 5


@dataclass(frozen=True)
class Account:
    """A seeded caller with the ids of some of their orders, and a live access token once signed in."""

    number: int
    username: str
    token: str = ""
    orders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """What requests are made of: callers, the products' ids with their entity tags, queries of the list, and the ids of
    products of which there are more than anybody will buy. `key` verifies the callers' tokens: the `x` of a JWK."""

    accounts: list[Account] = field(default_factory=list)
    products: list[tuple[str, str]] = field(default_factory=list)
    queries: list[dict] = field(default_factory=list)
    plenty: list[str] = field(default_factory=list)
    key: str = ""


@dataclass(frozen=True)
class Workload:
    """One line of the table.

    `requests` makes the raw HTTP requests that the generator goes round; `floor` names what the server is compared
    with: `hyper` (a constant answer of the same size), `axum` (the hand-written rival on the same queries) or `argon2`
    (the hash alone). `measure` says what is compared: the CPU time per request, of which `aim` is the most that the
    project asks of itself, or requests per second, of which it is the least; both as multiples of the floor's. `settings`
    are SHOPKEEPER_* names of the measured server. `kept` says whether answers come from the server's cache, which is
    verified where it is not None. Each run of one that `writes` has a copy of the shop to itself, whose disk takes at
    least `sync_ms` for each sync.
    """

    name: str
    summary: str
    requests: Callable[[Scene], list[bytes]]
    connections: tuple[int, ...]
    floor: str
    aim: float
    settings: dict[str, str] = field(default_factory=dict)
    status: int = 200
    kept: bool | None = None
    measure: str = "cpu"
    signed_in: bool = False
    writes: bool = False
    sync_ms: int = 0


def raw_request(method, path, body=None, **headers):
    """One HTTP/1.1 request as bytes; header names are written with `_` for `-`."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: shopkeeper-bench", "Accept: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    content = b""
    if body is not None:
        content = json.dumps(body).encode()
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


def own_account(scene):
    """Everybody reads their own account by bearer token."""
    return [raw_request("GET", "/api/v1/users/me", Authorization=f"Bearer {account.token}")
            for account in scene.accounts]


def own_order(scene):
    """Everybody reads orders of their own by bearer token."""
    return [raw_request("GET", f"/api/v1/orders/{order}", Authorization=f"Bearer {account.token}")
            for account in scene.accounts for order in account.orders]


def place(scene):
    """Everybody orders two products by bearer token, each time under a key that was never used."""
    count = len(scene.plenty)
    pairs = [sorted((scene.plenty[turn % count], scene.plenty[(turn + 1 + turn // count) % count]))
             for turn in range(max(count, len(scene.accounts)))]
    return [
        raw_request("POST", "/api/v1/orders", {"items": [{"product_id": product, "quantity": 1} for product in pair]},
                    Authorization=f"Bearer {account.token}", Idempotency_Key=KEY)
        for account, pair in zip(cycle(scene.accounts), pairs)
    ]


def login(scene):
    """Everybody signs in, each from an address of their own."""
    return [
        raw_request("POST", "/api/v1/auth/login", {"username": account.username, "password": PASSWORD},
                    X_Forwarded_For=address(account.number))
        for account in scene.accounts
    ]


def one_product(scene):
    """Anybody reads a product."""
    return from_everywhere([(product_path(product), {}) for product, _ in scene.products])


def product_new(scene):
    """The same, in bytes that nobody sent before: the short way of repeated bytes is closed."""
    return from_everywhere([(product_path(product), {"X_Request_Id": KEY}) for product, _ in scene.products])


def product_known(scene):
    """Anybody asks whether the product that they have is still the same."""
    return from_everywhere([(product_path(product), {"If_None_Match": tag}) for product, tag in scene.products])


def filtered_list(scene):
    """Anybody reads a page of a category's products in stock, by price, with how many there are."""
    return from_everywhere([(list_path(query), {}) for query in scene.queries])


def from_everywhere(targets):
    """A round of raw GETs for (path, headers) in which each target occurs, each request from the next address."""
    count = -(-ADDRESSES // len(targets)) * len(targets)
    return [raw_request("GET", path, X_Forwarded_For=address(number), **headers)
            for number, (path, headers) in enumerate(islice(cycle(targets), count))]


def product_path(product):
    return f"/api/v1/products/{product}"


def list_path(query):
    return f"/api/v1/products?{urlencode(query)}"


def address(number):
    """A made-up caller's address, from the block kept for benchmarks (RFC 2544); the others are too small."""
    return f"198.{18 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


BOTH = (32, 256)
WORKLOADS = [
    Workload("product", "one product", one_product, BOTH, "hyper", 1.3, BEHIND_PROXY, kept=True),
    Workload("productnew", "one product, in bytes that never came before", product_new, BOTH, "hyper", 2.0,
             BEHIND_PROXY, kept=True),
    Workload("product304", "one product, unchanged", product_known, BOTH, "hyper", 1.2, BEHIND_PROXY, 304, kept=True),
    Workload("list", "filtered, sorted page of 20 with total", filtered_list, BOTH, "hyper", 1.4, BEHIND_PROXY,
             kept=True),
    Workload("list-fresh", "the same page, computed each time", filtered_list, BOTH, "axum", 1.0, BEHIND_PROXY | FRESH,
             kept=False),
    Workload("me", "own account by bearer token", own_account, (32,), "hyper", 1.4, kept=True, signed_in=True),
    Workload("order", "own order by bearer token", own_order, (32,), "hyper", 1.4, kept=True, signed_in=True),
    Workload("place", "place an order of two products", place, (32,), "axum", 0.5, status=201, signed_in=True,
             writes=True),
    Workload("place-slow", f"the same, on a disk that takes {SLOW_MS} ms to sync", place, (32,), "axum", 5.0, status=201,
             measure="rate", signed_in=True, writes=True, sync_ms=SLOW_MS),
    Workload("login", "sign in with a password", login, (4,), "argon2", 1.05, BEHIND_PROXY),
]
