"""What a member is told, where and when: the matrix, quiet hours, the pause, her browsers."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from esmero.console.access import TeamRequest, team
from esmero.console.context import page
from esmero.console.settings.forms.shop import zone_choices
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, Refusal
from esmero.notices import actions as notices
from esmero.notices import queries
from esmero.notices.enums import Channel, Kind, Quiet
from esmero.people.enums import Role
from esmero.shop.queries import the_shop
from esmero.ui.links import link
from esmero.ui.notices import KINDS
from esmero.ui.refusals import sentence

POST = ("POST",)
BODY_MOST = 4_000
CHANNELS = {
    Channel.SCREEN: pgettext_lazy("notices", "Screen"),
    Channel.MAIL: pgettext_lazy("notices", "Mail"),
    Channel.PUSH: pgettext_lazy("notices", "Push"),
}
DAYS = [
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
]


class NoticesForm(forms.Form):
    """The fields of `set_preferences` beside the matrix."""

    mail_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes between two mails"),
        help_text=gettext_lazy("What happens meanwhile comes together in one mail: 1 to 240."),
        min_value=1,
        max_value=240,
    )
    hides_names = forms.BooleanField(
        label=gettext_lazy("No names and subjects in push messages"),
        help_text=gettext_lazy("For a telephone that others look at."),
        required=False,
    )
    quiet = forms.ChoiceField(
        label=gettext_lazy("Mail and push keep still"),
        choices=[
            (Quiet.WORK.value, gettext_lazy("outside the opening hours of my departments")),
            (Quiet.OWN.value, gettext_lazy("in the hours below")),
            (Quiet.NEVER.value, gettext_lazy("never")),
        ],
        widget=forms.RadioSelect,
    )
    quiet_starts = forms.TimeField(
        label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_ends = forms.TimeField(
        label=gettext_lazy("To"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On the days when it begins"),
        choices=list(enumerate(DAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("My time zone"),
        required=False,
        choices=[],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = gettext("the shop's (%(zone)s)") % {"zone": the_shop().zone.key}
        self.fields["zone"].choices = [("", names), *zone_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Hours of one's own need a day."""
        data = super().clean() or {}
        if data.get("quiet") == Quiet.OWN.value and not data.get("quiet_days"):
            self.add_error("quiet_days", gettext("Choose a day, or another kind of quiet."))
        return data


def _rows(request: TeamRequest, chosen: dict[Kind, frozenset[Channel]]) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind.value,
            "label": label,
            "cells": [
                {
                    "name": f"{kind.value}-{channel.value}",
                    "label": words,
                    "is_on": channel in chosen[kind],
                }
                for channel, words in CHANNELS.items()
            ],
        }
        for kind, label in KINDS.items()
        if kind not in queries.matrix.ALONE or request.agent.has_role(Role.ADMIN)
    ]


@team(methods=("GET", "HEAD", "POST"))
def choose(request: TeamRequest) -> HttpResponse:
    """My matrix and my quiet hours."""
    preferences = queries.preferences_of(request.agent.pk)
    chosen = {kind: queries.matrix.channels_of(preferences.channels, kind) for kind in Kind}
    if request.method == "POST":
        form = NoticesForm(request.POST)
        for row in _rows(request, chosen):
            wanted = (c for c in Channel if request.POST.get(f"{row['kind']}-{c.value}"))
            chosen[Kind(row["kind"])] = frozenset(wanted)
        if form.is_valid():
            data = form.cleaned_data
            notices.set_preferences(
                agent_id=request.agent.pk,
                channels=chosen,
                mail_minutes=data["mail_minutes"],
                hides_names=data["hides_names"],
                quiet=Quiet(data["quiet"]),
                quiet_days=data["quiet_days"],
                quiet_starts=_minutes(data["quiet_starts"]),
                quiet_ends=_minutes(data["quiet_ends"]),
                zone=data["zone"],
                at=now(),
            )
            messages.success(request, gettext("Saved."))
            return HttpResponseRedirect(link("console:my_notices"))
    else:
        form = NoticesForm(
            initial={
                "mail_minutes": preferences.mail_minutes,
                "hides_names": preferences.hides_names,
                "quiet": preferences.quiet,
                "quiet_starts": _time(preferences.quiet_starts),
                "quiet_ends": _time(preferences.quiet_ends),
                "quiet_days": preferences.quiet_days or [0, 1, 2, 3, 4, 5, 6],
                "zone": preferences.zone,
            }
        )
    at = now()
    until = preferences.paused_until
    context = {
        "form": form,
        "rows": _rows(request, chosen),
        "channels": list(CHANNELS.values()),
        "browsers": list(queries.subscriptions_of(request.agent.pk)),
        "paused_until": until if until is not None and until > at else None,
        "quiet_until": queries.quiet_until(preferences, at=at),
    }
    status = 422 if request.method == "POST" else 200
    return page(
        request, "console/notices/choose.html", context, here="settings", at=at, status=status
    )


def _minutes(value: time) -> int:
    return value.hour * 60 + value.minute


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


@team(methods=POST)
def pause(request: TeamRequest) -> HttpResponse:
    """Mail and push keep still for an hour, until tomorrow morning, or no longer."""
    at = now()
    asked = request.POST.get("hasta", "")
    if asked == "hora":
        until: datetime | None = at + timedelta(hours=1)
    elif asked == "manana":
        until = _tomorrow(request, at)
    elif asked == "ya":
        until = None
    else:
        raise InvalidInput(field="hasta")
    notices.pause(agent_id=request.agent.pk, until=until, at=at)
    messages.success(
        request,
        gettext("Mail and push keep still; the list goes on.")
        if until
        else gettext("Notices come again."),
    )
    return HttpResponseRedirect(link("console:my_notices"))


def _tomorrow(request: TeamRequest, at: datetime) -> datetime:
    """Return tomorrow at seven, by her clock."""
    zone = queries.zone_of(queries.preferences_of(request.agent.pk))
    day = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(7), tzinfo=zone)


@team(methods=("GET", "HEAD", "POST"))
def subscribe(request: TeamRequest) -> HttpResponse:
    """This browser's subscription to push, as its script sends it (JSON); asked without one, the
    shop's public key.
    """
    if request.method != "POST":
        return JsonResponse({"key": queries.public_key()})
    if not request.body:
        return JsonResponse({"key": notices.keep_keys(at=now())})
    try:
        if len(request.body) > BODY_MOST:
            raise InvalidInput(field="body")
        said = json.loads(request.body)
        keys = said["keys"]
        told = [said["endpoint"], keys["p256dh"], keys["auth"]]
        if not all(isinstance(one, str) for one in told):
            raise InvalidInput(field="keys")
        notices.subscribe(
            agent_id=request.agent.pk,
            endpoint=told[0],
            p256dh=told[1],
            auth=told[2],
            session_key=request.session.session_key or "",
            browser=_browser(request.headers.get("User-Agent", "")),
            at=now(),
        )
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": sentence(InvalidInput(field="body"))}, status=422)
    except Refusal as refusal:
        return JsonResponse({"error": sentence(refusal)}, status=422)
    return JsonResponse({"ok": True})


def _browser(agent: str) -> str:
    """Return what a browser is called: enough to tell one's own apart."""
    names = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome")]
    name = next((n for mark, n in [*names, ("Safari", "Safari")] if f"{mark}/" in agent), "")
    systems = ["Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux"]
    system = next((one for one in systems if one in agent), "")
    return ", ".join(part for part in (name, system.replace("Macintosh", "Mac")) if part)


@team(methods=POST)
def unsubscribe(request: TeamRequest) -> HttpResponse:
    """A browser of mine takes no more push: by its number, or (its script) its address."""
    number, endpoint = request.POST.get("navegador", ""), request.POST.get("endpoint", "")
    notices.unsubscribe(
        agent_id=request.agent.pk,
        subscription_id=int(number) if number.isdigit() and len(number) < 18 else 0,
        endpoint=endpoint[:2000],
        at=now(),
    )
    if endpoint:
        return HttpResponse(status=204)
    messages.success(request, gettext("Nothing more is sent to that browser."))
    return HttpResponseRedirect(link("console:my_notices"))
