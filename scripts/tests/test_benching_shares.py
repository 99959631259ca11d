"""A share of a processor is all that a process gets, however much is free."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import process  # noqa: E402
from benching import shares  # noqa: E402
from benching.shares import Share  # noqa: E402
from sections import CannotRun  # noqa: E402

BURN = "import threading\nfor _ in range(2): threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()\n"
SECONDS = 1.0


@pytest.fixture
def share():
    try:
        with Share("test", 0.2) as share:
            yield share
    except CannotRun as reason:
        pytest.skip(str(reason))


def test_a_process_gets_its_share_and_no_more(share):
    with subprocess.Popen([sys.executable, "-c", BURN]) as burner:
        try:
            share.hold(burner.pid)
            # What it used before counts for nothing.
            before, begin = process.cpu_time(burner.pid), time.monotonic()
            time.sleep(SECONDS)
            used = (process.cpu_time(burner.pid) - before).total / (time.monotonic() - begin)
        finally:
            burner.kill()
    assert 0.05 < used < 0.25, f"it used {used:.2f} of a core"


def test_nothing_of_a_share_stays(share):
    folder = share.folder
    assert folder.is_dir()
    share.__exit__()
    assert not folder.exists()


def test_where_there_is_no_control_group_that_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(shares, "ROOT", tmp_path / "none")
    with pytest.raises(CannotRun, match="share of the processor"):
        with Share("test", 0.2):
            pass


def test_both_versions_are_spoken(tmp_path, monkeypatch):
    monkeypatch.setattr(shares, "ROOT", tmp_path)
    for first in (False, True):
        if first:
            (tmp_path / "cpu").mkdir()
            (tmp_path / "cpu" / "cgroup.procs").write_text("")
        share = Share("test", 0.25)
        share.__enter__()
        if first:
            assert (share.folder / "cpu.cfs_quota_us").read_text() == "2500"
            assert (share.folder / "cpu.cfs_period_us").read_text() == "10000"
        else:
            assert (share.folder / "cpu.max").read_text() == "2500 10000"
        assert share.folder.parent == (tmp_path / "cpu" if first else tmp_path)
