"""The lines of Today: by when, what, for whom, and the act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext, pgettext

from esmero.console.inbox.lists import due_state
from esmero.console.today import reads
from esmero.console.words import ACT_OTHER, ACTS, TODO, TODO_OTHER
from esmero.conversations import queries as conversations
from esmero.kernel.refs import id_of
from esmero.knowledge import queries as knowledge
from esmero.people import queries as people
from esmero.promises.enums import Kind
from esmero.ui.links import link

if TYPE_CHECKING:
    from esmero.people.models import Agent


@dataclass(frozen=True, slots=True)
class Also:
    """What besides is to be said of a line's conversation; `url` when it leads elsewhere."""

    icon: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """One line: by when, what, for whom, and the act."""

    due_at: datetime
    state: str
    made_at: datetime | None
    soon_at: datetime | None
    title: str
    line: str
    url: str
    act: str
    who: str
    is_written: bool = False
    """Whether the act is done in the composer."""
    conversation_id: int | None = None
    also: list[Also] = field(default_factory=list)


def todos_of(
    owed: list[dict[str, Any]],
    broken: Iterable[dict[str, Any]],
    agent: Agent,
    reviews: Iterable[dict[str, Any]] = (),
    *,
    at: datetime,
) -> list[Todo]:
    """Return the lines of what `reads.owed_by`, `reads.broken_of` and `reads.overdue_reviews`
    found, by their time.
    """
    ids = [pk for p in owed if (pk := id_of(p["subject_ref"], "conversation"))]
    departments = people.department_ids_of(agent)
    subjects = {row["id"]: row for row in reads.subjects_of(ids, agent.pk, departments)}
    # What has become part of another conversation is owed there: one line for one matter.
    where = {pk: conversations.survivor_of(pk) for pk in ids if pk not in subjects}
    roots = [pk for pk in dict.fromkeys(where.values()) if pk not in subjects]
    if roots:
        subjects |= {row["id"]: row for row in reads.subjects_of(roots, agent.pk, departments)}
    ids = [where.get(pk, pk) for pk in ids]
    told: set[tuple[int, str, int | None]] = set()
    found = []
    late = {one["id"]: one["review_on"] for one in reviews}
    titles = _articles(owed, late)
    for conversation in broken:
        pk, name = conversation["id"], conversation["customer__name"] or ""
        if pk in ids:  # still open, and among what is owed
            continue
        found.append(
            Todo(
                due_at=conversation["chip_at"],
                state="late",
                made_at=conversation["chip_made_at"],
                soon_at=None,
                title=str(TODO[Kind.ANSWER.value]) % {"name": name or f"#{pk}"},
                line=_line(conversation["subject"], conversation["excerpt"]),
                url=link("console:thread", pk),
                act=str(ACTS[Kind.ANSWER.value]),
                who=first_word(name),
                is_written=True,
                conversation_id=pk,
            )
        )
    for p in owed:
        kind = p["kind"]
        article = id_of(p["subject_ref"], "article")
        if article:
            late.pop(article, None)
            state, due_at, soon_at = due_state(p["due_at"], p["made_at"], at=at)
            review = _review(article, titles, due_at, state)
            found.append(replace(review, made_at=p["made_at"], soon_at=soon_at))
            continue
        pk = id_of(p["subject_ref"], "conversation")
        pk = where.get(pk, pk) if pk else None
        line = (pk or -p["id"], kind, p["customer_id"])
        if line in told and pk in where.values():  # the one due first stands there already
            continue
        told.add(line)
        row = subjects.get(pk or 0)
        name = p["customer__name"] or ""
        state, due_at, soon_at = due_state(p["due_at"], p["made_at"], at=at)
        found.append(
            Todo(
                due_at=due_at,
                state=state,
                made_at=p["made_at"],
                soon_at=soon_at,
                title=str(TODO.get(kind, TODO_OTHER)) % {"name": name or f"#{pk}"},
                line=_line(row["subject"], row["excerpt"]) if row else "",
                url=link("console:thread", pk) if pk else "",
                act=str(ACTS.get(kind, ACT_OTHER)),
                who=first_word(name),
                is_written=kind in (Kind.ANSWER.value, Kind.UPDATE.value),
                conversation_id=pk,
            )
        )
    found += [_review(pk, titles, knowledge.review_due_at(on), "late") for pk, on in late.items()]
    return sorted(found, key=lambda todo: todo.due_at)


def _articles(owed: list[dict[str, Any]], late: dict[int, date]) -> dict[int, str]:
    """The titles of the articles whose review is owed; asks nothing where there is none."""
    ids = [pk for p in owed if (pk := id_of(p["subject_ref"], "article"))] + list(late)
    return knowledge.pages.titles_of(ids, get_language() or "es") if ids else {}


def _review(pk: int, titles: dict[int, str], due_at: datetime, state: str) -> Todo:
    """The line of an article that is to be looked over."""
    return Todo(
        due_at=due_at,
        state=state,
        made_at=None,
        soon_at=None,
        title=gettext("Look over an article"),
        line=titles.get(pk, f"#{pk}"),
        url=f"{link('console:know_article', pk)}#revision",
        act=pgettext("button", "Look it over"),
        who=pgettext("whose review is due", "article"),
    )


def _line(subject: str, excerpt: str) -> str:
    return f"{subject}. {excerpt}" if subject and excerpt else subject or excerpt


def first_word(name: str) -> str:
    """Return how somebody is called in short."""
    return name.split()[0] if name.split() else ""
