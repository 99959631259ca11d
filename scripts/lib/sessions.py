"""Pages of the docs as sessions: their blocks for a shell, one after another, in a folder beside a running server's data.

What a block means stands behind its language:

    sh                 run
    text               what the block before it prints, `…` standing for what differs each time
    python file=NAME   written into the folder
"""

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from examples import adapted
from sections import ROOT, CannotRun
from server import Server, ServerFault, program_environment
from strangers import languages
from tools import debian_tool

BLOCK = re.compile(r"^```([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "@@ block {} @@"
SECONDS = 120
# A walk through the source, which scripts/test-walk follows.
WALK = "add-a-resource.md"
# What the pages say that a reader needs, and the Debian package of each.
PROGRAMS = {"curl": "curl", "jq": "jq", "openssl": "openssl", "sqlite3": "sqlite3"}


@dataclass
class Block:
    """One block of a page; `prints` is the text block behind it, if there is one."""

    info: str
    text: str
    prints: str | None = None

    @property
    def runs(self):
        return self.info == "sh"

    @property
    def file(self):
        """The name of the file that it is written to, if it is one."""
        found = re.fullmatch(r"python file=([\w.]+)", self.info)
        return found and found[1]


def blocks(page):
    """The blocks of a page, in their order; each is run, or written to a file, or what the one before it prints."""
    found = []
    for info, text in BLOCK.findall(page):
        if info == "text":
            if not found or not found[-1].runs or found[-1].prints is not None:
                raise ValueError(f"nothing prints:\n{text}")
            found[-1].prints = text
        else:
            found.append(Block(info, text))
            if not found[-1].runs and not found[-1].file:
                raise ValueError(f"neither run nor written, as `{info}`:\n{text}")
    return found


@dataclass
class Session:
    """A page whose blocks are run."""

    page: Path

    @property
    def name(self):
        return str(self.page.relative_to(ROOT))

    def run(self, binary):
        """(name, what is wrong or None); a fault that is a `CannotRun` tells what is missing."""
        try:
            return self.name, self._judge(blocks(self.page.read_text()), binary)
        except (CannotRun, ServerFault, OSError, ValueError, RuntimeError, subprocess.SubprocessError) as fault:
            return self.name, fault

    def _judge(self, found, binary):
        with tempfile.TemporaryDirectory(prefix="session-") as folder, Server(binary, data=folder) as server:
            environment = surroundings(Path(folder), binary, found)
            for block in found:
                block.text = adapted(block.text, server)
                if block.file:
                    (Path(folder) / block.file).write_text(block.text)
            running = [block for block in found if block.runs]
            finished = subprocess.run(["bash", "-c", script(running)], cwd=folder, env=environment, text=True,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      errors="replace", timeout=SECONDS)
        return fault_of(running, finished.stdout, finished.returncode)


def surroundings(folder, binary, found):
    """The environment of a session: `shopkeeper` is the server's own program, and Python has the generated client."""
    for program, package in PROGRAMS.items():
        debian_tool(program, package)
    programs = folder / "bin"
    programs.mkdir()
    (programs / "shopkeeper").symlink_to(binary)
    environment = program_environment()
    path = [str(programs)]
    if any(block.file for block in found):
        words, more = languages.LANGUAGES["python"](languages.generator_jar())
        environment |= more
        path.append(str(Path(words[0]).parent))
    return environment | {"PATH": ":".join([*path, environment["PATH"]])}


def script(running):
    """All blocks as one script, which marks where each begins."""
    parts = ["set -euo pipefail"]
    for number, block in enumerate(running):
        parts += [f"printf '\\n{MARK.format(number)}\\n'", block.text]
    return "\n".join(parts)


def fault_of(running, output, code):
    """What is wrong with a session that printed this; None if nothing is."""
    if code != 0:
        return f"code {code}, printed\n{output[-1500:]}"
    printed = re.split("^" + MARK.format(r"\d+") + "\n", output.replace("\r", ""), flags=re.MULTILINE)[1:]
    for block, text in zip(running, printed, strict=True):
        if not as_promised(text, block.prints):
            return f"{block.text}printed\n{text}instead of\n{block.prints or 'nothing'}"
    return None


def as_promised(text, prints):
    """Whether a text is the one promised, apart from blank lines at its ends."""
    pattern = ".*".join(re.escape(part) for part in (prints or "").strip().split("…"))
    return re.fullmatch(pattern, text.strip()) is not None


def pages():
    """The pages that are sessions."""
    return [Session(page) for page in (ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "how-to").glob("*.md")))
            if page.name != WALK and any(block.runs for block in blocks(page.read_text()))]
