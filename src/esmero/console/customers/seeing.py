"""Which customers a member may see: those with a conversation among hers, or with none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esmero.conversations import queries as conversations
from esmero.kernel.errors import NotFound
from esmero.people import queries as people

if TYPE_CHECKING:
    from esmero.people.models import Agent, Customer


def customer_for(agent: Agent, pk: int) -> Customer:
    """Return a customer that this member may see, the surviving one of those merged.

    Raises NotFound.
    """
    found = people.customer(people.surviving(pk))
    if found is None or found.erased_at is not None or not visible(agent, [found.pk]):
        raise NotFound(customer_id=pk)
    return found


def visible(agent: Agent, customer_ids: list[int]) -> list[int]:
    """Return those of the (surviving) customers that this member may see, by three queries."""
    if people.department_ids_of(agent) is None:
        return customer_ids
    everybody = conversations.customers.with_any(customer_ids)
    seen = conversations.customers.counted(conversations.visible_to(agent), customer_ids)
    return [pk for pk in customer_ids if pk in seen or pk not in everybody]
