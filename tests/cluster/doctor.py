"""What the doctor says of servers that are well, and of those that are not."""

import json
import subprocess

from server import program_environment
from services import wait_until


def checkup(cluster):
    """PostgreSQL, its replica and Valkey are found well, and those that are away or behind are named."""
    instance = cluster.instances[0]

    def findings(**settings):
        own = {"listen": "127.0.0.1:0", "data_dir": instance.folder / "data"}
        told = subprocess.run([instance.binary, "doctor", "--json"], capture_output=True, text=True, timeout=30, check=False,
                              env=program_environment(**(own | instance.settings | settings)) | instance.environment)
        lines = [json.loads(line) for line in told.stdout.splitlines()]
        return {line["check"]: (line["verdict"], f"{line['found']}: {line['mend']}") for line in lines}

    def expect(check, verdict, *words, **settings):
        found = findings(**settings)[check]
        assert found[0] == verdict and all(word in found[1] for word in words), f"{check}: {found}"

    well = findings()
    for check, word in {"database": "PostgreSQL", "migrations": "all ", "replica": "keeps up", "valkey": " answers"}.items():
        # The account of this cluster is a superuser, which the doctor does not like.
        assert word in well[check][1] or "superuser" in well[check][1], f"{check}: {well[check]}"
        assert well[check][0] == "ok" or check == "database", f"{check}: {well[check]}"

    expect("replica", "fail", "is no replica", database_replica_url=cluster.database.url())
    expect("database", "fail", "is a replica", database_url=cluster.replica.url())
    cluster.valkey.pause()
    try:
        expect("valkey", "warn", "SHOPKEEPER_REDIS_URL")
    finally:
        cluster.valkey.resume()

    # It goes on receiving, and tells readers of an older world.
    cluster.replica.ask("SELECT pg_wal_replay_pause()")
    try:
        cluster.database.ask("CREATE TABLE scratch (n int); DROP TABLE scratch")
        expect("replica", "warn", "bytes behind")
    finally:
        cluster.replica.ask("SELECT pg_wal_replay_resume()")
    wait_until(lambda: findings()["replica"][0] == "ok", 10, "the replica keeps up again")
    cluster.replica.pause()
    try:
        expect("replica", "fail", "cannot be reached")
    finally:
        cluster.replica.resume()
    return "what is well was found well, and five troubles were named"
