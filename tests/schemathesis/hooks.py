"""What Schemathesis cannot know of Shopkeeper: how callers sign in, and what the document can say in words only.

SHOPKEEPER_CALLER chooses the caller: `anonymous`, `user` or `admin`. SHOPKEEPER_NOTES is a folder for what was answered and
for how many cases each operation had.
"""

import atexit
import json
import os
import uuid
from collections import Counter
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests
import schemathesis
from hypothesis import strategies as st
from ordering import WITH_ITEMS, Till, make_key_its_own
from peers import Peer
from references import resolved
from strangers import seen

ORIGIN = os.environ["SHOPKEEPER_ORIGIN"]
CALLER = os.environ["SHOPKEEPER_CALLER"]
ADMIN_PASSWORD = os.environ["SHOPKEEPER_ADMIN_PASSWORD"]
PASSWORD = "SecurePass123!"
LONGEST_VALUE = 2000  # More than any parameter may have, and several of them still fit into a request's target.

# A generated password that obeys the rules: an upper-case and a lower-case letter and a digit, and nothing common.
PASSWORDS = st.from_regex(r"\A[A-Z][a-z]{3,9}[0-9]{3,9}[!-~]{2,9}\Z")
schemathesis.openapi.format("password", PASSWORDS)

# Names of languages, by their form.
LANGUAGES = st.from_regex(r"\A[a-z]{2,8}\Z")


class Api:
    """The few calls that make callers and their things, over one connection."""

    def __init__(self):
        self.session = requests.Session()
        self.usernames = {}
        self.token = None

    def call(self, method, path, token=None, key=None, **body):
        """The JSON answer to one request; anything but a success stops the run, since nothing after it would count."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key:
            headers["X-API-Key"] = key
        answer = self.session.request(method, f"{ORIGIN}/api/v1{path}", headers=headers, json=body or None)
        answer.raise_for_status()
        return answer.json()

    def sign_in(self, username, password):
        token = self.call("POST", "/auth/login", username=username, password=password)["access_token"]
        self.usernames[token] = username
        return token

    def register(self, role, founder=None):
        """The access token of a fresh account."""
        username = f"caller_{uuid.uuid4().hex[:20]}"
        role_wanted = {} if role == "user" else {"role": role}
        self.call("POST", "/users", founder, username=username, email=f"{username}@example.com", password=PASSWORD,
                  **role_wanted)
        return self.sign_in(username, PASSWORD)

    def live_token(self):
        """The token of an account that is still what the caller shall be.

        Tests end sessions, change roles and delete accounts, their own too: the account is disposable.
        """
        if self.token is None or self.role(self.token) != CALLER:
            self.token = self.register(CALLER, FOUNDER)
        return self.token

    def role(self, token):
        """The role that a token's account has at this moment, or None when it may not act any more."""
        try:
            return self.call("GET", "/users/me", token)["role"]
        except requests.HTTPError:
            return None

    def account_id(self, token):
        return self.call("GET", "/users/me", token)["id"]

    def session_id(self, token):
        """A further session of the token's account."""
        further = self.sign_in(self.usernames[token], PASSWORD)
        sessions = self.call("GET", "/auth/sessions", further)["data"]
        return next(session["id"] for session in sessions if session["current"])

    def api_key_id(self, token):
        return self.call("POST", "/users/me/api-keys", token, name="made by a test", scopes=["account:read"])["id"]


class Catalogue:
    """Puts things on the shelf, whoever the caller is, so that there is something to read. Its key outlives tokens."""

    def __init__(self, api, keeper):
        self.api = api
        self.key = api.call("POST", "/users/me/api-keys", keeper, name="shelf", scopes=["catalog:write"])["secret"]

    def call(self, method, path, **body):
        return self.api.call(method, path, key=self.key, **body)

    def category_id(self):
        return self.call("POST", "/categories", name="Made by a test", slug=f"made-{uuid.uuid4().hex}")["id"]

    def product_id(self):
        price = {"amount": 1999, "currency": "EUR"}
        return self.call("POST", "/products", category_id=self.category_id(), name="Made by a test", price=price,
                         sku=f"MADE-{uuid.uuid4().hex}", stock=10)["id"]

    def adjustment_id(self, product_id):
        """The entry with which a product's ledger began."""
        return self.call("GET", f"/products/{product_id}/stock-adjustments")["data"][0]["id"]


API = Api()
KEEPER = API.sign_in("admin", ADMIN_PASSWORD)
SHELF = Catalogue(API, KEEPER)
TILL = Till(API, SHELF)
PEER = Peer(API)
FOUNDER = KEEPER if CALLER == "admin" else None
FOUNDER_ID = API.account_id(FOUNDER) if FOUNDER else None
DOCUMENT = requests.get(f"{ORIGIN}/openapi.json", timeout=10).json()

# The first words of what our own checks say.
OTHERS_FIND_SOMETHING = "Others find something"
UNLISTED_PROBLEM = "A problem that is not listed"
CASES = Counter()
NOTES = set()

# Public operations, and those where a client identifies itself by HTTP Basic: a bearer token is not for them.
WITHOUT_TOKEN = ["login", "refreshSession", "issueToken", "revokeToken"]


class OwnAccount:
    """Signs the caller in as an account of its own."""

    def get(self, _case, _context):
        return API.live_token()

    def set(self, case, token, _context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}


if CALLER != "anonymous":
    # Without asking again after a 401: before_call sees to it that a token is good when it is sent, whereas Schemathesis
    # gives up on an operation for good once it was refused twice, which is what tests without credentials want.
    register = schemathesis.auth(refresh_interval=None)
    register.skip_for(operation_id=WITHOUT_TOKEN)(OwnAccount)


atexit.register(lambda: write_notes())


@schemathesis.hook
def flatmap_headers(context, headers):
    """What takes nothing is one request to Schemathesis, sent once. A header that makes no difference makes it many."""
    operation = context.operation.definition.raw
    if operation.get("parameters") or "requestBody" in operation:
        return st.just(headers)
    return st.builds(lambda language: {**(headers or {}), "Accept-Language": language}, LANGUAGES)


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Points valid input at things that are there, and keeps it valid where the document has only words for it."""
    if FOUNDER_ID and case.method != "GET" and str(case.path_parameters.get("user_id")).lower() == FOUNDER_ID:
        case.path_parameters["user_id"] = str(uuid.uuid4())  # Without its founder the run could make no more admins.
    TILL.spare_products(case)
    token = sent_token(case)
    if token:
        case.headers["Authorization"] = f"Bearer {API.live_token()}"
    keep_uri_short(case.query)
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    choose_one_paging(case.query)
    operation = case.operation.definition.raw
    choose_real_fields(case.query, operation)
    keep_catalogue_sound(case.body, operation["operationId"])
    TILL.order_real_products(case.body, operation["operationId"])
    if case.meta.phase.name.value != "stateful":
        name_something_on_the_shelf(case.path_parameters)
    else:
        make_it_unique(case.body)
        leave_room_for_more(case.body)
    if len(str(case.headers.get("If-Match", "x"))) % 2 == 0:
        case.headers["If-Match"] = "*"  # A drawn tag is never the present one: all changes would be 412.
    if token:
        if case.meta.phase.name.value != "stateful":
            name_something_real(case.path_parameters, API.token)
        elif TILL.is_made_up(case.path_parameters.get("order_id")):
            TILL.name_real_order(case.path_parameters, API.token)  # Drawn, and not where a link leads.
        if operation["operationId"] == "createOrderTransition":
            TILL.take_possible_step(case, API.token)
        if operation["operationId"] == "changePassword":
            know_own_password(case)
        if operation["operationId"] == "createApiKey" and isinstance(case.body.get("expires_at"), str):
            case.body["expires_at"] = "2099-12-31T23:59:59Z"  # Valid times are mostly past, and a key must not be.
    make_key_its_own(case)
    if CALLER == "user" and token and "x-owner" in operation:
        PEER.try_first(case, ORIGIN)


@schemathesis.hook
def after_call(_context, case, response):
    """Remembers the orders that there are, counts the case, notes the answer."""
    if case.operation.definition.raw["operationId"] in WITH_ITEMS and response.status_code == 201:
        TILL.placed.add(response.json()["id"])
    CASES[case.operation.definition.raw["operationId"]] += 1
    note(response)


def note(response):
    """As tests/support/seen.rs does for the Rust tests. What was answered is the matter of the path that was asked for, which
    drawn values may have made another's."""
    method, path = response.request.method, urlsplit(response.request.url).path
    operation = path.startswith("/api/v1/") and seen.operation_of(DOCUMENT, method, path.removeprefix("/api/v1"))
    if operation:
        media_type = (response.headers.get("content-type") or [None])[0]
        code = problem_code(response)
        NOTES.add(json.dumps({"operation": operation, "method": method, "status": response.status_code, "code": code,
                              "media_type": media_type}))


def problem_code(response):
    """The code of a problem; None where there is none."""
    if response.status_code < 400 or not response.content:
        return None
    try:
        return response.json().get("code")
    except (ValueError, AttributeError):
        return None


def write_notes():
    """At the end of the run."""
    folder = os.environ.get("SHOPKEEPER_NOTES")
    if folder:
        Path(folder, "seen.jsonl").write_text("".join(f"{line}\n" for line in sorted(NOTES)))
        Path(folder, "cases.json").write_text(json.dumps(CASES))


@schemathesis.check
def others_find_nothing(_context, response, case):
    """Requests for what has an owner, sent by somebody else as well."""
    wrong = PEER.verdict(case, response.status_code)
    assert wrong is None, f"{OTHERS_FIND_SOMETHING}: {wrong}"


@schemathesis.check
def problems_are_listed(_context, response, case):
    """The code of a problem is among those that the operation lists for the status."""
    if case.method.upper() != case.operation.method.upper():
        return
    listed = case.operation.definition.raw["responses"].get(str(response.status_code))
    if response.status_code >= 400 and listed:
        code = problem_code(response)
        codes = resolved(DOCUMENT, listed).get("x-codes", [])
        assert case.method.upper() == "HEAD" or code in codes, f"{UNLISTED_PROBLEM}: {code} is none of {codes}"


def sent_token(case):
    """The token with which OwnAccount signed the case; None where a test took it away or spoilt it."""
    token = str((case.headers or {}).get("Authorization", "")).removeprefix("Bearer ")
    return token if token in API.usernames else None


def keep_uri_short(query):
    """The HTTP layer refuses long targets (414) before any operation is looked for: too long a value stays too long."""
    for name, value in list((query or {}).items()):
        if isinstance(value, str) and len(quote(value)) > LONGEST_VALUE:
            query[name] = "x" * LONGEST_VALUE


def choose_one_paging(query):
    """`page`, `offset` and `cursor` exclude each other, and only the server makes cursors but for the empty one."""
    if not isinstance(query, dict):
        return
    if query.get("cursor"):
        query["cursor"] = ""
    chosen = [name for name in ("cursor", "offset", "page") if name in query]
    for name in chosen[1:]:
        del query[name]


def choose_real_fields(query, operation):
    """`fields` takes names of the answer's members, which differ by operation; its schema is just a text's."""
    if not isinstance(query, dict) or not isinstance(query.get("fields"), str):
        return
    schema = resolved(DOCUMENT, operation["responses"]["200"])["content"]["application/json"]["schema"]
    members = resolved(DOCUMENT, schema)["properties"]
    if "pagination" in members:
        entries = resolved(DOCUMENT, members["data"])["items"]
        members = resolved(DOCUMENT, entries)["properties"]
    names = sorted(members)
    # As many as the drawn text is long, so that a case is the same when it is tried again.
    query["fields"] = ",".join(names[:len(query["fields"]) % len(names) + 1])


def keep_catalogue_sound(body, operation):
    """What is valid by its schema and still no product or adjustment: those rules are told in words."""
    if not isinstance(body, dict):
        return
    if operation in ("createProduct", "replaceProduct", "updateProduct") and "category_id" in body:
        body["category_id"] = SHELF.category_id()
    if operation == "createStockAdjustment" and isinstance(body.get("delta"), int):
        body["delta"] = min(body["delta"], 1000) or 1  # Nought adjusts nothing, and no stock exceeds its maximum.


def make_it_unique(body):
    """A chain of requests that is tried again must go as before: what may be there once would be taken by then, and
    Schemathesis gives the phase up when it meets two different pasts."""
    unique = uuid.uuid4().hex[:20]
    names = {"username": f"made_{unique}", "email": f"{unique}@example.com", "slug": f"made-{unique}",
             "sku": f"MADE-{unique}"}
    if isinstance(body, dict):
        body.update({name: value for name, value in names.items() if isinstance(body.get(name), str)})


def leave_room_for_more(body):
    """What is added in later steps fits into a stock that is not full to its maximum."""
    if isinstance(body, dict) and isinstance(body.get("stock"), int):
        body["stock"] = min(body["stock"], 900_000_000)


def name_something_on_the_shelf(path_parameters):
    """Half of the ids of categories and products (the even ones) become existing ones."""
    if even(path_parameters.get("category_id")):
        path_parameters["category_id"] = SHELF.category_id()
    if even(path_parameters.get("product_id")):
        path_parameters["product_id"] = SHELF.product_id()
        if "adjustment_id" in path_parameters:
            path_parameters["adjustment_id"] = SHELF.adjustment_id(path_parameters["product_id"])


def name_something_real(path_parameters, token):
    """Half of the ids (the even ones, so that a case is the same when it is tried again) become existing ones."""
    makers = {"user_id": existing_account_id, "session_id": API.session_id, "api_key_id": API.api_key_id}
    if even(path_parameters.get("order_id")):
        TILL.name_real_order(path_parameters, token)
        return
    for name, drawn in path_parameters.items():
        if name in makers and even(drawn):
            try:
                path_parameters[name] = makers[name](token)
            except requests.HTTPError:
                pass  # The account has meanwhile lost its name or its session: the drawn id will do.


def even(identifier):
    try:
        return uuid.UUID(str(identifier)).int % 2 == 0
    except ValueError:
        return False


def existing_account_id(token):
    """The caller's own account; for an admin somebody else's, so that it does not work on itself alone."""
    return API.account_id(API.register("user")) if CALLER == "admin" else API.account_id(token)


def know_own_password(case):
    """Only who knows the present password may change it, and after the change it is another: a fresh caller each."""
    case.body["current_password"] = PASSWORD
    case.headers["Authorization"] = f"Bearer {API.register(CALLER, FOUNDER)}"
