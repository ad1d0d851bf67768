"""Reads of channels."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape, unescape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from esmero.channels.enums import DeliveryState, Judgement, RawState, Source
from esmero.channels.models import Delivery, FolderCursor, Mailbox, RawMail, SenderRule, WebForm
from esmero.channels.parsing import SafeHtml, attachment_bytes, sanitise_html
from esmero.channels.reads.deliveries import automatic_of as automatic_of
from esmero.channels.reads.deliveries import (
    conversations_by_provider_headers as conversations_by_provider_headers,
)
from esmero.channels.reads.deliveries import deliveries as deliveries
from esmero.channels.reads.deliveries import deliveries_by_state as deliveries_by_state
from esmero.channels.reads.deliveries import deliveries_of_messages as deliveries_of_messages
from esmero.channels.reads.deliveries import delivery as delivery
from esmero.channels.reads.deliveries import delivery_by_header as delivery_by_header
from esmero.channels.reads.deliveries import delivery_of_message as delivery_of_message
from esmero.channels.reads.deliveries import late_batch as late_batch
from esmero.channels.reads.deliveries import next_delivery_at as next_delivery_at
from esmero.channels.reads.deliveries import troubled as troubled
from esmero.channels.rules import addressing
from esmero.kernel import files, signing
from esmero.kernel.composed import composed
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import id_of

if TYPE_CHECKING:
    from esmero.conversations.models import Attachment

# -- mailboxes ----------------------------------------------------------------


def mailboxes() -> QuerySet[Mailbox]:
    """Return all mailboxes, active ones first."""
    return Mailbox.objects.select_related("department").order_by("-is_active", "id")


def mailbox(mailbox_id: int) -> Mailbox | None:
    """Return one mailbox."""
    return next(iter(_mailbox(mailbox_id)), None)


@composed
def _mailbox(mailbox_id: int) -> QuerySet[Mailbox]:
    return Mailbox.objects.select_related("department").filter(pk=mailbox_id)


class _Kept:
    """Mailboxes and sender rules as every mail asks for them: read again after two seconds."""

    SECONDS = 2.0
    RULES_MOST = 5000

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.boxes: dict[int, Mailbox] = {}
        self.by_address: dict[str, Mailbox] = {}
        self.rules: dict[str, str] | None = {}

    def fresh(self) -> _Kept:
        now = time.monotonic()
        if now - self.read_at >= self.SECONDS:
            self.boxes = {box.pk: box for box in Mailbox.objects.all()}
            self.by_address = {box.address.lower(): box for box in self.boxes.values()}
            rules = SenderRule.objects.values_list("pattern", "judgement")
            found = dict(rules[: self.RULES_MOST])
            # So many rules are asked for one by one.
            self.rules = found if len(found) < self.RULES_MOST else None
            self.read_at = now
        return self


_kept = _Kept()


def forget() -> None:
    """Drop what this process keeps (after a change, and between tests)."""
    _kept.read_at = float("-inf")


def kept_mailbox(mailbox_id: int | None) -> Mailbox | None:
    """Return a mailbox as it was at most two seconds ago, for reading only."""
    return _kept.fresh().boxes.get(mailbox_id) if mailbox_id else None


def mailbox_of_address(address: str) -> Mailbox | None:
    """Return the active mailbox that an address, with or without plus part, belongs to."""
    known = _kept.fresh().by_address
    for one in (address.strip().lower(), addressing.without_tag(address)):
        box = known.get(one)
        if box is not None and box.is_active:
            return box
    return None


def mailbox_of_inbox_ref(inbox_ref: str) -> Mailbox | None:
    """Return the mailbox that a conversation came through."""
    pk = id_of(inbox_ref, "mailbox")
    return mailbox(pk) if pk else None


def own_addresses() -> set[str]:
    """Return the addresses of all mailboxes, lower case."""
    return set(_kept.fresh().by_address)


def cursors_of(mailbox_id: int) -> dict[str, FolderCursor]:
    """Return how far each folder has been fetched, by folder."""
    return {c.folder: c for c in FolderCursor.objects.filter(mailbox_id=mailbox_id)}


@dataclass(frozen=True, slots=True)
class Health:
    """How a mailbox does. `silent_for` is set when it is quiet for longer than it ever is."""

    mailbox: Mailbox
    is_failing: bool
    silent_for: timedelta | None
    waiting: int
    quarantined: int


def health(*, at: datetime) -> list[Health]:
    """Return the state of every active mailbox."""
    counts: dict[int | None, Any] = {row["mailbox_id"]: row for row in _unfiled()}
    found = []
    for box in _active():
        row = counts.get(box.pk, {})
        found.append(
            Health(
                mailbox=box,
                is_failing=box.failing_since is not None,
                silent_for=_silence(box, at),
                waiting=row.get("waiting", 0),
                quarantined=row.get("quarantined", 0),
            )
        )
    return found


@composed
def _unfiled() -> QuerySet[RawMail, Any]:
    """How many mails of each mailbox wait or are in quarantine."""
    return (
        RawMail.objects.filter(state__in=[RawState.STORED.value, RawState.QUARANTINED.value])
        .values("mailbox_id")
        .annotate(
            waiting=Count("id", filter=Q(state=RawState.STORED.value)),
            quarantined=Count("id", filter=Q(state=RawState.QUARANTINED.value)),
        )
    )


@composed
def _active() -> QuerySet[Mailbox]:
    return mailboxes().filter(is_active=True)


def _silence(box: Mailbox, at: datetime) -> timedelta | None:
    """Return how long no mail came, when that is longer than twice this mailbox's longest usual
    gap.

    The usual gap is the 95th percentile between the last 200 mails: with fewer than 20 there is no
    habit to compare with.
    """
    if box.last_mail_at is None:
        return None
    moments = list(
        RawMail.objects.filter(mailbox=box, source=Source.IMAP.value, is_history=False)
        .order_by("-id")
        .values_list("received_at", flat=True)[:200]
    )
    if len(moments) < 20:
        return None
    moments.sort()
    gaps = sorted(b - a for a, b in pairwise(moments))
    usual = max(gaps[int(0.95 * (len(gaps) - 1))] * 2, timedelta(hours=2))
    silence = at - moments[-1]
    return silence if silence > usual else None


# -- raw mail -----------------------------------------------------------------


def raw_mail(raw_id: int) -> RawMail | None:
    """Return a raw mail's row."""
    return RawMail.objects.select_related("mailbox", "blob").filter(pk=raw_id).first()


def raw_bytes(raw: RawMail) -> bytes:
    """Return a mail exactly as it came. Raises FileMissing."""
    if raw.data is not None:
        return bytes(raw.data)
    assert raw.blob is not None  # noqa: S101  a constraint says so
    return files.read(raw.blob)


def conversation_of_raw(raw_id: int) -> int | None:
    """Return the conversation that a raw mail was filed into."""
    return (
        RawMail.objects.filter(pk=raw_id)
        .values_list("message__conversation_id", flat=True)
        .first()
    )


def quarantine() -> QuerySet[RawMail]:
    """Return the mails that wait for a person, newest first."""
    return (
        RawMail.objects.filter(state=RawState.QUARANTINED.value)
        .defer("data")
        .select_related("mailbox")
        .order_by("-id")
    )


def ignored() -> QuerySet[RawMail]:
    """Return the mails that were set aside, each with its reason, newest first."""
    return (
        RawMail.objects.filter(state=RawState.IGNORED.value)
        .defer("data")
        .select_related("mailbox")
        .order_by("-id")
    )


def oldest_unfiled_at() -> datetime | None:
    """Return when the mail that waits longest to be filed was stored."""
    return (
        RawMail.objects.filter(state=RawState.STORED.value)
        .order_by("id")
        .values_list("stored_at", flat=True)
        .first()
    )


def unfiled_before(moment: datetime) -> int:
    """Return how many mails were stored before a moment and are not yet filed."""
    return RawMail.objects.filter(state=RawState.STORED.value, stored_at__lt=moment).count()


def bytes_of_attachment(file: Attachment) -> bytes:
    """Return a file's bytes, from its own blob or out of the raw mail. Raises NotFound,
    FileMissing.
    """
    if file.blob is not None:
        return files.read(file.blob)
    raw_id = id_of(file.raw_ref, "raw")
    raw = raw_mail(raw_id) if raw_id else None
    if raw is None or file.part_number is None:
        raise NotFound(token=file.token)
    return attachment_bytes(raw_bytes(raw), file.part_number)


_REMOTE_IMAGE = re.compile(r'(<img\b[^>]*?\ssrc=")(https?://[^"]+)(")', re.IGNORECASE)


def safe_html_of(
    html: str, *, cid_urls: Mapping[str, str], proxied: Callable[[str], str] | None = None
) -> SafeHtml:
    """Return a mail's HTML as it may be shown in a sandboxed frame.

    `cid_urls`: addresses of its inline images by content id. Remote images are left out, or, with
    `proxied`, asked for at the address that it gives for theirs.
    """
    safe = sanitise_html(html, cid_urls=cid_urls, allow_remote_images=proxied is not None)
    if proxied is None:
        return safe

    def through(match: re.Match[str]) -> str:
        return match[1] + escape(proxied(unescape(match[2])), quote=True) + match[3]

    return SafeHtml(_REMOTE_IMAGE.sub(through, safe.html), safe.blocked_images)


# -- senders ------------------------------------------------------------------


def judgement_of(address: str) -> Judgement | None:
    """Return what the shop has said about a sender: the address goes before its domain."""
    address = address.lower()
    patterns = [address, "@" + address.rpartition("@")[2]]
    found = _kept.fresh().rules
    if found is None:
        rules = SenderRule.objects.filter(pattern__in=patterns)
        found = dict(rules.values_list("pattern", "judgement"))
    for pattern in patterns:
        if pattern in found:
            return Judgement(found[pattern])
    return None


def sender_rules() -> QuerySet[SenderRule]:
    """Return all rules, newest first."""
    return SenderRule.objects.select_related("by_agent").order_by("-at")


def automatic_mails_to(address: str, *, since: datetime) -> int:
    """Return how many automatic mails were made for an address since a moment."""
    return len(_automatic(address.lower(), since))


@composed
def _automatic(address: str, since: datetime) -> QuerySet[Delivery, Any]:
    found = Delivery.objects.filter(counted_to=address, created_at__gte=since)
    return found.exclude(state=DeliveryState.CANCELLED.value).values_list("id")


# -- forms --------------------------------------------------------------------


def forms_from(*, ip_digest: str, since: datetime) -> int:
    """Return how many forms came from one network address since a moment."""
    return WebForm.objects.filter(ip_digest=ip_digest, at__gte=since).count()


def forms_of(*, email: str, since: datetime) -> int:
    """Return how many forms were sent under one mail address since a moment."""
    return WebForm.objects.filter(email=email, at__gte=since).count()


def troubled_forms() -> QuerySet[WebForm]:
    """Return the forms that could not be filed, newest first."""
    return WebForm.objects.filter(state=RawState.QUARANTINED.value).order_by("-id")


def mailbox_of_department(department_id: int | None) -> Mailbox | None:
    """Return the mailbox that answers for a department, else the first one there is."""
    boxes = Mailbox.objects.filter(is_active=True).order_by("id")
    own = boxes.filter(department_id=department_id).first() if department_id else None
    return own or boxes.first()


# -- names of ours in others' mail --------------------------------------------


def believed(claim: addressing.Claim | None) -> int | None:
    """Return the conversation of a claim whose signature is ours."""
    if claim is None or not signing.is_signed(claim.purpose, claim.value, claim.signature):
        return None
    return claim.conversation_id


def is_ours(message_id: str) -> bool:
    """Say whether a Message-ID was made here."""
    return believed(addressing.claim_of_message_id(message_id)) is not None


def conversations_named_by(*, addresses: Iterable[str], message_ids: Iterable[str]) -> list[int]:
    """Return the conversations whose signed names occur, addresses first; each once."""
    claims = [addressing.claim_of_address(a) for a in addresses]
    claims += [addressing.claim_of_message_id(m) for m in message_ids]
    found = [believed(claim) for claim in claims if claim is not None]
    return list(dict.fromkeys(pk for pk in found if pk is not None))
