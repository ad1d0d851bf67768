"""Who is working: each process has a row and a name by which others see whether it still lives."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from esmero.kernel.composed import composed
from esmero.kernel.models import Worker

if TYPE_CHECKING:
    from django.db.models import QuerySet

SEEN_EVERY = timedelta(seconds=20)
FORGOTTEN_AFTER = timedelta(minutes=15)
# A lost connection or a lock ends a step now and then; three times in a row is no accident.
STUCK_AFTER = 3


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


def was_here(name: str) -> bool:
    """Say whether the process of that name ran, or runs, on this machine."""
    return name.partition("/")[0] == socket.gethostname()


def is_running_here(name: str) -> bool:
    """Say whether the process of that name runs on this machine."""
    pid, _, started = name.partition("/")[2].partition("/")
    if not was_here(name) or not pid.isdigit():
        return False
    return bool(started) and _started(int(pid)) == started


def is_alive(name: str, *, at: datetime) -> bool:
    """Say whether the process of that name still runs.

    On this machine the kernel knows; of another one its heartbeat tells, slowly.
    """
    if was_here(name):
        return is_running_here(name)
    seen = Worker.objects.filter(name=name).values_list("seen_at", flat=True).first()
    return seen is not None and at - seen < FORGOTTEN_AFTER


def note_alive(kind: str, *, at: datetime, failing: Mapping[str, int] | None = None) -> None:
    """Write this process's heartbeat with its loops that fail (name: how often in a row), and
    forget rows that are long gone.
    """
    said = {"kind": kind, "seen_at": at, "failing": dict(failing or {})}
    Worker.objects.update_or_create(
        name=own_name(), defaults=said, create_defaults={**said, "started_at": at}
    )
    Worker.objects.filter(seen_at__lt=at - timedelta(days=1)).delete()


def alive(*, at: datetime) -> list[Worker]:
    """Return the processes heard of within three heartbeats."""
    return _seen_since(at - 3 * SEEN_EVERY)


@composed
def _seen_since(moment: datetime) -> QuerySet[Worker]:
    return Worker.objects.filter(seen_at__gte=moment).order_by("kind", "id")


def stuck(*, at: datetime) -> dict[str, int]:
    """Return the loops that do nothing but fail, in whichever living process, with how often in a
    row.
    """
    found: dict[str, int] = {}
    for worker in alive(at=at):
        for name, count in worker.failing.items():
            if count >= STUCK_AFTER:
                found[name] = max(count, found.get(name, 0))
    return found
