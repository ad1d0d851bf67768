"""Invitations: a link by which somebody new chooses her password and is in.

The link names the member and until when it holds, signed together with what changes when it is
used (her password, her last sign-in) or must not be outlived (her address, that she belongs to the
team): nothing is stored, and it opens once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from esmero.console.accounts import letters
from esmero.kernel import audit, signing
from esmero.kernel.clock import now
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.people import queries as people

if TYPE_CHECKING:
    from esmero.people.models import Agent

HOLDS = timedelta(days=7)
_PURPOSE = "invitation"


def may_be_invited(agent: Agent) -> bool:
    """Say whether somebody has never been in."""
    return bool(agent.is_active) and agent.last_login is None


def link_for(agent: Agent, *, at: datetime) -> str:
    """Return the address to give to somebody who has never been in."""
    until = int((at + HOLDS).timestamp())
    key = f"{agent.pk}-{until}-{signing.sign(_PURPOSE, _bound(agent, until))}"
    return settings.ENV.url + reverse("account_invitation", args=[key])


def invited_by(key: str, *, at: datetime) -> Agent | None:
    """Return the member whom an invitation lets in; None when it is used, over, or not ours."""
    number, _, rest = key.partition("-")
    until, _, signature = rest.partition("-")
    if not (number.isdigit() and until.isdigit() and len(number) < 12 and len(until) < 12):
        return None
    agent = people.member(int(number))
    if agent is None or not may_be_invited(agent):
        return None
    if not signing.is_signed(_PURPOSE, _bound(agent, int(until)), signature):
        return None
    return agent if at < datetime.fromtimestamp(int(until), UTC) else None


def _bound(agent: Agent, until: int) -> str:
    return f"{agent.pk}\0{until}\0{agent.email}\0{agent.password}"


@transaction.atomic
def invite(agent_id: int, *, by: int, by_mail: bool) -> str:
    """Return a fresh link for a member who has never been in, and send it to her if asked to.

    Earlier links go on holding for their time. Raises NotFound.
    """
    agent, at = people.member(agent_id), now()
    if agent is None or not may_be_invited(agent):
        raise NotFound(agent_id=agent_id)
    url = link_for(agent, at=at)
    audit.record(
        at=at,
        actor=ref("agent", by),
        action="agent.invited",
        ref=ref("agent", agent.pk),
        by_mail=by_mail,
    )
    if by_mail:
        letters.compose("invitation", agent.email, {"invitation_url": url}).send()
    return url
