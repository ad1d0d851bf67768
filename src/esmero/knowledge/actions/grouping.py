"""Questions are grouped by what they mean.

One worker at a time (an advisory lock): a question joins the most alike group or begins one, so
that the order matters and two of them at once would begin two groups.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice, product

from django.db.models import F, Max, Min, Q, Window
from django.db.models.functions import RowNumber

from esmero.kernel.prepared import execute
from esmero.kernel.transactions import action
from esmero.knowledge import ports
from esmero.knowledge.actions.preparing import BATCH
from esmero.knowledge.actions.summing import refresh
from esmero.knowledge.enums import Audience, CandidateState
from esmero.knowledge.models import Candidate, Question
from esmero.knowledge.reads import searching
from esmero.knowledge.rules import asking, joining

QUIET = timedelta(seconds=10)
"""Questions wait until none has come for so long,"""
AT_LATEST = timedelta(minutes=10)
"""but no longer than this."""
ASKED_WITHIN = timedelta(days=180)
"""Groups that nobody asked for since are not joined any more: a new one begins."""
COMPARED_MOST = 5000
"""Groups of a language that a question is compared with: the latest asked."""
SHOWN_OF_GROUP = 8
"""Questions of a group, beside its typical one, that a new one is compared with."""
TEXTS_MOST = 15_000
"""Questions of all groups of a language that a new one is compared with."""
NEAR_MOST = 24
"""Questions that are asked which group a new one belongs to."""
NEIGHBOURS_MOST = 6
"""Groups that one with something new is compared with as a whole."""
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


@dataclass(slots=True)
class _Group:
    """A candidate, known or about to be made, while a batch is grouped."""

    candidate: Candidate | None = None
    joined: list[Question] = field(default_factory=list)
    taken: list[Candidate] = field(default_factory=list)
    """Candidates that were found to be the same as this one."""

    @property
    def may_merge(self) -> bool:
        """Whether alikeness may make one group of it and another: nobody has decided on it."""
        if self.candidate is None:  # about to be made, or gone with all that was in it
            return bool(self.joined) and not self.is_covered
        is_open = self.candidate.state == CandidateState.OPEN.value
        return is_open and not self.candidate.is_kept_apart

    @property
    def is_covered(self) -> bool:
        """Whether an article answers it."""
        if self.candidate is not None:
            return self.candidate.state == CandidateState.COVERED.value
        return bool(self.joined) and self.joined[0].fits


@dataclass(slots=True)
class _Known:
    """Groups of a language that questions are compared with, the oldest first, and their texts."""

    groups: list[_Group] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    group_of: list[int | None] = field(default_factory=list)
    """The number of each text's group."""


def _waiting(limit: int) -> dict[str, list[Question]]:
    """Return questions that were read and not grouped, by language."""
    found: dict[str, list[Question]] = defaultdict(list)
    for question in (
        Question.objects.filter(is_grouped=False).exclude(text="").order_by("id")[:limit]
    ):
        found[question.language].append(question)
    return found


def learn_questions(*, limit: int = BATCH, at: datetime) -> bool:
    """Let what tells alike questions get ready for the next batch, about a second at a time; say
    whether there is more. Not in a transaction.
    """
    for language, questions in _waiting(limit).items():
        texts = [*_known(language, at=at).texts, *(asking.essence(q.text) for q in questions)]
        if ports.likeness().learn(texts, language=language):
            return True
    return False


@action
def group_questions(*, limit: int = BATCH, at: datetime) -> int:
    """Put new questions with those that mean the same; return how many were waiting.

    A question joins the group that is alike enough, else the one that the article answers which
    the search found for it, else it begins one. Then open groups with something new are made one
    with those that they are like on the whole; the older one stays.
    """
    if not _alone():
        return 0
    waiting = _waiting(limit)
    for language, questions in waiting.items():
        _group(questions, language, at=at)
    return sum(map(len, waiting.values()))


def _group(questions: Sequence[Question], language: str, *, at: datetime) -> None:
    known = _known(language, at=at)
    first = len(known.texts)
    known.texts += [asking.essence(q.text) for q in questions]
    known.group_of += [None] * len(questions)
    compared = ports.likeness().compare(known.texts, language=language)
    near, scale = compared.nearest(range(first, len(known.texts)), limit=NEAR_MOST)
    _join(questions, known, near, scale.joins_from, language)
    into = _alike(compared, known, {first + n: one for n, one in enumerate(near)})
    _lock(known, into)
    for goes, stays in into.items():
        _merge(known.groups[goes], known.groups[stays])
    for group in known.groups:
        if group.joined or group.taken:
            _write(group, language)


def _join(
    questions: Sequence[Question],
    known: _Known,
    near: Sequence[Sequence[ports.Near]],
    joins_from: float,
    language: str,
) -> None:
    """Put each question into a group, in their order: the next one may join it."""
    sizes = Counter(group for group in known.group_of if group is not None)
    covered = _covered(questions, known, language)
    first = len(known.texts) - len(questions)
    for place, question in enumerate(questions, first):
        number = joining.nearest_group(
            near[place - first], known.group_of, sizes, joins_from=joins_from
        )
        if number is None and question.fits:
            number = covered.get(question.best_article_id)
        if number is None:
            number = len(known.groups)
            known.groups.append(_Group())
            if question.fits and question.best_article_id:
                covered[question.best_article_id] = number
        known.groups[number].joined.append(question)
        known.group_of[place] = number
        sizes[number] += 1


def _covered(questions: Sequence[Question], known: _Known, language: str) -> dict[int | None, int]:
    """Return the numbers of the covered groups of the articles that answer some questions.

    Also of groups that nobody has asked for in a long time.
    """
    articles = {q.best_article_id for q in questions if q.fits and q.best_article_id}
    if not articles:
        return {}
    numbers = {g.candidate.pk: n for n, g in enumerate(known.groups) if g.candidate}
    found: dict[int | None, int] = {}
    for candidate in Candidate.objects.filter(
        language=language, state=CandidateState.COVERED.value, article_id__in=articles
    ).order_by("id"):
        if candidate.article_id in found:
            continue
        if candidate.pk not in numbers:
            numbers[candidate.pk] = len(known.groups)
            known.groups.append(_Group(candidate))
        found[candidate.article_id] = numbers[candidate.pk]
    return found


def _alike(
    compared: ports.Compared, known: _Known, near: Mapping[int, Sequence[ports.Near]]
) -> dict[int, int]:
    """Return which open groups are alike on the whole, each with the older one that it goes into.

    `near`: of the places that are new.
    """
    own: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(known.group_of):
        if number is not None and known.groups[number].may_merge:
            own[number].append(place)
    open_of = [number if number in own else None for number in known.group_of]
    news: dict[int, list[ports.Near]] = defaultdict(list)
    for place, found in near.items():
        if (number := open_of[place]) is not None:
            news[number] += found
    pairs = sorted(joining.neighbours(news, open_of, most=NEIGHBOURS_MOST))
    some = {n: joining.spread(own[n], SHOWN_OF_GROUP) for n in set(chain(*pairs))}
    texts = [list(product(some[one], some[other])) for one, other in pairs]
    values, scale = compared.between(list(chain(*texts)))
    told = iter(values)
    links = {
        pair: joining.Link(sum(islice(told, len(of))), len(of))
        for pair, of in zip(pairs, texts, strict=True)
    }
    return joining.merged(
        links,
        {number: len(places) for number, places in some.items()},
        touched=set(news),
        joins_from=scale.joins_from,
        merges_from=scale.merges_from,
    )


def _lock(known: _Known, into: Mapping[int, int]) -> None:
    """Lock what will be written, in one order: what somebody has decided meanwhile stands."""
    written = [
        group
        for number, group in enumerate(known.groups)
        if group.joined or number in into or number in into.values()
    ]
    wanted = [g.candidate.pk for g in written if g.candidate is not None]
    rows = Candidate.objects.select_for_update().filter(pk__in=wanted).order_by("id")
    locked = {c.pk: c for c in rows}
    for group in written:
        if group.candidate is not None:
            group.candidate = locked.get(group.candidate.pk)


def _merge(goes: _Group, stays: _Group) -> None:
    if not (goes.may_merge and stays.may_merge):
        return
    stays.joined = sorted(stays.joined + goes.joined, key=lambda question: question.pk)
    if goes.candidate is not None:
        stays.taken.append(goes.candidate)
    goes.joined, goes.candidate = [], None


def _known(language: str, *, at: datetime) -> _Known:
    """Return the groups that may be joined, with their typical text and the latest others."""
    candidates = Candidate.objects.filter(
        language=language, last_at__gte=at - ASKED_WITHIN, count__gt=0
    ).order_by("-last_at", "-id")[:COMPARED_MOST]
    found = _Known([_Group(c) for c in sorted(candidates, key=lambda c: c.pk)])
    numbers = {}
    for number, group in enumerate(found.groups):
        if group.candidate is not None:
            numbers[group.candidate.pk] = number
            found.texts.append(group.candidate.text)
            found.group_of.append(number)
    latest = (
        Question.objects.filter(candidate_id__in=list(numbers))
        .annotate(
            place=Window(RowNumber(), partition_by=F("candidate_id"), order_by=F("id").desc())
        )
        .filter(place__lte=SHOWN_OF_GROUP)
        .order_by("place", "-id")
        .values_list("candidate_id", "text")[:TEXTS_MOST]
    )
    said = set(zip(found.group_of, found.texts, strict=True))
    for candidate_id, text in latest:
        one = (numbers[candidate_id], asking.essence(text))
        if one not in said and len(found.texts) < TEXTS_MOST:
            said.add(one)
            found.group_of.append(one[0])
            found.texts.append(one[1])
    return found


def _write(group: _Group, language: str) -> None:
    candidate = group.candidate
    if candidate is None:
        first = group.joined[0]
        candidate = Candidate.objects.create(
            language=language,
            text=asking.essence(first.text)[:300],
            state=(CandidateState.COVERED if first.fits else CandidateState.OPEN).value,
            article_id=first.best_article_id if first.fits else None,
            first_at=min(q.at for q in group.joined),
            last_at=group.joined[-1].at,
        )
    Question.objects.filter(
        Q(pk__in=[q.pk for q in group.joined]) | Q(candidate__in=group.taken)
    ).update(candidate=candidate, is_grouped=True)
    for taken in group.taken:
        taken.delete()
    refresh(candidate)


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
