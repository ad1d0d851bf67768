"""The rows of a list as HTML, kept for a while: the same rows stand on page after page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.template import engines
from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup

from esmero.console.words import REASONS

if TYPE_CHECKING:
    from esmero.console.inbox.lists import Row

KEPT_MOST = 2_000
"""At a good kilobyte each."""


def html_of(row: Row, around: tuple[str, str], at: datetime, current: int) -> Markup:
    """Return a row's HTML with its box to choose it: what `_row.html` makes of it, to the minute.

    Whoever goes from conversation to conversation sees the same list beside each, and it is a
    third of the page's cost. Everything that shows is part of the key, so nothing gets stale.
    """
    minute = at.replace(second=0, microsecond=0)
    zone = timezone.get_current_timezone()
    return _html(row, around, minute, row.id == current, get_language() or "", zone)


@lru_cache(maxsize=KEPT_MOST)
def _html(
    row: Row,
    around: tuple[str, str],
    minute: datetime,
    is_current: bool,
    language: str,
    zone: ZoneInfo,
) -> Markup:
    return _macro()(row, around, minute, row.id if is_current else 0, REASONS)


@cache
def _macro() -> Callable[..., Markup]:
    template = engines["jinja2"].env.get_template("console/inbox/_row.html")  # type: ignore[attr-defined]
    return template.module.pick_row
