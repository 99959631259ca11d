"""The client scenario of tests/clients, sent through the proxy to both instances: they must look like one."""

import os
import subprocess

from server import ADMIN_PASSWORD
from services import wait_until
from strangers import languages
from strangers import scenario as table

RUN_SECONDS = 180


def scenario(cluster):
    """A generated client goes through every step, whichever instance answers each request."""
    steps = table.steps()
    words, environment = languages.LANGUAGES["python"](languages.generator_jar())
    environment = os.environ | environment | {
        "SHOPKEEPER_URL": f"{cluster.proxy.url}/api/v1", "SHOPKEEPER_ADMIN_PASSWORD": ADMIN_PASSWORD}
    finished = subprocess.run([str(word) for word in words], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              timeout=RUN_SECONDS, check=False)

    def judged():
        log = "\n".join(instance.log.read_text(errors="replace") for instance in cluster.instances)
        return table.judge(steps, finished.stdout, log)

    # A server writes its log a little behind its answers; what was not done does not come with waiting.
    if finished.returncode == 0:
        wait_until(lambda: not judged()[1], 5, f"the logs bear witness: {judged()[1]}")
    taken, wrong = judged()
    assert finished.returncode == 0 and not wrong, f"{wrong}\n{finished.stdout[-1500:]}"
    return f"{len(taken)} of {len(steps)} steps"
