"""The rivals: the same reads written by hand with axum, FastAPI and Flask over the same database, and with axum the placing
of orders.

The axum one is a workspace of its own, built into target/peers; the Python ones live in virtual environments of their
own below .venv. Before anything is measured, each must give the same JSON as Shopkeeper does.
"""

import os
import subprocess
import time
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlsplit

import process
from benching import slow_disk
from benching.load import LoadFault
from benching.targets import SERVER_CORE, Peer, announced, answer_to
from sections import ROOT, CannotRun
from server import Client
from tools import python_packages

FOLDER = ROOT / "benches" / "peers"
BUILT = ROOT / "target" / "peers"
START_SECONDS = 30
UVICORN = ("uvicorn", "with_fastapi:app", "--host", "127.0.0.1", "--port", "0", "--loop", "uvloop", "--http", "httptools",
           "--no-access-log", "--log-level", "warning")
GUNICORN = ("gunicorn", "with_flask:app", "--bind", "127.0.0.1:0", "--workers", "1", "--threads", "4",
            "--worker-class", "gthread", "--keep-alive", "75", "--log-level", "warning")


def build_axum(profile):
    """Builds the axum peer, on all cores and politely."""
    words = ["cargo", "build", "--locked", "--manifest-path", FOLDER / "axum" / "Cargo.toml", "--target-dir", BUILT]
    words += ["--profile", profile]
    print("$ " + " ".join(str(word) for word in words), flush=True)
    if subprocess.run([str(word) for word in words], cwd=ROOT,
                      preexec_fn=lambda: os.sched_setaffinity(0, range(os.cpu_count()))).returncode:
        raise CannotRun("the axum peer did not build")


def axum(folder, database, key="", sync_ms=0):
    """The axum peer, running; `folder` is cargo's for the profile in which it was built, `key` verifies callers' tokens."""
    return announced(BUILT / folder / "bench-axum", database, *filter(None, [key]),
                     environment=slow_disk.environment(sync_ms))


def fastapi(database):
    """The FastAPI peer, running on uvicorn."""
    return _python("fastapi", UVICORN, database)


def flask(database):
    """The Flask peer, running on gunicorn."""
    return _python("flask", GUNICORN, database)


def install():
    """Makes the virtual environments of the Python peers."""
    for name in ("fastapi", "flask"):
        python_packages(FOLDER / "python" / f"{name}.txt", _venv(name))


def _venv(name):
    return ROOT / ".venv" / f"peer-{name}"


@contextmanager
def _python(name, words, database):
    environment = {"PATH": os.environ["PATH"], "BENCH_DATABASE": str(database), "PYTHONDONTWRITEBYTECODE": "1"}
    command = ["taskset", "-c", str(SERVER_CORE), _venv(name) / "bin" / words[0], *words[1:]]
    child = subprocess.Popen([str(word) for word in command], cwd=FOLDER / "python", env=environment,
                             stdin=subprocess.DEVNULL)
    try:
        yield Peer(child.pid, _ready(child, name))
    finally:
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            # Its workers end with it: gunicorn's watch whether their parent lives.
            child.kill()
            child.wait()


def _ready(child, name):
    """The port of a child that answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        port = process.listening_port(child.pid)
        try:
            if port and Client(port).call("GET", "/").status == 404:
                return port
        except OSError:
            pass
        time.sleep(0.05)
    raise LoadFault(f"the peer {name} did not answer within {START_SECONDS} s")


def verify_same(ours, theirs, requests, label, status=200):
    """Both ports answer these requests with the same JSON, or the comparison would be of different work. What they make has
    ids and moments of its own."""
    for request in requests:
        here, there = (comparable(answer_to(port, request, status).json(), made=status == 201) for port in (ours, theirs))
        if other := difference(here, there):
            target = request.split(b" ")[1].decode()
            raise LoadFault(f"{label} answers {target} otherwise than Shopkeeper does, at {other}")


def difference(here, there, path=""):
    """Where two values first differ, and in what; None when they do not."""
    if isinstance(here, dict) and isinstance(there, dict) and here.keys() == there.keys():
        pairs = [(f"{path}/{name}", here[name], there[name]) for name in here]
    elif isinstance(here, list) and isinstance(there, list) and len(here) == len(there):
        pairs = [(f"{path}/{number}", *pair) for number, pair in enumerate(zip(here, there, strict=True))]
    else:
        return None if here == there else f"{path}: {str(there)[:300]} instead of {str(here)[:300]}"
    return next((found for at, *pair in pairs if (found := difference(*pair, at))), None)


def comparable(value, name="", made=False):
    """JSON without what may differ: a cursor's text, the spelling of a time, the order of a query's names; the ids and times
    of what was just made."""
    if isinstance(value, dict):
        return {member: comparable(inner, member, made) for member, inner in value.items()}
    if isinstance(value, list):
        return [comparable(inner, made=made) for inner in value]
    if isinstance(value, str):
        if made and (name == "id" or name.endswith("_at")):
            return "made"
        if name.endswith("_cursor"):
            return "cursor"
        if name.endswith("_at"):
            return datetime.fromisoformat(value)
        if value.startswith("http://"):
            parts = urlsplit(value)
            return parts.netloc, parts.path, sorted(parts.query.split("&"))
    return value
