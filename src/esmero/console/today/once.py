"""Today says each conversation once: on the line of what is owed in it, else in the first section
that has it. What the other sections would have said of it stands on that line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext

from esmero.console.today.returned import Returned
from esmero.console.today.todos import Also
from esmero.ui.links import link

if TYPE_CHECKING:
    from esmero.console.inbox.lists import Row
    from esmero.console.today.board import Board
    from esmero.console.today.needs import Need
    from esmero.conversations.models import Consultation

T = TypeVar("T")


class Once:
    """What has been said already, in the order in which the page says it."""

    def __init__(self, board: Board) -> None:
        self._lines = {t.conversation_id: t for g in board.groups for t in g.todos[::-1]}
        self._lines.pop(None, None)
        self._said: set[int] = set()

    def _of(self, found: Iterable[T], pk: Callable[[T], int], say: Callable[[T], Also]) -> list[T]:
        kept = []
        for one in found:
            number = pk(one)
            line = self._lines.get(number)
            if line is not None:
                line.also.append(say(one))
            elif number not in self._said:
                self._said.add(number)
                kept.append(one)
        return kept

    def failed(self, rows: Iterable[Row]) -> list[Row]:
        """Return what did not arrive and is not owed."""
        return self._of(rows, lambda r: r.id, _lost)

    def rows(self, rows: Iterable[Row]) -> list[Row]:
        """Return rows of which nothing was said; those that are owed say enough."""
        return [row for row in rows if row.id not in self._lines and row.id not in self._said]

    def unanswered(self, rows: Iterable[Row]) -> list[Row]:
        """Return what came back into the queue."""
        kept = self.rows(rows)
        self._said.update(row.id for row in kept)
        return kept

    def returned(self, groups: Iterable[Returned]) -> list[Returned]:
        """Return what somebody gave back, without groups of which nothing is left to say."""
        found = []
        for group in groups:
            said = Also("people", group.title)
            rows = self._of(group.rows, lambda r: r.id, partial(_always, said))
            if rows or group.more:
                found.append(Returned(group.title, rows, group.more))
        return found

    def asked(self, questions: Iterable[Consultation]) -> list[Consultation]:
        """Return the questions of colleagues."""
        return self._of(questions, lambda q: q.conversation_id, _question)

    def needs(self, needs: Iterable[Need]) -> list[Need]:
        """Return mentions, drafts shown and replies that did not leave: of a conversation the one
        that asks for most, told in the order of their time.
        """
        first = sorted(needs, key=lambda need: (need.rank, -need.moment.timestamp()))
        kept = self._of(first, lambda n: n.conversation_id, lambda n: Also(n.icon, n.title, n.url))
        return sorted(kept, key=lambda need: need.moment, reverse=True)


def _always(said: Also, _row: Row) -> Also:
    return said


def _lost(row: Row) -> Also:
    return Also("warning", gettext("Did not arrive"), link("console:thread", row.id))


def _question(one: Consultation) -> Also:
    said = gettext("%(name)s asks: %(subject)s") % {
        "name": one.asked_by_agent.name,
        "subject": " ".join(one.note.text.split())[:80],
    }
    where = f"{link('console:thread', one.conversation_id)}?modo=nota#composer"
    return Also("chat", said, where)
