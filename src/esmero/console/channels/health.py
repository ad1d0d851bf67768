"""How the mailboxes do: heartbeat, silence, failures with the server's own words, what to do."""

from __future__ import annotations

from django.http import HttpResponse

from esmero.channels import queries
from esmero.console.access import TeamRequest, team
from esmero.console.channels.advice import advice_of, split_error
from esmero.console.channels.tabs import show
from esmero.kernel.clock import now
from esmero.people.enums import Role


@team(Role.SUPERVISOR)
def mail_health(request: TeamRequest) -> HttpResponse:
    """Every mailbox in use."""
    rows = []
    for one in queries.health(at=now()):
        code, words = split_error(one.mailbox.error)
        rows.append({"health": one, "words": words, "advice": advice_of(code)})
    return show(request, "console/channels/health.html", "health", {"rows": rows})
