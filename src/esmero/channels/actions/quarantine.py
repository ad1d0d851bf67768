"""What a person does with a mail that could not be filed."""

from __future__ import annotations

from datetime import datetime

from esmero.channels.enums import RawState
from esmero.channels.models import RawMail
from esmero.kernel.errors import NotFound
from esmero.kernel.transactions import action


@action
def retry_quarantined(*, raw_id: int, at: datetime, by: int) -> None:
    """Try to file a mail from quarantine once more. Raises NotFound."""
    changed = RawMail.objects.filter(pk=raw_id, state=RawState.QUARANTINED.value).update(
        state=RawState.STORED.value, attempts=0, retry_at=None, detail=""
    )
    if not changed:
        raise NotFound(raw_id=raw_id)


@action
def dismiss_quarantined(*, raw_id: int, at: datetime, by: int) -> None:
    """Say that a mail in quarantine is not needed; its bytes stay. Raises NotFound."""
    changed = RawMail.objects.filter(pk=raw_id, state=RawState.QUARANTINED.value).update(
        state=RawState.IGNORED.value, reason="dismissed", filed_at=at
    )
    if not changed:
        raise NotFound(raw_id=raw_id)
