"""Outgoing mail: everything that left, will leave or could not, each as it was handed over."""

from __future__ import annotations

import email
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, ngettext, pgettext_lazy

from esmero.channels import actions as channels
from esmero.channels import queries
from esmero.channels.enums import DeliveryState
from esmero.console.access import TeamRequest, team
from esmero.console.channels.incoming import as_file
from esmero.console.channels.tabs import part_of, show
from esmero.console.framed import framed
from esmero.console.settings.saving import GET_POST, POST, back_to
from esmero.console.settings.views.texts import name_of
from esmero.conversations import queries as conversations
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people.enums import Role

STATES: dict[str, tuple[str, Lazy | str]] = {
    DeliveryState.BATCH.value: ("waiting", pgettext_lazy("outgoing", "waits for you")),
    DeliveryState.QUEUED.value: ("ok", pgettext_lazy("outgoing", "queued")),
    DeliveryState.HANDING_OVER.value: ("ok", pgettext_lazy("outgoing", "on its way")),
    DeliveryState.SENT.value: ("kept", pgettext_lazy("outgoing", "sent")),
    DeliveryState.UNCERTAIN.value: ("soon", pgettext_lazy("outgoing", "uncertain")),
    DeliveryState.FAILED.value: ("late", pgettext_lazy("outgoing", "failed")),
    DeliveryState.BOUNCED.value: ("late", pgettext_lazy("outgoing", "came back")),
    DeliveryState.CANCELLED.value: ("released", pgettext_lazy("outgoing", "not sent")),
}
"""Each state: the sign of its chip, and its name."""

FILTERS: dict[str, tuple[Lazy | str, tuple[str, ...]]] = {
    "": (pgettext_lazy("outgoing, filter", "All"), ()),
    "cola": (
        pgettext_lazy("outgoing, filter", "Queued"),
        (DeliveryState.QUEUED.value, DeliveryState.HANDING_OVER.value),
    ),
    "enviados": (pgettext_lazy("outgoing, filter", "Sent"), (DeliveryState.SENT.value,)),
    "inciertos": (
        pgettext_lazy("outgoing, filter", "Uncertain"),
        (DeliveryState.UNCERTAIN.value,),
    ),
    "fallidos": (
        pgettext_lazy("outgoing, filter", "Failed"),
        (DeliveryState.FAILED.value, DeliveryState.BOUNCED.value),
    ),
    "anulados": (
        pgettext_lazy("outgoing, filter", "Not sent"),
        (DeliveryState.CANCELLED.value,),
    ),
}
LATE_SHOWN = 200


def visible(request: TeamRequest) -> QuerySet[Any]:
    """Return the outgoing mail of the conversations that this member may see.

    What concerns an account may hold a code by which one signs in: administrators alone see it.
    """
    found = queries.deliveries()
    if request.agent.has_role(Role.ADMIN):
        return found
    found = found.exclude(template=channels.ACCOUNT)
    if request.agent.has_role(Role.SUPERVISOR):
        return found
    seen = conversations.matters.with_parts(conversations.visible_to(request.agent))
    return found.filter(conversation_id__in=seen)


def _one(request: TeamRequest, delivery_id: int) -> Any:
    """Return a mail with its bytes. Raises NotFound, also when it may not be seen."""
    if not visible(request).filter(pk=delivery_id).exists():
        raise NotFound(delivery_id=delivery_id)
    return queries.delivery(delivery_id)


@dataclass(frozen=True, slots=True)
class Line:
    """An outgoing mail in the list."""

    row: Any
    sign: str
    state: str
    what: str
    words: str


def line_of(row: Any) -> Line:
    """Return what a line shows: an automatic mail's name, or what somebody wrote."""
    sign, state = STATES[row.state]
    subject = row.conversation.subject if row.conversation else ""
    if row.template == channels.ACCOUNT:
        return Line(row, sign, str(state), gettext("Sign-in"), ", ".join(row.recipients))
    if row.template:
        return Line(row, sign, str(state), name_of(row.template), subject)
    text = row.message.text if row.message else ""
    return Line(row, sign, str(state), subject, " ".join(text[:300].split())[:140])


@team()
def outbox(request: TeamRequest) -> HttpResponse:
    """All outgoing mail, newest first, by state."""
    chosen = request.GET.get("estado", "")
    states = FILTERS.get(chosen, FILTERS[""])[1]
    rows = visible(request)
    if states:
        rows = rows.filter(state__in=states)
    part = part_of(request, rows, keep=["estado"])
    context = {
        "lines": [line_of(row) for row in part.rows],
        "part": part,
        "filters": [
            {"label": label, "value": value, "current": value == chosen}
            for value, (label, _states) in FILTERS.items()
        ],
    }
    return show(request, "console/channels/outbox.html", "outbox", context)


@team(Role.SUPERVISOR, GET_POST)
def late(request: TeamRequest) -> HttpResponse:
    """Late notices after an outage of ours: let them go, or not, in one go."""
    if request.method == "POST":
        ids = [int(pk) for pk in request.POST.getlist("delivery") if pk.isdigit()]
        if request.POST.get("do") == "release":
            count = channels.release_batch(delivery_ids=ids, at=now(), by=request.agent.pk)
            said = ngettext("%(count)s notice leaves now.", "%(count)s notices leave now.", count)
        else:
            count = channels.drop_batch(delivery_ids=ids, by=request.agent.pk)
            said = ngettext(
                "%(count)s notice is not sent.", "%(count)s notices are not sent.", count
            )
        return back_to(request, "console:outbox_late", said=said % {"count": count})
    rows = list(queries.late_batch()[: LATE_SHOWN + 1])
    context = {"rows": rows[:LATE_SHOWN], "has_more": len(rows) > LATE_SHOWN}
    return show(request, "console/channels/late.html", "late", context)


@dataclass(slots=True)
class Opened:
    """A rendered mail taken apart: headers in order, words, and whether it has HTML."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    subject: str = ""
    text: str = ""
    html: str = ""
    files: list[str] = field(default_factory=list)


def opened(data: bytes) -> Opened:
    """Take a mail of ours apart."""
    mail = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)  # noqa: S101  the default policy makes these
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return Opened(
        headers=[(name, str(value)) for name, value in mail.items()],
        subject=str(mail["Subject"] or ""),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
        files=[part.get_filename() or "?" for part in mail.iter_attachments()],
    )


@team()
def delivery(request: TeamRequest, delivery_id: int) -> HttpResponse:
    """One mail as it was handed over."""
    row = _one(request, delivery_id)
    sign, state = STATES[row.state]
    context = {
        "row": row,
        "line": line_of(row),
        "sign": sign,
        "state": state,
        "mail": opened(bytes(row.rendered)) if row.rendered else None,
        "may_repeat": row.state
        in {
            DeliveryState.UNCERTAIN.value,
            DeliveryState.FAILED.value,
            DeliveryState.BOUNCED.value,
        },
        "is_uncertain": row.state == DeliveryState.UNCERTAIN.value,
    }
    return show(request, "console/channels/delivery.html", "outbox", context)


@team()
def as_html(request: TeamRequest, delivery_id: int) -> HttpResponse:
    """The HTML part alone, for its frame."""
    row = _one(request, delivery_id)
    found = opened(bytes(row.rendered)) if row.rendered else None
    if found is None or not found.html:
        raise NotFound(delivery_id=delivery_id)
    return framed(found.html)


@team()
def download(request: TeamRequest, delivery_id: int) -> HttpResponse:
    """The bytes as they were handed over."""
    row = _one(request, delivery_id)
    if not row.rendered:
        raise NotFound(delivery_id=delivery_id)
    return as_file(bytes(row.rendered), f"salida-{delivery_id}.eml")


@team(methods=POST)
def again(request: TeamRequest, delivery_id: int) -> HttpResponse:
    """Send an uncertain or failed mail once more."""
    _one(request, delivery_id)
    channels.send_again(delivery_id=delivery_id, at=now(), by=request.agent.pk)
    said = gettext("It is being sent once more.")
    return back_to(request, "console:delivery", delivery_id, said=said)


@team(methods=POST)
def arrived(request: TeamRequest, delivery_id: int) -> HttpResponse:
    """Somebody knows that an uncertain mail did arrive."""
    _one(request, delivery_id)
    channels.confirm_sent(delivery_id=delivery_id, at=now())
    return back_to(request, "console:delivery", delivery_id, said=gettext("Noted as sent."))
