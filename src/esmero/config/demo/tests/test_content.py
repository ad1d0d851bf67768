"""The demo shop as written: whole, consistent, of reserved addresses, and never saying a thing
twice."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from esmero.config.demo.content import (
    DemoConversation,
    DemoShop,
    TimedStep,
    lay_out,
    load_demo,
)
from esmero.config.demo.content.reading import FOLDER
from esmero.config.demo.content.shapes import DOINGS
from esmero.config.demo.tests.desk import Desk
from esmero.config.demo.tests.reckoning import Reckoning, reckon
from esmero.conversations.rules import variables

MADRID = ZoneInfo("Europe/Madrid")
THURSDAY = datetime(2026, 11, 19, 11, 40, tzinfo=MADRID)
NOWS = [
    THURSDAY,
    datetime(2026, 11, 21, 22, 0, tzinfo=MADRID),  # Saturday night
    datetime(2026, 11, 23, 9, 5, tzinfo=MADRID),  # Monday, just opened
    datetime(2026, 8, 14, 17, 0, tzinfo=MADRID),  # between the frames of some, after hours for one
    datetime(2026, 3, 29, 4, 0, tzinfo=MADRID),  # the night the clock moves
    datetime(2027, 1, 2, 10, 30, tzinfo=MADRID),  # after a week of holidays
]
HOLIDAYS = [date(2026, 12, 8), date(2026, 12, 25), date(2027, 1, 1), date(2026, 8, 15)]
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
RESERVED = re.compile(r".+@(?:.+\.)?(?:example\.(?:com|net|org)|[\w-]+\.(?:example|test))")
PHONE = re.compile(r"\+34 [69]00 000 0\d\d|\+5\d \d{2,3} 555-01\d\d")
SENTENCE = re.compile(r"[^.!?\n]{32,}")


@pytest.fixture(scope="module")
def shop() -> DemoShop:
    return load_demo()


@cache
def laid_out(now: datetime) -> dict[str, tuple[TimedStep, ...]]:
    shop = load_demo()
    desks = {d.id: Desk(d, shop.zone, HOLIDAYS) for d in shop.departments.values()}
    return {
        c.id: lay_out(c, shop=shop, now=now, hours=desks[c.department]) for c in shop.conversations
    }


@cache
def reckoned(now: datetime) -> dict[str, Reckoning]:
    shop = load_demo()
    found = {}
    for conversation in shop.conversations:
        department = shop.departments[conversation.department]
        found[conversation.id] = reckon(
            laid_out(now)[conversation.id],
            department=department,
            hours=Desk(department, shop.zone, HOLIDAYS),
        )
    return found


def texts(shop: DemoShop) -> Iterator[tuple[str, str]]:
    for conversation in shop.conversations:
        for step in conversation.steps:
            if step.text:
                yield conversation.id, step.text


def test_shop_has_the_promised_size(shop: DemoShop) -> None:
    assert len(shop.departments) == 4
    assert Counter(agent.role for agent in shop.agents.values()) == {
        "admin": 1,
        "supervisor": 1,
        "agent": 4,
    }
    assert len(shop.customers) == 40
    assert len(shop.conversations) == 123
    assert len(shop.saved_answers) == 12
    assert len(shop.note_styles) == 5


def test_every_customer_writes_and_every_department_is_written_to(shop: DemoShop) -> None:
    writing = {c.customer for c in shop.conversations if c.customer}
    assert writing == set(shop.customers)
    answered = Counter(c.department for c in shop.conversations)
    assert set(answered) == set(shop.departments)
    assert min(answered.values()) >= 15


def test_all_addresses_are_reserved(shop: DemoShop) -> None:
    whole = "\n".join(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.toml")))
    found = ADDRESS.findall(whole)
    assert len(found) > 60
    assert [address for address in found if not RESERVED.fullmatch(address)] == []
    assert RESERVED.fullmatch(f"a@{shop.domain}")


def test_all_telephones_are_of_the_agreed_form(shop: DemoShop) -> None:
    phones = [phone for customer in shop.customers.values() for phone in customer.phones]
    assert len(set(phones)) == len(phones) >= 15
    assert [phone for phone in phones if not PHONE.fullmatch(phone)] == []


def test_addresses_belong_to_one_customer_each(shop: DemoShop) -> None:
    addresses = [a.email for c in shop.customers.values() for a in c.addresses]
    assert [a for a, count in Counter(addresses).items() if count > 1] == []
    assert sum(len(c.addresses) > 1 for c in shop.customers.values()) == 4


def test_no_text_is_written_twice(shop: DemoShop) -> None:
    assert [t for t, n in Counter(text for _, text in texts(shop)).items() if n > 1] == []


def test_no_sentence_serves_in_two_conversations(shop: DemoShop) -> None:
    users: dict[str, set[str]] = {}
    for conversation, text in texts(shop):
        for sentence in SENTENCE.findall(text):
            users.setdefault(sentence.strip().lower(), set()).add(conversation)
    assert [s for s, where in users.items() if len(where) > 1] == []


def test_no_text_names_a_month_or_holds_filler(shop: DemoShop) -> None:
    # The demo is as old as the day it is started: months would lie, dates come by {date-9}.
    months = (
        "enero|febrero|marzo|abril|junio|julio|agosto|se[pt]tiembre|octubre|noviembre|"
        "diciembre|navidad|lorem|ipsum"
    )
    assert [t for _, t in texts(shop) if re.search(rf"\b(?:{months})", t, re.IGNORECASE)] == []


@pytest.mark.parametrize("now", NOWS, ids=str)
def test_steps_follow_each_other_and_end_before_now(now: datetime) -> None:
    for steps in laid_out(now).values():
        moments = [timed.at for timed in steps]
        assert moments == sorted(moments)
        assert moments[-1] <= now
        assert moments[0] > now - timedelta(days=105)


@pytest.mark.parametrize("now", NOWS, ids=str)
def test_no_placeholder_is_left(now: datetime) -> None:
    for steps in laid_out(now).values():
        assert [t.text for t in steps if re.search(r"[{}]", t.text + t.html)] == []


@pytest.mark.parametrize("now", NOWS, ids=str)
def test_promises_end_as_the_writer_aimed(shop: DemoShop, now: datetime) -> None:
    found = reckoned(now)
    assert {c.id: found[c.id].aim for c in shop.conversations} == {
        c.id: c.aim for c in shop.conversations
    }


@pytest.mark.parametrize("now", NOWS, ids=str)
def test_share_of_promises_kept_is_that_of_a_good_shop(now: datetime) -> None:
    ends: Counter[str] = sum((r.ends for r in reckoned(now).values()), Counter())
    due = ends["kept"] + ends["broken"] + ends["us"]
    assert due >= 180
    assert 0.92 <= ends["kept"] / due <= 0.95


def test_today_holds_what_needs_somebody(shop: DemoShop) -> None:
    opened = [c for c in shop.conversations if c.aim == "open"]
    found = reckoned(THURSDAY)
    dues = [due for c in opened for due in found[c.id].open.values()]
    assert len(opened) == 18
    assert sum(due < THURSDAY for due in dues) == 2
    assert sum(due.date() == THURSDAY.date() for due in dues) >= 7
    assert sum(due.date() == THURSDAY.date() + timedelta(days=1) for due in dues) >= 2
    assert sum(not c.owner for c in opened) == 5
    assert sum(c.aim == "spam" for c in shop.conversations) == 3
    last = Counter(c.steps[-1].kind for c in opened)
    assert (last["snooze"], last["bounce"]) == (2, 1)


def test_the_last_days_have_closed_conversations_too(shop: DemoShop) -> None:
    recent = [c for c in shop.conversations if c.days_ago is not None and c.days_ago < 7]
    assert len(recent) >= 12


@pytest.mark.parametrize("now", NOWS, ids=str)
def test_nobody_works_while_away(shop: DemoShop, now: datetime) -> None:
    away = {a.id: a.absence for a in shop.agents.values() if a.absence}
    assert len(away) == 1
    for steps in laid_out(now).values():
        for timed in steps:
            if absence := away.get(timed.step.who):
                since = now.date() - timedelta(days=absence.from_days_ago)
                assert timed.at.date() < since


def test_agents_act_only_where_they_belong(shop: DemoShop) -> None:
    strangers = [
        (c.id, step.who)
        for c in shop.conversations
        for step in c.steps
        if step.who and c.department not in shop.agents[step.who].departments
    ]
    assert strangers == []


def test_every_role_and_every_form_of_step_is_shown(shop: DemoShop) -> None:
    def steps_of(conversation: DemoConversation) -> set[str]:
        return {step.kind for step in conversation.steps}

    shown = set().union(*(steps_of(c) for c in shop.conversations))
    assert shown == DOINGS
    assert {step.who for c in shop.conversations for step in c.steps if step.who} == set(
        shop.agents
    )
    assert sum(bool(s.html) for c in shop.conversations for s in c.steps) >= 4
    assert Counter(c.language for c in shop.conversations)["en"] >= 6


def test_an_order_belongs_to_one_customer(shop: DemoShop) -> None:
    owners: dict[str, set[str]] = {}
    for conversation in shop.conversations:
        whole = " ".join([conversation.order, *(step.text for step in conversation.steps)])
        for number in re.findall(r"CB-\d{5}", whole):
            owners.setdefault(number, set()).add(conversation.customer)
    assert len(owners) >= 35
    assert {number: who for number, who in owners.items() if len(who) > 1} == {}


def test_orders_are_numbered_as_time_goes(shop: DemoShop) -> None:
    # About fifteen orders a day: a number far from its day would be noticed in the history.
    first = {}
    for conversation in shop.conversations:
        if conversation.order and conversation.days_ago is not None:
            number = int(conversation.order.removeprefix("CB-"))
            first[number] = max(first.get(number, 0), conversation.days_ago)
    # An order exists before anybody writes about it: numbers stay below what that day had reached.
    assert {n: d for n, d in first.items() if n > 18_780 - 15 * d} == {}


def test_variables_of_saved_answers_are_known(shop: DemoShop) -> None:
    known = set(variables.NAMES)
    used = {name for a in shop.saved_answers for name in re.findall(r"{{(\w+)}}", a.text)}
    assert used <= known
    assert len({answer.shortcut for answer in shop.saved_answers}) == 12
    assert {d for a in shop.saved_answers for d in a.departments} == set(shop.departments)


def test_who_is_called_has_a_telephone(shop: DemoShop) -> None:
    called = {
        c.customer
        for c in shop.conversations
        for step in c.steps
        if step.kind == "call" or (step.promise and step.promise.kind == "call")
    }
    assert len(called) >= 4
    assert {customer for customer in called if not shop.customers[customer].phones} == set()
