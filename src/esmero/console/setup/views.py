"""The screens, one after the other; each may be skipped, gone back to, and reloaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import get_language, gettext, pgettext_lazy

from esmero.channels import ports
from esmero.channels.enums import Security
from esmero.console.settings.mailserver import Told, as_told
from esmero.console.settings.words import week_in_words
from esmero.console.setup.draft import STEPS, Draft, opened, sealed
from esmero.console.setup.finishing import finish
from esmero.console.setup.forms import (
    PRESETS,
    AccountStep,
    DepartmentsStep,
    HoursStep,
    MailboxStep,
    ShopStep,
)
from esmero.console.setup.guard import with_token
from esmero.console.setup.places import usual_zone
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, Refusal
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.shop.errors import AlreadySetUp
from esmero.shop.queries import the_shop
from esmero.ui.formats import day
from esmero.ui.refusals import sentence

NAMES: dict[str, Lazy | str] = {
    "tienda": pgettext_lazy("step", "Shop"),
    "cuenta": pgettext_lazy("step", "You"),
    "buzon": pgettext_lazy("step", "Mail"),
    "horario": pgettext_lazy("step", "Hours"),
    "departamentos": pgettext_lazy("step", "Team"),
    "listo": pgettext_lazy("step", "Done"),
}
_FACTS = (
    "address", "username", "imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port",
    "smtp_security", "take",
)  # fmt: skip
_LOGIN_BACKEND = "esmero.console.accounts.store.AccountBackend"


@with_token
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Lead to the screen to go on with."""
    return _to(token, Draft(request).first_open())


@with_token
def step(request: HttpRequest, token: str, step: str) -> HttpResponse:
    """Show a screen, or take what it sends."""
    if step not in STEPS:
        raise Http404
    draft = Draft(request)
    if request.method == "POST" and request.POST.get("do") == "skip" and step != STEPS[-1]:
        draft.keep(step, {})
        return _on(token, step)
    return _VIEWS[step](request, token, draft)


def _to(token: str, step: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("setup:step", args=[token, step]))


def _on(token: str, step: str) -> HttpResponse:
    return _to(token, STEPS[STEPS.index(step) + 1])


def _show(
    request: HttpRequest, token: str, step: str, draft: Draft, *, status: int = 0, **context: Any
) -> HttpResponse:
    # A form that comes back after it was sent has errors, unless said otherwise.
    status = status or (422 if request.method == "POST" else 200)
    here = STEPS.index(step)
    steps = [
        {
            "name": NAMES[one],
            "url": reverse("setup:step", args=[token, one]),
            "is_done": draft.is_done(one),
            "is_here": one == step,
        }
        for one in STEPS
    ]
    context |= {
        "steps": steps,
        "number": here + 1,
        "many": len(STEPS),
        "back": steps[here - 1]["url"] if here else "",
        "shop": {"name": draft.of("tienda").get("name") or "Esmero"},
        "at": now(),
    }
    return render(request, f"console/setup/{step}.html", context, status=status)


def _shop(request: HttpRequest, token: str, draft: Draft) -> HttpResponse:
    if request.method == "POST":
        form = ShopStep(request.POST)
        if request.POST.get("do") == "country":
            return _show(request, token, "tienda", draft, status=200, form=form.moved())
        if form.is_valid():
            draft.keep("tienda", form.cleaned_data)
            return _on(token, "tienda")
        return _show(request, token, "tienda", draft, form=form)
    card = the_shop()
    initial = {
        "country": card.country,
        "zone": usual_zone(card.country),
        "language": (get_language() or card.language)[:2],
        **draft.of("tienda"),
    }
    return _show(request, token, "tienda", draft, form=ShopStep(initial=initial))


def _account(request: HttpRequest, token: str, draft: Draft) -> HttpResponse:
    held = draft.of("cuenta")
    if request.method == "POST":
        form = AccountStep(request.POST, has_password=bool(held))
        if form.is_valid():
            password = form.cleaned_data.pop("password")
            kept = sealed(password) if password else held["password_sealed"]
            draft.keep("cuenta", {**form.cleaned_data, "password_sealed": kept})
            return _on(token, "cuenta")
        return _show(request, token, "cuenta", draft, form=form)
    form = AccountStep(initial=held, has_password=bool(held))
    return _show(request, token, "cuenta", draft, form=form)


def _mailbox(request: HttpRequest, token: str, draft: Draft) -> HttpResponse:
    held = draft.of("buzon")
    if request.method != "POST":
        form = MailboxStep(initial=held, has_password=bool(held))
        return _show(request, token, "buzon", draft, form=form, held=held)
    form = MailboxStep(request.POST, has_password=bool(held))
    if not form.is_valid():
        return _show(request, token, "buzon", draft, form=form)
    facts = {name: form.cleaned_data[name] for name in _FACTS}
    password = form.cleaned_data["password"]
    kept = sealed(password) if password else held["password_sealed"]
    _fill_in_servers(facts)
    answers = {**facts, "password_sealed": kept}
    if request.POST.get("do") == "untested":
        draft.keep("buzon", answers)
        return _on(token, "buzon")
    outcome = _try_out(answers)
    told = [as_told(one) for one in outcome.steps]
    if outcome.is_ok:
        seen = {
            "has_plus_addresses": bool(outcome.has_plus_addresses),
            "authserv_ids": list(outcome.authserv_ids),
        }
        draft.keep("buzon", {**answers, **seen, "is_tested": True})
    elif kept:
        # Kept, so that another try, or going on without, need not ask for the password again.
        draft.keep("buzon", {**answers, "is_tested": False})
    again = MailboxStep(initial=answers, has_password=True)
    return _show(
        request,
        token,
        "buzon",
        draft,
        status=200 if outcome.is_ok else 422,
        form=again,
        told=told,
        is_ok=outcome.is_ok,
        wrong=_wrong(told),
    )


def _wrong(told: list[Told]) -> Told | None:
    return next((t for t in told if not t.is_ok and not t.is_skipped and not t.is_optional), None)


def _fill_in_servers(facts: dict[str, Any]) -> None:
    """Take the provider's usual servers where none is named."""
    if facts["imap_host"] or facts["smtp_host"]:
        return
    known = ports.mail_servers().suggested(facts["address"])
    if known is not None:
        for kind in ("imap", "smtp"):
            facts[f"{kind}_host"] = getattr(known, f"{kind}_host")
            facts[f"{kind}_port"] = getattr(known, f"{kind}_port")
            facts[f"{kind}_security"] = getattr(known, f"{kind}_security").value


def _try_out(answers: dict[str, Any]) -> ports.Outcome:
    names = ("address", "username", "imap_host", "imap_port", "smtp_host", "smtp_port")
    trial = ports.Trial(
        **{name: answers[name] for name in names},
        password=opened(answers),
        imap_security=Security(answers["imap_security"]),
        smtp_security=Security(answers["smtp_security"]),
    )
    return ports.mail_servers().try_out(trial, at=now())


def _hours(request: HttpRequest, token: str, draft: Draft) -> HttpResponse:
    held: dict[str, Any] = {"week": PRESETS["partida"][1], "holidays": True} | draft.of("horario")
    if request.method == "POST":
        chosen = PRESETS.get(request.POST.get("preset", ""))
        form = HoursStep(request.POST)
        if chosen is not None:
            kept = {"holidays": request.POST.get("holidays") == "on"}
            form = HoursStep(initial=kept, week=chosen[1])
        elif form.is_valid():
            answers = {name: form.cleaned_data[name] for name in ("week", "holidays")}
            draft.keep("horario", answers)
            return _on(token, "horario")
        status = 422 if chosen is None else 200
        return _hours_page(request, token, draft, form, status=status)
    form = HoursStep(initial={"holidays": held["holidays"]}, week=held["week"])
    return _hours_page(request, token, draft, form)


def _hours_page(
    request: HttpRequest, token: str, draft: Draft, form: HoursStep, *, status: int = 200
) -> HttpResponse:
    card = the_shop()
    place = {"country": card.country, "region": card.region} | draft.of("tienda")
    at, language = now(), (get_language() or "es")[:2]
    coming = promises.settings.coming_holidays(
        place["country"], place["region"], since=at.date(), language=language, limit=3
    )
    return _show(
        request,
        token,
        "horario",
        draft,
        status=status,
        form=form,
        days=form.days(),
        presets=[(name, label) for name, (label, _week) in PRESETS.items()],
        country=promises.settings.countries().get(place["country"], ""),
        next_days=", ".join(f"{day(on, at)} ({name})" for on, name in coming),
    )


def _departments(request: HttpRequest, token: str, draft: Draft) -> HttpResponse:
    have = draft.of("departamentos").get("departments") or [
        {"name": gettext("Customer service"), "limit": "24"}
    ]
    form = DepartmentsStep(request.POST or None, have=have)
    if request.method == "POST" and form.is_valid():
        draft.keep("departamentos", {"departments": form.cleaned_data["departments"]})
        return _on(token, "departamentos")
    return _show(request, token, "departamentos", draft, form=form)


def _done(request: HttpRequest, token: str, draft: Draft) -> HttpResponse:
    if request.method == "POST":
        try:
            agent_id = finish(draft, language=(get_language() or "es")[:2], at=now())
        except AlreadySetUp:
            raise Http404 from None
        except InvalidInput as refusal:
            if refusal.params.get("field") != "account":
                raise
            return _summary(request, token, draft, gettext("Somebody must be able to enter."))
        except Refusal as refusal:
            return _summary(request, token, draft, sentence(refusal))
        draft.drop()
        agent = people.agent(agent_id)
        assert agent is not None  # noqa: S101  made a moment ago
        login(request, agent, backend=_LOGIN_BACKEND)
        UserSession.objects.create_from_request(request)
        return HttpResponseRedirect(reverse("console:hoy"))
    return _summary(request, token, draft, "")


def _summary(request: HttpRequest, token: str, draft: Draft, refused: str) -> HttpResponse:
    week = draft.of("horario").get("week") or PRESETS["partida"][1]
    return _show(
        request,
        token,
        "listo",
        draft,
        refused=refused,
        place=draft.of("tienda"),
        countries=promises.settings.countries(),
        account=draft.of("cuenta"),
        mailbox=draft.of("buzon"),
        week=week_in_words(week),
        departments=draft.of("departamentos").get("departments") or [],
        urls={one: reverse("setup:step", args=[token, one]) for one in STEPS},
    )


_VIEWS: dict[str, Callable[[HttpRequest, str, Draft], HttpResponse]] = {
    "tienda": _shop,
    "cuenta": _account,
    "buzon": _mailbox,
    "horario": _hours,
    "departamentos": _departments,
    "listo": _done,
}
