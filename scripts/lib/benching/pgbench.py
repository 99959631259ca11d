"""pgbench doing what the server does: the statements of one order, taken from PostgreSQL's own log, with new ids each time."""

import re
import subprocess
import time

from benching.load import LoadFault
from benching.targets import Run

# One line for each: who, and what; then its parameters.
SENT = re.compile(r"^(?P<pid>\d+) LOG:  (?:statement|execute \S+): (?P<sql>\S.*)$")
PARAMETERS = re.compile(r"^(?P<pid>\d+) DETAIL:  parameters: (?P<all>.*)$")
PARAMETER = re.compile(r"\$(\d+) = ('(?:[^']|'')*'|NULL)")
PLACE = re.compile(r"\$(\d+)")
ID = re.compile(r"'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'")
DIGEST = re.compile(r"'\\x[0-9a-f]{64}'")
GRACE_SECONDS = 30


def overhear(database, act):
    """The statements, each with its parameters, that the server sends while `act` is done."""
    database.ask("ALTER SYSTEM SET log_statement = 'all'")
    database.ask("ALTER SYSTEM SET log_line_prefix = '%p '")
    database.ask("SELECT pg_reload_conf()")
    time.sleep(0.5)  # The backends read their settings between two statements.
    begin = database.log.stat().st_size
    act()
    time.sleep(0.5)
    text = database.log.read_bytes()[begin:].decode(errors="replace")
    for setting in ("log_statement", "log_line_prefix"):
        database.ask(f"ALTER SYSTEM RESET {setting}")
    database.ask("SELECT pg_reload_conf()")
    return statements(text)


def statements(text):
    """What one order sends: from the look for a repeat to the commit of the transaction that adds it."""
    sent = []
    for line in text.splitlines():
        if match := SENT.match(line):
            sent.append((match["pid"], match["sql"].strip(), {}))
        elif (match := PARAMETERS.match(line)) and sent:
            sent[-1][2].update((int(number), value) for number, value in PARAMETER.findall(match["all"]))
    placing = [pid for pid, sql, _ in sent if sql.startswith('INSERT INTO "orders"')]
    if len(placing) != 1:
        raise LoadFault(f"{len(placing)} orders were overheard where there was one")
    ends = [place for place, (pid, sql, _) in enumerate(sent) if pid == placing[0] and sql == "COMMIT"]
    begins = [place for place, (pid, sql, _) in enumerate(sent) if pid == placing[0] and sql == "BEGIN"]
    begin = max(place for place in begins if place < ends[0])
    looks = [(sql, values) for _, sql, values in sent[:begin] if "idempotency_records" in sql]
    within = [(sql, values) for pid, sql, values in sent[begin:ends[0] + 1] if pid == placing[0]]
    return [*looks, *within]


def script(sent, products):
    """A script of pgbench that sends these statements: the products are two of `products`, in order; ids and digests that
    nobody had before are drawn anew each time, the same in each statement."""
    known = {}
    head = [f"\\set one random(1, {len(products) - 1})", f"\\set two random(:one + 1, {len(products)})"]
    shelf = "(ARRAY[" + ",".join(f"'{product}'::uuid" for product in sorted(products)) + "])"
    bought = sorted({value for sql, values in sent if sql.startswith('UPDATE "products"')
                     for value in values.values() if value.strip("'") in products})
    if len(bought) != 2:
        raise LoadFault(f"{len(bought)} products were bought where there should be two")
    known |= {bought[0]: f"{shelf}[:one::int]", bought[1]: f"{shelf}[:two::int]"}
    made = {value for sql, values in sent if sql.startswith("INSERT INTO") for value in values.values()}
    # Accounts are there before: what points at one is selected from it.
    there = {values[int(place)] for sql, values in sent if 'FROM "users"' in sql
             for place in re.findall(r'"id" = \$(\d+)', sql)}

    def expression(value):
        if value in known:
            return known[value]
        if value in made - there and (ID.fullmatch(value) or DIGEST.fullmatch(value)):
            name = f"n{len(known)}"
            head.append(f"\\set {name} random(1, 4000000000000000000)")
            digits = "lpad(to_hex(:{}::bigint), {}, '0')"
            known[value] = (f"{digits.format(name, 32)}::uuid" if ID.fullmatch(value)
                            else f"decode({digits.format(name, 64)}, 'hex')")
            return known[value]
        return value

    def worded(sql, values):
        return PLACE.sub(lambda place: expression(values[int(place[1])]), sql)

    body = [worded(*each) + ";" for each in sent]
    return "\n".join([*head, *body]) + "\n"


def run(database, file, clients, seconds):
    """One measured run of pgbench; its own CPU time is that of the client."""
    words = [database.binary.parent / "pgbench", "--no-vacuum", "--protocol", "prepared", "--client", clients,
             "--jobs", 1, "--time", seconds, "--file", file, "--host", "127.0.0.1", "--port", database.port,
             "--username", "shopkeeper", "shopkeeper"]
    done = subprocess.run([str(word) for word in words], env=database.environment, capture_output=True, text=True,
                          timeout=seconds + GRACE_SECONDS, check=False)
    found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.M)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if done.returncode != 0 or not found or (failed and int(failed[1])):
        raise LoadFault(f"pgbench failed: {done.stderr[-2000:]}{done.stdout[-500:]}")
    rate = float(found[1])
    return Run(cpu_us=0, user_us=0, system_us=0, requests=round(rate * seconds), rps=rate)
