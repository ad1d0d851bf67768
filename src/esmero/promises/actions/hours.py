"""What the shop sets: opening hours, special days, standards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from esmero.kernel import audit
from esmero.kernel.errors import NotFound
from esmero.kernel.refs import ref
from esmero.kernel.text import one_line
from esmero.kernel.transactions import action
from esmero.people import queries as people
from esmero.promises.enums import Kind
from esmero.promises.errors import BadHours, HoursInUse
from esmero.promises.models import DepartmentHours, Hours, Promise, SpecialDay, StandardRow
from esmero.promises.rules.calendar import Frame, FrameInvalid
from esmero.shop import actions as shop

Frames = Sequence[tuple[int, int]]


def _checked(frames: Frames) -> list[list[int]]:
    try:
        ordered = sorted(Frame(start, end) for start, end in frames)
    except (FrameInvalid, ValueError) as error:
        raise BadHours(text=str(error)) from None
    for one, following in pairwise(ordered):
        if one.closes > following.start:
            raise BadHours(text=f"{one} / {following}")
    return [[f.start, f.end] for f in ordered]


@action
def open_hours(
    *,
    name: str,
    zone: str,
    country: str = "",
    region: str = "",
    week: Sequence[Frames],
    is_default: bool = False,
    at: datetime,
    actor: str,
) -> int:
    """Add opening hours and return their id; frames in minutes of the day. Raises BadHours."""
    shop.check_zone(zone)
    if len(week) != 7:
        raise BadHours(text=f"{len(week)} days")
    checked = [_checked(day) for day in week]
    if is_default:
        Hours.objects.filter(is_default=True).update(is_default=False)
    row = Hours.objects.create(
        name=one_line(name, 80),
        zone=zone,
        country=country,
        region=region,
        week=checked,
        is_default=is_default or not Hours.objects.exists(),
    )
    _changed("hours.opened", ref("hours", row.pk), at=at, actor=actor)
    return row.pk


@action
def change_hours(
    *,
    hours_id: int,
    name: str,
    zone: str,
    country: str,
    region: str,
    week: Sequence[Frames],
    at: datetime,
    actor: str,
) -> None:
    """Change opening hours; promises already made keep their times. Raises BadHours, NotFound."""
    shop.check_zone(zone)
    if len(week) != 7:
        raise BadHours(text=f"{len(week)} days")
    changed = Hours.objects.filter(pk=hours_id).update(
        name=one_line(name, 80),
        zone=zone,
        country=country,
        region=region,
        week=[_checked(day) for day in week],
    )
    if not changed:
        raise NotFound(hours_id=hours_id)
    _changed("hours.changed", ref("hours", hours_id), at=at, actor=actor)


@action
def make_default_hours(*, hours_id: int, at: datetime, actor: str) -> None:
    """Let every department without hours of its own keep these. Raises NotFound."""
    row = Hours.objects.select_for_update().filter(pk=hours_id).first()
    if row is None:
        raise NotFound(hours_id=hours_id)
    Hours.objects.filter(is_default=True).exclude(pk=hours_id).update(is_default=False)
    row.is_default = True
    row.save(update_fields=["is_default"])
    _changed("hours.made_default", ref("hours", hours_id), at=at, actor=actor)


@action
def remove_hours(*, hours_id: int, at: datetime, actor: str) -> None:
    """Drop opening hours that nobody keeps. Raises HoursInUse, NotFound.

    Those with which a promise was computed stay: its record names them.
    """
    row = Hours.objects.select_for_update().filter(pk=hours_id).first()
    if row is None:
        raise NotFound(hours_id=hours_id)
    if (
        row.is_default
        or DepartmentHours.objects.filter(hours=row).exists()
        or Promise.objects.filter(hours=row).exists()
    ):
        raise HoursInUse(hours_id=hours_id)
    row.delete()
    _changed("hours.removed", ref("hours", hours_id), at=at, actor=actor)


@action
def keep_hours(*, department_id: int, hours_id: int | None, at: datetime, actor: str) -> None:
    """Let a department keep these hours, or the default ones (None)."""
    kept = DepartmentHours.objects.filter(department_id=department_id)
    if kept.values_list("hours_id", flat=True).first() == hours_id:
        return
    if hours_id is None:
        kept.delete()
    else:
        DepartmentHours.objects.update_or_create(
            department_id=department_id, defaults={"hours_id": hours_id}
        )
    _changed(
        "hours.kept", ref("department", department_id), at=at, actor=actor, hours=hours_id or 0
    )


@action
def set_special_day(
    *, hours_id: int, on: date, frames: Frames, name: str = "", at: datetime, actor: str
) -> None:
    """Let one day differ: other frames, or closed when there are none. Raises BadHours."""
    SpecialDay.objects.update_or_create(
        hours_id=hours_id,
        on=on,
        defaults={"frames": _checked(frames), "name": one_line(name, 80)},
    )
    _changed(
        "hours.special_day_set", ref("hours", hours_id), at=at, actor=actor, on=on.isoformat()
    )


@action
def remove_special_day(*, hours_id: int, on: date, at: datetime, actor: str) -> None:
    """Let a day be like its weekday again."""
    SpecialDay.objects.filter(hours_id=hours_id, on=on).delete()
    _changed(
        "hours.special_day_removed", ref("hours", hours_id), at=at, actor=actor, on=on.isoformat()
    )


@action
def set_standard(
    *,
    kind: Kind,
    department_id: int | None = None,
    channel: str = "",
    tier_id: int | None = None,
    target_minutes: int | None = None,
    same_day: bool = False,
    limit_minutes: int | None = None,
    limit_in_business_time: bool = False,
    legal_days: int | None = None,
    legal_in_business_days: bool = False,
    at: datetime,
    actor: str,
) -> int:
    """Set what is aimed at for a kind of promise and return the row's id. Raises BadHours.

    `legal_days` is the law's deadline: whole days after the day of receipt (see
    `rules.due.Standard`), past which nothing is ever told.
    """
    if target_minutes is None and not same_day and limit_minutes is None and legal_days is None:
        raise BadHours(text="standard")
    department = people.department(department_id) if department_id else None
    tier = people.tiers.tier(tier_id) if tier_id else None
    facts: dict[str, Any] = {
        "target_minutes": target_minutes,
        "same_day": same_day,
        "limit_minutes": limit_minutes,
        "limit_in_business_time": limit_in_business_time,
        "legal_days": legal_days,
        "legal_in_business_days": legal_in_business_days,
    }
    row, _ = StandardRow.objects.update_or_create(
        kind=kind.value, department=department, channel=channel, tier=tier, defaults=facts
    )
    _changed(
        "standard.set",
        ref("standard", row.pk),
        at=at,
        actor=actor,
        kind=kind.value,
        department=department_id or 0,
        channel=channel,
        tier=tier_id or 0,
        **facts,
    )
    return row.pk


@action
def unset_standard(*, standard_id: int, at: datetime, actor: str) -> None:
    """Drop a standard; the next more general one holds again."""
    row = StandardRow.objects.filter(pk=standard_id).first()
    if row is None:
        return
    row.delete()
    _changed(
        "standard.unset",
        ref("standard", standard_id),
        at=at,
        actor=actor,
        kind=row.kind,
        department=row.department_id or 0,
    )


def _changed(what: str, about: str, *, at: datetime, actor: str, **data: Any) -> None:
    """Write the audit line, and let every process read its settings anew."""
    audit.record(at=at, actor=actor, action=what, ref=about, **data)
    shop.settings_changed()
