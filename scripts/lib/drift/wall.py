"""The comparisons. Each finding says where in the document and in which file two sources disagree."""

import re
from dataclasses import dataclass

from drift import plan
from drift.plan import Elsewhere
from drift.tables import SEEN_AS, Promises
from references import resolved

SCHEMAS = "#/components/schemas/"
FORMATS = {"uuid": "uuid", "date-time": "integer", "binary": "bytes"}
TYPES = {"string": "text", "integer": "integer", "boolean": "boolean", "array": "text"}


@dataclass(frozen=True)
class Finding:
    """`rule` names the kind of drift, `pointer` the place in the document (empty where it is not about the document)."""

    rule: str
    pointer: str
    file: str
    what: str

    def __str__(self):
        return f"{self.file}: {self.what} [{self.rule}]" + (f" (at {self.pointer})" if self.pointer else "")


class Wall:
    """`tables` by name (drift.tables), `rows` by table and `models` by name (drift.rust), `origins`: the migration that
    makes each table. `kept` and the excuses are the plan's but in tests."""

    def __init__(self, document, tables, rows, models, enums, origins, plan=plan):
        self.document, self.tables, self.rows = document, tables, rows
        self.models, self.enums, self.origins, self.plan = models, enums, origins, plan
        self.schemas = document["components"]["schemas"]
        self.used = set()
        self.columns = {}

    def findings(self):
        found = [*self.of_resources(), *self.of_entities(), *self.of_models(), *self.of_unique_promises()]
        excused = [finding for finding in found if self._excuse(finding)]
        stale = [Finding("excuse", SCHEMAS + place, "scripts/lib/drift/plan.py", f"the excuse of {rule} is not needed")
                 for rule, place in self.plan.EXCUSED if (rule, place) not in self.used]
        return [finding for finding in found if finding not in excused] + stale

    def _excuse(self, finding):
        place = finding.pointer.removeprefix(SCHEMAS).replace("/properties/", "/")
        hit = (finding.rule, place)
        if hit in self.plan.EXCUSED:
            self.used.add(hit)
        return hit in self.plan.EXCUSED

    # Document and tables

    def of_resources(self):
        for kept in self.plan.KEPT:
            table = self.tables.get(kept.table)
            if table is None:
                yield Finding("table", SCHEMAS + kept.answers[0], self._origin(kept.table), f"no table {kept.table}")
                continue
            promises, reached = Promises(table.checks), set()
            for name in (*kept.answers, *kept.writes):
                for pointer, member, schema, column in self._members(kept, name):
                    reached.add(column)
                    yield from self._member(kept, promises, pointer, schema, column,
                                            name in kept.answers, member in self.schemas[name].get("required", []))
            yield from self._filters(kept, promises)
            for column in table.columns:
                if column not in reached and column not in kept.inner:
                    yield Finding("column", "", self._origin(kept.table),
                                  f"{kept.table}.{column} is in no schema, and the plan does not say why")

    def _members(self, kept, name):
        """(pointer, member, schema, column) of everything of a schema that has a column of its own."""
        for member, node in self.schemas[name]["properties"].items():
            pointer = f"{SCHEMAS}{name}/properties/{member}"
            where = kept.columns.get(member, member)
            schema = resolved(self.document, node)
            if isinstance(where, dict):
                for part, column in where.items():
                    if not isinstance(column, Elsewhere):
                        yield f"{pointer}/{part}", member, schema["properties"][part], column
            elif not isinstance(where, Elsewhere):
                yield pointer, member, schema, where

    def _member(self, kept, promises, pointer, schema, name, is_answer, is_required):
        file, place = self._origin(kept.table), f"{kept.table}.{name}"
        column = self.tables[kept.table].columns.get(name)
        if column is None:
            yield Finding("column", pointer, file, f"there is no column {place}")
            return
        wanted = FORMATS.get(schema.get("format"), TYPES.get(schema["type"]))
        # Moments are numbers in one database and moments in the other; what is no moment must not become one.
        is_moment = column.kind == "moment" and schema.get("format") == "date-time"
        if not is_moment and {"json": "text"}.get(column.kind, column.kind) != wanted:
            yield Finding("type", pointer, file, f"{place} is {column.kind}, the document says {wanted}")
        yield from self._null(pointer, file, place, schema, column, is_answer, is_required)
        if schema["type"] == "string" and wanted == "text":
            yield from self._text(pointer, file, place, schema, promises, name, is_answer)
        if schema["type"] == "integer":
            yield from self._number(pointer, file, place, schema, promises, name, is_answer)

    @staticmethod
    def _null(pointer, file, place, schema, column, is_answer, is_required):
        nullable = bool(schema.get("nullable"))
        if is_answer and is_required and not nullable and column.nullable:
            yield Finding("nullable", pointer, file, f"{place} may be NULL, the document promises a value always")
        if nullable and not column.nullable:
            yield Finding("nullable", pointer, file, f"{place} is NOT NULL, the document lets it be null")

    @staticmethod
    def _text(pointer, file, place, schema, promises, name, is_answer):
        if "enum" in schema:
            if promises.words.get(name) != set(schema["enum"]):
                yield Finding("enum", f"{pointer}", file, f"CHECK lets {place} be {sorted(promises.words.get(name, []))}, "
                              f"the document lists {sorted(schema['enum'])}")
            return
        least, most = promises.lengths.get(name, (None, None))
        if name in promises.words:
            most = max(map(len, promises.words[name]))
        told = schema.get("maxLength")
        # What is answered may have room to grow; what is taken must fit exactly, or one of both is not meant.
        if told is not None and (most is None or (most > told if is_answer else most != told)):
            yield Finding("length", pointer, file, f"CHECK lets {place} have {most or 'any number of'} characters, "
                          f"maxLength is {told}")
        shortest = schema.get("minLength")
        if not is_answer and shortest is not None and least is not None and least > shortest:
            yield Finding("length", pointer, file, f"CHECK wants {least} characters of {place}, minLength is {shortest}")

    @staticmethod
    def _number(pointer, file, place, schema, promises, name, is_answer):
        least, most = promises.ranges.get(name, (None, None))
        low, high = schema.get("minimum"), schema.get("maximum")
        if low is not None and (least is None or (least < low if is_answer else least != low)):
            yield Finding("range", pointer, file, f"CHECK lets {place} be {least}, minimum is {low}")
        if high is not None and most != high:
            yield Finding("range", pointer, file, f"CHECK lets {place} be up to {most}, maximum is {high}")

    def _filters(self, kept, promises):
        """A filter by words knows those of its column."""
        for path, method, operation in self._operations():
            if operation["operationId"] not in kept.lists:
                continue
            for node in operation.get("parameters", []):
                parameter = resolved(self.document, node)
                schema = resolved(self.document, parameter["schema"])
                words = promises.words.get(parameter["name"])
                if "enum" in schema and words is not None and set(schema["enum"]) != words:
                    yield Finding("enum", f"#/paths/{path.replace('/', '~1')}/{method}", self._origin(kept.table),
                                  f"the filter {parameter['name']} and the CHECK of {kept.table} list different words")

    def of_unique_promises(self):
        """Every 409 of something taken has its unique index, and the other way round."""
        promised = set()
        for path, method, operation in self._operations():
            pointer = f"#/paths/{path.replace('/', '~1')}/{method}/responses/409"
            response = resolved(self.document, operation["responses"].get("409", {}))
            for code in response.get("x-codes", []):
                if code in self.plan.UNIQUE:
                    table, columns = self.plan.UNIQUE[code]
                    promised.add((table, columns))
                    if table in self.tables and columns not in self.tables[table].unique:
                        yield Finding("unique", pointer, self._origin(table),
                                      f"no unique index holds {table} ({', '.join(columns)}) to {code}")
                elif code.endswith("_taken"):
                    yield Finding("unique", pointer, "scripts/lib/drift/plan.py", f"which columns does {code} speak of?")
        for name, table in self.tables.items():
            for columns in sorted(table.unique):
                if self._is_id(columns) or name in self.plan.INNER_TABLES or (name, columns) in self.plan.UNIQUE_INNER:
                    continue
                if (name, columns) not in promised:
                    yield Finding("unique", "", self._origin(name), f"{name} ({', '.join(columns)}) is unique, and no "
                                  "409 of the document says so")

    def _is_id(self, columns):
        return "id" in columns or columns == ("number",)

    # Entities and tables

    def of_entities(self):
        known = {kept.table for kept in self.plan.KEPT} | set(self.plan.INNER_TABLES)
        for name, table in self.tables.items():
            if name not in known:
                yield Finding("table", "", self._origin(name), f"the plan does not know the table {name}")
            if name not in self.rows:
                yield Finding("entity", "", self._origin(name), f"no entity below src/store/rows has the table {name}")
                continue
            yield from self._entity(name, table, self.rows[name])
        for name in self.rows.keys() - self.tables.keys():
            yield Finding("entity", "", self.rows[name].file, f"there is no table {name}")

    def _entity(self, name, table, row):
        for field, (kind, nullable) in row.fields.items():
            column = table.columns.get(field)
            if column is None:
                yield Finding("entity", "", row.file, f"there is no column {name}.{field}")
            elif SEEN_AS.get(column.kind, column.kind) != kind:
                yield Finding("entity", "", row.file, f"{name}.{field} is {column.kind}, the entity says {kind}")
            elif column.nullable != nullable:
                words = ("may be NULL", "is NOT NULL") if column.nullable else ("is NOT NULL", "may be NULL")
                yield Finding("entity", "", row.file, f"{name}.{field} {words[0]}, the entity thinks it {words[1]}")
        for column in table.columns.keys() - row.fields.keys() - {"number"}:
            yield Finding("entity", "", row.file, f"the entity does not know {name}.{column}")

    # Document and generated code

    def of_models(self):
        file = "generated/src/models.rs"
        for name, schema in self.schemas.items():
            pointer = SCHEMAS + name
            if "enum" in schema:
                if self.enums.get(name) != schema["enum"]:
                    yield Finding("generated", pointer, file, f"the enum {name} has other values than the document")
            elif schema.get("properties") and name in self.models:
                yield from self._model(pointer, file, name, schema, self.models[name])
            elif schema.get("properties") and name not in self._forms():
                yield Finding("generated", pointer, file, f"there is no struct {name}")

    def _model(self, pointer, file, name, schema, model):
        if set(model.members) != set(schema["properties"]):
            differing = sorted(set(model.members) ^ set(schema["properties"]))
            yield Finding("generated", pointer, file, f"{name} differs in its members {', '.join(differing)}")
        for member, node in schema["properties"].items():
            place, rust_type = f"{pointer}/properties/{member}", model.members.get(member, "")
            leaf = resolved(self.document, node)
            optional = member not in schema.get("required", [])
            if rust_type and rust_type.startswith("Option<") != optional:
                yield Finding("generated", place, file, f"{name}.{member} is {rust_type}, optional: {optional}")
            if rust_type and ("Nullable<" in rust_type) != bool(leaf.get("nullable")):
                nullable = bool(leaf.get("nullable"))
                yield Finding("generated", place, file, f"{name}.{member} is {rust_type}, nullable: {nullable}")
            rule = model.rules.get(member)
            for keyword, call in (("maxLength", "max"), ("minLength", "min"), ("maximum", "max"), ("minimum", "min")):
                if rule is not None and keyword in leaf and f".{call}({leaf[keyword]})" not in rule:
                    yield Finding("generated", place, file, f"{name}.{member} is read without {keyword} {leaf[keyword]}")

    def _forms(self):
        """Schemas of forms: their members become parameters, and no struct."""
        forms = set()
        for _path, _method, operation in self._operations():
            body = resolved(self.document, operation.get("requestBody", {}))
            form = body.get("content", {}).get("application/x-www-form-urlencoded")
            if form:
                forms.add(form["schema"].get("$ref", "").rsplit("/", 1)[-1])
        return forms

    def _operations(self):
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                yield path, method, operation

    def _origin(self, table):
        return self.origins.get(table, "migrations/src")


def origins(sources):
    """The migration in which each table is made; `sources` are texts by file name."""
    found = {}
    for file, text in sorted(sources.items()):
        for name in re.findall(r"Table::create\(\)\s*\.table\((\w+)::Table\)|\btable\.table\((\w+)::Table\)", text):
            word = re.sub(r"(?<!^)(?=[A-Z])", "_", name[0] or name[1]).lower()
            found.setdefault(word, file)
    return found
