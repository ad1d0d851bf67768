"""The lists of conversations: what is in each, in which order, and how one pages through them.

Paging is by keyset: a cursor names the last row shown, so page 2,000 costs what page 1 costs, and
nothing is shown twice when something arrives meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from esmero.console.counts import tomorrow
from esmero.console.inbox.cursors import cursor_of, read_cursor
from esmero.console.inbox.marks import tags_of
from esmero.console.inbox.places import (
    ALL,
    BY_PROMISE,
    DRAFTS,
    FOLLOWED,
    FOUND_MOST,
    MENTIONS,
    MINE,
    SEARCH,
    SNOOZED,
    SUSPECTS,
    TEAM,
    UNOWNED,
    resolved,
)
from esmero.console.inbox.places import BY_RECENCY as BY_RECENCY
from esmero.console.inbox.places import LISTS as LISTS
from esmero.console.inbox.places import List as List
from esmero.console.inbox.places import Place as Place
from esmero.console.inbox.places import a_list as a_list
from esmero.conversations import queries as conversations
from esmero.conversations.enums import Chip, State
from esmero.conversations.queries import Problem, Shown
from esmero.desk.queries import views as desk_views
from esmero.kernel.composed import composed
from esmero.people import queries as people

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent

PAGE = 25
SOON_SHARE = 0.2  # a fifth of the way left: "pronto"
PRESSING = (Chip.OPEN.value, Chip.BROKEN.value)


NOTHING_SHOWN = Shown()


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of a list shows."""

    id: int
    who: str
    subject: str
    preview: str
    moment: datetime
    icon: str
    is_unread: bool
    owner: str
    state: str
    due_at: datetime | None
    soon_at: datetime | None
    has_failure: bool
    is_draft: bool = False
    suspicion: tuple[str, ...] = ()
    snoozed_until: datetime | None = None
    found: Shown = NOTHING_SHOWN
    priority: int = 0
    tags: tuple[tuple[str, int], ...] = ()
    """Their names and hues."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `following` is the cursor of the next, empty at the end.

    Of a search: `problems` are what was not understood, `is_wider` that words like those asked
    for were found too.
    """

    rows: list[Row]
    following: str = ""
    problems: tuple[Problem, ...] = ()
    is_wider: bool = False


ICONS = {"mail": "mail", "form": "form", "portal": "globe"}
FIELDS = (
    "id", "subject", "excerpt", "channel", "customer_id", "customer__name", "owner_agent_id",
    "owner_agent__name", "last_message_at", "state", "chip", "chip_at", "chip_made_at",
    "awaits_reply_since", "has_failure", "is_suspect", "suspicion", "snoozed_until",
    "priority", "tag_ids",
)  # fmt: skip


def read(place: Place, agent: Agent, *, at: datetime) -> Page:
    """Return a page of a list as this member may see it: at most three queries."""
    if place.list is SEARCH:
        return _search(place, agent, at)
    if place.list is DRAFTS:
        return _drafts(agent, at)
    place = resolved(place, agent)
    listed = listing(place, at)
    eyes = agent.pk, people.department_ids_of(agent), at
    segment, moment, pk = read_cursor(place.cursor)
    after = (moment, pk) if segment else (None, None)
    raw: list[tuple[str, dict[str, Any]]] = []
    by_promise = place.order == BY_PROMISE
    if by_promise and segment != "r":
        raw = [("p", r) for r in _pressing(listed, *eyes, *after)]
        after = (None, None)
    if len(raw) <= PAGE:
        rest = _by_recency(listed, *eyes, by_promise, *after)
        raw += [("r", r) for r in rest[: PAGE + 1 - len(raw)]]
    following = ""
    if len(raw) > PAGE:
        kind, last = raw[PAGE - 1]
        following = cursor_of(
            kind, last["chip_at" if kind == "p" else "last_message_at"], last["id"]
        )
    return Page(_rows([r for _, r in raw[:PAGE]], agent, at), following)


def _search(place: Place, agent: Agent, at: datetime) -> Page:
    """What is found; further pages are asked for by how many rows stand above them."""
    above = int(place.cursor[1:]) if place.cursor else 0
    found = conversations.search(agent, place.words, at=at, limit=above + PAGE)
    rows = rows_by_id(found.ids[above:], agent, at=at)
    shown = conversations.shown_words([row.id for row in rows], found.query)
    rows = [replace(row, found=shown[row.id]) if row.id in shown else row for row in rows]
    more = found.has_more and above + PAGE < FOUND_MOST
    following = f"+{above + PAGE}" if more else ""
    return Page(rows, following, found.problems, found.is_wider)


_Found = Callable[..., "QuerySet[Conversation]"]
_ORDERED: dict[str, _Found] = {
    MINE.slug: conversations.mine,
    UNOWNED.slug: conversations.unowned,
    TEAM.slug: conversations.of_team,
    SNOOZED.slug: conversations.snoozed,
    MENTIONS.slug: lambda agent, at: conversations.mentioning(agent),
    SUSPECTS.slug: lambda agent, at: conversations.suspects(agent),
    ALL.slug: lambda agent, at: conversations.everything(agent),
    FOLLOWED.slug: conversations.followed,
}


def listing(place: Place, at: datetime) -> _Found:
    """Return what finds the conversations of a (resolved) list; the same one for the same list."""
    if place.view is not None:
        return _seen_in(place.view, tomorrow(at), place.tag)
    return _bearing(place.list.slug, place.tag) if place.tag else _ORDERED[place.list.slug]


@lru_cache(maxsize=200)
def _seen_in(conditions: str, until: datetime, tag: int) -> _Found:
    def found(agent: Agent, *, at: datetime) -> QuerySet[Conversation]:
        seen = desk_views.in_view(agent, conditions, at=at, until=until)
        return seen.filter(tag_ids__contains=[tag]) if tag else seen

    return found


@lru_cache(maxsize=200)
def _bearing(slug: str, tag: int) -> _Found:
    def found(agent: Agent, *, at: datetime) -> QuerySet[Conversation]:
        return _ORDERED[slug](agent, at=at).filter(tag_ids__contains=[tag])

    return found


@composed
def _pressing(
    listed: _Found,
    agent_id: int,
    department_ids: list[int] | None,
    at: datetime,
    moment: datetime | None,
    pk: int | None,
) -> QuerySet[Conversation, Any]:
    """What is owed, in the order in which it falls due, below the row of (moment, pk)."""
    found = listed(people.stand_in(agent_id, department_ids), at=at).filter(chip__in=PRESSING)
    if moment is not None:
        found = found.filter(Q(chip_at__gt=moment) | Q(id__gt=pk), chip_at__gte=moment)
    return found.order_by("chip_at", "id").values(*FIELDS)[: PAGE + 1]


@composed
def _by_recency(
    listed: _Found,
    agent_id: int,
    department_ids: list[int] | None,
    at: datetime,
    is_rest: bool,
    moment: datetime | None,
    pk: int | None,
) -> QuerySet[Conversation, Any]:
    """The newest first, below the row of (moment, pk); `is_rest`: without what is owed."""
    found = listed(people.stand_in(agent_id, department_ids), at=at)
    if is_rest:
        found = found.exclude(chip__in=PRESSING)
    if moment is not None:
        found = found.filter(
            Q(last_message_at__lt=moment) | Q(id__lt=pk), last_message_at__lte=moment
        )
    return found.order_by("-last_message_at", "-id").values(*FIELDS)[: PAGE + 1]


def among(place: Place, agent: Agent, ids: list[int], *, at: datetime) -> list[Row]:
    """Return the rows of those of these conversations that stand in a list, wherever in it.

    Of a search: of all that may be seen, for what was found stays on the page.
    """
    eyes = agent.pk, people.department_ids_of(agent)
    listed = _ORDERED.get(place.list.slug)
    if listed is None:
        return _rows(_these(ids, *eyes), agent, at)
    return _rows(_among(listed, ids, *eyes, at), agent, at)


@composed
def _among(
    listed: _Found, ids: list[int], agent_id: int, department_ids: list[int] | None, at: datetime
) -> QuerySet[Conversation, Any]:
    found = listed(people.stand_in(agent_id, department_ids), at=at)
    return found.filter(pk__in=ids).values(*FIELDS)


@composed
def _these(
    ids: list[int], agent_id: int, department_ids: list[int] | None
) -> QuerySet[Conversation, Any]:
    seen = conversations.visible_to(people.stand_in(agent_id, department_ids))
    return seen.filter(pk__in=ids).values(*FIELDS)


def _drafts(agent: Agent, at: datetime) -> Page:
    rows = []
    for draft in conversations.drafts_of(agent)[:PAGE]:
        conversation = draft.conversation
        rows.append(
            Row(
                id=conversation.pk,
                who=conversation.customer.name if conversation.customer else "",
                subject=conversation.subject,
                preview=" ".join(draft.text.split())[:160],
                moment=draft.updated_at,
                icon="note" if draft.mode == "note" else "pen",
                is_unread=False,
                owner="",
                state="",
                due_at=None,
                soon_at=None,
                has_failure=False,
                is_draft=True,
            )
        )
    return Page(rows)


def rows_of(raw: Iterable[dict[str, Any]], agent: Agent, *, at: datetime) -> list[Row]:
    """Return the rows of conversations, given as FIELDS, in their own order: at most one query."""
    return _rows(list(raw), agent, at)


def rows_by_id(ids: list[int], agent: Agent, *, at: datetime) -> list[Row]:
    """Return the rows of those conversations that this member may see, in the order given."""
    by_id = {r["id"]: r for r in _these(ids, agent.pk, people.department_ids_of(agent))}
    return _rows([by_id[pk] for pk in ids if pk in by_id], agent, at)


def _rows(raw: list[dict[str, Any]], agent: Agent, at: datetime) -> list[Row]:
    nameless = {r["customer_id"] for r in raw if not r["customer__name"] and r["customer_id"]}
    addresses = people.main_addresses_of(nameless) if nameless else {}
    return [_row(r, agent, addresses, at) for r in raw]


def _row(r: dict[str, Any], agent: Agent, addresses: dict[int, str], at: datetime) -> Row:
    state, due_at, soon_at = chip_of(
        r["chip"], r["chip_at"], r["chip_made_at"], is_waiting=r["state"] == State.WAITING, at=at
    )
    is_mine = r["owner_agent_id"] == agent.pk
    return Row(
        id=r["id"],
        who=r["customer__name"] or addresses.get(r["customer_id"], ""),
        subject=r["subject"],
        preview=r["excerpt"],
        moment=r["last_message_at"],
        icon=ICONS.get(r["channel"], "mail"),
        is_unread=r["awaits_reply_since"] is not None,
        owner="" if is_mine else (r["owner_agent__name"] or ""),
        state=state,
        due_at=due_at,
        soon_at=soon_at,
        has_failure=r["has_failure"],
        suspicion=tuple(r["suspicion"]) if r["is_suspect"] else (),
        snoozed_until=r["snoozed_until"],
        priority=r["priority"],
        tags=tags_of(r["tag_ids"]) if r["tag_ids"] else (),
    )


def chip_of(
    chip: str,
    chip_at: datetime | None,
    made_at: datetime | None,
    *,
    is_waiting: bool = False,
    at: datetime,
) -> tuple[str, datetime | None, datetime | None]:
    """Return a row's chip: its state as the look knows it, when it is due, when it is pressing."""
    if chip == Chip.BROKEN.value:
        return "late", chip_at, None
    if chip == Chip.OPEN.value and chip_at is not None:
        return due_state(chip_at, made_at, at=at)
    if is_waiting:
        return "waiting", None, None
    return {"kept": "kept", "mended": "mended", "released": "released"}.get(chip, ""), None, None


def due_state(
    due_at: datetime, made_at: datetime | None, *, at: datetime
) -> tuple[str, datetime, datetime | None]:
    """Return `late`, `soon` or `ok` of an open promise, with its two moments."""
    soon_at = due_at - (due_at - made_at) * SOON_SHARE if made_at else due_at - timedelta(hours=1)
    if at > due_at:
        return "late", due_at, soon_at
    return ("soon" if at >= soon_at else "ok"), due_at, soon_at
