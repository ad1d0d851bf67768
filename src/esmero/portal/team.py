"""The honest state of the team now: is somebody there, and how long does an answer take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from esmero.channels import queries as channels
from esmero.portal import hours, kept, words
from esmero.promises import queries as promises
from esmero.shop.queries import the_shop

KEEP_SECONDS = 5
"""How old the state of the team on a public page may be."""


@dataclass(frozen=True, slots=True)
class Now:
    """What a page says of the team. Hashable: it is part of a kept page's key."""

    is_open: bool
    state: str
    answer: str
    """By when a message of now would be answered, as it is said; '' where nobody can say."""
    address: str
    telephone: str
    words: tuple[promises.public.Word, ...] = ()


def now(*, at: datetime) -> Now:
    """Return the state of the team; asked again after KEEP_SECONDS."""
    shop = the_shop()
    key = (shop.settings_version, int(at.timestamp()) // KEEP_SECONDS)
    found: Now = kept.value(("team", get_language()), key, lambda: _now(at))
    return found


def _now(at: datetime) -> Now:
    shop = the_shop()
    is_open, state = hours.state(at=at)
    mailbox = channels.mailbox_of_department(None)
    given = promises.public.last_words()
    return Now(
        is_open,
        state,
        words.answer_now(at=at, zone=shop.zone.key),
        mailbox.address if mailbox else "",
        shop.telephone,
        tuple(given) if len(given) >= words.WORDS_LEAST else (),
    )
