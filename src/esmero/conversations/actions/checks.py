"""What the reply check leaves out in this shop, and which words it takes as right."""

from __future__ import annotations

from datetime import datetime

from esmero.conversations.enums import Check
from esmero.conversations.models import KnownWord, MutedCheck
from esmero.kernel import audit
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action


@action
def mute_check(*, code: Check, is_muted: bool, at: datetime, by: int) -> None:
    """Leave a finding out from now on, or have it back."""
    if is_muted:
        MutedCheck.objects.get_or_create(code=code.value, defaults={"at": at, "by_agent_id": by})
    else:
        MutedCheck.objects.filter(code=code.value).delete()
    name = "reply_check.muted" if is_muted else "reply_check.unmuted"
    audit.record(at=at, actor=ref("agent", by), action=name, code=code.value)


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
