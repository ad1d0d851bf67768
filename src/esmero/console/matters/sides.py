"""Mail with a supplier or carrier inside a conversation: begun, read, answered, closed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext

from esmero.channels import actions as channels
from esmero.channels import queries as channel_queries
from esmero.console.access import TeamRequest, is_piece, team
from esmero.console.context import page
from esmero.console.inbox.lists import Place
from esmero.console.thread import compose, recipients
from esmero.console.thread.acts import BOTH, sheet, unreadable
from esmero.console.thread.cards import talk_of
from esmero.console.thread.views import POST
from esmero.console.times import frames_of, parse_when, presets
from esmero.conversations import actions, queries
from esmero.kernel import files
from esmero.kernel.clock import now
from esmero.kernel.errors import InvalidInput, NotFound, Refusal
from esmero.promises import queries as promises
from esmero.shop.queries import the_shop
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation, SideConversation


def _why(refusal: Refusal) -> str:
    field, value = str(refusal.params.get("field", "")), refusal.params.get("value", "")
    if refusal.code == "invalid_input" and field in {"to", "cc"}:
        return gettext("“%(value)s” is no mail address.") % {"value": value}
    if refusal.code == "invalid_input" and field == "files":
        return gettext("At most %(count)s files.") % {"count": value}
    if isinstance(refusal, InvalidInput):
        return unreadable(refusal)
    return sentence(refusal)


def _mail(request: TeamRequest, *, at: datetime) -> channels.SideMail:
    """Read the form of a mail. Raises InvalidInput, FileTooLarge."""
    asked = request.POST
    when = asked.get("promise_when", "").strip()
    follow_up_at = parse_when(when, at=at, zone=the_shop().zone) if when else None
    if follow_up_at is not None and follow_up_at <= at:
        raise InvalidInput(field="when", value=when)
    seen = asked.get("seen", "")
    uploads = request.FILES.getlist("files")
    if len(uploads) > compose.FILES_MOST:
        raise InvalidInput(field="files", value=str(compose.FILES_MOST))
    mail = channels.SideMail(
        agent_id=request.agent.pk,
        text=asked.get("text", ""),
        to=recipients.parse(asked.get("to", "")),
        cc=recipients.parse(asked.get("cc", ""), field_name="cc"),
        follow_up_at=follow_up_at,
        seen_message_id=int(seen) if seen.isdigit() else None,
    )
    kept = [
        channels.SideFile(
            upload.name or "",
            upload.content_type or "application/octet-stream",
            files.put_stream(upload, limit=compose.FILE_MOST, at=at),  # type: ignore[arg-type]
        )
        for upload in uploads
    ]
    return channels.SideMail(
        agent_id=mail.agent_id,
        text=mail.text,
        to=mail.to,
        cc=mail.cc,
        follow_up_at=mail.follow_up_at,
        seen_message_id=mail.seen_message_id,
        files=kept,
    )


@team(methods=BOTH)
def begin(request: TeamRequest, pk: int) -> HttpResponse:
    """Write to a supplier or carrier about this conversation."""
    conversation = queries.conversation_for(request.agent, pk)
    at, problem = now(), ""
    if request.method == "POST":
        try:
            side_id = channels.begin_side(
                conversation_id=conversation.pk,
                subject=request.POST.get("subject", "")[:300],
                mail=_mail(request, at=at),
                once=request.POST.get("once", ""),
                at=at,
            )
        except NotFound:
            raise
        except Refusal as refusal:
            problem = _why(refusal)
        else:
            messages.success(request, gettext("On its way. The customer does not see it."))
            return _to(request, side_id)
    context = {
        "title": gettext("Ask somebody outside"),
        "asked": request.POST,
        "once": request.POST.get("once") or channels.new_once(),
        **_times(conversation, at=at),
    }
    return sheet(request, "console/matters/_side_new.html", conversation, context, problem=problem)


def _times(conversation: Conversation, *, at: datetime) -> dict[str, Any]:
    calendar = promises.house(at=at).calendar(conversation.department_id)
    return {"presets": presets(frames_of(calendar, at=at), at=at)}


def _to(request: TeamRequest, side_id: int) -> HttpResponse:
    url = reverse("console:side", args=[side_id]) + Place.of(request.GET).query()
    if is_piece(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _side(request: TeamRequest, pk: int) -> SideConversation:
    """Return a side conversation of a conversation that may be seen. Raises NotFound."""
    queries.conversation_for(request.agent, pk, sides=True)
    found = queries.matters.side(pk)
    if found is None:
        raise NotFound(side_id=pk)
    return found


@team(methods=BOTH)
def side(request: TeamRequest, pk: int) -> HttpResponse:
    """One side conversation with its own composer."""
    found = _side(request, pk)
    at, problem = now(), ""
    if request.method == "POST":
        compose.save(found.thread, request.agent, request.POST, at=at)
        try:
            channels.write_side(
                side_id=pk,
                mail=_mail(request, at=at),
                once=request.POST.get("once", ""),
                at=at,
            )
        except NotFound:
            raise
        except Refusal as refusal:
            problem = _why(refusal)
        else:
            actions.discard_draft(conversation_id=pk, agent_id=request.agent.pk, mode="reply")
            return _to(request, pk)
    return _shown(request, found, at=at, problem=problem)


def _shown(
    request: TeamRequest, found: SideConversation, *, at: datetime, problem: str
) -> HttpResponse:
    thread = found.thread
    talk = talk_of(thread, request.agent)
    draft = queries.draft_of(thread.pk, request.agent, "reply")
    to, cc = _recipients(thread)
    context = {
        "side": found,
        "c": thread,
        "main_conversation": queries.conversation_for(request.agent, found.conversation_id),
        "talk": talk,
        "place": Place.of(request.GET),
        "problem": problem,
        "to": request.POST.get("to", to),
        "cc": request.POST.get("cc", cc),
        "text": request.POST.get("text", draft.text if draft else ""),
        "asked": request.POST,
        "once": channels.new_once(),
        "seen": talk.newest_id or 0,
        "owed": found.follow_up if found.follow_up and found.follow_up.state == "open" else None,
        "file_most": compose.FILE_MOST,
        "files_most": compose.FILES_MOST,
        **_times(thread, at=at),
    }
    return page(
        request,
        "console/matters/side.html",
        context,
        here="inbox",
        at=at,
        status=422 if problem else 200,
    )


def _recipients(thread: Conversation) -> tuple[str, str]:
    """Return whom the next mail goes to: everybody of the last one that came, else of ours."""
    last = queries.last_inbound(thread.pk)
    if last is not None:
        to, cc = compose.everybody_of(last, channel_queries.own_addresses())
        return recipients.written(to), recipients.written(cc)
    ours = queries.messages_of(thread.pk).last()
    if ours is None:
        return "", ""
    return recipients.written([(n, a) for n, a in ours.to]), recipients.written(
        [(n, a) for n, a in ours.cc]
    )


@team(methods=POST)
def draft(request: TeamRequest, pk: int) -> HttpResponse:
    """Save what is typed so far."""
    found = _side(request, pk)
    compose.save(found.thread, request.agent, request.POST, at=now())
    return JsonResponse({"fields": {}})


@team(methods=POST)
def state(request: TeamRequest, pk: int) -> HttpResponse:
    """Close it, open it again, or say that what came was read (`hacer`)."""
    found = _side(request, pk)
    act = request.POST.get("hacer", "")
    if act == "cerrar":
        actions.close_side(side_id=pk, at=now(), by=request.agent.pk)
        messages.success(request, gettext("Closed. Nothing more is expected of it."))
    elif act == "abrir":
        actions.reopen_side(side_id=pk, at=now(), by=request.agent.pk)
    elif act == "leida":
        actions.read_side(side_id=pk, by=request.agent.pk)
    else:
        raise InvalidInput(field="hacer")
    if act == "leida":
        main = queries.survivor_of(found.conversation_id)
        return HttpResponseRedirect(Place.of(request.GET).url_of(main))
    return _to(request, pk)
