"""What comes from our own pages: the contact form, and what a customer adds to a conversation.

Raw first, as with mail: the form is stored and committed, then filed; a form that could not be
filed at once is filed by the worker, and one that never can is shown in quarantine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import IntegrityError, transaction

from esmero.channels import queries
from esmero.channels.actions import outbox
from esmero.channels.enums import Judgement, RawState
from esmero.channels.errors import TooManyForms
from esmero.channels.models import WebForm
from esmero.channels.rules import repeating
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.conversations.enums import Channel, Chip
from esmero.kernel import jobs, signing
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import storable
from esmero.kernel.transactions import action
from esmero.people import actions as people_actions
from esmero.people import queries as people
from esmero.people.enums import AddressKind
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation

log = structlog.get_logger(__name__)
ATTEMPTS_MOST = 5
_FOR_IP = "form-ip"
LINKS = "links"


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file of a form; its bytes are stored already."""

    name: str
    content_type: str
    size: int
    blob_id: int


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the contact form, checked by the page but not believed.

    `once` is made by the page when it is shown (`outbox.new_once`); `ip` is where it came from.
    """

    once: str
    name: str
    email: str
    subject: str
    text: str
    department_id: int | None
    ip: str
    language: str = ""
    files: Sequence[FormFile] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a form. While it is not filed yet, `conversation_id` is None."""

    form_id: int
    conversation_id: int | None
    due_at: datetime | None


def accept_form(*, form: Form, at: datetime) -> Accepted:
    """Store a contact form, file it, and return its conversation with the time that is promised.

    It always opens a conversation of its own: anybody can type any address, so nothing that is
    there already is joined or shown. The same form again (`once`) returns what the first one made.
    Raises TooManyForms, InvalidInput.
    """
    if "@" not in form.email or not form.text.strip():
        raise InvalidInput(field="email" if "@" not in form.email else "text")
    stored = _store(
        once=form.once,
        email=people.normalise_email(form.email),
        ip=form.ip,
        conversation_id=None,
        data={
            "name": form.name,
            "subject": form.subject,
            "text": form.text,
            "department": form.department_id,
            "language": form.language,
        },
        files=form.files,
        at=at,
    )
    return _filed(stored, at=at)


def accept_addition(
    *,
    conversation_id: int,
    once: str,
    text: str,
    ip: str,
    files: Sequence[FormFile] = (),
    customer_id: int | None = None,
    at: datetime,
) -> Accepted:
    """Store what a customer adds on the page of a conversation, and file it there.

    Whoever holds the page's link writes as its customer: it went to that address alone, which is
    thereby verified. `customer_id`: whose page it is where others take part. Raises TooManyForms,
    InvalidInput, NotFound.
    """
    conversation = conversation_queries.conversation(conversation_id)
    if conversation is None:
        raise NotFound(conversation_id=conversation_id)
    if customer_id is not None and customer_id != conversation.customer_id:
        email = people.main_addresses_of([customer_id]).get(customer_id, "")
    else:
        email = address_of(conversation)
    if not text.strip() and not files:
        raise InvalidInput(field="text")
    stored = _store(
        once=once,
        email=email,
        ip=ip,
        conversation_id=conversation_id,
        data={"text": text},
        files=files,
        at=at,
    )
    return _filed(stored, at=at)


def request_links(*, email: str, ip: str, once: str, at: datetime) -> None:
    """Send the links of an address's enquiries to that address, if it has any.

    The asker learns nothing from it: known and unknown addresses are answered alike. Raises
    TooManyForms, InvalidInput.
    """
    address = people.normalise_email(email)
    if "@" not in address:
        raise InvalidInput(field="email")
    stored = _store(
        once=once, email=address, ip=ip, conversation_id=None, data={"wish": LINKS}, files=(),
        at=at, state=RawState.IGNORED, reason=LINKS,
    )  # fmt: skip
    known = people.sender(address)
    if stored.at != at or known is None or address in queries.own_addresses():
        return
    seats = conversation_queries.seats_of_customer(known.customer_id, limit=1)
    if seats:
        latest = seats[0].conversation
        outbox.enqueue_automatic(
            template=LINKS,
            conversation_id=latest.pk,
            to=(known.name, address),
            language=latest.language or known.language or the_shop().language,
            at=at,
        )


def refuse_form(*, once: str, email: str, ip: str, reason: str, at: datetime) -> None:
    """Keep a row of what a machine sent (a filled honeypot), and do nothing with it."""
    try:
        with transaction.atomic():
            WebForm.objects.create(
                once=once[:64],
                email=storable(email)[:320],
                ip_digest=ip_digest(ip),
                at=at,
                state=RawState.IGNORED.value,
                reason=reason,
                filed_at=at,
            )
    except IntegrityError:
        return  # the very same row is there already


def ip_digest(ip: str) -> str:
    """Return what is kept of a network address: enough to count, too little to name."""
    return signing.sign(_FOR_IP, ip) if ip else ""


def address_of(conversation: Conversation) -> str:
    """Return the address under which a conversation's customer writes; '' when there is none."""
    last = conversation_queries.last_of_customer(conversation)
    if last is not None and "@" in last.from_address:
        return people.normalise_email(last.from_address)
    if not conversation.customer_id:
        return ""
    known = people.addresses_of(conversation.customer_id)
    found = known.filter(kind=AddressKind.EMAIL.value).first()
    return found.value if found is not None else ""


def _store(
    *,
    once: str,
    email: str,
    ip: str,
    conversation_id: int | None,
    data: dict[str, object],
    files: Sequence[FormFile],
    at: datetime,
    state: RawState = RawState.STORED,
    reason: str = "",
) -> WebForm:
    earlier = WebForm.objects.filter(once=once).first()
    if earlier is not None:
        return earlier
    digest = ip_digest(ip)
    since = at - repeating.FORMS_WITHIN
    if digest and queries.forms_from(ip_digest=digest, since=since) >= repeating.FORMS_OF_ONE_IP:
        raise TooManyForms(minutes=repeating.FORMS_WITHIN // timedelta(minutes=1))
    if queries.forms_of(email=email, since=since) >= repeating.FORMS_OF_ONE_ADDRESS:
        raise TooManyForms(minutes=repeating.FORMS_WITHIN // timedelta(minutes=1))
    facts = {k: storable(v) if isinstance(v, str) else v for k, v in data.items()}
    facts["files"] = [
        {"name": storable(f.name), "type": f.content_type, "size": f.size, "blob": f.blob_id}
        for f in files
    ]
    try:
        with transaction.atomic():
            form = WebForm.objects.create(
                once=once[:64],
                conversation_id=conversation_id,
                email=email[:320],
                ip_digest=digest,
                data=facts,
                at=at,
                state=state.value,
                reason=reason,
            )
            jobs.wake_after_commit("forms")
    except IntegrityError:  # a double click: the first one is being filed
        return WebForm.objects.get(once=once)
    return form


def _filed(form: WebForm, *, at: datetime) -> Accepted:
    """File a form now; whatever hinders it, the form is stored and the worker tries again."""
    try:
        _file(form.pk, at=at)
    except Exception as error:  # noqa: BLE001  an entry: it is stored, so nothing is lost
        log.warning("form_not_filed_yet", form=form.pk, error=type(error).__name__)
        _count_attempt(form.pk, error, at=at)
    return _accepted(WebForm.objects.select_related("message__conversation").get(pk=form.pk))


def _accepted(form: WebForm) -> Accepted:
    conversation = form.message.conversation if form.message else None
    if conversation is None:
        return Accepted(form.pk, None, None)
    is_promised = conversation.chip == Chip.OPEN.value
    return Accepted(form.pk, conversation.pk, conversation.chip_at if is_promised else None)


def accepted_form(*, form_id: int) -> Accepted | None:
    """Return what became of a form, for the page that says so."""
    form = WebForm.objects.select_related("message__conversation").filter(pk=form_id).first()
    return _accepted(form) if form is not None else None


def file_form_one(*, at: datetime) -> bool:
    """File the oldest stored form and say whether there was one."""
    waiting = (
        WebForm.objects.filter(state=RawState.STORED.value)
        .exclude(retry_at__gt=at)
        .order_by("id")
        .values_list("id", flat=True)
        .first()
    )
    if waiting is None:
        return False
    try:
        _file(waiting, at=at)
    except Exception as error:  # noqa: BLE001  an entry: one bad form must not stop the next
        log.warning("form_not_filed_yet", form=waiting, error=type(error).__name__)
        _count_attempt(waiting, error, at=at)
    return True


def _count_attempt(form_id: int, error: Exception, *, at: datetime) -> None:
    with transaction.atomic():
        form = WebForm.objects.select_for_update().get(pk=form_id)
        if form.state != RawState.STORED.value:
            return
        form.attempts += 1
        form.detail = f"{type(error).__name__}: {error}"[:2000]
        form.retry_at = at + timedelta(seconds=5 * form.attempts)
        if form.attempts >= ATTEMPTS_MOST:
            form.state, form.reason = RawState.QUARANTINED.value, "unreadable"
        form.save(update_fields=["attempts", "detail", "retry_at", "state", "reason"])


@action
def _file(form_id: int, *, at: datetime) -> None:
    form = WebForm.objects.select_for_update().get(pk=form_id)
    if form.state != RawState.STORED.value:
        return
    contact = _addition(form) if form.conversation_id else _contact(form)
    received = conversations.receive(contact=contact, at=at)
    if form.conversation_id:
        known = people.sender(form.email)
        if known is not None and not known.is_verified:
            people_actions.verify_address(address_id=known.address_id)
    form.state, form.message_id = RawState.FILED.value, received.message_id
    form.filed_at = at
    form.save(update_fields=["state", "message_id", "filed_at"])
    if received.acknowledges and form.email not in queries.own_addresses():
        outbox.enqueue_automatic(
            template="acknowledgement",
            conversation_id=received.conversation_id,
            to=(contact.sender_name, form.email),
            language=contact.language or the_shop().language,
            at=at,
            promise_id=received.promise_id,
        )


def _contact(form: WebForm) -> conversations.Contact:
    data = form.data
    wanted = data.get("department")
    offered = {d.pk for d in people.departments()}
    box = queries.mailbox_of_department(wanted if wanted in offered else None)
    is_blocked = queries.judgement_of(form.email) is Judgement.BLOCK
    return conversations.Contact(
        channel=Channel.FORM.value,
        sender_email=form.email,
        sender_name=str(data.get("name", "")),
        subject=str(data.get("subject", "")),
        text=str(data.get("text", "")),
        language=str(data.get("language", "")),
        received_at=form.at,
        department_id=wanted if wanted in offered else people.default_department_id(),
        inbox_ref=ref("mailbox", box.pk) if box else "",
        source_ref=ref("form", form.pk),
        # Anybody can type any address into a form.
        is_verified=False,
        is_suspect=is_blocked,
        suspicion=("blocked",) if is_blocked else (),
        files=_files(form),
    )


def _addition(form: WebForm) -> conversations.Contact:
    conversation = conversation_queries.conversation(form.conversation_id or 0)
    if conversation is None:
        raise NotFound(conversation_id=form.conversation_id)
    known = people.sender(form.email)
    return conversations.Contact(
        channel=Channel.PORTAL.value,
        sender_email=form.email,
        sender_name=known.name if known else "",
        subject=conversation.subject,
        text=str(form.data.get("text", "")),
        language=conversation.language,
        received_at=form.at,
        candidates=(conversation.pk,),
        inbox_ref=conversation.inbox_ref,
        source_ref=ref("form", form.pk),
        files=_files(form),
    )


def _files(form: WebForm) -> list[conversations.FileFact]:
    return [
        conversations.FileFact(
            name=str(f["name"]),
            content_type=str(f["type"]),
            size=int(f["size"]),
            blob_id=int(f["blob"]),
        )
        for f in form.data.get("files", [])
    ]
