"""Merging, side conversations and asking in words: the sentences of a thread's events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy

from esmero.conversations.enums import RelationKind
from esmero.kernel.events import Happened
from esmero.people import queries as people

RELATIONS: dict[str, str | Promise] = {
    RelationKind.RELATED.value: pgettext_lazy("link of conversations", "Related"),
    RelationKind.DUPLICATE.value: pgettext_lazy("link of conversations", "The same again"),
    RelationKind.CAUSED_BY.value: pgettext_lazy("link of conversations", "Caused by"),
    "causes": pgettext_lazy("link of conversations", "Has caused"),
}


def _by(event: Happened, names: Any, with_actor: str, without: str, **more: object) -> str:
    actor = names.actor(event)
    return (with_actor if actor else without) % {"name": actor, **more}


def _number(event: Happened, key: str) -> int:
    return int(str(event.data[key]))


def _merged(event: Happened, names: Any) -> str:
    return _by(
        event, names,
        gettext("%(name)s merged no. %(number)s into this one"),
        gettext("No. %(number)s was merged into this one"),
        number=_number(event, "merged_id"),
    )  # fmt: skip


def _merge_undone(event: Happened, names: Any) -> str:
    return _by(
        event, names,
        gettext("%(name)s made no. %(number)s its own again"),
        gettext("No. %(number)s is its own again"),
        number=_number(event, "merged_id"),
    )  # fmt: skip


def _split(event: Happened, names: Any) -> str:
    count = _number(event, "messages")
    return _by(
        event, names,
        ngettext(
            "%(name)s split off %(count)s message: no. %(number)s",
            "%(name)s split off %(count)s messages: no. %(number)s",
            count,
        ),
        ngettext(
            "%(count)s message was split off: no. %(number)s",
            "%(count)s messages were split off: no. %(number)s",
            count,
        ),
        count=count, number=_number(event, "new_id"),
    )  # fmt: skip


def _split_undone(event: Happened, names: Any) -> str:
    return _by(
        event, names,
        gettext("%(name)s brought no. %(number)s back"),
        gettext("No. %(number)s was brought back"),
        number=_number(event, "new_id"),
    )  # fmt: skip


def _linked(event: Happened, names: Any) -> str:
    return _by(
        event, names,
        gettext("%(name)s linked no. %(one)s and no. %(other)s"),
        gettext("No. %(one)s and no. %(other)s were linked"),
        one=_number(event, "conversation_id"), other=_number(event, "other_id"),
    )  # fmt: skip


def _unlinked(event: Happened, names: Any) -> str:
    return _by(
        event, names,
        gettext("%(name)s took the link of no. %(one)s and no. %(other)s away"),
        gettext("The link of no. %(one)s and no. %(other)s was taken away"),
        one=_number(event, "conversation_id"), other=_number(event, "other_id"),
    )  # fmt: skip


def _customer(event: Happened) -> str:
    pk = _number(event, "customer_id")
    return people.names_of([pk]).get(pk, "") or people.main_addresses_of([pk]).get(pk, "?")


def _added(event: Happened, names: Any) -> str:
    return _by(
        event, names,
        gettext("%(name)s added %(customer)s to the conversation"),
        gettext("%(customer)s was added to the conversation"),
        customer=_customer(event),
    )  # fmt: skip


def _removed(event: Happened, names: Any) -> str:
    return _by(
        event, names,
        gettext("%(name)s took %(customer)s out of the conversation"),
        gettext("%(customer)s was taken out of the conversation"),
        customer=_customer(event),
    )  # fmt: skip


def _consulted(event: Happened, names: Any) -> str:
    asked = names.agent(event.data.get("agent_id"))
    if not asked:
        department = people.department(int(str(event.data.get("department_id") or 0)))
        asked = department.name if department else "?"
    said = gettext("%(name)s asked %(asked)s")
    if event.data.get("is_referral"):
        said = gettext("%(name)s brought in %(asked)s")
    return said % {"name": names.actor(event) or "?", "asked": asked}


Said = Callable[[Happened, Any], str]
SENTENCES: dict[str, Said] = {
    "conversation.merged": _merged,
    "conversation.merge_undone": _merge_undone,
    "conversation.split": _split,
    "conversation.split_undone": _split_undone,
    "conversation.linked": _linked,
    "conversation.unlinked": _unlinked,
    "conversation.participant_added": _added,
    "conversation.participant_removed": _removed,
    "conversation.side_opened": lambda e, n: _by(
        e, n, gettext("%(name)s asked somebody outside"), gettext("Somebody outside was asked")
    ),
    "conversation.side_reply_received": lambda e, n: gettext("Somebody outside answered"),
    "conversation.side_mail_not_delivered": lambda e, n: gettext(
        "A mail to somebody outside did not arrive"
    ),
    "conversation.side_closed": lambda e, n: _by(
        e, n,
        gettext("%(name)s closed the mail with somebody outside"),
        gettext("The mail with somebody outside was closed"),
    ),
    "conversation.side_reopened": lambda e, n: _by(
        e, n,
        gettext("%(name)s opened the mail with somebody outside again"),
        gettext("The mail with somebody outside was opened again"),
    ),
    "conversation.consulted": _consulted,
    "conversation.consultation_answered": lambda e, n: _by(
        e, n, gettext("%(name)s answered the question"), gettext("The question was answered")
    ),
    "conversation.consultation_ended": lambda e, n: _by(
        e, n, gettext("%(name)s ended the question"), gettext("The question was ended")
    ),
}  # fmt: skip
