"""Which versions of Debian's packages are told about, and that somebody tried each package that the scripts install."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "lib"))

import postgres  # noqa: E402
import services  # noqa: E402
import sessions  # noqa: E402
import tools  # noqa: E402

NAMED = re.compile(r'debian_(?:tool\("[^"]+", |files\()"([^"]+)"')


def test_versions_of_the_line_that_was_tried_are_passed_over():
    for package, version in [
        ("haproxy", "2.6.12-1+deb12u4"), ("redis-server", "5:7.0.15-1~deb12u10"), ("default-jre-headless", "2:1.17-74"),
        ("postgresql-15", "15.20-0+deb12u1"), ("prometheus", "2.42.0+ds-5+deb12u1"), ("npm", "9.2.0~ds1-1"),
    ]:
        assert tools.another_than_tried(package, version) is None, package


def test_versions_of_another_line_are_told_about():
    for package, version in [
        ("haproxy", "2.60.1-1"), ("haproxy", "3.0.11-1"), ("redis-server", "5:8.0.2-3"), ("openssl", "3.5.1-1"),
    ]:
        told = tools.another_than_tried(package, version)
        assert package in told and tools.TRIED[package] in told, told


def test_packages_that_nobody_pins_are_passed_over():
    assert tools.another_than_tried("chromium", "200.0-1") is None


def test_an_archive_is_named_by_its_package_and_version():
    assert tools.archive_names("redis-server_5%3a7.0.15-1~deb12u10_amd64.deb") == ("redis-server", "5:7.0.15-1~deb12u10")


def test_every_package_that_is_installed_was_tried():
    named = {*postgres.PACKAGES, *services.REDIS_PACKAGES, *services.HAPROXY_PACKAGES, *sessions.PROGRAMS.values()}
    sources = [*(ROOT / "scripts").glob("*"), *(ROOT / "scripts" / "lib").rglob("*.py"), ROOT / "tests" / "e2e" / "run"]
    for path in filter(Path.is_file, sources):
        named |= set(NAMED.findall(path.read_text()))
    assert {"caddy", "wrk", "haproxy", "jq"} <= named
    untried = {name for name in named - set(tools.TRIED) if not name.startswith(("lib", "golang-"))}
    assert untried <= {"chromium"}, untried
