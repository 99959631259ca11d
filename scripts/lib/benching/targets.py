"""What is measured: Shopkeeper, and the floors that it is compared with. Each runs pinned to the server's core."""

import http.client
import os
import select
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import process
from benching.load import LoadFault
from benching.workloads import PASSWORD, Account
from sections import ROOT
from server import Answer, Server

SERVER_CORE = 0
GENERATOR_CORE = 1
WARMING_SECONDS = 1
ARGON2_PARAMETERS = ("19456", "2", "1")


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


@dataclass
class Shop:
    """The measured Shopkeeper: one data folder with its accounts, served anew for every run."""

    binary: Path
    limits: str
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="shopkeeper-bench-")))

    def server(self, limits=None, core=SERVER_CORE, **settings):
        return Server(self.binary, data=self.folder, core=core, rate_limits=limits or self.limits, **settings)

    def register(self, count):
        """Makes and signs in so many accounts, by a server without limits: that part is not measured."""
        accounts = []
        with self.server(limits="off", core=None) as server:
            client = server.client()
            for number in range(count):
                name = f"bench_{number:05}"
                client.token = None
                client.register(name, PASSWORD)
                accounts.append(Account(number, name, client.sign_in(name, PASSWORD)["access_token"]))
        return accounts

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class StandIn:
    """bench-hyper in Shopkeeper's place: measured against itself, it shows the measurement's own error."""

    def __init__(self, peers, size=400):
        self.peers = peers
        self.size = size

    def server(self, **_settings):
        return hyper(self.peers, self.size, "application/json")

    def register(self, count):
        return [Account(number, f"bench_{number:05}", "t" * 400) for number in range(count)]

    def remove(self):
        pass


@dataclass(frozen=True)
class Peer:
    """A floor that is running."""

    pid: int
    port: int


@contextmanager
def hyper(peers, size, content_type):
    """A bare hyper server that answers so many bytes."""
    child = _pinned(peers / "bench-hyper", str(size), content_type)
    try:
        yield Peer(child.pid, int(_line(child, 10).rpartition(":")[2]))
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        child.stdin.close()


def measure_server(running, generator, seconds):
    """Warms a running server up, loads it, and reads what that cost it."""
    generator.run(running.port, WARMING_SECONDS)
    before = process.cpu_time(running.pid)
    load = generator.run(running.port, seconds)
    spent = process.cpu_time(running.pid) - before
    peak, rss = process.memory(running.pid)
    if peak == 0:
        raise LoadFault("the server ended during the run")
    return Run(
        **_per_request(spent, load.requests), rps=load.requests / load.seconds, p50_us=load.p50_us, p99_us=load.p99_us,
        peak_mib=peak, rss_mib=rss, generator_share=load.generator_share,
    )


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


def answer_to(port, request):
    """The whole answer to one raw request; it must be a success, or the workload measures failures."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        response.begin()
        answer = Answer(response)
    if answer.status != 200:
        raise LoadFault(f"the workload's first request was answered {answer.status}: {answer.body[:500]!r}")
    return answer


def _per_request(spent, requests):
    times = {"cpu_us": spent.total, "user_us": spent.user, "system_us": spent.system}
    return {name: seconds * 1e6 / requests for name, seconds in times.items()} | {"requests": requests}


def _pinned(*words):
    return subprocess.Popen(["taskset", "-c", str(SERVER_CORE), *(str(word) for word in words)], cwd=ROOT, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})


def _line(child, seconds):
    """One line of a child's output, waited for at most so long."""
    if not select.select([child.stdout], [], [], seconds)[0]:
        raise LoadFault(f"{child.args[3]} said nothing for {seconds} s")
    return child.stdout.readline()


def as_json(run):
    return {name: round(value, 3) for name, value in asdict(run).items()}
