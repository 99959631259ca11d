"""The server over PostgreSQL: what it makes of the database's own pace, and whether what is kept asks it nothing."""

import os
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median

import process
from benching import pgbench, report, scene, seeding, targets
from benching.load import LoadFault
from benching.rounds import Side, interleaved
from benching.shares import Share
from benching.targets import Run
from benching.workloads import BEHIND_PROXY, Scene, Workload, one_product, place
from cluster import Cluster
from postgres import Postgres
from sections import CannotRun
from server import Client, Server

CONNECTIONS = 16
PLACE = Workload("place-postgres", "place an order of two products, on PostgreSQL", place, (CONNECTIONS,), "pgbench", 0.8,
                 status=201, measure="rate", signed_in=True, writes=True)
# How much more two instances answer than one.
TOGETHER = 1.7
# What each of them has of a core where that is seen: the load, HAProxy and Valkey need the rest of two cores.
SHARE = 0.2
# How much of its share an instance has to use up: else something else was the limit.
USED = 0.85
CALLERS = 64
SEEN = Workload("two-instances-seen", f"one product, by two instances with {SHARE} of a core each", one_product, (CALLERS,),
                "one instance", TOGETHER, measure="rate")
PRODUCTS = 100
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
        seeding.seed(self.binary, self.folder / "data", sizes, database_url=self.database.url())

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
        yield together(options)
        yield from seen_together(options)
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


def together(options):
    """What two instances answer with a core each, beside one: reckoned by the processor time that a request costs them, since
    the load itself needs a core. Kept reads, with limits counted together by Valkey."""
    alone, both = [], []
    for _ in range(options.rounds):
        alone += costs(1, options)
        both += costs(2, options)
    ratio = 2 * median(run.cpu_us for run in alone) / median(run.cpu_us for run in both)
    runs = {"two": both, "one": alone}
    return {"name": "two-instances", "summary": "one product, by two instances with a core each", "response_bytes": 0,
            "connections": CONNECTIONS, "floor_is": "one", "measure": "rate", "aim": TOGETHER,
            "sides": {label: report.medians(each) for label, each in runs.items()},
            "ratio": round(ratio, 3), "ratio_spread": [round(ratio, 3)] * 2, "aim_reached": ratio >= TOGETHER,
            "rounds": []}


def seen_together(options):
    """What two instances answer beside one, seen through HAProxy: each has the same share of a core, which it uses up."""
    try:
        with Share("probe", SHARE):
            pass
    except CannotRun as reason:
        print(f"SKIPPED: two-instances-seen: {reason}", flush=True)
        return
    sides = [Side("server", lambda: answered(2, options)), Side("floor", lambda: answered(1, options))]
    runs = interleaved("two-instances-seen", sides, options.rounds)
    yield report.compared(SEEN, CALLERS, runs, 0)


def answered(count, options):
    """One run of so many instances, each with its share, loaded through HAProxy."""
    with ExitStack() as stack:
        # The load has a core of its own; everything else goes where there is room.
        mine = os.sched_getaffinity(0)
        stack.callback(os.sched_setaffinity, 0, mine)
        os.sched_setaffinity(0, range(os.cpu_count()))
        shares = [stack.enter_context(Share(f"shop{number}", SHARE)) for number in range(count)]
        cluster = stack.enter_context(Cluster(options.built / "shopkeeper", instances=count, log="warn"))
        generator = options.generator(one_product(stocked(cluster)), CALLERS)
        for share, instance in zip(shares, cluster.instances, strict=True):
            share.hold(instance.child.pid)
        # What a thread waits for in its first rounds, it was owed from before.
        generator.run(cluster.proxy.port, targets.WARMING_SECONDS)
        before = [process.cpu_time(instance.child.pid) for instance in cluster.instances]
        load = generator.run(cluster.proxy.port, options.seconds)
        spent = [process.cpu_time(instance.child.pid) - earlier
                 for instance, earlier in zip(cluster.instances, before, strict=True)]
    least = min(each.total for each in spent) / load.seconds
    if least < USED * SHARE:
        raise LoadFault(f"an instance used {least:.3f} of a core instead of its {SHARE}: something else was the limit")
    total = sum(each.total for each in spent) * 1e6 / load.requests
    return Run(cpu_us=total, user_us=sum(each.user for each in spent) * 1e6 / load.requests,
               system_us=sum(each.system for each in spent) * 1e6 / load.requests, requests=load.requests,
               rps=load.requests / load.seconds, p50_us=load.p50_us, p99_us=load.p99_us,
               generator_share=load.generator_share)


def stocked(cluster):
    """A scene with some products, made for it."""
    admin = cluster.admin()
    shelf = admin.call("POST", "/api/v1/categories", {"name": "Bench", "slug": "bench"}).expect(201).json()["id"]
    return Scene(products=[(sold(admin, shelf, number), "") for number in range(PRODUCTS)])


def costs(count, options):
    """The runs of so many instances, loaded at the same time."""
    with Cluster(options.built / "shopkeeper", instances=count, log="warn") as cluster:
        generator = options.generator(one_product(stocked(cluster)), CONNECTIONS)
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(lambda one: cost(one, generator, options.seconds), cluster.instances))


def sold(admin, shelf, number):
    thing = {"category_id": shelf, "name": f"Thing {number}", "sku": f"B-{number}", "price": {"amount": 100, "currency": "EUR"}}
    return admin.call("POST", "/api/v1/products", thing).expect(201).json()["id"]


def cost(instance, generator, seconds):
    generator.run(instance.port, targets.WARMING_SECONDS)
    before = process.cpu_time(instance.child.pid)
    load = generator.run(instance.port, seconds)
    spent = process.cpu_time(instance.child.pid) - before
    each = 1e6 / load.requests
    return Run(cpu_us=spent.total * each, user_us=spent.user * each, system_us=spent.system * each,
               requests=load.requests, rps=load.requests / load.seconds, p50_us=load.p50_us, p99_us=load.p99_us)


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
