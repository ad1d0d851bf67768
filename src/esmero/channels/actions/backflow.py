"""What comes back: bounces, spam complaints, and replies that the team made elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from esmero.channels import queries
from esmero.channels.actions import afterwards, handover
from esmero.channels.enums import DeliveryState
from esmero.channels.events import ComplaintReported
from esmero.channels.models import Delivery, RawMail
from esmero.channels.parsing import ParsedMail
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.kernel import events
from esmero.kernel.refs import ref
from esmero.people import actions as people_actions
from esmero.people import queries as people

Verdict = tuple[str, int | None]
# A bounce that names no Message-ID is matched by its recipient within this time.
BOUNCE_WITHIN = timedelta(days=7)
# Written into every mail of ours: a provider may replace the Message-ID, not this.
OWN_HEADER = "x-esmero-id"


def file_bounce(parsed: ParsedMail, *, at: datetime) -> Verdict:
    """Mark the mail that came back as not delivered, flag the address, promise the answer anew.

    Never makes a conversation. Source: RFC 3464.
    """
    bounce = parsed.bounce
    if bounce is None:
        return "bounce_unread", None
    delivery = _delivery_of(parsed, at=at)
    if bounce.is_delay:
        return "bounce_delay", delivery.message_id if delivery else None
    # Only who we wrote to can be flagged: a forged report must not silence a customer.
    if delivery is None:
        return "bounce_unmatched", None
    sent_to = {r.lower() for r in delivery.recipients}
    failed = [r.lower() for r in bounce.recipients if r.lower() in sent_to] or list(sent_to)
    note = " ".join(x for x in (bounce.status, bounce.diagnostic) if x) or "bounced"
    for address in failed:
        people_actions.mark_bounced(email=address, status=bounce.status, at=at)
    # Whoever has it keeps it, also when it is sent again.
    delivery.delivered_to = [r for r in delivery.delivered_to if r.lower() not in failed]
    if delivery.message_id and handover.reaches_main(delivery, delivery.delivered_to):
        delivery.refused = {**delivery.refused, **dict.fromkeys(failed, note)}
        delivery.save(update_fields=["delivered_to", "refused"])
        handover.note_left_out(delivery)
        return "bounce_of_copy", delivery.message_id
    delivery.state, delivery.error = DeliveryState.BOUNCED.value, note[:2000]
    delivery.save(update_fields=["state", "error", "delivered_to"])
    if delivery.message_id is None:
        return "bounce_of_automatic", None
    conversations.note_not_delivered(
        message_id=delivery.message_id, note=note, bounced=True, at=at
    )
    return "bounce", delivery.message_id


def _delivery_of(parsed: ParsedMail, *, at: datetime) -> Delivery | None:
    bounce = parsed.bounce
    if bounce is None:
        return None
    named = [bounce.original_message_id, *parsed.in_reply_to, *parsed.references]
    for header in named:
        delivery = queries.delivery_by_header(header)
        if delivery is not None:
            return delivery
    wanted = {r.lower() for r in bounce.recipients}
    recent = Delivery.objects.filter(
        state=DeliveryState.SENT.value, sent_at__gte=at - BOUNCE_WITHIN
    ).order_by("-sent_at")
    if not wanted:
        return None
    for recipient in wanted:
        delivery = recent.filter(delivered_to__contains=[recipient]).first()
        if delivery is not None:
            return delivery
    return None


def file_report(raw: RawMail, parsed: ParsedMail, *, at: datetime) -> str:
    """Note a spam complaint of a feedback loop (RFC 5965). Publishes ComplaintReported."""
    report = parsed.report
    delivery = queries.delivery_by_header(report.original_message_id) if report else None
    refs = []
    if delivery is not None and delivery.conversation_id:
        refs.append(ref("conversation", delivery.conversation_id))
    complaint = ComplaintReported(raw_id=raw.pk, delivery_id=delivery.pk if delivery else None)
    events.publish([(complaint, refs)], at=at, actor="system")
    return "complaint"


def file_sent(raw: RawMail, parsed: ParsedMail, *, at: datetime) -> Verdict:
    """File what lies in a Sent folder: our own mail confirms itself, a person's reply joins its
    thread.
    """
    own = _own_delivery(parsed)
    if own is not None:
        _confirm(own, raw, parsed)
        return "own", None
    if queries.is_ours(parsed.message_id):
        return "own", None
    if parsed.is_auto:
        return "automatic", None
    conversation_id = _answered_conversation(parsed)
    if conversation_id is None:
        return "sent_without_thread", None
    agent = people.agent_by_email(parsed.sender.email)
    message_id = conversations.note_elsewhere(
        conversation_id=conversation_id,
        text=parsed.visible_text,
        html=parsed.visible_html,
        subject=parsed.subject,
        sent_at=raw.received_at,
        to=[(a.name, a.email) for a in parsed.to],
        cc=[(a.name, a.email) for a in parsed.cc],
        agent_id=agent.pk if agent else None,
        message_id=parsed.message_id,
        references=" ".join((*parsed.references, *parsed.in_reply_to)[-20:]),
        source_ref=ref("raw", raw.pk),
        files=[
            conversations.FileFact(
                name=f.name,
                content_type=f.content_type,
                size=f.size,
                content_id=f.content_id,
                is_inline=f.is_inline,
                raw_ref=ref("raw", raw.pk),
                part_number=f.part_number,
            )
            for f in parsed.attachments
        ],
        at=at,
        is_history=raw.is_history,
    )
    return "elsewhere", message_id


def _own_delivery(parsed: ParsedMail) -> Delivery | None:
    return queries.delivery_by_header(parsed.message_id) or queries.delivery_by_header(
        parsed.header(OWN_HEADER)
    )


def _confirm(delivery: Delivery, raw: RawMail, parsed: ParsedMail) -> None:
    """Learn the Message-ID a provider put in place of ours; an uncertain mail did arrive."""
    theirs = parsed.message_id
    if theirs and theirs != delivery.message_header and not delivery.provider_header:
        Delivery.objects.filter(pk=delivery.pk).update(provider_header=theirs[:300])
    if delivery.state == DeliveryState.UNCERTAIN.value:
        afterwards.confirm_sent(delivery_id=delivery.pk, at=raw.received_at)


def _answered_conversation(parsed: ParsedMail) -> int | None:
    """Return the conversation that a reply answers and whose people it was sent to."""
    ids = [*parsed.in_reply_to, *reversed(parsed.references)]
    candidates = queries.conversations_named_by(addresses=[], message_ids=ids)
    candidates += conversation_queries.conversations_with_message_ids(ids)
    candidates += queries.conversations_by_provider_headers(ids)
    recipients = [people.sender(a.email) for a in (*parsed.to, *parsed.cc)]
    for conversation_id in dict.fromkeys(candidates):
        for known in recipients:
            if known is not None and conversation_queries.takes_part(
                conversation_id=conversation_id, customer_id=known.customer_id
            ):
                return conversation_id
    return None
