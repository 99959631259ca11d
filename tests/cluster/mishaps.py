"""What may happen to a cluster, and what clients may notice of it."""

import time

import shop
from audit import audit
from load import Crowd
from services import wait_until

SHOPPERS = 6
# Plenty: what is to be seen are failures, not empty shelves.
STOCK = 1_000_000


def _crowd(cluster, pause=0.01):
    return Crowd(cluster.proxy.port, shop.product(cluster, cluster.admin(), STOCK), shop.shoppers(cluster, SHOPPERS),
                 pause)


def _untroubled(cluster, crowd):
    """The books of a crowd of which nobody was refused, and to which the database agrees."""
    books = crowd.books
    assert not books.refused, f"{len(books.refused)} requests failed: {books.refused[:5]}"
    audit(cluster.writing(), books)
    return books


def rolling_restart(cluster):
    """Each instance is restarted under load, and no request fails."""
    with _crowd(cluster) as crowd:
        crowd.await_orders(20)
        for instance in cluster.instances:
            instance.restart()
            wait_until(lambda: cluster.proxy_sees(instance), 10, f"HAProxy sees {instance.name}")
            crowd.await_orders(20)
    books = _untroubled(cluster, crowd)
    return f"{books.answers} answers, {len(books.orders)} orders, 0 failed, slowest {books.slowest * 1000:.0f} ms"


def frozen_valkey(cluster):
    """Valkey stops answering: no request fails, and news flow again afterwards."""
    with _crowd(cluster) as crowd:
        crowd.await_orders(20)
        cluster.valkey.pause()
        try:
            begin = crowd.now()
            while crowd.now() - begin < 4:
                crowd.await_orders(1)
            assert all(one.metric("shopkeeper_shared_connected") == 0 for one in cluster.instances)
        finally:
            cluster.valkey.resume()
        wait_until(lambda: all(one.metric("shopkeeper_shared_connected") == 1 for one in cluster.instances), 5,
                   "the instances find Valkey again")
        crowd.await_orders(20)
    books = _untroubled(cluster, crowd)
    return f"{books.answers} answers, 0 failed, slowest {books.slowest * 1000:.0f} ms"


def lost_valkey(cluster):
    """Valkey is killed and comes back empty: no request fails, and what was revoked meanwhile stays revoked."""
    one, other = cluster.instances
    [token] = shop.shoppers(cluster, 1)
    there = other.client(token)
    there.call("GET", "/api/v1/users/me").expect(200)
    with _crowd(cluster) as crowd:
        crowd.await_orders(10)
        cluster.valkey.kill()
        crowd.await_orders(10)
        one.client(token).call("POST", "/api/v1/auth/logout").expect(204)
        wait_until(lambda: there.call("GET", "/api/v1/users/me").status == 401, 1, "a session ended without Valkey")
        cluster.valkey.start()
        wait_until(lambda: all(one.metric("shopkeeper_shared_connected") == 1 for one in cluster.instances), 5,
                   "the instances find Valkey again")
        assert there.call("GET", "/api/v1/users/me").status == 401
        crowd.await_orders(10)
    _untroubled(cluster, crowd)


def frozen_database(cluster):
    """PostgreSQL stops answering: 503 within two seconds, with Retry-After; healthy within five of its return."""
    with _crowd(cluster, pause=0.05) as crowd:
        crowd.await_orders(20)
        database = cluster.writing()
        database.pause()
        frozen = crowd.now()
        try:
            time.sleep(5)
        finally:
            database.resume()
        thawed = crowd.now()
        back = crowd.await_orders(20, 15)
    books = crowd.books
    # The first second belongs to requests that were underway; from then on each is answered soon.
    late = [entry for entry in books.refused if entry[3] > 2.5]
    assert not late, f"answers took longer than two seconds: {late[:5]}"
    assert books.refused, "nobody noticed"
    others = [entry for entry in books.refused if entry[1] != 503 or not entry[2]]
    assert not others, f"refused otherwise than by 503 with Retry-After: {others[:5]}"
    last = max(entry[0] for entry in books.refused) - thawed
    assert back < 5 and last < 5, f"healthy {back:.1f} s after its return, last refusal {last:.1f} s after it"
    first = min(entry[0] for entry in books.refused) - frozen
    audit(database, books)
    slowest = max(entry[3] for entry in books.refused)
    return (f"first 503 after {first:.1f} s, slowest {slowest:.1f} s, {len(books.refused)} in all, "
            f"healthy {max(last, 0):.1f} s after its return")


def killed_instance(cluster):
    """An instance is killed amid writes: what was acknowledged is there, and what is sent again is done once."""
    with _crowd(cluster, pause=0) as crowd:
        crowd.await_orders(20)
        for _ in range(3):
            victim = cluster.instances[1]
            victim.kill()
            crowd.await_orders(20)
            victim.start()
            crowd.await_orders(20)
    audit(cluster.writing(), crowd.books)
    return f"{len(crowd.books.orders)} orders acknowledged, {len(crowd.books.refused)} requests sent again, none lost"


PROOFS = [rolling_restart, frozen_valkey, lost_valkey, killed_instance, frozen_database]


def failover(cluster):
    """The database is killed, its replica takes over: no acknowledged order is lost."""
    with _crowd(cluster, pause=0) as crowd:
        crowd.await_orders(50)
        before = len(crowd.books.orders)
        cluster.database.kill()
        died = crowd.now()
        cluster.fail_over()
        crowd.await_orders(50, 30)
        back = crowd.now() - died
    audit(cluster.writing(), crowd.books)
    assert len(crowd.books.orders) >= before + 50
    return f"{len(crowd.books.orders)} orders acknowledged, none lost; buying again {back:.1f} s after the kill"
