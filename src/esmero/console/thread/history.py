"""How conversations read in a customer's history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from esmero.console.history import Line, gate, told
from esmero.console.history.names import Names
from esmero.conversations import queries as conversations
from esmero.kernel.events import Happened
from esmero.ui.links import link

if TYPE_CHECKING:
    from esmero.people.models import Agent


@gate("conversation")
def _conversations(agent: Agent, ids: set[int]) -> set[int]:
    seen = conversations.visible_to(agent).filter(pk__in=ids)
    return set(seen.values_list("id", flat=True))


def _line(event: Happened, text: str, icon: str, state: str = "", message: bool = False) -> Line:
    pk = int(event.data["conversation_id"])
    url = link("console:thread", pk)
    if message:
        url += f"#m-{event.data['message_id']}"
    return Line(f"{text} #{pk}", icon, state, url)


# That a conversation was opened is told by its first message.
@told("conversation.message_received")
def _received(event: Happened, names: Names) -> Line:
    if event.data.get("is_suspect"):
        return _line(event, gettext("Wrote; suspected to be spam:"), "shield", message=True)
    return _line(event, gettext("Wrote in"), "mail", message=True)


@told("conversation.reply_handed_over")
def _replied(event: Happened, names: Names) -> Line:
    if event.data.get("is_elsewhere"):
        return _line(event, gettext("Answered from another program:"), "reply", message=True)
    return _line(event, gettext("Answered in"), "reply", message=True)


@told("conversation.reply_not_delivered")
def _not_delivered(event: Happened, names: Names) -> Line:
    return _line(event, gettext("Our answer did not arrive:"), "warning", "broken", message=True)


@told("conversation.note_written")
def _noted(event: Happened, names: Names) -> Line:
    return _line(event, gettext("Internal note in"), "note", message=True)


@told("conversation.resolved")
def _resolved(event: Happened, names: Names) -> Line:
    return _line(event, gettext("Resolved:"), "check", "kept")


@told("conversation.reopened")
def _reopened(event: Happened, names: Names) -> Line:
    return _line(event, gettext("Open again:"), "return")


@told("conversation.merged")
@told("conversation.unmerged")
@told("conversation.split")
def _rearranged(event: Happened, names: Names) -> Line:
    texts = {
        "conversation.merged": gettext("Conversations merged:"),
        "conversation.unmerged": gettext("Conversations separated again:"),
        "conversation.split": gettext("A part became a conversation of its own:"),
    }
    return _line(event, texts[event.kind], "merge")
