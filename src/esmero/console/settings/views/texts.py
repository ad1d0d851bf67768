"""The automatic texts as this shop words them, with a preview of what a customer receives."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, team
from esmero.console.framed import framed
from esmero.console.settings.forms.texts import TextForm
from esmero.console.settings.saving import GET_POST, POST, actor_of, back_to, show
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people.enums import Role
from esmero.shop import actions as shops
from esmero.shop import ports, queries

NAMES: dict[str, Lazy | str] = {
    "acknowledgement": pgettext_lazy("text", "We received your message"),
    "acknowledgement_late": pgettext_lazy("text", "We received it, late (an apology)"),
    "late_notice": pgettext_lazy("text", "It takes longer, a new time"),
    "late_notice_answer": pgettext_lazy("text", "The answer will be late, a new time"),
    "late_notice_update": pgettext_lazy("text", "The news will be late, a new time"),
    "late_notice_solve": pgettext_lazy("text", "The solution will be late, a new time"),
    "late_notice_call": pgettext_lazy("text", "The call will be late, a new time"),
    "late_notice_outage": pgettext_lazy("text", "Late after an outage of ours"),
    "links": pgettext_lazy("text", "The links to one's enquiries, when asked for"),
    "code": pgettext_lazy("text", "The code to one's own pages"),
    "notices": pgettext_lazy("text", "What a member has not seen yet"),
    "referral": pgettext_lazy("text", "Somebody was brought in"),
    "participant": pgettext_lazy("text", "You take part in an enquiry"),
    "owner_warning": pgettext_lazy("text", "Warning to the owner"),
    "supervisor_warning": pgettext_lazy("text", "Warning to the supervisor"),
    "untold": pgettext_lazy("text", "To the team: a customer was not told"),
    "broken": pgettext_lazy("text", "To the team: a promise broke"),
    "beyond_limit": pgettext_lazy("text", "To the team: beyond the limit"),
}
MEANINGS: dict[str, Lazy | str] = {
    "customer_name": _("the customer's first name; empty when we do not know her"),
    "promise_time": _("the promised time, as people say it"),
    "shop_name": _("the name of the shop"),
    "number": _("the number of the matter"),
    "link": _("the customer's own page of the matter"),
    "code": _("the six digits"),
    "old_time": _("the time that was promised before"),
    "agent_name": _("who answers"),
    "colleague": _("who was brought in: a colleague's first name, or a department"),
    "owner": _("who looks after the enquiry; the shop's name when nobody does"),
    "items": _("the enquiries, each with its link"),
}


def name_of(key: str) -> str:
    """Return what a text is called; one without a name shows its key."""
    return str(NAMES.get(key, key.replace("_", " ").capitalize()))


def _known(key: str, language: str) -> None:
    if key not in ports.texts().all_keys() or language not in dict(settings.LANGUAGES):
        raise NotFound(key=key)


@team(Role.ADMIN)
def texts(request: TeamRequest) -> HttpResponse:
    """All texts, and in which languages the shop words them itself."""
    languages = [(code, label) for code, label in settings.LANGUAGES]
    own = {code: queries.own_texts(code) for code, _label in languages}
    rows = [
        {
            "key": key,
            "name": name_of(key),
            "languages": [(code, label, key in own[code]) for code, label in languages],
        }
        for key in ports.texts().all_keys()
    ]
    return show(request, "console/settings/texts.html", "texts", {"rows": rows})


@team(Role.ADMIN, GET_POST)
def text(request: TeamRequest, key: str, language: str) -> HttpResponse:
    """Word one text anew."""
    _known(key, language)
    variables = frozenset(ports.texts().variables(key))
    if request.method == "POST":
        form = TextForm(request.POST, variables=variables)
        if form.is_valid():
            data = form.cleaned_data
            if (data["subject"], data["body"].strip()) == ports.texts().built_in(key, language):
                data = {"subject": "", "body": ""}  # the same words: nothing of its own
            shops.word_text(
                key=key,
                language=language,
                subject=data["subject"],
                body=data["body"],
                at=now(),
                actor=actor_of(request),
            )
            return back_to(request, "console:settings_text", key, language)
        return _page(request, form, key, language, status=422)
    subject, body = _words(key, language)
    form = TextForm(initial={"subject": subject, "body": body}, variables=variables)
    return _page(request, form, key, language)


def _words(key: str, language: str) -> tuple[str, str]:
    """The shop's own words, else the house's."""
    own = queries.text_of(key, language)
    subject, body = ports.texts().built_in(key, language)
    return (own[0] or subject, own[1]) if own else (subject, body)


def _page(
    request: TeamRequest, form: TextForm, key: str, language: str, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "key": key,
        "name": name_of(key),
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "others": [one for one in settings.LANGUAGES if one[0] != language],
        "is_own": queries.text_of(key, language) is not None,
        "variables": [(one, MEANINGS.get(one, "")) for one in ports.texts().variables(key)],
    }
    return show(request, "console/settings/text.html", "texts", context, status=status)


@team(Role.ADMIN, GET_POST)
def sample(request: TeamRequest, key: str, language: str) -> HttpResponse:
    """Show, in a frame of its own, what a customer would receive; a POST shows what is typed."""
    _known(key, language)
    subject, body = _words(key, language)
    if request.method == "POST":
        subject = request.POST.get("subject", "")[:200]
        body = request.POST.get("body", "")[:8000]
    found = ports.texts().sample(key, language, subject=subject, body=body)
    if request.GET.get("as") == "text":
        return framed(f"{found.subject}\n\n{found.text}", is_text=True)
    return framed(found.html)


@team(Role.ADMIN, POST)
def built_in(request: TeamRequest, key: str, language: str) -> HttpResponse:
    """Bring the wording back that comes with the house."""
    _known(key, language)
    shops.word_text(
        key=key, language=language, subject="", body="", at=now(), actor=actor_of(request)
    )
    said = gettext("The built-in text holds again.")
    return back_to(request, "console:settings_text", key, language, said=said)
