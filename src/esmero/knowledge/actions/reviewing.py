"""Who looks after an article, and by when it is looked over again: a promise to ourselves."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction

from esmero.kernel import audit
from esmero.kernel.errors import InvalidInput
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.knowledge.actions._rows import actor_of, locked_article
from esmero.knowledge.models import Article
from esmero.knowledge.queries import review_due_at
from esmero.people import queries as people
from esmero.promises import actions as promises
from esmero.promises.enums import Initiative, Kind
from esmero.promises.errors import PromiseAlreadySettled, PromiseOverdue
from esmero.shop.queries import the_shop

AHEAD = timedelta(days=7)
"""How long before its day a review becomes a promise: one a year ahead would only be moved."""


@action
def set_owner(*, article_id: int, agent_id: int | None, at: datetime, by: int | None) -> None:
    """Say who looks after an article; a promised review goes with it. Raises NotFound."""
    article = locked_article(article_id)
    if article.owner_agent_id == agent_id:
        return
    article.owner_agent_id = agent_id
    article.save(update_fields=["owner_agent"])
    promises.reassign_promises(
        subject_ref=ref("article", article_id), owner=_owner(article), at=at, actor=actor_of(by)
    )


def _owner(article: Article) -> promises.Owner:
    return promises.Owner(article.owner_agent_id, people.default_department_id())


@action
def plan_review(*, article_id: int, on: date | None, at: datetime, by: int | None) -> None:
    """Say by which day an article is looked over again; None: it is not.

    A review that is promised already is moved (on our initiative), or let be by settling it: not
    to look again is what the review came to. Raises InvalidInput (a day that has passed),
    NotFound.
    """
    article = locked_article(article_id)
    if on == article.review_on:
        return
    if on is not None and review_due_at(on) <= at:
        raise InvalidInput(field="review_on")
    article.review_on = on
    if article.review_promise_id is not None:
        if on is None:
            _settle(article, at=at, by=by)
        else:
            _move(article, on, at=at, by=by)
    article.save(update_fields=["review_on", "review_promise_id"])


def _move(article: Article, on: date, *, at: datetime, by: int | None) -> None:
    moved = None
    with suppress(PromiseAlreadySettled, PromiseOverdue):
        moved = promises.renegotiate_promise(
            promise_id=article.review_promise_id or 0, at=at, actor=actor_of(by),
            initiative=Initiative.OURS, due_at=review_due_at(on),
        )  # fmt: skip
    # What broke stays broken; the new day gets a promise of its own when it is near.
    article.review_promise_id = moved.pk if moved else None


def _settle(article: Article, *, at: datetime, by: int | None) -> None:
    if article.review_promise_id is not None:
        with suppress(PromiseAlreadySettled):
            promises.settle_promise(
                promise_id=article.review_promise_id, at=at, by=by,
                evidence_ref=ref("article", article.pk),
            )  # fmt: skip
    article.review_promise_id = None


@action
def mark_reviewed(*, article_id: int, next_on: date | None, at: datetime, by: int | None) -> None:
    """Note that an article was looked over, which keeps the promise, and when it is due again.

    Raises InvalidInput (a day that has passed), NotFound.
    """
    article = locked_article(article_id)
    if next_on is not None and review_due_at(next_on) <= at:
        raise InvalidInput(field="review_on")
    _settle(article, at=at, by=by)
    article.review_on = next_on
    article.save(update_fields=["review_on", "review_promise_id"])
    audit.record(
        at=at, actor=actor_of(by), action="article.reviewed", ref=ref("article", article_id)
    )


@transaction.atomic
def promise_review_one(*, at: datetime) -> bool:
    """Promise one review whose day is near, and say whether there was one."""
    today = at.astimezone(the_shop().zone).date()
    first = today if review_due_at(today) > at else today + timedelta(days=1)
    article = (
        Article.objects.select_for_update(skip_locked=True)
        .filter(
            review_on__gte=first,
            review_on__lte=today + AHEAD,
            review_promise_id=None,
            archived_at=None,
        )
        .order_by("review_on", "id")
        .first()
    )
    if article is None or article.review_on is None:
        return False
    promise = promises.make_promise(
        kind=Kind.FOLLOW_UP,
        subject_ref=ref("article", article.pk),
        owner=_owner(article),
        due_at=review_due_at(article.review_on),
        at=at,
        actor="system",
    )
    article.review_promise_id = promise.pk
    article.save(update_fields=["review_promise_id"])
    return True


def end_review(article: Article, *, at: datetime, by: int | None) -> None:
    """Let the review of what is put away be done; the caller holds the row and saves nothing."""
    _settle(article, at=at, by=by)
    article.review_on = None
    article.save(update_fields=["review_on", "review_promise_id"])
