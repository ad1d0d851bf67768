"""What a candidate says of its questions: how many people, since when, in which words, how long
answers took.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from django.db.models import Count, Q

from esmero.conversations import queries as conversations
from esmero.kernel.transactions import action
from esmero.knowledge.enums import CandidateState
from esmero.knowledge.models import Candidate, Question
from esmero.knowledge.rules import asking, mining
from esmero.promises import queries as promises
from esmero.promises.queries import settings as promise_settings

TYPICAL_OF = 40
TALKS_KEPT = 30


def refresh(candidate: Candidate) -> None:
    """Bring what a candidate says of its questions up to them."""
    asked = Question.objects.filter(candidate=candidate)
    sums = asked.aggregate(
        askers=Count("asker", distinct=True, filter=~Q(asker="")),
        unknown=Count("id", filter=Q(asker="")),
    )
    latest = list(asked.order_by("-at", "-id").values_list("text", "at", "conversation_id")[:200])
    candidate.count = sums["askers"] + sums["unknown"]
    fields = ["count"]
    if latest:
        candidate.last_at = latest[0][1]
        first = asked.order_by("at").values_list("at", flat=True).first()
        candidate.first_at = first or candidate.first_at
        talks = [pk for _t, _a, pk in latest if pk is not None][:TALKS_KEPT]
        candidate.conversation_ids = talks
        candidate.answer_minutes = _minutes(talks)
        fields += ["last_at", "first_at", "conversation_ids", "answer_minutes"]
        # What was decided on keeps the words that it was decided by.
        if candidate.state == CandidateState.OPEN.value:
            candidate.text = _typical([text for text, _at, _pk in latest])
            fields.append("text")
    candidate.save(update_fields=fields)


def _typical(texts: Iterable[str]) -> str:
    said = list(dict.fromkeys(asking.essence(text) for text in texts))[:TYPICAL_OF]
    # By words, whatever else says what is alike: it is asked of each group that is touched.
    space = mining.Space(said)
    near = [space.nearest(text, limit=len(said)) for text in said]
    return said[mining.typical(said, near)][:300]


def _minutes(conversation_ids: Sequence[int]) -> int | None:
    """Return the median of the business minutes until somebody of the team first answered."""
    if not conversation_ids:
        return None
    taken = []
    for first in conversations.first_replies(conversation_ids).values():
        calendar = promises.house(at=first.replied_at).calendar(None)
        taken.append(
            promise_settings.business_minutes_between(calendar, first.asked_at, first.replied_at)
        )
    return round(median(taken)) if taken else None


@action
def refresh_candidates(*, after: int = 0, limit: int = 50) -> int:
    """Reckon anew how long answers took for open candidates with numbers above `after`; return
    the last number, 0 at the end.
    """
    found = list(
        Candidate.objects.select_for_update(skip_locked=True)
        .filter(pk__gt=after, state=CandidateState.OPEN.value, count__gt=0)
        .exclude(conversation_ids=[])
        .order_by("id")[:limit]
    )
    for candidate in found:
        candidate.answer_minutes = _minutes(candidate.conversation_ids)
        candidate.save(update_fields=["answer_minutes"])
    return found[-1].pk if len(found) == limit else 0
