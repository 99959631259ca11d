"""The bench's load is honest: limits are met, answers are what they are taken for, rounds are fair."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from benching import flat, peers, rounds, scene, targets  # noqa: E402
from benching.load import KEY, LoadFault, once  # noqa: E402
from benching.targets import Run  # noqa: E402
from benching.workloads import (  # noqa: E402
    ADDRESSES, BEHIND_PROXY, FRESH, WORKLOADS, Account, Scene, address, filtered_list, from_everywhere, one_product,
    own_order, place,
)

SCENE = Scene([Account(number, f"somebody{number}", f"token{number}", (f"order{number}",)) for number in range(3)],
              [(f"id-{number}", f'"v1-{number}"') for number in range(1000)], [{"page": number} for number in range(1, 31)],
              [f"product-{number}" for number in range(7)])


def header(request, name):
    lines = [line for line in request.decode().split("\r\n") if line.lower().startswith(f"{name.lower()}: ")]
    return lines[0].partition(": ")[2] if lines else None


def test_no_two_callers_share_an_address_and_none_leaves_the_block_for_benchmarks():
    found = {address(number) for number in range(125_000)}
    assert len(found) == 125_000
    assert all(each.startswith(("198.18.", "198.19.")) for each in found)


@pytest.mark.parametrize("requests", [one_product, filtered_list])
def test_a_round_asks_for_everything_and_each_request_comes_from_another_address(requests):
    made = requests(SCENE)
    targets_asked = {request.split(b" ")[1] for request in made}
    assert len(targets_asked) == len(SCENE.products if requests is one_product else SCENE.queries)
    callers = [header(request, "X-Forwarded-For") for request in made]
    assert len(set(callers)) == len(callers) >= ADDRESSES


def test_a_few_targets_are_asked_for_equally_often():
    made = from_everywhere([(f"/{number}", {}) for number in range(7)])
    counts = [sum(request.startswith(f"GET /{number} ".encode()) for request in made) for number in range(7)]
    assert len(set(counts)) == 1


def test_every_workload_that_names_addresses_is_behind_a_proxy_that_the_server_trusts():
    for workload in WORKLOADS:
        if any(header(request, "X-Forwarded-For") for request in workload.requests(SCENE)[:5]):
            assert workload.settings.items() >= BEHIND_PROXY.items(), workload.name


def test_only_workloads_that_switch_the_cache_off_are_taken_for_fresh():
    for workload in WORKLOADS:
        assert (workload.kept is False) == (workload.settings.items() >= FRESH.items()), workload.name


def test_a_run_of_kept_answers_that_were_not_kept_is_refused():
    targets.verify_kept(True, hits=99, misses=1)
    for hits, misses in [(0, 0), (50, 50)]:
        with pytest.raises(LoadFault, match="not kept"):
            targets.verify_kept(True, hits, misses)


def test_a_run_of_fresh_answers_that_were_kept_is_refused():
    targets.verify_kept(False, hits=0, misses=0)
    with pytest.raises(LoadFault, match="not fresh"):
        targets.verify_kept(False, hits=1, misses=9)


class Warming:
    """A generator and the cache that it fills: so many seconds pass until nothing is missed any more."""

    def __init__(self, monkeypatch, cold_seconds):
        self.cold, self.ran, self.hits, self.misses = cold_seconds, 0, 0, 0
        monkeypatch.setattr(targets, "cache_counts", lambda _port: (self.hits, self.misses))

    def run(self, _port, _seconds):
        self.ran += 1
        self.hits += 100
        self.misses += 100 if self.ran <= self.cold else 0


@pytest.mark.parametrize(("cold", "warmed"), [(0, 1), (3, 4), (100, targets.MOST_WARMINGS)])
def test_a_cache_is_warmed_until_it_answers_and_not_for_ever(monkeypatch, cold, warmed):
    warming = Warming(monkeypatch, cold)
    targets.warm_up(1, warming, until_kept=True)
    assert warming.ran == warmed


def test_what_is_not_kept_is_warmed_for_a_second(monkeypatch):
    warming = Warming(monkeypatch, 100)
    targets.warm_up(1, warming, until_kept=False)
    assert warming.ran == 1


def test_every_side_has_its_turn_in_each_round_and_each_begins_some():
    order = []

    def side(label):
        def run():
            order.append(label)
            return Run(len(order), 0, 0, 1, 1)
        return rounds.Side(label, run)

    runs = rounds.interleaved("test", [side("a"), side("b"), side("c")], 3)
    assert order == ["a", "b", "c", "b", "c", "a", "c", "a", "b"]
    assert {label: len(each) for label, each in runs.items()} == {"a": 3, "b": 3, "c": 3}


def test_ratios_are_taken_within_a_round():
    def run(cost):
        return Run(cost, 0, 0, 1, 1)

    runs = {"slow": [run(20), run(90), run(33)], "fast": [run(10), run(30), run(30)]}
    assert rounds.ratios(runs, "slow", "fast") == (2.0, 1.1, 3.0)


def test_callers_read_orders_of_their_own():
    for request in own_order(SCENE):
        order = request.split(b" ")[1].decode().rpartition("/")[2]
        owner = next(account for account in SCENE.accounts if order in account.orders)
        assert header(request, "Authorization") == f"Bearer {owner.token}"


def test_orders_are_placed_by_everybody_of_two_products_and_no_key_is_sent_twice():
    made = place(SCENE)
    assert {header(request, "Authorization") for request in made} == {f"Bearer {each.token}" for each in SCENE.accounts}
    bought = [[item["product_id"] for item in json.loads(request.partition(b"\r\n\r\n")[2])["items"]] for request in made]
    assert all(len(set(pair)) == 2 and pair == sorted(pair) for pair in bought)
    assert {product for pair in bought for product in pair} == set(SCENE.plenty)
    sent = [once(request) for request in (made[0], made[0], *made)]
    keys = {header(request, "Idempotency-Key") for request in sent}
    assert len(keys) == len(sent)
    assert all(request.count(KEY.encode()) == 0 for request in sent)


def test_only_what_places_orders_gets_a_shop_to_itself():
    for workload in WORKLOADS:
        assert workload.writes == any(request.startswith(b"POST /api/v1/orders") for request in workload.requests(SCENE))
        assert workload.writes or not workload.sync_ms


class Catalogue:
    """A client whose server holds so many products, in one category, and understands numbered pages and cursors."""

    def __init__(self, total):
        self.rows = [{"id": f"p{number}", "price": {"amount": number}} for number in range(total)]

    def call(self, _method, path):
        query = dict(pair.split("=") for pair in path.partition("?")[2].split("&") if pair)
        if path.startswith("/api/v1/categories"):
            return Given({"data": [{"id": "c"}]})
        limit = int(query["limit"])
        start = int(query["cursor"] or 0) if "cursor" in query else limit * (int(query["page"]) - 1)
        after = start + limit
        return Given({"data": self.rows[start:after], "pagination": {
            "total": len(self.rows), "next_cursor": str(after) if after < len(self.rows) else None}})


class Given:
    def __init__(self, value):
        self.value = value

    def expect(self, _status):
        return self

    def json(self):
        return json.loads(json.dumps(self.value))


class Staff:
    """A client whose server knows so many accounts, and cancels an overdue order each time it is asked for them."""

    def __init__(self, accounts, overdue=0):
        self.names, self.overdue = [f"buyer{number}" for number in range(accounts)], overdue

    def call(self, _method, path):
        query = dict(pair.split("=") for pair in path.partition("?")[2].split("&"))
        if path.startswith("/api/v1/orders"):
            self.overdue = max(0, self.overdue - 1)
            return Given({"data": [], "pagination": {"total": self.overdue}})
        start = int(query["limit"]) * (int(query["page"]) - 1)
        return Given({"data": [{"username": name} for name in self.names[start:start + int(query["limit"])]]})


def test_callers_are_different_accounts_and_too_few_of_them_are_refused():
    found = scene.accounts_of(Staff(250), 230)
    assert len({account.username for account in found}) == len({account.number for account in found}) == 230
    with pytest.raises(LoadFault, match="--users"):
        scene.accounts_of(Staff(250), 251)


def test_nothing_is_measured_before_overdue_orders_are_cancelled(monkeypatch):
    monkeypatch.setattr(scene.time, "sleep", lambda _seconds: None)
    staff = Staff(0, overdue=5)
    scene.await_expiry(staff)
    assert staff.overdue == 0
    monkeypatch.setattr(scene, "EXPIRY_SECONDS", -1)
    with pytest.raises(LoadFault):
        scene.await_expiry(Staff(0, overdue=5))


def test_products_are_taken_from_the_whole_list():
    found = [int(product[1:]) for product in scene.products_of(Catalogue(10_000), 1000)]
    assert len(found) == len(set(found)) == 1000
    assert min(found) < 100
    assert max(found) >= 9_900


def test_a_small_list_is_taken_whole():
    assert len(scene.products_of(Catalogue(70), 1000)) == 70


def test_queries_of_the_list_always_leave_a_second_page():
    made = list(scene.queries(Catalogue(100)))
    assert len(made) == scene.QUERIES_PER_CATEGORY
    assert all(100 - query["min_price"] > scene.LIMIT for query in made)
    assert not list(scene.queries(Catalogue(2 * scene.LIMIT)))


def test_the_deep_walk_begins_where_it_says():
    client = Catalogue(3000)
    paths = flat.walk(client, flat.cursor_after(client, 2460), 3)
    assert paths == [f"/api/v1/products?cursor={start}&limit=20" for start in (2460, 2480, 2500)]


def test_peers_may_differ_in_what_a_cursor_says_and_in_nothing_else():
    def page(cursor, moment, link, name="Cup"):
        return peers.comparable({"data": [{"name": name, "created_at": moment}], "pagination": {"next_cursor": cursor},
                                 "links": {"next": link}})

    ours = page("abc", "2026-01-01T00:00:00.120Z", "http://h/p?a=1&page=2")
    assert page("xyz", "2026-01-01T00:00:00.120000Z", "http://h/p?page=2&a=1") == ours
    assert page(None, "2026-01-01T00:00:00.120Z", "http://h/p?a=1&page=2") != ours
    assert page("abc", "2026-01-01T00:00:00.121Z", "http://h/p?a=1&page=2") != ours
    assert page("abc", "2026-01-01T00:00:00.120Z", "http://h/p?a=1&page=3") != ours
    assert page("abc", "2026-01-01T00:00:00.120Z", "http://h/p?a=1&page=2", name="Mug") != ours


def test_what_peers_make_may_differ_in_its_ids_and_times_and_in_nothing_else():
    def order(identity, moment, total=7):
        return {"id": identity, "created_at": moment, "user_id": "u", "items": [{"id": identity, "total": total}]}

    ours = peers.comparable(order("a", "2026-01-01T00:00:00Z"), made=True)
    assert peers.comparable(order("b", "2026-01-02T00:00:00Z"), made=True) == ours
    assert peers.comparable(order("b", "2026-01-02T00:00:00Z", total=8), made=True) != ours
    assert peers.comparable(order("b", None), made=True) != ours
    assert peers.comparable(order("a", "2026-01-01T00:00:00Z")) != peers.comparable(order("b", "2026-01-01T00:00:00Z"))


def test_a_difference_between_peers_is_told_by_its_place():
    assert peers.difference({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}) is None
    assert peers.difference({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == "/a/1/b: 3 instead of 2"
    assert peers.difference({"a": [1]}, {"a": []}).startswith("/a: ")
    assert peers.difference({"a": 1}, {"b": 1}).startswith(": ")
