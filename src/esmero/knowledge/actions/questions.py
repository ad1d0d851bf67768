"""What people ask: written down without who asked, and what became of it.

The portal calls three of these, each in a transaction of its own, after it has the answer:

- `note_search` when somebody submits a search or the contact form asks for likely answers (never
  while one types); the id goes into the links of the results,
- `note_opened` when an article is opened from such a link,
- `note_contact` when a contact was sent.

`asker` is whatever tells one visit from another for a day (the portal's own digest will do): it is
digested here once more with the shop's key, and kept as nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from esmero.conversations import queries as conversations
from esmero.kernel.prepared import execute
from esmero.kernel.refs import ref
from esmero.kernel.signing import sign
from esmero.kernel.text import fold
from esmero.kernel.transactions import action
from esmero.knowledge.enums import Outcome, Source
from esmero.knowledge.models import Question, ReadCount
from esmero.knowledge.rules import asking, personal
from esmero.people import queries as people
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.knowledge.reads.searching import Found

LANGUAGES = ("es", "en")
SAME_WITHIN = timedelta(minutes=10)
"""Asked again by the same asker within this time, it is the same question."""
FOLLOWS_WITHIN = timedelta(minutes=30)
"""A contact within this time of a question follows from it."""
OF_ASKER_MOST = 40
"""Questions of one asker on a day; more is a machine, or somebody at play."""
OF_DAY_MOST = 5000
"""Searches of all askers on a day; more is not written down."""
_NAMES_KEPT = 60.0
_names: tuple[float, list[str]] | None = None


def asker_digest(who: str) -> str:
    """Return what stands for an asker: the same for the same, and nobody can turn it back."""
    return sign("knowledge.asker", who) if who else ""


def team_names() -> list[str]:
    """Return the names of the team, at most a minute old: they go out of every question."""
    global _names
    if _names is None or time.monotonic() - _names[0] >= _NAMES_KEPT:
        _names = time.monotonic(), list(people.everyone().values_list("name", flat=True))
    return _names[1]


def forget() -> None:
    """Drop what the process keeps (for tests)."""
    global _names
    _names = None


def _language(code: str) -> str:
    found = code[:2]
    return found if found in LANGUAGES else the_shop().language[:2]


_OF_TODAY = """
SELECT count(*), count(*) FILTER (WHERE asker = %s)
FROM (SELECT asker FROM knowledge_question WHERE at >= %s AND at <= %s
      ORDER BY at DESC LIMIT 6000) today
"""


@action
def note_search(
    *,
    text: str,
    language: str,
    asker: str,
    found: Found | None,
    at: datetime,
    source: Source = Source.SEARCH,
) -> int | None:
    """Write down a search that was submitted and return the question's id for `note_opened`.

    `text` as it was typed (personal data are taken out here), `found` what the search answered.
    `source`: FORM when it was typed into the contact form. Returns None when it is not worth a
    row: nonsense, nothing left of it, or more than one asker or one day may have. Asked again (or
    further typed: "talla", "talla pequeña") by the same asker within ten minutes it is the same
    question, and its id comes back with the newer answer.
    """
    if asking.is_nonsense(text):
        return None
    said = personal.question(text, names=team_names())
    if len(said) < 3 or asking.is_nonsense(said):
        return None
    who = asker_digest(asker)
    fits = found is not None and found.fits
    best = found.hits[0].article_id if found is not None and found.hits and fits else None
    confidence = found.confidence if found is not None else 0.0
    again = _same(who, said, at=at)
    if again is not None:
        longer = said if len(said) >= len(again.text) else again.text
        Question.objects.filter(pk=again.pk).update(
            text=longer, fits=fits, confidence=confidence, best_article_id=best
        )
        return again.pk
    day = at.astimezone(the_shop().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    ((of_day, of_asker),) = execute(_OF_TODAY, [who, day, at])[0]
    if of_day >= OF_DAY_MOST or (who and of_asker >= OF_ASKER_MOST):
        return None
    return Question.objects.create(
        language=_language(language),
        source=source.value,
        text=said,
        asker=who,
        at=at,
        fits=fits,
        confidence=confidence,
        best_article_id=best,
    ).pk


def _same(who: str, said: str, *, at: datetime) -> Question | None:
    """Return the asker's last question when this is the same one, or the same typed further."""
    if not who:
        return None
    last = (
        Question.objects.filter(asker=who, at__gte=at - SAME_WITHIN, at__lte=at)
        .exclude(source=Source.MESSAGE.value)
        .order_by("-at", "-id")
        .first()
    )
    if last is None:
        return None
    before, now = _bare(last.text), _bare(said)
    is_same = before == now or now.startswith(before) or before.startswith(now)
    return last if is_same else None


def _bare(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


@action
def note_opened(
    *, article_id: int, at: datetime, question_id: int | None = None, asker: str = ""
) -> bool:
    """Note that an article was opened from a question's answers; say whether it was.

    Counts within half an hour of the question. Without `question_id` it was the asker's last one,
    so that links need no number that could be made up.
    """
    found = Question.objects.filter(
        at__gte=at - FOLLOWS_WITHIN,
        at__lte=at,
        outcome__in=[Outcome.OPEN.value, Outcome.ARTICLE.value],
    )
    if asker:
        found = found.filter(asker=asker_digest(asker))
    if question_id is None:
        last = found.order_by("-at", "-id").values_list("pk", flat=True) if asker else ()
        question_id = next(iter(last[:1]), None)
        if question_id is None:
            return False
    rows = found.filter(pk=question_id)
    return bool(rows.update(outcome=Outcome.ARTICLE.value, opened_article_id=article_id))


@action
def note_contact(*, asker: str, conversation_id: int | None, at: datetime) -> int:
    """Note that a visit led to a contact; return how many questions it follows from.

    Whatever the visit asked in the last half hour was not answered by an article after all (what
    articles were at hand, `count_contacts` counts). `conversation_id` where the contact has one
    already: then the visit counts as that customer, so that nobody counts twice.
    """
    who = asker_digest(asker)
    if not who:
        return 0
    asked = list(
        Question.objects.select_for_update()
        .filter(asker=who, at__gte=at - FOLLOWS_WITHIN, at__lte=at)
        .exclude(source=Source.MESSAGE.value)
        .exclude(outcome=Outcome.CONTACT.value)
    )
    writer = _writer(conversation_id) if conversation_id is not None else ""
    for question in asked:
        question.outcome = Outcome.CONTACT.value
        question.asker = writer or question.asker
        question.save(update_fields=["outcome", "asker"])
    return len(asked)


def _count(article_id: int, language: str, day: date, field: str) -> None:
    row, _ = ReadCount.objects.get_or_create(
        article_id=article_id, language=language, day=day, defaults={}
    )
    ReadCount.objects.filter(pk=row.pk).update(**{field: F(field) + 1})


def _writer(conversation_id: int) -> str:
    found = conversations.conversation(conversation_id)
    if found is None or found.customer_id is None:
        return ""
    return asker_digest(ref("customer", people.surviving(found.customer_id)))


@action
def note_messages(begun: Iterable[tuple[int, datetime]]) -> None:
    """Note that conversations began (their ids, when): questions, read by `prepare_questions` in
    its own time.
    """
    Question.objects.bulk_create(
        [
            Question(
                language="", source=Source.MESSAGE.value, text="", at=at, fits=False,
                conversation_id=conversation_id, outcome=Outcome.CONTACT.value,
            )
            for conversation_id, at in begun
        ],
        ignore_conflicts=True,
    )  # fmt: skip


@action
def forget_conversation(*, conversation_id: int) -> None:
    """A conversation was no contact after all: neither was it a question."""
    Question.objects.filter(conversation_id=conversation_id).delete()


@action
def settle_outcomes(*, at: datetime) -> int:
    """Close what was searched half an hour ago and led to nothing; return how many."""
    return Question.objects.filter(
        at__gte=at - timedelta(days=2), at__lt=at - FOLLOWS_WITHIN, outcome=Outcome.OPEN.value
    ).update(outcome=Outcome.NOTHING.value)
