"""What a shop may take with it: everything it holds, as JSON lines, a row at a time.

The names of the fields are a promise to whoever reads them: they are written out here, so that a
renamed column does not rename them. Moments are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet

from esmero.conversations import queries as conversations
from esmero.kernel.models import EventLink, EventRow
from esmero.people import queries as people
from esmero.promises import queries as promises

CHUNK = 500
Row = dict[str, Any]
T = TypeVar("T")


def _chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _stream(found: QuerySet[Any]) -> Iterator[Any]:
    return found.iterator(chunk_size=CHUNK)


def customers() -> Iterator[Row]:
    """Yield customers with their addresses."""
    for chunk in _chunks(_stream(people.exported_customers())):
        ids = [customer.pk for customer in chunk]
        addresses = people.addresses_among(ids)
        fields = people.panel.values_among(ids)
        tiers = people.tiers.tier_names_of(ids)
        notes: dict[int, list[Row]] = {}
        for note in people.panel.notes_among(ids):
            written = {"at": _moment(note.at), "by": note.by_agent_id, "text": note.text}
            notes.setdefault(note.customer_id, []).append(written)
        consents: dict[int, list[Row]] = {}
        for consent in people.panel.consents_among(ids):
            consents.setdefault(consent.customer_id, []).append(_consent(consent))
        for customer in chunk:
            yield {
                "id": customer.pk,
                "name": customer.name,
                "company": customer.company,
                "language": customer.language,
                "zone": customer.zone,
                "note": customer.note,
                "tier": tiers.get(customer.pk, ""),
                "created_at": _moment(customer.created_at),
                "merged_into": customer.merged_into_id,
                "erased_at": _moment(customer.erased_at),
                "addresses": [
                    {
                        "kind": address.kind,
                        "value": address.value,
                        "is_verified": address.is_verified,
                        "is_primary": address.is_primary,
                        "bounced_at": _moment(address.bounced_at),
                    }
                    for address in addresses.get(customer.pk, [])
                ],
                "fields": fields.get(customer.pk, {}),
                "notes": notes.get(customer.pk, []),
                "consents": consents.get(customer.pk, []),
            }


def _consent(consent: Any) -> Row:
    return {
        "purpose": consent.purpose,
        "text_version": consent.text_version,
        "text": consent.text,
        "given_at": _moment(consent.given_at),
        "how": consent.how,
        "evidence": consent.evidence,
        "withdrawn_at": _moment(consent.withdrawn_at),
        "withdrawn_how": consent.withdrawn_how,
    }


def conversation_rows() -> Iterator[Row]:
    """Yield conversations without their messages."""
    names = {department.pk: department.name for department in people.departments()}
    for row in _stream(conversations.exported_conversations()):
        yield {
            "id": row.pk,
            "kind": row.kind,
            "subject": row.subject,
            "customer": row.customer_id,
            "department": row.department_id,
            "department_name": names.get(row.department_id, ""),
            "owner": row.owner_agent_id,
            "channel": row.channel,
            "language": row.language,
            "state": row.state,
            "is_suspect": row.is_suspect,
            "is_history": row.is_history,
            "is_side": row.is_side,
            "merged_into": row.merged_into_id,
            "opened_at": _moment(row.opened_at),
            "last_message_at": _moment(row.last_message_at),
            "snoozed_until": _moment(row.snoozed_until),
            "message_count": row.message_count,
        }


def messages() -> Iterator[Row]:
    """Yield messages and notes with the names of their files."""
    for chunk in _chunks(_stream(conversations.exported_messages())):
        files = conversations.attachments_of(message.pk for message in chunk)
        for message in chunk:
            yield {
                "id": message.pk,
                "conversation": message.conversation_id,
                "direction": message.direction,
                "channel": message.channel,
                "at": _moment(message.at),
                "sent_at": _moment(message.sent_at),
                "author_agent": message.author_agent_id,
                "author_customer": message.author_customer_id,
                "from_name": message.from_name,
                "from_address": message.from_address,
                "to": message.to,
                "cc": message.cc,
                "bcc": message.bcc,
                "subject": message.subject,
                "text": message.text,
                "quoted": message.quoted,
                "html": message.html,
                "language": message.language,
                "message_id": message.message_id,
                "is_verified": message.is_verified,
                "is_automatic": message.is_automatic,
                "is_withdrawn": message.is_withdrawn,
                "delivery": message.delivery,
                "files": [
                    {"name": file.name, "content_type": file.content_type, "size": file.size}
                    for file in files.get(message.pk, [])
                ],
            }


def promise_rows() -> Iterator[Row]:
    """Yield promises with what became of them."""
    for row in _stream(promises.exported_promises()):
        yield {
            "id": row.pk,
            "kind": row.kind,
            "subject": row.subject_ref,
            "customer": row.customer_id,
            "owner": row.owner_agent_id,
            "department": row.department_id,
            "channel": row.channel,
            "made_at": _moment(row.made_at),
            "due_at": _moment(row.due_at),
            "told_at": _moment(row.told_at),
            "told_by": row.told_by,
            "basis": row.basis,
            "state": row.state,
            "settled_at": _moment(row.settled_at),
            "settled_by": row.settled_by_id,
            "taken_minutes": row.taken_minutes,
            "reason": row.reason,
            "initiative": row.initiative,
            "is_late_on_arrival": row.is_late_on_arrival,
            "successor": row.successor_id,
        }


def events() -> Iterator[Row]:
    """Yield events with the histories they belong to."""
    for chunk in _chunks(_stream(EventRow.objects.order_by("id"))):
        ids = [event.pk for event in chunk]
        refs: dict[int, list[str]] = {}
        for event_id, ref in (
            EventLink.objects.filter(event_id__in=ids)
            .order_by("id")
            .values_list("event_id", "ref")
        ):
            refs.setdefault(event_id, []).append(ref)
        for event in chunk:
            yield {
                "id": event.pk,
                "kind": event.kind,
                "version": event.version,
                "at": _moment(event.at),
                "actor": event.actor,
                "data": event.data,
                "refs": refs.get(event.pk, []),
            }


EXPORTS: dict[str, Callable[[], Iterator[Row]]] = {
    "conversations": conversation_rows,
    "messages": messages,
    "promises": promise_rows,
    "customers": customers,
    "events": events,
}
