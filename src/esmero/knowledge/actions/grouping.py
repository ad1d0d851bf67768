"""Questions are read, grouped by what they mean, and the groups brought up to date.

One worker at a time (an advisory lock): a question joins the most alike group or begins one, so
that the order matters and two of them at once would begin two groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F, Max, Min, Q, Window
from django.db.models.functions import RowNumber

from esmero.conversations import queries as conversations
from esmero.conversations.enums import Direction
from esmero.kernel.prepared import execute
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.knowledge import ports
from esmero.knowledge.actions.questions import (
    OF_ASKER_MOST,
    _language,
    asker_digest,
    team_names,
)
from esmero.knowledge.enums import Audience, CandidateState, Source
from esmero.knowledge.models import Candidate, Question
from esmero.knowledge.reads import searching
from esmero.knowledge.rules import asking, mining, personal
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.promises.queries import settings as promise_settings

BATCH = 100
QUIET = timedelta(seconds=10)
"""Questions wait until none has come for so long,"""
AT_LATEST = timedelta(minutes=10)
"""but no longer than this."""
ASKED_WITHIN = timedelta(days=180)
"""Groups that nobody asked for since are not joined any more: a new one begins."""
COMPARED_MOST = 5000
"""Groups of a language that a question is compared with: the latest asked."""
SHOWN_OF_GROUP = 4
"""Questions of a group, beside its typical one, that a new one is compared with."""
TYPICAL_OF = 40
TALKS_KEPT = 30
_LOCK = 0x65736D65_71756573  # "esmeques"


def is_time_to_group(*, at: datetime) -> bool:
    """Say whether questions wait and none has come for a moment, or they have waited for long.

    Reading and grouping one costs more than filing its mail: while mail pours in, mail comes
    first; and a hundred grouped together cost little more than one.
    """
    waiting = Question.objects.filter(is_grouped=False).aggregate(first=Min("at"), last=Max("at"))
    if waiting["first"] is None:
        return False
    return at - waiting["last"] >= QUIET or at - waiting["first"] >= AT_LATEST


def _alone() -> bool:
    """Say whether this transaction is the only one that groups."""
    return bool(execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])[0][0][0])


# -- the first message of a conversation becomes a question ---------------------------------------


@action
def prepare_questions(*, limit: int = BATCH) -> int:
    """Read the first messages of new conversations; return how many were waiting.

    What is automatic, nonsense, or one too many of one customer in a day is no question.
    """
    waiting = list(
        Question.objects.select_for_update(skip_locked=True)
        .filter(is_grouped=False, source=Source.MESSAGE.value, text="")
        .order_by("id")[:limit]
    )
    for question in waiting:
        if not _prepared(question):
            question.delete()
    return len(waiting)


def _prepared(question: Question) -> bool:
    found = conversations.conversation(question.conversation_id or 0)
    if found is None or found.is_suspect or found.is_history or found.is_side:
        return False
    first = (
        conversations.messages_of(found.pk).filter(direction=Direction.IN.value).order_by("id")
    ).first()
    if first is None or first.is_automatic:
        return False
    names = [*team_names(), first.from_name, found.customer.name if found.customer else ""]
    said = personal.question(first.text, names=names, subject=first.subject)
    if len(said) < 3 or asking.is_nonsense(said):
        return False
    question.text = said
    question.language = _language(first.language or found.language)
    if found.customer_id is not None:
        question.asker = asker_digest(ref("customer", people.surviving(found.customer_id)))
        day = question.at - timedelta(days=1)
        same = Question.objects.filter(
            asker=question.asker, at__gte=day, at__lte=question.at
        ).exclude(pk=question.pk)
        if same.count() >= OF_ASKER_MOST:
            return False
    look_up(question)
    question.save(
        update_fields=["text", "language", "asker", "fits", "confidence", "best_article"]
    )
    return True


def look_up(question: Question) -> None:
    """Let the search say whether a published article answers a question."""
    found = searching.search(
        asking.essence(question.text),
        language=question.language,
        reader=Audience.PUBLIC,
        limit=1,
    )
    question.fits, question.confidence = found.fits, found.confidence
    question.best_article_id = found.hits[0].article_id if found.fits and found.hits else None


# -- groups ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """A candidate, known or about to be made, while a batch is grouped."""

    candidate: Candidate | None = None
    joined: list[Question] = field(default_factory=list)


@action
def group_questions(*, limit: int = BATCH, at: datetime) -> int:
    """Put new questions with those that mean the same; return how many were waiting."""
    if not _alone():
        return 0
    waiting = list(
        Question.objects.filter(is_grouped=False).exclude(text="").order_by("id")[:limit]
    )
    by_language: dict[str, list[Question]] = defaultdict(list)
    for question in waiting:
        by_language[question.language].append(question)
    for language, questions in by_language.items():
        _group(questions, language, at=at)
    return len(waiting)


def _group(questions: Sequence[Question], language: str, *, at: datetime) -> None:
    shown, owners = _known(language, at=at)
    texts = [asking.essence(q.text) for q in questions]
    among = [*shown, *texts]
    place_of: list[_Group | None] = [*owners, *([None] * len(texts))]
    likeness = ports.likeness()
    near = likeness.nearest(texts, among, language=language, limit=24)
    for number, question in enumerate(questions):
        group = nearest_group(near[number], place_of, from_=likeness.joins_from) or _Group()
        group.joined.append(question)
        place_of[len(shown) + number] = group
    touched = {id(g): g for g in place_of if g is not None and g.joined}
    for group in touched.values():
        _write(group, language)


def nearest_group(
    near: Iterable[tuple[int, float]], place_of: Sequence[_Group | None], *, from_: float
) -> _Group | None:
    """Return the group that a text belongs to, None when it is like none of them enough.

    A group of several speaks by its two most alike texts: by one alone, chains would grow of
    questions whose ends have nothing in common.
    """
    by_group: dict[int, list[float]] = defaultdict(list)
    groups: dict[int, _Group] = {}
    sizes: dict[int, int] = defaultdict(int)
    for one in place_of:
        if one is not None:
            sizes[id(one)] += 1
    for place, value in near:
        group = place_of[place]
        if group is not None:
            groups[id(group)] = group
            by_group[id(group)].append(value)
    best, best_value = None, from_
    for key, values in by_group.items():
        values.sort(reverse=True)
        second = values[1] if len(values) > 1 else 0.5 * values[0]
        value = values[0] if sizes[key] == 1 else 0.65 * values[0] + 0.35 * second
        value = 1.0 if values[0] > 0.97 else value
        if value >= best_value:
            best, best_value = groups[key], value
    return best


def _known(language: str, *, at: datetime) -> tuple[list[str], list[_Group]]:
    """Return texts of the groups that may be joined, each with its group."""
    candidates = {
        c.pk: _Group(c)
        for c in Candidate.objects.filter(
            language=language, last_at__gte=at - ASKED_WITHIN, count__gt=0
        ).order_by("-last_at")[:COMPARED_MOST]
    }
    texts = [g.candidate.text for g in candidates.values() if g.candidate]
    owners = list(candidates.values())
    latest = (
        Question.objects.filter(candidate_id__in=list(candidates))
        .annotate(
            place=Window(RowNumber(), partition_by=F("candidate_id"), order_by=F("id").desc())
        )
        .filter(place__lte=SHOWN_OF_GROUP)
        .values_list("candidate_id", "text")
    )
    for candidate_id, text in latest:
        said, group = asking.essence(text), candidates[candidate_id]
        if group.candidate and said != group.candidate.text:
            texts.append(said)
            owners.append(group)
    return texts, owners


def _write(group: _Group, language: str) -> None:
    first, last = group.joined[0], group.joined[-1]
    candidate = group.candidate
    if candidate is None:
        candidate = Candidate.objects.create(
            language=language,
            text=asking.essence(first.text)[:300],
            state=(CandidateState.COVERED if first.fits else CandidateState.OPEN).value,
            article_id=first.best_article_id if first.fits else None,
            first_at=min(q.at for q in group.joined),
            last_at=last.at,
        )
    Question.objects.filter(pk__in=[q.pk for q in group.joined]).update(
        candidate=candidate, is_grouped=True
    )
    refresh(candidate)


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
            candidate.text = _typical(candidate, [text for text, _at, _pk in latest])
            fields.append("text")
    candidate.save(update_fields=fields)


def _typical(candidate: Candidate, texts: Iterable[str]) -> str:
    said = list(dict.fromkeys(asking.essence(text) for text in texts))[:TYPICAL_OF]
    near = ports.likeness().nearest(said, said, language=candidate.language, limit=len(said))
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


@action
def check_covered(*, after: int = 0, limit: int = 50, at: datetime) -> int:
    """Ask the search whether open candidates with numbers above `after` are answered by now.

    Returns the last number, 0 at the end. Called again and again after something was published.
    """
    found = list(
        Candidate.objects.select_for_update(skip_locked=True)
        .filter(
            pk__gt=after,
            state__in=[CandidateState.OPEN.value, CandidateState.DRAFTED.value],
            count__gt=0,
            last_at__gte=at - ASKED_WITHIN,
        )
        .order_by("id")[:limit]
    )
    for candidate in found:
        answer = searching.search(
            candidate.text, language=candidate.language, reader=Audience.PUBLIC, limit=1
        )
        if answer.fits and answer.hits:
            candidate.state = CandidateState.COVERED.value
            candidate.article_id = answer.hits[0].article_id
            candidate.decided_at, candidate.decided_by_agent_id = at, None
            candidate.save(update_fields=["state", "article", "decided_at", "decided_by_agent"])
    return found[-1].pk if len(found) == limit else 0


@action
def forget_old_questions(*, before: datetime) -> int:
    """Drop questions from before a moment, and groups that have none left and led to nothing."""
    gone, _ = Question.objects.filter(at__lt=before).delete()
    Candidate.objects.filter(last_at__lt=before, article=None).delete()
    return gone
