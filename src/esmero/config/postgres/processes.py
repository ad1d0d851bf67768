"""The server processes of one cluster, found by the name that each of them carries.

PostgreSQL writes `cluster_name` into the title of all its processes. So those that a killed
supervisor left behind are found without asking `postmaster.pid`, whose number may belong to a
stranger after a restart of the machine.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask the kernel for this signal when the thread that started us ends (Linux only).

    To be called in the child, after a change of the user (which clears it).
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def processes_named(name: str) -> list[int]:
    """Return the ids of the processes of the cluster with this name, lowest first."""
    found = []
    wanted = name.encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:  # it has just ended
            continue
        if wanted in words and b"postgres" in words.split(b"\0", 1)[0]:
            found.append(int(path.parent.name))
    return sorted(found)


def is_postgres(pid: int) -> bool:
    """Say whether a process calls itself postgres."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"postgres" in words.split(b"\0", 1)[0]


def is_alive(pid: int) -> bool:
    """Say whether there is a process with this id that is not a mere zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return not Path("/proc/self").exists()
    return state != "Z"


def end(pids: list[int], number: int, *, within: float) -> bool:
    """Send a signal to all and say whether all were gone after at most `within` seconds."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
    limit = time.monotonic() + within
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True
