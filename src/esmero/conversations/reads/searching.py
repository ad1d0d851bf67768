"""Finding conversations by words, however many messages hold them.

There are two ways. The index over the words knows every message that holds them, and nothing of
time or of who may see it: quick for rare words, hopeless for one in 200,000 messages. Reading the
newest conversations that may be seen until enough hold the words is quick for common ones. The
planner's estimate says which goes first; both are bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from esmero.people import queries as people

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.conversations.models import Conversation

_NUMBER = re.compile(r"#?\d{1,12}")
CUSTOMERS_MOST = 30
FEW = 6_000
"""Words that so many messages are believed to hold go to the index first. A word that PostgreSQL
has no statistics of is believed to stand in half a percent of all."""
READ_MOST = 15_000
"""So many messages are read by the index at most, at some 5 µs each."""
NEWEST = 1_000
"""So many of the newest conversations are read for common words, at some 50 µs each."""


@dataclass(frozen=True, slots=True)
class Found:
    """Conversation ids in the order to show, and whether there are more."""

    ids: list[int]
    has_more: bool


def search_among(seen: QuerySet[Conversation], words: str, *, limit: int) -> Found:
    """Find by number, address or words among `seen`: the latest talk first, those of customers
    whose name or address has the words before those that only mention them.

    Words: all of them, Spanish stems, accents ignored, in subject or text of one message.
    """
    text = " ".join(words.split())[:200]
    if not text:
        return Found([], False)
    if _NUMBER.fullmatch(text):
        number = int(text.lstrip("#"))
        exact = list(seen.filter(pk=number).values_list("id", flat=True))
        if exact:
            return Found(exact, False)
    ids: list[int] = []
    customers = list(people.search_customers(text, limit=CUSTOMERS_MOST))
    if customers:
        group = list(people.survivors_of_groups(customer.pk for customer in customers))
        of_people = seen.filter(customer_id__in=group).order_by("-last_message_at", "-id")
        ids += of_people.values_list("id", flat=True)[: limit + 1]
    if "@" not in text and len(ids) <= limit:
        ids += _by_words(seen, text, limit=limit + 1)
    unique = list(dict.fromkeys(ids))
    return Found(unique[:limit], len(unique) > limit)


_HOLDS = "search @@ websearch_to_tsquery('esmero_es', %s)"


def _by_words(seen: QuerySet[Conversation], text: str, *, limit: int) -> list[int]:
    sql, values = seen.order_by().values("id", "last_message_at").query.sql_with_params()
    if _estimate(text) > FEW:
        found = _among_newest(sql, values, text, limit)
        if len(found) == limit:
            return found
    return _by_index(sql, values, text, limit)


def _estimate(text: str) -> int:
    """Return how many messages the planner believes to hold the words."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (FORMAT JSON) SELECT 1 FROM conversations_message WHERE {_HOLDS}",  # noqa: S608
            [text],
        )
        plan = cursor.fetchone()[0]
    rows = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"]
    return int(rows)


def _among_newest(sql: str, values: Sequence[Any], text: str, limit: int) -> list[int]:
    # OFFSET 0 keeps the planner from asking the index over the words for each conversation.
    return _ids(
        f"""
        SELECT c.id FROM (
            SELECT id, last_message_at FROM ({sql}) s
            ORDER BY last_message_at DESC, id DESC LIMIT {NEWEST}
        ) c CROSS JOIN LATERAL (
            SELECT 1 FROM (
                SELECT search FROM conversations_message WHERE conversation_id = c.id OFFSET 0
            ) m WHERE m.{_HOLDS} LIMIT 1
        ) held
        ORDER BY c.last_message_at DESC, c.id DESC LIMIT {limit}
        """,  # noqa: S608
        [*values, text],
    )


def _by_index(sql: str, values: Sequence[Any], text: str, limit: int) -> list[int]:
    return _ids(
        f"""
        WITH held AS MATERIALIZED (
            SELECT conversation_id FROM conversations_message WHERE {_HOLDS} LIMIT {READ_MOST}
        )
        SELECT c.id FROM (SELECT DISTINCT conversation_id FROM held) h CROSS JOIN LATERAL (
            SELECT id, last_message_at FROM ({sql}) s WHERE id = h.conversation_id OFFSET 0
        ) c
        ORDER BY c.last_message_at DESC, c.id DESC LIMIT {limit}
        """,  # noqa: S608
        [text, *values],
    )


def _ids(sql: str, values: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
