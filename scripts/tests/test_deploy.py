"""deploy/: what its files say of the server is so. Whether they are well formed is for scripts/check deploy."""

import ipaddress
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import deploy_tools  # noqa: E402
from deploy_tools import ALERTS, DASHBOARD, DEPLOY, UNIT  # noqa: E402
from rust_source import code_only, test_lines as lines_of_tests  # noqa: E402
from sections import ROOT  # noqa: E402

METRIC = re.compile(r"\bshopkeeper_[a-z0-9_]+")
SETTING = re.compile(r"\bSHOPKEEPER_[A-Z_]+")
# Those of the scrape are Prometheus' own.
LABELS = {"operation", "status", "action", "client", "le", "instance", "state", "policy", "outcome", "version",
          "profile"}
PANELS = [panel for panel in json.loads(DASHBOARD.read_text())["panels"] if panel["type"] != "row"]
PRIVATE = {"/metrics", "/healthz", "/readyz"}


def source(*names):
    """The source of files below src/, without the lines of their tests."""
    for name in names:
        text = (ROOT / "src" / name).read_text()
        tests = lines_of_tests(code_only(text))
        yield "\n".join(line for number, line in enumerate(text.split("\n"), 1) if number not in tests)


def series(text):
    """The names under which a file's metrics can be asked for."""
    names = set(re.findall(r'"(shopkeeper_[a-z0-9_]+)"', text))
    # Histograms are told in buckets.
    spread = {name for name in names if name.endswith("_duration_seconds")}
    return names - spread | {name + end for name in spread for end in ("_bucket", "_sum", "_count")}


# HTTP's own numbers, and those of all other rooms.
TELLING = {"http/metrics.rs", "http/retired.rs", "numbers.rs"}
TOLD = set().union(*map(series, source(*TELLING)))


def manifest(name):
    return yaml.safe_load((DEPLOY / "kubernetes" / f"{name}.yaml").read_text())


def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_names_of_metrics_are_found_in_the_source():
    assert {"shopkeeper_http_requests_total", "shopkeeper_cache_hits_total", "shopkeeper_events_told_total",
            "shopkeeper_database_long_reads_total", "shopkeeper_http_request_duration_seconds_bucket"} <= TOLD
    assert "shopkeeper_http_request_duration_seconds" not in TOLD


def test_no_other_file_tells_metrics():
    telling = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.rs")
               if any(re.search(r'"shopkeeper_[a-z]', text) for text in source(path.relative_to(ROOT / "src")))}
    assert telling == TELLING


@pytest.mark.parametrize("file", [DASHBOARD, ALERTS, ALERTS.parent / "alerts.test.yaml"], ids=lambda file: file.name)
def test_every_metric_that_is_asked_for_is_told_by_the_server(file):
    asked = set(METRIC.findall(file.read_text()))
    assert asked
    assert asked - TOLD == set()


def test_the_dashboard_shows_every_metric():
    shown = set(METRIC.findall(DASHBOARD.read_text()))
    assert {name for name in TOLD if not name.endswith(("_sum", "_count"))} - shown == set()


def test_queries_ask_for_labels_that_the_metrics_have():
    expressions = [expr for _, expr in deploy_tools.dashboard_expressions({"panels": PANELS})]
    expressions += [rule["expr"] for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    asked = {label for expr in expressions for label in re.findall(r'(\w+)\s*(?:=~|!~|!=|=)\s*"', expr)}
    asked |= {label.strip() for expr in expressions for labels in re.findall(r"by \(([^)]*)\)", expr)
              for label in labels.split(",")}
    assert {"operation", "status"} <= asked
    assert asked - LABELS == set()


def test_panels_lie_beside_each_other():
    taken = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken and max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
    ids = [panel["id"] for panel in json.loads(DASHBOARD.read_text())["panels"]]
    assert len(ids) == len(set(ids))


def test_every_alert_is_tried_and_says_what_to_do():
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    tried = yaml.safe_load((ALERTS.parent / "alerts.test.yaml").read_text())["tests"]
    speaking = {trial["alertname"] for test in tried for trial in test["alert_rule_test"] if trial.get("exp_alerts")}
    silent = {trial["alertname"] for test in tried for trial in test["alert_rule_test"] if not trial.get("exp_alerts")}
    assert speaking == silent == {rule["alert"] for rule in rules}
    assert all({"summary", "description"} <= set(rule["annotations"]) for rule in rules)


def test_every_setting_that_is_named_is_one():
    known = set(re.findall(r'env = "(SHOPKEEPER_\w+)"', (ROOT / "src" / "cli" / "given.rs").read_text()))
    # What Kubernetes would set by itself is named where it is kept away.
    known.add("SHOPKEEPER_PORT")
    named = {name for path in DEPLOY.rglob("*") if path.is_file() for name in SETTING.findall(path.read_text())}
    assert {"SHOPKEEPER_PUBLIC_URL", "SHOPKEEPER_TRUSTED_PROXIES"} <= named
    assert named - known == set()


def test_the_image_is_named_by_the_program_s_version():
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    image = f"shopkeeper:{version}"
    pods = manifest("statefulset")["spec"]["template"]["spec"]
    assert compose()["services"]["shopkeeper"]["image"] == image
    assert [container["image"] for container in pods["containers"]] == [image]
    assert f"-t {image} " in (DEPLOY / "Containerfile").read_text()


def test_the_image_s_rust_is_new_enough():
    least = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["rust-version"]
    used = re.search(r"^FROM rust:(\d+\.\d+)-", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)[1]
    assert [int(part) for part in used.split(".")] >= [int(part) for part in least.split(".")]


def test_whatever_the_build_reads_travels_into_the_image():
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    copied = {name for line in lines if line.startswith("COPY ") and "--from" not in line for name in line.split()[1:-1]}
    sent = {line[1:] for line in (DEPLOY / "Containerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
    members = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["members"]
    read = {"Cargo.toml", "Cargo.lock", "src", *(member.split("/")[0] for member in members)}
    for path in [path for room in ("src", "contract/src", "generated/src", "migrations/src")
                 for path in (ROOT / room).rglob("*.rs")]:
        for name in re.findall(r'include_(?:str|bytes)!\("([^"]+)"\)', path.read_text()):
            read.add((path.parent / name).resolve().relative_to(ROOT).as_posix())
        if 'env!("CARGO_MANIFEST_DIR"), "/assets/"' in path.read_text():
            read.add("assets")
    assert {"openapi.yaml", "assets", "tests/clients/languages.json"} <= read
    assert copied == sent
    assert {name for name in read if not any(name == path or name.startswith(f"{path}/") for path in copied)} == set()


def test_kubernetes_runs_one_server_that_keeps_its_keys_and_hears_no_stranger_s_settings():
    state = manifest("statefulset")
    pod = state["spec"]["template"]["spec"]
    assert state["spec"]["replicas"] == 1
    assert pod["enableServiceLinks"] is False
    assert pod["securityContext"]["fsGroupChangePolicy"] == "OnRootMismatch"
    assert set(manifest("kustomization")["resources"]) == {
        path.name for path in (DEPLOY / "kubernetes").glob("*.yaml")} - {"kustomization.yaml"}


def test_all_run_as_somebody_who_owns_nothing_on_a_root_that_is_read_only():
    pod = manifest("statefulset")["spec"]["template"]["spec"]
    user = int(re.search(r"^USER (\d+):", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)[1])
    assert user == pod["securityContext"]["runAsUser"] != 0
    assert all(container["securityContext"]["readOnlyRootFilesystem"] for container in pod["containers"])
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in compose()["services"].values())


def test_every_stop_leaves_more_time_than_the_server_takes():
    grace = 20  # SHOPKEEPER_SHUTDOWN_GRACE in src/settings.rs
    assert f'shutdown_grace).time("{grace}s")' in (ROOT / "src" / "settings.rs").read_text()
    pod = manifest("statefulset")["spec"]["template"]["spec"]
    unit = re.search(r"^TimeoutStopSec=(\d+)s$", UNIT.read_text(), re.MULTILINE)[1]
    stop = compose()["services"]["shopkeeper"]["stop_grace_period"].removesuffix("s")
    assert min(pod["terminationGracePeriodSeconds"], int(unit), int(stop)) > grace


def test_compose_trusts_its_proxy_and_nobody_else():
    shop, proxy = (compose()["services"][name] for name in ("shopkeeper", "proxy"))
    address = proxy["networks"]["inside"]["ipv4_address"]
    assert shop["environment"]["SHOPKEEPER_TRUSTED_PROXIES"] == address
    subnet = compose()["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert ipaddress.ip_address(address) in ipaddress.ip_network(subnet)
    assert "ports" not in shop


def test_the_cluster_trusts_its_balancer_and_shares_what_its_instances_must_share():
    cluster = yaml.safe_load((DEPLOY / "cluster" / "compose.yaml").read_text())
    services, [subnet] = cluster["services"], cluster["networks"]["inside"]["ipam"]["config"]
    address = services["haproxy"]["networks"]["inside"]["ipv4_address"]
    assert ipaddress.ip_address(address) in ipaddress.ip_network(subnet["subnet"])
    shops = [services[name] for name in ("shop1", "shop2")]
    for name in ("TRUSTED_PROXIES", "DATABASE_URL_FILE", "REDIS_URL", "KEYS_DIR"):
        assert len({shop["environment"][f"SHOPKEEPER_{name}"] for shop in shops}) == 1, name
    balancer = (DEPLOY / "cluster" / "haproxy.cfg").read_text()
    for name, shop in zip(("shop1", "shop2"), shops):
        environment = shop["environment"]
        assert environment["SHOPKEEPER_TRUSTED_PROXIES"] == address and "ports" not in shop
        assert f"server {name} {name}:8080 check inter 500ms fall 1" in balancer
        # HAProxy asks twice a second, and a stop takes the delay and then the grace.
        assert environment["SHOPKEEPER_DRAIN_DELAY"] == "2s"
        assert int(shop["stop_grace_period"].removesuffix("s")) > 2 + 20


def test_the_world_sees_all_pages_but_the_operator_s():
    [text] = source("http/pages/mod.rs")
    pages = set(re.findall(r'(?:page\(\s*|path: )"(/[^"]*)"', text))
    assert PRIVATE < pages and "/docs/init.js" in pages
    api = re.search(r'BASE_PATH: &str = "([^"]+)"', (ROOT / "generated" / "src" / "lib.rs").read_text())[1]
    rules = manifest("ingress")["spec"]["rules"][0]["http"]["paths"]

    def seen(path):
        return any(path == rule["path"] or rule["pathType"] == "Prefix" and path.startswith(rule["path"] + "/")
                   for rule in rules)

    assert {path for path in pages if not seen(path)} == PRIVATE
    assert seen(f"{api}/products")
    [hidden] = re.findall(r"^\t@inside path (.*)$", (DEPLOY / "Caddyfile").read_text(), re.MULTILINE)
    assert set(hidden.split()) == PRIVATE
