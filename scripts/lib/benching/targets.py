"""What is measured, and how: a process pinned to the server's core, loaded, and what that cost it."""

import http.client
import os
import re
import select
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean

import process
from benching import seeding, slow_disk
from benching.load import LoadFault, once
from sections import ROOT
from server import Answer, Client, Server

SERVER_CORE = 0
GENERATOR_CORE = 1
WARMING_SECONDS = 1
MOST_WARMINGS = 10
ARGON2_PARAMETERS = ("19456", "2", "1")
KEPT_SHARE = 0.95
SAMPLES = 50


@dataclass(frozen=True)
class Run:
    """One measured run; times in microseconds, memory in MiB."""

    cpu_us: float
    user_us: float
    system_us: float
    requests: int
    rps: float
    p50_us: int = 0
    p99_us: int = 0
    peak_mib: float = 0.0
    rss_mib: float = 0.0
    generator_share: float = 0.0


@dataclass(frozen=True)
class Sample:
    """What a workload is answered: the first answer's headers, and how long bodies are on average."""

    status: int
    headers: dict[str, str]
    body_bytes: int


@dataclass
class Shop:
    """The measured Shopkeeper: one data folder with what is in it, served anew for every run."""

    binary: Path
    limits: str = "on"
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="shopkeeper-bench-")))

    @property
    def database(self):
        return self.folder / "data" / "shopkeeper.db"

    def server(self, limits=None, core=SERVER_CORE, sync_ms=0, **settings):
        return Server(self.binary, data=self.folder, core=core, environment=slow_disk.environment(sync_ms),
                      rate_limits=limits or self.limits, **settings)

    def seed(self, **sizes):
        """Fills the shop, which is not measured."""
        seeding.fill(self.binary, self.folder / "data", **sizes)

    @contextmanager
    def copy(self):
        """The same shop for somebody who changes it; it must not be running."""
        other = Shop(self.binary, self.limits)
        try:
            shutil.copytree(self.folder / "data", other.folder / "data")
            yield other
        finally:
            other.remove()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Peer:
    """A floor or rival that is running."""

    pid: int
    port: int

    def tail(self):
        """What it printed, as far as that is known: it goes to the terminal."""
        return ""


@contextmanager
def hyper(peers, sample, body_only=False):
    """A bare hyper server that answers as the sample says: the same bytes to everybody.

    With `body_only` it leaves out all headers but the body's type; a 304 is its headers, so those are sent all the same.
    """
    own = {"content-length", "date", "connection", "transfer-encoding"}
    kept = sample.status == 304 or not body_only
    wanted = sample.headers if kept else {"content-type": sample.headers["content-type"]}
    words = [word for name, value in wanted.items() if name.lower() not in own for word in (name, value)]
    with announced(peers / "bench-hyper", sample.status, sample.body_bytes, *words) as peer:
        yield peer


@contextmanager
def announced(*words, environment=None):
    """A peer that prints `listening on ADDRESS` when it is ready."""
    child = _pinned(*words, environment=environment)
    try:
        yield Peer(child.pid, int(_line(child, 10).rpartition(":")[2]))
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        child.stdin.close()


def measure_server(running, generator, seconds, kept=None):
    """Warms a running server up, loads it, and reads what that cost it; a fault shows the end of its log.

    `kept` says whether Shopkeeper must have answered from its cache (True), must not have (False), or has no say (None).
    """
    try:
        return _measured(running, generator, seconds, kept)
    except (LoadFault, OSError) as fault:
        raise LoadFault(f"{fault}\n{running.tail()}") from fault


def _measured(running, generator, seconds, kept):
    warm_up(running.port, generator, until_kept=kept is True)
    counted = None if kept is None else cache_counts(running.port)
    before = process.cpu_time(running.pid)
    load = generator.run(running.port, seconds)
    spent = process.cpu_time(running.pid) - before
    peak, rss = process.memory(running.pid)
    if peak == 0:
        raise LoadFault("the server ended during the run")
    if kept is not None:
        hits, misses = (now - then for now, then in zip(cache_counts(running.port), counted, strict=True))
        verify_kept(kept, hits, misses)
    return Run(
        **_per_request(spent, load.requests), rps=load.requests / load.seconds, p50_us=load.p50_us, p99_us=load.p99_us,
        peak_mib=peak, rss_mib=rss, generator_share=load.generator_share,
    )


def warm_up(port, generator, until_kept):
    """Loads a server for a second, or until nearly all answers come from its cache: a busy machine takes longer."""
    for _ in range(MOST_WARMINGS if until_kept else 1):
        before = cache_counts(port) if until_kept else (0, 0)
        generator.run(port, WARMING_SECONDS)
        if until_kept:
            hits, misses = (now - then for now, then in zip(cache_counts(port), before, strict=True))
            if hits >= KEPT_SHARE * (hits + misses):
                return


def cache_counts(port):
    """(hits, misses) of the server's cache of answers, as /metrics tells them."""
    text = Client(port).call("GET", "/metrics").expect(200).body.decode()
    return tuple(
        sum(float(value) for value in re.findall(rf"^shopkeeper_cache_{name}_total(?:{{.*}})? (\S+)$", text, re.M))
        for name in ("hits", "misses"))


def verify_kept(kept, hits, misses):
    """A run that measures kept answers must have had them, and one that measures fresh ones must not."""
    if kept and hits < KEPT_SHARE * max(1, hits + misses):
        raise LoadFault(f"the server's cache answered {hits:.0f} times and missed {misses:.0f} times: "
                        f"these are not kept answers")
    if not kept and hits:
        raise LoadFault(f"the server's cache answered {hits:.0f} times: these are not fresh answers")


def measure_argon2(peers, seconds):
    """The hash alone, on the server's core."""
    child = _pinned(peers / "bench-argon2", *ARGON2_PARAMETERS, str(seconds))
    try:
        if _line(child, 30).strip() != "ready":
            raise LoadFault("bench-argon2 did not become ready")
        before = process.cpu_time(child.pid)
        child.stdin.write("go\n")
        child.stdin.flush()
        hashes = int(_line(child, seconds + 30))
        spent = process.cpu_time(child.pid) - before
        peak, rss = process.memory(child.pid)
        return Run(**_per_request(spent, hashes), rps=hashes / seconds, peak_mib=peak, rss_mib=rss)
    finally:
        child.stdin.close()
        child.kill()
        child.wait()
        child.stdout.close()


def sample(port, requests, status=200):
    """What some of the requests are answered, evenly chosen; all must have this status, or failures are measured."""
    answers = [answer_to(port, request, status) for request in requests[::max(1, len(requests) // SAMPLES)]]
    return Sample(status, dict(answers[0].headers), round(mean(len(answer.body) for answer in answers)))


def answer_to(port, request, status=200):
    """The whole answer to one raw request."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(once(request))
        response = http.client.HTTPResponse(connection)
        response.begin()
        answer = Answer(response)
    if answer.status != status:
        raise LoadFault(f"a request of the workload was answered {answer.status}, not {status}: {answer.body[:500]!r}")
    return answer


def _per_request(spent, requests):
    times = {"cpu_us": spent.total, "user_us": spent.user, "system_us": spent.system}
    return {name: seconds * 1e6 / requests for name, seconds in times.items()} | {"requests": requests}


def _pinned(*words, environment=None):
    return subprocess.Popen(["taskset", "-c", str(SERVER_CORE), *(str(word) for word in words)], cwd=ROOT, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            env={"PATH": os.environ["PATH"]} | (environment or {}))


def _line(child, seconds):
    """One line of a child's output, waited for at most so long."""
    if not select.select([child.stdout], [], [], seconds)[0]:
        raise LoadFault(f"{child.args[3]} said nothing for {seconds} s")
    line = child.stdout.readline()
    if not line:
        raise LoadFault(f"{child.args[3]} ended before it said anything")
    return line


def as_json(run):
    return {name: round(value, 3) for name, value in asdict(run).items()}
