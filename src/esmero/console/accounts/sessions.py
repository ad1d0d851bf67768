"""Ending what lets a member in: sessions, and second factors that she has lost."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from esmero.console.accounts import letters
from esmero.kernel import audit, clock
from esmero.kernel.errors import NotFound
from esmero.kernel.events import Happened, react
from esmero.kernel.refs import ref
from esmero.people import queries as people
from esmero.people.events import AgentDeactivated


def end_all_of(agent_id: int) -> int:
    """End every session of a member and return how many were known."""
    keys = list(UserSession.objects.filter(user_id=agent_id).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user_id=agent_id).delete()
    return len(keys)


@transaction.atomic
def drop_factors_of(agent_id: int, *, by: int) -> int:
    """Take a member's authenticator app, passkeys and recovery codes away; return how many.

    For whoever lost the telephone. Every session of hers ends; she comes in again by password or
    by a code by mail, and is told by mail. Raises NotFound.
    """
    agent = people.agent(agent_id)
    if agent is None:
        raise NotFound(agent_id=agent_id)
    gone, _ = Authenticator.objects.filter(user_id=agent_id).delete()
    end_all_of(agent_id)
    audit.record(
        at=clock.now(),
        actor=ref("agent", by),
        action="account.factors_dropped",
        ref=ref("agent", agent_id),
    )
    letters.compose("factors_dropped", agent.email, {}).send()
    return gone


def drop_expired() -> int:
    """Remove the rows of sessions whose time is over and return how many there were."""
    gone, _ = Session.objects.filter(expire_date__lt=clock.now()).delete()
    return gone


@react(AgentDeactivated, "accounts.end_sessions")
def _left(event: Happened) -> None:
    # At once she is let in nowhere (see access.team); this keeps her old sessions from coming to
    # life again should she be taken back.
    end_all_of(int(event.data["agent_id"]))
