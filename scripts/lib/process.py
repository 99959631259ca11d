"""Reads a process from /proc: its CPU time with all its threads and children, its memory, its listening port."""

import os
from dataclasses import dataclass
from pathlib import Path

TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
LISTENING = "0A"


@dataclass(frozen=True)
class CpuTime:
    """CPU seconds since the process began."""

    user: float
    system: float

    @property
    def total(self):
        return self.user + self.system

    def __sub__(self, earlier):
        return CpuTime(self.user - earlier.user, self.system - earlier.system)


def cpu_time(pid):
    """CPU time of a process, of all its threads (ended ones too), and of its children, living or reaped."""
    user = system = 0
    for member in [pid, *descendants(pid)]:
        # The command's name may hold spaces and brackets: fields are counted from behind it. utime is field 14.
        fields = _read(f"/proc/{member}/stat").rpartition(")")[2].split()
        if fields:
            utime, stime, reaped_utime, reaped_stime = (int(field) for field in fields[11:15])
            user += utime + reaped_utime
            system += stime + reaped_stime
    return CpuTime(user * TICK_SECONDS, system * TICK_SECONDS)


def descendants(pid):
    """Living children of a process, and theirs. Found by parent ids: not every kernel lists children."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        fields = _read(entry).rpartition(")")[2].split()
        if fields:
            parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def memory(pid):
    """(peak, present) resident memory in MiB of a process and its children: sums of VmHWM and VmRSS."""
    kib = {"VmHWM": 0, "VmRSS": 0}
    for member in [pid, *descendants(pid)]:
        for line in _read(f"/proc/{member}/status").splitlines():
            name, _, value = line.partition(":")
            if name in kib:
                kib[name] += int(value.split()[0])
    return kib["VmHWM"] / 1024, kib["VmRSS"] / 1024


def listening_port(pid):
    """The TCP port on which the process listens, or None while it does not yet."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            target = os.readlink(descriptor)
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[len("socket:["):-1])
    for table in ("tcp", "tcp6"):
        for line in _read(f"/proc/{pid}/net/{table}").splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[9] in inodes:
                return int(fields[1].rpartition(":")[2], 16)
    return None


def _read(path):
    try:
        return Path(path).read_text()
    except (OSError, ProcessLookupError):
        return ""
