"""Fills the measured shop's database: by `shopkeeper seed` where there is one, else straight into its tables.

The latter is a stand-in until every binary has the command, and goes then: it knows the tables, which nobody else
outside of the store should.
"""

import os
import random
import sqlite3
import subprocess
from contextlib import closing
from itertools import islice
from uuid import UUID

from server import ServerFault

SEED = 1
BATCH = 10_000
# The first row's moment, 2026-01-01, in microseconds; each row is a second younger than the one before.
EPOCH = 1_767_225_600_000_000
SECOND = 1_000_000
SEED_SECONDS = 1800

ADJECTIVES = "Amber Bold Calm Copper Crisp Dapper Early Fine Gentle Hardy Ivory Jolly Keen Light Mellow Neat Olive Plain " \
             "Quiet Rustic Sturdy Tidy Urban Vivid Warm Woven".split()
NOUNS = "Apron Basket Blanket Bottle Bowl Brush Candle Chair Clock Cup Desk Drawer Fork Jacket Kettle Knife Lamp Mirror " \
        "Mug Pan Pillow Plate Rug Scarf Shelf Spoon Stool Table Tray Vase".split()


def seed(shop, users, products, categories):
    """Adds so many rows to a shop that is not running."""
    if has_command(shop.binary):
        words = [shop.binary, "seed", "--users", users, "--products", products, "--categories", categories,
                 "--orders", 0, "--seed", SEED]
        run(shop, [str(word) for word in words])
        return
    with shop.server(core=None):
        pass  # It makes the tables.
    with closing(sqlite3.connect(shop.database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        chance = random.Random(SEED)
        fill(connection, "users", (user(chance, number) for number in range(users)))
        owners = [category(chance, number) for number in range(categories)]
        fill(connection, "categories", iter(owners))
        fill(connection, "products", (product(chance, number, owners) for number in range(products)))
        connection.execute(
            "INSERT INTO stock_adjustments (id, product_id, delta, reason, stock_after, created_at) "
            "SELECT randomblob(16), id, stock, 'initial stock', stock, created_at FROM products WHERE stock > 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def has_command(binary):
    return subprocess.run([str(binary), "seed", "--help"], capture_output=True, check=False).returncode == 0


def run(shop, words):
    """Runs a command of the measured binary on the shop's data folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHOPKEEPER_")}
    environment["SHOPKEEPER_DATA_DIR"] = str(shop.folder / "data")
    finished = subprocess.run(words, env=environment, cwd=shop.folder, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SEED_SECONDS, check=False,
                              preexec_fn=lambda: os.sched_setaffinity(0, range(os.cpu_count())))
    if finished.returncode:
        raise ServerFault(f"`{' '.join(words)}` ended with code {finished.returncode}\n{finished.stdout[-2000:]}")


def fill(connection, table, rows):
    """Inserts dictionaries, a transaction for each batch."""
    while batch := list(islice(rows, BATCH)):
        names = list(batch[0])
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
                               [tuple(row.values()) for row in batch])
        connection.execute("COMMIT")


def user(chance, number):
    name = f"seeded_{number:06}"
    moment = EPOCH + number * SECOND
    return {"id": new_id(chance, moment), "email": f"{name}@example.com", "username": name, "username_key": name,
            "full_name": None, "search_key": f"{name}\n{name}@example.com\n", "password_hash": "",
            "role": "user", "status": "active", "version": 1, "created_at": moment, "updated_at": moment}


def category(chance, number):
    moment = EPOCH + number * SECOND
    name = f"{NOUNS[number % len(NOUNS)]}s {number + 1}"
    return {"id": new_id(chance, moment), "name": name, "name_key": name.lower(),
            "slug": name.lower().replace(" ", "-"), "description": f"Every kind of {name.lower()}.", "version": 1,
            "created_at": moment, "updated_at": moment}


def product(chance, number, owners):
    moment = EPOCH + number * SECOND + chance.randrange(SECOND)
    adjective, noun = chance.choice(ADJECTIVES), chance.choice(NOUNS)
    name = f"{adjective} {noun}"
    sku = f"{adjective[:3]}{noun[:3]}-{number:07}".upper()
    return {"id": new_id(chance, moment), "category_id": owners[number % len(owners)]["id"], "name": name,
            "name_key": name.lower(), "sku": sku, "sku_key": sku.lower(),
            "description": f"<p>A <strong>{adjective.lower()}</strong> {noun.lower()} for every day, made of "
                           f"{chance.choice(ADJECTIVES).lower()} stuff and kept simple.</p>",
            "price_amount": round(chance.lognormvariate(8, 1)), "price_currency": "EUR",
            "stock": 0 if chance.random() < 0.1 else chance.randrange(1, 500), "status": "active", "version": 1,
            "created_at": moment, "updated_at": moment}


def new_id(chance, moment):
    """A UUIDv7 of that moment."""
    milliseconds = moment // 1000
    number = milliseconds << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0b10 << 62 | chance.getrandbits(62)
    return UUID(int=number).bytes
