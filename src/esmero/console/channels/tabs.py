"""The frame of the mail pages: their tabs, and going on from one part of a list to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import pgettext

from esmero.channels import queries
from esmero.console.access import TeamRequest
from esmero.console.context import page
from esmero.people.enums import Role

PAGE = 50


def show(
    request: TeamRequest, template: str, place: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render one of the mail pages under the rail's outbox."""
    found = {"tabs": tabs(request, place)}
    return page(request, template, found | context, here="outbox", status=status)


def tabs(request: TeamRequest, here: str) -> list[dict[str, Any]]:
    """Return the pages that this member may see."""
    wanted = [("outbox", "console:outbox", pgettext("mail pages", "Outbox"), 0, Role.AGENT)]
    if request.agent.has_role(Role.SUPERVISOR):
        held = queries.quarantine()[:100].count()
        late = queries.late_batch()[:100].count()
        wanted += [
            ("late", "console:outbox_late", pgettext("mail pages", "Late notices"), late,
             Role.SUPERVISOR),
            ("quarantine", "console:quarantine", pgettext("mail pages", "Quarantine"), held,
             Role.SUPERVISOR),
            ("ignored", "console:ignored", pgettext("mail pages", "Set aside"), 0,
             Role.SUPERVISOR),
            ("health", "console:mail_health", pgettext("mail pages", "Mailboxes"), 0,
             Role.SUPERVISOR),
        ]  # fmt: skip
    return [
        {"label": label, "url": reverse(route), "count": count, "current": name == here}
        for name, route, label, count, _role in wanted
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list, newest first, and the addresses of its neighbours ('' without one)."""

    rows: Sequence[Any]
    newer: str
    older: str


def part_of(request: TeamRequest, rows: QuerySet[Any], *, keep: Sequence[str] = ()) -> Part:
    """Return the part that the address asks for: `antes` an id, or else the newest.

    By id, not by number of page: it costs the same at the end of a million rows, and nothing is
    seen twice when something new arrives.
    """
    before = request.GET.get("antes", "")
    found = rows.order_by("-id")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    some = list(found[: PAGE + 1])
    kept = {name: request.GET[name] for name in keep if request.GET.get(name)}
    older = newer = ""
    if len(some) > PAGE:
        older = "?" + urlencode({**kept, "antes": some[PAGE - 1].pk})
    if before:
        newer = "?" + urlencode(kept) if kept else request.path
    return Part(some[:PAGE], newer, older)
