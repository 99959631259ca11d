"""Faults planted between a client and a good server, by a proxy: each must end the scenario at the step it names."""

from dataclasses import dataclass
from typing import Callable

from strangers.proxy import told_otherwise, unasked, unheard, without, without_header


@dataclass(frozen=True)
class Fault:
    """`step` is where the scenario must end; `request` and `answer` spoil an exchange on its way."""

    name: str
    step: str
    request: Callable = lambda exchange: None
    answer: Callable = lambda exchange: None


def always_first_page(value):
    if "pagination" in value and "total" not in value["pagination"]:
        value["pagination"]["next_cursor"] = None


def text_for_problems(exchange):
    if exchange.status >= 400:
        exchange.headers["content-type"] = "text/html"
        exchange.body = b"<h1>Failed</h1>"


def success_for_missing(exchange):
    if exchange.status == 404:
        exchange.status = 500


FAULTS = [
    Fault("a promised member is missing", "register", answer=without("role")),
    Fault("a text is a number", "register", answer=told_otherwise("/users$", lambda user: user.update(username=5))),
    Fault("failures are HTML", "register_twice", answer=text_for_problems),
    Fault("codes of problems are missing", "register_twice", answer=without("code")),
    Fault("tokens are not heard", "sign_in", request=unheard("authorization")),
    Fault("the page is not heard", "list_by_page", request=unasked("page")),
    Fault("the total is not told", "list_by_page",
          answer=told_otherwise("[?&]page=", lambda page: page["pagination"].pop("total", None))),
    Fault("the offset is not heard", "list_by_offset", request=unasked("offset")),
    Fault("a walk ends on its first page", "walk_cursor", answer=lambda exchange: exchange.edit(always_first_page)),
    Fault("a filter is not heard", "filter", request=unasked("min_price")),
    Fault("the places of faults are missing", "invalid_input", answer=without("errors")),
    Fault("a repeat is not marked", "order_again", answer=without_header("idempotent-replayed")),
    Fault("the key is not heard", "order_again", request=unheard("idempotency-key")),
    Fault("what is short is not told", "out_of_stock",
          answer=told_otherwise("/orders$", lambda value: value.get("status") == 409 and value.pop("items", None))),
    Fault("what was cleared is still told", "patch_null",
          answer=told_otherwise("/orders/[^/]+$", lambda order: order.update(note="Ring twice"))),
    Fault("a held copy is sent again", "not_modified", request=unheard("if-none-match")),
    Fault("conditions are not heard", "stale", request=unheard("if-match")),
    Fault("allowed steps are not told", "refused_step", answer=without("allowed")),
    Fault("how long to wait is not told", "rate_limited", answer=without_header("retry-after")),
    Fault("what is gone is a failure", "delete", answer=success_for_missing),
]
