"""The pages below docs/reference, made from what they are about: problem codes from the document, settings from the
options of the command line."""

import json
import re

from sections import ROOT

PAGES = ROOT / "docs" / "reference"
DOCUMENT = ROOT / "generated" / "src" / "openapi.json"
OPTIONS = ROOT / "src" / "cli" / "given.rs"
ASKING = ROOT / "src" / "cli" / "asked.rs"
NOTE = "<!-- Written by scripts/reference; scripts/check holds it to {source}. -->"

# A setting: its help, what clap is told of it, its name.
OPTION = re.compile(r"((?:^ +///.*\n)+)^ +#\[arg\((.*?)\)\]\n^ +pub (\w+):", re.MULTILINE)
DEFAULT = re.compile(r"\s*\[default: (.*?)\]")


def pages():
    """Text by file name."""
    document = json.loads(DOCUMENT.read_text())
    return {"problems.md": problems(document), "settings.md": settings(OPTIONS.read_text(), ASKING.read_text())}


def problems(document):
    """The page of all problem codes: those that operations list, and the others."""
    listed = set(codes(document))
    kinds = document["x-problems"]
    rows = {True: [], False: []}
    for code, kind in sorted(kinds.items(), key=lambda item: item[1]["status"]):
        rows[code in listed].append(row(kind["status"], f"`{code}`", kind["title"], kind["cause"], kind["mend"]))
    head = row("status", "code", "title", "cause", "what to do") + "|---|---|---|---|---|\n"
    return (
        f"# Problems\n\n{NOTE.format(source='the document')}\n\n"
        "Every failure is an `application/problem+json` (RFC 9457) with one of these codes in `code`. Its `type` is the\n"
        "address of a page of the server, `/problems/{code}`, which says the same with an example. Programs go by the\n"
        "code: it stays, while titles and details may be worded anew.\n\n"
        "## Of operations\n\n"
        "Each operation lists in `openapi.yaml` which of them it may answer. Some of them HTTP itself answers as well.\n\n"
        f"{head}{''.join(rows[True])}\n"
        "## Of no operation\n\n"
        "No operation lists these: HTTP itself answers with them, before an operation is found, or nobody does yet.\n\n"
        f"{head}{''.join(rows[False])}"
    )


def codes(node):
    """Every code that a response of the document lists."""
    if isinstance(node, list):
        for each in node:
            yield from codes(each)
    elif isinstance(node, dict):
        yield from node.get("x-codes", [])
        for each in node.values():
            yield from codes(each)


def settings(source, asking):
    """The page of all settings, and of what only the commands take that may ask a server."""
    head = row("variable", "option", "default", "what it is") + "|---|---|---|---|\n"
    return (
        f"# Settings\n\n{NOTE.format(source='src/cli/given.rs and src/cli/asked.rs')}\n\n"
        "Every setting is a variable of the environment and an option of every command; the option wins. An empty value\n"
        "counts as none. What cannot be read, and a variable `SHOPKEEPER_*` that is not among these, stops the start with\n"
        "one sentence and exit code 2. `GET /api/v1/admin/config` shows administrators what is in effect, without the\n"
        "secrets.\n\n"
        "Switches are `on` or `off`. Times have a unit: `500ms`, `30s`, `10m`, `1h`. Amounts of memory as well: `512KiB`,\n"
        f"`32MiB`, `1GiB`.\n\n{head}{rows(source, 'Given')}\n"
        "## Asking a server\n\n"
        "`shopkeeper user` and `shopkeeper export` ask a running server when one is named; see\n"
        "[Keep accounts](../how-to/keep-accounts.md).\n\n"
        f"{head}{rows(asking, 'Asked')}"
    )


def rows(source, name):
    """A row for each option of a struct."""
    body = re.search(rf"^pub struct {name} \{{\n(.*?)^\}}", source, re.MULTILINE | re.DOTALL)[1]
    found = "".join(setting(*option.groups()) for option in OPTION.finditer(body))
    if found.count("\n") != body.count("    pub "):
        raise RuntimeError(f"the source of {name} has options that scripts/lib/reference.py cannot read")
    return found


def setting(help_lines, told, name):
    text = " ".join(line.strip().removeprefix("///").strip() for line in help_lines.splitlines())
    default = DEFAULT.search(text)
    text = DEFAULT.sub("", text)
    variable = re.search(r'env = "(\w+)"', told)[1]
    value = re.search(r'value_name = "([^"]+)"', told)[1]
    option = f"`--{name.replace('_', '-')} {value}`"
    return row(f"`{variable}`", option, default[1] if default else "", text)


def row(*cells):
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"


def main(check):
    """Writes the pages, or says whether they are current; returns an exit code."""
    stale = [name for name, text in pages().items()
             if not (PAGES / name).exists() or (PAGES / name).read_text() != text]
    if not check:
        PAGES.mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            (PAGES / name).write_text(text)
        print(f"written: {', '.join(stale) or 'nothing new'}")
        return 0
    for name in stale:
        print(f"docs/reference/{name} is not what its source gives. Run scripts/reference and commit what it wrote.")
    if not stale:
        print("docs/reference is current.")
    return 1 if stale else 0
