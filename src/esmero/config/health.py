"""What machines ask: does the process live, may it get requests, and how does the work do.

- `/healthz`: this process answers. Nothing else is looked at, so that a database that is away does
  not get the web processes killed.
- `/readyz`: the database answers, its tables fit this version, and a worker was seen lately.
- `/metrics`: Prometheus' text format, for this machine only, or with `ESMERO_METRICS_TOKEN` for
  whoever has it (`Authorization: Bearer …`).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from esmero.channels import queries as channels
from esmero.config import env, migrating
from esmero.config.web import is_loopback
from esmero.kernel import dispatch, workers
from esmero.kernel.clock import now
from esmero.promises import queries as promises

RECENT = timedelta(hours=24)
_PLAIN = "text/plain; charset=utf-8"
# Source: Prometheus, "Exposition formats", text format 0.0.4.
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


class _Tables:
    """Whether the tables fit: asked until they do, then remembered."""

    fit = False


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as this process answers at all."""
    return HttpResponse("ok\n", content_type=_PLAIN, headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when work gets done, else 503 with what is missing."""
    checks: dict[str, str] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = "ok"
        checks["tables"] = _tables()
        checks["worker"] = _worker(now())
    except (DatabaseError, InterfaceError):
        # The words of the driver name hosts and users: they go to the log, not to whoever asks.
        connection.close()
        checks["database"] = "unreachable"
    is_ready = all(said == "ok" for said in checks.values())
    return JsonResponse(
        {"ready": is_ready, "checks": checks},
        status=200 if is_ready else 503,
        headers={"Cache-Control": "no-store"},
    )


def _tables() -> str:
    if not _Tables.fit:
        if migrating.unknown():
            return "newer than this version"
        if missing := migrating.pending():
            return f"{len(missing)} migrations missing"
        _Tables.fit = True
    return "ok"


def _worker(at: datetime) -> str:
    kinds = {worker.kind for worker in workers.alive(at=at)}
    return "ok" if "worker" in kinds else "not seen lately"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures, or with 404 to whoever may not see them."""
    if not may_measure(request):
        return HttpResponse("not found\n", status=404, content_type=_PLAIN)
    try:
        text = "".join(_figures(now()))
    except (DatabaseError, InterfaceError):
        connection.close()
        text = "".join(_gauge("esmero_up", "Whether the database answers.", [({}, 0)]))
        return HttpResponse(text, status=503, content_type=_PROMETHEUS)
    return HttpResponse(text, content_type=_PROMETHEUS, headers={"Cache-Control": "no-store"})


def may_measure(request: HttpRequest) -> bool:
    """Say whether a request comes from this machine itself or carries the token.

    A proxy on this machine makes everybody look like it: what was forwarded needs the token.
    """
    token = env.read("ESMERO_METRICS_TOKEN")
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    if any(name in request.headers for name in _FORWARDED):
        return False
    return is_loopback(request.META.get("REMOTE_ADDR") or "nowhere")


Sample = tuple[dict[str, str], float | int]


def _gauge(name: str, what: str, samples: list[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {what}\n# TYPE {name} gauge\n"
    for labels, value in samples:
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{name}{{{inside}}} {value}\n" if inside else f"{name} {value}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _figures(at: datetime) -> Iterator[str]:
    oldest = channels.oldest_unfiled_at()
    backlog = dispatch.backlog()
    health = channels.health(at=at)
    owed: Any = promises.open_promises().select_related(None)
    kinds: dict[str, int] = {"web": 0, "worker": 0, "mail": 0}
    failing: dict[tuple[str, str], int] = {}
    for worker in workers.alive(at=at):
        kinds[worker.kind] = kinds.get(worker.kind, 0) + 1
        for loop, count in worker.failing.items():
            key = (worker.kind, loop)
            failing[key] = max(count, failing.get(key, 0))
    yield from _gauge("esmero_up", "Whether the database answers.", [({}, 1)])
    yield from _gauge(
        "esmero_queue_length",
        "Work that waits, by queue.",
        [
            ({"queue": "filing"}, channels.unfiled_before(at)),
            ({"queue": "events"}, backlog.pending),
            ({"queue": "late_notices"}, channels.late_batch().count()),
            ({"queue": "quarantine"}, channels.quarantine().count()),
        ],
    )
    yield from _gauge(
        "esmero_oldest_unfiled_seconds",
        "How long the oldest mail waits to be filed.",
        [({}, round((at - oldest).total_seconds(), 3) if oldest else 0)],
    )
    by_state = channels.deliveries_by_state(since=at - RECENT)
    yield from _gauge(
        "esmero_deliveries",
        "Outgoing mail by state: all that waits, the rest of the last 24 hours.",
        [({"state": state}, count) for state, count in sorted(by_state.items())],
    )
    yield from _gauge("esmero_promises_open", "Promises that are open.", [({}, owed.count())])
    yield from _gauge(
        "esmero_promises_overdue",
        "Open promises whose time has passed.",
        [({}, owed.filter(due_at__lt=at).count())],
    )
    yield from _gauge(
        "esmero_reaction_failures",
        "Reactions to events that fail.",
        [({"state": "retried"}, backlog.failing), ({"state": "given_up"}, backlog.given_up)],
    )
    yield from _gauge(
        "esmero_loop_failures",
        "How often in a row a loop of a process has failed; only loops that fail.",
        [({"kind": kind, "loop": loop}, count) for (kind, loop), count in sorted(failing.items())],
    )
    yield from _gauge(
        "esmero_mailboxes_failing",
        "Mailboxes that cannot be used.",
        [({}, sum(one.is_failing for one in health))],
    )
    yield from _gauge(
        "esmero_processes",
        "Processes heard of within a minute, by kind.",
        [({"kind": kind}, count) for kind, count in sorted(kinds.items())],
    )


urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
]
