"""Words that mean the same in this shop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from esmero.kernel import jobs
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.text import fold, one_line, storable
from esmero.kernel.transactions import action
from esmero.knowledge.actions._rows import LANGUAGES
from esmero.knowledge.actions.indexing import TOPIC
from esmero.knowledge.models import Synonyms

MOST_WORDS = 20


@action
def save_synonyms(
    *, synonyms_id: int | None = None, language: str, words: Iterable[str], at: datetime
) -> int:
    """Keep a group of words (two at least) that mean the same, and return its id.

    Raises InvalidInput, NotFound.
    """
    if language not in LANGUAGES:
        raise InvalidInput(field="language")
    named: dict[str, str] = {}
    for word in words:
        clean = one_line(storable(word), 80)
        if clean:
            named.setdefault(fold(clean), clean)
    if not 2 <= len(named) <= MOST_WORDS:
        raise InvalidInput(field="words")
    values = {"language": language, "words": list(named.values()), "at": at}
    jobs.wake_after_commit(TOPIC)
    if synonyms_id is None:
        return Synonyms.objects.create(**values).pk
    if not Synonyms.objects.filter(pk=synonyms_id).update(**values):
        raise NotFound(synonyms_id=synonyms_id)
    return synonyms_id


@action
def remove_synonyms(*, synonyms_id: int) -> None:
    """Forget a group. Raises NotFound."""
    if not Synonyms.objects.filter(pk=synonyms_id).delete()[0]:
        raise NotFound(synonyms_id=synonyms_id)
    jobs.wake_after_commit(TOPIC)
