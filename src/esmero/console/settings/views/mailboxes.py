"""Mailboxes: connected, changed, tested step by step, consented to."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from esmero.channels import actions as channels
from esmero.channels import queries
from esmero.channels.enums import Auth, Security, Take
from esmero.console.access import TeamRequest, team
from esmero.console.channels.advice import advice_of, split_error
from esmero.console.settings import mailserver
from esmero.console.settings.forms.mailboxes import ChangeMailboxForm, NewMailboxForm
from esmero.console.settings.saving import GET_POST, POST, actor_of, back_to, goes_well, show
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people import queries as people
from esmero.people.enums import Role

_CONSENT = "mailbox_consent"  # where the session keeps a consent that is on its way
_SECURE = ("imap_security", "smtp_security")


def _departments() -> list[tuple[int, str]]:
    return [(one.pk, one.name) for one in people.departments()]


@team(Role.ADMIN)
def mailboxes(request: TeamRequest) -> HttpResponse:
    """All of them with their state, those in use first."""
    health = {one.mailbox.pk: one for one in queries.health(at=now())}
    rows = [(box, health.get(box.pk)) for box in queries.mailboxes()]
    return show(request, "console/settings/mailboxes.html", "mailboxes", {"rows": rows})


@team(Role.ADMIN, GET_POST)
def new_mailbox(request: TeamRequest) -> HttpResponse:
    """Connect one."""
    if request.method == "POST":
        form = NewMailboxForm(request.POST, departments=_departments())
        made: list[int] = []
        if form.is_valid() and goes_well(
            form, lambda: made.append(_connect(request, form)), field="address"
        ):
            said = gettext("Connected. Test it now: it takes a few seconds.")
            return back_to(request, "console:settings_mailbox", made[0], said=said)
        return _page(request, form, None, status=422)
    return _page(request, NewMailboxForm(departments=_departments()), None)


def _connect(request: TeamRequest, form: NewMailboxForm) -> int:
    data, facts = form.cleaned_data, form.facts()
    facts |= {name: Security(facts[name]) for name in _SECURE}
    facts["auth"] = Auth(facts["auth"])
    return channels.connect_mailbox(
        **facts,
        address=data["address"],
        username=data["username"],
        password=data["password"],
        oauth_client_secret=data["oauth_client_secret"],
        take=Take(data["take"]),
        take_days=data["take_days"],
        at=now(),
        actor=actor_of(request),
    )


@team(Role.ADMIN, GET_POST)
def mailbox(request: TeamRequest, mailbox_id: int) -> HttpResponse:
    """Change one; secrets are replaced only when new ones are given."""
    box = _box(mailbox_id)
    if request.method == "POST":
        form = ChangeMailboxForm(request.POST, departments=_departments())
        if form.is_valid():
            data = form.cleaned_data
            if goes_well(
                form,
                lambda: channels.change_mailbox(
                    mailbox_id=mailbox_id,
                    password=data["password"] or None,
                    oauth_client_secret=data["oauth_client_secret"] or None,
                    at=now(),
                    actor=actor_of(request),
                    username=data["username"] or box.address,
                    is_active=data["is_active"],
                    **form.facts(),
                ),
            ):
                return back_to(request, "console:settings_mailbox", mailbox_id)
        return _page(request, form, box, status=422)
    return _page(request, _form_of(box), box)


def _box(mailbox_id: int) -> Any:
    box = queries.mailbox(mailbox_id)
    if box is None:
        raise NotFound(mailbox_id=mailbox_id)
    return box


def _form_of(box: Any) -> ChangeMailboxForm:
    hidden = ("password", "oauth_client_secret", "department")
    names = [name for name in ChangeMailboxForm.base_fields if name not in hidden]
    initial = {name: getattr(box, name) for name in names}
    initial["department"] = str(box.department_id or "")
    return ChangeMailboxForm(initial=initial, departments=_departments())


def _page(
    request: TeamRequest,
    form: NewMailboxForm | ChangeMailboxForm,
    box: Any,
    *,
    steps: Any = None,
    status: int = 200,
) -> HttpResponse:
    health = None
    if box is not None:
        health = next((h for h in queries.health(at=now()) if h.mailbox.pk == box.pk), None)
    code, words = split_error(box.error if box is not None else "")
    context = {
        "form": form,
        "box": box,
        "problem": words,
        "advice": advice_of(code),
        "health": health,
        "steps": steps,
        "redirect_uri": mailserver.redirect_uri(),
        "needs_consent": box is not None and box.auth != Auth.PASSWORD.value,
        "has_consent": box is not None and bool(box.oauth_refresh_sealed),
    }
    return show(request, "console/settings/mailbox.html", "mailboxes", context, status=status)


@team(Role.ADMIN, POST)
def test_mailbox(request: TeamRequest, mailbox_id: int) -> HttpResponse:
    """Go through every step of fetching and sending, and show what the servers really said."""
    box = _box(mailbox_id)
    steps = mailserver.probe(mailbox_id, at=now())
    return _page(request, _form_of(_box(mailbox_id)), box, steps=steps)


@team(Role.ADMIN, POST)
def consent(request: TeamRequest, mailbox_id: int) -> HttpResponse:
    """Send the browser to the provider, who asks for consent."""
    begun = mailserver.begin_consent(mailbox_id)
    request.session[_CONSENT] = {
        "mailbox_id": mailbox_id,
        "state": begun.state,
        "verifier": begun.verifier,
    }
    return HttpResponseRedirect(begun.url)


@team(Role.ADMIN)
def consented(request: TeamRequest) -> HttpResponse:
    """The browser is back from the provider: turn its code into tokens.

    Its state is compared with the one that this session sent (RFC 6749, 10.12).
    """
    held = request.session.pop(_CONSENT, None)
    if not held or not mailserver.is_same(held["state"], request.GET.get("state", "")):
        raise NotFound(field="state")
    mailbox_id = int(held["mailbox_id"])
    code, refused = request.GET.get("code", ""), request.GET.get("error", "")
    problem = request.GET.get("error_description", refused) if not code else ""
    if code:
        problem = mailserver.complete_consent(
            mailbox_id, code=code, verifier=held["verifier"], at=now()
        )
    if problem:
        return _page(
            request,
            _form_of(_box(mailbox_id)),
            _box(mailbox_id),
            steps=[mailserver.refused_consent(problem)],
        )
    said = gettext("Consent given. Test it now.")
    return back_to(request, "console:settings_mailbox", mailbox_id, said=said)
