"""Saved answers: texts that the team uses again and again."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from esmero.conversations.errors import EmptyMessage, UnknownVariable
from esmero.conversations.models import SavedAnswer
from esmero.conversations.rules.variables import NAMES
from esmero.kernel import audit
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.templating import unknown_variables
from esmero.kernel.text import one_line, storable
from esmero.kernel.transactions import action


@action
def save_answer(
    *,
    answer_id: int | None,
    title: str,
    text: str,
    department_id: int | None,
    language: str,
    tags: str,
    at: datetime,
    by: int,
) -> int:
    """Store a saved answer (a new one without `answer_id`) and return its id.

    Raises EmptyMessage, UnknownVariable, NotFound.
    """
    if not title.strip() or not text.strip():
        raise EmptyMessage(answer_id=answer_id or 0)
    if unknown := unknown_variables(text, frozenset(NAMES)):
        raise UnknownVariable(names=", ".join(unknown), field="text")
    facts = {
        "title": one_line(storable(title), 120),
        "text": storable(text),
        "department_id": department_id,
        "language": language,
        "tags": one_line(" ".join(dict.fromkeys(storable(tags).replace(",", " ").split())), 200),
        "changed_at": at,
        "changed_by_id": by,
    }
    if answer_id is None:
        answer_id = SavedAnswer.objects.create(**facts).pk
    elif not SavedAnswer.objects.filter(pk=answer_id).update(**facts):
        raise NotFound(answer_id=answer_id)
    audit.record(at=at, actor=ref("agent", by), action="saved_answer.saved", answer_id=answer_id)
    return answer_id


@action
def remove_answer(*, answer_id: int, at: datetime, by: int) -> None:
    """Forget a saved answer. Raises NotFound."""
    gone, _ = SavedAnswer.objects.filter(pk=answer_id).delete()
    if not gone:
        raise NotFound(answer_id=answer_id)
    audit.record(at=at, actor=ref("agent", by), action="saved_answer.removed", answer_id=answer_id)


@action
def count_use(*, answer_id: int, at: datetime) -> None:
    """Note that somebody took a saved answer."""
    SavedAnswer.objects.filter(pk=answer_id).update(uses=F("uses") + 1, used_at=at)
