"""Drift that is planted into a migrated database on PostgreSQL, to see that each kind of it is found there.

What is told of a table is read from PostgreSQL's own catalogue, in its own words: that the wall understands those is not
proved by the tests of the wall, whose tables are SQLite's (scripts/tests/test_drift.py).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plant:
    """`sql` makes the database differ; a finding of this `rule` has to name `place`: in the document, or of a column."""

    name: str
    sql: str
    rule: str
    place: str


def _unchecked(table, words):
    """Takes away the CHECKs of a table that have these words; one that has none plants nothing, and so is not found."""
    return f"""DO $$ DECLARE it text; BEGIN
        FOR it IN SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'c'
            AND pg_get_constraintdef(oid) LIKE '%{words}%'
        LOOP EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', it); END LOOP; END $$"""


PLANTS = (
    Plant("nothing keeps names short", _unchecked("categories", "length(name)"), "length", "CategoryCreate/properties/name"),
    Plant("a longer name is kept than is taken",
          _unchecked("categories", "length(name)") + "; ALTER TABLE categories ADD CHECK (length(name) BETWEEN 1 AND 5000)",
          "length", "CategoryCreate/properties/name"),
    Plant("any word may stand there", _unchecked("orders", "status"), "length", "Order/properties/status"),
    Plant("a word more may stand there",
          _unchecked("users", "role") + "; ALTER TABLE users ADD CHECK (role IN ('user', 'moderator', 'admin', 'owner'))",
          "enum", "UserUpdate/properties/role"),
    Plant("a price may be negative", _unchecked("products", "price_amount"), "range", "Product/properties/price/amount"),
    Plant("a promised value may be NULL", "ALTER TABLE products ALTER COLUMN name DROP NOT NULL", "nullable",
          "Product/properties/name"),
    Plant("what may be cleared must be there", "ALTER TABLE orders ALTER COLUMN note SET NOT NULL", "nullable",
          "Order/properties/note"),
    Plant("what is promised once may be there twice", "DROP INDEX products_sku_key_unique", "unique",
          "#/paths/~1products/post/responses/409"),
    Plant("what is there once is not promised", "CREATE UNIQUE INDEX ON products (name)", "unique", "products (name)"),
    Plant("a moment is kept as text", "ALTER TABLE order_items ALTER COLUMN created_at TYPE text", "type",
          "OrderItem/properties/created_at"),
    Plant("an entity of another type", "ALTER TABLE outbox ALTER COLUMN event_id TYPE text", "entity", "outbox.event_id"),
    Plant("a column that nobody knows", "ALTER TABLE orders ADD COLUMN color text", "column", "orders.color"),
    Plant("a column is gone", "ALTER TABLE orders DROP COLUMN note", "column", "orders.note"),
    Plant("a table that nobody knows", "CREATE TABLE wishes (id uuid PRIMARY KEY)", "table", "wishes"),
    Plant("a table is gone", "DROP TABLE stock_adjustments CASCADE", "table", "stock_adjustments"),
)
