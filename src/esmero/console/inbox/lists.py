"""The lists of conversations: what is in each, in which order, and how one pages through them.

Paging is by keyset: a cursor names the last row shown, so page 2,000 costs what page 1 costs, and
nothing is shown twice when something arrives meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from esmero.conversations import queries as conversations
from esmero.conversations.enums import Chip, State
from esmero.kernel.composed import composed
from esmero.people import queries as people
from esmero.ui.links import link

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent

PAGE = 25
BY_PROMISE, BY_RECENCY = "plazo", "reciente"
SOON_SHARE = 0.2  # a fifth of the way left: "pronto"
_CURSOR = re.compile(r"([pr])\.(-?\d{1,20})\.(\d{1,19})")
_PRESSING = (Chip.OPEN.value, Chip.BROKEN.value)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class List:
    """One of the lists: its name in the address, its title, its usual order."""

    slug: str
    title: str | Promise
    order: str
    icon: str
    empty: str | Promise


MINE = List(
    "mias", pgettext_lazy("list", "Mine"), BY_PROMISE, "person",
    pgettext_lazy("list", "Nothing waits for you. Take something that nobody owns."),
)  # fmt: skip
UNOWNED = List(
    "sin-dueno", pgettext_lazy("list", "Unowned"), BY_PROMISE, "hand",
    pgettext_lazy("list", "Everything has an owner."),
)  # fmt: skip
TEAM = List(
    "equipo", pgettext_lazy("list", "Team"), BY_PROMISE, "people",
    pgettext_lazy("list", "The team owes nobody anything."),
)  # fmt: skip
ALL = List(
    "todas", pgettext_lazy("list", "All"), BY_RECENCY, "inbox",
    pgettext_lazy("list", "There is no conversation yet. Connect a mailbox in the settings."),
)  # fmt: skip
SNOOZED = List(
    "pospuestas", pgettext_lazy("list", "Snoozed"), BY_RECENCY, "snooze",
    pgettext_lazy("list", "Nothing is snoozed."),
)  # fmt: skip
DRAFTS = List(
    "borradores", pgettext_lazy("list", "Drafts"), BY_RECENCY, "pen",
    pgettext_lazy("list", "You have begun nothing that is not sent."),
)  # fmt: skip
SUSPECTS = List(
    "sospechosos", pgettext_lazy("list", "Suspected"), BY_RECENCY, "shield",
    pgettext_lazy("list", "Nothing is suspected to be spam."),
)  # fmt: skip
SEARCH = List(
    "busqueda", pgettext_lazy("list", "Search"), BY_RECENCY, "search",
    pgettext_lazy("list", "Nothing found. Try fewer words, a number or an address."),
)  # fmt: skip
LISTS = {one.slug: one for one in (MINE, UNOWNED, TEAM, ALL, SNOOZED, DRAFTS, SUSPECTS)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in the lists; every link to a conversation carries it."""

    list: List = MINE
    order: str = BY_PROMISE
    cursor: str = ""
    words: str = ""

    @classmethod
    def of(cls, asked: QueryDict, slug: str = "") -> Place:
        """Read a place from an address; what cannot be read counts as not said."""
        words = " ".join(asked.get("q", "").split())[:200]
        if words:
            return cls(SEARCH, BY_RECENCY, "", words)
        chosen = LISTS.get(slug or asked.get("lista", ""), MINE)
        order = asked.get("orden", "")
        if order not in (BY_PROMISE, BY_RECENCY) or chosen in (DRAFTS, SNOOZED):
            order = chosen.order
        cursor = asked.get("desde", "")
        return cls(chosen, order, cursor if _CURSOR.fullmatch(cursor) else "")

    def query(self, **other: str) -> str:
        """Return the place as the query of an address, with its question mark."""
        if self.list is SEARCH:
            return "?" + urlencode({"q": self.words})
        said = {"lista": self.list.slug}
        if self.order != self.list.order:
            said["orden"] = self.order
        if self.cursor:
            said["desde"] = self.cursor
        return "?" + urlencode({**said, **other})

    @property
    def url(self) -> str:
        """The address of the list itself."""
        if self.list is SEARCH:
            return link("console:search") + self.query()
        said = {}
        if self.order != self.list.order:
            said["orden"] = self.order
        if self.cursor:
            said["desde"] = self.cursor
        where = link("console:inbox", self.list.slug)
        return f"{where}?{urlencode(said)}" if said else where

    @property
    def around(self) -> tuple[str, str]:
        """What stands before and behind a conversation's number in its address, for many rows."""
        before, _, after = link("console:thread", 0).rpartition("0")
        return before, after + self.query()

    def url_of(self, conversation_id: int) -> str:
        """The address of a conversation, seen from here."""
        return link("console:thread", conversation_id) + self.query()

    def at(self, cursor: str) -> Place:
        """The same list further down."""
        return Place(self.list, self.order, cursor, self.words)

    def sorted(self, order: str) -> Place:
        """The same list from its top in another order."""
        return Place(self.list, order)


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


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `following` is the cursor of the next, empty at the end."""

    rows: list[Row]
    following: str = ""


ICONS = {"mail": "mail", "form": "form", "portal": "globe"}
FIELDS = (
    "id", "subject", "excerpt", "channel", "customer_id", "customer__name", "owner_agent_id",
    "owner_agent__name", "last_message_at", "state", "chip", "chip_at", "chip_made_at",
    "awaits_reply_since", "has_failure", "is_suspect", "suspicion", "snoozed_until",
)  # fmt: skip


def read(place: Place, agent: Agent, *, at: datetime) -> Page:
    """Return a page of a list as this member may see it: at most three queries."""
    if place.list is SEARCH:
        found = conversations.search(agent, place.words, limit=PAGE)
        seen = _these(found.ids, agent.pk, people.department_ids_of(agent))
        by_id = {r["id"]: r for r in seen}
        return Page(_rows([by_id[pk] for pk in found.ids if pk in by_id], agent, at))
    if place.list is DRAFTS:
        return _drafts(agent, at)
    listed = _ORDERED[place.list.slug]
    eyes = agent.pk, people.department_ids_of(agent), at
    segment, moment, pk = _read_cursor(place.cursor)
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
        following = _cursor(
            kind, last["chip_at" if kind == "p" else "last_message_at"], last["id"]
        )
    return Page(_rows([r for _, r in raw[:PAGE]], agent, at), following)


_Found = Callable[..., "QuerySet[Conversation]"]
_ORDERED: dict[str, _Found] = {
    MINE.slug: conversations.mine,
    UNOWNED.slug: conversations.unowned,
    TEAM.slug: conversations.of_team,
    SNOOZED.slug: conversations.snoozed,
    SUSPECTS.slug: lambda agent, at: conversations.suspects(agent),
    ALL.slug: lambda agent, at: conversations.everything(agent),
}


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
    found = listed(people.stand_in(agent_id, department_ids), at=at).filter(chip__in=_PRESSING)
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
        found = found.exclude(chip__in=_PRESSING)
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


def _cursor(kind: str, moment: datetime, pk: int) -> str:
    micros = (moment - _EPOCH) // timedelta(microseconds=1)
    return f"{kind}.{micros}.{pk}"


def _read_cursor(text: str) -> tuple[str, datetime, int]:
    match = _CURSOR.fullmatch(text)
    if match is None:
        return "", _EPOCH, 0
    try:
        return match[1], _EPOCH + timedelta(microseconds=int(match[2])), int(match[3])
    except OverflowError:
        return "", _EPOCH, 0
