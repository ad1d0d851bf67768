"""The customers' pages as the shop sets them: logo, links, where it is, legal texts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext

from esmero.console.access import TeamRequest, team
from esmero.console.settings.forms.portal import LegalForm, LinkForms, LogoForm, PlaceForm
from esmero.console.settings.saving import GET_POST, POST, actor_of, back_to, goes_well, show
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people.enums import Role
from esmero.shop import actions as shops
from esmero.shop import legal as texts
from esmero.shop.queries import the_shop

START = "console:settings_portal"


@team(Role.ADMIN, GET_POST)
def portal(request: TeamRequest) -> HttpResponse:
    """Show all that can be set; POST sets where else the shop is reached."""
    if request.method != "POST":
        return _page(request)
    form = PlaceForm(request.POST)
    if form.is_valid() and goes_well(
        form, lambda: shops.change_shop(at=now(), actor=actor_of(request), **form.cleaned_data)
    ):
        return back_to(request, START)
    return _page(request, place=form, status=422)


@team(Role.ADMIN, POST)
def links(request: TeamRequest) -> HttpResponse:
    """Set the shop's own links."""
    forms = LinkForms(request.POST, prefix="links")
    if forms.is_valid():
        found = [form.link for form in forms if form.link is not None]
        first = forms.forms[0]
        if goes_well(
            first,
            lambda: shops.change_links(links=found, at=now(), actor=actor_of(request)),
            field="url",
        ):
            return back_to(request, START, anchor="links")
    return _page(request, links=forms, status=422)


@team(Role.ADMIN, POST)
def logo(request: TeamRequest) -> HttpResponse:
    """Set the logo, or take it away."""
    if "remove" in request.POST:
        shops.remove_logo(at=now(), actor=actor_of(request))
        return back_to(request, START, said=gettext("The logo is gone."))
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        data, kind = form.cleaned_data["logo"]
        if goes_well(
            form,
            lambda: shops.set_logo(data=data, kind=kind, at=now(), actor=actor_of(request)),
            field="logo",
        ):
            return back_to(request, START)
    return _page(request, logo=form, status=422)


def _page(
    request: TeamRequest,
    *,
    place: PlaceForm | None = None,
    logo: LogoForm | None = None,
    links: Any = None,
    status: int = 200,
) -> HttpResponse:
    card = the_shop(fresh=True)
    facts = {"fax": card.fax, "street": card.street, "map_url": card.map_url}
    lines = [
        {"place": one.place, "url": one.url} | {f"label_{c}": n for c, n in one.labels}
        for one in card.links
    ]
    context = {
        "place": place or PlaceForm(initial=facts),
        "logo": logo or LogoForm(),
        "logo_url": f"/logo/{card.logo_name}" if card.logo_name else "",
        "links": links if links is not None else LinkForms(initial=lines, prefix="links"),
        "legal": [
            (slug, [(code, name, texts.text(slug, code)) for code, name in settings.LANGUAGES])
            for slug in texts.SLUGS
        ],
        "languages": settings.LANGUAGES,
    }
    return show(request, "console/settings/portal.html", "portal", context, status=status)


@team(Role.ADMIN, GET_POST)
def legal(request: TeamRequest, legal: str, language: str) -> HttpResponse:
    """Write a legal text; saving it says that the shop has checked it."""
    slug = legal
    if slug not in texts.SLUGS or language not in dict(settings.LANGUAGES):
        raise NotFound(slug=slug)
    found = texts.text(slug, language)
    form = LegalForm(request.POST or None, initial={"title": found.title, "body": found.body})
    if request.method == "POST":
        if "model" in request.POST:
            return _save(request, slug, language, "", "")
        if form.is_valid():
            data = form.cleaned_data
            return _save(request, slug, language, data["title"], data["body"])
    context = {
        "form": form,
        "slug": slug,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "text": found,
        "variables": texts.VARIABLES,
    }
    status = 422 if form.is_bound else 200
    return show(request, "console/settings/legal.html", "portal", context, status=status)


def _save(request: TeamRequest, slug: str, language: str, title: str, body: str) -> HttpResponse:
    shops.word_text(
        key=texts.key_of(slug),
        language=language,
        subject=title,
        body=body.replace("\r\n", "\n"),
        at=now(),
        actor=actor_of(request),
    )
    return back_to(request, "console:settings_legal", slug, language)
