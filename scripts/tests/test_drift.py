"""The wall against drift: a small shop in which all agrees, and each kind of drift planted into it."""

import copy
import sqlite3
import sys
import tempfile
import types
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from drift import pages, plan, rust, tables, wall  # noqa: E402
from drift.plan import Elsewhere, Kept  # noqa: E402

THING = "#/components/schemas/Thing"
MAKING = "#/components/schemas/ThingCreate"
SQL = """
CREATE TABLE "things" ( "id" uuid_text NOT NULL PRIMARY KEY, "name" text NOT NULL, "note" text, "status" text NOT NULL,
  "stock" integer NOT NULL, "price_amount" integer NOT NULL, "created_at" integer NOT NULL, "version" integer NOT NULL,
  CHECK (length(name) BETWEEN 1 AND 20), CHECK (note IS NULL OR length(note) <= 50), CHECK (version >= 1),
  CHECK (status IN ('new', 'old (worn)')), CHECK (stock BETWEEN 0 AND 9 AND (stock > 0 OR status = 'new')),
  CHECK ((note IS NULL) = (status = 'new')), CHECK (price_amount >= 0) );
CREATE UNIQUE INDEX "things_name" ON "things" ("name");
CREATE TABLE secrets (id uuid_text NOT NULL PRIMARY KEY, hash blob NOT NULL UNIQUE);
"""
TEXT = {"type": "string"}
DOCUMENT = {
    "x-problems": {"name_taken": {"status": 409}},
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings", "responses": {"200": {}},
                "parameters": [{"name": "status", "in": "query", "schema": {"$ref": "#/components/schemas/Status"}}],
            },
            "post": {"operationId": "createThing", "responses": {"409": {"x-codes": ["name_taken"]}}},
        },
        "/things/{thing_id}/parts": {},
    },
    "components": {
        "securitySchemes": {"oauth2": {"flows": {"password": {"scopes": {"things:read": "Reads."}}}}},
        "schemas": {
            "Status": TEXT | {"enum": ["new", "old (worn)"]},
            "Money": {"type": "object", "required": ["amount"],
                      "properties": {"amount": {"type": "integer", "minimum": 0}}},
            "Thing": {
                "type": "object", "required": ["id", "name", "note", "status", "stock", "price", "created_at"],
                "properties": {
                    "id": TEXT | {"format": "uuid"}, "name": TEXT | {"maxLength": 20}, "note": TEXT | {"nullable": True},
                    "status": TEXT | {"maxLength": 32}, "stock": {"type": "integer", "minimum": 0},
                    "price": {"$ref": "#/components/schemas/Money"}, "created_at": TEXT | {"format": "date-time"},
                    "age": {"type": "integer"},
                },
            },
            "ThingCreate": {
                "type": "object", "required": ["name"],
                "properties": {
                    "name": TEXT | {"minLength": 1, "maxLength": 20}, "note": TEXT | {"maxLength": 50, "nullable": True},
                    "status": {"$ref": "#/components/schemas/Status"},
                    "stock": {"type": "integer", "minimum": 0, "maximum": 9},
                },
            },
        },
    },
}
ROWS = {
    "thing.rs": """
#[sea_orm(table_name = "things")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub note: Option<String>,
    pub status: String,
    pub stock: i64,
    pub price_amount: i64,
    pub created_at: i64,
    pub version: i64,
}
""",
    "secret.rs": """
#[sea_orm(table_name = "secrets")]
pub struct Model {
    pub id: Uuid,
    pub hash: Vec<u8>,
}
""",
}


def member(name, rust_type):
    return f'    #[serde(rename = "{name}")]\n    pub {name}: {rust_type},\n'


MODELS = (
    "pub enum Status {\n    #[serde(rename = \"new\")]\n    New,\n    #[serde(rename = \"old (worn)\")]\n    Old,\n}\n"
    "pub struct Money {\n" + member("amount", "i64") + "}\n"
    "pub struct Thing {\n" + member("id", "uuid::Uuid") + member("name", "String")
    + member("note", "swagger::Nullable<String>") + member("status", "String") + member("stock", "i64")
    + member("price", "models::Money") + member("created_at", "chrono::DateTime<chrono::Utc>")
    + member("age", "Option<i64>") + "}\n"
    "pub struct ThingCreate {\n" + member("name", "String") + member("note", "Option<swagger::Nullable<String>>")
    + member("status", "Option<models::Status>") + member("stock", "Option<i64>") + "}\n"
    "impl rule::Object for ThingCreate {\n"
    "    const MEMBERS: &'static [&'static str] = &[\"name\", \"note\", \"status\", \"stock\"];\n"
    "        1 => m1 = members.value(index, &rule::Text::new().min(1).max(20))?,\n"
    "        2 => m2 = members.value(index, &rule::Nullable(rule::Text::new().max(50)))?,\n"
    "        3 => m3 = members.value(index, &rule::Enum::<models::Status>::new())?,\n"
    "        _ => m4 = members.value(index, &rule::Int::<i64>::new().min(0).max(9))?,\n"
    "        let m1 = members.required(\"name\", m1);\n}\n"
)
PLAN = types.SimpleNamespace(
    KEPT=(Kept("things", ("Thing",), ("ThingCreate",),
               {"price": {"amount": "price_amount"}, "age": Elsewhere("told by created_at")}, {"version": "the ETag"},
               ("listThings",)),),
    INNER_TABLES={"secrets": "inner"}, UNIQUE={"name_taken": ("things", ("name",))}, UNIQUE_INNER={}, EXCUSED={},
)


def database(sql):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.db"
        with sqlite3.connect(path) as connection:
            connection.executescript(sql)
        return tables.read_sqlite(path)


def found(document=DOCUMENT, sql=SQL, rows=ROWS, models=MODELS, **changes):
    """(rule, pointer, file) of everything that the wall finds."""
    told = types.SimpleNamespace(**(vars(PLAN) | changes))
    findings = wall.Wall(document, database(sql), rust.rows(rows), rust.models(models), rust.enums(models),
                         {"things": "things.rs", "secrets": "secrets.rs"}, told).findings()
    return {(finding.rule, finding.pointer, finding.file) for finding in findings}


def sql(old, new):
    assert SQL.count(old) == 1, old
    return {"sql": SQL.replace(old, new)}


def rows(old, new):
    assert ROWS["thing.rs"].count(old) == 1, old
    return {"rows": ROWS | {"thing.rs": ROWS["thing.rs"].replace(old, new)}}


def models(old, new):
    assert MODELS.count(old) >= 1, old
    return {"models": MODELS.replace(old, new, 1)}


def document(change):
    changed = copy.deepcopy(DOCUMENT)
    change(changed)
    return {"document": changed}


def schema(name, member_name, **keywords):
    return document(lambda told: told["components"]["schemas"][name]["properties"][member_name].update(keywords))


NAME, NOTE, STATUS, STOCK = (f"{MAKING}/properties/{each}" for each in ("name", "note", "status", "stock"))
CODE = "generated/src/models.rs"
PLANTED = [
    ("a longer name is taken than is kept", {**schema("ThingCreate", "name", maxLength=30)}, ("length", NAME, "things.rs")),
    ("nothing keeps names short", sql("CHECK (length(name) BETWEEN 1 AND 20), ", ""), ("length", NAME, "things.rs")),
    ("the CHECK is about another column", sql("length(note)", "length(status)"), ("length", NOTE, "things.rs")),
    ("a longer name is kept than is answered", sql("AND 20", "AND 21"), ("length", f"{THING}/properties/name", "things.rs")),
    ("a short name is taken and not kept", sql("BETWEEN 1 AND 20", "BETWEEN 3 AND 20"), ("length", NAME, "things.rs")),
    ("a promised value may be NULL", sql('"status" text NOT NULL', '"status" text'),
     ("nullable", f"{THING}/properties/status", "things.rs")),
    ("a clearable value is NOT NULL", sql('"note" text,', '"note" text NOT NULL,'), ("nullable", NOTE, "things.rs")),
    ("the document has a word more", document(lambda told: told["components"]["schemas"]["Status"]["enum"].append("lost")),
     ("enum", STATUS, "things.rs")),
    ("the filter has a word more",
     document(lambda told: told["paths"]["/things"]["get"]["parameters"][0].update(schema=TEXT | {"enum": ["new"]})),
     ("enum", "#/paths/~1things/get", "things.rs")),
    ("the database has a word more", sql("'new', ", "'new', 'lost', "), ("enum", STATUS, "things.rs")),
    ("more is taken than the CHECK lets in", schema("ThingCreate", "stock", maximum=10), ("range", STOCK, "things.rs")),
    ("less than nothing is kept", sql("stock BETWEEN 0", "stock BETWEEN -1"),
     ("range", f"{THING}/properties/stock", "things.rs")),
    ("a price may be negative", sql("CHECK (price_amount >= 0)", "CHECK (price_amount >= -5)"),
     ("range", f"{THING}/properties/price/amount", "things.rs")),
    ("what is promised once may be there twice", sql("CREATE UNIQUE", "CREATE"),
     ("unique", "#/paths/~1things/post/responses/409", "things.rs")),
    ("the index is over more", sql('ON "things" ("name")', 'ON "things" ("name", "status")'),
     ("unique", "#/paths/~1things/post/responses/409", "things.rs")),
    ("what is there once is not promised",
     document(lambda told: told["paths"]["/things"]["post"]["responses"]["409"].update({"x-codes": []})),
     ("unique", "", "things.rs")),
    ("a promise that nobody placed",
     document(lambda told: told["paths"]["/things"]["post"]["responses"]["409"]["x-codes"].append("slug_taken")),
     ("unique", "#/paths/~1things/post/responses/409", "scripts/lib/drift/plan.py")),
    ("a time is kept as text", sql('"created_at" integer', '"created_at" text'),
     ("type", f"{THING}/properties/created_at", "things.rs")),
    ("a member without a column", document(lambda told: told["components"]["schemas"]["Thing"]["properties"].update(color=TEXT)),
     ("column", f"{THING}/properties/color", "things.rs")),
    ("a column without a member", sql('"version" integer', '"color" text, "version" integer'), ("column", "", "things.rs")),
    ("a table that nobody knows", {"sql": SQL + "CREATE TABLE wishes (id uuid NOT NULL PRIMARY KEY);"},
     ("table", "", "migrations/src")),
    ("an entity takes NULL for a value", rows("note: Option<String>", "note: String"), ("entity", "", "thing.rs")),
    ("an entity fears NULL without need", rows("status: String", "status: Option<String>"), ("entity", "", "thing.rs")),
    ("an entity of another type", rows("stock: i64", "stock: String"), ("entity", "", "thing.rs")),
    ("an entity lacks a column", rows("    pub stock: i64,\n", ""), ("entity", "", "thing.rs")),
    ("an entity has a column more", rows("    pub stock: i64,\n", "    pub stock: i64,\n    pub color: i64,\n"),
     ("entity", "", "thing.rs")),
    ("an entity without a table", {"rows": ROWS | {"wish.rs": ROWS["secret.rs"].replace("secrets", "wishes")}},
     ("entity", "", "wish.rs")),
    ("a table without an entity", {"rows": {"thing.rs": ROWS["thing.rs"]}}, ("entity", "", "secrets.rs")),
    ("a model lacks a member", models(member("stock", "i64"), ""), ("generated", THING, CODE)),
    ("a model demands what is optional", models("Option<models::Status>", "models::Status"), ("generated", STATUS, CODE)),
    ("a model cannot be null", models("swagger::Nullable<String>,", "String,"),
     ("generated", f"{THING}/properties/note", CODE)),
    ("a length is not read", models(".max(20)", ""), ("generated", NAME, CODE)),
    ("a bound is read wrongly", models(".max(9)", ".max(99)"), ("generated", STOCK, CODE)),
    ("an enum lacks a value", models('    #[serde(rename = "new")]\n    New,\n', ""),
     ("generated", "#/components/schemas/Status", CODE)),
    ("a schema without a model", models("pub struct ThingCreate {", "pub struct Other {"), ("generated", MAKING, CODE)),
    ("an excuse that nobody needs", {"EXCUSED": {("length", "Thing/name"): "once"}},
     ("excuse", f"{THING}/name", "scripts/lib/drift/plan.py")),
]


class Drift(unittest.TestCase):
    def test_where_all_agree_nothing_is_found(self):
        self.assertEqual(found(), set())

    def test_each_kind_of_drift_is_found_with_its_place(self):
        for name, planted, wanted in PLANTED:
            with self.subTest(name):
                self.assertIn(wanted, found(**planted))

    def test_an_excuse_takes_a_finding_away(self):
        planted = schema("ThingCreate", "name", maxLength=30)
        self.assertNotIn("length", {rule for rule, _, _ in found(**planted, EXCUSED={("length", "ThingCreate/name"): "so"})})

    def test_conditions_are_understood_as_postgresql_writes_them(self):
        told = tables.Promises([
            "(length(name) >= 1) AND (length(name) <= 20)",
            "((note IS NULL) OR (length(note) <= 50))",
            "(status = ANY (ARRAY['new'::text, 'old (worn)'::text]))",
            "((stock >= 0) AND (stock <= '9'::bigint))",
            "((note IS NULL) = (status = 'new'::text))",
        ])
        self.assertEqual(told.lengths, {"name": (1, 20), "note": (None, 50)})
        self.assertEqual(told.words, {"status": {"new", "old (worn)"}})
        self.assertEqual(told.ranges, {"stock": (0, 9)})

    def test_moments_may_be_moments_and_nothing_else_may(self):
        told = database(SQL)
        for column, wanted in (("created_at", set()), ("stock", {"type"})):
            changed = copy.deepcopy(told)
            changed["things"].columns[column].kind = "moment"
            findings = wall.Wall(DOCUMENT, changed, rust.rows(ROWS), rust.models(MODELS), rust.enums(MODELS), {},
                                 PLAN).findings()
            self.assertEqual({finding.rule for finding in findings}, wanted, column)

    def test_pages_name_only_what_is_there(self):
        good = "`/things`, `GET /things/{thing_id}/parts`, `/api/v1/things`, `things:read`, `/metrics`, /problems/name_taken"
        self.assertEqual(list(pages.findings(DOCUMENT, {"a.md": good})), [])
        for bad in ("`/things/{thing_id}/wheels`", "`DELETE /things/1/2/3`", "`things:break`", "/problems/no_such"):
            self.assertEqual([finding.file for finding in pages.findings(DOCUMENT, {"a.md": bad})], ["a.md"], bad)

    def test_every_excuse_of_the_plan_has_a_reason(self):
        reasons = [*plan.EXCUSED.values(), *plan.INNER_TABLES.values(), *plan.UNIQUE_INNER.values()]
        reasons += [reason for kept in plan.KEPT for reason in kept.inner.values()]
        self.assertTrue(all(len(reason) > 5 for reason in reasons if reason != "chance"))


if __name__ == "__main__":
    unittest.main()
