"""What happened between the messages, as short sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext, pgettext

from esmero.console.context import team_names
from esmero.console.matters.words import SENTENCES as MATTERS
from esmero.console.words import AUTOMATIC, AUTOMATIC_OTHER, PROMISE_KINDS, RELEASES
from esmero.conversations import queries as conversations
from esmero.conversations.enums import UNTIL_REPLY, TakeoverOutcome
from esmero.kernel.events import Happened
from esmero.kernel.refs import id_of
from esmero.people import queries as people
from esmero.promises.enums import Initiative
from esmero.ui.formats import listing, when

if TYPE_CHECKING:
    from esmero.channels.models import Delivery


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened: when, and in words."""

    moment: datetime
    text: str
    is_mail: bool = False


class Names:
    """The names that sentences need, fetched together and only when some are needed."""

    def __init__(self, events: Iterable[Happened]) -> None:
        agents: set[int] = set()
        needs_departments = False
        for event in events:
            named = (event.data.get("agent_id"), event.data.get("asked_agent_id"))
            for pk in (id_of(event.actor, "agent"), *named):
                if pk:
                    agents.add(int(pk))
            assigned = event.kind == "conversation.assigned"
            needs_departments |= assigned and not event.data.get("agent_id")
        self._agents = team_names()
        left = agents - self._agents.keys()
        if left:
            self._agents = self._agents | people.agent_names(left)
        self._departments = (
            {d.pk: d.name for d in people.departments()} if needs_departments else {}
        )

    def agent(self, pk: object) -> str:
        """Return a member's name."""
        return self._agents.get(int(str(pk)), "?") if pk else ""

    def actor(self, event: Happened) -> str:
        """Return who did it, empty for the system or the customer."""
        return self.agent(id_of(event.actor, "agent"))

    def department(self, pk: object) -> str:
        """Return a department's name."""
        return self._departments.get(int(str(pk)), "") if pk else ""


def facts(events: Iterable[Happened], automatic: Iterable[Delivery]) -> list[Fact]:
    """Return the sentences of a conversation's events and automatic mails, in order."""
    events = list(events)
    names = Names(events)
    found = []
    for event in events:
        text = _sentence(event, names)
        if text:
            found.append(Fact(event.at, text))
    found += [Fact(mail.sent_at or mail.created_at, _mailed(mail), True) for mail in automatic]
    return sorted(found, key=lambda fact: fact.moment)


def _mailed(mail: Delivery) -> str:
    what = str(AUTOMATIC.get(mail.template, AUTOMATIC_OTHER))
    states = {
        "sent": pgettext("automatic mail", "%(what)s sent"),
        "batch": pgettext("automatic mail", "%(what)s waits for a supervisor"),
        "failed": pgettext("automatic mail", "%(what)s could not be sent"),
        "bounced": pgettext("automatic mail", "%(what)s came back"),
        "cancelled": pgettext("automatic mail", "%(what)s not sent"),
        "uncertain": pgettext("automatic mail", "%(what)s: unknown whether it arrived"),
    }
    return states.get(mail.state, pgettext("automatic mail", "%(what)s on its way")) % {
        "what": what
    }


def _sentence(event: Happened, names: Names) -> str:
    known = _SENTENCES.get(event.kind)
    return known(event, names) if known else ""


def _assigned(event: Happened, names: Names) -> str:
    data: Mapping[str, object] = event.data
    actor = names.actor(event)
    if data.get("agent_id"):
        name = names.agent(data["agent_id"])
        if data.get("why") == "takeover":
            return gettext("It went to %(name)s") % {"name": name}
        if data.get("why") == "absence":
            return gettext("Handed to %(name)s: the owner is away") % {"name": name}
        if data.get("why") == "share_turn":
            return gettext("It was %(name)s's turn") % {"name": name}
        if data.get("why") == "share_least":
            return gettext("Given to %(name)s, who has least to do") % {"name": name}
        if data.get("why") == "rule":
            return gettext("A rule gave it to %(name)s") % {"name": name}
        if actor and actor == name:
            return gettext("%(name)s took it") % {"name": name}
        if actor:
            return gettext("%(actor)s gave it to %(name)s") % {"actor": actor, "name": name}
        return gettext("Given to %(name)s") % {"name": name}
    if data.get("why") == "unanswered":
        return ""  # `desk.work_returned` says it
    department = names.department(data.get("department_id"))
    if department and data.get("why") == "rule":
        return gettext("A rule gave it to %(name)s") % {"name": department}
    if department:
        return gettext("Given to %(name)s") % {"name": department}
    return gettext("Nobody owns it any more")


def _by(event: Happened, names: Names, with_actor: str, without: str) -> str:
    actor = names.actor(event)
    return with_actor % {"name": actor} if actor else without


def _reopened(event: Happened, names: Names) -> str:
    if event.data.get("by_customer"):
        return gettext("The customer wrote again: it is open")
    return _by(event, names, gettext("%(name)s reopened it"), gettext("Reopened"))


def _snoozed(event: Happened, names: Names) -> str:
    moment = datetime.fromisoformat(str(event.data["until"]))
    actor = names.actor(event)
    if moment >= UNTIL_REPLY:
        return _by(
            event,
            names,
            gettext("%(name)s snoozed it until the customer writes"),
            gettext("Snoozed until the customer writes"),
        )
    until = when(moment)
    if actor:
        return gettext("%(name)s snoozed it until %(when)s") % {"name": actor, "when": until}
    return gettext("Snoozed until %(when)s") % {"when": until}


def _asked(event: Happened, names: Names) -> str:
    return gettext("%(name)s asked %(other)s to hand it over") % {
        "name": names.agent(event.data["agent_id"]),
        "other": names.agent(event.data["asked_agent_id"]),
    }


def _answered(event: Happened, names: Names) -> str:
    sentences = {
        TakeoverOutcome.YIELDED.value: gettext("%(other)s handed it over to %(name)s"),
        TakeoverOutcome.REFUSED.value: gettext("%(other)s kept it for now"),
        TakeoverOutcome.TIMEOUT.value: gettext("%(other)s did not answer in time"),
        TakeoverOutcome.WITHDRAWN.value: gettext("%(name)s does not need it any more"),
    }
    return sentences.get(str(event.data["outcome"]), "") % {
        "name": names.agent(event.data["agent_id"]),
        "other": names.agent(event.data["asked_agent_id"]),
    }


def _made(event: Happened, names: Names) -> str:
    kind = PROMISE_KINDS.get(str(event.data["promise_kind"]), "")
    due = when(datetime.fromisoformat(str(event.data["due_at"])))
    return gettext("Promised: %(what)s, %(when)s") % {"what": str(kind).lower(), "when": due}


def _settled(event: Happened, names: Names) -> str:
    kind = str(PROMISE_KINDS.get(str(event.data["promise_kind"]), "")).lower()
    if event.data["state"] == "kept":
        return gettext("Promise kept: %(what)s") % {"what": kind}
    return gettext("Promise broken: %(what)s") % {"what": kind}


def _moved(event: Happened, names: Names) -> str:
    if event.data["initiative"] == Initiative.CUSTOMER.value:
        return gettext("Promise moved, as the customer asked")
    return gettext("Promise moved by us")


def _released(event: Happened, names: Names) -> str:
    reason = RELEASES.get(str(event.data["reason"]), "")
    return gettext("Promise let go of. %(reason)s") % {"reason": reason}


def _tagged(event: Happened, names: Names) -> str:
    known = conversations.order.tags_by_id()

    def named(ids: Iterable[int]) -> str:
        return listing([known[pk].name for pk in ids if pk in known])

    added, removed = named(event.data["added"]), named(event.data["removed"])
    said = []
    if added:
        said.append(gettext("Tagged: %(tags)s") % {"tags": added})
    if removed:
        said.append(gettext("Tag taken off: %(tags)s") % {"tags": removed})
    return ". ".join(said)


def _weighed(event: Happened, names: Names) -> str:
    said = {
        1: gettext("Priority high"), 0: gettext("Priority normal"), -1: gettext("Priority low")
    }  # fmt: skip
    return said.get(int(event.data["priority"]), "")


def _ruled(event: Happened, names: Names) -> str:
    if event.data["is_stopped"]:
        return gettext("The rules went round in a circle: nothing was done")
    return gettext("Rules on arrival were applied")


def _returned(event: Happened, names: Names) -> str:
    name = names.agent(event.data["agent_id"])
    return gettext("Back in the queue: %(name)s had not answered by half of the time") % {
        "name": name
    }


def _macro(event: Happened, names: Names) -> str:
    return _by(event, names, gettext("%(name)s ran a macro"), gettext("A macro was run"))


_SENTENCES = {
    "conversation.tags_changed": _tagged,
    "conversation.priority_changed": _weighed,
    "desk.rules_applied": _ruled,
    "desk.work_returned": _returned,
    "desk.macro_run": _macro,
    "conversation.assigned": _assigned,
    "conversation.resolved": lambda e, n: _by(
        e, n, gettext("%(name)s resolved it"), gettext("Resolved")
    ),
    "conversation.reopened": _reopened,
    "conversation.snoozed": _snoozed,
    "conversation.woken": lambda e, n: gettext("In sight again"),
    "conversation.waiting": lambda e, n: _by(
        e, n, gettext("%(name)s let it wait for the customer"), gettext("Waits for the customer")
    ),
    "conversation.takeover_asked": _asked,
    "conversation.takeover_ended": _answered,
    "conversation.suspicion_cleared": lambda e, n: _by(
        e, n, gettext("%(name)s said that it is no spam"), gettext("No spam after all")
    ),
    "conversation.marked_as_spam": lambda e, n: _by(
        e, n, gettext("%(name)s marked it as spam"), gettext("Marked as spam")
    ),
    "conversation.reply_scheduled": lambda e, n: (
        gettext("A reply is scheduled for %(when)s")
        % {"when": when(datetime.fromisoformat(str(e.data["leaves_at"])))}
    ),
    "conversation.reply_stopped": lambda e, n: gettext(
        "The reply did not leave: the customer wrote first"
    ),
    "promise.made": _made,
    "promise.settled": _settled,
    "promise.renegotiated": _moved,
    "promise.released": _released,
    **MATTERS,
}
