"""What was chosen without a script (a saved answer, an article) goes below the draft."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect

from esmero.console.access import TeamRequest
from esmero.console.inbox.lists import Place
from esmero.console.thread import compose
from esmero.conversations import actions as conversations
from esmero.conversations import queries

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation


def put_below(
    request: TeamRequest, conversation: Conversation, text: str, *, at: datetime
) -> HttpResponseRedirect:
    """Add a text to the member's draft (`mode` of the form says which) and go to its composer."""
    mode = "note" if request.POST.get("mode") == "note" else "reply"
    draft = queries.draft_of(conversation.pk, request.agent, mode)
    to, cc = compose.answered_to(conversation, None) if draft is None else (draft.to, draft.cc)
    before = draft.text.rstrip() if draft else ""
    conversations.save_draft(
        conversation_id=conversation.pk,
        agent_id=request.agent.pk,
        mode=mode,
        text=f"{before}\n\n{text}" if before else text,
        to=[(str(n), str(a)) for n, a in to] if mode == "reply" else (),
        cc=[(str(n), str(a)) for n, a in cc] if mode == "reply" else (),
        bcc=[(str(n), str(a)) for n, a in draft.bcc] if draft else (),
        seen_message_id=draft.seen_message_id if draft else None,
        promise_kind=draft.promise_kind if draft else "",
        promise_when=draft.promise_when if draft else "",
        quotes=compose.quotes_of(draft.quotes if draft else ""),
        quoted=draft.quoted if draft else "",
        at=at,
    )
    mode_said = "nota" if mode == "note" else "respuesta"
    where = Place.of(request.GET).url_of(conversation.pk)
    return HttpResponseRedirect(f"{where}&modo={mode_said}#composer")
