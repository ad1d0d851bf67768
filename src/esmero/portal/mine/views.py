"""My enquiries and my data: with a code from one's mail, or what this browser remembers."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from esmero.channels import actions as channel_actions
from esmero.channels.errors import TooManyForms
from esmero.conversations import queries as conversations
from esmero.conversations.enums import Chip, State
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.people import actions as people_actions
from esmero.people import queries as people
from esmero.people.enums import How
from esmero.people.errors import TooManyCodes, WrongCode
from esmero.portal import frame, readers, session
from esmero.portal.mine import export
from esmero.portal.mine.words import purpose_words, way_words
from esmero.portal.prefix import url
from esmero.portal.readers import Reader

SHOWN = 50
GET_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_POST)
@frame.page
def mine(request: HttpRequest) -> HttpResponse:
    """Show the enquiries of whoever is signed in; else ask for the address that a code goes to."""
    reader = readers.of(request)
    if request.method == "POST":
        return _ask(request)
    at = frame.moment()
    if reader is None:
        return _door(request)
    with timezone.override(reader.zone or timezone.get_current_timezone_name()):
        found = conversations.seats_of_customer(reader.customer_id, limit=SHOWN)
        return frame.show(
            request,
            "portal/mine/mine.html",
            at=at,
            place="mine",
            reader=reader,
            open=[_line(s) for s in found if s.conversation.state != State.RESOLVED.value],
            done=[_line(s) for s in found if s.conversation.state == State.RESOLVED.value],
        )


def _line(seat: conversations.Seat) -> dict[str, Any]:
    at, c = frame.moment(), seat.conversation
    is_open = c.chip == Chip.OPEN.value and seat.is_own
    return {
        "subject": seat.subject or _("Enquiry %(number)s") % {"number": seat.number},
        "number": seat.number,
        "url": url("portal:enquiry", conversations.link_of(seat.token, at=at)),
        "last_at": c.last_message_at,
        "due_at": c.chip_at if is_open else None,
        "made_at": c.chip_made_at,
        "state": "late" if c.chip_at and c.chip_at < at else "ok",
        "is_waiting": c.state == State.WAITING.value,
    }


def _door(request: HttpRequest, *, why: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    found = conversations.seats_by_tokens(session.remembered(request))
    return frame.show(
        request,
        "portal/mine/door.html",
        at=frame.moment(),
        place="mine",
        status=status,
        why=why,
        email=request.POST.get("email", "") if why else "",
        is_sent="enviado" in request.GET,
        remembered=[_line(seat) for seat in found],
    )


def _ask(request: HttpRequest) -> HttpResponse:
    """Send a code; whether somebody has the address, the answer does not say."""
    try:
        ticket = channel_actions.send_code(
            email=request.POST.get("email", "")[:320],
            ip=frame.ip_of(request),
            language=frame.language(),
            at=frame.moment(),
        )
    except InvalidInput:
        why = _("That is not a mail address. Check it and send again.")
        return _door(request, why=why, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooManyCodes:
        why = _("Several codes were asked for within the hour. Wait a while.")
        return _door(request, why=why, status=HTTPStatus.TOO_MANY_REQUESTS)
    return frame.go("portal:code", ticket)


@require_POST
@frame.page
def links(request: HttpRequest) -> HttpResponse:
    """Send somebody the links of her enquiries; whether there are any, the page does not say."""
    try:
        channel_actions.request_links(
            email=request.POST.get("email", "")[:320],
            ip=frame.ip_of(request),
            once=channel_actions.new_once(),
            at=frame.moment(),
        )
    except InvalidInput:
        why = _("That is not a mail address. Check it and send again.")
        return _door(request, why=why, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooManyForms:
        why = _("Several messages have come from you within the hour. Wait a while.")
        return _door(request, why=why, status=HTTPStatus.TOO_MANY_REQUESTS)
    return frame.go("portal:mine", tail="?enviado#follow")


@require_POST
@frame.page
def forget(request: HttpRequest) -> HttpResponse:
    """Let this browser forget the enquiries that were written to from it."""
    response = frame.go("portal:mine")
    session.forget(response)
    return response


@require_http_methods(GET_POST)
@frame.own_page
def code(request: HttpRequest, ticket: str) -> HttpResponse:
    """Take the code from the mail. Opening the page, as a scanner does, uses nothing up."""
    if request.method != "POST":
        given = request.GET.get("c", "")
        shown = given if given.isascii() and given.isdigit() and len(given) == 6 else ""
        return _code(request, ticket, code=shown)
    try:
        token = people_actions.finish_sign_in(
            ticket=ticket[:100], code=request.POST.get("code", "")[:20], at=frame.moment()
        )
    except WrongCode:
        why = _(
            "That code does not open it. It is good for twenty minutes and once; ask for a new "
            "one if in doubt."
        )
        return _code(request, ticket, why=why, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    response = frame.go("portal:mine")
    readers.let_in(response, token)
    return response


def _code(
    request: HttpRequest,
    ticket: str,
    *,
    code: str = "",
    why: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    return frame.show(
        request,
        "portal/mine/code.html",
        at=frame.moment(),
        place="mine",
        status=status,
        ticket=ticket,
        code=code,
        why=why,
        others={language: "/mis-consultas/" for language, _name in settings.LANGUAGES},
        **frame.tokens(request),
    )


@require_POST
@frame.own_page
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    response = frame.go("portal:mine")
    readers.let_out(request, response)
    return response


@require_http_methods(GET_POST)
@frame.own_page
@readers.signed_in
def data(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """Show what is known of a customer; let her correct it."""
    if request.method != "POST":
        return _data(request, reader)
    name = request.POST.get("name", "").strip()
    language = request.POST.get("language", "")
    if not name or len(name) > 120 or language not in dict(settings.LANGUAGES):
        why = _("Write your name, at most 120 characters.")
        return _data(request, reader, why=why, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    people_actions.correct_customer(
        customer_id=reader.customer_id, name=name, language=language, at=frame.moment()
    )
    return frame.go("portal:data", tail="?guardado")


def _data(
    request: HttpRequest, reader: Reader, *, why: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    group = people.group_of(reader.customer_id)
    row = people.customer(reader.customer_id)
    if row is None:
        raise Http404
    return frame.show(
        request,
        "portal/mine/data.html",
        at=frame.moment(),
        status=status,
        reader=reader,
        customer=row,
        name=request.POST.get("name", row.name) if why else row.name,
        why=why,
        is_saved="guardado" in request.GET,
        addresses=list(people.addresses_of_group(group)),
        tier=people.tiers.tier_of(group),
        known=[one for one in people.panel.known_of(group) if one.value],
        consents=[
            {
                "id": one.pk,
                "name": purpose_words(one.purpose),
                "row": one,
                "how": way_words(one.how),
                "ended": way_words(one.withdrawn_how) if one.withdrawn_at else "",
            }
            for one in people.panel.consents_of(group)
        ],
        count=len(conversations.seats_of_customer(reader.customer_id, limit=200)),
        **frame.tokens(request),
    )


@require_POST
@frame.own_page
@readers.signed_in
def withdraw(request: HttpRequest, reader: Reader, consent_id: int) -> HttpResponseBase:
    """Take a consent back: as easy as it was to give (GDPR art. 7.3)."""
    try:
        people_actions.withdraw_consent(
            customer_id=reader.customer_id,
            consent_id=consent_id,
            how=How.PORTAL,
            at=frame.moment(),
            by=None,
        )
    except NotFound:
        raise Http404 from None
    return frame.go("portal:data", tail="?guardado#consents")


@require_safe
@frame.own_page
@readers.signed_in
def download(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """Give a customer all that is known of her, to read or for machines (GDPR art. 15 and 20)."""
    known = export.of_customer(reader.customer_id, at=frame.moment())
    if request.GET.get("forma") != "json":
        return frame.show(
            request, "portal/mine/export.html", at=frame.moment(), reader=reader, known=known
        )
    body = json.dumps(known, ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="mis-datos.json"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(GET_POST)
@frame.own_page
@readers.signed_in
def erase(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """Say what goes and what stays; erase when it is confirmed."""
    seats = conversations.seats_of_customer(reader.customer_id, limit=200)
    waiting = sum(s.is_own and s.conversation.state != State.RESOLVED.value for s in seats)
    if request.method != "POST" or request.POST.get("seguro") != "si":
        is_asked = request.method == "POST"
        return frame.show(
            request,
            "portal/mine/erase.html",
            at=frame.moment(),
            status=HTTPStatus.UNPROCESSABLE_ENTITY if is_asked else HTTPStatus.OK,
            reader=reader,
            count=len(seats),
            waiting=waiting,
            why=_("Tick the box if you are sure.") if is_asked else "",
            **frame.tokens(request),
        )
    channel_actions.erase_customer(customer_id=reader.customer_id, at=frame.moment())
    response = frame.go("portal:erased")
    response.delete_cookie(readers.COOKIE, samesite="Lax")
    session.forget(response)
    return response


@require_safe
@frame.page
def erased(request: HttpRequest) -> HttpResponse:
    """Say that it is done."""
    return frame.show(request, "portal/mine/erased.html", at=frame.moment())
