"""The examples of the document as requests to a server, in a shop where what they name is there."""

import base64
import json
import re
import subprocess
import tempfile
import time
import urllib.parse
from dataclasses import dataclass, field

from references import resolved
from sections import ROOT
from server import ADMIN_PASSWORD, Server, ServerFault

METHODS = ("put", "post", "patch")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
PASSWORD = "SecurePass123!"
BANNER_SECONDS = 10

# Examples that must be refused, and why: (operation, example) to the code of the problem.
REFUSED = {
    # A token of an example is made up; one that worked would be a secret.
    ("refreshSession", "RefreshRequest"): "invalid_token",
    ("issueToken", "RefreshTokenGrant"): "invalid_grant",
}


class Shop:
    """What the examples name, made when they name it: `ada`, a category, a product, an order of hers, its item."""

    def __init__(self, server, document):
        self.admin = server.client()
        self.admin.sign_in("admin", ADMIN_PASSWORD)
        parameters = document["components"]["parameters"]
        self.kinds = {parameters[name]["example"]: parameters[name]["name"] for name in parameters
                      if "example" in parameters[name]}
        self.made = {}

    def post(self, path, body, client=None):
        return (client or self.admin).call("POST", f"/api/v1{path}", body).expect(201).json()

    def id_of(self, kind):
        """The id of the thing that a path parameter of this name leads to."""
        if kind not in self.made:
            makers = {
                "user_id": self._ada,
                "category_id": lambda: self.post("/categories", {"name": "Other", "slug": "other"})["id"],
                "product_id": self._product, "order_id": self._order, "item_id": self._item,
            }
            self.made[kind] = makers[kind]()
        return self.made[kind]

    def fill(self, text):
        """A text in which the ids of examples are those of things that are there."""
        return UUID.sub(lambda match: self.id_of(self.kinds[match[0]]), text)

    def _ada(self):
        return self.post("/users", {"username": "ada", "email": "ada@example.com", "password": PASSWORD})["id"]

    def _product(self, sku="OTHER-1"):
        price = {"amount": 500, "currency": "EUR"}
        return self.post("/products", {"category_id": self.id_of("category_id"), "name": "Other", "sku": sku,
                                       "price": price, "stock": 100})["id"]

    def _order(self):
        # Of another product than the one that examples add to it.
        items = [{"product_id": self._product("OTHER-2"), "quantity": 3}]
        return self.post("/orders", {"items": items})["id"]

    def _item(self):
        items = self.admin.call("GET", f"/api/v1/orders/{self.id_of('order_id')}/items").expect(200).json()
        return items["data"][0]["id"]


@dataclass
class Request:
    """One example of one operation's body, under one media type."""

    document: dict
    path: str
    method: str
    operation: dict = field(repr=False)
    media: str
    example: str
    value: dict

    @property
    def name(self):
        return f"{self.operation['operationId']} {self.media} {self.example}"

    def run(self, binary):
        """(name, what is wrong or None)."""
        try:
            with Server(binary) as server:
                shop = Shop(server, self.document)
                return self.name, self.judge(self.send(shop, server))
        except (ServerFault, OSError, LookupError, ValueError) as fault:
            return self.name, repr(fault)

    def send(self, shop, server):
        path = re.sub(r"\{(\w+)\}", lambda match: shop.id_of(match[1]), self.path)
        headers = {"Content-Type": self.media, "Authorization": self.caller(shop, server)}
        headers = {name: value for name, value in headers.items() if value}
        if self.media == "application/x-www-form-urlencoded":
            body = urllib.parse.urlencode(self.value)
        else:
            body = shop.fill(json.dumps(self.value))
        connection = server.client().connection
        connection.request(self.method.upper(), f"/api/v1{path}", body, headers)
        return connection.getresponse()

    def caller(self, shop, server):
        """The credentials with which the example is sent."""
        if self.operation["operationId"] in ("login", "changePassword") or "PasswordGrant" in self.example:
            shop.id_of("user_id")
        if self.operation["operationId"] == "changePassword":
            ada = server.client()
            ada.sign_in("ada", PASSWORD)
            return f"Bearer {ada.token}"
        if any("clientBasic" in each for each in self.operation["security"]) and "Password" not in self.example:
            key = shop.post("/users/me/api-keys", {"name": "Client", "scopes": ["orders:read"]})
            basic = f"{key['id']}:{key['secret']}".encode()
            return "Basic " + base64.b64encode(basic).decode()
        return f"Bearer {shop.admin.token}" if self.operation["security"] else None

    def judge(self, answer):
        text = answer.read().decode()
        code = REFUSED.get((self.operation["operationId"], self.example))
        listed = self.operation["responses"].get(str(answer.status))
        if listed is None:
            return f"{answer.status} is not listed: {text[:300]}"
        if code is not None:
            problem = json.loads(text)
            return None if problem.get("code") == code else f"expected {code}, got {text[:300]}"
        if not 200 <= answer.status < 300:
            return f"{answer.status}: {text[:600]}"
        media = (answer.getheader("Content-Type") or "").partition(";")[0]
        if media != next(iter(resolved(self.document, listed).get("content", {"": None}))):
            return f"{media} is not the documented media type"
        return None


def requests(document):
    """Every example of every operation's body."""
    for path, item in document["paths"].items():
        for method in (method for method in METHODS if method in item):
            content = resolved(document, item[method].get("requestBody", {})).get("content", {})
            for media, shown in content.items():
                for example, node in shown.get("examples", {}).items():
                    value = resolved(document, node)["value"]
                    yield Request(document, path, method, item[method], media, example, value)


@dataclass
class Shell:
    """Lines for a shell, as a page of the docs or the server itself shows them."""

    name: str
    lines: str
    sees: str

    def run(self, binary):
        """(name, what is wrong or None)."""
        try:
            return self.name, self._judge(binary)
        except (ServerFault, OSError, subprocess.SubprocessError) as fault:
            return self.name, repr(fault)

    def _judge(self, binary):
        with tempfile.TemporaryDirectory(prefix="examples-") as folder, Server(binary, data=folder) as server:
            lines = adapted(self.lines or banner(server), server)
            finished = subprocess.run(["bash", "-euo", "pipefail", "-c", lines], stdin=subprocess.DEVNULL, text=True,
                                      capture_output=True, timeout=60)
        if finished.returncode != 0 or self.sees not in finished.stdout:
            return f"code {finished.returncode}, printed {finished.stdout[-300:]} {finished.stderr[-300:]}"
        return None


def adapted(lines, server):
    """Lines that a page shows, for this server: its address, and the password of its `admin`."""
    lines = re.sub(r"http://127\.0\.0\.1:\d+", server.origin, lines)
    return re.sub(r"\b(YOUR-)?PASSWORD\b", ADMIN_PASSWORD, lines)


def banner(server):
    """The lines that the server prints for whoever wants to try it; it does so a little after it is ready."""
    deadline = time.monotonic() + BANNER_SECONDS
    while time.monotonic() < deadline:
        if shown := re.search(r"^TOKEN=.*?(?=^$)", server.log.read_text(), re.DOTALL | re.MULTILINE):
            return shown[0]
        time.sleep(0.02)
    raise ServerFault(f"the server shows no call\n{server.tail()}")


def shell_samples():
    """README's first call, and the one that the server prints."""
    readme = (ROOT / "README.md").read_text()
    block = re.search(r"## A first call\n\n```sh\n(.*?)```", readme, re.DOTALL)
    yield Shell("README's first call", block[1], '"username":"admin"')
    yield Shell("the call that the server shows", "", '"username":"admin"')
