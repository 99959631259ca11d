"""Structs and enums of Rust as far as drift can hide in them: SeaORM's rows, and the generated models with their rules."""

import re
from dataclasses import dataclass

ROW = re.compile(r'#\[sea_orm\(table_name = "(?P<table>\w+)"\)\]\s*pub struct Model \{\n(?P<body>.*?)\n\}', re.DOTALL)
ROW_FIELD = re.compile(r"^    pub (?:r#)?(\w+): (.+),$", re.MULTILINE)
MODEL = re.compile(r"^pub struct (?P<name>\w+) \{\n(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL)
FIELD_WITH_ATTRIBUTE = re.compile(r"#\[serde\((.*?)\)\]\s*pub (?:r#)?\w+: (.+?),\n", re.DOTALL)
ENUM = re.compile(r"^pub enum (?P<name>\w+) \{\n(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL)
READER = re.compile(r"^impl rule::Object for (?P<name>\w+) \{\n(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL)
MEMBERS = re.compile(r"MEMBERS: &'static \[&'static str\] =\s*&\[(.*?)\];", re.DOTALL)
SLOT = re.compile(r"\bm(\d+) = members\s*\.value\(")
KINDS = {"String": "text", "i64": "integer", "Uuid": "uuid", "Vec<u8>": "bytes", "bool": "boolean"}


@dataclass
class Row:
    """An entity: `fields` are (kind, nullable) by column; `file` is where it stands."""

    file: str
    fields: dict


@dataclass
class Model:
    """A generated struct: types by member, and the text of each member's rule, if it is ever decoded."""

    members: dict
    rules: dict


def rows(sources):
    """Every entity by its table; `sources` are texts by file name."""
    found = {}
    for file, text in sources.items():
        for match in ROW.finditer(text):
            fields = {}
            for name, rust_type in ROW_FIELD.findall(match["body"]):
                inner = re.sub(r"^Option<(.*)>$", r"\1", rust_type)
                if inner not in KINDS:
                    raise RuntimeError(f"{file}: {name}: {rust_type}: say in {__name__} what that is")
                fields[name] = (KINDS[inner], inner != rust_type)
            found[match["table"]] = Row(file, fields)
    return found


def models(source):
    """Every generated struct by its name."""
    readers = {match["name"]: _rules(match["body"]) for match in READER.finditer(source)}
    found = {}
    for match in MODEL.finditer(source):
        members = {}
        for attribute, rust_type in FIELD_WITH_ATTRIBUTE.findall(match["body"] + "\n"):
            name = re.search(r'rename = "([^"]+)"', attribute)
            if name:
                members[name[1]] = rust_type
        found[match["name"]] = Model(members, readers.get(match["name"], {}))
    return found


def enums(source):
    """The written values of every generated enum."""
    return {match["name"]: re.findall(r'rename = "([^"]+)"', match["body"]) for match in ENUM.finditer(source)}


def _rules(body):
    """The text of the rule by which each member is read."""
    names = re.findall(r'"([^"]+)"', (MEMBERS.search(body) or [None, ""])[1])
    slots = list(SLOT.finditer(body))
    ends = [slot.start() for slot in slots[1:]] + [body.find("let m1 =", slots[-1].end()) if slots else 0]
    return {names[int(slot[1]) - 1]: body[slot.end():end] for slot, end in zip(slots, ends)}
