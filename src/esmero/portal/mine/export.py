"""All that is known of a customer, as she takes it with her."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from esmero.conversations import queries as conversations
from esmero.conversations.enums import Direction
from esmero.kernel.composed import composed
from esmero.kernel.refs import ref
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.shop.queries import the_shop

CONVERSATIONS_MOST = 1000
_promises_of = composed(promises.promises_of)


def of_customer(customer_id: int, *, at: datetime) -> dict[str, Any]:
    """Return names, addresses, consents, conversations with what was said and promised.

    What the team wrote down among itself is about her, but of others' words: it is asked for in
    person (GDPR art. 15.4). Moments are ISO 8601 in UTC.
    """
    group = people.group_of(customer_id)
    row = people.customer(customer_id)
    tier = people.tiers.tier_of(group)
    assert row is not None  # noqa: S101  somebody is signed in as her
    return {
        "made_at": _moment(at),
        "shop": the_shop().name,
        "customer": {
            "name": row.name,
            "company": row.company,
            "kind_of_customer": tier.name if tier else "",
            "language": row.language,
            "time_zone": row.zone,
            "known_since": _moment(row.created_at),
            "addresses": [
                {
                    "kind": one.kind,
                    "value": one.value,
                    "is_verified": one.is_verified,
                    "added_at": _moment(one.created_at),
                }
                for one in people.addresses_of_group(group)
            ],
            "fields": [
                {"name": one.field.name, "value": one.value}
                for one in people.panel.known_of(group)
                if one.value
            ],
        },
        "consents": [
            {
                "purpose": one.purpose,
                "text_version": one.text_version,
                "text": one.text,
                "given_at": _moment(one.given_at),
                "how": one.how,
                "withdrawn_at": _moment(one.withdrawn_at),
                "withdrawn_how": one.withdrawn_how,
            }
            for one in people.panel.consents_of(group)
        ],
        "conversations": [
            _conversation(seat)
            for seat in conversations.seats_of_customer(customer_id, limit=CONVERSATIONS_MOST)
        ],
    }


def _conversation(seat: conversations.Seat) -> dict[str, Any]:
    own = sorted({seat.conversation.pk, *seat.part_ids} if seat.is_own else set(seat.part_ids))
    given = _promises_of(*(ref("conversation", pk) for pk in own)) if own else []
    messages = list(conversations.shown_messages(seat))
    files = conversations.attachments_of([m.pk for m in messages])
    return {
        "number": seat.number,
        "subject": seat.subject,
        "opened_at": _moment(seat.conversation.opened_at),
        "state": seat.conversation.state,
        "messages": [
            {
                "at": _moment(m.at),
                "from": "you" if m.direction == Direction.IN.value else the_shop().name,
                "text": m.text,
                "files": [one.name for one in files.get(m.pk, [])],
            }
            for m in messages
        ],
        "promises": [
            {
                "kind": p.kind,
                "made_at": _moment(p.made_at),
                "due_at": _moment(p.due_at),
                "state": p.state,
                "settled_at": _moment(p.settled_at),
            }
            for p in given
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
