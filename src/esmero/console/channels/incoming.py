"""Mail that came in and could not be filed, or was set aside for a reason."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, pgettext_lazy

from esmero.channels import actions as channels
from esmero.channels import queries
from esmero.console.access import TeamRequest, team
from esmero.console.channels.tabs import part_of, show
from esmero.console.settings.saving import POST, back_to
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people.enums import Role

REASONS: dict[str, Lazy | str] = {
    "too_many_attempts": pgettext_lazy("why", "Reading it failed again and again"),
    "unreadable": pgettext_lazy("why", "It cannot be read"),
    "unfetchable": pgettext_lazy("why", "The mail server does not give it; it lies there still"),
    "no_sender": pgettext_lazy("why", "It names no sender who could be answered"),
    "duplicate": pgettext_lazy("why", "The same mail was filed already"),
    "taken_from_junk": pgettext_lazy(
        "why", "Taken out of the spam folder: it is no longer suspected"
    ),
    "own": pgettext_lazy("why", "One of our own mails"),
    "automatic": pgettext_lazy("why", "Written by a machine"),
    "bounce": pgettext_lazy("why", "A report that a mail did not arrive"),
    "bounce_of_copy": pgettext_lazy("why", "A report that a copy of a mail did not arrive"),
    "bounce_delay": pgettext_lazy("why", "A report that a mail is delayed"),
    "bounce_unread": pgettext_lazy("why", "A delivery report about no mail that we know"),
    "bounce_unmatched": pgettext_lazy("why", "A delivery report about no mail that we know"),
    "bounce_of_automatic": pgettext_lazy("why", "A report that an automatic mail did not arrive"),
    "complaint": pgettext_lazy("why", "A customer's provider reports our mail as spam"),
    "sent_without_thread": pgettext_lazy("why", "Sent elsewhere, about no matter that we know"),
    "suspect_emptied": pgettext_lazy("why", "Suspected for thirty days, then emptied"),
    "dismissed": pgettext_lazy("why", "Set aside by hand"),
}


def reason_of(reason: str) -> str:
    """Return why, in words; an unknown reason as it is."""
    return str(REASONS.get(reason, reason))


@team(Role.SUPERVISOR)
def quarantine(request: TeamRequest) -> HttpResponse:
    """What waits for a person: nothing of it is lost."""
    part = part_of(request, queries.quarantine())
    rows = [(row, reason_of(row.reason)) for row in part.rows]
    context = {"rows": rows, "part": part}
    return show(request, "console/channels/quarantine.html", "quarantine", context)


@team(Role.SUPERVISOR)
def ignored(request: TeamRequest) -> HttpResponse:
    """What made no message, each with its reason."""
    part = part_of(request, queries.ignored())
    rows = [(row, reason_of(row.reason)) for row in part.rows]
    return show(request, "console/channels/ignored.html", "ignored", {"rows": rows, "part": part})


@team(Role.SUPERVISOR)
def download(request: TeamRequest, raw_id: int) -> HttpResponse:
    """The bytes as they came."""
    raw = queries.raw_mail(raw_id)
    if raw is None:
        raise NotFound(raw_id=raw_id)
    return as_file(queries.raw_bytes(raw), f"correo-{raw_id}.eml")


def as_file(data: bytes, name: str) -> HttpResponse:
    """Answer with bytes to be stored, never to be opened in the page's own origin."""
    return HttpResponse(
        data,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


@team(Role.SUPERVISOR, POST)
def retry(request: TeamRequest, raw_id: int) -> HttpResponse:
    """File it once more."""
    channels.retry_quarantined(raw_id=raw_id, at=now(), by=request.agent.pk)
    return back_to(request, "console:quarantine", said=gettext("It is being filed once more."))


@team(Role.SUPERVISOR, POST)
def dismiss(request: TeamRequest, raw_id: int) -> HttpResponse:
    """It needs nobody."""
    channels.dismiss_quarantined(raw_id=raw_id, at=now(), by=request.agent.pk)
    return back_to(request, "console:quarantine", said=gettext("Set aside."))
