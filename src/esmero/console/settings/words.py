"""Names of kinds, channels, roles and days, and lengths of business time as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy

from esmero.conversations.enums import Channel
from esmero.people.enums import Role
from esmero.promises.enums import Kind

KINDS: dict[str, Lazy | str] = {
    Kind.ANSWER.value: pgettext_lazy("kind of promise", "Answer"),
    Kind.UPDATE.value: pgettext_lazy("kind of promise", "Update"),
    Kind.SOLVE.value: pgettext_lazy("kind of promise", "Solve"),
    Kind.CALL.value: pgettext_lazy("kind of promise", "Call"),
    Kind.DISPATCH.value: pgettext_lazy("kind of promise", "Dispatch"),
    Kind.DELIVER.value: pgettext_lazy("kind of promise", "Deliver"),
    Kind.REFUND.value: pgettext_lazy("kind of promise", "Refund"),
    Kind.REPLACE.value: pgettext_lazy("kind of promise", "Replace"),
    Kind.FOLLOW_UP.value: pgettext_lazy("kind of promise", "Follow up"),
    Kind.VERIFY.value: pgettext_lazy("kind of promise", "Verify"),
    Kind.LEGAL.value: pgettext_lazy("kind of promise", "Legal deadline"),
}
"""Every kind; what is not built yet is not offered (see SETTABLE)."""

SETTABLE = (Kind.ANSWER.value, Kind.UPDATE.value, Kind.SOLVE.value, Kind.CALL.value)

CHANNELS: dict[str, Lazy | str] = {
    Channel.MAIL.value: pgettext_lazy("channel", "Mail"),
    Channel.FORM.value: pgettext_lazy("channel", "Contact form"),
    Channel.PORTAL.value: pgettext_lazy("channel", "Customer's page"),
}
ROLES: dict[str, Lazy | str] = {
    Role.AGENT.value: pgettext_lazy("role", "Agent"),
    Role.SUPERVISOR.value: pgettext_lazy("role", "Supervisor"),
    Role.ADMIN.value: pgettext_lazy("role", "Administrator"),
}
WEEKDAYS = (
    pgettext_lazy("weekday", "Monday"), pgettext_lazy("weekday", "Tuesday"),
    pgettext_lazy("weekday", "Wednesday"), pgettext_lazy("weekday", "Thursday"),
    pgettext_lazy("weekday", "Friday"), pgettext_lazy("weekday", "Saturday"),
    pgettext_lazy("weekday", "Sunday"),
)  # fmt: skip
_SHORT = (
    pgettext_lazy("weekday, short", "Mon"), pgettext_lazy("weekday, short", "Tue"),
    pgettext_lazy("weekday, short", "Wed"), pgettext_lazy("weekday, short", "Thu"),
    pgettext_lazy("weekday, short", "Fri"), pgettext_lazy("weekday, short", "Sat"),
    pgettext_lazy("weekday, short", "Sun"),
)  # fmt: skip


def kind_name(kind: str) -> str:
    """Return what a kind is called."""
    return str(KINDS.get(kind, kind))


def business_minutes(minutes: float) -> str:
    """Return `1 business hour`, `45 business minutes`, `8 h 30 min of business time`."""
    whole = round(minutes)
    hours, rest = divmod(whole, 60)
    if hours and rest:
        return gettext("%(hours)s h %(minutes)s min of business time") % {
            "hours": hours,
            "minutes": rest,
        }
    if hours:
        return ngettext("%(count)s business hour", "%(count)s business hours", hours) % {
            "count": hours
        }
    return ngettext("%(count)s business minute", "%(count)s business minutes", whole) % {
        "count": whole
    }


def plain_minutes(minutes: float) -> str:
    """Return `24 hours`, `90 minutes`, for time by the clock."""
    whole = round(minutes)
    if whole and whole % 60 == 0:
        return ngettext("%(count)s hour", "%(count)s hours", whole // 60) % {"count": whole // 60}
    return ngettext("%(count)s minute", "%(count)s minutes", whole) % {"count": whole}


def clock_of(minutes: int) -> str:
    """Return minutes since midnight as `9:00`."""
    return f"{minutes // 60}:{minutes % 60:02}"


def frames_in_words(frames: Iterable[Sequence[int]]) -> str:
    """Return `9:00–14:00, 15:30–18:30`; `closed` without any."""
    said = [f"{clock_of(start)}–{clock_of(end)}" for start, end in frames]
    return ", ".join(said) if said else pgettext("opening hours", "closed")


def week_in_words(week: Sequence[Sequence[Sequence[int]]]) -> list[tuple[str, str]]:
    """Return a week with equal neighbouring days put together: (`Mon–Fri`, `9:00–14:00`)."""
    found: list[tuple[int, int, Sequence[Sequence[int]]]] = []
    for day, frames in enumerate(week):
        if found and list(found[-1][2]) == list(frames):
            found[-1] = (found[-1][0], day, frames)
        else:
            found.append((day, day, frames))
    return [
        (
            str(_SHORT[first]) if first == last else f"{_SHORT[first]}–{_SHORT[last]}",
            frames_in_words(frames),
        )
        for first, last, frames in found
    ]


def target_in_words(target_minutes: float | None, *, same_day: bool) -> str:
    """Return what a standard aims at; a dash when it only has a limit."""
    if same_day:
        return gettext("the same day")
    return business_minutes(target_minutes) if target_minutes is not None else "–"


def legal_in_words(legal_days: int | None, *, in_business_days: bool) -> str:
    """Return the law's deadline, `30 days`, `10 working days`; empty without one."""
    if legal_days is None:
        return ""
    said = (
        ngettext("%(count)s working day", "%(count)s working days", legal_days)
        if in_business_days
        else ngettext("%(count)s day", "%(count)s days", legal_days)
    )
    return said % {"count": legal_days}


def limit_in_words(limit_minutes: float | None, *, in_business_time: bool) -> str:
    """Return what a standard never exceeds; a dash without one."""
    if limit_minutes is None:
        return "–"
    return business_minutes(limit_minutes) if in_business_time else plain_minutes(limit_minutes)
