"""Rows of people. Customers never sign in as users; the team are Django's users."""

from esmero.people.models.customers import (
    Consent,
    Customer,
    CustomerAddress,
    CustomerMerge,
    CustomerNote,
    CustomField,
    CustomValue,
    DuplicateDismissal,
    Tier,
    folded,
)
from esmero.people.models.signin import CustomerSession, SignIn
from esmero.people.models.team import (
    Absence,
    Agent,
    AgentManager,
    Department,
    Membership,
    Signature,
)

__all__ = [
    "Absence",
    "Agent",
    "AgentManager",
    "Consent",
    "CustomField",
    "CustomValue",
    "Customer",
    "CustomerAddress",
    "CustomerMerge",
    "CustomerNote",
    "CustomerSession",
    "Department",
    "DuplicateDismissal",
    "Membership",
    "SignIn",
    "Signature",
    "Tier",
    "folded",
]
