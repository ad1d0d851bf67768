"""Several customers on one conversation: added and removed by name, never by a mere copy."""

from __future__ import annotations

from datetime import datetime

from esmero.conversations import queries
from esmero.conversations.actions._locked import actor_of, links, locked
from esmero.conversations.errors import OwnCustomerStays, TakesPartAlready
from esmero.conversations.events import ParticipantAdded, ParticipantRemoved
from esmero.conversations.models import Participant
from esmero.kernel import events
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.ids import new_token
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.people import actions as people_actions
from esmero.people import queries as people


@action
def add_participant(
    *,
    conversation_id: int,
    email: str,
    name: str = "",
    reads_all: bool = False,
    tells: bool = True,
    at: datetime,
    by: int,
) -> int:
    """Let a further customer take part, by mail address, and return the customer's id.

    From now on their mail arrives here and they read along on a page of their own; what was
    written before only with `reads_all`. `tells`: they hear of it by mail. Raises InvalidInput,
    TakesPartAlready, NotFound. Publishes ParticipantAdded.
    """
    if "@" not in email.strip():
        raise InvalidInput(field="email", value=email[:60])
    conversation = locked(conversation_id)
    known = people_actions.know_sender(
        email=email, name=name, language=conversation.language, at=at
    )
    if conversation.is_side or queries.takes_part(
        conversation_id=conversation.pk, customer_id=known.customer_id
    ):
        raise TakesPartAlready(customer_id=known.customer_id)
    group = people.group_of(known.customer_id)
    earlier = Participant.objects.filter(conversation=conversation, customer_id__in=group).first()
    if earlier is not None:
        earlier.removed_at = earlier.removed_by_agent = earlier.move = None
        earlier.added_at, earlier.added_by_agent_id = at, by
        earlier.token = new_token()
        earlier.reads_from = None if reads_all else at
        earlier.save()
    else:
        Participant.objects.create(
            conversation=conversation,
            customer_id=known.customer_id,
            added_at=at,
            added_by_agent_id=by,
            token=new_token(),
            reads_from=None if reads_all else at,
        )
    added = ParticipantAdded(
        conversation_id=conversation.pk, customer_id=known.customer_id, tells=tells
    )
    refs = [*links(conversation), ref("customer", known.customer_id)]
    events.publish([(added, refs)], at=at, actor=actor_of(by))
    return known.customer_id


@action
def remove_participant(*, conversation_id: int, customer_id: int, at: datetime, by: int) -> None:
    """Let a customer take part no more: their page ends and their mail opens a conversation of
    its own. Raises OwnCustomerStays, NotFound. Publishes ParticipantRemoved.
    """
    conversation = locked(conversation_id)
    group = people.group_of(customer_id)
    if conversation.customer_id in group:
        raise OwnCustomerStays(customer_id=customer_id)
    removed = Participant.objects.filter(
        conversation=conversation, customer_id__in=group, removed_at=None
    ).update(removed_at=at, removed_by_agent_id=by)
    if not removed:
        raise NotFound(ref=ref("customer", customer_id))
    gone = ParticipantRemoved(conversation_id=conversation.pk, customer_id=customer_id)
    refs = [*links(conversation), ref("customer", customer_id)]
    events.publish([(gone, refs)], at=at, actor=actor_of(by))
