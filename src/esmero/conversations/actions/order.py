"""Tags, priority, following: what orders the work and changes nothing of the matter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from esmero.conversations.actions._locked import actor_of, links, locked
from esmero.conversations.enums import Priority
from esmero.conversations.errors import TagTaken, TooManyTags
from esmero.conversations.events import FollowingChanged, PriorityChanged, TagsChanged
from esmero.conversations.models import Follower, Tag
from esmero.conversations.reads import order as reads
from esmero.kernel import audit, events
from esmero.kernel.errors import InvalidInput, NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import fold, one_line, storable
from esmero.kernel.transactions import action

TAGS_MOST = 20
HUES = 8


@action
def change_tags(
    *,
    conversation_id: int,
    add: Iterable[int] = (),
    remove: Iterable[int] = (),
    at: datetime,
    by: int | None,
) -> tuple[list[int], list[int]]:
    """Put tags on a conversation and take others off; return what was really added and removed.

    Raises NotFound for a tag that there is not, TooManyTags. Publishes TagsChanged.
    """
    conversation = locked(conversation_id)
    before = list(conversation.tag_ids)
    wanted = list(dict.fromkeys(add))
    unknown = [pk for pk in wanted if pk not in reads.tags_by_id()]
    if unknown and Tag.objects.filter(pk__in=unknown).count() != len(unknown):
        raise NotFound(tag_id=unknown[0])
    added = [pk for pk in wanted if pk not in before]
    removed = [pk for pk in dict.fromkeys(remove) if pk in before and pk not in wanted]
    if not added and not removed:
        return [], []
    after = [pk for pk in before if pk not in removed] + added
    if len(after) > TAGS_MOST and added:
        raise TooManyTags(most=TAGS_MOST)
    conversation.tag_ids = after
    conversation.save(update_fields=["tag_ids"])
    changed = TagsChanged(
        conversation_id=conversation.pk, added=tuple(added), removed=tuple(removed)
    )
    events.publish([(changed, links(conversation))], at=at, actor=actor_of(by))
    return added, removed


@action
def set_priority(
    *, conversation_id: int, priority: Priority, at: datetime, by: int | None
) -> None:
    """Say how much it matters beside others. Raises NotFound. Publishes PriorityChanged."""
    conversation = locked(conversation_id)
    if conversation.priority == priority.value:
        return
    conversation.priority = priority.value
    conversation.save(update_fields=["priority"])
    changed = PriorityChanged(conversation_id=conversation.pk, priority=priority.value)
    events.publish([(changed, links(conversation))], at=at, actor=actor_of(by))


@action
def follow_conversation(*, conversation_id: int, agent_id: int, at: datetime) -> None:
    """Follow a conversation. Raises NotFound. Publishes FollowingChanged when she did not yet."""
    conversation = locked(conversation_id)
    _, is_new = Follower.objects.get_or_create(
        conversation=conversation, agent_id=agent_id, defaults={"at": at}
    )
    if is_new:
        changed = FollowingChanged(
            conversation_id=conversation.pk, agent_id=agent_id, follows=True
        )
        events.publish([(changed, links(conversation))], at=at, actor=actor_of(agent_id))


@action
def unfollow_conversation(*, conversation_id: int, agent_id: int, at: datetime) -> None:
    """Follow it no more. Raises NotFound. Publishes FollowingChanged when she did."""
    conversation = locked(conversation_id)
    gone, _ = Follower.objects.filter(conversation=conversation, agent_id=agent_id).delete()
    if gone:
        changed = FollowingChanged(
            conversation_id=conversation.pk, agent_id=agent_id, follows=False
        )
        events.publish([(changed, links(conversation))], at=at, actor=actor_of(agent_id))


@action
def make_tag(
    *, name: str, hue: int | None = None, is_line: bool = False, at: datetime, by: int | None
) -> int:
    """Add a tag and return its id; one that was retired comes back. Raises InvalidInput, TagTaken.

    Without a `hue` it gets the one that is used least.
    """
    name, key = _named(name)
    if hue is None:
        used = list(Tag.objects.values_list("hue", flat=True))
        hue = min(range(HUES), key=used.count)
    known = Tag.objects.select_for_update().filter(key=key).first()
    if known is not None and known.retired_at is None:
        raise TagTaken(name=known.name)
    if known is not None:
        known.retired_at = None
        known.save(update_fields=["retired_at"])
        tag = known
    else:
        tag = Tag.objects.create(name=name, key=key, hue=hue % HUES, is_line=is_line)
    audit.record(at=at, actor=actor_of(by), action="tag.made", ref=ref("tag", tag.pk))
    reads.forget_tags()
    return tag.pk


@action
def change_tag(*, tag_id: int, name: str, hue: int, is_line: bool, at: datetime, by: int) -> None:
    """Rename or recolour a tag. Raises NotFound, InvalidInput, TagTaken."""
    tag = Tag.objects.select_for_update().filter(pk=tag_id).first()
    if tag is None:
        raise NotFound(tag_id=tag_id)
    name, key = _named(name)
    other = Tag.objects.filter(key=key).exclude(pk=tag_id).first()
    if other is not None:
        raise TagTaken(name=other.name)
    tag.name, tag.key, tag.hue, tag.is_line = name, key, hue % HUES, is_line
    tag.save(update_fields=["name", "key", "hue", "is_line"])
    audit.record(at=at, actor=actor_of(by), action="tag.changed", ref=ref("tag", tag_id))
    reads.forget_tags()


@action
def retire_tag(*, tag_id: int, at: datetime, by: int) -> None:
    """Offer a tag no more; what bears it keeps it. Raises NotFound."""
    if not Tag.objects.filter(pk=tag_id, retired_at=None).update(retired_at=at):
        raise NotFound(tag_id=tag_id)
    audit.record(at=at, actor=actor_of(by), action="tag.retired", ref=ref("tag", tag_id))
    reads.forget_tags()


def _named(name: str) -> tuple[str, str]:
    name = one_line(storable(name).replace(",", " "), 40).lstrip("#").strip()
    key = fold(name)
    if not key:
        raise InvalidInput(field="name")
    return name, key[:60]
