"""What the reader refuses, and how the timetable words and dates."""

import shutil
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from esmero.config.demo.content import (
    ContentError,
    DemoConversation,
    DemoPromise,
    DemoShop,
    DemoStep,
    lay_out,
    load_demo,
)
from esmero.config.demo.content.reading import FOLDER
from esmero.config.demo.content.timing import say_due
from esmero.config.demo.tests.desk import Desk

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 19, 11, 40, tzinfo=MADRID)  # a Thursday

GOOD = """
[[conversation]]
id = "nueva"
dept = "atencion"
customer = "aurora"
days_ago = 10
at = "10:00"
kind = "question"
subject = "Asunto"
aim = "kept"
steps = [
{do="in", text="Hola"},
{do="reply", who="lola", after=30, then="resolve", text="Buenas"},
]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FOLDER.glob("*.toml"):
        if not path.name.startswith("conversations_"):
            shutil.copy(path, tmp_path)
    return tmp_path


def test_load_reads_a_conversation_as_written(folder: Path) -> None:
    (folder / "conversations_x.toml").write_text(GOOD, "utf-8")

    assert load_demo(folder).conversations == (
        DemoConversation(
            id="nueva",
            department="atencion",
            customer="aurora",
            address="aurora.cendrero@correo.example",
            channel="mail",
            kind="question",
            language="es",
            subject="Asunto",
            aim="kept",
            owner="lola",
            steps=(
                DemoStep(kind="in", text="Hola"),
                DemoStep(
                    kind="reply", text="Buenas", who="lola", after_minutes=30, then="resolve"
                ),
            ),
            days_ago=10,
            at=time(10),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('dept = "atencion"', 'dept = "cocina"', "unknown department 'cocina'"),
        ('customer = "aurora"', 'customer = "nadie"', "'nadie'"),
        ('customer = "aurora"', "", "''"),
        ('kind = "question"', 'kind = "pregunta"', "unknown kind 'pregunta'"),
        ('aim = "kept"', 'aim = "luck"', "unknown aim 'luck'"),
        ('aim = "kept"', 'aim = "kept"\nowner = "nadie"', "unknown owner 'nadie'"),
        (
            'aim = "kept"',
            'aim = "kept"\naddress = "otra@correo.example"',
            "otra@correo.example is not an address of aurora",
        ),
        ('at = "10:00"', "", "needs days_ago and at"),
        ("days_ago = 10", "days_ago = 10\nlast_ago = 5", "needs days_ago and at"),
        ('do="in", ', 'do="reply", who="lola", ', "begins with something else"),
        ('do="in", ', 'do="sing", ', "unknown step 'sing'"),
        ('who="lola"', 'who="nadie"', "step reply by 'nadie'"),
        ('who="lola", ', "", "step reply by ''"),
        (', text="Buenas"', "", "step reply with or without text"),
        ("after=30", 'after=30, later="1h"', "in two sorts of time"),
        ("after=30", 'later="soon"', "not a length of time: 'soon'"),
        ('then="resolve"', 'then="dance"', "unknown then 'dance'"),
        ('then="resolve"', 'release="whim"', "unknown release 'whim'"),
        ('then="resolve"', 'promise={kind="wish", due=5}', "unknown promise 'wish'"),
        ('text="Buenas"', 'text="Te digo {due}."', "a time it does not promise"),
        ('text="Hola"', 'text="Hola", promise={kind="call", due=5}', "step in promises"),
        ('do="reply", who="lola"', 'do="snooze", who="lola"', "with or without text"),
        ('then="resolve"', 'by="us"', "moved by 'us'"),
        ('subject = "Asunto"', 'subject = "Asunto"\ncolour = "red"', "colour"),
    ],
)
def test_load_refuses_a_contradiction_and_says_where(
    folder: Path, old: str, new: str, says: str
) -> None:
    assert old in GOOD
    (folder / "conversations_x.toml").write_text(GOOD.replace(old, new, 1), "utf-8")

    with pytest.raises(ContentError) as refused:
        load_demo(folder)

    assert str(refused.value).startswith("conversations_x.toml: nueva: ")
    assert says in str(refused.value)


def test_load_refuses_an_id_used_twice(folder: Path) -> None:
    (folder / "conversations_x.toml").write_text(GOOD * 2, "utf-8")

    with pytest.raises(ContentError, match="used twice: nueva"):
        load_demo(folder)


def test_load_refuses_broken_toml_by_its_name(folder: Path) -> None:
    (folder / "conversations_x.toml").write_text("[[", "utf-8")

    with pytest.raises(ContentError, match=r"conversations_x\.toml"):
        load_demo(folder)


@pytest.mark.parametrize(
    ("due", "language", "said"),
    [
        ((2026, 11, 19, 16, 30), "es", "hoy antes de las 16:30"),
        ((2026, 11, 20, 1, 0), "es", "mañana antes de la 1:00"),
        ((2026, 11, 23, 10, 0), "es", "el lunes antes de las 10:00"),
        ((2026, 11, 26, 9, 0), "es", "el jueves 26 de noviembre antes de las 9:00"),
        ((2026, 11, 19, 16, 30), "en", "today before 16:30"),
        ((2026, 11, 23, 10, 0), "en", "on Monday before 10:00"),
        ((2026, 11, 30, 9, 0), "en", "on Monday 30 November before 9:00"),
    ],
)
def test_say_due_speaks_as_people_do(
    due: tuple[int, int, int, int, int], language: str, said: str
) -> None:
    assert say_due(datetime(*due, tzinfo=MADRID), NOW, language=language) == said


def conversation(*steps: DemoStep, **place: object) -> DemoConversation:
    return DemoConversation(
        id="c",
        department="garantia",
        customer="hernan",
        address="hcasariego@correo.example",
        channel="mail",
        kind="question",
        language="es",
        subject="s",
        aim="kept",
        owner="",
        steps=steps,
        **place,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def shop() -> DemoShop:
    return load_demo()


@pytest.fixture(scope="module")
def desk(shop: DemoShop) -> Desk:
    return Desk(shop.departments["garantia"], shop.zone)  # Monday to Friday, 9 to 15


def test_lay_out_fills_the_words_of_the_day_on_the_customers_clock(
    shop: DemoShop, desk: Desk
) -> None:
    reply = DemoStep(
        kind="reply",
        who="gaspar",
        after_minutes=20,
        text="{Due}. Llega {day+1}; lo pediste el {date-9}.",
        promise=DemoPromise("update", 65),
    )
    steps = lay_out(
        conversation(DemoStep(kind="in", text="?"), reply, days_ago=6, at=time(10)),
        shop=shop,
        now=NOW,
        hours=desk,
    )
    # Friday 13 November, 10:20; due 11:25, said as 11:30, which is 7:30 in Rosario.
    assert steps[1].at == datetime(2026, 11, 13, 10, 20, tzinfo=MADRID)
    assert steps[1].due_at == datetime(2026, 11, 13, 11, 30, tzinfo=MADRID)
    assert steps[1].text == (
        "Hoy antes de las 7:30 (hora de Argentina). Llega el lunes; lo pediste el 4 de noviembre."
    )


def test_lay_out_goes_back_to_the_weekday_the_tale_needs(shop: DemoShop, desk: Desk) -> None:
    steps = lay_out(
        conversation(DemoStep(kind="in", text="?"), days_ago=20, at=time(10), weekday=1),
        shop=shop,
        now=NOW,
        hours=desk,
    )
    assert steps[0].at == datetime(2026, 10, 27, 10, tzinfo=MADRID)  # a Tuesday, 23 days ago


def test_lay_out_lets_customers_sleep(shop: DemoShop, desk: Desk) -> None:
    answer = DemoStep(kind="in", text="!", later_minutes=8 * 60)
    steps = lay_out(
        conversation(DemoStep(kind="in", text="?"), answer, days_ago=6, at=time(20, 30)),
        shop=shop,
        now=NOW,
        hours=desk,
    )
    assert steps[1].at == datetime(2026, 11, 14, 7, 35, tzinfo=MADRID)


def test_lay_out_moves_back_by_weeks_what_would_still_go_on(shop: DemoShop, desk: Desk) -> None:
    slow = DemoStep(kind="reply", who="gaspar", after_minutes=3000, text=".", then="resolve")
    steps = lay_out(
        conversation(DemoStep(kind="in", text="?"), slow, days_ago=3, at=time(10)),
        shop=shop,
        now=NOW,
        hours=desk,
    )
    assert steps[0].at.date() == date(2026, 11, 2)
    assert steps[1].at < NOW


def test_lay_out_from_now_goes_backwards_in_business_and_plain_time(
    shop: DemoShop, desk: Desk
) -> None:
    steps = (
        DemoStep(kind="in", text="?"),
        DemoStep(kind="reply", who="gaspar", after_minutes=200, text="."),
        DemoStep(kind="in", text="!", later_minutes=60),
    )
    business = lay_out(conversation(*steps, last_ago=100), shop=shop, now=NOW, hours=desk)
    assert [timed.at for timed in business] == [
        datetime(2026, 11, 18, 11, 40, tzinfo=MADRID),
        datetime(2026, 11, 19, 9, 0, tzinfo=MADRID),
        datetime(2026, 11, 19, 10, 0, tzinfo=MADRID),
    ]
    plain = lay_out(conversation(*steps, last_ago_wall=7), shop=shop, now=NOW, hours=desk)
    assert plain[-1].at == NOW - timedelta(minutes=7)
