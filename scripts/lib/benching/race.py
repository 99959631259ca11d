"""The sections of the bench, each measured in rounds: workloads against floors, rivals, sizes, the floor against itself."""

from contextlib import nullcontext
from dataclasses import replace

from benching import flat, peers, postgres, report, scene, targets
from benching.rounds import Side, interleaved
from benching.targets import Sample, Shop
from benching.workloads import FRESH, WORKLOADS, Account, Scene

CATEGORIES = 10
RACED = ("product", "list")
CONNECTIONS_OF_RACE = 32
COMPARED = 10


def measured(sections, options):
    """Yields each section's name and entries as soon as it is measured."""
    if sections == ["postgres"]:
        yield "postgres", list(postgres.measured(options))
        return
    if sections == ["calibration"]:
        yield "calibration", list(calibration(options))
        return
    if "workloads" in sections or "peers" in sections:
        shop = Shop(options.built / "shopkeeper", options.limits)
        try:
            wanted = [workload for workload in WORKLOADS if workload.name in (options.workload or [workload.name])]
            found = prepare(shop, options)
            if "workloads" in sections:
                yield "workloads", [entry for workload in wanted for entry in against_floor(workload, shop, found, options)]
            if "peers" in sections:
                yield "peers", against_peers(shop, found, options)
        finally:
            shop.remove()
    if "flat" in sections:
        entries = flat.run(options.built / "shopkeeper", options.sizes, options.generator, options.rounds,
                           options.seconds)
        yield "flat", [report.levelled(entry) for entry in entries]


def prepare(shop, options):
    """Fills a shop and finds what there is to ask for."""
    print(f"filling the shop: {options.users:,} users, {options.products:,} products, {options.orders:,} orders", flush=True)
    shop.seed(users=options.users, products=options.products, categories=CATEGORIES, orders=options.orders)
    return scene.find(shop, options.callers)


def against_floor(workload, shop, found, options):
    """A workload's entries, one for each number of connections."""
    if workload.floor == "axum" and not options.no_build:
        peers.build_axum(options.profile)
    if workload.signed_in:
        found = scene.signed_in(shop, found)
    for connections in [options.connections] if options.connections else workload.connections:
        generator = options.generator(workload.requests(found), connections)
        answered = sample(workload, shop, generator)
        if workload.floor == "axum":
            verify(workload, shop, generator, "axum", lambda shop: rival(workload, shop, found, options))
        sides = [
            Side("server", lambda: server_run(workload, shop, generator, options.seconds)),
            Side("floor", floor(workload, shop, found, generator, answered, options)),
        ]
        runs = interleaved(f"{workload.name}@{connections}", sides, options.rounds)
        yield report.compared(workload, connections, runs, answered.body_bytes)


def floor(workload, shop, found, generator, answered, options):
    """A function that measures the workload's floor once."""
    if workload.floor == "argon2":
        return lambda: targets.measure_argon2(options.built, options.seconds)
    if workload.floor == "axum":
        def run():
            with own(workload, shop) as mine:
                return peer_run(rival(workload, mine, found, options), generator, options.seconds)
        return run
    return lambda: peer_run(targets.hyper(options.built, answered, options.body_only), generator, options.seconds)


def rival(workload, shop, found, options):
    """The axum peer over a shop's database."""
    return peers.axum(folder(options), shop.database, found.key, workload.sync_ms)


def own(workload, shop):
    """The shop as a run of this workload gets it: one that nobody has written to before."""
    return shop.copy() if workload.writes else nullcontext(shop)


def against_peers(shop, found, options):
    """The catalogue's reads by everybody."""
    if not options.no_build:
        peers.build_axum(options.profile)
    peers.install()
    rivals = {
        "axum + sqlx": lambda: peers.axum(folder(options), shop.database),
        "FastAPI": lambda: peers.fastapi(shop.database),
        "Flask": lambda: peers.flask(shop.database),
    }
    entries = []
    for workload in (each for each in WORKLOADS if each.name in RACED):
        generator = options.generator(workload.requests(found), CONNECTIONS_OF_RACE)
        fresh = replace(workload, settings=workload.settings | FRESH, kept=False)
        answered = sample(workload, shop, generator)
        for label, rival in rivals.items():
            verify(workload, shop, generator, label, lambda _shop, rival=rival: rival())
        sides = [Side("bare hyper", lambda: peer_run(targets.hyper(options.built, answered), generator, options.seconds)),
                 Side("Shopkeeper, kept", lambda: server_run(workload, shop, generator, options.seconds)),
                 Side("Shopkeeper, fresh", lambda: server_run(fresh, shop, generator, options.seconds))]
        sides += [Side(label, lambda rival=rival: peer_run(rival(), generator, options.seconds))
                  for label, rival in rivals.items()]
        runs = interleaved(f"{workload.name}@{generator.connections}", sides, options.rounds)
        entries.append(report.raced(workload.name, workload.summary, generator.connections, runs, answered.body_bytes,
                                    base="Shopkeeper, kept"))
    return entries


def calibration(options):
    """Every workload above bare hyper, with bare hyper in the server's place as well."""
    order = f"order-{0:030}"
    found = Scene([Account(number, f"bench_{number:05}", "t" * 400, (order,)) for number in range(options.callers)],
                  [(f"product-{number:030}", '"v1-00000000"') for number in range(scene.PRODUCTS)],
                  [{"page": number + 1, "limit": 20} for number in range(100)])
    for workload in (each for each in WORKLOADS if each.floor == "hyper"):
        connections = options.connections or workload.connections[0]
        generator = options.generator(workload.requests(found), connections)
        size = 0 if workload.status == 304 else 400
        answered = Sample(workload.status, {"content-type": "application/json"}, size)
        side = floor(workload, None, found, generator, answered, options)
        runs = interleaved(f"{workload.name}@{connections}", [Side("server", side), Side("floor", side)], options.rounds)
        yield report.compared(workload, connections, runs, answered.body_bytes)


def server_run(workload, shop, generator, seconds):
    with own(workload, shop) as mine, mine.server(sync_ms=workload.sync_ms, **workload.settings) as server:
        return targets.measure_server(server, generator, seconds, workload.kept)


def peer_run(peer, generator, seconds):
    with peer as running:
        return targets.measure_server(running, generator, seconds)


def sample(workload, shop, generator):
    with own(workload, shop) as mine, mine.server(**workload.settings) as server:
        return targets.sample(server.port, generator.requests, workload.status)


def verify(workload, shop, generator, label, rival):
    """Refuses to compare with a rival that does other work."""
    with own(workload, shop) as mine, mine.server(**workload.settings) as server, rival(mine) as peer:
        step = max(1, len(generator.requests) // COMPARED)
        peers.verify_same(server.port, peer.port, generator.requests[::step], label, workload.status)


def folder(options):
    """Where cargo puts what it builds in this profile."""
    return "release" if options.profile == "release" else "debug"
