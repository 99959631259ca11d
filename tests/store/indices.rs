//! Every filter and every sort that the document declares has an index: the document is read, and `SQLite` is asked how it
//! would answer. A list, filter or sort that this file cannot map to a table fails it, so that none is forgotten.

use rusqlite::Connection;
use serde_json::Value;
use shopkeeper::store::{Location, Store, schema};

/// Lists of the caller's own things, whose paths do not say so.
const OF_THE_CALLER: [(&str, &str); 2] = [("listSessions", "user_id"), ("listApiKeys", "user_id")];

/// Lists whose path ends in another word than their table.
const TABLES: [(&str, &str); 2] = [("listOrderItems", "order_items"), ("listOrderTransitions", "order_transitions")];

/// Parameters that are neither filter nor sort.
const PAGING: [&str; 7] = ["limit", "page", "offset", "cursor", "sort", "order", "fields"];

/// Answered without any index of their own on purpose: nothing yet.
const EXCUSED: [(&str, &str); 0] = [];

/// A list operation, and where its rows are.
struct List {
    id: String,
    table: String,
    /// What every row of the list has in common.
    scope: Option<String>,
    columns: Vec<String>,
    sorts: Vec<String>,
    default_sort: String,
    filters: Vec<String>,
}

fn document() -> Value {
    serde_json::from_str(generated::DOCUMENT_JSON).expect("the document")
}

fn resolve<'d>(document: &'d Value, node: &'d Value) -> &'d Value {
    match node["$ref"].as_str() {
        Some(reference) => resolve(document, document.pointer(&reference[1..]).expect("a component")),
        None => node,
    }
}

/// The operations that take `limit`.
fn lists(document: &Value, database: &Connection) -> Vec<List> {
    let mut lists = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let Some(op) = item.get("get") else { continue };
        let given = op["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let parameters: Vec<&Value> =
            given.iter().map(|node| resolve(document, node)).filter(|node| node["in"] == "query").collect();
        if parameters.iter().any(|parameter| parameter["name"] == "limit") {
            lists.push(list(document, database, path, op, &parameters));
        }
    }
    lists
}

fn list(document: &Value, database: &Connection, path: &str, op: &Value, parameters: &[&Value]) -> List {
    let id = op["operationId"].as_str().expect("an operationId").to_owned();
    let segments: Vec<&str> = path.split('/').collect();
    let named = TABLES.iter().find(|(name, _)| *name == id).map(|(_, table)| (*table).to_owned());
    let table = named.unwrap_or_else(|| segments.last().expect("a segment").replace('-', "_"));
    let columns = texts(database, &format!("SELECT name FROM pragma_table_info('{table}')"));
    assert!(!columns.is_empty(), "{id}: there is no table {table}: say in {} where its rows are", file!());
    let of_caller = OF_THE_CALLER.iter().find(|(name, _)| *name == id).map(|(_, column)| (*column).to_owned());
    let of_parent = segments.iter().rev().find_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let scope = of_caller.or_else(|| of_parent.map(str::to_owned));
    if let Some(column) = &scope {
        assert!(columns.contains(column), "{id}: {table} has no column {column}");
    }
    let names: Vec<&str> = parameters.iter().filter_map(|parameter| parameter["name"].as_str()).collect();
    let sort = parameters.iter().find(|parameter| parameter["name"] == "sort");
    let sorts: Vec<String> = sort.map_or_else(Vec::new, |sort| {
        let values = resolve(document, &sort["schema"])["enum"].as_array().expect("sorts");
        values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    });
    List {
        id,
        table,
        scope,
        columns,
        default_sort: "created_at".to_owned(),
        sorts: if sorts.is_empty() { vec!["created_at".to_owned()] } else { sorts },
        filters: names.into_iter().filter(|name| !PAGING.contains(name)).map(str::to_owned).collect(),
    }
}

impl List {
    /// The column in which something of this name is kept: its comparable form, where there is one.
    fn column(&self, name: &str) -> String {
        let forms = [format!("{name}_key"), format!("{name}_amount"), name.to_owned(), format!("{name}_at")];
        let found = forms.into_iter().find(|form| self.columns.contains(form));
        found.unwrap_or_else(|| {
            panic!("{}: {} has no column for {name}: say in {} what it is", self.id, self.table, file!())
        })
    }

    /// Whether a sort or filter of this name asks for this column.
    fn rests_on(&self, name: &str, column: &str) -> bool {
        let stem = name.strip_suffix("_after").or(name.strip_suffix("_before")).unwrap_or(name);
        let bounded = name.starts_with("min_") || name.starts_with("max_") || name == "in_stock";
        !bounded && self.column(stem) == column
    }

    /// A filter as a condition, and whether its rows have one value in common, so that they can be sorted by age as they are.
    fn condition(&self, filter: &str) -> Vec<(String, bool)> {
        if filter == "search" {
            let index = format!("{}_search", self.table);
            return vec![(format!("number IN (SELECT rowid FROM {index} WHERE {index} MATCH 'abc')"), false)];
        }
        if filter == "in_stock" {
            return vec![("stock > 0".to_owned(), true), ("stock = 0".to_owned(), true)];
        }
        let mut bounds = [("min_", ">="), ("max_", "<=")].into_iter();
        let bound = bounds.find_map(|(start, sign)| Some((filter.strip_prefix(start)?, sign)));
        let mut moments = [("_after", ">"), ("_before", "<")].into_iter();
        let moment = moments.find_map(|(end, sign)| Some((filter.strip_suffix(end)?, sign)));
        match bound.or(moment) {
            Some((name, sign)) => vec![(format!("{} {sign} 7", self.column(name)), false)],
            None => vec![(format!("{} = 'x'", self.column(filter)), true)],
        }
    }

    /// How the rows would be found that meet these conditions.
    fn plan(&self, database: &Connection, conditions: &[&str], order: &str) -> String {
        let mut all: Vec<String> = conditions.iter().map(|condition| (*condition).to_owned()).collect();
        if self.columns.iter().any(|column| column == "deleted_at") {
            all.push("deleted_at IS NULL".to_owned());
        }
        let filter = if all.is_empty() { String::new() } else { format!("WHERE {}", all.join(" AND ")) };
        let query = format!("EXPLAIN QUERY PLAN SELECT * FROM {} {filter} {order} LIMIT 20", self.table);
        let mut statement = database.prepare(&query).unwrap_or_else(|error| panic!("{}: {query}: {error}", self.id));
        let details = statement.query_map([], |row| row.get::<_, String>(3)).expect("a plan");
        details.map(|detail| detail.expect("a detail")).collect::<Vec<_>>().join("; ")
    }
}

fn texts(database: &Connection, query: &str) -> Vec<String> {
    let mut statement = database.prepare(query).expect("a query");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a text")).collect()
}

/// Nothing is sorted: an index, or a table that is kept in the order of its key, has the rows in order.
fn walks(plan: &str) -> bool {
    !plan.contains("TEMP B-TREE")
}

/// The columns by which the table itself is sorted, which no index can be dropped for.
fn own_order(database: &Connection, table: &str) -> Vec<String> {
    let query = format!(
        "SELECT info.name FROM pragma_index_list('{table}') AS list, pragma_index_info(list.name) AS info \
         WHERE list.origin = 'pk' AND (SELECT wr FROM pragma_table_list WHERE name = '{table}') = 1"
    );
    texts(database, &query)
}

/// What is wrong with how a list would be answered.
fn faults(list: &List, database: &Connection) -> Vec<String> {
    let mut faults = Vec::new();
    let scope = list.scope.as_ref().map(|column| format!("{column} = x'00'"));
    for sort in &list.sorts {
        let column = list.column(sort);
        for direction in ["ASC", "DESC"] {
            let order = format!("ORDER BY {column} {direction}, id {direction}");
            let plan = list.plan(database, &scope.iter().map(String::as_str).collect::<Vec<_>>(), &order);
            if !walks(&plan) {
                faults.push(format!("{}: no index sorts by {sort} {direction}: {plan}", list.id));
            }
        }
    }
    for filter in &list.filters {
        for (condition, is_one_value) in list.condition(filter) {
            let found = list.plan(database, &[&condition], "");
            let whole = format!("SCAN {}", list.table);
            if found.split("; ").any(|step| step == whole) {
                faults.push(format!("{}: no index finds by {filter}: {found}", list.id));
            }
            let age = format!("ORDER BY {} DESC, id DESC", list.default_sort);
            let sorted = list.plan(database, &[&condition], &age);
            if is_one_value && !is_unique(list, database, filter) && !walks(&sorted) {
                faults.push(format!("{}: what {filter} finds has to be sorted: {sorted}", list.id));
            }
        }
    }
    faults
}

/// At most one row has a value: there is nothing to sort.
fn is_unique(list: &List, database: &Connection, filter: &str) -> bool {
    let Some(column) = list.columns.iter().find(|column| *column == filter || **column == format!("{filter}_key"))
    else {
        return false;
    };
    let query = format!(
        "SELECT name FROM pragma_index_list('{}') AS list WHERE \"unique\" AND \
         (SELECT group_concat(name) FROM pragma_index_info(list.name)) = '{column}'",
        list.table
    );
    !texts(database, &query).is_empty()
}

async fn migrated() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.db");
    let store = Store::open(&Location::Sqlite(path.clone()), crate::scopes()).await.expect("a database");
    schema::up(&store).await.expect("migrations");
    store.close().await.expect("closed");
    (folder, Connection::open(path).expect("the database"))
}

#[tokio::test]
async fn every_declared_filter_and_sort_has_an_index() {
    let (_folder, database) = migrated().await;
    let document = document();
    let lists = lists(&document, &database);
    assert!(lists.len() >= 7, "{}", lists.len());
    let mut faults: Vec<String> = lists.iter().flat_map(|list| faults(list, &database)).collect();
    faults.retain(|fault| !EXCUSED.iter().any(|(id, what)| fault.starts_with(id) && fault.contains(what)));
    assert!(faults.is_empty(), "{faults:#?}");
}

#[tokio::test]
async fn without_its_indices_every_filter_and_sort_is_named() {
    let (_folder, database) = migrated().await;
    let indices = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
    for index in texts(&database, indices) {
        database.execute_batch(&format!("DROP INDEX {index}")).expect("a drop");
    }
    let document = document();
    for list in lists(&document, &database) {
        let faults = faults(&list, &database);
        let kept = own_order(&database, &list.table);
        let rests_on_an_index = |name: &&String| *name != "search" && !kept.iter().any(|own| list.rests_on(name, own));
        for name in list.sorts.iter().chain(&list.filters).filter(rests_on_an_index) {
            let named = faults.iter().any(|fault| fault.contains(&format!("by {name}")));
            assert!(named, "{}: {name} is not missed: {faults:#?}", list.id);
        }
    }
}
