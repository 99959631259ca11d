"""A Shopkeeper of its own for a script: on a free loopback port, over a data folder of its own, gone afterwards."""

import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import process

START_SECONDS = 60
STOP_SECONDS = 20
ADMIN_PASSWORD = "SecurePass123!"


TROUBLE = re.compile(r'"level":"(?:WARN|ERROR)"|"status":5\d\d|panicked')


def program_environment(**settings):
    """The environment of the program: this process's own without its SHOPKEEPER_* names, and with these, whose names are
    given without the prefix."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHOPKEEPER_")}
    return own | {f"SHOPKEEPER_{name.upper()}": str(value) for name, value in settings.items()}


def troubles(log, most, passed_over=()):
    """The last lines of a log that are warnings or worse, or answers of 500 and above, but for those with these words."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    bad = [line for line in lines if TROUBLE.search(line) and not any(word in line for word in passed_over)]
    return bad[-most:]


class ServerFault(RuntimeError):
    """The server did not start, answer or stop as it must; the message ends with what it printed."""


class Server:
    """A running server, used as a context manager.

    `settings` are SHOPKEEPER_* names without the prefix. `data` may be shared by servers that run one after another;
    without it a temporary folder is made and removed. `core` pins the process to one CPU. `environment` holds
    further variables.
    """

    def __init__(self, binary, data=None, core=None, environment=None, **settings):
        self.binary = Path(binary)
        self.core = core
        self.environment = environment or {}
        self.settings = settings
        self.own_data = data is None
        self.data = Path(data or tempfile.mkdtemp(prefix="shopkeeper-"))
        self.log = self.data / "server.log"
        self.child = None
        self.port = None

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind, fault, _trace):
        code = self._end()
        if fault is not None and code != 0:
            fault.add_note(f"the server ended with code {code}\n{self.tail()}")
        if kind is None and code != 0:
            raise ServerFault(f"the server ended with code {code} on SIGTERM\n{self.tail()}")
        if self.own_data:
            shutil.rmtree(self.data, ignore_errors=True)

    @property
    def pid(self):
        return self.child.pid

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def client(self, token=None):
        return Client(self.port, token)

    def tail(self):
        """The end of what the server printed."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""

    def troubles(self, most=40):
        """The last lines of the log that are warnings or worse, or answers of 500 and above."""
        return troubles(self.log, most)

    def _start(self):
        own = {"listen": "127.0.0.1:0", "data_dir": self.data / "data", "admin_password": ADMIN_PASSWORD}
        environment = program_environment(**(own | self.settings)) | self.environment
        pinning = [] if self.core is None else ["taskset", "-c", str(self.core)]
        with open(self.log, "wb") as log:
            self.child = subprocess.Popen([*pinning, str(self.binary), "serve"], env=environment, cwd=self.data,
                                          stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.child.poll() is not None:
                raise ServerFault(f"the server ended with code {self.child.returncode}\n{self.tail()}")
            self.port = self.port or process.listening_port(self.pid)
            if self.port and self._ready():
                return
            time.sleep(0.02)
        raise ServerFault(f"the server was not ready within {START_SECONDS} s\n{self.tail()}")

    def _ready(self):
        try:
            return self.client().call("GET", "/readyz").status == 200
        except OSError:
            return False

    def _end(self):
        if self.child is None:
            return 0
        self.child.terminate()
        try:
            return self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            return "KILLED"


class Answer:
    """One HTTP answer, read whole."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    def expect(self, status):
        """The answer itself when it has this status, else a fault that shows it."""
        if self.status != status:
            raise ServerFault(f"expected {status}, got {self.status}: {self.body[:500]!r}")
        return self


class Client:
    """A keep-alive connection that speaks JSON, with a bearer token when there is one."""

    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.token = token

    def call(self, method, path, body=None, headers=None):
        """Sends one request; `body` is sent as JSON."""
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        self.connection.request(method, path, body, headers)
        return Answer(self.connection.getresponse())

    def sign_in(self, username, password):
        """Signs in and keeps the token; returns the token pair."""
        pair = self.call("POST", "/api/v1/auth/login", {"username": username, "password": password}).expect(200).json()
        self.token = pair["access_token"]
        return pair
