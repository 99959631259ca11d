"""The workloads, as a table: a new one is a function that makes its requests and a line in `WORKLOADS`.

All policies are on while a workload is measured, rate limits included. They are met honestly, not raised: the load is
spread over so many callers that nobody exceeds the document's own quota within one run, and every run begins with a
fresh server, whose limits are full again.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

PASSWORD = "SecurePass123!"


@dataclass(frozen=True)
class Account:
    """A registered caller with a live access token."""

    number: int
    username: str
    token: str


@dataclass(frozen=True)
class Workload:
    """One line of the table.

    `requests` makes the raw HTTP requests that the generator goes round; `floor` names what the server is compared
    with: `hyper` (a constant answer of the same size) or `argon2` (the hash alone). `aim` is the ratio of CPU time per
    request that the project asks of itself. `settings` are SHOPKEEPER_* names of the measured server.
    """

    name: str
    summary: str
    requests: Callable[[list[Account]], list[bytes]]
    connections: int
    floor: str
    aim: float
    settings: dict[str, str]


def raw_request(method, path, body=None, **headers):
    """One HTTP/1.1 request as bytes; header names are written with `_` for `-`."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: shopkeeper-bench", "Accept: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    content = b""
    if body is not None:
        content = json.dumps(body).encode()
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


def own_account(accounts):
    """Everybody reads their own account by bearer token."""
    return [raw_request("GET", "/api/v1/users/me", Authorization=f"Bearer {account.token}") for account in accounts]


def login(accounts):
    """Everybody signs in, each from an address of their own, as told by a proxy that the server trusts."""
    return [
        raw_request("POST", "/api/v1/auth/login", {"username": account.username, "password": PASSWORD},
                    X_Forwarded_For=address(account.number))
        for account in accounts
    ]


def address(number):
    """A made-up caller's address, from the block kept for documentation and tests (RFC 5737 is too small)."""
    return f"198.18.{number // 250}.{number % 250 + 1}"


WORKLOADS = [
    Workload("me", "own account by bearer token", own_account, connections=32, floor="hyper", aim=1.5, settings={}),
    Workload("login", "sign in with a password", login, connections=4, floor="argon2", aim=1.05,
             settings={"TRUSTED_PROXIES": "127.0.0.1/32"}),
]
