"""Invitations: a link by which somebody new chooses her password and is in.

The link names the member and the moment it was made, signed together with the password that she
had then: it opens once. What is stored is since when links hold (`Agent.invited_since`), so that
they can be withdrawn; why one does not open can be told from the link and that row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from esmero.console.accounts import letters
from esmero.kernel import signing
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.people import actions
from esmero.people import queries as people

if TYPE_CHECKING:
    from esmero.people.models import Agent

HOLDS = timedelta(days=7)
_PURPOSE, _STATE = "invitation", "invitation-state"


class Closed(StrEnum):
    """Why a link does not open."""

    UNKNOWN = "unknown"
    """Not ours, or cut short: nothing is told of whom it names."""
    USED = "used"
    WITHDRAWN = "withdrawn"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that was opened: whom it is for (None when it is not ours) and what keeps it shut."""

    agent: Agent | None
    closed: Closed | None


def may_be_invited(agent: Agent) -> bool:
    """Say whether somebody has never been in."""
    return bool(agent.is_active) and agent.last_login is None


def link_for(agent: Agent, *, at: datetime) -> str:
    """Return the address made at `at` for somebody who has never been in."""
    made = _milliseconds(at)
    state = signing.sign(_STATE, _password_of(agent))
    key = f"{agent.pk}-{made}-{state}-{signing.sign(_PURPOSE, _bound(agent.pk, made, state))}"
    return settings.ENV.url + reverse("account_invitation", args=[key])


def read(key: str, *, at: datetime) -> Invitation:
    """Return for whom a link is, and why it does not open when it does not."""
    unknown = Invitation(None, Closed.UNKNOWN)
    parts = key.split("-")
    if len(parts) != 4:
        return unknown
    number, made, state, signature = parts
    if not (number.isdigit() and made.isdigit() and len(number) < 12 and len(made) < 15):
        return unknown
    if not signing.is_signed(_PURPOSE, _bound(int(number), int(made), state), signature):
        return unknown
    agent = people.member(int(number))
    if agent is None:
        return unknown
    return Invitation(agent, _closed(agent, int(made), state, at=at))


def _closed(agent: Agent, made: int, state: str, *, at: datetime) -> Closed | None:
    has_same_password = signing.is_signed(_STATE, _password_of(agent), state)
    if agent.last_login is not None or not has_same_password:
        return Closed.USED
    since = agent.invited_since
    if not agent.is_active or since is None or made < _milliseconds(since):
        return Closed.WITHDRAWN
    if at >= datetime.fromtimestamp(made / 1000, UTC) + HOLDS:
        return Closed.OVER
    return None


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _bound(agent_id: int, made: int, state: str) -> str:
    return f"{agent_id}\0{made}\0{state}"


def _password_of(agent: Agent) -> str:
    return f"{agent.pk}\0{agent.password}"


@transaction.atomic
def invite(agent_id: int, *, by: int, by_mail: bool) -> str:
    """Return a fresh link for a member who has never been in, and send it to her if asked to.

    Earlier links go on holding for their time, unless they were withdrawn. Raises NotFound.
    """
    at = now()
    actions.invite_agent(agent_id=agent_id, by_mail=by_mail, at=at, by=by)
    agent = people.member(agent_id)
    if agent is None:
        raise NotFound(agent_id=agent_id)
    url = link_for(agent, at=at)
    if by_mail:
        letters.compose("invitation", agent.email, {"invitation_url": url}).send()
    return url
