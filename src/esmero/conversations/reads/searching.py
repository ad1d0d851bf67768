"""Finding conversations, however many messages there are.

Words: there are two ways. The index over the words knows every message that holds them, and
nothing of time or of who may see it: quick for rare words, hopeless for one in 200,000 messages.
Reading the newest conversations that may be seen until enough hold the words is quick for common
ones. The planner's estimate says which goes first; both are bounded.

Slips of the finger: when the words themselves do not fill the page, those of the vocabulary that
are like them fill the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from esmero.conversations.reads import filters
from esmero.conversations.rules.asking import Asked, Problem, Term, asked
from esmero.conversations.rules.likeness import forgiven, is_like, slips
from esmero.kernel.text import fold
from esmero.people import queries as people

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent

_NUMBER = re.compile(r"#?(\d{1,12})")
_LEXEME = re.compile(r"'((?:[^']|'')+)'")
CUSTOMERS_MOST = 30
FEW = 6_000
"""Words that so many messages are believed to hold go to the index first. A word that PostgreSQL
has no statistics of is believed to stand in half a percent of all."""
READ_MOST = 15_000
"""So many messages are read by the index at most, at some 5 µs each."""
NEWEST = 1_000
"""So many of the newest conversations are read for common words, at some 50 µs each."""
TERMS_QUICK = 6
LETTERS_LEAST = 3
"""Names are searched by three letters at least: with fewer the index over them is of no use."""
LIKE_MOST = 5
"""Words of the vocabulary that may stand for one that was written."""
SHOWN_FROM = 20_000
"""Characters of a message in which the words are looked for to show them."""


@dataclass(frozen=True, slots=True)
class Found:
    """Conversation ids in the order to show, whether there are more, what was not understood.

    `is_wider`: words that are only like those asked for were looked for too. `query`: the words as
    PostgreSQL asks for them, for `shown_words`.
    """

    ids: list[int]
    has_more: bool
    problems: tuple[Problem, ...] = ()
    is_wider: bool = False
    query: str = ""
    asked: Asked = field(default=Asked())


def take_apart(text: str) -> Asked:
    """Return the words and filters of what somebody wrote."""
    return asked(text, filters.written(), filters.FLAGS)


def search_among(
    seen: QuerySet[Conversation], text: str, *, agent: Agent, at: datetime, limit: int
) -> Found:
    """Find by number, address, telephone, name or words, and by filters, among `seen`: the latest
    talk first; a number before all, then those of customers whose name, address, telephone or own
    field has the words, then those that only mention them.

    Words: all of them, Spanish stems, accents ignored, in subject or text of one message.
    """
    said = take_apart(text)
    condition, unknown = filters.where(said.conditions, filters.Who(agent, at))
    problems = (*said.problems, *unknown)
    if unknown or not (said.terms or said.conditions):
        return Found([], False, problems, asked=said)
    seen = seen.filter(condition) if said.conditions else seen
    if not said.terms:
        ids = list(_recent(seen)[: limit + 1])
        return Found(ids[:limit], len(ids) > limit, problems, asked=said)
    ids = []
    number = _NUMBER.fullmatch(said.text)
    if number:
        ids = list(seen.filter(pk=int(number[1])).values_list("id", flat=True))
        if ids and said.text.startswith("#"):
            return Found(ids, False, problems, asked=said)
    if len(said.text) >= LETTERS_LEAST:
        ids += _of_people(seen, said, limit + 1)
    query, wider, is_wider = "", "", False
    if "@" not in said.text and len(ids) <= limit:
        terms = _lexemes(said.terms)
        query = _tsquery(terms, {})
        ids = list(dict.fromkeys([*ids, *_by_words(seen, query, limit=limit + 1)]))
        if len(ids) <= limit:
            more = _of_group(seen, people_alike(said.text), limit + 1)
            like = _like(terms)
            if like:
                wider = _tsquery(terms, like)
                more += _by_words(seen, wider, limit=limit + 1)
            is_wider = bool(set(more) - set(ids))
            ids += more
    unique = list(dict.fromkeys(ids))
    return Found(
        unique[:limit],
        len(unique) > limit,
        problems,
        is_wider,
        wider if is_wider and wider else query,
        said,
    )


def _recent(seen: QuerySet[Conversation]) -> QuerySet[Conversation, Any]:
    return seen.order_by("-last_message_at", "-id").values_list("id", flat=True)


def quickly_among(seen: QuerySet[Conversation], text: str, *, limit: int) -> list[int]:
    """Find by number, customer or the subject, whose last word may only be begun."""
    words = " ".join(text.split())[:100]
    number = _NUMBER.fullmatch(words)
    ids = list(seen.filter(pk=int(number[1])).values_list("id", flat=True)) if number else []
    beginning = "" if number else _beginning(words)
    if beginning:
        ids += _recent(seen.filter(filters.subject_holds(beginning)))[:limit]
    if len(words) >= LETTERS_LEAST:
        customers = people.search_customers(words, limit=CUSTOMERS_MOST)
        ids += _of_group(seen, [customer.pk for customer in customers], limit)
    return list(dict.fromkeys(ids))[:limit]


def _beginning(text: str) -> str:
    """Return a tsquery of all words, each by its stem or as a beginning."""
    words = [word for word in re.findall(r"[^\W_]+", fold(text)) if len(word) > 1][:TERMS_QUICK]
    found = []
    for word, lexed in zip(
        words, _lexemes([Term(word) for word in words], keep=True), strict=True
    ):
        either = [f"'{word}':*"] if len(word) > 2 else []
        either += [lexed.query] if lexed.query else []
        if either:
            found.append(f"({' | '.join(either)})")
    return " & ".join(found)


# -- people --------------------------------------------------------------------


def _of_people(seen: QuerySet[Conversation], said: Asked, limit: int) -> list[int]:
    found = people.search_customers(said.text, limit=CUSTOMERS_MOST)
    return _of_group(seen, [customer.pk for customer in found], limit)


def _of_group(seen: QuerySet[Conversation], customer_ids: list[int], limit: int) -> list[int]:
    if not customer_ids:
        return []
    group = list(people.survivors_of_groups(customer_ids))
    return list(_recent(seen.filter(customer_id__in=group))[:limit])


def people_alike(text: str) -> list[int]:
    """Return customers each of whose names' words is one of these with a slip of the finger."""
    words = [fold(word) for word in text.split()]
    if not words or not all(word.isalpha() and forgiven(word) for word in words):
        return []
    found = []
    for pk, name in people.names_alike(words):
        parts = name.split()
        if all(any(slips(w, p, most=forgiven(w)) <= forgiven(w) for p in parts) for w in words):
            found.append(pk)
    return found[:CUSTOMERS_MOST]


# -- words ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lexed:
    """A term as PostgreSQL asks for it; `stem` is set where it is one plain word."""

    term: Term
    query: str
    stem: str = ""


def _lexemes(terms: Sequence[Term], *, keep: bool = False) -> list[_Lexed]:
    """Return the terms with their stems; stop words and signs are left out, or with `keep` stay
    with an empty query. One statement.
    """
    if not terms:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN phrase THEN phraseto_tsquery('esmero_es', said)"
            " ELSE plainto_tsquery('esmero_es', said) END::text"
            " FROM unnest(%s::text[], %s::bool[]) WITH ORDINALITY t(said, phrase, n) ORDER BY n",
            [[term.text for term in terms], [term.is_phrase for term in terms]],
        )
        rows = [row[0] for row in cursor.fetchall()]
    found = []
    for term, query in zip(terms, rows, strict=True):
        if not query and not keep:
            continue
        lexemes = _LEXEME.findall(query)
        stem = lexemes[0] if len(lexemes) == 1 and lexemes[0].isalpha() else ""
        digits = term.text.lstrip("#")
        if digits.isdigit() and len(digits) >= 4:
            # PostgreSQL reads "ES-300001" as a word and the number -300001.
            query = f"'{digits}' | '-{digits}'"
        found.append(_Lexed(term, query, stem))
    return found


def _tsquery(terms: Sequence[_Lexed], like: dict[str, list[str]]) -> str:
    """Return all terms together, each with the words that are like it."""
    parts = []
    for one in terms:
        either = [one.query, *(f"'{word}'" for word in like.get(one.stem, []) if one.stem)]
        part = f"({' | '.join(either)})"
        parts.append(f"!{part}" if one.term.is_excluded else part)
    return " & ".join(parts)


def _like(terms: Sequence[_Lexed]) -> dict[str, list[str]]:
    """Return, by stem, the words of the vocabulary that it may be a slip of. One statement."""
    wanted = {
        one.stem: fold(one.term.text)
        for one in terms
        if one.stem and not one.term.is_excluded and forgiven(fold(one.term.text))
    }
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT q, w.word, w.n FROM unnest(%s::text[]) q"
            " CROSS JOIN LATERAL esmero_words_like(q) w",
            [list(wanted)],
        )
        rows = cursor.fetchall()
    found: dict[str, list[tuple[int, int, str]]] = {}
    for stem, word, n in rows:
        if is_like(wanted[stem], stem, word):
            found.setdefault(stem, []).append((slips(stem, word), -n, word))
    return {stem: [w for _, _, w in sorted(rows)[:LIKE_MOST]] for stem, rows in found.items()}


_HOLDS = "search @@ %s::tsquery AND NOT is_withdrawn"


def _by_words(seen: QuerySet[Conversation], query: str, *, limit: int) -> list[int]:
    if not query:
        return []
    sql, values = seen.order_by().values("id", "last_message_at").query.sql_with_params()
    if _estimate(query) > FEW:
        found = _among_newest(sql, values, query, limit)
        if len(found) == limit:
            return found
    return _by_index(sql, values, query, limit)


def _estimate(query: str) -> int:
    """Return how many messages the planner believes to hold the words."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (FORMAT JSON) SELECT 1 FROM conversations_message WHERE {_HOLDS}",  # noqa: S608
            [query],
        )
        plan = cursor.fetchone()[0]
    rows = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"]
    return int(rows)


def _among_newest(sql: str, values: Sequence[Any], query: str, limit: int) -> list[int]:
    # OFFSET 0 keeps the planner from asking the index over the words for each conversation.
    return _ids(
        f"""
        SELECT c.id FROM (
            SELECT id, last_message_at FROM ({sql}) s
            ORDER BY last_message_at DESC, id DESC LIMIT {NEWEST}
        ) c CROSS JOIN LATERAL (
            SELECT 1 FROM (
                SELECT search, is_withdrawn FROM conversations_message
                WHERE conversation_id = c.id OFFSET 0
            ) m WHERE m.{_HOLDS} LIMIT 1
        ) held
        ORDER BY c.last_message_at DESC, c.id DESC LIMIT {limit}
        """,  # noqa: S608
        [*values, query],
    )


def _by_index(sql: str, values: Sequence[Any], query: str, limit: int) -> list[int]:
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
        [query, *values],
    )


def _ids(sql: str, values: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


# -- where the words stand -----------------------------------------------------

Piece = tuple[bool, str]
"""A stretch of text, and whether it is one of the words."""
_FROM, _TO = "\ue000", "\ue001"  # stand in no mail that means anything by them
_OPTIONS = f"StartSel={_FROM}, StopSel={_TO}"


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the words stand in a conversation: in its subject, and in one message."""

    subject: tuple[Piece, ...] = ()
    text: tuple[Piece, ...] = ()


def shown_words(conversation_ids: Iterable[int], query: str) -> dict[int, Shown]:
    """Return the found words in their context, by conversation: of the newest message that holds
    them, with the words marked. The ids are those that may be seen. One statement.
    """
    ids = list(conversation_ids)
    if not ids or not query:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT c.id,
                ts_headline('esmero_es', translate(c.subject, '{_FROM}{_TO}', ''), %s::tsquery,
                            'HighlightAll=true, {_OPTIONS}'),
                ts_headline('esmero_es', translate(left(m.text, {SHOWN_FROM}), '{_FROM}{_TO}', ''),
                            %s::tsquery,
                            'MaxFragments=2, MaxWords=16, MinWords=6, FragmentDelimiter=" … ",'
                            '{_OPTIONS}')
            FROM conversations_conversation c LEFT JOIN LATERAL (
                SELECT text FROM conversations_message
                WHERE conversation_id = c.id AND {_HOLDS}
                ORDER BY at DESC, id DESC LIMIT 1
            ) m ON true
            WHERE c.id = ANY(%s)
            """,  # noqa: S608 - our own constants
            [query, query, query, ids],
        )
        rows = cursor.fetchall()
    return {
        pk: Shown(_pieces(subject), _pieces(text))
        for pk, subject, text in rows
        if _FROM in (text or "") or _FROM in (subject or "")
    }


def _pieces(marked: str | None) -> tuple[Piece, ...]:
    if not marked or _FROM not in marked:
        return ()
    found: list[Piece] = []
    for part in " ".join(marked.split()).split(_FROM):
        inside, mark, rest = part.partition(_TO)
        if not mark:
            found.append((False, part))
        else:
            found += [(True, inside), (False, rest)]
    return tuple((is_word, text) for is_word, text in found if text)
