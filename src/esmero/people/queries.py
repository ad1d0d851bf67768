"""Reads of people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from esmero.kernel.composed import composed
from esmero.people.enums import AddressKind, Role
from esmero.people.models import (
    Absence,
    Agent,
    Customer,
    CustomerAddress,
    CustomerMerge,
    Department,
    Membership,
)
from esmero.people.reads import panel as panel
from esmero.people.reads import signin as signin
from esmero.people.reads import tiers as tiers
from esmero.people.reads.duplicates import Proposal as Proposal
from esmero.people.reads.duplicates import duplicates_of as duplicates_of
from esmero.people.reads.finding import names_alike as names_alike
from esmero.people.reads.finding import search_customers as search_customers
from esmero.people.reads.listening import active_among as active_among
from esmero.people.reads.listening import departments_among as departments_among
from esmero.people.reads.writing import owners_of as owners_of
from esmero.people.reads.writing import seeing_department as seeing_department
from esmero.people.reads.writing import signature_for as signature_for
from esmero.people.reads.writing import signatures_of as signatures_of
from esmero.people.rules.telephones import shown as shown_telephone  # noqa: F401

_KEPT = "_departments_kept"


@dataclass(frozen=True, slots=True)
class KnownSender:
    """A mail address that we know."""

    customer_id: int  # the surviving customer when merged
    address_id: int
    name: str
    language: str
    is_verified: bool


def normalise_email(address: str) -> str:
    """Return the form under which an address is stored: trimmed, lower case.

    The local part is lower-cased too: RFC 5321 lets it be case sensitive, no provider is.
    """
    return address.strip().lower()


def sender(email: str) -> KnownSender | None:
    """Return who writes from this address, if we know."""
    rows = _senders(normalise_email(email))
    if not rows:
        return None
    row = rows[0]
    return KnownSender(
        customer_id=row[3] or row[2],
        address_id=row[0],
        name=row[4],
        language=row[5],
        is_verified=row[1],
    )


@composed
def _senders(address: str) -> QuerySet[CustomerAddress, Any]:
    return CustomerAddress.objects.filter(kind=AddressKind.EMAIL.value, value=address).values_list(
        "id",
        "is_verified",
        "customer_id",
        "customer__merged_into_id",
        "customer__name",
        "customer__language",
    )


def group_of(customer_id: int) -> list[int]:
    """Return the ids that are this customer: the surviving one first, then all merged into it."""
    root = surviving(customer_id)
    return [root, *(pk for pk, _into in _merged_into([root]))]


def survivors_of_groups(customer_ids: Iterable[int]) -> dict[int, int]:
    """Return each of these (surviving) customers and all merged into them, with whom they
    are now.
    """
    ids = list(customer_ids)
    merged = _merged_into(ids)
    return {pk: pk for pk in ids} | {pk: into for pk, into in merged if into is not None}


@composed
def _merged_into(customer_ids: list[int]) -> QuerySet[Customer, Any]:
    found = Customer.objects.filter(merged_into_id__in=customer_ids)
    return found.values_list("id", "merged_into_id")


def surviving(customer_id: int) -> int:
    """Return the customer that this one was merged into, or itself."""
    return next(iter(_survivor(customer_id)), None) or customer_id


@composed
def _survivor(customer_id: int) -> QuerySet[Customer, int | None]:
    return Customer.objects.filter(pk=customer_id).values_list("merged_into_id", flat=True)


def customer(customer_id: int) -> Customer | None:
    """Return a customer's row."""
    return Customer.objects.filter(pk=customer_id).first()


def customers_by_id(customer_ids: Iterable[int]) -> QuerySet[Customer]:
    """Return these customers, in no order, erased ones left out."""
    return Customer.objects.filter(pk__in=list(customer_ids), erased_at=None)


def addresses_of(customer_id: int) -> QuerySet[CustomerAddress]:
    """Return every address of a customer's whole group, the primary first."""
    return CustomerAddress.objects.filter(customer_id__in=group_of(customer_id)).order_by(
        "-is_primary", "id"
    )


def addresses_of_group(customer_ids: Iterable[int]) -> QuerySet[CustomerAddress]:
    """Return every address of these customers, the primary first."""
    return CustomerAddress.objects.filter(customer_id__in=list(customer_ids)).order_by(
        "-is_primary", "id"
    )


def merges_of(customer_id: int) -> QuerySet[CustomerMerge]:
    """Return the merges in force that made this customer's group."""
    return CustomerMerge.objects.filter(
        kept_id=surviving(customer_id), undone_at=None
    ).select_related("merged", "by_agent")


def departments() -> QuerySet[Department]:
    """Return the departments that are not closed, in the shop's order."""
    return Department.objects.filter(closed_at=None).order_by("position", "id")


def all_departments() -> QuerySet[Department]:
    """Return every department, closed ones too: what they promised stays in the record."""
    return Department.objects.order_by("position", "id")


def default_department_id() -> int | None:
    """Return the department that takes what nothing else claims."""
    return (
        departments()
        .order_by("-is_default", "position", "id")
        .values_list("id", flat=True)
        .first()
    )


def department(department_id: int) -> Department | None:
    """Return a department, closed ones too."""
    return Department.objects.filter(pk=department_id).first()


def department_by_slug(slug: str) -> Department | None:
    """Return an open department."""
    return departments().filter(slug=slug).first()


def team() -> QuerySet[Agent]:
    """Return the active members, by name."""
    return Agent.objects.filter(is_active=True).order_by("name", "id")


def everyone() -> QuerySet[Agent]:
    """Return all members, also those who left, with their departments: the active ones first."""
    return Agent.objects.prefetch_related("departments").order_by("-is_active", "name", "id")


def member(agent_id: int) -> Agent | None:
    """Return a member, also one who left."""
    return Agent.objects.prefetch_related("departments").filter(pk=agent_id).first()


def agent(agent_id: int) -> Agent | None:
    """Return an active member."""
    return Agent.objects.filter(pk=agent_id, is_active=True).first()


def signed_in(agent_id: int) -> Agent | None:
    """Return a member by what the session says, also one who left: whether she may come in, her
    row says. Her departments are read along.
    """
    found = _member(agent_id)
    if not found:
        return None
    agent = found[0]
    places = agent.__dict__.pop("places")
    agent.__dict__[_KEPT] = [] if agent.has_role(Role.SUPERVISOR) else places
    return agent


@composed
def _member(agent_id: int) -> QuerySet[Agent]:
    places = Membership.objects.filter(agent_id=OuterRef("pk")).order_by("department_id")
    return Agent.objects.filter(pk=agent_id).annotate(
        places=ArraySubquery(places.values("department_id"))
    )


def agent_by_email(email: str) -> Agent | None:
    """Return an active member by address, case ignored."""
    return Agent.objects.filter(email__iexact=email.strip(), is_active=True).first()


def department_ids_of(agent: Agent) -> list[int] | None:
    """Return the departments whose conversations this agent may see; None means all of them.

    Supervisors and admins see everything; so does an agent whom nobody put in a department.
    """
    if agent.has_role(Role.SUPERVISOR):
        return None
    kept = agent.__dict__.get(_KEPT)
    if kept is not None:
        return kept or None
    return _memberships(agent.pk) or None


@composed
def _memberships(agent_id: int) -> QuerySet[Membership, Any]:
    return Membership.objects.filter(agent_id=agent_id).values_list("department_id", flat=True)


def stand_in(agent_id: int, department_ids: list[int] | None) -> Agent:
    """Return an agent who is only an id and what `department_ids_of` answers.

    For composing queries (`kernel.composed`), which take no rows as arguments.
    """
    agent = Agent(pk=agent_id, role=(Role.AGENT if department_ids else Role.SUPERVISOR).value)
    agent.__dict__[_KEPT] = department_ids or []
    return agent


def keep_departments(agent: Agent) -> None:
    """Read once what `department_ids_of` answers for this very object: for one request's time."""
    if _KEPT not in agent.__dict__:
        agent.__dict__[_KEPT] = department_ids_of(agent) or []


def own_department_ids(agent: Agent) -> list[int]:
    """Return the departments that somebody works in, whatever else she may see."""
    return _own_departments(agent.pk)


def own_department_ids_of(agent_id: int) -> list[int]:
    """Return the departments that the member of this number works in."""
    return _own_departments(agent_id)


def memberships_of(agent_id: int) -> QuerySet[Membership, Any]:
    """Return the ids of the departments that somebody works in, for use inside another query."""
    return Membership.objects.filter(agent_id=agent_id).values("department_id")


@composed
def _own_departments(agent_id: int) -> QuerySet[Membership, Any]:
    return (
        Membership.objects.filter(agent_id=agent_id)
        .order_by("department__position", "department_id")
        .values_list("department_id", flat=True)
    )


def members_of(department_id: int) -> QuerySet[Agent]:
    """Return the active agents of a department."""
    return team().filter(departments=department_id)


def hands_in(department_id: int | None) -> int:
    """Return how many active people a department has (None: the whole team)."""
    found = Membership.objects.filter(agent__is_active=True)
    return (
        team().count()
        if department_id is None
        else found.filter(department_id=department_id).count()
    )


def supervisors_of(department_id: int | None) -> list[Agent]:
    """Return who answers for a department: its supervisors, else all of them, else the admins."""
    ranked = team().filter(role__in=[Role.SUPERVISOR.value, Role.ADMIN.value])
    if department_id is not None:
        own = list(ranked.filter(departments=department_id))
        if own:
            return own
    supervisors = list(ranked.filter(role=Role.SUPERVISOR.value))
    return supervisors or list(ranked)


def absence_of(agent_id: int, *, at: datetime) -> Absence | None:
    """Return the absence that an agent is in at a moment, if any."""
    return (
        Absence.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), agent_id=agent_id)
        .filter(starts_at__lte=at)
        .order_by("-starts_at")
        .first()
    )


def taker_of(agent_id: int, *, at: datetime) -> int | None:
    """Return who looks after an agent's work at a moment: herself when she is there, else her
    substitute when that one is there, else None (the queue).
    """
    if agent(agent_id) is None:
        return None
    absence = absence_of(agent_id, at=at)
    if absence is None:
        return agent_id
    other = absence.substitute_id
    if other is None or agent(other) is None or absence_of(other, at=at) is not None:
        return None
    return int(other)


def absent_agent_ids(*, at: datetime) -> set[int]:
    """Return who is away at a moment."""
    return set(
        Absence.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at).values_list(
            "agent_id", flat=True
        )
    )


def absences_to_hand_over(*, at: datetime) -> QuerySet[Absence]:
    """Return absences that have begun and whose open work was not yet handed on."""
    return Absence.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at, handed_over_at=None
    )


def absences(*, at: datetime) -> QuerySet[Absence]:
    """Return the absences that last or are to come, by their beginning."""
    return (
        Absence.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at))
        .select_related("agent", "substitute")
        .order_by("starts_at", "id")
    )


def names_of(customer_ids: Iterable[int]) -> dict[int, str]:
    """Return names by id, in one query."""
    return dict(Customer.objects.filter(pk__in=set(customer_ids)).values_list("id", "name"))


def is_anyone_admin() -> bool:
    """Say whether the shop has an administrator who can sign in."""
    return Agent.objects.filter(role=Role.ADMIN.value, is_active=True).exists()


def agent_names(agent_ids: Iterable[int]) -> dict[int, str]:
    """Return names of members by id, also of those who left, in one query."""
    return dict(_names(sorted(set(agent_ids))))


@composed
def _names(agent_ids: list[int]) -> QuerySet[Agent, Any]:
    return Agent.objects.filter(pk__in=agent_ids).values_list("id", "name")


def main_addresses_of(customer_ids: Iterable[int]) -> dict[int, str]:
    """Return one mail address of each customer, the primary where there is one, in one query."""
    found = CustomerAddress.objects.filter(
        customer_id__in=set(customer_ids), kind=AddressKind.EMAIL.value
    )
    return dict(found.order_by("is_primary", "-id").values_list("customer_id", "value"))


def exported_customers() -> QuerySet[Customer]:
    """Return every customer, also merged and erased ones, in the order of their numbers."""
    return Customer.objects.order_by("id")


def addresses_among(customer_ids: Iterable[int]) -> dict[int, list[CustomerAddress]]:
    """Return the ways to reach several customers, by customer, in one query."""
    found: dict[int, list[CustomerAddress]] = {}
    rows = CustomerAddress.objects.filter(customer_id__in=list(customer_ids))
    for address in rows.order_by("id"):
        found.setdefault(address.customer_id, []).append(address)
    return found
