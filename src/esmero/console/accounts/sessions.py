"""Ending sessions: those of members who left, and rows of sessions that have expired."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from esmero.kernel import clock
from esmero.kernel.events import Happened, react
from esmero.people.events import AgentDeactivated


def end_all_of(agent_id: int) -> int:
    """End every session of a member and return how many were known."""
    keys = list(UserSession.objects.filter(user_id=agent_id).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user_id=agent_id).delete()
    return len(keys)


def drop_expired() -> int:
    """Remove the rows of sessions whose time is over and return how many there were."""
    gone, _ = Session.objects.filter(expire_date__lt=clock.now()).delete()
    return gone


@react(AgentDeactivated, "accounts.end_sessions")
def _left(event: Happened) -> None:
    # At once she is let in nowhere (see access.team); this keeps her old sessions from coming to
    # life again should she be taken back.
    end_all_of(int(event.data["agent_id"]))
