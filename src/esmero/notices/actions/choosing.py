"""What a member chooses: her matrix, quiet hours, what is silent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import available_timezones

from esmero.conversations import queries as conversations
from esmero.kernel import audit
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.transactions import action
from esmero.notices import queries
from esmero.notices.enums import Channel, Kind, Mutes, Quiet
from esmero.notices.models import Mute, Notice, Preferences
from esmero.notices.rules import matrix
from esmero.people import queries as people

MINUTES = (1, 240)
DAY = 24 * 60


def _locked(agent_id: int) -> Preferences:
    Preferences.objects.get_or_create(agent_id=agent_id)
    return Preferences.objects.select_for_update().get(agent_id=agent_id)


@action
def set_preferences(
    *,
    agent_id: int,
    channels: Mapping[Kind, Collection[Channel]],
    mail_minutes: int,
    hides_names: bool,
    quiet: Quiet,
    quiet_days: Collection[int] = (),
    quiet_starts: int = 1200,
    quiet_ends: int = 480,
    zone: str = "",
    at: datetime,
) -> None:
    """Set how a member is told. Times of day are minutes after midnight in `zone` (empty: the
    shop's). Raises InvalidInput.
    """
    if not MINUTES[0] <= mail_minutes <= MINUTES[1]:
        raise InvalidInput(field="mail_minutes")
    if zone and zone not in available_timezones():
        raise InvalidInput(field="zone")
    if not all(0 <= day <= 6 for day in quiet_days):
        raise InvalidInput(field="quiet_days")
    if not (0 <= quiet_starts < DAY and 0 <= quiet_ends < DAY):
        raise InvalidInput(field="quiet_starts")
    row = _locked(agent_id)
    row.channels = matrix.stored(channels)
    row.mail_minutes, row.hides_names = mail_minutes, hides_names
    row.quiet, row.quiet_days = quiet.value, sorted(set(quiet_days))
    row.quiet_starts, row.quiet_ends, row.zone = quiet_starts, quiet_ends, zone
    row.save()
    _drop_unwanted(row)
    audit.record(
        at=at,
        actor=ref("agent", agent_id),
        action="notices.changed",
        ref=ref("agent", agent_id),
        channels=row.channels,
        quiet=row.quiet,
        mail_minutes=mail_minutes,
        hides_names=hides_names,
    )


def _drop_unwanted(row: Preferences) -> None:
    """What waits for a channel that is off now is not sent there."""
    for kind in Kind:
        wanted = matrix.channels_of(row.channels, kind)
        waiting = Notice.objects.filter(agent_id=row.agent_id, kind=kind.value, seen_at=None)
        if Channel.MAIL not in wanted:
            waiting.filter(mail_at__isnull=False).update(mail_at=None)
        if Channel.PUSH not in wanted:
            waiting.filter(push_at__isnull=False).update(push_at=None)


@action
def pause(*, agent_id: int, until: datetime | None, at: datetime) -> None:
    """Keep mail and push still until a moment; None ends the pause. Raises InvalidInput."""
    if until is not None and until <= at:
        raise InvalidInput(field="until")
    row = _locked(agent_id)
    row.paused_until = until
    row.save(update_fields=["paused_until"])
    if until is None:
        # What was held back comes now, and not when the pause would have ended.
        mine = Notice.objects.filter(agent_id=agent_id, seen_at=None)
        mine.filter(mail_at__gt=at).update(mail_at=at)
        mine.filter(push_at__gt=at).update(push_at=at)
    audit.record(
        at=at,
        actor=ref("agent", agent_id),
        action="notices.paused" if until else "notices.resumed",
        ref=ref("agent", agent_id),
        until=until.isoformat() if until else "",
    )


@action
def mute_conversation(*, agent_id: int, conversation_id: int, at: datetime) -> bool:
    """Silence a conversation for a member; say whether it was not so already. What waits to be
    told of it is dropped, but for what asks her by name or is a promise of hers.

    Raises NotFound when she may not see it.
    """
    agent = people.agent(agent_id)
    if agent is None:
        raise NotFound(ref=ref("agent", agent_id))
    conversation = conversations.conversation_for(agent, conversation_id)
    _, is_new = Mute.objects.get_or_create(
        agent_id=agent_id, conversation_id=conversation.pk, defaults={"at": at}
    )
    silent = [kind.value for kind in matrix.STAYS_SILENT]
    Notice.objects.filter(
        agent_id=agent_id, conversation_id=conversation.pk, kind__in=silent, seen_at=None
    ).update(mail_at=None, push_at=None)
    if is_new:
        _record(agent_id, "notices.muted", conversation.pk, at=at)
    return is_new


@action
def unmute_conversation(*, agent_id: int, conversation_id: int, at: datetime) -> bool:
    """Let a conversation be heard again; say whether it was silenced."""
    gone, _ = Mute.objects.filter(agent_id=agent_id, conversation_id=conversation_id).delete()
    if gone:
        _record(agent_id, "notices.unmuted", conversation_id, at=at)
    return bool(gone)


def _record(agent_id: int, what: str, conversation_id: int, *, at: datetime) -> None:
    audit.record(
        at=at,
        actor=ref("agent", agent_id),
        action=what,
        ref=ref("agent", agent_id),
        conversation=conversation_id,
    )


@action
def obey_link(link: str, *, at: datetime) -> queries.Link:
    """Do what a signed link says: silence a conversation, or kinds in one channel.

    Raises LinkNotValid, and NotFound when a conversation may not be seen any more.
    """
    found = queries.read_link(link, at=at)
    if found.what is Mutes.CONVERSATION:
        mute_conversation(agent_id=found.agent_id, conversation_id=int(found.values[0]), at=at)
        return found
    if people.agent(found.agent_id) is None:
        raise NotFound(ref=ref("agent", found.agent_id))
    row = _locked(found.agent_id)
    channel = Channel.MAIL if found.what is Mutes.MAIL else Channel.PUSH
    before = row.channels
    for kind in queries.kinds_in(found):
        row.channels = matrix.without(row.channels, kind, channel)
    if row.channels != before:
        row.save(update_fields=["channels"])
        _drop_unwanted(row)
        audit.record(
            at=at,
            actor=ref("agent", found.agent_id),
            action="notices.silenced",
            ref=ref("agent", found.agent_id),
            kinds=[kind.value for kind in queries.kinds_in(found)],
            channel=found.what.value,
        )
    return found
