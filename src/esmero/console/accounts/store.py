"""Who is signed in, as every page asks: the session and its member, by queries composed once.

Django's and allauth's own ways otherwise: these are their classes, and only reading is quicker.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from esmero.kernel.composed import composed
from esmero.people import queries as people

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from esmero.people.models import Agent


class SessionStore(db.SessionStore):
    """Sessions as rows (setting SESSION_ENGINE names this module)."""

    def _get_session_from_db(self) -> Session | None:
        # The clock that Django sets `expire_date` by, not the house's, which journeys move.
        found = _alive(self.session_key or "", datetime.now(UTC))
        if not found:
            self._session_key = None
            return None
        return found[0]


@composed
def _alive(session_key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=session_key, expire_date__gt=at)


class AccountBackend(AuthenticationBackend):
    """allauth's way of signing in."""

    def get_user(self, user_id: int) -> Agent | None:
        """Return the member of a session, None for who may not come in any more."""
        agent = people.signed_in(user_id)
        return agent if agent is not None and self.user_can_authenticate(agent) else None
