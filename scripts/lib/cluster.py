"""Instances of the shop over one database, with Valkey between them and HAProxy before them, all on loopback."""

import shutil
import signal
import tempfile
from pathlib import Path

from postgres import REPLICA, Postgres
from server import ADMIN_PASSWORD, Client, program_environment, troubles
from services import Proxy, Service, Valkey, free_port, wait_until

# How long an instance goes on serving when it is told to stop: several times HAProxy's question whether it is ready.
DRAIN = "1500ms"


class Instance(Service):
    """One process of the shop, which comes back at the same address after a restart."""

    def __init__(self, name, folder, binary, settings, environment):
        super().__init__(name, folder)
        self.binary = Path(binary).resolve()
        self.port = free_port()
        self.settings = settings
        self.environment = environment

    def start(self):
        own = {"listen": f"127.0.0.1:{self.port}", "data_dir": self.folder / "data", "admin_password": ADMIN_PASSWORD,
               "trusted_proxies": "127.0.0.1", "log_format": "json", "drain_delay": DRAIN}
        self.spawn([self.binary, "serve"], program_environment(**(own | self.settings)) | self.environment)
        self.await_port(self.port)
        wait_until(self.is_ready, 30, f"{self.name} is ready\n{self.tail()}")

    def is_ready(self):
        try:
            return self.client().call("GET", "/readyz").status == 200
        except OSError:
            return False

    def restart(self):
        """Stops it in order and starts it again."""
        self.stop()
        self.start()

    def client(self, token=None):
        return Client(self.port, token)

    def troubles(self, most=15):
        """The last lines of the log that are warnings or worse, or answers of 500 and above."""
        # HAProxy asks whether it is ready several times a second.
        return "\n".join(troubles(self.log, most, passed_over=("page_readyz", "not_ready")))

    def metric(self, name):
        """One number of /metrics; 0 when it is not there."""
        lines = self.client().call("GET", "/metrics").body.decode().splitlines()
        return next((float(line.split()[1]) for line in lines if line.startswith(f"{name} ")), 0.0)


class Cluster:
    """Used as a context manager; everything is stopped and, in a temporary folder, gone afterwards.

    `settings` are SHOPKEEPER_* names without the prefix, for all instances.
    """

    def __init__(self, binary, folder=None, instances=2, replica=False, tls=(), **settings):
        self.temporary = folder is None
        self.folder = Path(folder or tempfile.mkdtemp(prefix="shopkeeper-cluster-")).resolve()
        self.settings = {"keys_dir": self.folder / "keys", "log": "info"} | settings
        self.binary = binary
        self.count = instances
        self.with_replica = replica
        # Whom the instances speak with by TLS: names of services.
        self.tls = tls
        self.replica = None
        self.failed_over = False
        self.instances = []
        self.started = []

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind, fault, _trace):
        if fault is not None:
            for instance in self.instances:
                fault.add_note(f"--- {instance.name}\n{instance.tail()}")
        self.stop()
        if self.temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _begin(self, service):
        self.started.append(service)
        service.start()
        return service

    def _start(self):
        self.database = self._begin(Postgres(self.folder / "postgres", tls="postgres" in self.tls))
        databases = []
        if self.with_replica:
            self.replica = self.database.follow(self.folder / REPLICA)
            self.started.append(self.replica)
            databases = [(service.name, service.port) for service in (self.database, self.replica)]
        self.valkey = self._begin(Valkey(self.folder / "valkey", "valkey" in self.tls))
        settings = self.settings | {"redis_url": self.valkey.url}
        self.instances = [Instance(f"shop{number}", self.folder / f"shop{number}", self.binary, settings, self._trust())
                          for number in range(1, self.count + 1)]
        self.proxy = self._begin(Proxy(self.folder / "haproxy", [(one.name, one.port) for one in self.instances],
                                       databases))
        mode = "require" if "postgres" in self.tls else None
        settings["database_url"] = self.database.url(self.proxy.database_port if databases else None, mode)
        if databases:
            settings["database_replica_url"] = self.replica.url(mode=mode)
        for instance in self.instances:
            # One after another: the first makes the tables, the keys and the administrator.
            self._begin(instance)
        wait_until(lambda: self.client().call("GET", "/readyz").status == 200, 10, "HAProxy found an instance")

    def _trust(self):
        """The variable that names the authorities of all who are spoken with by TLS."""
        trusted = [service.certificates.authority for service in (self.database, self.valkey) if service.certificates]
        if not trusted:
            return {}
        together = self.folder / "trusted.pem"
        together.write_text("".join(authority.read_text() for authority in trusted))
        return {"SSL_CERT_FILE": str(together)}

    def stop(self):
        """Stops everything, the last that was started first."""
        leaving = [service for service in self.started if isinstance(service, Instance)]
        for instance in leaving:
            # Together: each waits before it goes.
            if instance.child and instance.child.poll() is None:
                instance.resume()
                instance.child.send_signal(signal.SIGTERM)
        while self.started:
            self.started.pop().stop()

    def writing(self):
        """The server of the database that writes."""
        return self.replica if self.failed_over else self.database

    def fail_over(self):
        """Makes the replica the server that writes, the first one being dead."""
        self.replica.promote()
        self.proxy.switch_database(REPLICA)
        self.failed_over = True

    def proxy_sees(self, instance):
        """Whether HAProxy sends requests to this instance."""
        for line in self.proxy.tell("show stat").splitlines():
            fields = line.split(",")
            if fields[:2] == ["instances", instance.name]:
                return fields[17] == "UP"
        return False

    def client(self, token=None):
        """A connection to whichever instance HAProxy chooses for each request."""
        return Client(self.proxy.port, token)

    def admin(self):
        client = self.client()
        client.sign_in("admin", ADMIN_PASSWORD)
        return client
