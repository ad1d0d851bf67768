"""A member's other address: what she signs in with from now on."""

from __future__ import annotations

from django.db import transaction

from esmero.console.accounts import letters
from esmero.kernel.clock import now
from esmero.people import actions as people


@transaction.atomic
def move_address(agent_id: int, email: str, *, by: int) -> bool:
    """Give a member another address and say whether it was another one; the old one is told.

    A link for a new password that went to the old address opens nothing any more: it is bound to
    it. Raises EmailTaken, NotFound.
    """
    old = people.change_agent_address(agent_id=agent_id, email=email, at=now(), by=by)
    if old is None:
        return False
    letters.compose("email_changed", old, {}).send()
    return True
