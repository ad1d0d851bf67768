"""Cobertura: how much of what people ask is answered by an article, and where it is not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext, ngettext, pgettext_lazy

from esmero.console.access import TeamRequest, team
from esmero.console.knowledge.questions.frame import article_address
from esmero.console.knowledge.tabs import show
from esmero.console.reports import figures
from esmero.console.reports.asking import said_day, short_day
from esmero.kernel.clock import now
from esmero.knowledge import queries
from esmero.knowledge.enums import Unhelpful
from esmero.shop.queries import the_shop

WEEKS = (4, 13, 52)
REASONS = {
    Unhelpful.NOT_MY_QUESTION.value: pgettext_lazy("unhelpful", "not my question"),
    Unhelpful.UNCLEAR.value: pgettext_lazy("unhelpful", "unclear"),
    Unhelpful.WRONG.value: pgettext_lazy("unhelpful", "wrong"),
    Unhelpful.INCOMPLETE.value: pgettext_lazy("unhelpful", "incomplete"),
    Unhelpful.DISLIKE.value: pgettext_lazy("unhelpful", "not what they wanted to hear"),
    "": pgettext_lazy("unhelpful", "no reason given"),
}


def period(text: str, *, today: date) -> tuple[date, date, int]:
    """Return (first day, day after the last, weeks); the current month where none are asked."""
    if text.isascii() and text.isdigit() and int(text[:3]) in WEEKS:
        weeks = int(text[:3])
        return today - timedelta(days=7 * weeks - 1), today + timedelta(days=1), weeks
    return today.replace(day=1), today + timedelta(days=1), 0


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


@team()
def coverage(request: TeamRequest) -> HttpResponse:
    """The share of a period (`semanas`, else this month), day by day or week by week."""
    zone = the_shop().zone
    today = now().astimezone(zone).date()
    first, end, weeks = period(request.GET.get("semanas", ""), today=today)
    since, until = _midnight(first, zone), _midnight(end, zone)
    found = queries.questions.coverage(since=since, until=until, zone=zone)
    line = [(short_day(part.since), part.share) for part in found.parts]
    low, high = figures.axis([share for _label, share in line])
    context = {
        "first": said_day(first),
        "last": said_day(today),
        "weeks": weeks,
        "periods": [
            {"label": gettext("This month"), "url": "?", "current": not weeks},
            *(
                {
                    "label": ngettext("%(count)s week", "%(count)s weeks", n) % {"count": n},
                    "url": f"?semanas={n}",
                    "current": n == weeks,
                }
                for n in WEEKS
            ),
        ],
        "found": found,
        "line": line,
        "low": low,
        "high": high,
        "is_weekly": (end - first).days > 35,
        "labels": [short_day(part.since) for part in found.parts],
        "searched": queries.questions.searches_without_result(since=since, until=until),
        "weak": [
            {
                "w": one,
                "url": article_address(one.article_id),
                "reasons": [(REASONS.get(code, code), n) for code, n in one.reasons.items()],
            }
            for one in queries.questions.weak_articles(since=first, until=end)
        ],
    }
    return show(request, "console/knowledge/questions/coverage.html", "coverage", context)
