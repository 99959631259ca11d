//! Looks at the database itself, behind the server's back: whether it agrees with itself, and with what was acknowledged.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use tokio_postgres::{Client, SimpleQueryMessage};
use uuid::Uuid;

use super::known::{Book, Kind, Known, KnownOrder};
use crate::support::ground::Ground;

/// Each finds what must not be, and says so; nothing found is good.
const RULES: [(&str, &str); 8] = [
    (
        "stock is not what came in less what orders hold: sku, stock, came in, held",
        "SELECT sku || ', ' || stock || ', ' || came || ', ' || held FROM (SELECT sku, stock, \
         (SELECT coalesce(sum(delta), 0) FROM stock_adjustments WHERE product_id = products.id) AS came, \
         (SELECT coalesce(sum(quantity), 0) FROM order_items JOIN orders ON orders.id = order_id \
          WHERE product_id = products.id AND status <> 'cancelled') AS held FROM products) AS piles WHERE stock <> came - held",
    ),
    ("less than nothing is in stock", "SELECT sku FROM products WHERE stock < 0"),
    (
        "an order has no items, or costs something else than they do",
        "SELECT id FROM orders WHERE total_amount IS DISTINCT FROM \
         (SELECT sum(quantity * unit_amount) FROM order_items WHERE order_id = orders.id)",
    ),
    (
        "an order is in another state than its history ends with",
        "SELECT id FROM orders WHERE status IS DISTINCT FROM (SELECT to_status FROM order_transitions \
         WHERE order_id = orders.id ORDER BY created_at DESC, id DESC LIMIT 1)",
    ),
    (
        "a step does not begin where the one before ended",
        "SELECT order_id FROM (SELECT order_id, from_status, lag(to_status) OVER \
         (PARTITION BY order_id ORDER BY created_at, id) AS former FROM order_transitions) AS steps \
         WHERE from_status IS DISTINCT FROM former",
    ),
    (
        "an order was placed under no key, or under several",
        "SELECT orders.pieces || ' orders, ' || keys.pieces || ' keys' FROM (SELECT count(*) AS pieces FROM orders) AS orders, \
         (SELECT count(*) AS pieces FROM idempotency_records WHERE operation = 'createOrder') AS keys \
         WHERE orders.pieces <> keys.pieces",
    ),
    (
        "an order is not in the audit trail once",
        "SELECT orders.id FROM orders WHERE 1 <> (SELECT count(*) FROM audit_events \
         WHERE resource_id = orders.id AND action = 'order.placed')",
    ),
    (
        "what is to be told is not in the audit trail",
        "SELECT number FROM outbox WHERE NOT EXISTS (SELECT 1 FROM audit_events WHERE id = event_id)",
    ),
];

/// Where things of a kind are.
const KEPT: [(Kind, &str); 3] =
    [(Kind::Order, "orders"), (Kind::Step, "order_transitions"), (Kind::Adjustment, "stock_adjustments")];

/// The database, by a way of our own.
pub enum Books {
    File(Connection),
    Server(Client),
}

/// One row as texts, ids with their hyphens.
type Cells = Vec<Option<String>>;

impl Books {
    /// Of the database on this ground.
    pub async fn open(ground: &Ground) -> Self {
        if let Some(client) = ground.client().await {
            return Self::Server(client);
        }
        let path = ground.path().join("data/shopkeeper.db");
        let books = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("a database");
        books.busy_timeout(Duration::from_secs(10)).expect("a timeout");
        books.pragma_update(None, "query_only", true).expect("a pragma");
        Self::File(books)
    }

    /// What is wrong while the server may be at work: rules that are broken, and what was acknowledged and is not there.
    pub async fn look(&self, acknowledged: &[(Kind, Uuid)]) -> Vec<String> {
        self.begin().await;
        let mut violations = self.broken().await;
        for (kind, table) in KEPT {
            let there = self.ids(&format!("SELECT id FROM {table}")).await;
            let lost = acknowledged.iter().filter(|(of, id)| *of == kind && !there.contains(id));
            violations.extend(lost.map(|(_, id)| format!("{kind:?} {id} was acknowledged and is not there")));
        }
        self.end().await;
        violations
    }

    /// What is wrong now that everything was answered: as [`look`](Self::look), and whatever differs from what is known.
    pub async fn compare(&self, book: &Book) -> Vec<String> {
        self.begin().await;
        let mut violations = self.broken().await;
        let orders = self.orders().await;
        let adjustments = self.rows("SELECT id, delta FROM stock_adjustments WHERE reason = 'counted'").await;
        let adjustments: HashMap<Uuid, i64> =
            adjustments.iter().map(|cells| (id(cells, 0), number(cells, 1))).collect();
        // Cancelling by DELETE acknowledges no line of the history, and placing acknowledges the order.
        let steps = self.ids("SELECT id FROM order_transitions WHERE actor = 'staff'").await;
        self.end().await;
        let known = book.open();
        violations.extend(differing(&known, orders));
        let told: HashMap<Uuid, i64> = known.adjustments.iter().map(|(id, (_, delta))| (*id, *delta)).collect();
        if adjustments != told {
            violations.push(unlike("adjustments", &adjustments.into_keys().collect(), &told.into_keys().collect()));
        }
        let told: HashSet<Uuid> = known.steps.keys().copied().collect();
        if steps != told {
            violations.push(unlike("steps", &steps, &told));
        }
        violations
    }

    /// Events that are still to be told.
    pub async fn untold(&self) -> i64 {
        number(&self.rows("SELECT count(*) FROM outbox").await[0], 0)
    }

    async fn broken(&self) -> Vec<String> {
        let mut violations = Vec::new();
        for (rule, sql) in RULES {
            let found = self.rows(sql).await;
            let first = found.first().map(|cells| cells[0].clone().unwrap_or_default());
            violations.extend(first.map(|first| format!("{rule}: {first} (and {} more)", found.len() - 1)));
        }
        violations
    }

    /// Every order as the database has it.
    async fn orders(&self) -> HashMap<Uuid, KnownOrder> {
        let order = |cells: Cells| {
            let status = cells[1].clone().expect("a state");
            (id(&cells, 0), KnownOrder { items: BTreeMap::new(), status, note: cells[2].clone() })
        };
        let orders = self.rows("SELECT id, status, note FROM orders").await;
        let mut orders: HashMap<Uuid, KnownOrder> = orders.into_iter().map(order).collect();
        for cells in self.rows("SELECT order_id, id, product_id, quantity FROM order_items").await {
            if let Some(order) = orders.get_mut(&id(&cells, 0)) {
                order.items.insert(id(&cells, 1), (id(&cells, 2), number(&cells, 3)));
            }
        }
        orders
    }

    async fn ids(&self, sql: &str) -> HashSet<Uuid> {
        self.rows(sql).await.iter().map(|cells| id(cells, 0)).collect()
    }

    /// From here on everything is read as of one moment.
    async fn begin(&self) {
        match self {
            Self::File(file) => file.execute_batch("BEGIN").expect("a moment"),
            Self::Server(client) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                client.batch_execute(begin).await.expect("a moment");
            }
        }
    }

    async fn end(&self) {
        match self {
            Self::File(file) => file.execute_batch("ROLLBACK").expect("its end"),
            Self::Server(client) => client.batch_execute("ROLLBACK").await.expect("its end"),
        }
    }

    async fn rows(&self, sql: &str) -> Vec<Cells> {
        match self {
            Self::File(file) => {
                let mut statement = file.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
                let width = statement.column_count();
                let read = |row: &Row<'_>| (0..width).map(|place| row.get_ref(place).map(text)).collect();
                let found: rusqlite::Result<Vec<Cells>> = statement.query_map([], read).expect("rows").collect();
                found.unwrap_or_else(|error| panic!("{sql}: {error}"))
            }
            Self::Server(client) => {
                let told = client.simple_query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
                let rows = told.iter().filter_map(|part| match part {
                    SimpleQueryMessage::Row(row) => Some(row),
                    _ => None,
                });
                rows.map(|row| (0..row.len()).map(|place| row.get(place).map(str::to_owned)).collect()).collect()
            }
        }
    }
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Some(Uuid::from_slice(bytes).expect("an id").to_string()),
    }
}

fn id(cells: &Cells, place: usize) -> Uuid {
    cells[place].as_deref().and_then(|text| text.parse().ok()).expect("an id")
}

fn number(cells: &Cells, place: usize) -> i64 {
    cells[place].as_deref().and_then(|text| text.parse().ok()).expect("a number")
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
