"""The pure decisions: conditions, acts, rules in a circle, who gets it, until when."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from esmero.desk.enums import Do, Share
from esmero.desk.rules import snoozing
from esmero.desk.rules.acts import FOR_RULES, Act, only, read_acts
from esmero.desk.rules.choosing import Candidate, Need, choose
from esmero.desk.rules.conditions import (
    FOR_RULES as RULE_CONDITIONS,
)
from esmero.desk.rules.conditions import (
    Facts,
    clean,
    has_words,
    is_from,
    missed,
)
from esmero.desk.rules.running import PASSES_MOST, RuleCard, run

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("text", "wanted", "holds"),
    [
        ("Quiero una DEVOLUCIÓN ya", "devolucion", True),
        ("Devolución", "devol", False),
        ("Devolución", "devol*", True),
        ("No me ha llegado el pedido", "ha llegado", True),
        ("ha  llegado\nroto", "llegado roto", True),
        ("factura", "devolución, factura", True),
        ("facturas", "factura", False),
        ("cualquier cosa", "", False),
        ("cualquier cosa", " , *,", False),
        ("niño", "nino", True),
    ],
)
def test_words_are_found_without_accents_and_whole(text, wanted, holds):
    assert has_words(text, wanted) is holds


@pytest.mark.parametrize(
    ("sender", "wanted", "holds"),
    [
        ("ana@tienda.example", "ana@tienda.example", True),
        ("ana@tienda.example", "@tienda.example", True),
        ("ana@tienda.example", "tienda.example", True),
        ("ana@mail.tienda.example", "tienda.example", True),
        ("ana@otratienda.example", "tienda.example", False),
        ("Ana@Tienda.example", "otra@x.example; @tienda.example", True),
        ("", "tienda.example", False),
        ("ana@tienda.example", "", False),
    ],
)
def test_a_sender_is_an_address_or_a_domain_with_its_subdomains(sender, wanted, holds):
    assert is_from(sender, wanted) is holds


@pytest.mark.parametrize(
    ("conditions", "facts", "lacks"),
    [
        ({}, Facts(), ""),
        ({"mailbox": [2]}, Facts(mailbox_id=2), ""),
        ({"mailbox": [2]}, Facts(mailbox_id=3), "mailbox"),
        ({"department": [1, 2]}, Facts(department_id=2), ""),
        ({"language": ["en"]}, Facts(language="en-GB"), ""),
        ({"language": ["en"]}, Facts(language="es"), "language"),
        ({"has_files": "yes"}, Facts(has_files=True), ""),
        ({"has_files": "no"}, Facts(has_files=True), "has_files"),
        ({"new": "yes"}, Facts(is_new=False), "new"),
        ({"open_hours": "no"}, Facts(is_open_hours=False), ""),
        ({"tag": [7]}, Facts(tag_ids=frozenset({7, 8})), ""),
        ({"text": "roto", "not_text": "garantía"}, Facts(subject="Roto", text="garantia"), "not_text"),
        ({"priority": ["1"]}, Facts(priority=1), ""),
        ({"of_a_later_version": "x"}, Facts(), "of_a_later_version"),
    ],
)  # fmt: skip
def test_all_conditions_must_hold_and_the_first_that_does_not_is_named(conditions, facts, lacks):
    assert missed(conditions, facts) == lacks


def test_conditions_are_cleaned_by_the_allow_list():
    raw = {"mailbox": ["3"], "subject": "  dos   palabras ", "has_files": "", "tag": []}
    assert clean(raw, RULE_CONDITIONS) == {"mailbox": [3], "subject": "dos palabras"}


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ({"__class__": "x"}, "__class__"),
        ({"mailbox": ["1 OR 1=1"]}, "mailbox"),
        ({"has_files": "perhaps"}, "has_files"),
        ({"channel": ["<script>"]}, "channel"),
        ({"subject": "x" * 501}, "subject"),
        ({"tag": list(range(51))}, "tag"),
    ],
)
def test_a_condition_that_is_not_allowed_is_named(raw, named):
    with pytest.raises(ValueError, match=f"^{named}$"):
        clean(raw, RULE_CONDITIONS)


def test_acts_come_in_the_order_in_which_they_are_done_each_once():
    raw = [
        {"do": "resolve", "value": ""}, {"do": "tag", "value": "3"}, {"do": "assign", "value": "me"},
        {"do": "tag", "value": "3"},
    ]  # fmt: skip
    assert read_acts(raw) == [Act(Do.ASSIGN, "me"), Act(Do.TAG, "3"), Act(Do.RESOLVE, "")]


@pytest.mark.parametrize(
    "one",
    [
        {"do": "delete", "value": ""},
        {"do": "assign", "value": "agent:0"},
        {"do": "assign", "value": "customer:3"},
        {"do": "tag", "value": "3; DROP"},
        {"do": "priority", "value": "2"},
        {"do": "snooze", "value": "{{7*7}}"},
        {"do": "resolve", "value": "release:"},
        {"do": "reply", "value": " "},
    ],
)
def test_an_act_that_cannot_be_is_refused(one):
    with pytest.raises(ValueError, match=f"^{one['do']}$"):
        read_acts([one])


def rule(pk, conditions, *acts, ends=False):
    return RuleCard(pk, f"regla {pk}", conditions, list(acts), ends)


def test_rules_fire_in_order_and_what_one_sets_the_next_may_ask_for():
    rules = [
        rule(1, {"tag": [9]}, Act(Do.PRIORITY, "1")),
        rule(2, {"text": "roto"}, Act(Do.TAG, "9"), Act(Do.ASSIGN, "department:2")),
        rule(3, {"has_files": "yes"}, Act(Do.PRIORITY, "-1")),
    ]
    found = run(rules, Facts(text="llegó roto", department_id=1), macros={})
    assert (found.facts.tag_ids, found.facts.department_id, found.facts.priority) == ({9}, 2, 1)
    assert [(s.turn, s.rule_id, s.fired, s.why) for s in found.steps] == [
        (1, 1, False, ("tag",)),
        (1, 2, True, ("text",)),
        (1, 3, False, ("has_files",)),
        (2, 1, True, ("tag",)),
    ]
    assert found.steps[1].did == (("assign", "department:2"), ("tag", "9")) or found.steps[
        1
    ].did == (("tag", "9"), ("assign", "department:2"))
    assert not found.is_stopped


def test_rules_in_a_circle_stop_decide_nothing_and_show_their_way():
    rules = [
        rule(1, {"department": [1]}, Act(Do.ASSIGN, "department:2")),
        rule(2, {"department": [2]}, Act(Do.ASSIGN, "department:1")),
        rule(3, {}, Act(Do.TAG, "9")),
    ]
    facts = Facts(department_id=1)
    found = run(rules, facts, macros={})
    assert found.is_stopped
    assert found.facts == facts
    turns = [s.turn for s in found.fired]
    assert max(turns) == PASSES_MOST
    assert {s.rule_id for s in found.fired if s.turn > 1} == {1, 2}


def test_a_rule_that_ends_stops_the_ones_behind_it():
    rules = [rule(1, {}, Act(Do.TAG, "1"), ends=True), rule(2, {}, Act(Do.TAG, "2"))]
    assert run(rules, Facts(), macros={}).facts.tag_ids == {1}


def test_a_macro_in_a_rule_neither_speaks_nor_closes():
    acts = [Act(Do.REPLY, "Hola"), Act(Do.RESOLVE, ""), Act(Do.TAG, "4"), Act(Do.MACRO, "8")]
    found = run([rule(1, {}, Act(Do.MACRO, "8"))], Facts(), macros={8: acts})
    assert found.facts.tag_ids == {4}
    assert found.steps[0].did == (("tag", "4"),)
    assert [act.do for act in only(acts, FOR_RULES)] == [Do.TAG, Do.MACRO]


def who(pk, load=0, capacity=10, **more):
    return Candidate(pk, load, capacity, **more)


@pytest.mark.parametrize(
    ("candidates", "need", "share", "last", "but", "chosen"),
    [
        ([who(1, 5), who(2, 3), who(3, 4)], Need(), Share.LEAST, None, (), 2),
        ([who(1, 5, 20), who(2, 3, 4)], Need(), Share.LEAST, None, (), 1),
        ([who(1), who(2), who(3)], Need(), Share.TURN, 1, (), 2),
        ([who(1), who(2), who(3)], Need(), Share.TURN, 3, (), 1),
        ([who(1), who(2)], Need(), Share.TURN, None, (), 1),
        ([who(1, 10), who(2, 10)], Need(), Share.LEAST, None, (), None),
        ([who(1), who(2)], Need(), Share.OFF, None, (), None),
        ([who(1, 0), who(2, 9)], Need(), Share.LEAST, None, (1,), 2),
        ([who(1)], Need(), Share.LEAST, None, (1,), None),
        # A match in language, then in line, comes before a lighter load.
        (
            [who(1, 0, languages=frozenset({"es"})), who(2, 9, languages=frozenset({"en"}))],
            Need("en"), Share.LEAST, None, (), 2,
        ),
        (
            [who(1, 0), who(2, 9, lines=frozenset({5}))],
            Need("es", frozenset({5})), Share.LEAST, None, (), 2,
        ),
        # Full of it, the match is left out rather than waited for.
        (
            [who(1, 0, languages=frozenset({"es"})), who(2, 10, languages=frozenset({"en"}))],
            Need("en"), Share.LEAST, None, (), 1,
        ),
        ([who(1, 0, speaks=False), who(2, 9)], Need(is_spoken=True), Share.LEAST, None, (), 2),
        ([who(1, 0, writes=False)], Need(), Share.LEAST, None, (), None),
        ([who(1, 0, 0)], Need(), Share.LEAST, None, (), None),
    ],
)  # fmt: skip
def test_the_queue_goes_to_whoever_fits_best_and_has_room(
    candidates, need, share, last, but, chosen
):
    assert choose(candidates, need, share=share, last_id=last, but=but) == chosen


def frames(*pairs):
    return [
        (datetime(2026, 11, day, opens, tzinfo=MADRID), datetime(2026, 11, day, closes, tzinfo=MADRID))
        for day, opens, closes in pairs
    ]  # fmt: skip


WEEK = frames((19, 9, 14), (20, 9, 14), (23, 10, 14), (24, 9, 14))  # Thursday, Friday, Monday…
AT = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spec", "at", "until"),
    [
        ("tomorrow", AT, datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 11, 20, 9, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("monday", AT, datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("in:3h", AT, datetime(2026, 11, 19, 13, 40, tzinfo=UTC)),
        ("2026-11-21T10:00+01:00", AT, datetime(2026, 11, 21, 9, tzinfo=UTC)),
        ("reply", AT, None),
    ],
)
def test_a_snooze_means_a_moment_in_opening_hours(spec, at, until):
    assert snoozing.until(spec, [f for f in WEEK if f[1] > at], at=at) == until


def test_a_shop_that_never_opens_snoozes_by_the_clock():
    assert snoozing.until("tomorrow", [], at=AT) == datetime(2026, 11, 20, 10, 40, tzinfo=UTC)
