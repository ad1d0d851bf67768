"""The watch over open promises: warns at half and at three quarters, then tells the customer
first.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from esmero.kernel import events
from esmero.kernel.composed import composed
from esmero.kernel.transactions import action
from esmero.promises import ports, queries
from esmero.promises.actions._record import links
from esmero.promises.actions.settle import break_promise
from esmero.promises.enums import Stage, State
from esmero.promises.events import PromiseAboutToBreak, PromiseHalfway, PromisePressing
from esmero.promises.models import Promise
from esmero.promises.rules.due import WarnPoints, warn_points
from esmero.promises.rules.record import is_due

# Found so long after its time, it was we who were away: late notices then go out in one batch that
# a person releases.
OUTAGE = timedelta(minutes=5)
# How long a warning or the verdict waits for a look at the places where an answer may already be.
FRESH_LOOK_MOST = timedelta(minutes=10)
LOOK_AGAIN = timedelta(seconds=10)


def next_check_at() -> datetime | None:
    """Return the earliest moment at which an open promise wants attention."""
    return next(iter(_next_checks()), None)


@composed
def _next_checks() -> QuerySet[Promise, datetime | None]:
    found = Promise.objects.filter(state=State.OPEN.value, next_check_at__isnull=False)
    return found.order_by("next_check_at").values_list("next_check_at", flat=True)[:1]


@composed
def _due(at: datetime) -> QuerySet[Promise]:
    found = Promise.objects.select_for_update(skip_locked=True)
    found = found.filter(state=State.OPEN.value, next_check_at__lte=at)
    return found.order_by("next_check_at")[:1]


@action
def watch_one(*, at: datetime) -> bool:
    """Do what is due for one promise, and say whether there was one.

    Several processes may watch: a row that one has claimed is skipped by the others. Publishes
    PromiseHalfway, PromisePressing, PromiseAboutToBreak or, through settling, PromiseSettled.
    """
    promise = next(iter(_due(at)), None)
    if promise is None:
        return False
    points = _points(promise, at)
    overdue = is_due(at, promise.due_at)
    since = promise.due_at if overdue else _last_point(points, at)
    if since is not None and at - since <= FRESH_LOOK_MOST:
        look = ports.fresh_look()
        if not look.is_fresh(promise.subject_ref, since=since, at=at):
            _check_again(promise, at + LOOK_AGAIN)
            return True
    if overdue:
        break_promise(promise_id=promise.pk, at=at, after_outage=at - promise.due_at > OUTAGE)
        return True
    stage, event, following = _step(promise, points, at)
    promise.stage, promise.next_check_at = stage.value, following
    promise.save(update_fields=["stage", "next_check_at"])
    if event is not None:
        events.publish([(event, links(promise))], at=at, actor="system")
    return True


def _points(promise: Promise, at: datetime) -> WarnPoints:
    calendar = queries.house(at=at).calendar_by_id(promise.hours_id)
    return warn_points(promise.made_at, promise.due_at, calendar)


def _last_point(points: WarnPoints, at: datetime) -> datetime | None:
    """Return the last moment of a warning that has passed, None before the first."""
    passed = [
        moment
        for moment in (points.half_at, points.three_quarters_at, points.about_to_break_at)
        if moment <= at
    ]
    return passed[-1] if passed else None


def _check_again(promise: Promise, at: datetime) -> None:
    promise.next_check_at = at
    promise.save(update_fields=["next_check_at"])


def _step(
    promise: Promise, points: WarnPoints, at: datetime
) -> tuple[Stage, PromiseHalfway | PromisePressing | PromiseAboutToBreak | None, datetime]:
    """Return the stage now reached, what to say, and when to look again.

    Of several stages passed at once (a short promise, a pause of ours) only the last is said.
    """
    # The break itself is looked at just after the due moment: at it, the word can still be kept.
    after_due = promise.due_at + timedelta(milliseconds=1)
    if at >= points.about_to_break_at and promise.stage < Stage.ABOUT_TO_BREAK:
        said = PromiseAboutToBreak(promise_id=promise.pk, subject_ref=promise.subject_ref)
        return Stage.ABOUT_TO_BREAK, said, after_due
    if promise.stage >= Stage.ABOUT_TO_BREAK:
        return Stage.ABOUT_TO_BREAK, None, after_due
    if at >= points.three_quarters_at and promise.stage < Stage.THREE_QUARTERS:
        pressing = PromisePressing(promise_id=promise.pk, subject_ref=promise.subject_ref)
        return Stage.THREE_QUARTERS, pressing, points.about_to_break_at
    if at >= points.half_at and promise.stage < Stage.HALF:
        half = PromiseHalfway(promise_id=promise.pk, subject_ref=promise.subject_ref)
        return Stage.HALF, half, points.three_quarters_at
    coming = {
        Stage.FRESH: points.half_at,
        Stage.HALF: points.three_quarters_at,
        Stage.THREE_QUARTERS: points.about_to_break_at,
    }
    return Stage(promise.stage), None, max(coming[Stage(promise.stage)], at + LOOK_AGAIN)
