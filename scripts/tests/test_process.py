"""scripts/lib/process.py reads what a process costs, its children and ended threads included."""

import os
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import process  # noqa: E402

BURN = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
THREAD = f"import threading\nburner = threading.Thread(target=lambda: exec({BURN!r}))\nburner.start(); burner.join()\n"
WAIT = "print('done', flush=True); input()"
CHILD = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {BURN + WAIT!r}], stdin=subprocess.PIPE)"
CHILD_THAT_ENDED = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])\n{WAIT}"


def burnt(program):
    """CPU seconds of a program by the time it has printed a line."""
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        running.stdout.readline()
        spent = process.cpu_time(running.pid).total
        running.stdin.close()
        for child in process.descendants(running.pid):
            os.kill(child, 9)
        running.kill()
    return spent


def test_a_thread_that_has_ended_still_counts():
    assert burnt(THREAD + WAIT) >= 0.28


def test_a_child_that_has_ended_still_counts():
    assert burnt(CHILD_THAT_ENDED) >= 0.28


def test_a_living_child_counts():
    assert burnt(CHILD + "\ninput()") >= 0.28


def test_the_listening_port_is_found_and_no_other():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert process.listening_port(os.getpid()) == listening.getsockname()[1]
    assert process.listening_port(os.getpid()) is None


def test_memory_is_told_in_mib():
    peak, present = process.memory(os.getpid())
    assert 5 < present <= peak < 1000
