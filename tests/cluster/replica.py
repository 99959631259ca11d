"""What a streaming replica is asked, and what nobody may notice of it."""

import time

import shop
from services import wait_until

ROUNDS = 40


def replica_reads(cluster):
    """Catalogue reads are answered by the replica; whoever reads right after a write sees it; a replica that is away is not
    missed."""
    admin = cluster.admin()
    instance = cluster.instances[0]
    products = [shop.product(cluster, admin, 10) for _ in range(ROUNDS)]

    def read(product):
        return instance.client().call("GET", f"/api/v1/products/{product}").expect(200).json()

    def asked():
        return instance.metric("shopkeeper_database_replica_reads_total")

    def is_asked():
        read(next(warming))
        return asked() > 0

    warming = iter([shop.product(cluster, admin, 10) for _ in range(100)])
    wait_until(is_asked, 5, "the replica is asked")
    before = asked()
    for product in products:
        read(product)
    seen = int(asked() - before)
    assert seen >= ROUNDS // 2, f"{ROUNDS} reads asked the replica {seen} times"

    writer = instance.client(admin.token)
    for turn, product in enumerate(products):
        name = f"Changed {turn}"
        writer.call("PATCH", f"/api/v1/products/{product}", {"name": name}).expect(200)
        assert read(product)["name"] == name, "a write was not seen by the next read"

    cluster.replica.pause()
    try:
        slowest = 0.0
        for price in range(1, ROUNDS + 1):
            begin = time.monotonic()
            # Another list each time: none is kept.
            instance.client().call("GET", f"/api/v1/products?limit=1&min_price={price}").expect(200)
            slowest = max(slowest, time.monotonic() - begin)
            time.sleep(0.05)
    finally:
        cluster.replica.resume()
    assert slowest < 2, f"a read took {slowest:.1f} s while the replica was away"
    wait_until(lambda: cluster.writing().ask("SELECT sync_state FROM pg_stat_replication") == "sync", 20,
               "the replica follows again")
    return f"{seen} of {ROUNDS} reads by the replica, {ROUNDS} writes seen at once, slowest read without it {slowest:.1f} s"


def encrypted(cluster):
    """Whatever an instance asks the database or the replica it asks by TLS: reads, writes, and whether they live."""
    seen = []
    for database in (cluster.database, cluster.replica):
        ways = database.ask("SELECT ssl, version, count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
                            "WHERE application_name = 'shopkeeper' GROUP BY ssl, version").splitlines()
        assert ways and all(way.startswith("t|") for way in ways), f"{database.name} is asked openly: {ways}"
        seen.append(f"{database.name}: {' and '.join(way.split('|', 1)[1].replace('|', ' × ') for way in ways)}")
    return ", ".join(seen)
