"""The shops that the bench measures: made once by the program itself, and slowed alike for everybody."""

import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from benching import seeding, slow_disk  # noqa: E402
from benching.load import KEY, Generator  # noqa: E402
from server import ServerFault  # noqa: E402


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program that writes its words into the data folder, and down that it was called."""
    monkeypatch.setattr(seeding, "SHOPS", tmp_path / "shops")
    path = tmp_path / "program"
    path.write_text(f"""#!/bin/sh
echo called >> {tmp_path}/calls
[ "$5" = 2026-11-01T00:00:00Z ] || exit 1
mkdir -m 700 "$SHOPKEEPER_DATA_DIR" && echo "$@" > "$SHOPKEEPER_DATA_DIR/words"
""")
    path.chmod(0o755)
    return path


def calls(tmp_path):
    return (tmp_path / "calls").read_text().count("called")


def test_a_shop_of_one_size_is_made_once_and_copied(program, tmp_path):
    for folder in ("one", "two"):
        seeding.fill(program, tmp_path / folder, users=3, orders=4)
        assert (tmp_path / folder / "words").read_text() == \
            "seed --seed 1 --until 2026-11-01T00:00:00Z --users 3 --orders 4\n"
    assert calls(tmp_path) == 1
    seeding.fill(program, tmp_path / "three", users=3, orders=5)
    assert calls(tmp_path) == 2
    assert (tmp_path / "three").stat().st_mode & 0o777 == 0o700


def test_a_shop_is_made_anew_when_a_seed_would_make_another(program, tmp_path, monkeypatch):
    seeding.fill(program, tmp_path / "one", users=3)
    monkeypatch.setattr(seeding, "digest", lambda _root: "other")
    seeding.fill(program, tmp_path / "two", users=3)
    assert calls(tmp_path) == 2
    assert [path.name for path in seeding.SHOPS.iterdir()] == ["other"]


def test_a_shop_that_could_not_be_made_is_not_found_later(program, tmp_path, monkeypatch):
    monkeypatch.setattr(seeding, "UNTIL", "never")
    for turn in range(2):
        with pytest.raises(ServerFault):
            seeding.fill(program, tmp_path / "one", users=3)
        assert calls(tmp_path) == turn + 1


def test_what_seeds_and_what_keeps_tables_decide_together_which_shop_is_found(tmp_path):
    for source in seeding.SOURCES:
        path = tmp_path / source
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix:
            path.write_text("one")
        else:
            path.mkdir()
            (path / "mod.rs").write_text("one")
    found = {seeding.digest(tmp_path)}
    for source in seeding.SOURCES:
        path = tmp_path / source
        (path if path.suffix else path / "mod.rs").write_text("another")
        found.add(seeding.digest(tmp_path))
    assert len(found) == 1 + len(seeding.SOURCES)


def test_a_slow_disk_is_slow_and_still_syncs(tmp_path):
    program = f"""
import os, time
file = os.open({str(tmp_path / "file")!r}, os.O_CREAT | os.O_WRONLY)
before = time.monotonic()
for sync in (os.fsync, os.fdatasync):
    sync(file)
print(time.monotonic() - before)
try:
    os.fsync(os.pipe()[0])
except OSError as fault:
    print(fault.errno)
"""
    environment = {"PATH": os.environ["PATH"]} | slow_disk.environment(40)
    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    seconds, fault = told.stdout.split()
    assert float(seconds) >= 0.08
    assert int(fault) == 22, "a real sync tells what is wrong"
    assert slow_disk.environment(0) == {}


class Writing(http.server.BaseHTTPRequestHandler):
    """Writes down the keys that it sees."""

    protocol_version = "HTTP/1.1"
    keys: list

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.keys.append(self.headers["Idempotency-Key"])
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words):
        pass


@pytest.mark.skipif(shutil.which("wrk") is None, reason="the load generator is installed by scripts/bench")
def test_the_load_generator_sends_each_key_once_in_all_its_runs(tmp_path):
    seen = type("Seen", (Writing,), {"keys": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), seen) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        request = f"POST / HTTP/1.1\r\nHost: h\r\nIdempotency-Key: {KEY}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
        generator = Generator([request, request], 2, 0, tmp_path)
        for _ in range(2):
            generator.run(server.server_address[1], 1)
        server.shutdown()
    assert len(seen.keys) > 10
    assert len(set(seen.keys)) == len(seen.keys)
