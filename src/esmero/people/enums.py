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


class FieldKind(StrEnum):
    """What a field that the shop defined holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Purpose(StrEnum):
    """What a customer may agree to."""

    NEWSLETTER = "newsletter"
    SURVEYS = "surveys"
    TELEPHONE = "telephone"
    PROFILE = "profile"


class How(StrEnum):
    """How somebody agreed, or took it back."""

    FORM = "form"
    MAIL = "mail"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"
    PORTAL = "portal"


class Likeness(StrEnum):
    """Why two customers may be one person."""

    PHONE = "phone"
    NAME = "name"
    COMPANY = "company"


ROLE_RANK = {Role.AGENT: 1, Role.SUPERVISOR: 2, Role.ADMIN: 3}
