"""What the bench shows of its figures: tables, plots, and what may stand in the README."""

import copy
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from benching import plot, publish, report  # noqa: E402
from benching.targets import Run  # noqa: E402
from benching.workloads import WORKLOADS  # noqa: E402
from sections import ROOT, CannotRun  # noqa: E402


def run(cost):
    return Run(cost, cost / 2, cost / 2, 1000, 1e6 / cost, 100, 200, 30.0, 20.0, 0.5)


def workloads(factor=1.1):
    return [report.compared(workload, connections, {"server": [run(9 * factor)] * 3, "floor": [run(9)] * 3}, 400)
            for workload in WORKLOADS for connections in workload.connections]


def peers():
    runs = {"bare hyper": [run(7)], "Shopkeeper, kept": [run(9)], "Shopkeeper, fresh": [run(40)], "Flask": [run(700)]}
    return [report.raced("product", "one product", 32, runs, 400, "Shopkeeper, kept")]


def flat(worst=1.1):
    runs = {"1000": [run(10)], "10000": [run(10.5)], "1000000": [run(10 * worst)]}
    ratios = {label: (each[0].cpu_us / 10,) * 3 for label, each in runs.items()}
    return [report.levelled({"name": name, "summary": name, "connections": 32, "aim": 1.25, "runs": runs,
                             "ratios": ratios, "deep_pages": {label: int(label) // 20 for label in runs}}) for name in ("product", "walk-first", "walk-deep")]


def results():
    settings = {"rounds": 5, "seconds": 4, "rate_limits": "on", "profile": "release", "callers": 600, "users": 10_000,
                "products": 1000, "orders": 50_000, "generator": "wrk 4.1.0", "partial": False}
    made = {name: report.document(settings, entries)
            for name, entries in (("workloads", workloads()), ("peers", peers()), ("flat", flat()))}
    for result in made.values():
        result["uncommitted_changes"] = False
    return copy.deepcopy(made)


def test_an_aim_is_reached_at_its_very_value_and_missed_above():
    workload = WORKLOADS[0]
    assert [report.compared(workload, 32, {"server": [run(cost)], "floor": [run(10)]}, 1)["aim_reached"]
            for cost in (10 * workload.aim, 10 * workload.aim + 0.1)] == [True, False]


def test_an_aim_of_a_rate_is_reached_at_its_very_value_and_missed_below():
    workload = next(each for each in WORKLOADS if each.measure == "rate")
    entries = [report.compared(workload, 32, {"server": [run(cost)], "floor": [run(10 * workload.aim)]}, 1)
               for cost in (10, 10.1)]
    assert [entry["aim_reached"] for entry in entries] == [True, False]
    assert "at least 5.00: reached" in report.verdict(entries[0])
    assert publish.aim(entries[1]) == "≥ 5.00 **missed**"


def test_a_section_that_holds_rates_alone_can_be_drawn():
    assert plot.workloads([entry for entry in workloads() if entry["measure"] == "rate"])


def test_the_farthest_size_decides_whether_costs_are_flat():
    assert [flat(worst)[0]["aim_reached"] for worst in (1.2, 1.3)] == [True, False]
    assert flat(1.3)[0]["ratio"] == 1.3


def test_tables_name_every_side_and_every_verdict():
    for name, result in results().items():
        lines = "\n".join(report.table(result))
        for entry in result["entries"]:
            assert all(f"{entry['name']}@{entry['connections']}/{label}" in lines for label in entry["sides"])
        assert ("reached" in lines) == (name != "peers")


@pytest.mark.parametrize("section", publish.SECTIONS)
def test_plots_are_well_formed_and_have_colours_for_light_and_dark(section):
    drawn = plot.DRAWN[section](results()[section]["entries"])
    picture = ElementTree.fromstring(drawn)
    assert picture.get("aria-label")
    style = picture.find("{http://www.w3.org/2000/svg}style").text
    used = {each.get("class").removesuffix("-stroke") for each in picture.iter() if each.get("class")}
    light, _, dark = style.partition("prefers-color-scheme: dark")
    assert used <= set(plot.INKS)
    assert all(f".{ink}{{" in light and f".{ink}{{" in dark for ink in used)


@pytest.mark.parametrize("section", publish.SECTIONS)
def test_nothing_is_drawn_outside_the_picture(section):
    picture = ElementTree.fromstring(plot.DRAWN[section](results()[section]["entries"]))
    height = float(picture.get("height"))
    for each in picture.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(each.get("x", 0)) + float(each.get("width")) <= plot.WIDTH
        assert float(each.get("y", 0)) + float(each.get("height")) <= height
    for each in picture.iter("{http://www.w3.org/2000/svg}text"):
        # Letters are about half as wide as they are high.
        width = len(each.text) * float(each.get("font-size")) * 0.55
        end = float(each.get("x")) + width * {"start": 1, "middle": 0.5, "end": 0}[each.get("text-anchor")]
        assert end - width >= 0, each.text
        assert end <= plot.WIDTH, each.text
        assert float(each.get("y")) < height, each.text


def test_labels_are_moved_apart_and_keep_their_order():
    assert plot.apart([(10, "b"), (9, "a"), (40, "c")], 16) == [(9, "a"), (25, "b"), (41, "c")]


def test_scales_have_round_steps():
    assert [plot.nice(step) for step in (0.7, 1, 1.2, 3, 7, 60)] == [1, 1, 2, 5, 10, 100]


def test_the_page_and_the_readme_show_every_section():
    page = publish.page(results())
    assert all(f"]({section}.svg)" in page for section in publish.SECTIONS)
    assert all(workload.summary in page for workload in WORKLOADS)
    short = "\n".join(publish.short(results()))
    assert "docs/bench/peers.svg" in short
    assert "docs/bench/flat.svg" in short


def test_only_the_marked_part_of_the_readme_is_replaced():
    text = f"before\n{publish.BEGIN}\nold\n{publish.END}\nafter\n"
    once = publish.spliced(text, "new")
    assert once == f"before\n{publish.BEGIN}\nnew\n{publish.END}\nafter\n"
    assert publish.spliced(once, "new") == once
    with pytest.raises(CannotRun):
        publish.spliced("no marks", "new")


def test_the_readme_has_the_marks():
    publish.spliced((ROOT / "README.md").read_text(), "")


@pytest.mark.parametrize(("section", "change"), [
    ("workloads", {"profile": "dev"}), ("peers", {"rounds": 2}), ("flat", {"rate_limits": "off"}),
    ("workloads", {"partial": True}),
])
def test_figures_taken_in_passing_are_not_published(section, change):
    given = results()
    publish.unworthy(given)
    given[section]["settings"] |= change
    with pytest.raises(CannotRun, match=section):
        publish.unworthy(given)


def test_publishing_writes_the_page_its_plots_and_the_readme_s_part(tmp_path, monkeypatch):
    measured, docs, readme = tmp_path / "measured", tmp_path / "docs", tmp_path / "README.md"
    for section, result in results().items():
        report.write(measured / f"{section}.json", result)
    readme.write_text(f"before\n{publish.BEGIN}\n{publish.END}\nafter\n")
    for name, value in (("ROOT", tmp_path), ("DOCS", docs), ("README", readme)):
        monkeypatch.setattr(publish, name, value)
    publish.publish(measured)
    assert {path.name for path in docs.iterdir()} == {"README.md", "workloads.svg", "peers.svg", "flat.svg"}
    assert "| one product | 32, 256 | 9.90, 9.90 |" in readme.read_text()


def test_a_section_that_was_not_measured_keeps_the_rest_from_being_published():
    given = results()
    del given["flat"]
    with pytest.raises(CannotRun, match="flat was not measured"):
        publish.unworthy(given)
