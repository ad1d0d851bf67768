"""The first message of a conversation becomes a question, in the time that filing mail leaves."""

from __future__ import annotations

from datetime import timedelta

from esmero.conversations import queries as conversations
from esmero.conversations.enums import Direction
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.knowledge.actions.questions import (
    OF_ASKER_MOST,
    _language,
    asker_digest,
    team_names,
)
from esmero.knowledge.enums import Audience, Source
from esmero.knowledge.models import Question
from esmero.knowledge.reads import searching
from esmero.knowledge.rules import asking, personal
from esmero.people import queries as people

BATCH = 100


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
