"""Times as people say them: what is read, what it means as a promise, and what is no time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from esmero.promises.rules.spoken import (
    due_of,
    kept_within,
    moment_of,
    read_spoken,
    spoken_in,
)

ZONE = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 19, 11, 40, tzinfo=ZONE)  # a Thursday
HOLIDAY = date(2026, 12, 8)


def frames(day):
    """Monday to Friday 9:00-14:00 and 16:30-19:00, Saturday 10:00-13:00, no holiday."""
    if day == HOLIDAY or day.weekday() == 6:
        return []
    hours = (
        [((10, 0), (13, 0))] if day.weekday() == 5 else [((9, 0), (14, 0)), ((16, 30), (19, 0))]
    )
    return [
        (datetime(day.year, day.month, day.day, *a, tzinfo=ZONE),
         datetime(day.year, day.month, day.day, *b, tzinfo=ZONE))
        for a, b in hours
    ]  # fmt: skip


def said(moment):
    return moment.strftime("%d/%m %H:%M")


DUE = [
    # a day: until the shop closes on it
    ("hoy", "19/11 19:00"),
    ("hoy mismo", "19/11 19:00"),
    ("mañana", "20/11 19:00"),
    ("Mañana mismo", "20/11 19:00"),
    ("pasado mañana", "21/11 13:00"),
    ("el lunes", "23/11 19:00"),
    ("lunes", "23/11 19:00"),
    ("el próximo martes", "24/11 19:00"),
    ("el miércoles que viene", "25/11 19:00"),
    ("este viernes", "20/11 19:00"),
    ("el jueves", "26/11 19:00"),
    ("el domingo", "22/11 20:00"),
    ("esta semana", "20/11 19:00"),
    ("la semana que viene", "27/11 19:00"),
    ("la próxima semana", "27/11 19:00"),
    ("el 23", "23/11 19:00"),
    ("el día 23", "23/11 19:00"),
    ("el lunes 23", "23/11 19:00"),
    ("el lunes 23 de noviembre", "23/11 19:00"),
    ("23 de noviembre", "23/11 19:00"),
    ("el 3 de diciembre de 2026", "03/12 19:00"),
    ("3 dic", "03/12 19:00"),
    ("23/11", "23/11 19:00"),
    ("23/11/2026", "23/11 19:00"),
    ("2026-11-23", "23/11 19:00"),
    ("el 5", "05/12 13:00"),
    # with an hour
    ("el lunes 10:00", "23/11 10:00"),
    ("lunes 10", "23/11 10:00"),
    ("el lunes a las 10", "23/11 10:00"),
    ("el lunes a las diez", "23/11 10:00"),
    ("el lunes a las diez y media", "23/11 10:30"),
    ("el lunes a las 11 menos cuarto", "23/11 10:45"),
    ("lunes, 10:00", "23/11 10:00"),
    ("el lunes antes de las 10", "23/11 10:00"),
    ("el lunes 23 a las 10:00", "23/11 10:00"),
    ("hoy antes de las 18:00", "19/11 18:00"),
    ("hoy a las 6 de la tarde", "19/11 18:00"),
    ("hoy 18h", "19/11 18:00"),
    ("mañana a las 9.30", "20/11 09:30"),
    ("mañana a primera hora", "20/11 10:00"),
    ("mañana por la tarde a las 5", "20/11 17:00"),
    ("mañana a las 5 de la tarde", "20/11 17:00"),
    ("mañana a las 10 de la mañana", "20/11 10:00"),
    ("el 23/11 a las 10", "23/11 10:00"),
    ("antes de las 18:00", "19/11 18:00"),
    ("a las 10", "20/11 10:00"),
    ("17:30", "19/11 17:30"),
    ("a las 10 del lunes", "23/11 10:00"),
    ("las 10 de mañana", "20/11 10:00"),
    # a part of a day: until the shop closes in it
    ("mañana por la mañana", "20/11 14:00"),
    ("mañana por la tarde", "20/11 19:00"),
    ("el lunes por la mañana", "23/11 14:00"),
    ("el lunes por la tarde", "23/11 19:00"),
    ("esta tarde", "19/11 19:00"),
    ("esta misma tarde", "19/11 19:00"),
    ("esta mañana", "19/11 14:00"),
    ("el sábado por la tarde", "21/11 20:30"),  # closed then: the end of the afternoon
    ("hoy a última hora", "19/11 19:00"),
    ("antes de cerrar", "19/11 19:00"),
    ("al final del día", "19/11 19:00"),
    ("a lo largo del día", "19/11 19:00"),
    # before a day: until the one before it closes
    ("antes del viernes", "19/11 19:00"),
    ("antes del lunes", "21/11 13:00"),
    ("antes del 9 de diciembre", "07/12 19:00"),  # the eighth is a holiday
    ("antes del viernes a las 10", "20/11 10:00"),
    ("para el viernes", "20/11 19:00"),
    ("para mañana", "20/11 19:00"),
    # stretches
    ("en dos horas", "19/11 13:40"),
    ("en 2 horas", "19/11 13:40"),
    ("en media hora", "19/11 12:10"),
    ("en una hora", "19/11 12:40"),
    ("en una hora y media", "19/11 13:10"),
    ("en un par de horas", "19/11 13:40"),
    ("en 45 min", "19/11 12:25"),
    ("dentro de 20 minutos", "19/11 12:00"),
    ("en menos de 24 horas", "20/11 11:40"),
    ("en 24-48 horas", "21/11 11:40"),
    ("en dos o tres horas", "19/11 14:40"),
    ("en 3 días", "22/11 11:40"),
    ("en tres días hábiles", "23/11 19:00"),  # Friday, Saturday, Monday
    ("en 2 días laborables", "21/11 13:00"),
    ("en una semana", "26/11 11:40"),
    # English
    ("today", "19/11 19:00"),
    ("tomorrow", "20/11 19:00"),
    ("tomorrow afternoon", "20/11 19:00"),
    ("tomorrow morning", "20/11 14:00"),
    ("the day after tomorrow", "21/11 13:00"),
    ("this afternoon", "19/11 19:00"),
    ("on Monday", "23/11 19:00"),
    ("on Monday at 10", "23/11 10:00"),
    ("Monday 10am", "23/11 10:00"),
    ("Monday at 3 pm", "23/11 15:00"),
    ("next Friday", "20/11 19:00"),
    ("before Friday", "19/11 19:00"),
    ("by Friday", "20/11 19:00"),
    ("by tomorrow at 9", "20/11 09:00"),
    ("by the end of the day", "19/11 19:00"),
    ("end of day", "19/11 19:00"),
    ("in two hours", "19/11 13:40"),
    ("within 24 hours", "20/11 11:40"),
    ("in half an hour", "19/11 12:10"),
    ("within two working days", "21/11 13:00"),
    ("next week", "27/11 19:00"),
    ("November 23rd", "23/11 19:00"),
    ("23rd of November", "23/11 19:00"),
    ("Nov 23 at 10:30", "23/11 10:30"),
    ("before 18:00", "19/11 18:00"),
    ("at 5 pm", "19/11 17:00"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "due"), DUE)
def test_what_is_said_means_this_moment(text, due):
    spoken = read_spoken(text, now=NOW)
    assert spoken is not None
    assert said(due_of(spoken, now=NOW, frames=frames)) == due


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "algún día", "pronto", "en breve", "32/11", "31/2", "25:00", "hoy a las 99",
        "lunes quizá", "1e9", "<b>", "en unos días", "cuando pueda", "la semana", "10 euros",
        "en 900 semanas", "{{7*7}}", ":", "mañana mañana mañana", "el martillo", "2026-13-40",
        "in due time", "by the way",
    ],
)  # fmt: skip
def test_what_says_no_time_is_not_read(text):
    assert read_spoken(text, now=NOW) is None


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("Te llamo mañana por la tarde y vemos.", ["mañana por la tarde"]),
        ("Sale el lunes antes de las 10:00, seguro.", ["el lunes antes de las 10:00"]),
        ("La necesito antes del 28. ¿Puede ser?", ["antes del 28"]),
        ("Te escribo hoy y el viernes te llega.", ["hoy", "el viernes"]),
        ("Cuesta 10 euros y pesa 2 kg.", []),
        ("El pedido 4821 salió en la furgoneta de las tres.", []),
        ("Por la mañana la tienda abre.", []),
        ("El 2 por ciento de 18,50 son 0,37.", []),
        ("We'll call you tomorrow at 10 and ship it by Friday.", ["tomorrow at 10", "by Friday"]),
        ("The order of 12 plates.", []),
        ("En dos horas te digo.", ["En dos horas"]),
        ("Ana 2026", []),
        ("abre de 9:00 a 14:00", []),
        ("Mar adentro, sol y mayo.", []),
        ("I may come. March on!", []),
        ("a la mañana siguiente", []),
        ("İstanbul mañana ß mañana", ["mañana", "mañana"]),
    ],
)
def test_times_are_found_in_sentences(text, times):
    assert [text[s.start : s.end] for s in spoken_in(text, now=NOW)] == times


def test_an_afternoon_at_a_bare_hour_is_after_noon():
    spoken = read_spoken("mañana por la tarde a las 5", now=NOW)
    assert spoken is not None
    assert (spoken.at.hour, spoken.is_exact) == (17, True)


@pytest.mark.parametrize(
    ("text", "moment"),
    [("lunes", "23/11 10:00"), ("mañana por la tarde", "20/11 14:00"), ("hoy", "19/11 10:00"),
     ("en dos horas", "19/11 13:40"), ("lunes 9:30", "23/11 09:30"),
     ("en 2 días laborables", "23/11 10:00")],
)  # fmt: skip
def test_coming_back_to_something_begins_with_the_day(text, moment):
    spoken = read_spoken(text, now=NOW)
    assert spoken is not None
    assert said(moment_of(spoken, now=NOW)) == moment


@pytest.mark.parametrize(
    ("due", "proposed"),
    [
        (datetime(2026, 11, 23, 10, 0, tzinfo=ZONE), None),
        (datetime(2026, 11, 23, 14, 0, tzinfo=ZONE), None),
        (datetime(2026, 11, 23, 15, 0, tzinfo=ZONE), "23/11 14:00"),  # in the siesta
        (datetime(2026, 11, 22, 12, 0, tzinfo=ZONE), "21/11 13:00"),  # on Sunday
        (datetime(2026, 12, 8, 12, 0, tzinfo=ZONE), "07/12 19:00"),  # on a holiday
        (datetime(2026, 11, 19, 22, 0, tzinfo=ZONE), "19/11 19:00"),  # tonight
    ],
)
def test_a_time_when_nobody_works_gets_a_proposal(due, proposed):
    found = kept_within(due, now=NOW, frames=frames)
    assert (said(found) if found else None) == proposed


def test_before_the_first_opening_the_next_hour_of_work_is_proposed():
    early = datetime(2026, 11, 19, 7, 0, tzinfo=ZONE)
    found = kept_within(early + timedelta(hours=1), now=early, frames=frames)
    assert found is not None
    assert said(found) == "19/11 10:00"


def test_a_long_letter_is_read_quickly():
    text = "Te llamo el lunes a las 10 y el pedido 4821 sale por la tarde, Marta. " * 60
    begun = perf_counter()
    spoken_in(text, now=NOW)
    assert perf_counter() - begun < 0.5
