"""The scenario of ../scenario.md with the client that openapi-generator makes for Python."""

import os
import time
from contextlib import contextmanager

from shopkeeper_client import ApiClient, ApiException, Configuration
from shopkeeper_client.api import ApiKeysApi, AuthApi, CategoriesApi, OauthApi, OrdersApi, ProductsApi, UsersApi
from shopkeeper_client.models import (
    ApiKeyCreate, CategoryCreate, LoginRequest, MoneyInput, OrderCreate, OrderItemCreate, OrderStatus,
    OrderTransitionCreate, OrderUpdate, Problem, ProductCreate, ProductSort, ProductStatus, RefreshRequest, Role, Scope,
    SortOrder, UserCreate)

URL = os.environ["SHOPKEEPER_URL"]
ADMIN_PASSWORD = os.environ["SHOPKEEPER_ADMIN_PASSWORD"]
PASSWORD = "SecurePass123!"
NOWHERE = "01a1fcf7-2e04-7b20-9c3d-4e5f60718293"
PATIENCE_SECONDS = 20


def ok(step):
    print(f"ok {step}", flush=True)


def see(found, expected):
    if found != expected:
        raise AssertionError(f"expected {expected!r}, found {found!r}")


@contextmanager
def refused(status, code):
    """The call inside must be refused so; gives the typed problem, once there is one."""
    told = []
    try:
        yield told
    except ApiException as refusal:
        assert isinstance(refusal.data, Problem), f"no typed problem: {refusal}"
        see((refusal.status, refusal.data.status, refusal.data.code), (status, status, code))
        told += [refusal.data, refusal.headers]
    else:
        raise AssertionError(f"expected {status} {code}")


def client(token=None, key=None):
    keys = {"apiKey": key} if key else None
    return ApiClient(Configuration(host=URL, access_token=token, api_key=keys))


def greet():
    # docs: begin
    configuration = Configuration(host=URL)
    client = ApiClient(configuration)
    tokens = AuthApi(client).login(LoginRequest(username="ada", password="SecurePass123!"))
    configuration.access_token = tokens.access_token
    user = UsersApi(client).get_current_user()
    print(f"Hello {user.username}")
    for product in ProductsApi(client).list_products(limit=20, sort=ProductSort.ProductByPrice).data:
        print(f"{product.name}: {product.price.amount / 100} {product.price.currency}")
    # docs: end
    return tokens, user


def accounts():
    """Registers, signs in and renews; gives the token pair of `ada`."""
    anonymous = client()
    users, auth = UsersApi(anonymous), AuthApi(anonymous)
    ada = users.create_user(UserCreate(email="ada@example.com", username="ada", password=PASSWORD))
    see((ada.username, ada.email, ada.role, ada.full_name), ("ada", "ada@example.com", Role.USER, None))
    ok("register")
    with refused(409, "username_taken"):
        users.create_user(UserCreate(email="other@example.com", username="ada", password=PASSWORD))
    ok("register_twice")
    tokens, user = greet()
    see((tokens.token_type, user.id), ("Bearer", ada.id))
    ok("sign_in")
    with refused(401, "invalid_credentials"):
        auth.login(LoginRequest(username="ada", password="Wrong" + PASSWORD))
    ok("wrong_password")
    renewed = auth.refresh_session(RefreshRequest(refresh_token=tokens.refresh_token))
    assert renewed.refresh_token != tokens.refresh_token
    see(UsersApi(client(renewed.access_token)).get_current_user().id, ada.id)
    ok("refresh")
    granted = OauthApi(anonymous).issue_token(grant_type="password", username="ada", password=PASSWORD)
    see(granted.token_type, "Bearer")
    ok("oauth")
    return renewed


def catalogue(admin):
    """Makes the category and its products; gives both."""
    category = CategoriesApi(admin).create_category(CategoryCreate(name="Mugs", slug="mugs"))
    see((category.slug, category.description), ("mugs", None))
    ok("create_category")
    products = []
    for number in range(1, 6):
        price, stock = MoneyInput(amount=100 * number, currency="EUR"), 0 if number == 5 else 3
        product = ProductsApi(admin).create_product(ProductCreate(
            category_id=category.id, name=f"Mug {number}", sku=f"mug-{number}", price=price, stock=stock))
        see((product.sku, product.price.amount, product.price.currency, product.stock),
            (f"mug-{number}", 100 * number, "EUR", stock))
        products.append(product)
    ok("create_products")
    return category, products


def lists(category):
    api = ProductsApi(client())

    def ask(**options):
        page = api.list_products(category_id=category.id, sort=ProductSort.ProductByPrice, order=SortOrder.ASC,
                                 **options)
        return [product.sku for product in page.data], page.pagination

    skus, at = ask(page=2, limit=2)
    see((skus, at.page, at.total, at.has_prev, at.has_next), (["mug-3", "mug-4"], 2, 5, True, True))
    ok("list_by_page")
    skus, at = ask(offset=3, limit=2)
    see((skus, at.offset, at.total, at.has_next), (["mug-4", "mug-5"], 3, 5, False))
    ok("list_by_offset")
    walked, pages, cursor = [], 0, ""
    while cursor is not None and pages < 10:
        skus, at = ask(cursor=cursor, limit=2)
        see(at.total, None)
        walked, pages, cursor = walked + skus, pages + 1, at.next_cursor
    see((walked, pages), ([f"mug-{number}" for number in range(1, 6)], 3))
    ok("walk_cursor")
    skus, _ = ask(min_price=200, max_price=500, in_stock=True, status=ProductStatus.ProductActive, search="mug")
    see(skus, ["mug-2", "mug-3", "mug-4"])
    ok("filter")


def order_of(*items, note=None):
    items = [OrderItemCreate(product_id=product, quantity=quantity) for product, quantity in items]
    return OrderCreate(items=items) if note is None else OrderCreate(items=items, note=note)


def orders(api, products):
    """Orders, and is refused; gives the order."""
    with refused(422, "validation_failed") as told:
        api.create_order(order_of((NOWHERE, 1), (NOWHERE[:-1] + "4", 1)))
    see([(fault.var_in, fault.pointer) for fault in told[0].errors],
        [("body", "/items/0/product_id"), ("body", "/items/1/product_id")])
    ok("invalid_input")
    wanted = order_of((products[0].id, 2), note="Ring twice")
    first = api.create_order_with_http_info(wanted, idempotency_key="order-1")
    order = first.data
    see((order.status, order.total.amount, len(order.items), order.note), ("pending", 200, 1, "Ring twice"))
    assert "idempotent-replayed" not in first.headers
    ok("order")
    again = api.create_order_with_http_info(wanted, idempotency_key="order-1")
    see((again.data.id, again.headers["idempotent-replayed"]), (order.id, "true"))
    ok("order_again")
    with refused(409, "insufficient_stock") as told:
        api.create_order(order_of((products[1].id, 5), (products[4].id, 1)))
    see([(short.product_id, short.wanted, short.available) for short in told[0].items],
        [(products[1].id, 5, 3), (products[4].id, 1, 0)])
    ok("out_of_stock")
    return order


def changes(api, order):
    see(api.update_order(order.id, OrderUpdate()).note, "Ring twice")
    ok("patch_absent")
    cleared = api.update_order_with_http_info(order.id, OrderUpdate(note=None))
    see(cleared.data.note, None)
    ok("patch_null")
    try:
        api.get_order(order.id, if_none_match=cleared.headers["etag"])
        raise AssertionError("expected 304")
    except ApiException as answer:
        see(answer.status, 304)
    ok("not_modified")
    with refused(412, "precondition_failed"):
        api.update_order(order.id, OrderUpdate(note="Late"), if_match='"old"')
    ok("stale")


def workflow(api, staff, order):
    with refused(409, "invalid_transition") as told:
        api.create_order_transition(order.id, OrderTransitionCreate(to=OrderStatus.PAID))
    see(told[0].allowed, ["cancelled"])
    ok("refused_step")
    for status in OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED:
        see(staff.create_order_transition(order.id, OrderTransitionCreate(to=status)).to, status)
    seen = staff.get_order(order.id)
    see((seen.status, seen.allowed_transitions, seen.expires_at), ("delivered", ["refunded"], None))
    steps = staff.list_order_transitions(order.id, order=SortOrder.ASC).data
    see([step.var_from for step in steps], [None, "pending", "paid", "shipped"])
    ok("workflow")


def api_key(ada):
    made = ApiKeysApi(ada).create_api_key(ApiKeyCreate(name="Reader", scopes=[Scope.AccountRead]))
    with_key = UsersApi(client(key=made.secret))
    see(with_key.get_current_user().username, "ada")
    ApiKeysApi(ada).delete_api_key(made.id)
    with refused(401, "invalid_token"):
        with_key.get_current_user()
    ok("api_key")


def rate_limited():
    auth, attempt = AuthApi(client()), LoginRequest(username="nobody", password=PASSWORD)
    wait = None
    for _ in range(30):
        try:
            auth.login(attempt)
        except ApiException as refusal:
            if refusal.status == 429:
                see(refusal.data.code, "rate_limited")
                wait = int(refusal.headers["Retry-After"])
                break
            see(refusal.status, 401)
    assert wait and wait <= PATIENCE_SECONDS, f"Retry-After: {wait}"
    time.sleep(wait)
    with refused(401, "invalid_credentials"):
        auth.login(attempt)
    ok("rate_limited")


def goodbye(admin, ada, products):
    ProductsApi(admin).delete_product(products[4].id)
    with refused(404, "not_found"):
        ProductsApi(admin).get_product(products[4].id)
    ok("delete")
    AuthApi(ada).logout()
    with refused(401, "invalid_token"):
        UsersApi(ada).get_current_user()
    ok("sign_out")


def main():
    ada = client(accounts().access_token)
    admin = client(AuthApi(client()).login(LoginRequest(username="admin", password=ADMIN_PASSWORD)).access_token)
    category, products = catalogue(admin)
    lists(category)
    order = orders(OrdersApi(ada), products)
    changes(OrdersApi(ada), order)
    workflow(OrdersApi(ada), OrdersApi(admin), order)
    api_key(ada)
    rate_limited()
    goodbye(admin, ada, products)


if __name__ == "__main__":
    main()
