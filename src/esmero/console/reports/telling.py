"""A promise that was not kept, in words: what was promised, and what was done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, pgettext, pgettext_lazy

from esmero.console.reports.figures import Column
from esmero.console.settings.words import kind_name
from esmero.kernel.refs import id_of
from esmero.promises.enums import Initiative, Kind, State
from esmero.promises.queries import report
from esmero.ui import formats

_STATES: dict[str, Lazy | str] = {
    "open": pgettext_lazy("state in a report", "open"),
    "overdue": pgettext_lazy("state in a report", "overdue"),
    "kept": pgettext_lazy("state in a report", "kept"),
    "broken": pgettext_lazy("state in a report", "broken"),
    "released": pgettext_lazy("state in a report", "released"),
    "moved_by_us": pgettext_lazy("state in a report", "moved by us"),
    "moved_by_customer": pgettext_lazy("state in a report", "moved at the customer's wish"),
}


def state_names() -> dict[str, str]:
    """Return what each state is called, looked up once."""
    return {state: str(name) for state, name in _STATES.items()}


def state_of(one: Any) -> str:
    """Return the state of a promise as the report counts it."""
    if one.state == State.RENEGOTIATED.value:
        is_ours = one.initiative == Initiative.OURS.value
        return "moved_by_us" if is_ours else "moved_by_customer"
    return "overdue" if one.state == State.OPEN.value else str(one.state)


def columns() -> list[str]:
    """Return the head of the exported file."""
    return [
        pgettext("column", "Promise"), pgettext("column", "Kind"),
        pgettext("column", "Department"), pgettext("column", "Owner"),
        pgettext("column", "Customer"), pgettext("column", "Conversation"),
        pgettext("column", "Promised at"), pgettext("column", "Due at"),
        pgettext("column", "Ended at"), pgettext("column", "State"),
        pgettext("column", "Minutes before its time"),
        pgettext("column", "Business minutes taken"),
    ]  # fmt: skip


def column(one: Column) -> str:
    """Return what a column of the distribution stands for."""
    if one.most is None:
        words = (
            gettext("%(time)s late or more") if one.is_late else gettext("%(time)s early or more")
        )
        return words % {"time": length(one.least)}
    words = (
        gettext("%(low)s to %(high)s late")
        if one.is_late
        else gettext("%(low)s to %(high)s early")
    )
    return words % {"low": length(one.least), "high": length(one.most)}


def length(minutes: int) -> str:
    """Return minutes as a length; nought in minutes, not in seconds: it stands beside `30 min`."""
    return formats.duration(minutes * 60) if minutes else "0 min"


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the list. `state` is the sign: mended, moved, broken, late."""

    title: str
    where: str
    url: str
    due_at: datetime
    state: str
    done: str
    owner: str


def failure(one: report.Failure, seen: Mapping[int, Any], *, at: datetime) -> Told:
    """Return a promise that was not kept, in words."""
    promise = one.promise
    number = id_of(promise.subject_ref, "conversation")
    conversation = seen.get(number or 0)
    customer = promise.customer or (conversation.customer if conversation else None)
    state, done = _what_was_done(one, at)
    return Told(
        title=_title(promise.kind, customer.name if customer else ""),
        where=conversation.subject if conversation else "",
        url=f"/c/conversaciones/{number}/" if conversation else "",
        due_at=promise.due_at,
        state=state,
        done=done,
        owner=promise.owner_agent.name
        if promise.owner_agent
        else (promise.department.name if promise.department else ""),
    )


def _title(kind: str, name: str) -> str:
    if not name:
        return kind_name(kind)
    said = {
        Kind.ANSWER.value: gettext("Answer %(name)s"),
        Kind.UPDATE.value: gettext("Tell %(name)s how it goes"),
        Kind.SOLVE.value: gettext("Solve it for %(name)s"),
        Kind.CALL.value: gettext("Call %(name)s"),
    }
    return said.get(kind, kind_name(kind) + ": %(name)s") % {"name": name}


def _what_was_done(one: report.Failure, at: datetime) -> tuple[str, str]:
    promise, later = one.promise, one.later
    kept = next((p for p in later if p.state == State.KEPT.value), None)
    if kept is not None and kept.settled_at is not None:
        gap = kept.settled_at - promise.due_at
        when = formats.when(kept.settled_at, at)
        if gap.total_seconds() <= 0:
            return "mended", gettext("Moved, and done before the first time: %(when)s.") % {
                "when": when
            }
        return "mended", gettext("Done %(when)s, %(time)s late.") % {
            "when": when,
            "time": formats.duration(gap),
        }
    if promise.state == State.OPEN.value:
        return "late", pgettext("promise", "Still open: nobody has said anything yet.")
    if promise.settled_by_id and promise.settled_at is not None:
        return "broken", gettext("Done %(when)s, %(time)s late.") % {
            "when": formats.when(promise.settled_at, at),
            "time": formats.duration(promise.settled_at - promise.due_at),
        }
    still_open = next((p for p in later if p.state == State.OPEN.value), None)
    if still_open is not None:
        sign = "moved" if still_open.due_at > at else "late"
        return sign, gettext("A new time was given: %(when)s.") % {
            "when": formats.when(still_open.due_at, at)
        }
    if later:
        return "broken", gettext("The new time was not kept either.")
    return "broken", gettext("Nothing was promised in its place.")
