"""What there is of a conversation beside its messages: asked once, for most have nothing of it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from esmero.conversations.reads.presence import SILENT_AFTER
from esmero.kernel.prepared import execute

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation

_ABOUT_IT = {
    "participants": """(SELECT count(*) FROM conversations_participant
      WHERE conversation_id = %(it)s AND removed_at IS NULL) > 1""",
    "took_part": """(SELECT count(*) FROM conversations_participant
      WHERE conversation_id = %(it)s) > 1""",
    "moves": """EXISTS (SELECT 1 FROM conversations_move WHERE undone_at IS NULL
      AND (source_id = %(it)s OR target_id = %(it)s))""",
    "links": """EXISTS (SELECT 1 FROM conversations_relation WHERE removed_at IS NULL
      AND (first_id = %(it)s OR second_id = %(it)s))""",
    "sides": "EXISTS (SELECT 1 FROM conversations_side WHERE conversation_id = %(it)s)",
    "consultations": """EXISTS (SELECT 1 FROM conversations_consultation
      WHERE conversation_id = %(it)s AND ended_at IS NULL)""",
    "takeover": """EXISTS (SELECT 1 FROM conversations_takeover
      WHERE conversation_id = %(it)s AND ended_at IS NULL)""",
    "present": """EXISTS (SELECT 1 FROM conversations_presence
      WHERE conversation_id = %(it)s AND agent_id <> %(me)s AND seen_at > %(since)s)""",
    "drafts": """EXISTS (SELECT 1 FROM conversations_draft
      WHERE conversation_id = %(it)s AND agent_id = %(me)s)""",
    "shared": """EXISTS (SELECT 1 FROM conversations_draft d
      JOIN conversations_draft_share s ON s.draft_id = d.id
      WHERE d.conversation_id = %(it)s AND s.agent_id = %(me)s)""",
    "mentions": """EXISTS (SELECT 1 FROM conversations_mention
      WHERE conversation_id = %(it)s AND agent_id = %(me)s AND ended_at IS NULL)""",
    "follows": """EXISTS (SELECT 1 FROM conversations_follower
      WHERE conversation_id = %(it)s AND agent_id = %(me)s)""",
}
_HELD_BY_ANY = frozenset({"participants", "took_part", "moves", "links", "sides", "consultations"})


# What may wait for a member, each with an index that holds little: whether there is any of it.
_ABOUT_HER = {
    "failed": """EXISTS (SELECT 1 FROM conversations_conversation
      WHERE owner_agent_id = %(me)s AND has_failure AND state <> 'resolved')""",
    "mentions": """EXISTS (SELECT 1 FROM conversations_mention
      WHERE agent_id = %(me)s AND ended_at IS NULL)""",
    "shown": "EXISTS (SELECT 1 FROM conversations_draft_share WHERE agent_id = %(me)s)",
    "stopped": """EXISTS (SELECT 1 FROM conversations_draft
      WHERE agent_id = %(me)s AND stopped_at IS NOT NULL)""",
    "asked": """EXISTS (SELECT 1 FROM conversations_consultation
      WHERE agent_id = %(me)s AND answered_at IS NULL AND ended_at IS NULL)
      OR EXISTS (SELECT 1 FROM conversations_consultation
      WHERE department_id IS NOT NULL AND answered_at IS NULL AND ended_at IS NULL)""",
    "sides": "EXISTS (SELECT 1 FROM conversations_side WHERE unread_since IS NOT NULL)",
}

_VALUE = re.compile(r"%\((\w+)\)s")
_TEXT = " UNION ALL ".join(f"SELECT '{sign}' WHERE {is_so}" for sign, is_so in _ABOUT_IT.items())
_ASKED, _NAMES = _VALUE.sub("%s", _TEXT), _VALUE.findall(_TEXT)
_HERS = " UNION ALL ".join(f"SELECT '{sign}' WHERE {is_so}" for sign, is_so in _ABOUT_HER.items())
_ASKED_HERS, _TIMES = _VALUE.sub("%s", _HERS), len(_VALUE.findall(_HERS))


def signs_of(conversation: Conversation, agent_id: int, *, at: datetime) -> frozenset[str]:
    """Return which of these a conversation has, for this member, in one query:

    participants (several now), took_part (several ever), moves, links, sides, consultations;
    takeover (asked), present (somebody else is there); drafts, mentions (her own), shared (with
    her), follows. Of one that others were merged into, what may stand with those is named too.
    """
    values = {"it": conversation.pk, "me": agent_id, "since": at - SILENT_AFTER}
    rows, _ = execute(_ASKED, [values[name] for name in _NAMES])
    found = frozenset(row[0] for row in rows)
    return found | _HELD_BY_ANY if conversation.merged_ids else found


def signs_for(agent_id: int) -> frozenset[str]:
    """Return which of these may wait for a member, in one query:

    failed (in a conversation of hers something did not arrive), mentions, shown (drafts), stopped
    (replies that did not leave); asked (consultations of her or of any department); sides (of
    anybody that wait to be read).
    """
    rows, _ = execute(_ASKED_HERS, [agent_id] * _TIMES)
    return frozenset(row[0] for row in rows)
