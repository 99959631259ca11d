"""Whether a request costs the same however large the catalogue is: the section `--flat`.

One product (kept, and computed each time), and the walk by cursor at its beginning and at page 10,000 (or at the end,
where there are fewer pages), each over catalogues of 10^3 to 10^6 products.
"""

from collections.abc import Callable
from dataclasses import dataclass

from benching import scene
from benching.rounds import Side, interleaved, ratios
from benching.targets import Shop, answer_to, measure_server
from benching.workloads import BEHIND_PROXY, FRESH, Scene, from_everywhere, list_path, one_product, product_path

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CATEGORIES = 20
CONNECTIONS = 32
LIMIT = 20
DEEP_PAGE = 10_000
WALKED = 25
SCATTERED = 4000
AIM = 1.25


@dataclass(frozen=True)
class Question:
    """One line of the plot: what is asked of every catalogue."""

    name: str
    summary: str
    requests: Callable
    kept: bool


@dataclass(frozen=True)
class Catalogue:
    """What is asked for in a catalogue of one size."""

    products: list[str]
    first: list[str]
    deep: list[str]
    deep_page: int


QUESTIONS = [
    Question("product", "one product, kept",
             lambda found: one_product(Scene(products=[(product, "") for product in found.products[:scene.PRODUCTS]])),
             True),
    Question("product-fresh", "one product, computed",
             lambda found: from_everywhere([(product_path(product), {}) for product in found.products]), False),
    Question("walk-first", "page of 20 by cursor, at the beginning",
             lambda found: from_everywhere([(path, {}) for path in found.first]), False),
    Question("walk-deep", "page of 20 by cursor, around page 10,000",
             lambda found: from_everywhere([(path, {}) for path in found.deep]), False),
]


def run(binary, sizes, new_generator, rounds, seconds):
    """The section's entries: what each question costs at each size, and how far that is from the smallest."""
    shops = {}
    try:
        found = {}
        for size in sizes:
            print(f"filling a catalogue of {size:,} products", flush=True)
            shops[size] = Shop(binary)
            shops[size].seed(users=0, products=size, categories=CATEGORIES, orders=0)
            found[size] = look(shops[size])
        return [measure(question, shops, found, new_generator, rounds, seconds) for question in QUESTIONS]
    finally:
        for shop in shops.values():
            shop.remove()


def measure(question, shops, found, new_generator, rounds, seconds):
    """One question at all sizes, interleaved."""
    settings = BEHIND_PROXY | ({} if question.kept else FRESH)
    sides = []
    for size, shop in shops.items():
        generator = new_generator(question.requests(found[size]), CONNECTIONS)
        sides.append(Side(str(size), lambda shop=shop, generator=generator: one_run(shop, generator, settings,
                                                                                  question.kept, seconds)))
    runs = interleaved(question.name, sides, rounds)
    smallest = sides[0].label
    return {
        "name": question.name, "summary": question.summary, "connections": CONNECTIONS, "aim": AIM,
        "deep_pages": {str(size): found[size].deep_page for size in shops},
        "runs": runs,
        "ratios": {side.label: ratios(runs, side.label, smallest) for side in sides},
    }


def one_run(shop, generator, settings, kept, seconds):
    with shop.server(**settings) as server:
        answer_to(server.port, generator.first)
        return measure_server(server, generator, seconds, kept)


def look(shop):
    """What there is to ask for."""
    with shop.server(limits="off", core=None) as server:
        client = server.client()
        products = scene.products_of(client, SCATTERED)
        total = scene.page_of(client, {"page": 1, "limit": 1})["pagination"]["total"]
        last = min(DEEP_PAGE, total // LIMIT)
        walked = max(1, min(WALKED, last // 2))
        first = walk(client, "", walked)
        return Catalogue(products, first, walk(client, cursor_after(client, (last - walked) * LIMIT), walked), last)


def cursor_after(client, rows):
    """The cursor that leads past so many rows, found by walking there."""
    cursor = ""
    while rows > 0:
        step = min(100, rows)
        cursor = scene.page_of(client, {"cursor": cursor, "limit": step})["pagination"]["next_cursor"]
        rows -= step
    return cursor


def walk(client, cursor, pages):
    """The paths of so many pages from there on."""
    paths = []
    for _ in range(pages):
        path = list_path({"cursor": cursor, "limit": LIMIT})
        paths.append(path)
        cursor = client.call("GET", path).expect(200).json()["pagination"]["next_cursor"] or ""
    return paths
