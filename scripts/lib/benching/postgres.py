"""The server over PostgreSQL: what it makes of the database's own pace, and whether what is kept asks it nothing."""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from benching import pgbench, report, scene, seeding, targets
from benching.load import LoadFault
from benching.rounds import Side, interleaved
from benching.workloads import BEHIND_PROXY, Workload, one_product, place
from postgres import Postgres
from server import Client, Server

CONNECTIONS = 16
PLACE = Workload("place-postgres", "place an order of two products, on PostgreSQL", place, (CONNECTIONS,), "pgbench", 0.8,
                 status=201, measure="rate", signed_in=True, writes=True)
SIZES = {"users": 2000, "products": 1000, "categories": 10, "orders": 5000}


class Shop:
    """A shop over a PostgreSQL of its own, served by as many processes as are asked for, one after another."""

    def __init__(self, binary, limits, folder):
        self.binary = binary
        self.limits = limits
        self.folder = Path(folder)
        self.database = Postgres(self.folder / "postgres")
        self.database.start()

    def seed(self, **sizes):
        words = [str(self.binary), "seed", "--seed", str(seeding.SEED), "--until", seeding.UNTIL]
        words += [word for name, count in sizes.items() for word in (f"--{name}", str(count))]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SHOPKEEPER_")}
        environment |= {"SHOPKEEPER_DATA_DIR": str(self.folder / "data"), "SHOPKEEPER_DATABASE_URL": self.database.url()}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode != 0:
            raise LoadFault(f"the shop could not be filled: {done.stderr[-2000:]}")

    def server(self, limits=None, core=None, **settings):
        return Server(self.binary, data=self.folder, core=core, rate_limits=limits or self.limits,
                      database_url=self.database.url(), shared="off", **settings)


def measured(options):
    """Yields the entries of the section `postgres`."""
    folder = tempfile.mkdtemp(prefix="shopkeeper-postgres-bench-")
    shop = None
    try:
        shop = Shop(options.built / "shopkeeper", options.limits, folder)
        shop.seed(**SIZES)
        found = scene.signed_in(shop, scene.find(shop, options.callers))
        silence(shop, found, options)
        yield against_pgbench(shop, found, options)
    finally:
        if shop:
            shop.database.stop()
        shutil.rmtree(folder, ignore_errors=True)


def against_pgbench(shop, found, options):
    """Orders per second, beside pgbench sending the same statements to the same database."""
    generator = options.generator(PLACE.requests(found), CONNECTIONS)
    with shop.server() as server:
        # Prepared statements are logged by name only after they were parsed: the second order is overheard.
        targets.answer_to(server.port, generator.requests[0], 201)
        sent = pgbench.overhear(shop.database, lambda: targets.answer_to(server.port, generator.requests[1], 201))
    file = shop.folder / "order.sql"
    file.write_text(pgbench.script(sent, set(found.plenty)))
    file.chmod(0o644)
    print(f"pgbench sends {len(sent)} statements an order, as the server does", flush=True)

    def served():
        with shop.server() as server:
            return targets.measure_server(server, generator, options.seconds)

    sides = [Side("server", served),
             Side("floor", lambda: pgbench.run(shop.database, file, CONNECTIONS, options.seconds))]
    runs = interleaved(f"{PLACE.name}@{CONNECTIONS}", sides, options.rounds)
    return report.compared(PLACE, CONNECTIONS, runs, 0)


def silence(shop, found, options):
    """Holds kept reads to asking the database nothing."""
    generator = options.generator(one_product(replace(found, products=found.products[:100])), CONNECTIONS)
    with shop.server(**BEHIND_PROXY) as server:
        targets.warm_up(server.port, generator, until_kept=True)
        before = statements(server.port)
        load = generator.run(server.port, options.seconds)
        asked = statements(server.port) - before
    if asked > 10 + load.requests // 1000:
        raise LoadFault(f"{load.requests} reads that are kept sent {asked:.0f} statements")
    print(f"{load.requests:,} reads that are kept sent {asked:.0f} statements to the database", flush=True)


def statements(port):
    """How many statements the server has sent so far."""
    text = Client(port).call("GET", "/metrics").expect(200).body.decode()
    return sum(float(value) for value in re.findall(r"^shopkeeper_database_statements_total (\S+)$", text, re.M))
