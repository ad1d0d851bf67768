"""What the reply check tells in this shop, and which words it takes as right."""

from __future__ import annotations

from datetime import datetime

from esmero.conversations.enums import Check, Level
from esmero.conversations.models import CheckLevel, KnownWord
from esmero.kernel import audit
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action


@action
def set_check(*, code: Check, level: Level | None, at: datetime, by: int) -> None:
    """Say what a finding does in this shop from now on; None: the usual."""
    if level is None:
        CheckLevel.objects.filter(code=code.value).delete()
    else:
        CheckLevel.objects.update_or_create(
            code=code.value, defaults={"level": level.value, "at": at, "by_agent_id": by}
        )
    audit.record(
        at=at, actor=ref("agent", by), action="reply_check.set", code=code.value,
        level=level.value if level else "",
    )  # fmt: skip


@action
def learn_word(*, word: str, at: datetime, by: int) -> None:
    """Take a word as right from now on. Raises InvalidInput."""
    word = word.strip().lower()
    if not word or len(word) > 60 or not all(c.isalpha() or c in "'-·" for c in word):
        raise InvalidInput(field="word", value=word[:60])
    KnownWord.objects.get_or_create(word=word, defaults={"at": at, "by_agent_id": by})


@action
def forget_word(*, word_id: int) -> None:
    """Take a word back. Raises NotFound."""
    gone, _ = KnownWord.objects.filter(pk=word_id).delete()
    if not gone:
        raise NotFound(word_id=word_id)
