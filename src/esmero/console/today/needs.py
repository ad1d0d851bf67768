"""What needs me besides what I owe: mentions, drafts shown to me, replies that did not leave."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from esmero.conversations import queries as conversations
from esmero.people import queries as people
from esmero.ui.links import link

if TYPE_CHECKING:
    from esmero.people.models import Agent


@dataclass(frozen=True, slots=True)
class Need:
    """One line: when it came, what, about what, where."""

    moment: datetime
    title: str
    line: str
    url: str
    icon: str
    conversation_id: int
    rank: int
    """0: something of hers did not leave; then a draft, then a mention."""


def needs_of(agent: Agent, there: Container[str]) -> list[Need]:
    """Return them, the newest first: at most three queries. `there`: what there is of them
    (`queries.signs_for`).
    """
    places = people.department_ids_of(agent)
    found = []
    for mention in conversations.mentions_of(agent.pk, places) if "mentions" in there else ():
        title = gettext("%(name)s mentions you") % {"name": mention.by_agent.name}
        line = " ".join(mention.message.text.split())[:160]
        url = f"{link('console:thread', mention.conversation_id)}#m-{mention.message_id}"
        found.append(Need(mention.at, title, line, url, "people", mention.conversation_id, 2))
    for share in conversations.shown_to(agent.pk, places) if "shown" in there else ():
        title = gettext("%(name)s shows you a draft") % {"name": share.by_agent.name}
        where = link("console:thread", share.draft.conversation_id)
        mode = "nota" if share.draft.mode == "note" else "respuesta"
        url = f"{where}?modo={mode}&borrador={share.draft_id}#composer"
        found.append(
            Need(
                share.at,
                title,
                share.draft.conversation.subject,
                url,
                "pen",
                share.draft.conversation_id,
                1,
            )
        )
    for draft in conversations.stopped_of(agent.pk) if "stopped" in there else ():
        customer = draft.conversation.customer
        title = gettext("Your reply to %(name)s did not leave: she wrote first") % {
            "name": (customer.name if customer else "") or f"#{draft.conversation_id}"
        }
        url = f"{link('console:thread', draft.conversation_id)}#composer"
        moment = draft.stopped_at or draft.updated_at
        found.append(
            Need(moment, title, draft.conversation.subject, url, "undo", draft.conversation_id, 0)
        )
    return sorted(found, key=lambda need: need.moment, reverse=True)
