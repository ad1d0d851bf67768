"""A matter that stays open is never silent for long: the next `update` is promised by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from esmero.conversations.actions._locked import locked, subjects
from esmero.conversations.actions.promise import mirror, owner_of
from esmero.conversations.enums import Chip, State
from esmero.conversations.models import Conversation
from esmero.kernel.refs import id_of, ref
from esmero.kernel.transactions import action
from esmero.promises import actions as promises
from esmero.promises import queries as promise_queries
from esmero.promises.enums import Kind

if TYPE_CHECKING:
    from esmero.promises.models import Promise

# An open matter about which nothing is promised may rest so long, from when the last word ended.
RESTS_MOST = timedelta(hours=24)


@action
def keep_updating_one(*, at: datetime) -> bool:
    """Promise the next update of one open matter that has none, and say whether there was one.

    At once after a word that broke and was mended, and then in its chain, so that no second
    automatic move follows; else when the last word ended `RESTS_MOST` ago. Where an answer is owed
    and broke, only a person helps. Publishes, through promises, PromiseMade.
    """
    rested = Q(chip_at__lte=at - RESTS_MOST) | Q(chip_at=None, opened_at__lte=at - RESTS_MOST)
    conversation = (
        Conversation.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Q(chip=Chip.MENDED.value, chip_at__lte=at) | rested)
        .filter(
            state=State.OPEN.value,
            is_suspect=False,
            is_history=False,
            is_side=False,
            awaits_reply_since=None,
        )
        .exclude(chip=Chip.OPEN.value)
        .order_by("chip_at", "id")
        .first()
    )
    if conversation is None:
        return False
    last = promise_queries.last_ended_of(*subjects(conversation))
    promises.make_promise(
        kind=Kind.UPDATE,
        subject_ref=ref("conversation", conversation.pk),
        owner=owner_of(conversation),
        customer_id=conversation.customer_id,
        channel=conversation.channel,
        at=at,
        actor="system",
        predecessor=last if last is not None and last.kind == Kind.UPDATE.value else None,
    )
    _mirrored(conversation)
    return True


@action
def promise_again(*, promise_id: int, at: datetime) -> int | None:
    """Promise anew what broke, in the same chain, and return the new promise's id.

    None when something of the kind is owed already, or the matter is no longer open. Publishes,
    through promises, PromiseMade.
    """
    broken = promise_queries.promise(promise_id)
    pk = id_of(broken.subject_ref, "conversation") if broken else None
    if broken is None or pk is None:
        return None
    conversation = locked(pk)
    owed = promise_queries.open_promises_of(*subjects(conversation)).filter(kind=broken.kind)
    is_owed = any(promise.customer_id == broken.customer_id for promise in owed)
    if conversation.state == State.RESOLVED.value or is_owed:
        return None
    again: Promise = promises.make_promise(
        kind=Kind(broken.kind),
        subject_ref=broken.subject_ref,
        owner=owner_of(conversation),
        customer_id=broken.customer_id,
        channel=conversation.channel,
        at=at,
        actor="system",
        predecessor=broken,
    )
    _mirrored(conversation)
    return again.pk


def _mirrored(conversation: Conversation) -> None:
    fields: list[str] = []
    mirror(conversation, fields=fields)
    conversation.save(update_fields=fields)
