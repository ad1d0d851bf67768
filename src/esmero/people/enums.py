"""Choices of people."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member of the team may do; each includes the ones before."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class AddressKind(StrEnum):
    """How a customer can be reached."""

    EMAIL = "email"
    PHONE = "phone"
    CHAT = "chat"


ROLE_RANK = {Role.AGENT: 1, Role.SUPERVISOR: 2, Role.ADMIN: 3}
