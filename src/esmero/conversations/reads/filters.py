"""The filters of the search: how they are written, and what they ask of a conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from esmero.conversations import ports
from esmero.conversations.enums import Channel, Chip, Kind, State
from esmero.conversations.models import Message, Participant
from esmero.conversations.rules.asking import Condition, Problem, day_of
from esmero.kernel.text import fold
from esmero.people import queries as people
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.people.models import Agent

PEOPLE_MOST = 50
"""Customers that a name behind `de:` or `para:` may stand for."""
MESSAGES_MOST = 15_000
"""Messages to one address that are looked at."""

# Filter → how it is written, Spanish first.
WORDS: dict[str, tuple[str, ...]] = {
    "from": ("de", "from"),
    "to": ("para", "to"),
    "subject": ("asunto", "subject"),
    "state": ("estado", "state", "status"),
    "owner": ("dueño", "owner", "dueña"),
    "department": ("departamento", "department"),
    "channel": ("canal", "channel"),
    "kind": ("tipo", "kind", "type"),
    "before": ("antes", "before"),
    "after": ("después", "after", "desde", "since"),
    "with": ("con", "with", "has"),
    "is": ("es", "is"),
}
OVERDUE, SNOOZED, WAITING, FILE = "overdue", "snoozed", "waiting", "file"
FLAGS = {
    "vencida": ("is", OVERDUE), "vencidas": ("is", OVERDUE), "overdue": ("is", OVERDUE),
}  # fmt: skip
_ME, _NOBODY = {"yo", "me", "mi", "mia", "mias", "mine"}, {"nadie", "nobody", "none", "sin"}
# What a value may be called: Spanish, English, others.
STATES = {
    State.OPEN.value: ("abierta", "open", "abierto", "abiertas"),
    State.WAITING.value: ("esperando", "waiting", "espera", "pendiente"),
    State.RESOLVED.value: ("resuelta", "resolved", "resuelto", "cerrada", "closed", "resueltas"),
}
CHANNELS = {
    Channel.MAIL.value: ("correo", "mail", "email"),
    Channel.FORM.value: ("formulario", "form"),
    Channel.PORTAL.value: ("portal", "portal"),
}
KINDS = {
    Kind.QUESTION.value: ("pregunta", "question", "consulta"),
    Kind.COMPLAINT.value: ("queja", "complaint", "reclamacion"),
    Kind.SUGGESTION.value: ("sugerencia", "suggestion"),
    Kind.THANKS.value: ("gracias", "thanks"),
    Kind.SALE.value: ("venta", "sale"),
    Kind.ORDER.value: ("pedido", "order"),
    Kind.RETURN.value: ("devolución", "return"),
    Kind.CALL.value: ("llamada", "call"),
}
IS = {
    OVERDUE: ("vencida", "overdue", "vencidas"),
    SNOOZED: ("pospuesta", "snoozed"),
    WAITING: ("sin-respuesta", "unanswered", "sinrespuesta"),
}
WITH: dict[str, tuple[str, ...]] = {
    FILE: ("archivo", "file", "archivos", "files", "adjunto", "attachment", "fichero")
}


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, and when."""

    agent: Agent
    at: datetime


def written() -> dict[str, str]:
    """Return every folded word that stands before a colon, with its filter."""
    found = {fold(word): name for name, words in WORDS.items() for word in words}
    for name, added in ports.added_search_filters().items():
        found |= dict.fromkeys(ports.words_of(added), name)
    return found


def _called(text: str, names: dict[str, tuple[str, ...]]) -> list[str]:
    said = fold(text)
    return [value for value, words in names.items() if said in [fold(word) for word in words]]


def _choice(column: str, names: dict[str, tuple[str, ...]]) -> Callable[[str, Who], Q | None]:
    def where(value: str, who: Who) -> Q | None:
        chosen = [one for part in value.split(",") for one in _called(part, names)]
        return Q(**{f"{column}__in": chosen}) if chosen else None

    return where


def _is(value: str, who: Who) -> Q | None:
    wanted = {
        # As the index over what presses is written; of a broken promise the moment is past.
        OVERDUE: Q(chip__in=[Chip.OPEN.value, Chip.BROKEN.value], chip_at__lt=who.at),
        SNOOZED: Q(snoozed_until__gt=who.at),
        WAITING: Q(awaits_reply_since__isnull=False) & ~Q(state=State.RESOLVED.value),
    }
    return next((wanted[name] for name in _called(value, IS)), None)


def _with(value: str, who: Who) -> Q | None:
    if not _called(value, WITH):
        return None
    files = Message.objects.filter(conversation_id=OuterRef("pk"), has_files=True)
    return Q(Exists(files.filter(is_withdrawn=False)))


def _owner(value: str, who: Who) -> Q | None:
    said = fold(value)
    if said in _ME:
        return Q(owner_agent_id=who.agent.pk)
    if said in _NOBODY:
        return Q(owner_agent=None)
    meant = [
        one.pk
        for one in people.everyone()
        if said in fold(one.name).split() or fold(one.name).startswith(said)
        or said == one.email.lower() or said == one.email.lower().partition("@")[0]
    ]  # fmt: skip
    return Q(owner_agent_id__in=meant) if meant else None


def _department(value: str, who: Who) -> Q | None:
    said = fold(value)
    rows = list(people.all_departments())
    meant = [d.pk for d in rows if said in (fold(d.name), fold(d.slug))]
    meant = meant or [d.pk for d in rows if said in fold(d.name)]
    return Q(department_id__in=meant) if meant else None


def _day(value: str, who: Who) -> datetime | None:
    zone = the_shop().zone
    day = day_of(value, today=who.at.astimezone(zone).date())
    if day is None:
        return None
    return datetime.combine(day, time.min, tzinfo=zone)


def _before(value: str, who: Who) -> Q | None:
    moment = _day(value, who)
    return Q(last_message_at__lt=moment) if moment else None


def _after(value: str, who: Who) -> Q | None:
    moment = _day(value, who)
    return Q(last_message_at__gte=moment) if moment else None


def subject_holds(query: str, form: str = "%s::tsquery") -> Q:
    """Return the condition that a subject holds a query. The index over the subjects is asked
    first and alone: read in another order, every subject would be taken apart again.
    """
    rows = RawSQL(  # noqa: S611 - our own text, the query is a parameter
        "SELECT id FROM conversations_conversation WHERE"  # noqa: S608
        " to_tsvector('esmero_es'::regconfig, COALESCE(subject, '')) @@"
        f" {form} OFFSET 0",
        [query],
    )
    return Q(pk__in=rows)


def _subject(value: str, who: Who) -> Q | None:
    return subject_holds(value, "websearch_to_tsquery('esmero_es'::regconfig, %s)")


def _group_of(value: str) -> list[int]:
    found = people.search_customers(value, limit=PEOPLE_MOST)
    return list(people.survivors_of_groups(customer.pk for customer in found))


def _from(value: str, who: Who) -> Q | None:
    takes_part = Participant.objects.filter(customer_id__in=_group_of(value))
    return Q(pk__in=Subquery(takes_part.values("conversation_id")))


def _to(value: str, who: Who) -> Q | None:
    said = value.strip().lower()
    addresses = {said} if "@" in said else set()
    addresses |= {
        address.value
        for address in people.addresses_of_group(_group_of(value))
        if "@" in address.value
    }
    if not addresses:
        return Q(pk=None)
    rows = RawSQL(
        "SELECT conversation_id FROM conversations_message WHERE"
        " jsonb_path_query_array(lower((\"to\" || cc || bcc)::text)::jsonb, '$[*][1]') ?| %s"
        " AND NOT is_withdrawn LIMIT %s",
        [sorted(addresses), MESSAGES_MOST],
    )
    return Q(pk__in=rows)


_WHERE: dict[str, Callable[[str, Who], Q | None]] = {
    "from": _from,
    "to": _to,
    "subject": _subject,
    "state": _choice("state", STATES),
    "owner": _owner,
    "department": _department,
    "channel": _choice("channel", CHANNELS),
    "kind": _choice("kind", KINDS),
    "before": _before,
    "after": _after,
    "with": _with,
    "is": _is,
}


def where(conditions: Iterable[Condition], who: Who) -> tuple[Q, list[Problem]]:
    """Return what the filters ask of a conversation together, and the values nobody knows."""
    found, problems = Q(), []
    added = ports.added_search_filters()
    for one in conditions:
        if one.name in added:
            asked, unknown = added[one.name].where(one.value), added[one.name].unknown
        else:
            asked, unknown = _WHERE[one.name](one.value, who), f"{one.name}_unknown"
        if asked is None:
            problems.append(Problem(unknown, one.word, one.value))
        else:
            found &= ~asked if one.is_excluded else asked
    return found, problems


def offered(*, is_spanish: bool) -> list[tuple[str, list[str]]]:
    """Return each filter as it is written in a language, with its values that can be listed; an
    empty list: whatever one writes.
    """
    place = 0 if is_spanish else 1

    def of(names: dict[str, tuple[str, ...]]) -> list[str]:
        return [words[place] for words in names.values()]

    me, nobody = ("yo", "nadie") if is_spanish else ("me", "nobody")
    days = ["hoy", "ayer", "7d", "30d"] if is_spanish else ["today", "yesterday", "7d", "30d"]
    values = {
        "state": of(STATES),
        "owner": [me, nobody, *(one.name for one in people.team())],
        "department": [one.name for one in people.departments()],
        "channel": of(CHANNELS),
        "kind": of(KINDS),
        "before": days,
        "after": days,
        "with": of(WITH),
        "is": of(IS),
    }
    found = [(words[place], values.get(name, [])) for name, words in WORDS.items()]
    for added in ports.added_search_filters().values():
        word = added.words[min(place, len(added.words) - 1)]
        found.append((word, list(added.values())))
    return found
