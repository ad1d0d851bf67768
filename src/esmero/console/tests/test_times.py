"""Times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from esmero.console.text import paragraphs
from esmero.console.times import parse_when, presets
from esmero.kernel.errors import InvalidInput

ZONE = ZoneInfo("Europe/Madrid")
AT = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)  # Thursday, 11:40 in Madrid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17:30", "2026-11-19T17:30"),
        ("9:30", "2026-11-20T09:30"),
        ("a las 18", "2026-11-19T18:00"),
        ("hoy 18h", "2026-11-19T18:00"),
        ("hoy a las 13.15", "2026-11-19T13:15"),
        ("Mañana", "2026-11-20T10:00"),
        ("mañana 9:30", "2026-11-20T09:30"),
        ("pasado mañana 16:00", "2026-11-21T16:00"),
        ("lunes 10:00", "2026-11-23T10:00"),
        ("el LUNES a las 10", "2026-11-23T10:00"),
        ("jueves", "2026-11-26T10:00"),
        ("miércoles, 12:00", "2026-11-25T12:00"),
        ("Monday at 9", "2026-11-23T09:00"),
        ("on Friday before 16:30", "2026-11-20T16:30"),
        ("23/11 10:00", "2026-11-23T10:00"),
        ("3/2", "2027-02-03T10:00"),
        ("23/11/2027 8:05", "2027-11-23T08:05"),
        ("23 nov 10:00", "2026-11-23T10:00"),
        ("3 de diciembre a las 9:00", "2026-12-03T09:00"),
        ("2026-11-23T10:00", "2026-11-23T10:00"),
        ("2026-11-23T09:00:00+00:00", "2026-11-23T10:00"),
        ("2026-11-23", "2026-11-23T10:00"),
        ("en 2 horas", "2026-11-19T13:40"),
        ("en 45 min", "2026-11-19T12:25"),
        ("dentro de 3 días", "2026-11-22T11:40"),
        ("in 1 week", "2026-11-26T11:40"),
    ],
)
def test_parse_when_reads_what_people_write(text, expected):
    found = parse_when(text, at=AT, zone=ZONE)
    assert found.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "  ", "algún día", "32/11", "25:00", "hoy a las 99", "lunes quizá", "1e9", "<b>"]
)
def test_parse_when_refuses_what_it_cannot_read(text):
    with pytest.raises(InvalidInput):
        parse_when(text, at=AT, zone=ZONE)


def _day(day, *hours):
    return [
        (datetime(2026, 11, day, *a, tzinfo=ZONE), datetime(2026, 11, day, *b, tzinfo=ZONE))
        for a, b in hours
    ]


FRAMES = [
    *_day(19, ((9,), (14,)), ((16, 30), (19,))),
    *_day(20, ((9,), (14,)), ((16, 30), (19,))),
    *_day(23, ((9,), (14,))),
]


def test_presets_follow_the_opening_hours():
    said = [p.moment.strftime("%d %H:%M") for p in presets(FRAMES, at=AT)]
    assert said == ["19 14:00", "19 19:00", "20 10:00", "23 10:00"]


def test_presets_offer_nothing_that_is_nearly_over():
    late = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)  # 18:30
    said = [p.moment.strftime("%d %H:%M") for p in presets(FRAMES, at=late)]
    assert said == ["20 10:00", "23 10:00"]
    assert presets([], at=AT) == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("uno\ndos\n\ntres", "<p>uno<br>dos</p><p>tres</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        (
            'mira https://example.com/a?b=1&c="x".',
            '<p>mira <a href="https://example.com/a?b=1&amp;c=" target="_blank" '
            'rel="noopener noreferrer nofollow">https://example.com/a?b=1&amp;c=</a>&#34;x&#34;.</p>',
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ("\n\n", ""),
    ],
)
def test_paragraphs_escape_and_link(text, html):
    assert str(paragraphs(text)) == html
