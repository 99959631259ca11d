"""Holds the database, behind the program's back, to what clients were told and to what must always be true."""

# Each finds what must not be, and says so; nothing found is good.
RULES = {
    "stock is not what came in less what orders hold": """
        SELECT sku, stock, came, held FROM (SELECT sku, stock,
            (SELECT coalesce(sum(delta), 0) FROM stock_adjustments WHERE product_id = products.id) AS came,
            (SELECT coalesce(sum(quantity), 0) FROM order_items JOIN orders ON orders.id = order_id
             WHERE product_id = products.id AND status::text <> 'cancelled') AS held
        FROM products) AS sums WHERE stock <> came - held""",
    "less than nothing is in stock": "SELECT sku FROM products WHERE stock < 0",
    "an order costs something else than its items do": """
        SELECT id FROM orders WHERE total_amount IS DISTINCT FROM
            (SELECT sum(quantity * unit_amount) FROM order_items WHERE order_id = orders.id)""",
    "an order was placed under no key, or under several": """
        SELECT placed.pieces, keys.pieces FROM (SELECT count(*) AS pieces FROM orders) AS placed,
            (SELECT count(*) AS pieces FROM idempotency_records WHERE operation = 'createOrder') AS keys
        WHERE placed.pieces <> keys.pieces""",
    "an order is not in the audit trail once": """
        SELECT orders.id FROM orders WHERE 1 <> (SELECT count(*) FROM audit_events
            WHERE resource_id = orders.id AND action = 'order.placed')""",
    "what is to be told is not in the audit trail": """
        SELECT number FROM outbox WHERE NOT EXISTS (SELECT 1 FROM audit_events WHERE id = event_id)""",
}


def audit(database, books=None):
    """Raises when a rule is broken, or an order that was acknowledged is not there."""
    broken = []
    for rule, sql in RULES.items():
        if found := database.ask(sql):
            broken.append(f"{rule}: {found[:300]}")
    if books is not None:
        broken += books.faults[:3]
        there = set(database.ask("SELECT id FROM orders").split())
        if lost := set(books.orders.values()) - there:
            broken.append(f"{len(lost)} of {len(books.orders)} acknowledged orders are lost, such as {min(lost)}")
        if len(set(books.orders.values())) != len(books.orders):
            broken.append("two keys were answered with one order")
    if broken:
        raise AssertionError("\n".join(broken))
