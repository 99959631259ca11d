"""The load generator: wrk from Debian, pinned to one core, going round a list of raw requests on kept connections.

Chosen over oha 1.16: it sends prepared requests, so that each caller has headers of their own (oha repeats one set of
headers); it needs less of its core (13 us against 16 us a request, measured here on the same server in turns); and it
installs in seconds where oha is compiled for ten minutes. Its percentiles come from its own script in microseconds.
Its loop is closed: p50 and p99 are those of so many callers who each wait for their answer.
"""

import json
import os
import resource
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tools import debian_tool

SCRIPT = Path(__file__).with_name("wrk.lua")
GRACE_SECONDS = 30

# Stands in a request for a name that is another one each time it is sent.
KEY = "{key}"


class LoadFault(RuntimeError):
    """The load did not go as it must; a figure taken from it would be wrong."""


@dataclass(frozen=True)
class Load:
    """What the generator saw in one run, and the share of its core that it needed."""

    requests: int
    seconds: float
    p50_us: int
    p99_us: int
    max_us: int
    refused: int
    broken: int
    generator_share: float = 0.0


def once(request):
    """A raw request as it is sent one time."""
    return request.replace(KEY.encode(), uuid4().hex.encode(), 1)


class Generator:
    """Sends the requests of one workload."""

    def __init__(self, requests, connections, core, folder):
        self.wrk = debian_tool("wrk", "wrk")
        self.connections = connections
        self.core = core
        self.requests = requests
        self.first = requests[0]
        handle, name = tempfile.mkstemp(dir=folder)
        os.close(handle)
        self.file = Path(name)
        self.file.write_bytes(b"".join(b"%d\n%s\n" % (len(request), request) for request in requests))

    @staticmethod
    def version():
        words = [debian_tool("wrk", "wrk"), "-v"]
        first = subprocess.run(words, capture_output=True, text=True, check=False).stdout.splitlines()[0]
        return " ".join(first.split()[:2])

    def run(self, port, seconds):
        """Loads the server on this loopback port for so many seconds."""
        words = ["taskset", "-c", str(self.core), self.wrk, "-t1", f"-c{self.connections}", f"-d{seconds}s",
                 "--timeout", "10s", "-s", str(SCRIPT), f"http://127.0.0.1:{port}/", "--", str(self.file), uuid4().hex]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 text=True)
        try:
            output, _ = child.communicate(timeout=seconds + GRACE_SECONDS)
        except subprocess.TimeoutExpired as late:
            child.kill()
            child.wait()
            raise LoadFault(f"wrk did not end {GRACE_SECONDS} s after its time") from late
        results = [line for line in output.splitlines() if line.startswith("{")]
        if child.returncode != 0 or not results:
            raise LoadFault(f"wrk failed with code {child.returncode}:\n{output[-2000:]}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        load = Load(**json.loads(results[-1]), generator_share=spent / seconds)
        if load.refused or load.broken or not load.requests:
            raise LoadFault(f"{load.refused} answers of 400 and above and {load.broken} broken connections "
                            f"among {load.requests}: nothing to measure")
        return load
