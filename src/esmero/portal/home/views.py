"""The first page: how to reach a person, what is open in this browser, the shop's word."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from esmero.channels import actions as channel_actions
from esmero.channels import queries as channels
from esmero.channels.errors import TooManyForms
from esmero.conversations import queries as conversations
from esmero.conversations.enums import Chip
from esmero.kernel.errors import InvalidInput
from esmero.portal import frame, hours, session, words
from esmero.promises import queries as promises
from esmero.shop.queries import the_shop


@require_http_methods(["GET", "HEAD", "POST"])
@frame.page
def home(request: HttpRequest) -> HttpResponse:
    """Show the first page; POST forgets what this browser remembers."""
    if request.method == "POST":
        response = redirect("portal:home")
        session.forget(response)
        return response
    return _show(request)


def _show(
    request: HttpRequest, *, links_why: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    at = frame.moment()
    shop = the_shop()
    is_open, state = hours.state(at=at)
    given = promises.public.last_words()
    mailbox = channels.mailbox_of_department(None)
    return frame.show(
        request,
        "portal/home/home.html",
        at=at,
        place="home",
        status=status,
        links_why=links_why,
        email=request.POST.get("email", "") if links_why else "",
        is_sent="enviado" in request.GET,
        is_open=is_open,
        state=state,
        answer=words.answer_now(at=at, zone=shop.zone.key),
        telephone=shop.telephone,
        address=mailbox.address if mailbox else "",
        mine=_mine(request),
        given=given if len(given) >= words.WORDS_LEAST else [],
        given_words=words.hundred_words(given),
    )


@require_safe
@frame.page
def our_word(request: HttpRequest) -> HttpResponse:
    """Show the shop's last promises, and of each that was not kept what became of it."""
    at = frame.moment()
    given = promises.public.last_words()
    return frame.show(
        request,
        "portal/home/word.html",
        at=at,
        given=given,
        given_words=words.hundred_words(given),
        missed=[
            (words.name_of(word.kind), words.missed_line(word, at=at))
            for word in reversed(given)
            if not word.is_kept
        ],
    )


@require_POST
@frame.page
def links(request: HttpRequest) -> HttpResponse:
    """Send somebody the links of her enquiries; whether there are any, the page does not say."""
    at = frame.moment()
    try:
        channel_actions.request_links(
            email=request.POST.get("email", "")[:320],
            ip=frame.ip_of(request),
            once=channel_actions.new_once(),
            at=at,
        )
    except InvalidInput:
        why = _("That is not a mail address. Check it and send again.")
        return _show(request, links_why=why, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooManyForms:
        why = _("Several messages have come from you within the hour. Wait a while.")
        return _show(request, links_why=why, status=HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(f"{reverse('portal:home')}?enviado#follow")


def _mine(request: HttpRequest) -> list[dict[str, object]]:
    """Return the enquiries that this browser wrote to, with links made afresh."""
    at = frame.moment()
    found = conversations.seats_by_tokens(session.remembered(request))
    shown = []
    for seat in found:
        c = seat.conversation
        shown.append(
            {
                "subject": seat.subject or _("Enquiry %(number)s") % {"number": seat.number},
                "url": reverse("portal:enquiry", args=[conversations.link_of(seat.token, at=at)]),
                "last_at": c.last_message_at,
                "due_at": c.chip_at if c.chip == Chip.OPEN.value and seat.is_own else None,
                "made_at": c.chip_made_at,
                "state": "late" if c.chip_at and c.chip_at < at else "ok",
            }
        )
    return shown
