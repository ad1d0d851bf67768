"""The files of what is being written: put to it at once, taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse

from esmero.console.access import TeamRequest, is_piece, team
from esmero.console.context import piece
from esmero.console.inbox.lists import Place
from esmero.console.thread import compose, given_back
from esmero.console.thread.views import POST, back
from esmero.conversations import actions as conversations
from esmero.conversations import queries
from esmero.kernel.clock import now
from esmero.kernel.errors import Refusal

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation


@team(methods=POST)
def add_files(request: TeamRequest, pk: int) -> HttpResponse:
    """Put files with the draft at once, so that they survive a closed window."""
    conversation = queries.conversation_for(request.agent, pk)
    problem = ""
    try:
        compose.keep_files(
            conversation,
            request.agent,
            request.FILES.getlist("files"),
            draft_id=compose.number(request.POST.get("draft", "")),
            at=now(),
        )
    except Refusal as refusal:
        problem = given_back.why(refusal)
    return _files(request, conversation, problem)


@team(methods=POST)
def remove_file(request: TeamRequest, pk: int, token: str) -> HttpResponse:
    """Take a file away from the draft."""
    conversation = queries.conversation_for(request.agent, pk)
    conversations.remove_draft_file(agent_id=request.agent.pk, token=token)
    return _files(request, conversation, "")


def _files(request: TeamRequest, conversation: Conversation, problem: str) -> HttpResponse:
    if not is_piece(request):
        if problem:
            messages.error(request, problem)
        return back(request, conversation.pk)
    reply = compose.reply_draft(
        conversation, request.agent, compose.number(request.POST.get("draft", ""))
    )
    context = {
        "number": conversation.pk,
        "here": Place.of(request.GET).query(),
        "files": list(queries.draft_files(reply)) if reply else [],
        "files_problem": problem,
        "file_most": compose.FILE_MOST,
        "files_most": compose.FILES_MOST,
    }
    return piece(request, "console/thread/_files.html", context)
