//! Looks at the database itself, behind the server's back: whether it agrees with itself, and with what was acknowledged.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Row, Transaction};
use uuid::Uuid;

use super::known::{Kind, Known, KnownOrder};

/// Each finds what must not be, and says so; nothing found is good.
const RULES: [(&str, &str); 8] = [
    (
        "stock is not what came in less what orders hold: sku, stock, came in, held",
        "SELECT sku || ', ' || stock || ', ' || came || ', ' || held FROM (SELECT sku, stock, \
         (SELECT coalesce(sum(delta), 0) FROM stock_adjustments WHERE product_id = products.id) AS came, \
         (SELECT coalesce(sum(quantity), 0) FROM order_items JOIN orders ON orders.id = order_id \
          WHERE product_id = products.id AND status <> 'cancelled') AS held FROM products) WHERE stock <> came - held",
    ),
    ("less than nothing is in stock", "SELECT sku FROM products WHERE stock < 0"),
    (
        "an order has no items, or costs something else than they do",
        "SELECT hex(id) FROM orders WHERE total_amount IS NOT \
         (SELECT sum(quantity * unit_amount) FROM order_items WHERE order_id = orders.id)",
    ),
    (
        "an order is in another state than its history ends with",
        "SELECT hex(id) FROM orders WHERE status IS NOT (SELECT to_status FROM order_transitions \
         WHERE order_id = orders.id ORDER BY created_at DESC, id DESC LIMIT 1)",
    ),
    (
        "a step does not begin where the one before ended",
        "SELECT hex(order_id) FROM (SELECT order_id, from_status, lag(to_status) OVER \
         (PARTITION BY order_id ORDER BY created_at, id) AS before FROM order_transitions) WHERE from_status IS NOT before",
    ),
    (
        "an order was placed under no key, or under several",
        "SELECT orders.pieces || ' orders, ' || keys.pieces || ' keys' FROM (SELECT count(*) AS pieces FROM orders) AS orders, \
         (SELECT count(*) AS pieces FROM idempotency_records WHERE operation = 'createOrder') AS keys \
         WHERE orders.pieces <> keys.pieces",
    ),
    (
        "an order is not in the audit trail once",
        "SELECT hex(orders.id) FROM orders WHERE 1 <> (SELECT count(*) FROM audit_events \
         WHERE resource_id = orders.id AND action = 'order.placed')",
    ),
    (
        "what is to be told is not in the audit trail",
        "SELECT number FROM outbox WHERE NOT EXISTS (SELECT 1 FROM audit_events WHERE id = event_id)",
    ),
];

/// What is to be found of a kind by its id.
const FOUND: [(Kind, &str); 3] = [
    (Kind::Order, "SELECT 1 FROM orders WHERE id = ?1"),
    (Kind::Step, "SELECT 1 FROM order_transitions WHERE id = ?1"),
    (Kind::Adjustment, "SELECT 1 FROM stock_adjustments WHERE id = ?1"),
];

/// The database at one moment.
pub struct Books(Connection);

impl Books {
    pub fn open(path: &Path) -> Self {
        let books = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("a database");
        books.busy_timeout(Duration::from_secs(10)).expect("a timeout");
        books.pragma_update(None, "query_only", true).expect("a pragma");
        Self(books)
    }

    /// What is wrong while the server may be at work: rules that are broken, and what was acknowledged and is not there.
    pub fn look(&mut self, acknowledged: &[(Kind, Uuid)]) -> Vec<String> {
        let moment = self.0.transaction().expect("a moment");
        let mut violations = broken(&moment);
        for (kind, id) in acknowledged {
            let (_, sql) = FOUND.iter().find(|(of, _)| of == kind).expect("a kind that is looked for");
            let mut found = moment.prepare_cached(sql).expect("a statement");
            if !found.exists([id.as_bytes()]).expect("a look") {
                violations.push(format!("{kind:?} {id} was acknowledged and is not there"));
            }
        }
        violations
    }

    /// What is wrong now that everything was answered: as [`look`](Self::look), and whatever differs from what is known.
    pub fn compare(&mut self, known: &Known) -> Vec<String> {
        let moment = self.0.transaction().expect("a moment");
        let mut violations = broken(&moment);
        violations.extend(differing(known, orders(&moment)));
        let sql = "SELECT id, delta FROM stock_adjustments WHERE reason = 'counted'";
        let adjustments: HashMap<Uuid, i64> = rows(&moment, sql, |row| Ok((id(row, 0)?, row.get(1)?))).collect();
        let told: HashMap<Uuid, i64> = known.adjustments.iter().map(|(id, (_, delta))| (*id, *delta)).collect();
        if adjustments != told {
            violations.push(unlike("adjustments", &adjustments.into_keys().collect(), &told.into_keys().collect()));
        }
        // Cancelling by DELETE acknowledges no line of the history, and placing acknowledges the order.
        let sql = "SELECT id FROM order_transitions WHERE actor = 'staff'";
        let steps: HashSet<Uuid> = rows(&moment, sql, |row| id(row, 0)).collect();
        let told: HashSet<Uuid> = known.steps.keys().copied().collect();
        if steps != told {
            violations.push(unlike("steps", &steps, &told));
        }
        violations
    }

    /// Events that are still to be told.
    pub fn untold(&mut self) -> i64 {
        self.0.query_row("SELECT count(*) FROM outbox", [], |row| row.get(0)).expect("a number")
    }
}

fn broken(moment: &Transaction<'_>) -> Vec<String> {
    let mut violations = Vec::new();
    for (rule, sql) in RULES {
        let found: Vec<String> =
            rows(moment, sql, |row| Ok(row.get_ref(0)?.as_str().map_or_else(|_| "?".to_owned(), str::to_owned)))
                .collect();
        violations.extend(found.first().map(|first| format!("{rule}: {first} (and {} more)", found.len() - 1)));
    }
    violations
}

/// Every order as the database has it.
fn orders(moment: &Transaction<'_>) -> HashMap<Uuid, KnownOrder> {
    let order = |row: &Row<'_>| {
        let order = KnownOrder { items: BTreeMap::new(), status: row.get(1)?, note: row.get(2)? };
        Ok((id(row, 0)?, order))
    };
    let mut orders: HashMap<Uuid, KnownOrder> = rows(moment, "SELECT id, status, note FROM orders", order).collect();
    let item = |row: &Row<'_>| Ok((id(row, 0)?, id(row, 1)?, id(row, 2)?, row.get(3)?));
    for (order, item, product, pieces) in
        rows(moment, "SELECT order_id, id, product_id, quantity FROM order_items", item)
    {
        if let Some(order) = orders.get_mut(&order) {
            order.items.insert(item, (product, pieces));
        }
    }
    orders
}

fn differing(known: &Known, mut orders: HashMap<Uuid, KnownOrder>) -> Vec<String> {
    let mut violations = Vec::new();
    for (id, told) in &known.orders {
        let Some(found) = orders.remove(id) else {
            violations.push(format!("order {id} was acknowledged and is not there"));
            continue;
        };
        let swept = told.status == "pending" && found.status == "cancelled";
        if found != *told && !(swept && found == KnownOrder { status: found.status.clone(), ..told.clone() }) {
            violations.push(format!("order {id} was acknowledged as {told:?} and is {found:?}"));
        }
    }
    violations.extend(orders.keys().map(|id| format!("order {id} is there and was never acknowledged")));
    violations
}

fn unlike(what: &str, there: &HashSet<Uuid>, told: &HashSet<Uuid>) -> String {
    let (missing, made_up) = (told.difference(there).count(), there.difference(told).count());
    format!("{what}: {missing} were acknowledged and are not there, {made_up} are there and were never acknowledged")
}

fn rows<T>(
    moment: &Transaction<'_>,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> impl Iterator<Item = T> {
    let mut statement = moment.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let found: rusqlite::Result<Vec<T>> = statement.query_map([], read).expect("rows").collect();
    found.unwrap_or_else(|error| panic!("{sql}: {error}")).into_iter()
}

fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(column)?))
}
