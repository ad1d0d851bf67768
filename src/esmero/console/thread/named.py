"""Whom a note names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from esmero.conversations import queries
from esmero.kernel.text import fold

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent


def named_in(text: str, conversation: Conversation, agent: Agent) -> list[int]:
    """Return the ids of the colleagues whom a note names with an at sign, the longest name first:
    `@Ana Luz`, or `@Ana` where one Ana alone may see the conversation.
    """
    plain = fold(text)
    if "@" not in plain:
        return []
    names: dict[str, list[int]] = {}
    for one in queries.colleagues_who_see(conversation, agent.pk):
        whole = fold(one.name)
        for name in {whole, whole.split()[0] if whole.split() else whole}:
            names.setdefault(name, []).append(one.pk)
    found: list[int] = []
    for at in (m.end() for m in re.finditer(r"(?<![\w@])@", plain)):
        fitting = [
            name
            for name in names
            if name and re.match(re.escape(name) + r"(?!\w)", plain[at:]) and len(names[name]) == 1
        ]
        if fitting:
            found += names[max(fitting, key=len)]
    return list(dict.fromkeys(found))
