"""The tables of a migrated database, and what their CHECKs promise of each column.

`read_sqlite` reads a database's file, `read_postgres` a database on a server, by its own psql. Both give tables by name, with
the text of each CHECK as the database tells it: `Promises` understands the forms of both, since PostgreSQL rewrites them.
"""

import csv
import re
import sqlite3
import subprocess
from dataclasses import dataclass, field
from functools import partial

# Families of column types: what a database calls them, by what we call them.
KINDS = {
    "text": ("text", "varchar", "character varying"),
    "integer": ("integer", "bigint", "smallint"),
    "uuid": ("uuid_text", "uuid"),
    "bytes": ("blob", "bytea"),
    "boolean": ("boolean",),
    "moment": ("timestamp with time zone",),
    "json": ("jsonb",),
}
# What the entities see of columns that only PostgreSQL has: src/store/postgres/shape.rs translates.
SEEN_AS = {"moment": "integer", "json": "text"}
# The migrator's own book, and the tables that a full-text index is made of.
FOREIGN = re.compile(r"^(seaql_migrations|sqlite_.*|\w+_search(_\w+)?)$")


@dataclass
class Column:
    """`kind` is a key of KINDS."""

    kind: str
    nullable: bool


@dataclass
class Table:
    """`unique` holds the columns of each unique index or key, each as a sorted tuple."""

    columns: dict
    checks: list = field(default_factory=list)
    unique: set = field(default_factory=set)


def kind_of(declared):
    """The family of a declared type, such as `blob(32)`."""
    word = re.sub(r"\(.*", "", declared.lower()).strip()
    for kind, words in KINDS.items():
        if word in words:
            return kind
    raise RuntimeError(f"a column of type `{declared}`: say in {__name__} what that is")


def read_sqlite(path):
    """Every table of ours by its name."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
        return {name: _sqlite_table(database, name, sql) for name, sql in rows if not FOREIGN.match(name)}


def _sqlite_table(database, name, sql):
    keys, columns = set(), {}
    for column, declared, required, key in database.execute(
            "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?)", (name,)):
        columns[column] = Column(kind_of(declared), not required)
        keys |= {column} if key else set()
    table = Table(columns, clauses(sql), {tuple(sorted(keys))} if keys else set())
    for (index,) in database.execute("SELECT name FROM pragma_index_list(?) WHERE \"unique\"", (name,)).fetchall():
        table.unique.add(tuple(sorted(column for (column,) in database.execute(
            "SELECT name FROM pragma_index_info(?)", (index,)))))
    return table


def read_postgres(url, psql="psql", environment=None):
    """Every table of ours in the public schema of the database at this address, by its name; read by this `psql`."""
    ask = partial(rows_of, psql, url, environment)
    tables = {}
    for table, name, declared, nullable in ask("""
            SELECT c.table_name, c.column_name, c.data_type, c.is_nullable FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE'"""):
        if not FOREIGN.match(table):
            columns = tables.setdefault(table, Table({})).columns
            columns[name] = Column(kind_of(declared), nullable == "YES")
    for table, clause in ask("""
            SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'c' AND connamespace = 'public'::regnamespace"""):
        if table in tables:
            tables[table].checks += clauses(clause)
    for table, columns in ask("""
            SELECT indrelid::regclass::text, string_agg(a.attname, ',') FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE indisunique AND 0 <> ALL (i.indkey) GROUP BY i.indexrelid, i.indrelid"""):
        if table in tables:
            tables[table].unique.add(tuple(sorted(columns.split(","))))
    return tables


def rows_of(psql, url, environment, query):
    """The rows of an answer, as texts."""
    answer = subprocess.run([psql, url, "--no-psqlrc", "--csv", "--tuples-only", "--command", query], check=True,
                            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=60)
    return list(csv.reader(answer.stdout.splitlines()))


def clauses(sql):
    """What stands in the brackets of each CHECK of a CREATE TABLE."""
    return [sql[match.end():closing(sql, match.end()) - 1]
            for match in re.finditer(r"\bCHECK\s*\(", sql, re.IGNORECASE)]


def closing(text, start):
    """The position after the bracket that closes what was opened just before `start`. Brackets in quotes do not count."""
    depth, quoted = 1, False
    for position in range(start, len(text)):
        letter = text[position]
        quoted ^= letter == "'"
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if depth == 0:
            return position + 1
    raise RuntimeError(f"a bracket is never closed: {text}")


class Promises:
    """What CHECKs say of columns by themselves: the words that may stand there, shortest and longest text, least and
    greatest number (None where there is no bound). Conditions that compare columns with each other are passed over."""

    WORDS = re.compile(r"^(\w+) (?:IN|= ANY) \((?:ARRAY\[)?(.*?)\]?\)$", re.IGNORECASE)
    BETWEEN = re.compile(r"^(.+?) BETWEEN (-?\d+) TO (-?\d+)$", re.IGNORECASE)
    BOUND = re.compile(r"^(.+?) (<=|>=|=|<|>) \(?(-?\d+)\)?$")
    LENGTH = re.compile(r"^(?:char_|character_)?length\((\w+)\)$", re.IGNORECASE)

    def __init__(self, checks):
        self.words, self.lengths, self.ranges = {}, {}, {}
        for check in checks:
            for part in parts(plain(check)):
                self._read(part)

    def _read(self, part):
        if match := self.WORDS.match(part):
            self.words[match[1]] = set(re.findall(r"'([^']*)'", match[2]))
        elif match := self.BETWEEN.match(part):
            self._bound(match[1], int(match[2]), int(match[3]))
        elif match := self.BOUND.match(part):
            sign, number = match[2], int(match[3])
            least = {">=": number, "=": number, ">": number + 1}.get(sign)
            most = {"<=": number, "=": number, "<": number - 1}.get(sign)
            self._bound(match[1], least, most)

    def _bound(self, what, least, most):
        length = self.LENGTH.match(what)
        into = self.lengths if length else self.ranges
        column = length[1] if length else what
        old = into.get(column, (None, None))
        into[column] = (old[0] if least is None else least, old[1] if most is None else most)


def plain(check):
    """A condition without quotes around names, casts and needless blanks; `BETWEEN a AND b` without its AND."""
    text = re.sub(r"::[a-z]+( [a-z]+)*(\[\])?", "", check.replace('"', ""))
    text = re.sub(r"'(-?\d+)'", r"\1", text)
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"BETWEEN (-?\d+) AND (-?\d+)", r"BETWEEN \1 TO \2", text, flags=re.IGNORECASE)


def parts(text):
    """The conditions that must all hold, each without what excuses rows of another kind (`x IS NULL OR …`)."""
    text = text.strip()
    while text.startswith("(") and closing(text, 1) == len(text):
        text = text[1:-1].strip()
    for word in (" AND ", " OR "):
        pieces = split(text, word)
        if len(pieces) == 1:
            continue
        if word == " OR ":
            pieces = [piece for piece in pieces if not re.match(r"^\(?\w+ IS (NOT )?NULL\)?$", piece, re.IGNORECASE)]
            if len(pieces) != 1:
                return []
        return [part for piece in pieces for part in parts(piece)]
    return [text]


def split(text, word):
    """The pieces of a text between the words that stand in no bracket."""
    pieces, start, position = [], 0, 0
    while position < len(text):
        if text[position] == "(":
            position = closing(text, position + 1)
        elif text[position:position + len(word)].upper() == word:
            pieces.append(text[start:position].strip())
            position += len(word)
            start = position
        else:
            position += 1
    return [*pieces, text[start:].strip()]
