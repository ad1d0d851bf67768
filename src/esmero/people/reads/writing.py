"""Reads for whoever writes a letter: who may see it, who else it would reach, how it is signed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from esmero.people.enums import AddressKind, Role
from esmero.people.models import Agent, CustomerAddress, Membership, Signature


def owners_of(addresses: Iterable[str]) -> dict[str, str]:
    """Return the names of the customers to whom these mail addresses belong, by address."""
    wanted = {one.strip().lower() for one in addresses}
    if not wanted:
        return {}
    return dict(
        CustomerAddress.objects.filter(kind=AddressKind.EMAIL.value, value__in=wanted).values_list(
            "value", "customer__name"
        )
    )


def seeing_department(department_id: int | None, *, also: int | None = None) -> list[Agent]:
    """Return the active members who may see what a department has (None: whatever has none), and
    `also`, who owns it, by name.
    """
    everybody = list(Agent.objects.filter(is_active=True).order_by("name", "id"))
    if department_id is None:
        return everybody
    placed: dict[int, set[int]] = {}
    for agent_id, place in Membership.objects.values_list("agent_id", "department_id"):
        placed.setdefault(agent_id, set()).add(place)
    return [
        one
        for one in everybody
        if one.pk == also
        or one.has_role(Role.SUPERVISOR)
        or department_id in placed.get(one.pk, {department_id})
    ]


def signatures_of(agent_id: int) -> QuerySet[Signature]:
    """Return how a member signs besides her general signature."""
    return Signature.objects.filter(agent_id=agent_id).order_by("inbox_ref", "language")


def signature_for(agent: Agent, *, inbox_ref: str, language: str) -> str:
    """Return how a member signs a mail of a mailbox in a language: the row that says most, else
    her general signature; '' when she has none.
    """
    rows = {(s.inbox_ref, s.language): s.text for s in signatures_of(agent.pk)}
    for key in ((inbox_ref, language), (inbox_ref, ""), ("", language)):
        if rows.get(key, "").strip():
            return rows[key].strip()
    return agent.signature.strip()
