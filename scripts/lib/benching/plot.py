"""Draws the plots as SVG, by hand: a card with its own ground, so that it is legible on light and dark pages alike."""

from html import escape
from math import ceil, log10

WIDTH = 760
LEFT = 210
RIGHT = 170
FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif"

# Light and dark values of each part; what tells lines apart is also written at their ends.
INKS = {
    "ground": ("#fcfcfb", "#1a1a19"), "text": ("#0b0b0b", "#ffffff"), "quiet": ("#52514e", "#c3c2b7"),
    "rule": ("#e1e0d9", "#3a3a38"), "other": ("#a9a89f", "#75746d"), "own": ("#2a78d6", "#3987e5"),
    "line0": ("#2a78d6", "#3987e5"), "line1": ("#1b8a5f", "#2fb887"), "line2": ("#c2571a", "#e8834a"),
    "line3": ("#6a4fc0", "#9d86ea"),
}


def card(height, title, parts):
    """A whole picture. Its colours follow the reader's preference."""
    def rules(shade):
        return " ".join(f".{name}{{fill:{inks[shade]}}} .{name}-stroke{{stroke:{inks[shade]}}}"
                        for name, inks in INKS.items())

    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(title)}" font-family="{FONT}" font-size="13">',
        f"<style>{rules(0)} @media (prefers-color-scheme: dark) {{{rules(1)}}}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{height}" rx="8"/>',
        text(20, 28, title, weight=600),
        *parts, "</svg>", ""])


def text(x, y, words, ink="text", anchor="start", weight=400, size=13):
    return (f'<text class="{ink}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
            f'font-size="{size}">{escape(str(words))}</text>')


def bar(x, y, width, ink, height=16):
    return f'<rect class="{ink}" x="{x:.1f}" y="{y:.1f}" width="{max(1.0, width):.1f}" height="{height}" rx="2"/>'


def rule(x1, y1, x2, y2, ink="rule", width=1):
    return f'<line class="{ink}-stroke" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke-width="{width}"/>'


def micros(number):
    return f"{number:,.0f} µs" if number >= 100 else f"{number:.1f} µs"


def peers(entries):
    """Bars on a logarithmic scale: between bare hyper and Flask lie two orders of magnitude."""
    most = max(run["cpu_us"] for entry in entries for run in entry["sides"].values())
    decades = max(1, ceil(log10(most)))
    span = WIDTH - LEFT - RIGHT

    def length(value):
        return span * log10(max(1.0, value)) / decades

    y, parts = 54, []
    for entry in entries:
        parts.append(text(20, y + 4, f"{entry['name']}: {entry['summary']}", "quiet"))
        y += 16
        top = y
        bars = []
        for label, run in sorted(entry["sides"].items(), key=lambda side: side[1]["cpu_us"]):
            own = label.startswith("Shopkeeper")
            bars += [text(LEFT - 10, y + 13, label, anchor="end", weight=600 if own else 400),
                     bar(LEFT, y, length(run["cpu_us"]), "own" if own else "other"),
                     text(LEFT + length(run["cpu_us"]) + 8, y + 13, micros(run["cpu_us"]))]
            y += 22
        for decade in range(decades + 1):
            x = LEFT + span * decade / decades
            parts += [rule(x, top - 2, x, y), text(x, y + 14, f"{10 ** decade:,}", "quiet", "middle", size=11)]
        parts += bars
        y += 38
    parts.append(text(LEFT, y - 6, "CPU time per request in µs on one core; the scale is logarithmic", "quiet", size=11))
    return card(y + 10, "The same reads from the same database", parts)


def workloads(entries):
    """Multiples of the floor's CPU time, which is the line at 1; a stroke through each bar is the aim. What is compared by its
    rate stands in the table alone."""
    entries = [entry for entry in entries if entry["measure"] == "cpu"]
    span = WIDTH - LEFT - RIGHT
    most = max([1.0, *(max(entry["ratio"], entry["aim"]) for entry in entries)])

    def x(ratio):
        return LEFT + span * ratio / most

    y, bars = 54, []
    for entry in entries:
        ours, theirs = entry["sides"]["server"]["cpu_us"], entry["sides"]["floor"]["cpu_us"]
        bars += [text(LEFT - 10, y + 13, f"{entry['name']}, {entry['connections']} connections", anchor="end"),
                 bar(LEFT, y, x(entry["ratio"]) - LEFT, "own"),
                 rule(x(entry["aim"]), y - 3, x(entry["aim"]), y + 19, "text", 2),
                 text(LEFT + span + 12, y + 7, f"{entry['ratio']:.2f} × {entry['floor_is']}", size=11),
                 text(LEFT + span + 12, y + 20, f"{micros(ours)} to {micros(theirs)}", "quiet", size=11)]
        y += 30
    parts = [rule(x(1), 46, x(1), y, "other"), text(x(1), y + 12, "the floor", "quiet", "middle", size=11), *bars,
             text(LEFT, y + 30, "CPU time per request as a multiple of the floor's; the stroke is the aim", "quiet",
                  size=11)]
    return card(y + 44, "Shopkeeper beside its floors", parts)


def flat(entries):
    """A line for each question over catalogues of growing size; the scale of costs begins at nought."""
    left, right, top, bottom, height = 60, 190, 54, 330, 386
    sizes = [int(size) for size in entries[0]["sides"]]
    most = max(run["cpu_us"] for entry in entries for run in entry["sides"].values())
    step = nice(most / 4)
    highest = step * ceil(most / step)

    def x(size):
        low, high = log10(sizes[0]), log10(sizes[-1])
        return left + (WIDTH - left - right) * ((log10(size) - low) / (high - low) if high > low else 0.5)

    def y(cost):
        return bottom - (bottom - top) * cost / highest

    parts = []
    for turn in range(round(highest / step) + 1):
        parts += [rule(left, y(turn * step), WIDTH - right, y(turn * step)),
                  text(left - 8, y(turn * step) + 4, f"{turn * step:g}", "quiet", "end", size=11)]
    parts += [text(x(size), bottom + 18, f"{size:,}", "quiet", "middle", size=11) for size in sizes]
    ends = []
    for number, entry in enumerate(entries):
        points = [(x(size), y(entry["sides"][str(size)]["cpu_us"])) for size in sizes]
        ink = f"line{number % 4}"
        parts.append(f'<polyline class="{ink}-stroke" fill="none" stroke-width="2" points="'
                     + " ".join(f"{a:.1f},{b:.1f}" for a, b in points) + '"/>')
        parts += [f'<circle class="{ink}" cx="{a:.1f}" cy="{b:.1f}" r="3.5"/>' for a, b in points]
        last = entry["sides"][str(sizes[-1])]["cpu_us"]
        ends.append((points[-1][1], f"{entry['name']}  {micros(last)}", ink))
    parts += [text(WIDTH - right + 10, place + 4, words, ink, weight=600, size=12)
              for place, words, ink in apart(ends, 16)]
    parts.append(text(left, height - 14, "CPU time per request in µs on one core, by products in the catalogue", "quiet",
                      size=11))
    return card(height, "Does the size of the catalogue cost anything?", parts)


def apart(labels, least):
    """The labels with their places moved so that none covers the one above it."""
    moved, previous = [], float("-inf")
    for place, *rest in sorted(labels):
        previous = max(place, previous + least)
        moved.append((previous, *rest))
    return moved


def nice(step):
    """The next of 1, 2 and 5 times a power of ten."""
    power = 10 ** (ceil(log10(step)) - 1) if step > 0 else 1
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= step)


DRAWN = {"workloads": workloads, "peers": peers, "flat": flat}
