"""What the shop sets: opening hours, special days, standards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from esmero.kernel.errors import NotFound
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
    shop.settings_changed()
    return row.pk


@action
def change_hours(
    *, hours_id: int, name: str, zone: str, country: str, region: str, week: Sequence[Frames]
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
    shop.settings_changed()


@action
def make_default_hours(*, hours_id: int) -> None:
    """Let every department without hours of its own keep these. Raises NotFound."""
    row = Hours.objects.select_for_update().filter(pk=hours_id).first()
    if row is None:
        raise NotFound(hours_id=hours_id)
    Hours.objects.filter(is_default=True).exclude(pk=hours_id).update(is_default=False)
    row.is_default = True
    row.save(update_fields=["is_default"])
    shop.settings_changed()


@action
def remove_hours(*, hours_id: int) -> None:
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
    shop.settings_changed()


@action
def keep_hours(*, department_id: int, hours_id: int | None) -> None:
    """Let a department keep these hours, or the default ones (None)."""
    if hours_id is None:
        DepartmentHours.objects.filter(department_id=department_id).delete()
    else:
        DepartmentHours.objects.update_or_create(
            department_id=department_id, defaults={"hours_id": hours_id}
        )
    shop.settings_changed()


@action
def set_special_day(*, hours_id: int, on: date, frames: Frames, name: str = "") -> None:
    """Let one day differ: other frames, or closed when there are none. Raises BadHours."""
    SpecialDay.objects.update_or_create(
        hours_id=hours_id,
        on=on,
        defaults={"frames": _checked(frames), "name": one_line(name, 80)},
    )
    shop.settings_changed()


@action
def remove_special_day(*, hours_id: int, on: date) -> None:
    """Let a day be like its weekday again."""
    SpecialDay.objects.filter(hours_id=hours_id, on=on).delete()
    shop.settings_changed()


@action
def set_standard(
    *,
    kind: Kind,
    department_id: int | None = None,
    channel: str = "",
    tier: str = "",
    target_minutes: int | None = None,
    same_day: bool = False,
    limit_minutes: int | None = None,
    limit_in_business_time: bool = False,
) -> int:
    """Set what is aimed at for a kind of promise and return the row's id. Raises BadHours."""
    if target_minutes is None and not same_day and limit_minutes is None:
        raise BadHours(text="standard")
    department = people.department(department_id) if department_id else None
    row, _ = StandardRow.objects.update_or_create(
        kind=kind.value,
        department=department,
        channel=channel,
        tier=tier,
        defaults={
            "target_minutes": target_minutes,
            "same_day": same_day,
            "limit_minutes": limit_minutes,
            "limit_in_business_time": limit_in_business_time,
        },
    )
    shop.settings_changed()
    return row.pk


@action
def unset_standard(*, standard_id: int) -> None:
    """Drop a standard; the next more general one holds again."""
    StandardRow.objects.filter(pk=standard_id).delete()
    shop.settings_changed()
