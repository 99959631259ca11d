"""Faults planted between a client and a good server, by a proxy: each must end the scenario at the step it names."""

import http.client
import json
import re
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable

# Of one connection's own, not of what is sent through it; the length is counted anew.
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


@dataclass
class Exchange:
    """A request on its way in, and its answer on its way out."""

    method: str
    path: str
    sent: dict
    status: int = 0
    headers: dict = None
    body: bytes = b""

    def edit(self, change):
        """Changes the answer's JSON, if it is some."""
        if "json" in self.headers.get("content-type", ""):
            value = json.loads(self.body)
            change(value)
            self.body = json.dumps(value).encode()


@dataclass(frozen=True)
class Fault:
    """`step` is where the scenario must end; `request` and `answer` spoil an exchange on its way."""

    name: str
    step: str
    request: Callable = lambda exchange: None
    answer: Callable = lambda exchange: None


def without(member):
    return lambda exchange: exchange.edit(lambda value: value.pop(member, None))


def without_header(name):
    return lambda exchange: exchange.headers.pop(name, None)


def unheard(name):
    return lambda exchange: exchange.sent.pop(name, None)


def unasked(parameter):
    def strip(exchange):
        exchange.path = re.sub(rf"(?<=[?&]){parameter}=[^&]*&?", "", exchange.path)
    return strip


def told_otherwise(path, change):
    """Changes the answers of paths that match."""
    return lambda exchange: re.search(path, exchange.path) and exchange.edit(change)


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


class Proxy:
    """A server before the server, which spoils what goes through it. A context manager."""

    def __init__(self, port, fault):
        handler = type("Handler", (_Handler,), {"upstream": port, "fault": fault})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    upstream = None
    fault = None

    def _pass(self):
        sent = {name.lower(): value for name, value in self.headers.items() if name.lower() not in HOP}
        exchange = Exchange(self.command, self.path, sent)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.fault.request(exchange)
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=30)
        connection.request(exchange.method, exchange.path, body or None, exchange.sent)
        response = connection.getresponse()
        exchange.status, exchange.body = response.status, response.read()
        exchange.headers = {name.lower(): value for name, value in response.getheaders() if name.lower() not in HOP}
        connection.close()
        self.fault.answer(exchange)
        self.send_response_only(exchange.status)
        for name, value in exchange.headers.items():
            self.send_header(name, value)
        if exchange.status not in (204, 304):
            self.send_header("content-length", str(len(exchange.body)))
        self.end_headers()
        self.wfile.write(exchange.body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass

    def log_message(self, *_):
        pass
