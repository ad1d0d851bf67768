"""The contact form and what follows it."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.channels.errors import TooManyForms
from esmero.kernel.errors import Refusal
from esmero.kernel.text import one_line, storable
from esmero.knowledge import queries as knowledge
from esmero.portal import (
    asked,
    frame,
    hours,
    prefix,
    readers,
    seo,
    team,
    uploads,
    voice,
    words,
)
from esmero.portal.contact.forms import ContactForm, fresh
from esmero.promises.enums import Kind
from esmero.shop.queries import the_shop
from esmero.ui import refusals

_SALT = "esmero.portal.received"
ASKED_LONGEST = 2000
SUBJECT_FROM = 80
OFFERED_MOST = 12
"""Characters of a question that become the message and its subject; articles at hand counted."""


@require_http_methods(["GET", "HEAD", "POST"])
@frame.page
def contact(request: HttpRequest) -> HttpResponse:
    """Show the form; take what somebody sends with it."""
    if request.method != "POST":
        return _show(request, ContactForm(initial={**fresh(), **_asked(request)}))
    if uploads.is_too_heavy(request):
        # Nothing of the request has been read: what was typed cannot be shown again.
        empty = ContactForm(initial=fresh())
        why = _("All files together are too large. Send fewer or smaller ones.")
        return _show(request, empty, why=why, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    form = ContactForm(request.POST)
    files_why = uploads.why_not(request)
    if not form.is_valid() or files_why:
        return _show(
            request, _again(form), files_why=files_why, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    at = frame.moment()
    try:
        accepted = channels.accept_form(
            form=channels.Form(
                once=form.cleaned_data["once"],
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                subject=form.cleaned_data["subject"],
                text=form.message,
                department_id=form.department_id,
                ip=frame.ip_of(request),
                language=voice.language_of(get_language() or ""),
                files=uploads.store(request, at=at),
            ),
            at=at,
        )
    except TooManyForms:
        why = _(
            "Several messages have come from you within the hour. Wait a while, or write to us by "
            "mail."
        )
        return _show(request, _again(form), why=why, status=HTTPStatus.TOO_MANY_REQUESTS)
    except Refusal as refusal:
        why = refusals.sentence(refusal)
        return _show(request, _again(form), why=why, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    asked.wrote(request, at=at)
    asked.wrote_anyway(_offered(request), language=frame.language(), at=at)
    ticket = signing.dumps(accepted.form_id, salt=_SALT)
    return frame.go("portal:received", ticket)


def _asked(request: HttpRequest) -> dict[str, str]:
    """Return what somebody was looking for before, as the beginning of the form."""
    query = storable(request.GET.get("q", ""))[:ASKED_LONGEST].strip()
    if not query:
        return {}
    return {"subject": one_line(query, SUBJECT_FROM), "text": query}


def _offered(request: HttpRequest) -> list[int]:
    """Return the articles that were at hand, as the form says: read before, or offered while it
    was written; those only that this reader may see.
    """
    said = f"{request.POST.get('articulo', '')},{request.POST.get('ofrecidos', '')}"
    ids = [int(one) for one in said.split(",")[:OFFERED_MOST] if one.isdecimal() and len(one) < 16]
    if not ids:
        return []
    cards = knowledge.published.cards_of(
        ids, language=frame.language(), reader=readers.audience_of(request)
    )
    return [card.article_id for card in cards]


def _again(form: ContactForm) -> ContactForm:
    """Give a form that comes back a new stamp, and keep its name: it is the same wish."""
    data = cast(QueryDict, form.data).copy()
    data["stamp"] = fresh()["stamp"]
    if not data.get("once"):
        data["once"] = fresh()["once"]
    form.data = data
    return form


def _show(
    request: HttpRequest,
    form: ContactForm,
    *,
    why: str = "",
    files_why: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    at = frame.moment()
    shop = the_shop()
    now = team.now(at=at)
    steps = [
        (shop.name, prefix.link("portal:home")),
        (_("Contact"), prefix.link("portal:contact")),
    ]
    return frame.show(
        request,
        "portal/contact/contact.html",
        at=at,
        place="contact",
        status=status,
        form=form,
        why=why,
        files_why=files_why,
        answer=words.open_words(Kind.ANSWER.value, now.answer) if now.answer else "",
        telephone=shop.telephone,
        fax=shop.fax,
        street=shop.street,
        map_url=shop.map_url,
        departments=_departments(at, form),
        week=hours.week(at=at),
        coming=hours.coming(at=at),
        zone=shop.zone.key.rpartition("/")[2].replace("_", " "),
        file_most=uploads.FILE_MOST,
        files_most=uploads.FILES_MOST,
        article=_number(request),
        head=seo.head(
            title=_("Contact"),
            description=_("Mail, telephone, form and opening hours of %(shop)s.")
            % {"shop": shop.name},
            language=frame.language(),
            addresses={code: prefix.link("portal:contact") for code, _name in settings.LANGUAGES},
            things=[
                seo.organization(address=now.address),
                seo.breadcrumbs(steps, language=frame.language()),
            ],
        ),
    )


def _number(request: HttpRequest) -> str:
    said = request.POST.get("articulo") or request.GET.get("articulo") or ""
    return said if said.isdecimal() and len(said) < 16 else ""


def _departments(at: datetime, form: ContactForm) -> list[dict[str, object]]:
    """Return who answers for what, where there is more than one: state and address of each."""
    if len(form.departments) < 2:
        return []
    found: list[dict[str, object]] = []
    for one in form.departments:
        is_open, state = hours.state(at=at, department_id=one.pk)
        mailbox = channel_queries.mailbox_of_department(one.pk)
        found.append(
            {
                "name": one.name,
                "description": one.description,
                "is_open": is_open,
                "state": state,
                "address": mailbox.address if mailbox and mailbox.department_id == one.pk else "",
            }
        )
    return found


@require_safe
@frame.page
def received(request: HttpRequest, ticket: str) -> HttpResponse:
    """Say what was promised. The link to the enquiry goes to the address alone, not to the page:
    anybody can type any address, and what is answered is for who owns it.
    """
    at = frame.moment()
    shop = the_shop()
    try:
        form_id = signing.loads(ticket, salt=_SALT, max_age=24 * 3600)
    except signing.BadSignature:
        return frame.go("portal:contact")
    accepted = channels.accepted_form(form_id=int(form_id))
    due_at = accepted.due_at if accepted else None
    time = words.due(due_at, at=at, zone=shop.zone.key) if due_at else ""
    return frame.show(
        request,
        "portal/contact/received.html",
        at=at,
        place="contact",
        number=accepted.conversation_id if accepted else None,
        due_at=due_at,
        made_at=at,
        words=words.open_words(Kind.ANSWER.value, time) if time else "",
    )
