"""The last screen: what was answered is made in one transaction, and the door closes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, override

from esmero.channels import actions as channels
from esmero.channels.enums import Security, Take
from esmero.console.setup.draft import Draft, opened
from esmero.console.setup.forms import PRESETS
from esmero.kernel.errors import InvalidInput
from esmero.knowledge import actions as knowledge
from esmero.people import actions as people
from esmero.people.enums import Role
from esmero.promises import actions as promises
from esmero.promises.enums import Kind
from esmero.shop import actions as shop
from esmero.shop.queries import the_shop

TARGETS = {"1": (60, 60), "24": (240, 1440), "": (480, None)}
"""Target and limit of a stated limit, in minutes within the opening hours."""


@transaction.atomic
def finish(draft: Draft, *, language: str, at: datetime) -> int:
    """Make the shop and return the administrator's id.

    What was skipped gets what most shops have. Raises AlreadySetUp, EmailTaken, MailboxTaken,
    BadHours, and InvalidInput without an administrator: nobody could enter; then nothing is made.
    """
    account = draft.of("cuenta")
    if not account:
        raise InvalidInput(field="account")
    place = _open_shop(draft, language=language, at=at)
    with override(place["language"]):
        _open_hours(draft, place, at=at)
        departments = _open_departments(draft, at=at)
    agent_id = people.hire_agent(
        email=account["email"],
        name=account["name"],
        role=Role.ADMIN,
        password=opened(account),
        department_ids=departments,
        language=language,
        at=at,
    )
    if mailbox := draft.of("buzon"):
        _connect(mailbox, name=place["name"], at=at)
    knowledge.lay_out_start(language=place["language"], at=at, by=agent_id)
    shop.finish_setup(at=at)
    return agent_id


def _open_shop(draft: Draft, *, language: str, at: datetime) -> dict[str, str]:
    card = the_shop(fresh=True)
    place = {
        "name": card.name,
        "country": card.country,
        "region": card.region,
        "language": language,
        "zone": card.zone.key,
        **draft.of("tienda"),
    }
    shop.open_shop(**place, at=at)
    return place


def _open_hours(draft: Draft, place: dict[str, str], *, at: datetime) -> None:
    hours: dict[str, Any] = {"week": PRESETS["partida"][1], "holidays": True} | draft.of("horario")
    with_holidays = bool(hours["holidays"])
    promises.open_hours(
        name=gettext("Opening hours"),
        zone=place["zone"],
        country=place["country"] if with_holidays else "",
        region=place["region"] if with_holidays else "",
        week=[[(start, end) for start, end in day] for day in hours["week"]],
        is_default=True,
        at=at,
        actor="system",
    )


def _open_departments(draft: Draft, *, at: datetime) -> list[int]:
    wanted = draft.of("departamentos").get("departments") or [
        {"name": gettext("Customer service"), "limit": "24"}
    ]
    made = []
    for index, one in enumerate(wanted):
        department_id = people.open_department(
            name=one["name"], is_default=index == 0, at=at, actor="system"
        )
        target, limit = TARGETS[one["limit"]]
        promises.set_standard(
            kind=Kind.ANSWER,
            department_id=department_id,
            target_minutes=target,
            limit_minutes=limit,
            limit_in_business_time=True,
            at=at,
            actor="system",
        )
        made.append(department_id)
    return made


def _connect(mailbox: dict[str, Any], *, name: str, at: datetime) -> None:
    channels.connect_mailbox(
        address=mailbox["address"],
        name=name,
        username=mailbox["username"],
        password=opened(mailbox),
        imap_host=mailbox["imap_host"],
        imap_port=mailbox["imap_port"],
        imap_security=Security(mailbox["imap_security"]),
        smtp_host=mailbox["smtp_host"],
        smtp_port=mailbox["smtp_port"],
        smtp_security=Security(mailbox["smtp_security"]),
        take=Take(mailbox["take"]),
        has_plus_addresses=bool(mailbox.get("has_plus_addresses")),
        authserv_ids=list(mailbox.get("authserv_ids") or []),
        at=at,
    )
