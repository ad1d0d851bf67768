"""The contact form and what follows it."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.channels.errors import TooManyForms
from esmero.kernel.errors import Refusal
from esmero.portal import frame, hours, uploads, voice, words
from esmero.portal.contact.forms import ContactForm, fresh
from esmero.promises.enums import Kind
from esmero.shop.queries import the_shop
from esmero.ui import refusals

_SALT = "esmero.portal.received"


@require_http_methods(["GET", "HEAD", "POST"])
@frame.page
def contact(request: HttpRequest) -> HttpResponse:
    """Show the form; take what somebody sends with it."""
    if request.method != "POST":
        return _show(request, ContactForm(initial=fresh()))
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
    ticket = signing.dumps(accepted.form_id, salt=_SALT)
    return redirect("portal:received", ticket=ticket)


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
    answer = words.answer_now(at=at, zone=shop.zone.key)
    is_open, state = hours.state(at=at)
    mailbox = channel_queries.mailbox_of_department(None)
    return frame.show(
        request,
        "portal/contact/contact.html",
        at=at,
        place="contact",
        status=status,
        form=form,
        why=why,
        files_why=files_why,
        is_open=is_open,
        state=state,
        answer=words.open_words(Kind.ANSWER.value, answer) if answer else "",
        address=mailbox.address if mailbox else "",
        telephone=shop.telephone,
        file_most=uploads.FILE_MOST,
        files_most=uploads.FILES_MOST,
    )


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
        return redirect("portal:contact")
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
