"""What people ask, and how much of it articles answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import (
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Max,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from esmero.conversations import queries as conversations
from esmero.kernel.prepared import execute
from esmero.kernel.refs import ref
from esmero.knowledge.enums import CandidateState, Source
from esmero.knowledge.models import Candidate, Question, ReadCount, Text, Vote
from esmero.knowledge.rules import asking
from esmero.promises import queries as promises
from esmero.promises.enums import Kind as PromiseKind
from esmero.promises.enums import State as PromiseState

if TYPE_CHECKING:
    from esmero.people.models import Agent

ASKED_FROM = 2
"""So many people make a candidate worth a look."""
REPLIES_MOST = 3
UNKNOWN_MINUTES = 60
"""What an answer is taken to cost where nobody has written one yet."""


# -- candidates -----------------------------------------------------------------------------------


def _rank() -> ExpressionWrapper:
    """People who asked, times a weight that grows with how long an answer takes: twice for two
    business hours, three times for a day (of eight).
    """
    hours = Cast(Coalesce("answer_minutes", Value(UNKNOWN_MINUTES)), FloatField()) / Value(60.0)
    weight = Value(1.0) + Func(hours / Value(4.0) + Value(1.0), function="ln")
    return ExpressionWrapper(F("count") * weight, output_field=FloatField())


def candidates(
    state: CandidateState = CandidateState.OPEN, *, from_count: int = ASKED_FROM
) -> QuerySet[Candidate]:
    """Return the candidates in a state that enough people asked, the most worth first
    (`rank`: people, weighed by how long answers take).
    """
    return (
        Candidate.objects.filter(state=state.value, count__gte=from_count)
        .annotate(rank=_rank())
        .select_related("article")
        .order_by("-rank", "-last_at", "-id")
    )


def count_by_state(*, from_count: int = ASKED_FROM) -> dict[str, int]:
    """Return how many candidates are in each state."""
    rows = Candidate.objects.filter(count__gte=from_count).order_by()
    return dict(rows.values_list("state").annotate(n=Count("id")))


def candidate(candidate_id: int) -> Candidate | None:
    """Return a candidate with its article."""
    found = Candidate.objects.annotate(rank=_rank())
    return found.select_related("article").filter(pk=candidate_id).first()


def questions_of(candidate_id: int) -> QuerySet[Question]:
    """Return a candidate's questions, newest first."""
    return Question.objects.filter(candidate_id=candidate_id).order_by("-at", "-id")


def examples_of(candidate_ids: Iterable[int], *, most: int = 3) -> dict[int, list[str]]:
    """Return some different ways in which each candidate was asked, the latest first."""
    rows, _ = execute(_EXAMPLES, [list(candidate_ids), 4 * most])
    found: dict[int, list[str]] = {}
    for candidate_id, text in rows:
        said = found.setdefault(candidate_id, [])
        short = asking.essence(text, limit=140)
        if len(said) < most and short not in said:
            said.append(short)
    return found


_EXAMPLES = """
SELECT wanted.id, q.text FROM unnest(%s::bigint[]) AS wanted(id)
CROSS JOIN LATERAL (
  SELECT text FROM knowledge_question WHERE candidate_id = wanted.id
  ORDER BY at DESC, id DESC LIMIT %s) q
"""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody of the team answered to one who asked."""

    message_id: int
    conversation_id: int
    agent_name: str
    text: str
    at: datetime
    was_kept: bool
    """In the time promised."""
    was_enough: bool
    """The customer had nothing to add."""


def replies_to(found: Candidate, agent: Agent) -> list[Reply]:
    """Return the best replies to a candidate's questions among what a member may see.

    Those that needed no further word come first, then those in the time promised, then the
    latest; at most three. Four queries.
    """
    seen = list(
        conversations.visible_to(agent)
        .filter(pk__in=found.conversation_ids)
        .values_list("pk", flat=True)
    )
    firsts = conversations.first_replies(seen) if seen else {}
    if not firsts:
        return []
    kept = set(
        promises.promises_of(*(ref("conversation", pk) for pk in firsts))
        .filter(kind=PromiseKind.ANSWER.value, state=PromiseState.KEPT.value)
        .order_by()
        .values_list("subject_ref", flat=True)
    )
    ordered = sorted(
        firsts.values(),
        key=lambda one: (
            one.asked_again,
            ref("conversation", one.conversation_id) not in kept,
            -one.replied_at.timestamp(),
        ),
    )[:REPLIES_MOST]
    texts = conversations.messages_by_id([one.reply_id for one in ordered])
    return [
        Reply(
            message_id=one.reply_id,
            conversation_id=one.conversation_id,
            agent_name=m.author_agent.name if m.author_agent else "",
            text=m.text,
            at=one.replied_at,
            was_kept=ref("conversation", one.conversation_id) in kept,
            was_enough=not one.asked_again,
        )
        for one in ordered
        if (m := texts.get(one.reply_id)) is not None
    ]


# -- coverage -------------------------------------------------------------------------------------
#
# A question counts as answered by an article when
# - the search found a public article that fits when it was asked, or
# - its group is covered since (an article was published that fits it), or
# - an article was opened from its answers.
# A search from which a contact followed does not count at all where the contact is a question
# itself: what the customer then wrote counts instead, with or without an article.

_COUNTED = Q(text__gt="") & ~(~Q(source=Source.MESSAGE.value) & Q(outcome="contact"))
_ANSWERED = Q(fits=True) | Q(candidate__state=CandidateState.COVERED.value) | Q(outcome="article")
_SEARCHED = ~Q(source=Source.MESSAGE.value)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of time: questions, how many an article answers; searches, and their fate."""

    since: date
    asked: int = 0
    answered: int = 0
    searches: int = 0
    nothing_found: int = 0

    @property
    def share(self) -> float | None:
        """The share answered by an article, None where nothing was asked."""
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was asked in a period is answered by an article."""

    total: Part
    before: Part
    """The period of the same length before."""
    parts: list[Part] = field(default_factory=list)
    """By day, or by week (Monday) where the period is longer than 35 days."""
    opened: int = 0
    """Searches from which an article was opened and no contact followed."""
    wrote: int = 0
    """Searches that a contact followed."""

    @property
    def share(self) -> float | None:
        """The share of the period."""
        return self.total.share


def coverage(*, since: datetime, until: datetime, zone: ZoneInfo) -> Coverage:
    """Return the coverage of a period. Three queries."""
    length = until - since
    by_week = length > timedelta(days=35)
    unit = "week" if by_week else "day"
    rows, _ = execute(_BY_DAY, [unit, zone.key, since, until])
    known = {row[0]: Part(*row) for row in rows}
    step = timedelta(days=7 if by_week else 1)
    day = since.astimezone(zone).date()
    if by_week:
        day -= timedelta(days=day.weekday())
    parts = []
    while day <= (until - timedelta(microseconds=1)).astimezone(zone).date():
        parts.append(known.get(day, Part(day)))
        day += step
    searched = Question.objects.filter(_SEARCHED, at__gte=since, at__lt=until).aggregate(
        opened=Count("id", filter=Q(outcome="article")),
        wrote=Count("id", filter=Q(outcome="contact")),
    )
    return Coverage(
        total=_sum(parts, since.astimezone(zone).date()),
        before=_whole(since - length, since, zone),
        parts=parts,
        **searched,
    )


def _sum(parts: list[Part], since: date) -> Part:
    return Part(
        since,
        *(
            sum(getattr(part, name) for part in parts)
            for name in ("asked", "answered", "searches", "nothing_found")
        ),
    )


def _whole(since: datetime, until: datetime, zone: ZoneInfo) -> Part:
    found = Question.objects.filter(_COUNTED, at__gte=since, at__lt=until).aggregate(
        asked=Count("id"),
        answered=Count("id", filter=_ANSWERED),
        searches=Count("id", filter=_SEARCHED),
        nothing_found=Count("id", filter=_SEARCHED & Q(fits=False)),
    )
    return Part(since.astimezone(zone).date(), **found)


_BY_DAY = """
SELECT date_trunc(%s, q.at AT TIME ZONE %s)::date AS day,
       count(*) FILTER (WHERE counted),
       count(*) FILTER (WHERE counted AND answered),
       count(*) FILTER (WHERE counted AND searched),
       count(*) FILTER (WHERE counted AND searched AND NOT fits)
FROM (
  SELECT q.at, q.fits, q.source <> 'message' AS searched,
         NOT (q.source <> 'message' AND q.outcome = 'contact') AS counted,
         q.fits OR q.outcome = 'article' OR coalesce(c.state = 'covered', false) AS answered
  FROM knowledge_question q LEFT JOIN knowledge_candidate c ON c.id = q.candidate_id
  WHERE q.at >= %s AND q.at < %s AND q.text > ''
) q GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Searched:
    """Something that was searched and that nothing fits."""

    text: str
    language: str
    people: int
    last_at: datetime
    wrote: int
    """How many of them then wrote."""


def searches_without_result(
    *, since: datetime, until: datetime, limit: int = 50
) -> list[Searched]:
    """Return what was searched and not found, what most people searched first."""
    rows = (
        Question.objects.filter(
            _SEARCHED, at__gte=since, at__lt=until, fits=False, opened_article=None
        )
        .exclude(candidate__state=CandidateState.COVERED.value)
        .order_by()
        .values("language", said=Func(F("text"), function="lower"))
        .annotate(
            people=Count("asker", distinct=True),
            last_at=Max("at"),
            shown=Max("text"),
            wrote=Count("id", filter=Q(outcome="contact")),
        )
        .order_by("-people", "-last_at")[:limit]
    )
    return [
        Searched(row["shown"], row["language"], row["people"], row["last_at"], row["wrote"])
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Weak:
    """An article that is read and does not settle the matter."""

    article_id: int
    title: str
    reads: int
    contacts: int
    unhelpful: int
    helpful: int
    reasons: dict[str, int]
    comments: list[str]
    answers: int


def weak_articles(*, since: date, until: date, limit: int = 30) -> list[Weak]:
    """Return the articles after which people wrote, or which they found of no help; the worst
    first. Four queries.
    """
    counts = {
        pk: (reads, contacts, answers)
        for pk, reads, contacts, answers in ReadCount.objects.filter(day__gte=since, day__lt=until)
        .order_by()
        .values_list("article_id")
        .annotate(r=Sum("reads"), c=Sum("contacts"), a=Sum("answers"))
    }
    votes: dict[int, dict[str, int]] = {}
    helpful: dict[int, int] = {}
    for article_id, is_helpful, reason, n in (
        Vote.objects.filter(at__date__gte=since, at__date__lt=until)
        .order_by()
        .values_list("article_id", "is_helpful", "reason")
        .annotate(n=Count("id"))
    ):
        if is_helpful:
            helpful[article_id] = helpful.get(article_id, 0) + n
        else:
            votes.setdefault(article_id, {})[reason] = n
    wanted = [pk for pk, row in counts.items() if row[1]] + list(votes)
    titles: dict[int, str] = {}
    for pk, title, published in Text.objects.filter(article_id__in=wanted).values_list(
        "article_id", "title", "published__title"
    ):
        titles.setdefault(pk, published or title)
    comments: dict[int, list[str]] = {}
    for pk, comment in (
        Vote.objects.filter(article_id__in=wanted, is_helpful=False, at__date__gte=since)
        .exclude(comment="")
        .order_by("-at")
        .values_list("article_id", "comment")[:200]
    ):
        comments.setdefault(pk, []).append(comment)
    found = [
        Weak(
            article_id=pk,
            title=titles.get(pk, ""),
            reads=counts.get(pk, (0, 0, 0))[0],
            contacts=counts.get(pk, (0, 0, 0))[1],
            answers=counts.get(pk, (0, 0, 0))[2],
            unhelpful=sum(votes.get(pk, {}).values()),
            helpful=helpful.get(pk, 0),
            reasons=votes.get(pk, {}),
            comments=comments.get(pk, [])[:3],
        )
        for pk in dict.fromkeys(wanted)
    ]
    return sorted(found, key=lambda one: (-(one.contacts + one.unhelpful), one.title))[:limit]


def answers_of(article_ids: Iterable[int]) -> dict[int, int]:
    """Return how many replies were written from each article."""
    rows = ReadCount.objects.filter(article_id__in=list(article_ids)).order_by()
    return dict(rows.values_list("article_id").annotate(n=Sum("answers")))


def newest_passage() -> int:
    """Return the newest passage's number: another one since means that something was published."""
    rows, _ = execute("SELECT max(id) FROM knowledge_passage", [])
    return rows[0][0] or 0
