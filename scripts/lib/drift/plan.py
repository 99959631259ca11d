"""Where each thing of the document is kept: schemas and tables, members and columns. What is neither here nor kept under its
own name is a finding, and so is an excuse that nobody needs."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Elsewhere:
    """A member that has no column of its own, and why."""

    reason: str


@dataclass(frozen=True)
class Kept:
    """A resource: what is answered of it, what writes it, where it is kept.

    `columns` names a member's columns where they are called otherwise; `inner` are columns that nobody is shown, with the
    reason; `lists` are operations whose filters are about it.
    """

    table: str
    answers: tuple
    writes: tuple = ()
    columns: dict = field(default_factory=dict)
    inner: dict = field(default_factory=dict)
    lists: tuple = ()


VERSION = {"version": "is shown as the ETag"}
HASHED = Elsewhere("only its hash is kept, in password_hash")

KEPT = (
    Kept("users", ("User",), ("UserCreate", "UserReplace", "UserUpdate"), {"password": HASHED},
         VERSION | {"username_key": "username for comparing", "search_key": "what searches look through",
                    "password_hash": "never shown", "deleted_at": "the deleted are not shown",
                    "number": "the row's number in the index for searches"}, ("listUsers",)),
    Kept("api_keys", ("ApiKey", "ApiKeyCreated"), ("ApiKeyCreate",),
         {"secret": Elsewhere("only its digest is kept, in hash")},
         {"user_id": "the caller's own", "hash": "never shown"}, ("listApiKeys",)),
    Kept("sessions", ("Session",), (), {"current": Elsewhere("told by the caller's token")},
         {"user_id": "the caller's own", "api_key_id": "such sessions are not listed",
          "ended_at": "the ended are not shown", "scopes": "shown in tokens"}, ("listSessions",)),
    Kept("categories", ("Category",), ("CategoryCreate", "CategoryReplace", "CategoryUpdate"), {},
         VERSION | {"name_key": "name for comparing"}, ("listCategories",)),
    Kept("products", ("Product",), ("ProductCreate", "ProductReplace", "ProductUpdate"),
         {"price": {"amount": "price_amount", "currency": "price_currency"}},
         VERSION | {"name_key": "name for comparing", "sku_key": "sku for comparing",
                    "search_text": "what searches look through", "number": "the row's number in the index for searches"},
         ("listProducts", "listCategoryProducts")),
    Kept("stock_adjustments", ("StockAdjustment",), ("StockAdjustmentCreate",), {}, {}, ("listStockAdjustments",)),
    Kept("orders", ("Order",), ("OrderCreate", "OrderUpdate"),
         {"items": Elsewhere("rows of order_items"), "total": {"amount": "total_amount", "currency": "currency"},
          "allowed_transitions": Elsewhere("told by the status and the caller"),
          "expires_at": Elsewhere("told by created_at and the setting")},
         VERSION, ("listOrders", "listUserOrders")),
    Kept("order_items", ("OrderItem",), ("OrderItemCreate", "OrderItemReplace"),
         {"unit_price": {"amount": "unit_amount", "currency": Elsewhere("its order's")},
          "total": Elsewhere("quantity times unit_amount")},
         VERSION | {"order_id": "its order's, in the path"}, ("listOrderItems",)),
    Kept("order_transitions", ("OrderTransition",), ("OrderTransitionCreate",),
         {"from": "from_status", "to": "to_status"}, {"order_id": "its order's, in the path"},
         ("listOrderTransitions",)),
    Kept("audit_events", ("AuditEvent",), (), {}, {}, ("listAuditEvents",)),
)

# Tables of which nothing is shown.
INNER_TABLES = {
    "refresh_tokens": "what keeps sessions alive; digests only",
    "outbox": "events still to be told",
    "idempotency_records": "answers for repeats, sealed",
}

# Codes of 409 that promise that something is there once only: table and columns.
UNIQUE = {
    "email_taken": ("users", ("email",)),
    "username_taken": ("users", ("username_key",)),
    "slug_taken": ("categories", ("slug",)),
    "sku_taken": ("products", ("sku_key",)),
    "product_in_order": ("order_items", ("order_id", "product_id")),
}
# Unique columns of which no caller hears, with the reason.
UNIQUE_INNER = {
    ("users", ("number",)): "the index for searches",
    ("api_keys", ("hash",)): "chance",
    ("refresh_tokens", ("hash",)): "chance",
    ("products", ("id",)): "chance; the key is number",
}

# What may differ: (rule, place in the document without `#/components/schemas/`), with the reason.
EXCUSED = {
    ("length", "ApiKey/prefix"): "the program makes it, always of the same length",
    ("length", "ApiKeyCreated/prefix"): "the program makes it, always of the same length",
    ("length", "OrderItem/sku"): "copied from products, where the CHECK is, by the statement that takes the stock",
    ("length", "OrderItem/name"): "copied from products, where the CHECK is, by the statement that takes the stock",
    ("range", "ProductCreate/stock"): "no upper bound: what a cancelled order puts back must find room",
    ("range", "ProductReplace/stock"): "no upper bound: what a cancelled order puts back must find room",
    ("range", "ProductUpdate/stock"): "no upper bound: what a cancelled order puts back must find room",
    ("range", "StockAdjustmentCreate/delta"): "a product's replaced stock is a larger step than one that is asked for",
    ("nullable", "Session/ip"): "every request has an address: NULL is what nobody writes",
    ("generated", "SelectionPage"): "a part of a page is no model; contract/src/select.rs makes it",
}
