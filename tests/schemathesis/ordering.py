"""What Schemathesis cannot know of orders: which products there are to be ordered, and which steps an order can take."""

import uuid

import requests

# As many as an order can have, so that no product need stand in it twice.
PRODUCTS = 100
WITH_ITEMS = ("createOrder", "createUserOrder")


class Till:
    """Places orders for callers, of products that never run out and that no test may touch."""

    def __init__(self, api, shelf):
        self.api = api
        self.shelf = shelf
        self.shelves = []

    def products(self):
        if not self.shelves:
            category = self.shelf.category_id()
            price = {"amount": 1999, "currency": "EUR"}
            self.shelves = [
                self.shelf.call("POST", "/products", category_id=category, name="To be ordered", price=price,
                                sku=f"ORDER-{uuid.uuid4().hex}", stock=1_000_000_000)["id"]
                for _ in range(PRODUCTS)
            ]
        return self.shelves

    def order(self, token):
        """A new order of two items for the token's account."""
        items = [{"product_id": product, "quantity": 1} for product in self.products()[:2]]
        return self.api.call("POST", "/orders", token, items=items)

    def step_id(self, token, order_id):
        return self.api.call("GET", f"/orders/{order_id}/transitions", token)["data"][0]["id"]

    def allowed(self, token, order_id):
        """Where the caller can take an order; nowhere if it is not there for the caller."""
        try:
            return self.api.call("GET", f"/orders/{order_id}", token)["allowed_transitions"]
        except requests.HTTPError:
            return []

    def order_real_products(self, body, operation):
        """Drawn ids name no product: what is valid by its schema would be refused for a rule that is told in words."""
        if not isinstance(body, dict):
            return
        if operation in WITH_ITEMS and isinstance(body.get("items"), list):
            for item, product in zip(body["items"], self.products()):
                item["product_id"] = product
        if operation == "createOrderItem" and "product_id" in body:
            body["product_id"] = self.products()[uuid.UUID(str(body["product_id"])).int % PRODUCTS]

    def spare_products(self, case):
        """Nobody takes away what all orders need."""
        if case.method != "GET" and str(case.path_parameters.get("product_id")).lower() in self.shelves:
            case.path_parameters["product_id"] = str(uuid.uuid4())

    def name_real_order(self, path_parameters, token):
        """Points a path at an order of the caller, with what is below it."""
        order = self.order(token)
        path_parameters["order_id"] = order["id"]
        if "user_id" in path_parameters:
            path_parameters["user_id"] = order["user_id"]
        if "item_id" in path_parameters:
            path_parameters["item_id"] = order["items"][0]["id"]
        if "transition_id" in path_parameters:
            path_parameters["transition_id"] = self.step_id(token, order["id"])

    def take_possible_step(self, case, token):
        """Two of three steps (by the length of the drawn note) are such as the order can take, so that it gets somewhere."""
        if not isinstance(case.body, dict):
            return
        drawn = len(str(case.body.get("note")))
        allowed = self.allowed(token, case.path_parameters.get("order_id"))
        if allowed and drawn % 3:
            case.body["to"] = allowed[drawn % len(allowed)]


def make_key_its_own(case):
    """Drawn keys are often the same, and belong to the request that had them first. In a chain of requests even the same
    request is another act: what it made before may be gone by now."""
    drawn = (case.headers or {}).get("Idempotency-Key")
    if drawn is None:
        return
    act = f"{drawn} {case.formatted_path} {case.body}"
    key = uuid.uuid4() if case.meta.phase.name.value == "stateful" else uuid.uuid5(uuid.NAMESPACE_URL, act)
    case.headers["Idempotency-Key"] = f'"{key}"' if str(drawn).startswith('"') else str(key)
