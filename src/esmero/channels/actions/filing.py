"""Filing: a stored raw mail becomes a message with its promise and acknowledgement, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F, QuerySet

from esmero.channels import queries
from esmero.channels.actions import backflow, outbox, senders
from esmero.channels.enums import Judgement, Mark, RawState, Source
from esmero.channels.events import MailQuarantined
from esmero.channels.models import Mailbox, RawMail
from esmero.channels.parsing import Address, ParsedMail, parse_mail
from esmero.channels.parsing.spam import SenderHistory, spam_score
from esmero.channels.parsing.thanks import is_mere_thanks
from esmero.channels.rules import addressing
from esmero.channels.rules.repeating import AUTOMATIC_A_DAY
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import Channel
from esmero.kernel import events, failpoints, in_hand, written
from esmero.kernel.composed import composed
from esmero.kernel.refs import ref
from esmero.people import actions as people_actions
from esmero.people import queries as people
from esmero.shop.queries import the_shop

log = structlog.get_logger(__name__)
ATTEMPTS_MOST = 5
IN_HAND: Final = "filing"


def file_one(*, at: datetime) -> bool:
    """File the oldest stored mail and say whether there was one.

    One transaction a mail. A mail that cannot be filed goes to quarantine with its reason and
    never stops the next one; trouble with the database leaves it where it is. Publishes
    MailQuarantined.
    """
    claimed: int | None = None
    try:
        with transaction.atomic(), events.gathered():
            raw = _next(at=at)
            if raw is None:
                return False
            claimed = raw.pk
            if raw.attempts >= ATTEMPTS_MOST:
                _quarantine(raw, "too_many_attempts", raw.detail, at=at)
                return True
            with in_hand.held(IN_HAND, raw.pk):
                failpoints.reached("file.claimed")
                _file(raw, at=at)
                failpoints.reached("file.before_commit")
    except (IntegrityError, DataError) as error:
        if claimed is None:
            raise
        # Somebody filed its twin at this moment, or a value that the database will not hold.
        _count_attempt(claimed, error, at=at)
    except Exception as error:
        if claimed is None or _is_database_trouble(error):
            raise
        log.warning("filing_failed", raw=claimed, error=type(error).__name__, exc_info=True)
        with transaction.atomic():
            raw = RawMail.objects.select_for_update().get(pk=claimed)
            _quarantine(raw, "unreadable", f"{type(error).__name__}: {error}", at=at)
    failpoints.reached("file.committed")
    return True


def count_unfinished(*, at: datetime) -> int:
    """Count an attempt for each mail at which a process of this machine was killed; return how
    many.

    Called before filing begins anew: a mail that kills its reader (memory, a fault in a library)
    is read `ATTEMPTS_MOST` times, then it lies in quarantine.
    """
    killed = in_hand.left_by_the_dead(IN_HAND)
    for raw_id in killed:
        RawMail.objects.filter(pk=raw_id, state=RawState.STORED.value).update(
            attempts=F("attempts") + 1, detail="reader_died"
        )
        log.warning("reader_died", raw=raw_id)
    return len(killed)


def _next(*, at: datetime) -> RawMail | None:
    """Return the oldest stored mail that nobody else is filing, locked."""
    found = _waiting(at)
    return found[0] if found else None


@composed
def _waiting(at: datetime) -> QuerySet[RawMail]:
    found = RawMail.objects.select_for_update(skip_locked=True)
    found = found.filter(state=RawState.STORED.value).exclude(retry_at__gt=at)
    return found.order_by("id")[:1]


@composed
def _twins(identity: str) -> QuerySet[RawMail]:
    found = RawMail.objects.filter(identity=identity, state=RawState.FILED.value)
    return found.only("message_id", "mailbox_id", "flags")[:1]


def _is_database_trouble(error: Exception) -> bool:
    return isinstance(error, (InterfaceError, OperationalError, MemoryError))


def _count_attempt(raw_id: int, error: Exception, *, at: datetime) -> None:
    log.info("filing_again", raw=raw_id, error=type(error).__name__)
    with transaction.atomic():
        raw = RawMail.objects.select_for_update().get(pk=raw_id)
        raw.attempts += 1
        raw.detail = f"{type(error).__name__}: {error}"[:2000]
        raw.retry_at = at + timedelta(milliseconds=50 * raw.attempts)
        raw.save(update_fields=["attempts", "detail", "retry_at"])


def _quarantine(raw: RawMail, reason: str, detail: str, *, at: datetime) -> None:
    raw.state, raw.reason, raw.detail = RawState.QUARANTINED.value, reason, detail[:2000]
    raw.filed_at = at
    raw.save(update_fields=["state", "reason", "detail", "filed_at"])
    events.publish([(MailQuarantined(raw_id=raw.pk), [])], at=at, actor="system")


def _ignore(raw: RawMail, reason: str, *, at: datetime, message_id: int | None = None) -> None:
    raw.state, raw.reason = RawState.IGNORED.value, reason
    raw.message_id, raw.filed_at = message_id, at
    raw.save(update_fields=["state", "reason", "message_id", "filed_at"])


@dataclass(slots=True)
class _Mail:
    """A raw mail with its reading and what was found out about it."""

    raw: RawMail
    parsed: ParsedMail
    box: Mailbox | None
    own: set[str]


def _file(raw: RawMail, *, at: datetime) -> None:
    if Mark.UNFETCHABLE in raw.flags:
        # What is stored is the transport's note, not the mail: there is nothing to read.
        said = queries.raw_bytes(raw).decode("utf-8", "replace").partition(": ")[2]
        _quarantine(raw, Mark.UNFETCHABLE.value, said.strip(), at=at)
        return
    box = queries.kept_mailbox(raw.mailbox_id) or _box_of_envelope(raw)
    trusted = tuple(box.authserv_ids) if box else ()
    parsed = parse_mail(queries.raw_bytes(raw), trusted_authserv_ids=trusted)
    failpoints.reached("file.parsed")
    raw.identity = parsed.identity_hash
    mail = _Mail(raw=raw, parsed=parsed, box=box, own=queries.own_addresses())
    found = _twins(raw.identity) if raw.identity else []
    if found:
        is_cleared = _is_taken_from_junk(raw, found[0]) and senders.clear_suspicion_of(
            message_id=found[0].message_id, at=at
        )
        reason = "taken_from_junk" if is_cleared else "duplicate"
        _ignore(raw, reason, at=at, message_id=found[0].message_id)
        return
    if raw.source == Source.SENT.value:
        reason, message_id = backflow.file_sent(raw, parsed, at=at)
        _done(raw, reason, message_id, at=at)
        return
    if queries.is_ours(parsed.message_id):
        _ignore(raw, "own", at=at)
        return
    if parsed.is_bounce:
        reason, message_id = backflow.file_bounce(parsed, at=at)
        _done(raw, reason, message_id, at=at)
        return
    if parsed.is_report:
        reason = backflow.file_report(raw, parsed, at=at)
        _done(raw, reason, None, at=at)
        return
    _file_contact(mail, at=at)


def _is_taken_from_junk(raw: RawMail, twin: RawMail) -> bool:
    """Say whether a mail of the Junk folder now lies in the same mailbox's inbox."""
    return (
        raw.source == Source.IMAP.value
        and raw.mailbox_id is not None
        and raw.mailbox_id == twin.mailbox_id
        and Mark.JUNK in twin.flags
        and Mark.JUNK not in raw.flags
    )


def _done(raw: RawMail, reason: str, message_id: int | None, *, at: datetime) -> None:
    """Store the verdict of the ways back: filed when it changed something, else ignored
    and why.
    """
    if message_id is None:
        _ignore(raw, reason, at=at)
        return
    raw.state, raw.reason, raw.message_id = RawState.FILED.value, reason, message_id
    raw.filed_at = at
    raw.save(update_fields=["state", "reason", "message_id", "filed_at", "identity"])


def _box_of_envelope(raw: RawMail) -> Mailbox | None:
    for address in raw.envelope_to:
        box = queries.mailbox_of_address(address)
        if box is not None:
            return box
    return None


def _sender(mail: _Mail) -> Address | None:
    """Return who wrote: From; its Reply-To when From is one of ours (a shop's own contact form);
    the original sender when one of the team forwards by hand."""
    parsed = mail.parsed
    sender = parsed.sender
    address = sender.email.lower()
    reply_to = next((a for a in parsed.reply_to if "@" in a.email), None)
    if "@" not in address:
        return reply_to
    if address in mail.own:
        if reply_to is not None and reply_to.email.lower() not in mail.own:
            return reply_to
        if parsed.forwarded is not None and "@" in parsed.forwarded.sender.email:
            return parsed.forwarded.sender
    elif (
        parsed.forwarded is not None
        and "@" in parsed.forwarded.sender.email
        and people.agent_by_email(address) is not None
    ):
        return parsed.forwarded.sender
    return sender


def _file_contact(mail: _Mail, *, at: datetime) -> None:
    raw, parsed = mail.raw, mail.parsed
    sender = _sender(mail)
    if sender is None:
        _quarantine(raw, "no_sender", ", ".join(parsed.sender_defects), at=at)
        return
    address = sender.email.strip().lower()
    is_own_sender = parsed.sender.email.lower() in mail.own and sender is parsed.sender
    known = people.sender(address)
    candidates = _candidates(mail)
    is_automatic = parsed.is_auto or parsed.is_list or parsed.is_bulk
    suspicion = _suspicion(mail, address, known, bool(candidates))
    is_redirected = sender is not parsed.sender
    received = conversations.receive(
        contact=conversations.Contact(
            channel=Channel.MAIL.value,
            sender_email=address,
            sender_name=sender.name,
            subject=parsed.subject,
            text=parsed.visible_text,
            quoted=parsed.quoted_text,
            html=parsed.visible_html,
            language=parsed.language or (known.language if known else ""),
            sent_at=parsed.sent_at,
            received_at=raw.received_at,
            to=[(a.name, a.email) for a in parsed.to],
            cc=[(a.name, a.email) for a in parsed.cc],
            message_id=parsed.message_id,
            references=" ".join((*parsed.references, *parsed.in_reply_to)[-20:]),
            source_ref=ref("raw", raw.pk),
            inbox_ref=ref("mailbox", mail.box.pk) if mail.box else "",
            department_id=_department_id(mail.box),
            candidates=candidates,
            is_verified=not parsed.sender_defects
            and not is_redirected
            and parsed.auth.dmarc != "fail",
            verdict={
                "spf": parsed.auth.spf,
                "dkim": parsed.auth.dkim,
                "dmarc": parsed.auth.dmarc,
                "defects": list(parsed.sender_defects),
                **({"truncated": True} if Mark.TRUNCATED in raw.flags else {}),
            },
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
            is_mere_thanks=is_mere_thanks(parsed.visible_text, parsed.language)
            and not parsed.attachments,
            is_automatic=is_automatic,
            is_suspect=bool(suspicion) and not is_automatic,
            suspicion=suspicion,
            is_history=raw.is_history,
            waited_since=raw.waited_since,
            sender=known if known is not None and known.name else None,
            is_new_sender=known is None,
        ),
        at=at,
    )
    if known is not None and not known.is_verified and not is_redirected:
        _verify(mail, known, received)
    failpoints.reached("file.received")
    raw.state, raw.message_id = RawState.FILED.value, received.message_id
    raw.filed_at, raw.reason = at, "automatic" if is_automatic else ""
    written.update(raw, ["state", "message", "filed_at", "reason", "identity"])
    if received.acknowledges and not is_own_sender:
        _acknowledge(mail, received, (sender.name, address), at=at)


def _verify(mail: _Mail, known: people.KnownSender, received: conversations.Received) -> None:
    """An address that answers mail of ours, by its signed name, has shown that it gets it."""
    ids = (*mail.parsed.in_reply_to, *mail.parsed.references)
    answered = queries.conversations_named_by(addresses=[], message_ids=ids)
    if not mail.parsed.sender_defects and received.conversation_id in answered:
        people_actions.verify_address(address_id=known.address_id)


def _department_id(box: Mailbox | None) -> int | None:
    if box is not None and box.department_id is not None:
        return box.department_id
    return people.default_department_id()


def _candidates(mail: _Mail) -> list[int]:
    """Return the conversations this may belong to: our signed names first, then Message-IDs."""
    parsed = mail.parsed
    ids = [*parsed.in_reply_to, *reversed(parsed.references)]
    addresses = [
        *mail.raw.envelope_to,
        *(a.email for a in (*parsed.to, *parsed.cc, *parsed.delivered_to)),
    ]
    named = queries.conversations_named_by(addresses=addresses, message_ids=ids)
    if not ids:
        return named
    foreign = [i for i in ids if addressing.claim_of_message_id(i) is None]
    if foreign:
        named += conversation_queries.conversations_with_message_ids(foreign)
        named += queries.conversations_by_provider_headers(foreign)
    return list(dict.fromkeys(named))


def _suspicion(
    mail: _Mail, address: str, known: people.KnownSender | None, is_reply_to_us: bool
) -> Sequence[str]:
    """Return why a mail is suspected to be spam; empty when it is not."""
    if mail.raw.is_history:
        return ()
    judgement = queries.judgement_of(address)
    past = conversation_queries.past_of(known.customer_id) if known else None
    verdict = spam_score(
        mail.parsed,
        history=SenderHistory(
            is_blocked=judgement is Judgement.BLOCK,
            is_trusted=judgement is Judgement.TRUST,
            is_customer=past is not None and past.contacts > 0,
            is_reply_to_us=is_reply_to_us and known is not None,
            answered_mails=past.answered if past else 0,
            spam_mails=past.suspected if past else 0,
        ),
        flags=tuple(mail.raw.flags),
    )
    return verdict.reasons if verdict.is_suspicious else ()


def _acknowledge(
    mail: _Mail, received: conversations.Received, to: tuple[str, str], *, at: datetime
) -> None:
    since = at - timedelta(hours=24)
    if queries.automatic_mails_to(to[1], since=since) >= AUTOMATIC_A_DAY:
        return
    outbox.enqueue(
        template="acknowledgement",
        conversation_id=received.conversation_id,
        to=to,
        language=mail.parsed.language or the_shop().language,
        at=at,
        promise_id=received.promise_id,
        context={"apologises": received.apologises},
        box=mail.box,
    )
    failpoints.reached("file.acknowledged")
