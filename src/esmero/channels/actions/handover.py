"""Handing mail over: the mark before, what became of it after, and what to do after a crash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import structlog
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from esmero.channels import ports, queries
from esmero.channels.actions.outbox import Account, Handover, _back_to_draft
from esmero.channels.enums import DeliveryState
from esmero.channels.models import Delivery
from esmero.channels.rules import addressing
from esmero.channels.rules.repeating import pause_before
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import Delivery as Shown
from esmero.kernel import failpoints, jobs, signing, workers, written
from esmero.kernel.composed import composed
from esmero.kernel.errors import NotFound
from esmero.kernel.prepared import execute
from esmero.promises import actions as promises
from esmero.shop.queries import the_shop

log = structlog.get_logger(__name__)
REPEATS_MOST: Final = 1
_REFERENCES_MOST = 20


def claim_delivery(*, at: datetime, has_default: bool) -> Handover | None:
    """Mark the next mail that may leave as being handed over, commit, and return it.

    `has_default` says whether the deployment has a mail server of its own (EMAIL_URL); without it
    and without a mailbox's server the mail goes to the built-in outbox. Returns None when nothing
    is due. A reply whose writer has not seen what arrived meanwhile becomes a draft again.
    """
    while True:
        with transaction.atomic():
            found = _due(at)
            if not found:
                return None
            handover = _mark(found[0], at=at, has_default=has_default)
        failpoints.reached("send.marked")
        if handover is not None:
            return handover


@composed
def _due(at: datetime) -> QuerySet[Delivery]:
    found = Delivery.objects.select_for_update(skip_locked=True)
    found = found.filter(state=DeliveryState.QUEUED.value, not_before__lte=at)
    return found.order_by("not_before")[:1]


def _mark(delivery: Delivery, *, at: datetime, has_default: bool) -> Handover | None:
    if delivery.message_id and delivery.attempts == 0 and _is_overtaken(delivery.message_id):
        _back_to_draft(delivery, at=at, note="something_new_arrived", agent_id=None)
        return None
    if delivery.rendered is None:
        try:
            delivery.rendered = ports.renderer().render(_to_render(delivery, at))
        except DatabaseError:
            raise
        except Exception as error:
            log.exception("render_failed", delivery=delivery.pk)
            _fail(delivery, f"{type(error).__name__}: {error}", at=at)
            return None
    failpoints.reached("send.rendered")
    delivery.state = DeliveryState.HANDING_OVER.value
    delivery.handing_over_at, delivery.handed_by = at, workers.own_name()
    delivery.attempts += 1
    delivery.is_data_ending = False
    written.update(
        delivery,
        ["state", "handing_over_at", "handed_by", "attempts", "rendered", "is_data_ending"],
    )
    box = queries.kept_mailbox(delivery.mailbox_id)
    if the_shop().is_demo:
        account = Account("outbox")
    elif box is not None and box.smtp_host:
        account = Account("mailbox", box.pk)
    else:
        account = Account("default" if has_default else "outbox")
    done = set(delivery.delivered_to)
    return Handover(
        delivery_id=delivery.pk,
        mail_from=box.address if box else the_sender(),
        recipients=[r for r in delivery.recipients if r not in done and r not in delivery.refused],
        data=bytes(delivery.rendered),
        account=account,
        is_automatic=delivery.is_automatic,
    )


def the_sender() -> str:
    """Return the address that mail comes from when no mailbox is connected."""
    return "esmero@localhost.localdomain"


def _is_overtaken(message_id: int) -> bool:
    """Say whether the customer wrote after a reply was written that has not left yet."""
    message = conversation_queries.message(message_id)
    if message is None:
        return False
    newest = conversation_queries.newest_inbound_id(message.conversation_id)
    return newest is not None and newest > message.pk


def _to_render(delivery: Delivery, at: datetime) -> ports.ToRender:
    box = queries.kept_mailbox(delivery.mailbox_id)
    name = box.name if box and box.name else the_shop().name
    address = box.address if box else the_sender()
    message = delivery.message if delivery.message_id else None
    if message is not None:
        to, cc = [(n, a) for n, a in message.to], [(n, a) for n, a in message.cc]
    else:
        to, cc = [(str(delivery.context.get("to_name", "")), delivery.recipients[0])], []
    in_reply_to, references = _thread(delivery)
    reply_to = ""
    if box is not None and box.has_plus_addresses and delivery.conversation_id:
        value = str(delivery.conversation_id)
        signature = signing.sign(addressing.FOR_REPLY, value)
        reply_to = addressing.reply_address(box.address, delivery.conversation_id, signature)
    return ports.ToRender(
        delivery_id=delivery.pk,
        template=delivery.template,
        context=delivery.context,
        language=delivery.language,
        conversation_id=delivery.conversation_id,
        message_id=delivery.message_id,
        promise_id=delivery.promise_id,
        message_header=delivery.message_header,
        mail_from=(name, address),
        reply_to=reply_to,
        to=to,
        cc=cc,
        in_reply_to=in_reply_to,
        references=references,
        is_automatic=delivery.is_automatic,
        at=at,
    )


def _thread(delivery: Delivery) -> tuple[str, list[str]]:
    """Return In-Reply-To and References (RFC 5322, 3.6.4): the customer's last mail and
    its line.
    """
    if not delivery.conversation_id:
        return "", []
    last = conversation_queries.thread_line(delivery.conversation_id)
    if not last:
        return "", []
    return last[-1], last[-_REFERENCES_MOST:]


def note_handed_over(
    *,
    delivery_id: int,
    at: datetime,
    accepted: Iterable[str],
    refused: Mapping[str, str] | None = None,
    later: Mapping[str, str] | None = None,
    via: str = "smtp",
    provider_header: str = "",
) -> None:
    """The server took the mail at `at`: in one transaction with what that settles.

    Recipients in `refused` (address → the server's words) are not sent to again; those in `later`
    were put off: the mail goes to them alone after a pause. What it settles is settled once, when
    somebody it is addressed to (To) has it; without such a recipient it has failed.
    """
    with transaction.atomic():
        delivery = _handing(delivery_id)
        failpoints.reached("send.before_settle")
        taken = [*delivery.delivered_to, *accepted]
        delivery.delivered_to = list(dict.fromkeys(taken))
        delivery.refused = {**delivery.refused, **(refused or {})}
        delivery.via, delivery.error = via, ""
        if provider_header and provider_header != delivery.message_header:
            delivery.provider_header = provider_header
        is_settling = delivery.sent_at is None and reaches_main(delivery, delivery.delivered_to)
        if is_settling:
            delivery.sent_at = at
        waiting = _wait_for(delivery, later or {}, at=at)
        written.update(
            delivery,
            [
                "delivered_to", "refused", "state", "sent_at", "via", "error", "provider_header",
                "not_before",
            ],
        )  # fmt: skip
        if is_settling:
            settle(delivery, at=at)
        if delivery.sent_at is not None:
            note_left_out(delivery, waiting)
        elif waiting:
            _note_waiting(delivery)
        else:
            words = "; ".join(f"{a}: {w}" for a, w in delivery.refused.items())
            _fail(delivery, words, at=at)
        failpoints.reached("send.settled")
    failpoints.reached("send.committed")


def reaches_main(delivery: Delivery, addresses: Iterable[str]) -> bool:
    """Say whether somebody to whom the mail is addressed, not only copied, is among them."""
    message = delivery.message if delivery.message_id else None
    if message is None:
        return any(addresses)
    named = {a.lower() for _, a in message.to}
    return any(a.lower() in named for a in addresses)


def _wait_for(delivery: Delivery, later: Mapping[str, str], *, at: datetime) -> list[str]:
    """Put the mail back into the queue for whom the server put off; return them.

    Who was put off for too long counts as refused.
    """
    pause = pause_before(delivery.attempts) if later else None
    if pause is None:
        delivery.refused = {**delivery.refused, **later}
        delivery.state = DeliveryState.SENT.value
        return []
    delivery.state, delivery.not_before = DeliveryState.QUEUED.value, at + pause
    delivery.error = "; ".join(f"{a}: {w}" for a, w in later.items())[:2000]
    return sorted(later)


def settle(delivery: Delivery, *, at: datetime) -> None:
    """The mail is with its recipient for the first time: what it promised or kept is so now."""
    if delivery.message_id:
        conversations.note_handed_over(message_id=delivery.message_id, at=at)
    elif delivery.promise_id:
        promises.tell_promise(promise_id=delivery.promise_id, at=at, by="mail")


def _note_waiting(delivery: Delivery) -> None:
    if delivery.message_id:
        conversations.note_delivery(
            message_id=delivery.message_id, delivery=Shown.SENDING, note=delivery.error
        )


def note_left_out(delivery: Delivery, waiting: Iterable[str] = ()) -> None:
    """Show in the thread who does not have the mail, and to whom it goes later."""
    said = {"refused": sorted(delivery.refused), "later": list(waiting)}
    note = "; ".join(f"{what}: {', '.join(who)}" for what, who in said.items() if who)
    if delivery.message_id:
        conversations.note_delivery(message_id=delivery.message_id, delivery=Shown.SENT, note=note)


def note_data_ends(*, delivery_id: int) -> None:
    """Commit that the end of a mail's data is sent next: from here on its fate is the server's.

    A sender that dies before this has handed nothing over, and the mail may simply go again.
    """
    # Once for each mail, between two answers of a server: the shortest way there is.
    execute("UPDATE channels_delivery SET is_data_ending = true WHERE id = %s", [delivery_id])


def note_hand_over_failed(
    *,
    delivery_id: int,
    error: str,
    permanent: bool,
    at: datetime,
    is_unknown: bool = False,
    refused: Mapping[str, str] | None = None,
) -> None:
    """The server did not take it: try again later, or give up where somebody sees it.

    `is_unknown`: the connection broke after the mail was sent and before the answer; then an
    automatic mail goes once more with the same Message-ID, and an agent's is "uncertain".
    """
    with transaction.atomic():
        delivery = _handing(delivery_id)
        delivery.refused = {**delivery.refused, **(refused or {})}
        delivery.error = error[:2000]
        if is_unknown:
            unknown(delivery, at=at)
            return
        pause = pause_before(delivery.attempts)
        if (permanent or pause is None) and delivery.sent_at is not None:
            # Its recipient has it; those who were put off do not get it any more.
            left = [r for r in delivery.recipients if r not in delivery.delivered_to]
            delivery.refused = {**dict.fromkeys(left, delivery.error), **delivery.refused}
            delivery.state = DeliveryState.SENT.value
            delivery.save(update_fields=["state", "error", "refused"])
            note_left_out(delivery)
            return
        if permanent or pause is None:
            _fail(delivery, delivery.error, at=at)
            return
        delivery.state = DeliveryState.QUEUED.value
        delivery.not_before = at + pause
        delivery.save(update_fields=["state", "not_before", "error", "refused"])
        if delivery.sent_at is None:
            _note_waiting(delivery)


def _handing(delivery_id: int) -> Delivery:
    found = _being_handed(delivery_id)
    if not found:
        raise NotFound(delivery_id=delivery_id)
    return found[0]


@composed
def _being_handed(delivery_id: int) -> QuerySet[Delivery]:
    found = Delivery.objects.select_for_update().defer("rendered")
    return found.filter(pk=delivery_id, state=DeliveryState.HANDING_OVER.value)


def _fail(delivery: Delivery, error: str, *, at: datetime) -> None:
    delivery.state, delivery.error = DeliveryState.FAILED.value, error[:2000]
    delivery.save(update_fields=["state", "error", "refused"])
    if delivery.message_id:
        conversations.note_not_delivered(
            message_id=delivery.message_id, note=error, bounced=False, at=at
        )


def again(delivery: Delivery, *, at: datetime) -> None:
    """Nothing was handed over: back into the queue as if nothing had been tried."""
    delivery.state, delivery.not_before = DeliveryState.QUEUED.value, at
    delivery.save(update_fields=["state", "not_before", "error"])
    jobs.wake_after_commit("deliveries")


def unknown(delivery: Delivery, *, at: datetime) -> None:
    if delivery.is_automatic and delivery.repeats < REPEATS_MOST:
        delivery.state, delivery.not_before = DeliveryState.QUEUED.value, at
        delivery.repeats += 1
        delivery.save(update_fields=["state", "not_before", "repeats", "error", "refused"])
        jobs.wake_after_commit("deliveries")
        return
    delivery.state = DeliveryState.UNCERTAIN.value
    delivery.save(update_fields=["state", "error", "refused"])
    if delivery.message_id:
        conversations.note_delivery(
            message_id=delivery.message_id, delivery=Shown.UNCERTAIN, note="uncertain"
        )
