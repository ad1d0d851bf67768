"""Today: what needs me, by the hour it falls due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.console.access import TeamRequest, team
from esmero.console.context import address_of, hello, page
from esmero.console.inbox.lists import UNOWNED, Place
from esmero.console.today import board, needs, reads
from esmero.console.today.once import Once
from esmero.console.today.returned import returned
from esmero.conversations import queries as conversations
from esmero.kernel import workers
from esmero.kernel.clock import now
from esmero.kernel.prepared import planned_once
from esmero.people.enums import Role
from esmero.promises import actions as promising
from esmero.promises.enums import Kind

RECENT = timedelta(days=14)
GIVEN_BACK = timedelta(days=7)


@team()
@planned_once()
def hoy(request: TeamRequest) -> HttpResponse:
    """The first page of the day."""
    at = now()
    agent = request.agent
    department_id = board.department_of(agent)
    there = conversations.signs_for(agent.pk)
    mine = board.board(agent, department_id, at=at)
    once = Once(mine)
    context: dict[str, Any] = {
        "hello": hello(agent.name, at=at),
        "board": mine,
        # In the order of the page: each leaves out what was said before it.
        "failed": once.failed(board.failed_of(agent, at=at) if "failed" in there else []),
        "unanswered": once.unanswered(board.unanswered(agent, at=at)),
        "returned": once.returned(returned(agent, since=at - GIVEN_BACK, at=at)),
        "asked": once.asked(reads.asked_of(agent.pk) if "asked" in there else []),
        "needs": once.needs(needs.needs_of(agent, there)),
        "unowned": once.rows(board.pressing_unowned(agent, at=at)),
        "outside": reads.unread_sides(agent.pk) if "sides" in there else [],
        "told": board.told_now(department_id, at=at),
        "home": Place(),
        "unowned_place": Place(UNOWNED),
        "colleagues": board.colleagues(agent, at=at),
        "is_supervisor": agent.has_role(Role.SUPERVISOR),
    }
    if agent.has_role(Role.SUPERVISOR):
        context |= _for_supervisors(at)
    return page(request, "console/today/page.html", context, here="today", at=at)


def _for_supervisors(at: datetime) -> dict[str, Any]:
    """Return what only supervisors look after: nine queries, however large the shop."""
    recent = at - RECENT
    batch = reads.batch(recent)
    boxes = [
        health
        for health in channel_queries.health(at=at)
        if health.is_failing or health.silent_for is not None
    ]
    return {
        "stuck": sorted(workers.stuck(at=at)),
        "mailboxes_url": address_of("console:mail_health"),
        "quarantine_url": address_of("console:quarantine"),
        "batch": batch,
        "boxes": boxes,
        "troubled": reads.troubled(recent),
        "quarantined": len(reads.quarantined()),
        "over_limit": _over_limit(at),
    }


def _over_limit(at: datetime) -> list[str]:
    """Return the departments that today promise later than their own limit."""
    found = []
    for department in reads.departments():
        told = promising.expected_due(
            kind=Kind.ANSWER, department_id=department.pk, channel="mail", at=at
        )
        if told.basis.exceeds_limit:
            found.append(department.name)
    return found


@team(Role.SUPERVISOR, methods=("POST",))
def batch(request: TeamRequest) -> HttpResponse:
    """Send the late notices that were chosen (or all), or decide that they are not sent."""
    at = now()
    if request.POST.get("all") == "1":
        ids = list(channel_queries.late_batch().values_list("id", flat=True))
    else:
        ids = [int(one) for one in request.POST.getlist("id") if one.isdigit() and len(one) < 18]
    if request.POST.get("act") == "drop":
        count = channels.drop_batch(delivery_ids=ids, by=request.agent.pk)
        said = ngettext("%(count)s notice is not sent.", "%(count)s notices are not sent.", count)
    else:
        count = channels.release_batch(delivery_ids=ids, at=at, by=request.agent.pk)
        said = ngettext("%(count)s notice leaves now.", "%(count)s notices leave now.", count)
    if count:
        messages.success(request, said % {"count": count})
    else:
        messages.error(request, gettext("Choose at least one notice."))
    return HttpResponseRedirect(reverse("console:hoy"))
