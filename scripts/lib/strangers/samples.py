"""docs/clients.md: how to generate a client, and the first lines in each language, taken from the tested scenario."""

import json
import re
import textwrap

from sections import ROOT
from strangers import languages

PAGE = ROOT / "docs" / "clients.md"
MOST_LINES = 10
TITLES = {"python": "Python", "typescript": "TypeScript", "java": "Java", "go": "Go", "rust": "Rust"}
SOURCES = {
    "python": "python/scenario.py", "typescript": "typescript/scenario.ts", "java": "java/Scenario.java",
    "go": "go/main.go", "rust": "rust/src/main.rs",
}
REGION = re.compile(r"^[ \t]*(?://|#) docs: begin\n(.*?)^[ \t]*(?://|#) docs: end$", re.MULTILINE | re.DOTALL)
HEAD = """\
# Clients

<!-- Written by scripts/clients --samples write; scripts/check holds it to the scenarios. -->

Every client below is generated from [`openapi.yaml`](../openapi.yaml) as it is, by openapi-generator {version}, and is
sent through the same scenario ([`tests/clients/scenario.md`](../tests/clients/scenario.md)) by `scripts/clients`. The
lines shown are cut out of it. `openapi-typescript openapi.yaml -o schema.d.ts` gives types alone.
"""


OWN_SOURCE = "own/main.rs"
OWN = """\
## Rust, the project's own

```toml
generated = {{ path = "generated", features = ["client"] }}
```

```rust
{sample}
```

What it does by itself: it repeats reads, and creations under an `Idempotency-Key` that it makes up; waits as `Retry-After`
says; renews its tokens once for all calls that wait for it; walks lists page by page (`walk_products`); and gives problems
their type. How patient it is, `Patience` says. Its TLS is that of the `reqwest::Client` that it is given
(`Transport::over`). `Transport::request` sends what the document does not know of, and gives the answer as it is. The commands
with `--server` ask with this client, and the tests through HTTP call through its transport.
"""


def excerpt(source):
    """The marked lines of a scenario, without their indentation."""
    regions = REGION.findall(source)
    if len(regions) != 1:
        raise RuntimeError(f"a scenario marks one sample, this one {len(regions)}")
    text = textwrap.dedent(regions[0].expandtabs(4)).strip("\n")
    if len(text.splitlines()) > MOST_LINES:
        raise RuntimeError(f"a sample has at most {MOST_LINES} lines:\n{text}")
    return text


def page():
    """The whole text of docs/clients.md."""
    generate = (ROOT / "scripts" / "generate").read_text()
    parts = [HEAD.format(version=re.search(r"^GENERATOR=(.+)$", generate, re.MULTILINE)[1])]
    plan = json.loads((languages.HOME / "languages.json").read_text())
    for language, source in SOURCES.items():
        words = " ".join(languages.generator_words(language))
        needs = plan[language]["needs"]
        parts.append(f"## {TITLES[language]}\n\n```sh\n"
                     f"openapi-generator-cli generate -i openapi.yaml {words} -o client\n```\n\n"
                     f"```{language}\n{excerpt((languages.HOME / source).read_text())}\n```\n\n"
                     f"What it needs: {needs[0].lower()}{needs[1:]}\n")
    parts.append(OWN.format(sample=excerpt((languages.HOME / OWN_SOURCE).read_text())))
    return "\n".join(parts)


def main(wish):
    """Writes the page, or says whether it is current; returns an exit code."""
    if wish == "write":
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page())
        return 0
    if not PAGE.exists() or PAGE.read_text() != page():
        print("docs/clients.md is not what the scenarios begin with. Run scripts/clients --samples write.")
        return 1
    print("docs/clients.md is current.")
    return 0
