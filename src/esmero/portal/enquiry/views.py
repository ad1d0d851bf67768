"""A customer's own page of an enquiry, by the signed link of a mail."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.channels.errors import TooManyForms
from esmero.conversations import actions as conversation_actions
from esmero.conversations import queries as conversations
from esmero.conversations.enums import State
from esmero.conversations.errors import AlreadyResolved
from esmero.kernel import files
from esmero.kernel.composed import composed
from esmero.kernel.errors import NotFound, Refusal
from esmero.kernel.refs import ref
from esmero.portal import frame, session, uploads, words
from esmero.portal.enquiry.timeline import PICTURES, timeline
from esmero.promises import queries as promises
from esmero.shop.queries import the_shop
from esmero.ui import refusals

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.conversations.queries import Seat
    from esmero.promises.models import Promise

TEXT_MOST = 20_000
_promises_of = composed(promises.promises_of)


def _seat(link: str) -> Seat:
    """Return whose page it is; foreign, forged, expired and missing links look alike."""
    found = conversations.seat_by_link(link, at=frame.moment())
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@frame.page
def enquiry(request: HttpRequest, link: str) -> HttpResponse:
    """Show the conversation; take what its customer adds."""
    seat = _seat(link)
    with timezone.override(_zone(seat.conversation)):
        if request.method == "POST":
            return _add(request, seat, link)
        return _show(request, seat, link)


def _zone(conversation: Conversation) -> str:
    customer = conversation.customer
    return (customer.zone if customer else "") or the_shop().zone.key


def _show(
    request: HttpRequest,
    seat: Seat,
    link: str,
    *,
    text: str = "",
    once: str = "",
    why: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    at = frame.moment()
    shop = the_shop()
    conversation = seat.conversation
    zone = _zone(conversation)
    found = _promises_to(seat)
    told = timeline(seat, found, link=link, shop_name=shop.name, whole="todo" in request.GET)
    owner = conversation.owner_agent
    given = promises.public.last_words()
    return frame.show(
        request,
        "portal/enquiry/enquiry.html",
        at=at,
        status=status,
        conversation=conversation,
        number=seat.number,
        subject=seat.subject,
        is_own=seat.is_own,
        promise=words.shown(conversation, found, at=at, zone=zone),
        promised=[
            (words.name_of(p.kind), *words.outcome(p, at=at, zone=zone)) for p in reversed(found)
        ],
        timeline=told,
        owner=owner.name if owner else "",
        owner_first=owner.name.split()[0] if owner and owner.name else "",
        department=conversation.department.name if conversation.department else "",
        is_resolved=conversation.state == State.RESOLVED.value,
        link=link,
        text=text,
        once=once or channels.new_once(),
        why=why,
        is_sent="enviado" in request.GET,
        given=given if len(given) >= words.WORDS_LEAST else [],
        given_words=words.hundred_words(given),
        file_most=uploads.FILE_MOST,
        files_most=uploads.FILES_MOST,
    )


def _promises_to(seat: Seat) -> list[Promise]:
    """Return what was promised to this customer: of their own parts, and in what they read."""
    parts = {seat.conversation.pk, *seat.conversation.merged_ids}
    found: list[Promise] = _promises_of(*(ref("conversation", pk) for pk in sorted(parts)))
    if seat.is_alone and seat.reads_from is None:
        return found
    own = {ref("conversation", pk) for pk in seat.part_ids}
    return [
        p
        for p in found
        if p.subject_ref in own
        or (not seat.is_own and seat.reads_from is not None and p.made_at >= seat.reads_from)
        or (not seat.is_own and seat.reads_from is None)
    ]


def _add(request: HttpRequest, seat: Seat, link: str) -> HttpResponse:
    if uploads.is_too_heavy(request):
        why = _("All files together are too large. Send fewer or smaller ones.")
        return _show(request, seat, link, why=why, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    text = request.POST.get("text", "")
    once = request.POST.get("once", "")[:40]
    why = uploads.why_not(request)
    if not why and len(text) > TEXT_MOST:
        why = _("The text is too long. Send the rest as a file.")
    if not why and not text.strip() and not request.FILES:
        why = _("Write something first, or add a file.")
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    if not why:
        at = frame.moment()
        try:
            channels.accept_addition(
                conversation_id=seat.conversation.pk,
                customer_id=seat.customer_id,
                once=once or channels.new_once(),
                text=text,
                ip=frame.ip_of(request),
                files=uploads.store(request, at=at),
                at=at,
            )
        except TooManyForms:
            status = HTTPStatus.TOO_MANY_REQUESTS
            why = _("Several messages have come from you within the hour. Wait a while.")
        except Refusal as refusal:
            why = refusals.sentence(refusal)
        else:
            response = frame.go("portal:enquiry", link, tail="?enviado#end")
            session.remember(request, response, seat.token)
            return response
    return _show(request, seat, link, text=text, once=once, why=why, status=status)


@require_POST
@frame.page
def resolved(request: HttpRequest, link: str) -> HttpResponse:
    """The customer says that it is solved."""
    seat = _seat(link)
    if not seat.is_own:
        raise Http404  # whose matter it is says when it is solved
    # Already so: a second click, or we were quicker. It is as the customer wishes.
    with suppress(AlreadyResolved):
        conversation_actions.resolve_by_customer(
            conversation_id=seat.conversation.pk, at=frame.moment()
        )
    response = frame.go("portal:enquiry", link)
    session.remember(request, response, seat.token)
    return response


@require_safe
@frame.page
def file(request: HttpRequest, link: str, token: str) -> HttpResponseBase:
    """Send a file of a message that the customer sees; anything else is not found."""
    seat = _seat(link)
    found = conversations.attachment(token)
    if found is None or found.message.conversation_id != seat.conversation.pk:
        raise Http404
    if not conversations.shown_messages(seat).filter(pk=found.message_id).exists():
        raise Http404
    kind = found.content_type.lower()
    safe = kind if kind in PICTURES or kind == "application/pdf" else "application/octet-stream"
    try:
        if found.blob is not None:
            response: HttpResponseBase = StreamingHttpResponse(
                files.chunks(found.blob), content_type=safe
            )
            response.headers["Content-Length"] = str(found.blob.size)
        else:
            data = channel_queries.bytes_of_attachment(found)
            response = HttpResponse(data, content_type=safe)
    except (NotFound, files.FileMissing):
        raise Http404 from None
    name = found.name or "file"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
