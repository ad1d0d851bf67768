"""Which kinds reach somebody through which channels, as she chose or as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from esmero.notices.enums import Channel, Kind

_S, _M, _P = Channel.SCREEN, Channel.MAIL, Channel.PUSH

DEFAULTS: Mapping[Kind, frozenset[Channel]] = MappingProxyType(
    {
        Kind.ASSIGNED: frozenset({_S, _P}),
        Kind.MESSAGE: frozenset({_S, _P}),
        Kind.MENTION: frozenset({_S, _M, _P}),
        Kind.CONSULTED: frozenset({_S, _M, _P}),
        # Half of a promise's time is told by mail already (mails.reactions), and supervisors hear.
        Kind.PROMISE: frozenset({_S, _P}),
        Kind.RETURNED: frozenset({_S, _M}),
        Kind.TAKEOVER: frozenset({_S, _P}),
        Kind.UNDELIVERED: frozenset({_S, _M, _P}),
        # The lists and their numbers show what waits; who wants to be called chooses it.
        Kind.UNOWNED: frozenset(),
        Kind.FOLLOWED: frozenset({_S}),
        Kind.SIDE: frozenset({_S, _P}),
        Kind.MAILBOX: frozenset({_S, _M, _P}),
    }
)
"""What holds until somebody chooses: what asks for her everywhere, the rest on the screen."""

STAYS_SILENT = frozenset({Kind.MESSAGE, Kind.UNOWNED, Kind.FOLLOWED, Kind.SIDE})
"""What a silenced conversation tells no more. What asks her by name, and what she has promised,
comes through."""

ALONE = frozenset({Kind.MAILBOX})
"""Kinds for administrators alone."""


def channels_of(chosen: Mapping[str, str], kind: Kind) -> frozenset[Channel]:
    """Return where a kind is told; `chosen` holds letters by kind (`{"mention": "sm"}`)."""
    letters = chosen.get(kind.value)
    if letters is None:
        return DEFAULTS[kind]
    return frozenset(one for one in Channel if one.value in letters)


def stored(wanted: Mapping[Kind, Iterable[Channel]]) -> dict[str, str]:
    """Return a matrix as it is kept: only what differs from what holds anyhow."""
    return {
        kind.value: "".join(one.value for one in Channel if one in set(channels))
        for kind, channels in wanted.items()
        if frozenset(channels) != DEFAULTS[kind]
    }


def without(chosen: Mapping[str, str], kind: Kind, channel: Channel) -> dict[str, str]:
    """Return the same choice with one channel of one kind off."""
    left = channels_of(chosen, kind) - {channel}
    return dict(chosen) | {kind.value: "".join(one.value for one in Channel if one in left)}


def is_silenced(kind: Kind, *, is_muted: bool) -> bool:
    """Say whether a kind is not told because its conversation is silenced."""
    return is_muted and kind in STAYS_SILENT
