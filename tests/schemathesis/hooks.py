"""What Schemathesis cannot know of Shopkeeper: how callers sign in, and what the document can say in words only.

SHOPKEEPER_CALLER chooses the caller: `anonymous`, `user` or `admin`.
"""

import os
import uuid

import requests
import schemathesis
from hypothesis import strategies as st

ORIGIN = os.environ["SHOPKEEPER_ORIGIN"]
CALLER = os.environ["SHOPKEEPER_CALLER"]
ADMIN_PASSWORD = os.environ["SHOPKEEPER_ADMIN_PASSWORD"]
PASSWORD = "SecurePass123!"

# A generated password that obeys the rules: an upper-case and a lower-case letter and a digit, and nothing common.
PASSWORDS = st.from_regex(r"\A[A-Z][a-z]{3,9}[0-9]{3,9}[!-~]{2,9}\Z")
schemathesis.openapi.format("password", PASSWORDS)


class Api:
    """The few calls that make callers and their things, over one connection."""

    def __init__(self):
        self.session = requests.Session()
        self.usernames = {}

    def call(self, method, path, token=None, **body):
        """The JSON answer to one request; anything but a success stops the run, since nothing after it would count."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
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

    def account_id(self, token):
        return self.call("GET", "/users/me", token)["id"]

    def session_id(self, token):
        """A further session of the token's account."""
        further = self.sign_in(self.usernames[token], PASSWORD)
        sessions = self.call("GET", "/auth/sessions", further)["data"]
        return next(session["id"] for session in sessions if session["current"])

    def api_key_id(self, token):
        return self.call("POST", "/users/me/api-keys", token, name="made by a test", scopes=["account:read"])["id"]


API = Api()
FOUNDER = API.sign_in("admin", ADMIN_PASSWORD) if CALLER == "admin" else None
FOUNDER_ID = API.account_id(FOUNDER) if FOUNDER else None

# Public operations, and those where a client identifies itself by HTTP Basic: a bearer token is not for them.
WITHOUT_TOKEN = ["login", "refreshSession", "issueToken", "revokeToken"]


class FreshAccount:
    """Signs in as an account of its own.

    Tests end sessions, change roles and delete accounts, their own too. So the account is disposable: when its token
    is refused, Schemathesis asks for another and sends the request again.
    """

    def get(self, _case, _context):
        return API.register(CALLER, FOUNDER)

    def set(self, case, token, _context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}


if CALLER != "anonymous":
    # An admin that has taken its own role away or suspended itself is answered 403 from then on.
    register = schemathesis.auth(retry_on=[401, 403] if CALLER == "admin" else [401])
    register.skip_for(operation_id=WITHOUT_TOKEN)(FreshAccount)


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Points valid input at things that are there, and keeps it valid where the document has only words for it."""
    if FOUNDER_ID and case.method != "GET" and str(case.path_parameters.get("user_id")).lower() == FOUNDER_ID:
        case.path_parameters["user_id"] = str(uuid.uuid4())  # Without its founder the run could make no more admins.
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    choose_one_paging(case.query)
    if len(str(case.headers.get("If-Match", "x"))) % 2 == 0:
        case.headers["If-Match"] = "*"  # A drawn tag is never the present one, so half of the changes would be 412.
    token = str(case.headers.get("Authorization", "")).removeprefix("Bearer ")
    if token in API.usernames:
        if case.meta.phase.name.value != "stateful":
            name_something_real(case.path_parameters, token)
        if case.operation.definition.raw["operationId"] == "changePassword":
            know_own_password(case)


def choose_one_paging(query):
    """`page`, `offset` and `cursor` exclude each other, and only the server makes cursors but for the empty one."""
    if not isinstance(query, dict):
        return
    if query.get("cursor"):
        query["cursor"] = ""
    chosen = [name for name in ("cursor", "offset", "page") if name in query]
    for name in chosen[1:]:
        del query[name]


def name_something_real(path_parameters, token):
    """Half of the ids (the even ones, so that a case is the same when it is tried again) become existing ones."""
    makers = {"user_id": existing_account_id, "session_id": API.session_id, "api_key_id": API.api_key_id}
    for name, drawn in path_parameters.items():
        if name in makers and even(drawn):
            try:
                path_parameters[name] = makers[name](token)
            except requests.HTTPError:
                pass  # The account has meanwhile lost its name or its session: the drawn id will do.


def even(identifier):
    try:
        return uuid.UUID(identifier).int % 2 == 0
    except ValueError:
        return False


def existing_account_id(token):
    """The caller's own account; for an admin somebody else's, so that it does not work on itself alone."""
    return API.account_id(API.register("user")) if CALLER == "admin" else API.account_id(token)


def know_own_password(case):
    """Only who knows the present password may change it, and after the change it is another: a fresh caller each."""
    case.body["current_password"] = PASSWORD
    case.headers["Authorization"] = f"Bearer {API.register(CALLER, FOUNDER)}"
