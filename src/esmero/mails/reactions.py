"""Who is told what when a promise nears its time. The table is tested as a table.

| what happened | customer | owner | supervisors |
|---|---|---|---|
| half of the time is gone | – | is warned | – |
| three quarters are gone | – | – | are warned |
| it is about to break | apology, new time; once a chain | – | alarmed if that cannot be |
| it broke | – (was told before) | – | told |
| it broke while we were away | apology in the supervised batch | – | told if there is none |
| what was told lies beyond the limit | – | – | alarmed |
| somebody was brought in, and the customer is to know | told who; the owner stays | – | – |
| a further customer takes part, and is to know | told, with a link of their own | – | – |

A promise that nobody owns is not warned of at half: the three quarters reach the supervisors, and
the list of what nobody owns is open to all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from esmero.channels import actions as channels
from esmero.channels.actions import Warned
from esmero.conversations import queries as conversations
from esmero.conversations.events import ColleagueConsulted, ParticipantAdded
from esmero.kernel import clock
from esmero.kernel.events import Happened, react
from esmero.kernel.refs import ref
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.promises.enums import State
from esmero.promises.events import (
    PromiseAboutToBreak,
    PromiseBeyondLimit,
    PromiseHalfway,
    PromisePressing,
    PromiseSettled,
)
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent
    from esmero.promises.models import Promise

OWNER_WARNING = "owner_warning"
SUPERVISOR_WARNING = "supervisor_warning"
UNTOLD = "untold"
BROKEN = "broken"
BEYOND_LIMIT = "beyond_limit"
REFERRAL = "referral"
PARTICIPANT = "participant"


def _owner(promise: Promise) -> Iterable[Agent]:
    if promise.owner_agent_id is None:
        return []
    owner = people.agent(promise.owner_agent_id)
    return [owner] if owner is not None else []


def _supervisors(promise: Promise) -> Iterable[Agent]:
    return people.supervisors_of(promise.department_id)


def _tell(
    event: Happened,
    template: str,
    whom: Callable[[Promise], Iterable[Agent]],
    *,
    at_once: bool = False,
) -> None:
    promise = promises.promise(event.data["promise_id"])
    if promise is None:
        return
    channels.tell_team(
        template=template,
        agents=whom(promise),
        promise=promise,
        at=clock.now(),
        waits=timedelta() if at_once else channels.GATHERED,
    )


def _is_open(event: Happened) -> bool:
    promise = promises.promise(event.data["promise_id"])
    return promise is not None and promise.state == State.OPEN.value


@react(PromiseHalfway, "mails.warn_owner")
def warn_owner(event: Happened) -> None:
    """Half of the time is gone."""
    if _is_open(event):
        _tell(event, OWNER_WARNING, _owner)


@react(PromisePressing, "mails.warn_supervisors")
def warn_supervisors(event: Happened) -> None:
    """Three quarters are gone."""
    if _is_open(event):
        _tell(event, SUPERVISOR_WARNING, _supervisors)


@react(PromiseAboutToBreak, "mails.warn_customer")
def warn_customer(event: Happened) -> None:
    """The customer hears of it first; where that cannot be, a person has to act."""
    warned = channels.warn_customer(promise_id=event.data["promise_id"], at=clock.now())
    if warned in (Warned.MOVED_BEFORE, Warned.NOT_REACHABLE):
        _tell(event, UNTOLD, _supervisors, at_once=True)


@react(PromiseSettled, "mails.tell_of_broken")
def tell_of_broken(event: Happened) -> None:
    """It broke: an apology waits in the batch when it was our outage, else supervisors know."""
    if event.data["state"] != State.BROKEN.value:
        return
    if event.data["after_outage"]:
        notice = channels.apologise_after_outage(
            promise_id=event.data["promise_id"], at=clock.now()
        )
        if notice is not None:
            return
    _tell(event, BROKEN, _supervisors)


@react(PromiseBeyondLimit, "mails.tell_of_limit")
def tell_of_limit(event: Happened) -> None:
    """What is measured lies beyond what the shop has set."""
    _tell(event, BEYOND_LIMIT, _supervisors)


@react(ColleagueConsulted, "mails.tell_who_was_brought_in")
def tell_who_was_brought_in(event: Happened) -> None:
    """The customer hears who helps; when the answer is due stays as it was told."""
    if not event.data["is_referral"]:
        return
    conversation = conversations.conversation(event.data["conversation_id"])
    if conversation is None or conversation.customer_id is None:
        return
    owed = promises.open_answer_of(ref("conversation", conversation.pk))
    _tell_customer(
        REFERRAL,
        conversation,
        conversation.customer_id,
        promise_id=owed.pk if owed else None,
        context={"consultation": event.data["consultation_id"]},
    )


@react(ParticipantAdded, "mails.tell_participant")
def tell_participant(event: Happened) -> None:
    """A customer who was added gets a link of their own."""
    conversation = conversations.conversation(event.data["conversation_id"])
    if conversation is not None and event.data["tells"]:
        _tell_customer(PARTICIPANT, conversation, event.data["customer_id"])


def _tell_customer(
    template: str,
    conversation: Conversation,
    customer_id: int,
    *,
    promise_id: int | None = None,
    context: dict[str, int] | None = None,
) -> None:
    address = people.main_addresses_of(people.group_of(customer_id)).get(customer_id, "")
    customer = people.customer(customer_id)
    if not address or customer is None:
        return
    channels.enqueue_automatic(
        template=template,
        conversation_id=conversation.pk,
        to=(customer.name, address),
        language=customer.language or conversation.language or the_shop().language,
        at=clock.now(),
        promise_id=promise_id,
        context=dict(context or {}),
    )
