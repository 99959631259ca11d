"""Has each file of deploy/ judged by the program that reads it in the end, or by the linter that stands for it."""

import json
import tempfile
from pathlib import Path

import services
from sections import ROOT, CannotRun, command
from tools import VENV, debian_files, debian_tool, python_packages

DEPLOY = ROOT / "deploy"
OURS = ROOT / "scripts" / "deploy"
DASHBOARD = DEPLOY / "grafana" / "shopkeeper.json"
ALERTS = DEPLOY / "prometheus" / "alerts.yaml"
UNIT = DEPLOY / "systemd" / "shopkeeper.service"
# systemd's own measure of what a service could do to its machine, in tenths: 100 is everything.
EXPOSURE = 15
# Stands for the server, which need not be installed where its unit is judged.
STAND_IN = "/bin/true"


def check():
    """Judges all files; (passed, failed). A tool that cannot be had hides no fault that another found.

    Raises CannotRun when a tool is missing and nothing else is wrong.
    """
    judges = {"image": _image, "YAML": _yaml, "compose": _compose, "proxy": _proxy, "balancer": _balancer, "unit": _unit,
              "Kubernetes": _kubernetes, "Prometheus": _prometheus, "dashboard": _dashboard}
    passed, failed, lacking = 0, 0, []
    for what, judge in judges.items():
        try:
            judge()
        except CannotRun as reason:
            lacking.append(f"{what}: {reason}")
        except (RuntimeError, OSError) as fault:
            print(f"FAILED: {what}: {fault}", flush=True)
            failed += 1
        else:
            passed += 1
    if lacking and not failed:
        raise CannotRun("; ".join(lacking))
    return passed, failed


def dashboard_expressions(dashboard):
    """(panel's title, PromQL) of every query, Grafana's own variables replaced by what they stand for."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"].replace("$__rate_interval", "5m")


def _image():
    command(_python_tools() / "hadolint", DEPLOY / "Containerfile")


def _yaml():
    command(_python_tools() / "yamllint", "--strict", "-c", OURS / "yamllint.yaml", *sorted(DEPLOY.rglob("*.yaml")))


def _compose():
    for file in (DEPLOY / "compose.yaml", DEPLOY / "cluster" / "compose.yaml"):
        command(_python_tools() / "python", "-B", OURS / "compose.py", file)


def _proxy():
    caddy = debian_files("caddy") / "usr" / "bin" / "caddy"
    with tempfile.TemporaryDirectory(prefix="caddy-") as home:
        places = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home, "SHOP_HOST": "shop.example"}
        command(caddy, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile", env=places)


def _balancer():
    haproxy, environment = services.find("haproxy", services.HAPROXY_PACKAGES, "/usr/sbin")
    command(haproxy, "-c", "-f", DEPLOY / "cluster" / "haproxy.cfg", env=environment)


def _unit():
    analyze = debian_tool("systemd-analyze", "systemd")
    with tempfile.TemporaryDirectory(prefix="unit-") as folder:
        unit = Path(folder) / UNIT.name
        unit.write_text(UNIT.read_text().replace("ExecStart=/usr/local/bin/shopkeeper", f"ExecStart={STAND_IN}"))
        command(analyze, "verify", "--man=no", "--recursive-errors=no", unit)
        command(analyze, "security", "--no-pager", "--offline=true", f"--threshold={EXPOSURE}", unit)


def _kubernetes():
    manifests = [path for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")) if path.stem != "kustomization"]
    command(_python_tools() / "kubernetes-validate", "--strict", *manifests)


def _prometheus():
    promtool = _promtool()
    command(promtool, "check", "config", "--lint-fatal", ALERTS.parent / "prometheus.yaml")
    command(promtool, "test", "rules", ALERTS.parent / "alerts.test.yaml")


def _dashboard():
    """Grafana hands the queries on as they are: they are judged as rules."""
    expressions = dashboard_expressions(json.loads(DASHBOARD.read_text()))
    rules = [{"record": f"panel:query_{number}", "expr": expr} for number, (_, expr) in enumerate(expressions)]
    with tempfile.TemporaryDirectory(prefix="dashboard-") as folder:
        file = Path(folder) / "queries.yaml"
        file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
        command(_promtool(), "check", "rules", file)


def _promtool():
    return debian_files("prometheus") / "usr" / "bin" / "promtool"


def _python_tools():
    return python_packages(OURS / "requirements.txt", VENV.parent / "deploy")
