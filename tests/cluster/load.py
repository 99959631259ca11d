"""Clients that buy and look without pause while something happens to the cluster, and keep books of what they were told."""

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field

PASSWORD = "Word-of-mine-Xy1"
# How long one request may go unanswered before that is a fault.
PATIENCE = 60
ATTEMPT_SECONDS = 15


@dataclass
class Books:
    """What the clients saw; `lock` guards it all."""

    orders: dict = field(default_factory=dict)
    answers: int = 0
    # (seconds since the beginning, status or the name of the failure, Retry-After, how long it took)
    refused: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    slowest: float = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def failures(self):
        return [entry[1] for entry in self.refused]


class Shopper(threading.Thread):
    """Places an order, looks at it, looks at the catalogue, and again. What is not answered is sent again under its key."""

    def __init__(self, crowd, token):
        super().__init__(daemon=True)
        self.crowd = crowd
        self.token = token
        self.connection = None

    def run(self):
        try:
            while not self.crowd.leaving.is_set():
                self.buy()
                if self.crowd.pause:
                    self.crowd.leaving.wait(self.crowd.pause)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it belongs into the books
            with self.crowd.books.lock:
                self.crowd.books.faults.append(f"{type(fault).__name__}: {fault}")

    def buy(self):
        key = str(uuid.uuid4())
        body = {"items": [{"product_id": self.crowd.product, "quantity": 1}]}
        status, order = self.insist("POST", "/api/v1/orders", body, {"Idempotency-Key": key})
        if status != 201:
            raise AssertionError(f"an order was answered with {status}: {order}")
        with self.crowd.books.lock:
            self.crowd.books.orders[key] = order["id"]
        status, seen = self.insist("GET", f"/api/v1/orders/{order['id']}")
        if status != 200 or seen["id"] != order["id"]:
            raise AssertionError(f"an order that was acknowledged is not there: {status} {seen}")
        self.insist("GET", f"/api/v1/products/{self.crowd.product}")

    def insist(self, method, path, body=None, headers=None):
        """(status, body) of the first answer that says more than to come again."""
        begin = time.monotonic()
        while True:
            status, answer, retry_after, took = self.attempt(method, path, body, headers)
            final = isinstance(status, int) and status < 500 and not self.is_underway(status, answer)
            books = self.crowd.books
            with books.lock:
                books.slowest = max(books.slowest, took)
                if final:
                    books.answers += 1
                    return status, answer
                if not self.is_underway(status, answer):
                    books.refused.append((time.monotonic() - self.crowd.begin, status, retry_after, took))
            if time.monotonic() - begin > PATIENCE:
                raise AssertionError(f"{method} {path}: no answer in {PATIENCE} s, last {status}")
            time.sleep(0.02)

    @staticmethod
    def is_underway(status, answer):
        """The same request's first attempt is not through yet."""
        return status == 409 and answer.get("code") == "idempotency_key_in_use"

    def attempt(self, method, path, body, headers):
        begin = time.monotonic()
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if body is not None:
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.crowd.port, timeout=ATTEMPT_SECONDS)
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            text = response.read()
            retry_after = response.headers.get("Retry-After")
            try:
                answer = json.loads(text) if text else {}
            except ValueError:
                answer = {"text": text[:200].decode(errors="replace")}
            return response.status, answer, retry_after, time.monotonic() - begin
        except (OSError, http.client.HTTPException) as fault:
            self.connection.close()
            self.connection = None
            return type(fault).__name__, {}, None, time.monotonic() - begin


class Crowd:
    """Shoppers at work, as a context manager: they leave, each with its last answer, at the end."""

    def __init__(self, port, product, tokens, pause=0.0):
        self.port = port
        self.product = product
        self.pause = pause
        self.books = Books()
        self.leaving = threading.Event()
        self.begin = time.monotonic()
        self.shoppers = [Shopper(self, token) for token in tokens]

    def __enter__(self):
        for shopper in self.shoppers:
            shopper.start()
        return self

    def __exit__(self, *_):
        self.leaving.set()
        for shopper in self.shoppers:
            shopper.join(PATIENCE + ATTEMPT_SECONDS)

    def now(self):
        return time.monotonic() - self.begin

    def await_orders(self, more, seconds=30):
        """Waits until so many more orders are acknowledged; how long that took."""
        begin, wanted = time.monotonic(), len(self.books.orders) + more
        while len(self.books.orders) < wanted:
            if self.books.faults:
                raise AssertionError(self.books.faults[0])
            if time.monotonic() - begin > seconds:
                raise AssertionError(f"only {len(self.books.orders)} of {wanted} orders after {seconds} s; "
                                     f"refused: {self.books.refused[-3:]}")
            time.sleep(0.01)
        return time.monotonic() - begin
