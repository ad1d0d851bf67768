"""The record of changes: who did what, when, from where; to search and to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, speaking, team
from esmero.console.reports import csv
from esmero.console.settings import acts
from esmero.console.settings.saving import show
from esmero.kernel import audit
from esmero.kernel.clock import now
from esmero.kernel.models import AuditEntry
from esmero.kernel.refs import ref
from esmero.people import queries as people
from esmero.people.enums import Role

if TYPE_CHECKING:
    from esmero.people.models import Agent

PAGE = 50
CHUNK = 500
_BIGGEST = 2**63 - 1


class AuditForm(forms.Form):
    """What narrows the list; everything may stay empty."""

    who = forms.ChoiceField(label=_("Who"), required=False)
    topic = forms.ChoiceField(label=_("About"), required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ip = forms.GenericIPAddressField(label=_("Network address"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everyone = [(ref("agent", one.pk), one.name) for one in people.everyone()]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Everybody")),
            ("system", gettext("Esmero itself")),
            *everyone,
        ]
        topics = [(topic, acts.topic_of(topic)) for topic in audit.topics()]
        self.fields["topic"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Everything")),
            *sorted(topics, key=lambda pair: pair[1].casefold()),
        ]

    def wanted(self) -> audit.Wanted:
        """Return the search that the (valid) form asks for."""
        data = self.cleaned_data
        until = data["until"]
        return audit.Wanted(
            actor=data["who"],
            topic=data["topic"],
            ip=data["ip"],
            since=_midnight(data["since"]),
            until=_midnight(until + timedelta(days=1)) if until else None,
        )


def _midnight(day: Any) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time(), timezone.get_current_timezone())


@team(Role.ADMIN)
def audit_lines(request: TeamRequest) -> HttpResponse:
    """A page of lines, newest first."""
    form = AuditForm(request.GET)
    wanted = form.wanted() if form.is_valid() else None
    before = request.GET.get("antes", "")
    before_id = int(before) if before.isdigit() and int(before) < _BIGGEST else None
    found = list(audit.lines(wanted, before_id=before_id)[: PAGE + 1]) if wanted else []
    rows, more = found[:PAGE], len(found) > PAGE
    asked = {k: v for k, v in request.GET.items() if k in form.fields and v}
    here = reverse("console:settings_audit")
    older = f"{here}?{urlencode(asked | {'antes': rows[-1].pk})}" if more else ""
    context = {
        "form": form,
        "rows": list(_told(rows)),
        "older": older,
        "newer": f"{here}?{urlencode(asked)}" if before_id else "",
        "csv": f"{reverse('console:settings_audit_csv')}?{urlencode(asked)}",
        "is_narrowed": bool(asked),
        "at": now(),
    }
    status = 200 if wanted else 422
    return show(request, "console/settings/audit.html", "audit", context, status=status)


@team(Role.ADMIN)
def audit_csv(request: TeamRequest) -> HttpResponseBase:
    """All lines of a search as CSV, streamed."""
    form = AuditForm(request.GET)
    if not form.is_valid():
        return audit_lines(request)
    head = [
        gettext("When"), gettext("Who"), gettext("What"), gettext("Code"),
        gettext("About"), gettext("From where"),
    ]  # fmt: skip
    # A spreadsheet in Spanish parts cells at semicolons.
    delimiter = ";" if request.agent.language.startswith("es") else ","
    return StreamingHttpResponse(
        csv.lines(_cells(head, form.wanted(), request.agent), delimiter=delimiter),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="registro.csv"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _cells(head: list[str], wanted: audit.Wanted, agent: Agent) -> Iterator[list[Any]]:
    """Yield the lines of the file. They are made while it is sent, when nobody's language is set
    any more: each chunk sets it for itself.
    """
    yield head
    before_id: int | None = None
    while True:
        with speaking(agent):
            rows = list(audit.lines(wanted, before_id=before_id)[:CHUNK])
            cells = [
                [
                    timezone.localtime(row["entry"].at).isoformat(timespec="seconds"),
                    row["who"],
                    row["what"],
                    row["entry"].action,
                    row["entry"].ref,
                    row["entry"].ip,
                ]
                for row in _told(rows)
            ]
        yield from cells
        if len(rows) < CHUNK:
            return
        before_id = rows[-1].pk


def _told(rows: Iterable[AuditEntry]) -> Iterator[dict[str, Any]]:
    """Put lines into words; names are those of today."""
    names = {ref("agent", one.pk): one.name for one in people.everyone()}
    places = {one.pk: one.name for one in people.all_departments()}
    for entry in rows:
        # Who signs in does it to nobody else.
        about = "" if entry.ref == entry.actor else entry.ref
        yield {
            "entry": entry,
            "who": names.get(entry.actor) or acts.actor_of(entry.actor),
            "what": acts.sentence_of(entry.action),
            "about": names.get(about) or acts.thing_of(about),
            "url": acts.url_of(about),
            "details": acts.details_of(entry.data, places),
        }
