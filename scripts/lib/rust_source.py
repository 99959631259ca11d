"""Reads Rust source as far as the house rules need it: code without comments and text, and which lines are tests."""

import re

# One pass over everything that may hold what looks like code but is none. Order matters: raw strings before strings,
# strings before characters; a lifetime ('a) is no character.
NOT_CODE = re.compile(
    r"""
    (?P<line>//[^\n]*)
  | (?P<block>/\*)
  | (?P<raw>\b(?:b|c)?r(?P<hashes>\#*)".*?"(?P=hashes))
  | (?P<string>(?:\b[bc])?"(?:\\.|[^"\\])*")
  | (?P<char>\bb?'(?:\\.[^']*|[^'\\\n])'|'(?:\\.[^']*|[^'\\\n])')
    """,
    re.VERBOSE | re.DOTALL,
)
BLOCK_EDGE = re.compile(r"/\*|\*/")
TEST_ITEM = re.compile(r"#\[\s*(?:cfg\s*\((?:\s*all\s*\()?\s*test\b[^\]]*|(?:tokio\s*::\s*)?test\b[^\]]*)\]")
USE = re.compile(r"\buse\s+([^;]*);")
PATH = re.compile(r"(?<![\w.$])(?:::\s*)?(?:r#)?\w+(?:\s*::\s*(?:r#)?\w+)+")


def code_only(source):
    """The source with comments and literals blanked out; every line keeps its number and its length."""
    pieces, position = [], 0
    while match := NOT_CODE.search(source, position):
        end = match.end()
        if match["block"]:
            end = _end_of_block(source, end)
        pieces += [source[position:match.start()], re.sub(r"[^\n]", " ", source[match.start():end])]
        position = end
    return "".join(pieces) + source[position:]


def test_lines(code):
    """Numbers (from 1) of the lines that belong to a test item: `#[cfg(test)]` or `#[test]` and what it covers.

    `code` is what `code_only` gave, so that brackets in text do not count.
    """
    lines = set()
    for match in TEST_ITEM.finditer(code):
        first = code.count("\n", 0, match.start()) + 1
        last = code.count("\n", 0, _end_of_item(code, match.end())) + 1
        lines.update(range(first, last + 1))
    return lines


def comment_lines(source):
    """Numbers (from 1) of the lines on which a `//` comment stands."""
    lines, position = set(), 0
    while match := NOT_CODE.search(source, position):
        position = _end_of_block(source, match.end()) if match["block"] else match.end()
        if match["line"]:
            lines.add(line_of(source, match.start()))
    return lines


def paths(code):
    """(position, segments) of every path with two segments or more, those of `use` trees written out."""
    for statement in USE.finditer(code):
        for path in use_tree(statement[1]):
            yield statement.start(), path
    for match in PATH.finditer(USE.sub(lambda use: re.sub(r"[^\n]", " ", use[0]), code)):
        yield match.start(), [part.strip().removeprefix("r#") for part in match[0].split("::") if part.strip()]


def use_tree(tree):
    """The paths that a `use` tree stands for: `a::{b, c::d}` is `a::b` and `a::c::d`."""
    head, brace, rest = tree.partition("{")
    prefix = [part.split()[0].removeprefix("r#") for part in head.split("::") if part.strip()]
    if not brace:
        return [prefix] if prefix else []
    branches, depth, start = [], 0, 0
    inner = rest[:rest.rindex("}")]
    for index, letter in enumerate(inner + ","):
        if letter == "," and depth == 0:
            branches += use_tree(inner[start:index])
            start = index + 1
        depth += {"{": 1, "}": -1}.get(letter, 0)
    return [prefix + branch for branch in branches]


def line_of(code, position):
    """Number (from 1) of the line that holds this position."""
    return code.count("\n", 0, position) + 1


def _end_of_block(source, position):
    """End of a block comment, in which others may be nested."""
    depth = 1
    while depth and (edge := BLOCK_EDGE.search(source, position)):
        depth += 1 if edge[0] == "/*" else -1
        position = edge.end()
    return len(source) if depth else position


def _end_of_item(code, position):
    """End of the item behind an attribute: its closing brace, or its semicolon when it has no body."""
    depth = 0
    for match in re.compile(r"[{}()\[\];]").finditer(code, position):
        if match[0] in "{([":
            depth += 1
        elif match[0] in "})]":
            depth -= 1
            if depth == 0 and match[0] == "}":
                return match.end()
        elif depth == 0:
            return match.end()
    return len(code)
