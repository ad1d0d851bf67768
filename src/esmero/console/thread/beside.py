"""What stands beside a thread: who this is, what we promised them, what was before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import ngettext

from esmero.console.inbox.lists import Row, chip_of, due_state
from esmero.console.words import PROMISE_KINDS, RELEASES
from esmero.conversations import queries as conversations
from esmero.conversations.enums import State as TurnState
from esmero.kernel.composed import composed
from esmero.kernel.refs import id_of, ref
from esmero.people import queries as people
from esmero.promises import queries as promises
from esmero.promises.enums import State
from esmero.ui.formats import listing
from esmero.ui.links import link

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.conversations.models import Conversation
    from esmero.people.models import Agent, Customer, CustomerAddress
    from esmero.promises.models import Promise

EARLIER = 6
EARLIER_MOST = 50
"""So many are counted at most."""


@dataclass(frozen=True, slots=True)
class PromiseCard:
    """One promise as a line: what, its chip, by whom."""

    id: int
    what: str
    state: str
    due_at: datetime
    soon_at: datetime | None
    settled_at: datetime | None
    owner: str
    is_open: bool
    is_late_on_arrival: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many words to somebody were kept, mended, broken."""

    kept: int = 0
    mended: int = 0
    broken: int = 0

    @property
    def words(self) -> str:
        """`21 kept and 1 broken`; empty while nothing came due."""
        if not (self.kept or self.mended or self.broken):
            return ""
        parts = [ngettext("%(num)s kept", "%(num)s kept", self.kept) % {"num": self.kept}]
        if self.mended:
            said = ngettext("%(num)s mended", "%(num)s mended", self.mended)
            parts.append(said % {"num": self.mended})
        if self.broken:
            said = ngettext("%(num)s broken", "%(num)s broken", self.broken)
            parts.append(said % {"num": self.broken})
        return listing(parts)


@dataclass(frozen=True, slots=True)
class Beside:
    """All of it."""

    customer: Customer | None
    name: str
    addresses: list[CustomerAddress]
    promises: list[PromiseCard]
    tally: Tally
    earlier: list[Row]
    count: int

    @property
    def first_name(self) -> str:
        """How one speaks of a person; an address or a firm keeps its whole name."""
        words = self.name.split()
        is_person = 1 < len(words) <= 4 and not (self.customer and self.customer.company)
        return words[0] if is_person and "@" not in self.name else self.name


def beside(conversation: Conversation, agent: Agent, *, at: datetime) -> Beside:
    """Return the context of a conversation: at most six queries."""
    about = [ref("conversation", pk) for pk in (conversation.pk, *conversation.merged_ids)]
    cards = promise_cards(_promises_of(*about), agent, at=at)
    customer = conversation.customer
    if customer is None:
        return Beside(None, "", [], cards, Tally(), [], 0)
    group = list(people.survivors_of_groups([customer.merged_into_id or customer.pk]))
    if customer.merged_into_id:
        customer = people.customer(customer.merged_into_id) or customer
    addresses = _addresses_of(group)
    name = customer.name or (addresses[0].value if addresses else "")
    earlier = earlier_of(group, agent, at=at, without=conversation.pk)
    return Beside(
        customer=customer,
        name=name,
        addresses=addresses,
        promises=cards,
        tally=tally_of(group),
        earlier=earlier[:EARLIER],
        count=len(earlier) + 1,
    )


_promises_of = composed(promises.promises_of)
_addresses_of = composed(people.addresses_of_group)


def promise_cards(found: list[Promise], agent: Agent, *, at: datetime) -> list[PromiseCard]:
    """Return promises as lines: open ones by due time, then ended ones, newest first."""
    mended = {p.chain_id or p.pk for p in found if p.state == State.BROKEN.value}
    mended |= {
        p.chain_id or p.pk
        for p in found
        if p.state == State.RENEGOTIATED.value and p.initiative == "ours"
    }
    ordered = sorted(
        found,
        key=lambda p: (
            p.state != State.OPEN.value,
            p.due_at.timestamp() if p.state == State.OPEN.value else -_ended(p).timestamp(),
        ),
    )
    return [_promise_card(p, agent, mended, at=at) for p in ordered]


def _ended(p: Promise) -> datetime:
    return p.settled_at or p.due_at


def _promise_card(p: Promise, agent: Agent, mended: set[int], *, at: datetime) -> PromiseCard:
    soon_at = None
    if p.state == State.OPEN.value:
        state, _due, soon_at = due_state(p.due_at, p.made_at, at=at)
    elif p.state == State.RENEGOTIATED.value:
        state = "moved"
    elif p.state == State.RELEASED.value:
        state = "waiting" if p.reason == "waiting" and p.successor_id is None else "released"
    elif p.state == State.KEPT.value and p.chain_id in mended:
        state = "mended"
    else:
        state = p.state
    owner = ""
    if p.owner_agent_id and p.owner_agent_id != agent.pk and p.owner_agent:
        owner = p.owner_agent.name
    elif not p.owner_agent_id and p.department:
        owner = p.department.name
    return PromiseCard(
        id=p.pk,
        what=str(PROMISE_KINDS.get(p.kind, p.kind)),
        state=state,
        due_at=p.due_at,
        soon_at=soon_at,
        settled_at=p.settled_at,
        owner=owner,
        is_open=p.state == State.OPEN.value,
        is_late_on_arrival=p.is_late_on_arrival,
        reason=str(RELEASES.get(p.reason, "")) if p.state == State.RELEASED.value else "",
    )


def tally_of(group: list[int]) -> Tally:
    """Return how the words given to a customer's group ended; a broken one that was answered
    after all counts as mended.
    """
    counts = dict(_ends_of(group))
    broken = counts.get(State.BROKEN.value, 0)
    mended = 0
    if broken:
        refs = _broken_of(group)
        subjects = [pk for pk in (id_of(r, "conversation") for r in refs) if pk]
        waiting = conversations.customers.still_waiting(subjects)
        mended = sum(1 for pk in subjects if pk not in waiting)
    return Tally(kept=counts.get(State.KEPT.value, 0), mended=mended, broken=broken - mended)


@composed
def _ends_of(group: list[int]) -> QuerySet[Promise, Any]:
    found = promises.promises_of_customer(group).order_by()
    return found.values_list("state").annotate(n=Count("id"))


@composed
def _broken_of(group: list[int]) -> QuerySet[Promise, Any]:
    found = promises.promises_of_customer(group).filter(state=State.BROKEN.value)
    return found.order_by().values_list("subject_ref", flat=True)[:500]


def earlier_of(
    group: list[int], agent: Agent, *, at: datetime, without: int = 0, limit: int = 50
) -> list[Row]:
    """Return a customer's other conversations that this member may see, newest first."""
    found = _earlier_of(group, agent.pk, people.department_ids_of(agent), without)
    rows = []
    for c in found[:limit]:
        is_waiting = c["state"] == TurnState.WAITING
        state, due_at, soon_at = chip_of(
            c["chip"], c["chip_at"], c["chip_made_at"], is_waiting=is_waiting, at=at
        )
        rows.append(
            Row(
                id=c["id"], who="", subject=c["subject"], preview=c["excerpt"],
                moment=c["last_message_at"], icon=c["channel"],
                is_unread=c["awaits_reply_since"] is not None, owner="",
                state=state, due_at=due_at, soon_at=soon_at, has_failure=c["has_failure"],
            )
        )  # fmt: skip
    return rows


@composed
def _earlier_of(
    group: list[int], agent_id: int, department_ids: list[int] | None, without: int
) -> QuerySet[Conversation, Any]:
    seen = conversations.visible_to(people.stand_in(agent_id, department_ids))
    found = conversations.by_recency(seen.filter(customer_id__in=group).exclude(pk=without))
    return found.values(
        "id", "subject", "excerpt", "channel", "last_message_at", "state", "chip", "chip_at",
        "chip_made_at", "awaits_reply_since", "has_failure",
    )[:EARLIER_MOST]  # fmt: skip


def customer_url(found: Beside) -> str:
    """Return the address of the customer's page."""
    return link("console:customer", found.customer.pk) if found.customer else ""


def as_context(found: Beside) -> dict[str, Any]:
    """Return the template's names."""
    return {"beside": found, "customer_url": customer_url(found)}
