"""A fixed share of a processor for a process: the kernel's own quota for a control group, of either version.

With it, what one process answers and what two answer can be compared on a machine whose cores the load needs as well: each
gets as much as the other, and no more, however much is free.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

from sections import CannotRun

ROOT = Path("/sys/fs/cgroup")
# Short, so that who has used its share up waits for milliseconds.
PERIOD_US = 10_000
LEAVING_SECONDS = 10


class Share:
    """So much of one core (0.5 is half of it), for the processes that are put under it. A context manager."""

    def __init__(self, name, cores):
        self.name = f"shopkeeper-{os.getpid()}-{name}"
        self.quota = round(cores * PERIOD_US)
        self.folder = None

    def __enter__(self):
        first = _first_version()
        self.folder = (first or ROOT) / self.name
        try:
            if first is None:
                (ROOT / "cgroup.subtree_control").write_text("+cpu")
            self.folder.mkdir()
            if first is None:
                (self.folder / "cpu.max").write_text(f"{self.quota} {PERIOD_US}")
            else:
                (self.folder / "cpu.cfs_period_us").write_text(str(PERIOD_US))
                (self.folder / "cpu.cfs_quota_us").write_text(str(self.quota))
        except OSError as fault:
            self._leave()
            raise CannotRun(f"no process can be given a share of the processor: {fault}") from fault
        return self

    def hold(self, pid):
        """Puts a process under it, with all its threads and whatever it starts from now on."""
        (self.folder / "cgroup.procs").write_text(str(pid))

    def __exit__(self, *_):
        self._leave()

    def _leave(self):
        """Takes the group away, once its processes have ended."""
        deadline = time.monotonic() + LEAVING_SECONDS
        while self.folder.is_dir() and time.monotonic() < deadline:
            with suppress(OSError):
                self.folder.rmdir()
                return
            time.sleep(0.05)


def _first_version():
    """The folder of the processor's groups of version 1, where that is the one in use."""
    return next((folder for folder in (ROOT / "cpu", ROOT / "cpu,cpuacct") if (folder / "cgroup.procs").exists()), None)
