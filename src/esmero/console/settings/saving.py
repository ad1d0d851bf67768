"""What all pages of the settings share: the frame, and a refusal that becomes a form error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from esmero.console.access import TeamRequest
from esmero.console.context import page
from esmero.kernel.errors import NotAllowed, NotFound, Refusal
from esmero.people.enums import Role
from esmero.ui.refusals import sentence

GET_POST = ("GET", "HEAD", "POST")
POST = ("POST",)


def show(
    request: TeamRequest, template: str, place: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of the settings; `place` is the entry of the list at its side."""
    found = {"places": places(request, place), "settings_title": pgettext("rail", "Settings")}
    return page(request, template, found | context, here="settings", status=status)


def places(request: TeamRequest, here: str) -> list[dict[str, Any]]:
    """Return what this member may set, in the order of need, under a heading each."""
    wanted = [
        (gettext("Shop"), [
            ("shop", "console:settings_shop", gettext("Name and look"), "globe", Role.ADMIN),
            ("portal", "console:settings_portal", gettext("Customers' pages"), "book",
             Role.ADMIN),
            ("hours", "console:settings_hours", gettext("Hours"), "clock", Role.ADMIN),
            ("departments", "console:settings_departments", gettext("Departments"), "people",
             Role.ADMIN),
            ("standards", "console:settings_standards", gettext("Promises"), "hand", Role.ADMIN),
            ("mailboxes", "console:settings_mailboxes", gettext("Mailboxes"), "mail", Role.ADMIN),
        ]),
        (gettext("People"), [
            ("team", "console:settings_team", gettext("Team"), "person", Role.ADMIN),
            ("absences", "console:settings_absences", gettext("Absences"), "calendar",
             Role.SUPERVISOR),
            ("sharing", "console:settings_sharing", gettext("Sharing out"), "forward",
             Role.SUPERVISOR),
        ]),
        (gettext("Work"), [
            ("rules", "console:settings_rules", gettext("Rules on arrival"), "filter", Role.ADMIN),
            ("tags", "console:settings_tags", gettext("Tags"), "tag", Role.SUPERVISOR),
            ("macros", "console:settings_macros", gettext("Macros"), "bolt", Role.SUPERVISOR),
            ("tiers", "console:settings_tiers", gettext("Kinds of customers"), "people",
             Role.ADMIN),
            ("fields", "console:settings_fields", gettext("Customer fields"), "tag", Role.ADMIN),
        ]),
        (gettext("Writing"), [
            ("texts", "console:settings_texts", gettext("Texts"), "pen", Role.ADMIN),
            ("answers", "console:settings_answers", gettext("Saved answers"), "bolt",
             Role.SUPERVISOR),
            ("check", "console:settings_check", gettext("Reply check"), "check", Role.SUPERVISOR),
        ]),
        (gettext("Safety"), [
            ("senders", "console:settings_senders", gettext("Senders"), "shield",
             Role.SUPERVISOR),
            ("audit", "console:settings_audit", pgettext("settings", "Record of changes"),
             "receipt", Role.ADMIN),
            ("me", "console:me", gettext("My account"), "key", Role.AGENT),
        ]),
    ]  # fmt: skip
    found = []
    for heading, entries in wanted:
        mine = [
            {"label": label, "url": reverse(route), "icon": icon, "current": name == here}
            for name, route, label, icon, role in entries
            if request.agent.has_role(role)
        ]
        if mine:
            found.append({"heading": heading, "entries": mine})
    return found


def goes_well(form: forms.Form, act: Callable[[], Any], *, field: str = "") -> bool:
    """Do it and say whether it was not refused; a refusal stands at the form (or its field)."""
    try:
        act()
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        named = str(refusal.params.get("field", "")) or field
        form.add_error(named if named in form.fields else None, sentence(refusal))
        return False
    return True


def back_to(
    request: TeamRequest, route: str, *args: Any, said: str = "", anchor: str = ""
) -> HttpResponse:
    """Say that it is done and lead back to a page (POST, redirect, GET)."""
    messages.success(request, said or gettext("Saved."))
    return HttpResponseRedirect(reverse(route, args=args) + (f"#{anchor}" if anchor else ""))


def actor_of(request: TeamRequest) -> str:
    """Return who acts, as the audit list names people."""
    return f"agent:{request.agent.pk}"
