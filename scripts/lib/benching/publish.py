"""Shows measured figures: a page of Markdown tables with plots, and the part of the README that repeats it in short."""

import json
from pathlib import Path

from benching import plot
from sections import ROOT, CannotRun

DOCS = ROOT / "docs" / "bench"
README = ROOT / "README.md"
BEGIN = "<!-- bench: written by scripts/bench --publish -->"
END = "<!-- bench: end -->"
SECTIONS = ("workloads", "peers", "flat")
LEAST_ROUNDS = 3

FLOORS = {"hyper": "bare hyper", "axum": "axum + sqlx, by hand", "argon2": "the hash alone"}
ABOUT = {
    "workloads": "Shopkeeper beside a floor: CPU time per request, medians; the ratio is the median of the rounds'. The "
                 "floor of kept answers is a bare hyper server with one constant answer of the same bytes, headers included, that of "
                 "fresh ones a server written by hand that asks the same queries of the same file. Orders are placed by both "
                 "with the same statements in one transaction each, which is on the disk before it is answered; the rival "
                 "remembers verified tokens, checks no session, counts no limits, writes no log and tells nobody of its "
                 "events. A slow disk is one that is made so for both: a library in front of them lets each sync take "
                 "that long at least, and then the ratio is of requests per second.",
    "peers": "The same reads, in the same JSON, over the same database file, by servers written with other frameworks. "
             "They have no accounts, limits, contract, logs or kept answers; FastAPI holds its answers against models, as it "
             "teaches. Ratios are to Shopkeeper's kept answers.",
    "flat": "The same request in catalogues of growing size. The walk goes by cursor, 20 products a page, at the beginning of "
            "the list and up to page 10,000, or to the end of a catalogue that has fewer.",
}


def render(source, target):
    """Writes the page and the plots of whatever sections were measured."""
    results = load(source)
    target.mkdir(parents=True, exist_ok=True)
    (target / "README.md").write_text(page(results))
    for section, draw in plot.DRAWN.items():
        if section in results:
            (target / f"{section}.svg").write_text(draw(results[section]["entries"]))


def publish(source):
    """Puts the figures where readers look, if they are worth it."""
    results = load(source)
    unworthy(results)
    render(source, DOCS)
    README.write_text(spliced(README.read_text(), "\n".join(short(results))))
    print(f"written to {DOCS.relative_to(ROOT)} and {README.relative_to(ROOT)}")


def load(source):
    paths = {section: Path(source) / f"{section}.json" for section in SECTIONS}
    return {section: json.loads(path.read_text()) for section, path in paths.items() if path.exists()}


def unworthy(results):
    """Refuses figures that were taken in passing.

    # Errors
    CannotRun, with everything that is missing.
    """
    faults = [f"{section} was not measured" for section in SECTIONS if section not in results]
    for section, result in results.items():
        settings = result["settings"]
        faults += [f"{section} {words}" for wrong, words in [
            (settings["profile"] != "release", "measured a build that is not optimised"),
            (settings["rounds"] < LEAST_ROUNDS, f"had fewer than {LEAST_ROUNDS} rounds"),
            (settings["rate_limits"] != "on", "went without rate limits"),
            (settings["partial"], "left something out"),
            (result["uncommitted_changes"], "measured what is in no commit"),
        ] if wrong]
    if faults:
        raise CannotRun("these figures are not for publishing: " + "; ".join(faults))


def page(results):
    """The whole page."""
    lines = ["# What a request costs", "",
             "Written by `scripts/bench`; CPU time is the server's on one core, the load comes from another.", ""]
    titles = {"workloads": "Against the floor", "peers": "Against others", "flat": "As the catalogue grows"}
    for section, result in results.items():
        lines += [f"## {titles[section]}", "", ABOUT[section], "", taken(result), "", f"![]({section}.svg)", "",
                  *TABLES[section](result["entries"]), ""]
    return "\n".join(lines)


def taken(result):
    """Where and how a section was measured."""
    settings, machine = result["settings"], result["machine"]
    changes = ", with changes that are in no commit" if result["uncommitted_changes"] else ""
    products = settings["products"]
    size = f"{products:,}" if isinstance(products, int) else f"{products[0]:,} to {products[-1]:,}"
    orders = f" and {settings['orders']:,} orders" if settings["orders"] else ""
    return (f"{result['taken_at'][:10]}, commit {result['commit'][:12]}{changes}, {settings['profile']} build, "
            f"{machine['processor']}, {settings['rounds']} rounds of {settings['seconds']} s, {size} products"
            f"{orders}, "
            f"{settings['generator']}.")


def aims_table(entries):
    rows = [["request", "connections", "CPU µs", "req/s", "p50 µs", "p99 µs", "floor", "floor's CPU µs", "floor's req/s", "ratio",
             "aim"]]
    for entry in entries:
        ours, floor = entry["sides"]["server"], entry["sides"]["floor"]
        rows.append([f"{entry['name']}: {entry['summary']}", entry["connections"], figure(ours["cpu_us"]),
                     f"{ours['rps']:,.0f}", f"{ours['p50_us']:,.0f}", f"{ours['p99_us']:,.0f}",
                     FLOORS[entry["floor_is"]], figure(floor["cpu_us"]), f"{floor['rps']:,.0f}", ratio(entry), aim(entry)])
    return markdown(rows)


def peers_table(entries):
    rows = [["request", "server", "CPU µs", "req/s", "p50 µs", "p99 µs", "MiB", "ratio"]]
    for entry in entries:
        for label, run in entry["sides"].items():
            rows.append([entry["name"], label, figure(run["cpu_us"]), f"{run['rps']:,.0f}", f"{run['p50_us']:,.0f}",
                         f"{run['p99_us']:,.0f}", f"{run['peak_mib']:.0f}", f"{entry['ratios'][label][0]:.2f}"])
    return markdown(rows)


def flat_table(entries):
    sizes = list(entries[0]["sides"])
    rows = [["CPU µs", *(f"{int(size):,}" for size in sizes), "most", "aim"]]
    for entry in entries:
        rows.append([f"{entry['name']}: {entry['summary']}", *(figure(entry["sides"][size]["cpu_us"]) for size in sizes),
                     f"{entry['ratio']:.2f} ×", aim(entry)])
    pages = ", ".join(f"{page:,} of {int(size):,} products" for size, page in entries[0]["deep_pages"].items())
    return [*markdown(rows), "", f"The deep walk ends at page {pages}."]


TABLES = {"workloads": aims_table, "peers": peers_table, "flat": flat_table}


def short(results):
    """The README's part."""
    rows = [["request", "connections", "CPU µs", "req/s on one core", "compared with", "ratio", "aim"]]
    named = {}
    for entry in results["workloads"]["entries"]:
        named.setdefault(entry["name"], []).append(entry)
    for entries in named.values():
        def each(value, entries=entries):
            return ", ".join(value(entry) for entry in entries)

        first = entries[0]
        rows.append([first["summary"], each(lambda entry: str(entry["connections"])), each(lambda entry: figure(entry["sides"]["server"]["cpu_us"])),
                     each(lambda entry: f"{entry['sides']['server']['rps']:,.0f}".replace(",", " ")),
                     FLOORS[first["floor_is"]], each(ratio), bound(first)])
    return [*markdown(rows), "",
            "![The same reads by Shopkeeper, axum, FastAPI and Flask](docs/bench/peers.svg)",
            "![CPU time per request in catalogues of growing size](docs/bench/flat.svg)", "",
            f"{taken(results['workloads'])} [All figures](docs/bench/README.md)."]


def spliced(text, part):
    """The text with what is between the two marks replaced."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise CannotRun(f"README.md lacks the marks {BEGIN} and {END}")
    return f"{before}{begin}\n{part}\n{end}{after}"


def markdown(rows):
    """Lines of a Markdown table; the first row is its head. Columns of numbers are set to the right."""
    head, *body = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    numbers = [bool(body) and all(row[column][:1].isdigit() for row in body) for column in range(len(head))]
    marks = ["---:" if right else "---" for right in numbers]
    return [f"| {' | '.join(row)} |" for row in [head, marks, *body]]


def ratio(entry):
    """How many times the floor's figure, and which figure that is where it is not CPU time."""
    return f"{entry['ratio']:.2f}{' × req/s' if entry.get('measure') == 'rate' else ''}"


def bound(entry):
    return f"{'≥ ' if entry.get('measure') == 'rate' else ''}{entry['aim']:.2f}"


def aim(entry):
    return f"{bound(entry)} {'reached' if entry['aim_reached'] else '**missed**'}"


def figure(number):
    """Three digits that count."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
