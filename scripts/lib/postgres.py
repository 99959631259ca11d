"""A PostgreSQL of a script's own: in a folder, on a loopback port, and if wanted followed by a replica."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import process
from certificates import Certificates
from sections import CannotRun
from services import Service, ServiceFault, find, free_port, listens, wait_until

PACKAGES = ("postgresql-15", "postgresql-client-15", "libpq5", "libllvm14", "libz3-4", "libxslt1.1")
PLACES = "/usr/lib/postgresql/*/bin"
USER = "shopkeeper"
DATABASE = "shopkeeper"
REPLICA = "replica"


def _unprivileged():
    """The user that root becomes, as options of Popen: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


class Postgres(Service):
    """A server with one user and one database. With `tls` it has a certificate, and whoever wants it may speak by TLS."""

    def __init__(self, folder, name="postgres", password=None, durable=True, tls=False):
        super().__init__(name, folder)
        self.data = self.folder / "data"
        # What is thrown away afterwards need not survive a loss of power.
        self.durable = durable
        self.certificates = Certificates(self.folder) if tls else None
        self.port = free_port()
        self.password = password or secrets.token_hex(16)
        self.binary, self.environment = find("postgres", PACKAGES, PLACES)
        # A link in the search path may stand alone: the other programs are beside what it leads to.
        self.binary = self.binary.resolve()
        self.environment |= {"PGPASSWORD": self.password, "LC_ALL": "C"}
        self.as_user = _unprivileged()

    def url(self, port=None, mode=None):
        query = f"?sslmode={mode}" if mode else ""
        return f"postgres://{USER}:{self.password}@127.0.0.1:{port or self.port}/{DATABASE}{query}"

    def start(self):
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._serve()

    def _make(self):
        self._own(self.folder)
        secret = self.folder / "password"
        secret.write_text(self.password)
        self._own(secret)
        self.run("initdb", "--pgdata", self.data, "--username", USER, "--pwfile", secret, "--auth", "scram-sha-256",
                 "--encoding", "UTF8", "--locale", "C", "--no-sync")
        secret.unlink()
        settings = [f"port = {self.port}", "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''",
                    "max_connections = 100", "shared_buffers = 64MB", "wal_level = replica", "max_wal_senders = 4",
                    "hot_standby = on", "log_min_messages = warning", "log_checkpoints = off"]
        if not self.durable:
            settings += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        if self.certificates:
            settings += ["ssl = on", "ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key'"]
            self._certify()
        with open(self.data / "postgresql.conf", "a") as file:
            file.write("\n".join(settings) + "\n")
        with open(self.data / "pg_hba.conf", "a") as file:
            file.write("host replication all 127.0.0.1/32 scram-sha-256\n")

    def _certify(self):
        """Puts the certificate beside the data, where a copy of them has it as well."""
        self.certificates.make()
        for file in (self.certificates.certificate, self.certificates.key):
            copy = Path(shutil.copy(file, self.data))
            copy.chmod(0o600)
            self._own(copy)

    def _serve(self):
        self.spawn([self.binary, "-D", self.data], self.environment, **self.as_user)
        self.await_port(self.port)
        wait_until(lambda: self.ask("SELECT 1", database="postgres", check=False) == "1", 30,
                   f"{self.name} answers\n{self.tail()}")
        if self.ask("SELECT pg_is_in_recovery()", database="postgres") == "t":
            return
        if self.ask(f"SELECT count(*) FROM pg_database WHERE datname = '{DATABASE}'", database="postgres") == "0":
            self.ask(f"CREATE DATABASE {DATABASE}", database="postgres")

    def _own(self, path):
        """Gives a file or folder to PostgreSQL's user, who also has to get there: temporary folders are closed."""
        if not self.as_user:
            return
        for folder in path.parents:
            status = folder.stat()
            if status.st_mode & 0o001 or status.st_uid == self.as_user["user"]:
                continue
            if folder == Path.home():
                raise CannotRun(f"{path} is within {folder}, where no other user gets in: name a folder elsewhere")
            folder.chmod(status.st_mode | 0o011)
        shutil.chown(path, self.as_user["user"], self.as_user["group"])

    def run(self, program, *words, check=True):
        """Runs one of PostgreSQL's programs as its user; its output."""
        done = subprocess.run([str(self.binary.parent / program), *map(str, words)], env=self.environment,
                              cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              check=False, **self.as_user)
        if check and done.returncode != 0:
            raise ServiceFault(f"{program} failed: {done.stderr[-2000:]}\n{self.tail()}")
        return done.stdout.strip()

    def ask(self, sql, database=DATABASE, check=True):
        """The answer of one statement, unaligned and without its head."""
        return self.run("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--host", "127.0.0.1",
                        "--port", self.port, "--username", USER, "--dbname", database, "--command", sql, check=check)

    def members(self):
        return [self.child.pid, *process.descendants(self.child.pid)] if self.child else []

    def stop(self, how=signal.SIGINT):
        # Its "fast" shutdown: SIGTERM would wait for whoever is connected.
        super().stop(how)

    def follow(self, folder):
        """A replica that streams from this server and without which this server acknowledges no commit any more."""
        replica = Postgres(folder, REPLICA, self.password)
        replica._own(replica.folder)
        replica.run("pg_basebackup", "--pgdata", replica.data, "--wal-method", "stream", "--checkpoint", "fast",
                    "--no-sync", "--dbname", f"host=127.0.0.1 port={self.port} user={USER}")
        # A file, since the copy has the first server's settings; the last of a name counts.
        with open(replica.data / "postgresql.conf", "a") as file:
            file.write(f"port = {replica.port}\nprimary_conninfo = 'host=127.0.0.1 port={self.port} user={USER} "
                       f"password={self.password} application_name={REPLICA}'\n")
        (replica.data / "standby.signal").touch()
        replica._own(replica.data / "standby.signal")
        replica.start()
        self.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{REPLICA}'")
        self.ask("SELECT pg_reload_conf()")
        wait_until(lambda: self.ask("SELECT sync_state FROM pg_stat_replication") == "sync", 30,
                   f"the replica follows\n{replica.tail()}")
        return replica

    def promote(self):
        """Makes a replica the server that writes."""
        self.run("pg_ctl", "promote", "--pgdata", self.data, "--wait", "--timeout", "30")
        if not listens(self.port):
            raise ServiceFault(f"{self.name} was promoted and is gone\n{self.tail()}")
