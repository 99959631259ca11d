"""Faults planted between Schemathesis and a good server, by a proxy: each must be found, by the check that it is for."""

import json
import re
from dataclasses import dataclass
from typing import Callable

from strangers.proxy import without, without_header

PROBLEM = {"content-type": "application/problem+json", "x-request-id": "planted"}


@dataclass(frozen=True)
class Break:
    """`operations` and `phases` are enough to find it, by this caller; `told` is what the run then says."""

    name: str
    told: str
    operations: tuple
    caller: str = "anonymous"
    phases: str = "coverage"
    request: Callable = lambda exchange: None
    answer: Callable = lambda exchange: None


def on(method, path, act):
    """Only for requests of this method whose path, without its query, matches."""
    def spoil(exchange):
        if exchange.method == method and re.search(path, exchange.path.split("?")[0]):
            act(exchange)
    return spoil


def refuse(status, code):
    """Answers with a problem in place of the server."""
    def act(exchange):
        exchange.status, exchange.headers = status, dict(PROBLEM)
        told = {"type": f"http://127.0.0.1/problems/{code}", "title": "Planted", "status": status, "detail": "Planted.",
                "instance": exchange.path.split("?")[0], "code": code, "request_id": "planted",
                "timestamp": "2026-11-21T07:17:00Z"}
        exchange.body = json.dumps(told).encode()
    return act


def fails_on_search(exchange):
    if "search=" in exchange.path:
        refuse(500, "internal_error")(exchange)


def becomes(status, wanted=200):
    def act(exchange):
        if exchange.status == wanted:
            exchange.status = status
    return act


def as_page(exchange):
    if exchange.status == 200:
        exchange.headers["content-type"] = "text/html"


def without_query(exchange):
    exchange.path = exchange.path.split("?")[0]


def otherwise_coded(exchange):
    exchange.edit(lambda value: value.get("status", 0) >= 400 and value.update(code="out_of_tea"))


def forgets_to_delete(exchange):
    exchange.status, exchange.headers, exchange.body = 204, {"x-request-id": "planted"}, b""


class Impostor:
    """A proxy that lets who sends no token act as whoever sent one before."""

    def __init__(self):
        self.first = None

    def keep(self, exchange):
        sent = exchange.sent.get("authorization", "")
        if sent.startswith("Bearer ey"):
            self.first = sent
        elif self.first and "/users/me" in exchange.path:
            exchange.sent["authorization"] = self.first


class Owner:
    """A proxy that forgets whose orders are whose: it remembers who placed each, and asks in that name."""

    def __init__(self):
        self.placed = {}

    def lend(self, exchange):
        order = re.search(r"/orders/([0-9a-f-]{36})", exchange.path.lower())
        if order and order[1] in self.placed:
            exchange.sent["authorization"] = self.placed[order[1]]

    def remember(self, exchange):
        if exchange.method == "POST" and exchange.status == 201 and exchange.path.endswith("/orders"):
            self.placed[json.loads(exchange.body)["id"]] = exchange.sent.get("authorization", "")


def breaks():
    """Anew for each run, since some of them remember."""
    impostor, owner = Impostor(), Owner()
    return [
        Break("a search is too much for the server", "Server error", ("listProducts",), request=fails_on_search),
        Break("a status that is not listed", "Undocumented status code", ("listCategories",),
              answer=on("GET", "/categories$", becomes(202))),
        Break("a media type that is not listed", "Undocumented Content-Type", ("listCategories",),
              answer=on("GET", "/categories$", as_page)),
        Break("a promised member is missing", "Response violates schema", ("listCategories",),
              answer=on("GET", "/categories$", without("pagination"))),
        Break("a promised header is missing", "Missing required response headers", ("listCategories",),
              answer=on("GET", "/categories$", without_header("x-request-id"))),
        Break("unknown parameters are passed over", "Schema-violating request accepted", ("listCategories",),
              request=on("GET", "/categories$", without_query)),
        Break("what is valid is refused", "Schema-valid request rejected", ("listCategories",),
              request=on("GET", "/categories$", refuse(422, "validation_failed"))),
        Break("a method that nobody listed is answered", "Wrong response to undeclared method", ("listCategories",),
              request=on("TRACE", "/categories$", lambda exchange: exchange.__dict__.update(
                  status=200, headers={"content-type": "application/json", "x-request-id": "planted"}, body=b"{}"))),
        Break("who sends nothing is let in", "without authentication", ("getCurrentUser",), "user",
              request=impostor.keep),
        Break("what was deleted is still there", "Deleted resource still available",
              ("createCategory", "deleteCategory", "getCategory"), "admin", "stateful",
              request=on("DELETE", "/categories/", forgets_to_delete)),
        Break("anybody reads anybody's orders", "Others find something", ("createOrder", "getOrder"), "user",
              "coverage,fuzzing", request=owner.lend, answer=owner.remember),
        Break("a problem's code is not listed", "A problem that is not listed", ("getCategory",),
              answer=on("GET", "/categories/", otherwise_coded)),
    ]
