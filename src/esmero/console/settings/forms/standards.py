"""What is promised: by kind, department, channel and tier of customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.console.settings.forms.choices import ChoiceOrNone
from esmero.console.settings.words import CHANNELS, KINDS, SETTABLE
from esmero.promises import queries as promises

AIM_TIME, AIM_DAY, AIM_NONE = "time", "day", "none"
UNITS = [("h", pgettext_lazy("unit", "hours")), ("min", pgettext_lazy("unit", "minutes"))]
MOST_HOURS = 24 * 90
MOST_LEGAL_DAYS = 365


def in_units(minutes: int | None) -> tuple[int | None, str]:
    """Return minutes as an amount with its unit, in hours where they are whole."""
    if minutes is None:
        return None, "h"
    return (minutes // 60, "h") if minutes % 60 == 0 else (minutes, "min")


def in_minutes(amount: int | None, unit: str) -> int | None:
    """Return an amount in minutes."""
    return None if amount is None else amount * (60 if unit == "h" else 1)


class StandardForm(forms.Form):
    """One standard: a target in business time or the same day, a limit, and the law's deadline."""

    kind = forms.ChoiceField(
        label=_("What is promised"), choices=[(kind, KINDS[kind]) for kind in SETTABLE]
    )
    department = ChoiceOrNone(label=_("Department"))
    channel = ChoiceOrNone(
        label=_("Channel"),
        choices=[("", pgettext_lazy("channel", "any")), *CHANNELS.items()],
    )
    tier = ChoiceOrNone(label=_("Customers"))
    aim = forms.ChoiceField(
        label=_("We aim at"),
        widget=forms.RadioSelect,
        choices=[
            (AIM_TIME, _("a time within the opening hours")),
            (AIM_DAY, _("the same day")),
            (AIM_NONE, _("no more than the limit")),
        ],
    )
    target_amount = forms.IntegerField(
        label=_("Time within the opening hours"),
        required=False,
        min_value=1,
        max_value=MOST_HOURS * 60,
    )
    target_unit = forms.ChoiceField(label=_("Unit"), choices=UNITS)
    limit_amount = forms.IntegerField(
        label=_("Limit"), required=False, min_value=1, max_value=MOST_HOURS * 60
    )
    limit_unit = forms.ChoiceField(label=_("Unit of the limit"), choices=UNITS)
    limit_in_business_time = forms.BooleanField(
        label=_("The limit counts opening hours only"), required=False
    )
    legal_days = forms.IntegerField(
        label=_("Days that the law gives"), required=False, min_value=1, max_value=MOST_LEGAL_DAYS
    )
    legal_in_business_days = forms.BooleanField(
        label=_("Working days: neither Saturdays, Sundays nor holidays"), required=False
    )

    def __init__(
        self,
        *args: Any,
        departments: list[tuple[int, str]],
        tiers: list[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("department", "any")),
            *((str(pk), name) for pk, name in departments),
        ]
        if tiers:
            self.fields["tier"].choices = [  # type: ignore[attr-defined]
                ("", pgettext_lazy("customers", "any")),
                *((str(pk), name) for pk, name in tiers),
            ]
        else:
            del self.fields["tier"]

    def clean(self) -> dict[str, Any]:
        """Ask for the number that the chosen aim needs."""
        data = super().clean() or self.cleaned_data
        aim = data.get("aim")
        if (
            aim == AIM_TIME
            and not data.get("target_amount")
            and "target_amount" not in self.errors
        ):
            self.add_error("target_amount", gettext("Say within how much time."))
        has_end = data.get("limit_amount") or data.get("legal_days")
        if aim == AIM_NONE and not has_end and "limit_amount" not in self.errors:
            self.add_error("limit_amount", gettext("Without a target a limit is needed."))
        return data

    @property
    def department_id(self) -> int | None:
        """The department chosen, None: any."""
        chosen = self.cleaned_data.get("department")
        return int(chosen) if chosen else None

    @property
    def tier_id(self) -> int | None:
        """The tier of customers chosen, None: any."""
        chosen = self.cleaned_data.get("tier")
        return int(chosen) if chosen else None

    def facts(self) -> dict[str, Any]:
        """Return what `set_standard` stores of the times."""
        data = self.cleaned_data
        timed = data["aim"] == AIM_TIME
        return {
            "target_minutes": in_minutes(data["target_amount"], data["target_unit"])
            if timed
            else None,
            "same_day": data["aim"] == AIM_DAY,
            "limit_minutes": in_minutes(data["limit_amount"], data["limit_unit"]),
            "limit_in_business_time": data["limit_in_business_time"],
            "legal_days": data["legal_days"],
            "legal_in_business_days": data["legal_in_business_days"],
        }

    def standard(self) -> promises.Standard:
        """Return the standard as the rules know it, not yet set."""
        return promises.Standard(**self.facts())

    @staticmethod
    def initial_of(row: Any) -> dict[str, Any]:
        """Return a stored standard as the form's first values."""
        target, target_unit = in_units(row.target_minutes)
        limit, limit_unit = in_units(row.limit_minutes)
        aim = AIM_DAY if row.same_day else AIM_NONE if target is None else AIM_TIME
        return {
            "kind": row.kind,
            "department": str(row.department_id or ""),
            "channel": row.channel,
            "tier": str(row.tier_id or ""),
            "aim": aim,
            "target_amount": target,
            "target_unit": target_unit,
            "limit_amount": limit,
            "limit_unit": limit_unit,
            "limit_in_business_time": row.limit_in_business_time,
            "legal_days": row.legal_days,
            "legal_in_business_days": row.legal_in_business_days,
        }
