"""Opening hours: several frames a weekday, as plain time fields that work without a script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from esmero.console.settings.forms.choices import ChoiceOrNone
from esmero.console.settings.forms.shop import PlaceFields, country_choices, zone_choices
from esmero.console.settings.words import WEEKDAYS
from esmero.promises import queries as promises

FRAMES_LEAST, FRAMES_MOST = 2, 6
"""Frames of a day that the form shows at least (morning and afternoon) and takes at most."""
MIDNIGHT = 24 * 60

Frames = list[tuple[int, int]]


def as_time(minutes: int) -> str:
    """Return minutes of the day for a time field; the end of the day is its beginning."""
    minutes %= MIDNIGHT
    return f"{minutes // 60:02}:{minutes % 60:02}"


def as_minutes(moment: time) -> int:
    """Return a time's minutes since midnight."""
    return moment.hour * 60 + moment.minute


class FramesField:
    """Reads and checks the frames of one day from pairs of time fields."""

    @staticmethod
    def add(form: forms.Form, prefix: str, frames: Frames, *, many: int) -> None:
        """Give a form `many` pairs of fields, filled with the frames there are."""
        for index in range(many):
            have = frames[index] if index < len(frames) else None
            for end, place in (("from", 0), ("to", 1)):
                form.fields[f"{prefix}_{index}_{end}"] = forms.TimeField(
                    required=False,
                    initial=as_time(have[place]) if have else None,
                    widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
                )

    @staticmethod
    def clean(form: forms.Form, prefix: str, *, many: int) -> Frames:
        """Return the frames in order; what cannot be is said at its field."""
        found: Frames = []
        for index in range(many):
            names = f"{prefix}_{index}_from", f"{prefix}_{index}_to"
            opens, closes = (form.cleaned_data.get(name) for name in names)
            if opens is None and closes is None:
                continue
            if opens is None or closes is None:
                missing = names[0] if opens is None else names[1]
                if missing not in form.errors:
                    form.add_error(missing, gettext("A frame has a beginning and an end."))
                continue
            # Until 00:00 means the end of the day.
            start, end = as_minutes(opens), as_minutes(closes) or MIDNIGHT
            if start == end:
                form.add_error(names[1], gettext("It closes at the moment it opens."))
                continue
            found.append((start, end))
        found.sort()
        for one, following in pairwise(found):
            closes_at = one[1] if one[1] > one[0] else one[1] + MIDNIGHT
            if closes_at > following[0]:
                form.add_error(
                    f"{prefix}_0_from",
                    gettext("Two frames overlap: %(first)s and %(second)s.")
                    % {"first": _said(one), "second": _said(following)},
                )
                break
        return found


def _said(frame: tuple[int, int]) -> str:
    return f"{as_time(frame[0])}–{as_time(frame[1])}"


@dataclass(frozen=True, slots=True)
class Pair:
    """The two fields of a frame, as the template draws them."""

    number: int
    opens: Any
    closes: Any


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday's frames and what is wrong with them."""

    key: str
    name: str
    pairs: list[Pair]
    errors: list[str]


def day_of(form: forms.Form, prefix: str, name: str, *, many: int) -> Day:
    """Return the fields of one day for the template."""
    pairs = [
        Pair(index + 1, form[f"{prefix}_{index}_from"], form[f"{prefix}_{index}_to"])
        for index in range(many)
    ]
    errors = [
        str(why) for pair in pairs for end in (pair.opens, pair.closes) for why in end.errors
    ]
    return Day(prefix, name, pairs, errors)


class HoursForm(forms.Form, PlaceFields):
    """Name, zone, holidays and a week of frames."""

    name = forms.CharField(label=_("Name"), max_length=80)
    zone = forms.ChoiceField(label=_("Time zone"))
    country = ChoiceOrNone(label=_("Closed on the holidays of"))
    region = ChoiceOrNone(label=_("Region"))

    def __init__(
        self, *args: Any, week: list[Frames] | None = None, more: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._more = int(more)
        self.fields["zone"].choices = zone_choices()  # type: ignore[attr-defined]
        self.fields["country"].choices = country_choices(empty=_("no country"))  # type: ignore[attr-defined]
        self.offer_regions(self)
        week = week or [[] for _day in range(7)]
        self.many = [self._many(day, frames) for day, frames in enumerate(week)]
        for day, frames in enumerate(week):
            FramesField.add(self, f"d{day}", frames, many=self.many[day])

    def _many(self, day: int, frames: Frames) -> int:
        """As many as there are, at least two; one more when that is wished."""
        sent = 0
        for index in range(FRAMES_MOST):
            if self.data.get(f"d{day}_{index}_from") or self.data.get(f"d{day}_{index}_to"):
                sent = index + 1
        return min(max(FRAMES_LEAST, len(frames), sent) + self._more, FRAMES_MOST)

    def clean(self) -> dict[str, Any]:
        """Put the frames of the week together in `cleaned_data["week"]`."""
        data = super().clean() or self.cleaned_data
        data["week"] = [
            FramesField.clean(self, f"d{day}", many=self.many[day]) for day in range(7)
        ]
        return data

    def days(self) -> list[Day]:
        """Return the week for the template, Monday first."""
        return [
            day_of(self, f"d{day}", str(WEEKDAYS[day]), many=self.many[day]) for day in range(7)
        ]

    def copied(self) -> HoursForm:
        """Return the form as sent, with Monday's frames on Tuesday to Friday too."""
        data = dict(self.data.items())
        for day in range(1, 5):
            for index in range(FRAMES_MOST):
                for end in ("from", "to"):
                    name = f"{index}_{end}"
                    data[f"d{day}_{name}"] = data.get(f"d0_{name}", "")
        return HoursForm(data)

    def wider(self) -> HoursForm:
        """Return the form as sent, with one more frame for every day."""
        return HoursForm(self.data, more=True)


class SpecialDayForm(forms.Form):
    """A day that differs: closed, or other frames."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    name = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": _("Stocktaking")}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        FramesField.add(self, "s", [], many=FRAMES_LEAST)

    def clean(self) -> dict[str, Any]:
        """Put the frames together in `cleaned_data["frames"]`; none of them means closed."""
        data = super().clean() or self.cleaned_data
        data["frames"] = FramesField.clean(self, "s", many=FRAMES_LEAST)
        return data

    def day(self) -> Day:
        """Return the frames for the template."""
        return day_of(self, "s", pgettext("special day", "Open"), many=FRAMES_LEAST)


class KeepForm(forms.Form):
    """Which hours each department keeps."""

    def __init__(
        self, *args: Any, departments: list[tuple[int, str]], default_name: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kept = promises.settings.hours_of_departments()
        choices: list[tuple[str, str]] = [
            (str(row.pk), row.name) for row in promises.settings.hours_sets() if not row.is_default
        ]
        for pk, name in departments:
            self.fields[f"dept_{pk}"] = ChoiceOrNone(
                label=name,
                choices=[("", default_name), *choices],
                initial=str(kept.get(pk, "")),
            )

    def wishes(self) -> dict[int, int | None]:
        """Return what each department shall keep (None: the default hours)."""
        return {
            int(name.removeprefix("dept_")): int(value) if value else None
            for name, value in self.cleaned_data.items()
        }


def first_day(text: str) -> date | None:
    """Return the day of an address, None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
