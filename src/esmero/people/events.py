"""What happened to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from esmero.kernel.events import Event


@dataclass(frozen=True, slots=True)
class CustomersMerged(Event):
    """`merged_id` is now seen as part of `kept_id`."""

    kind: ClassVar[str] = "people.customers_merged"
    kept_id: int
    merged_id: int


@dataclass(frozen=True, slots=True)
class MergeUndone(Event):
    """The two are separate again."""

    kind: ClassVar[str] = "people.merge_undone"
    kept_id: int
    merged_id: int


@dataclass(frozen=True, slots=True)
class AbsenceBegan(Event):
    """An agent is away from now on."""

    kind: ClassVar[str] = "people.absence_began"
    agent_id: int
    substitute_id: int | None


@dataclass(frozen=True, slots=True)
class AgentDeactivated(Event):
    """A member may not sign in any more; her sessions end."""

    kind: ClassVar[str] = "people.agent_deactivated"
    agent_id: int


@dataclass(frozen=True, slots=True)
class AddressBounced(Event):
    """Mail to this address of a customer does not arrive."""

    kind: ClassVar[str] = "people.address_bounced"
    customer_id: int
    address_id: int


@dataclass(frozen=True, slots=True)
class AddressAdded(Event):
    """A customer can be reached another way too."""

    kind: ClassVar[str] = "people.address_added"
    customer_id: int
    address_id: int
    address_kind: str


@dataclass(frozen=True, slots=True)
class AddressRemoved(Event):
    """One way to reach a customer is no longer known."""

    kind: ClassVar[str] = "people.address_removed"
    customer_id: int
    address_id: int
    address_kind: str


@dataclass(frozen=True, slots=True)
class CustomerNoted(Event):
    """The team wrote something down about a customer."""

    kind: ClassVar[str] = "people.customer_noted"
    customer_id: int
    note_id: int


@dataclass(frozen=True, slots=True)
class ConsentGiven(Event):
    """A customer agreed."""

    kind: ClassVar[str] = "people.consent_given"
    customer_id: int
    consent_id: int
    purpose: str
    how: str


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A customer agrees no longer."""

    kind: ClassVar[str] = "people.consent_withdrawn"
    customer_id: int
    consent_id: int
    purpose: str
    how: str


@dataclass(frozen=True, slots=True)
class CustomerSignedIn(Event):
    """A customer opened her own pages with a code from her mail."""

    kind: ClassVar[str] = "people.customer_signed_in"
    customer_id: int


@dataclass(frozen=True, slots=True)
class CustomerCorrected(Event):
    """A customer changed herself what is known of her: the names of the fields."""

    kind: ClassVar[str] = "people.customer_corrected"
    customer_id: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class CustomerErased(Event):
    """What said who a customer is has been taken away; that there was one stays."""

    kind: ClassVar[str] = "people.customer_erased"
    customer_id: int
