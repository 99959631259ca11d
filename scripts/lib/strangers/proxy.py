"""A server before the server, which spoils what goes through it: with it, runs are shown that they can fail."""

import http.client
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Of one connection's own, not of what is sent through it; the length is counted anew.
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


@dataclass
class Exchange:
    """A request on its way in, and its answer on its way out. A fault that sets a status on the way in answers itself."""

    method: str
    path: str
    sent: dict
    status: int = 0
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    def edit(self, change):
        """Changes the answer's JSON, if it is some."""
        if "json" in self.headers.get("content-type", ""):
            value = json.loads(self.body)
            change(value)
            self.body = json.dumps(value).encode()


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
        if not exchange.status:
            self._forward(exchange, body)
        self.fault.answer(exchange)
        self._answer(exchange)

    def _forward(self, exchange, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=30)
        connection.request(exchange.method, exchange.path, body or None, exchange.sent)
        response = connection.getresponse()
        exchange.status, exchange.body = response.status, response.read()
        exchange.headers = {name.lower(): value for name, value in response.getheaders() if name.lower() not in HOP}
        connection.close()

    def _answer(self, exchange):
        self.send_response_only(exchange.status)
        for name, value in exchange.headers.items():
            self.send_header(name, value)
        headless = exchange.method == "HEAD" or exchange.status in (204, 304)
        if not headless:
            self.send_header("content-length", str(len(exchange.body)))
        self.end_headers()
        self.wfile.write(b"" if headless else exchange.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = _pass

    def log_message(self, *_):
        pass
