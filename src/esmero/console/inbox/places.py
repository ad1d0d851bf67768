"""Where one is in the lists: in which, in which order, how far down; and which there are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from esmero.console.inbox.cursors import CURSOR
from esmero.desk.queries import views as desk_views
from esmero.ui.links import link

if TYPE_CHECKING:
    from django.http import QueryDict

    from esmero.people.models import Agent

BY_PROMISE, BY_RECENCY = "plazo", "reciente"
FOUND_MOST = 300
"""Whoever looks further down than this asks for something else."""
_ABOVE = re.compile(r"\+\d{1,3}")


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
MENTIONS = List(
    "menciones", pgettext_lazy("list", "Mentions"), BY_RECENCY, "people",
    pgettext_lazy("list", "Nobody mentions you. In a note, @ and a name does."),
)  # fmt: skip
SNOOZED = List(
    "pospuestas", pgettext_lazy("list", "Snoozed"), BY_RECENCY, "snooze",
    pgettext_lazy("list", "Nothing is snoozed."),
)  # fmt: skip
FOLLOWED = List(
    "seguidas", pgettext_lazy("list", "Followed"), BY_RECENCY, "eye",
    pgettext_lazy("list", "You follow nothing. In a conversation, press Shift+F."),
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
_ALL = (MINE, UNOWNED, TEAM, ALL, MENTIONS, SNOOZED, FOLLOWED, DRAFTS, SUSPECTS)
LISTS = {one.slug: one for one in _ALL}
_VIEW = re.compile(r"v-([1-9]\d{0,9})")


def a_list(slug: str) -> List | None:
    """Return the list of this name; a view still bare, until `resolved` knows who asks."""
    if _VIEW.fullmatch(slug):
        empty = pgettext_lazy("list", "Nothing fits this view now.")
        return List(slug, pgettext_lazy("list", "View"), BY_PROMISE, "filter", empty)
    return LISTS.get(slug)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in the lists; every link to a conversation carries it."""

    list: List = MINE
    order: str = BY_PROMISE
    cursor: str = ""
    words: str = ""
    tag: int = 0
    view: str | None = None
    """The conditions of the view that this is, once it is resolved."""

    @classmethod
    def of(cls, asked: QueryDict, slug: str = "") -> Place:
        """Read a place from an address; what cannot be read counts as not said."""
        words = " ".join(asked.get("q", "").split())[:200]
        if words:
            above = asked.get("desde", "")
            is_further = _ABOVE.fullmatch(above) and int(above[1:]) < FOUND_MOST
            return cls(SEARCH, BY_RECENCY, above if is_further else "", words)
        chosen = a_list(slug or asked.get("lista", "")) or MINE
        order = asked.get("orden", "")
        if order not in (BY_PROMISE, BY_RECENCY) or chosen in (DRAFTS, MENTIONS, SNOOZED):
            order = chosen.order
        cursor = asked.get("desde", "")
        tag = asked.get("etiqueta", "")
        return cls(
            chosen,
            order,
            cursor if CURSOR.fullmatch(cursor) else "",
            tag=int(tag) if tag.isdigit() and len(tag) < 18 and chosen is not DRAFTS else 0,
        )

    @property
    def view_id(self) -> int:
        """The number of the view that this list is, 0 for the house's own lists."""
        match = _VIEW.fullmatch(self.list.slug)
        return int(match[1]) if match else 0

    def _said(self) -> dict[str, str]:
        said = {}
        if self.order != self.list.order:
            said["orden"] = self.order
        if self.tag:
            said["etiqueta"] = str(self.tag)
        if self.cursor:
            said["desde"] = self.cursor
        return said

    def query(self, **other: str) -> str:
        """Return the place as the query of an address, with its question mark."""
        if self.list is SEARCH:
            return "?" + urlencode({"q": self.words})
        return "?" + urlencode({"lista": self.list.slug, **self._said(), **other})

    @property
    def url(self) -> str:
        """The address of the list itself."""
        if self.list is SEARCH:
            further = "&" + urlencode({"desde": self.cursor}) if self.cursor else ""
            return link("console:search") + self.query() + further
        said = self._said()
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
        return replace(self, cursor=cursor)

    def sorted(self, order: str) -> Place:
        """The same list from its top in another order."""
        return replace(self, order=order, cursor="")

    def tagged(self, tag: int) -> Place:
        """The same list from its top, only what bears a tag (0: all of it)."""
        return replace(self, tag=tag, cursor="")


def resolved(place: Place, agent: Agent) -> Place:
    """Return the place with its view's name and conditions; my own list for a view that she may
    not look at. Asks only about views.
    """
    if not place.view_id or place.view is not None:
        return place
    view = desk_views.view_for(agent, place.view_id)
    if view is None:
        return Place()
    order = place.order if place.order != place.list.order else view.order
    named = replace(place.list, title=view.name, order=view.order)
    return replace(place, list=named, order=order, view=desk_views.frozen(view.conditions))
