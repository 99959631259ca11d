"""PostgreSQL, Valkey (or Redis) and HAProxy on loopback, for a cluster that lives as long as a script.

Programs are found on the machine, or Debian's packages are unpacked into .cache, which needs no root. PostgreSQL refuses
to run as root, so root's becomes the user `nobody`.
"""

import glob
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from certificates import Certificates
from sections import CannotRun
from tools import debian_files

START_SECONDS = 30
STOP_SECONDS = 20
# What the programs are linked with and a lean machine may lack.
REDIS_PACKAGES = ("redis-tools", "redis-server", "libjemalloc2", "liblzf1")
# What clients hear while no instance is ready: to come again, in the form that the shop's own refusals have.
NOBODY_READY = ('http-error status 503 content-type application/problem+json hdr Retry-After 1 string '
                '\'{"type":"about:blank","title":"Unavailable","status":503,"code":"unavailable"}\'')
HAPROXY_PACKAGES = ("haproxy", "liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1")


class ServiceFault(RuntimeError):
    """A service did not start or do what it must; the message ends with what it printed."""


def free_port():
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(holds, seconds, what):
    """Waits until `holds()` is true; asks often, and gives up loudly."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.02)
    raise ServiceFault(f"{what}: not within {seconds} s")


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def find(name, packages, *places):
    """(path of the program, environment for it): the machine's own, or Debian's unpacked."""
    if found := shutil.which(name):
        return Path(found), dict(os.environ)
    for place in places:
        for found in sorted(glob.glob(f"{place}/{name}"), reverse=True):
            return Path(found), dict(os.environ)
    folder = debian_files(*packages)
    for found in [*folder.glob(f"usr/bin/{name}"), *folder.glob(f"usr/sbin/{name}"),
                  *folder.glob(f"usr/lib/postgresql/*/bin/{name}")]:
        libraries = ":".join(str(path) for path in folder.glob("usr/lib/*-linux-gnu"))
        return found, {**os.environ, "LD_LIBRARY_PATH": libraries}
    raise CannotRun(f"Debian's {', '.join(packages)} brought no `{name}`")


class Service:
    """A process that is started, paused, killed and stopped; its output goes to a file of its name."""

    def __init__(self, name, folder):
        self.name = name
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = self.folder / f"{name}.log"
        self.child = None

    def spawn(self, words, environment=None, **options):
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen([str(word) for word in words], env=environment, cwd=self.folder,
                                          stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                          start_new_session=True, **options)

    def await_port(self, port):
        def up():
            if self.child.poll() is not None:
                raise ServiceFault(f"{self.name} ended with code {self.child.returncode}\n{self.tail()}")
            return listens(port)
        wait_until(up, START_SECONDS, f"{self.name} listens on {port}\n{self.tail()}")

    def tail(self):
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""

    def members(self):
        """The process and its children, which are in its session."""
        return [self.child.pid] if self.child else []

    def pause(self):
        for pid in self.members():
            os.kill(pid, signal.SIGSTOP)

    def resume(self):
        for pid in reversed(self.members()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def kill(self):
        for pid in self.members():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.child.wait()

    def stop(self, how=signal.SIGTERM):
        if self.child is None or self.child.poll() is not None:
            return
        self.resume()
        self.child.send_signal(how)
        try:
            self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


class Valkey(Service):
    """Debian's redis-server, or valkey-server where there is one. Keeps nothing on the disk."""

    def __init__(self, folder, tls=False):
        super().__init__("valkey", folder)
        self.port = free_port()
        self.certificates = Certificates(self.folder) if tls else None

    @property
    def url(self):
        return f"redis{'s' if self.certificates else ''}://127.0.0.1:{self.port}"

    def start(self):
        if found := shutil.which("valkey-server"):
            binary, environment = Path(found), dict(os.environ)
        else:
            binary, environment = find("redis-server", REDIS_PACKAGES)
        door = ["--port", self.port]
        if self.certificates:
            self.certificates.make()
            door = ["--port", 0, "--tls-port", self.port, "--tls-cert-file", "server.pem", "--tls-key-file", "server.key",
                    "--tls-ca-cert-file", "authority.pem", "--tls-auth-clients", "no"]
        self.spawn([binary, *door, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", self.folder],
                   environment)
        self.await_port(self.port)


class Proxy(Service):
    """HAProxy: one address for the instances, asked whether they are ready, and one for the database if it has a replica.

    Which server of the database is the one that writes, HAProxy is told: two must never be it at the same time.
    """

    def __init__(self, folder, instances, databases=()):
        super().__init__("haproxy", folder)
        self.port = free_port()
        self.database_port = free_port()
        self.instances = instances
        # [(name, port)], the one that writes first.
        self.databases = databases
        self.control = self.folder / "control"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        binary, environment = find("haproxy", HAPROXY_PACKAGES, "/usr/sbin")
        configuration = self.folder / "haproxy.cfg"
        configuration.write_text("\n".join(self.configuration()) + "\n")
        # A relative name: that of a socket may not be long.
        self.spawn([binary, "-db", "-f", configuration.name], environment)
        self.await_port(self.port)

    def configuration(self):
        yield from ("global", "    maxconn 4096", f"    stats socket unix@{self.control.name} mode 600 level admin")
        yield from ("defaults", "    timeout connect 1s", "    timeout client 60s", "    timeout server 60s",
                    "    timeout check 1s")
        yield from ("frontend shop", "    mode http", f"    bind 127.0.0.1:{self.port}", f"    {NOBODY_READY}",
                    "    default_backend instances")
        # Sent again is only what never reached an instance.
        yield from ("backend instances", "    mode http", "    balance roundrobin", "    retries 3",
                    "    option redispatch", "    retry-on conn-failure", "    option forwardfor",
                    "    option httpchk GET /readyz", "    http-check expect status 200")
        for name, port in self.instances:
            yield f"    server {name} 127.0.0.1:{port} check inter 200ms fall 1 rise 1"
        if self.databases:
            yield from ("listen database", "    mode tcp", f"    bind 127.0.0.1:{self.database_port}",
                        "    timeout client 1h", "    timeout server 1h")
            for place, (name, port) in enumerate(self.databases):
                yield (f"    server {name} 127.0.0.1:{port} check inter 200ms fall 2 rise 1 "
                       f"on-marked-down shutdown-sessions{' disabled' if place else ''}")

    def tell(self, command):
        """Sends a command to HAProxy's own socket; its answer."""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(5)
            # By way of the descriptor of its folder, since a socket's whole name may be too long.
            folder = os.open(self.folder, os.O_PATH | os.O_DIRECTORY)
            try:
                control.connect(f"/proc/self/fd/{folder}/{self.control.name}")
            finally:
                os.close(folder)
            control.sendall(f"{command}\n".encode())
            answer = b""
            while part := control.recv(4096):
                answer += part
        return answer.decode().strip()

    def switch_database(self, to):
        """Has another server write from now on."""
        for name, _ in self.databases:
            if name != to:
                self.tell(f"set server database/{name} state maint")
                self.tell(f"shutdown sessions server database/{name}")
        self.tell(f"set server database/{to} state ready")
