"""Who is working: each process has a row and a name by which others see whether it still lives."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from esmero.kernel.models import Worker

SEEN_EVERY = timedelta(seconds=20)
FORGOTTEN_AFTER = timedelta(minutes=15)


def _started(pid: int) -> str:
    """Return the start time of a process in clock ticks since boot, '' when there is none.

    Field 22 of /proc/PID/stat (proc(5)); the pair of pid and start time is never used twice.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = stat[stat.rindex(")") + 2 :].split()
    return "" if fields[0] in {"Z", "X"} else fields[19]


def own_name() -> str:
    """Return `host/pid/start`, the name of this process."""
    pid = os.getpid()
    return f"{socket.gethostname()}/{pid}/{_started(pid)}"


def is_running_here(name: str) -> bool:
    """Say whether the process of that name runs on this machine."""
    host, _, rest = name.partition("/")
    pid, _, started = rest.partition("/")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    return bool(started) and _started(int(pid)) == started


def is_alive(name: str, *, at: datetime) -> bool:
    """Say whether the process of that name still runs.

    On this machine the kernel knows; of another one its heartbeat tells, slowly.
    """
    if name.partition("/")[0] == socket.gethostname():
        return is_running_here(name)
    seen = Worker.objects.filter(name=name).values_list("seen_at", flat=True).first()
    return seen is not None and at - seen < FORGOTTEN_AFTER


def note_alive(kind: str, *, at: datetime) -> None:
    """Write this process's heartbeat, and forget rows that are long gone."""
    Worker.objects.update_or_create(
        name=own_name(),
        defaults={"kind": kind, "seen_at": at},
        create_defaults={"kind": kind, "seen_at": at, "started_at": at},
    )
    Worker.objects.filter(seen_at__lt=at - timedelta(days=1)).delete()


def alive(*, at: datetime) -> list[Worker]:
    """Return the processes heard of within three heartbeats."""
    return list(Worker.objects.filter(seen_at__gte=at - 3 * SEEN_EVERY).order_by("kind", "id"))
