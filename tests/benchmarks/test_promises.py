"""The simulated shops behave like shops, and the figures say what they claim to say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks import promises as bench
from benchmarks.promises_shops import KINDS, Question, simulate


@pytest.fixture(scope="module")
def shop() -> list[Question]:
    return simulate("steady", 1, 60)


def test_a_shop_is_the_same_for_the_same_seed_only(shop: list[Question]) -> None:
    assert simulate("steady", 1, 60) == shop
    assert simulate("steady", 2, 60) != shop


@pytest.mark.parametrize("kind", KINDS)
def test_questions_are_answered_after_they_came_and_most_within_days(kind: str) -> None:
    questions = simulate(kind, 3, 60)
    assert {one.department for one in questions} == {1, 2}
    assert min(one.minutes for one in questions) >= 0
    assert all(one.answered_at >= one.arrived_at for one in questions)
    ordered = sorted(one.minutes for one in questions)
    assert 5 < ordered[len(ordered) // 2] < 1_000
    assert questions == sorted(questions, key=lambda one: one.arrived_at)


def test_more_waiting_means_longer_times(shop: list[Question]) -> None:
    desk = sorted((one for one in shop if one.department == 1), key=lambda one: one.ahead)
    third = len(desk) // 3
    calm, busy = desk[:third], desk[-third:]
    mean = [sum(one.minutes for one in part) / third for part in (calm, busy)]
    assert mean[1] > 2 * mean[0]


def test_a_teller_knows_only_the_answers_already_given(shop: list[Question]) -> None:
    class Spy:
        def __init__(self) -> None:
            self.learnt: list[Question] = []

        def tell(self, question: Question) -> float:
            assert all(one.answered_at <= question.arrived_at for one in self.learnt[-50:])
            return float(len(self.learnt))

        def learn(self, question: Question, told: float | None) -> None:
            assert told is not None
            self.learnt.append(question)

    told = bench.replay(shop[:400], Spy())
    for question, known in zip(shop[:400], told, strict=True):
        assert known == sum(one.answered_at <= question.arrived_at for one in shop[:400])


def _desk(told: float) -> list[tuple[Question, float]]:
    """Twenty days of questions that take 1 to 20 minutes, ten times as long on two busy days."""
    rows = []
    for day in range(20):
        busy = 10 if day >= 18 else 1
        for n in range(1, 21):
            at = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=day, minutes=n)
            done = at + timedelta(minutes=n * busy)
            rows.append((Question(1, "email", day, at, done, busy, 1, float(n * busy)), told))
    return rows


def test_the_figures_are_those_counted_by_hand() -> None:
    figures = bench.desk_figures(_desk(told=19.0))
    assert figures == {
        "kept": (18 * 19 + 2 * 1) / 400,
        "kept_busiest": 1 / 20,
        "told_vs_p95": pytest.approx(19 / ((18 * 19 + 2 * 190) / 20)),
        "told_vs_p95_calm": pytest.approx(1.0),
        "told_vs_period_p95": pytest.approx(19 / 100),
        "told_vs_period_p95_calm": pytest.approx(1.0),
    }


def test_days_with_few_questions_give_no_true_p95() -> None:
    rows = [(replace(q, day=q.day * 100 + n % 2), told) for n, (q, told) in enumerate(_desk(9.0))]
    figures = bench.desk_figures(rows)
    assert figures["told_vs_p95"] != figures["told_vs_p95"]  # not a number
    assert figures["kept"] == (18 * 9 + 0) / 400


@pytest.mark.slow
def test_every_figure_of_the_issue_is_measured() -> None:
    figures = bench.measure(seeds=[1])
    assert {"kept", "kept_busiest", "told_vs_p95", "told_vs_p95_calm"} <= figures.keys()
    assert figures["untold"] == 0
    assert figures["kept"] > 0.93
    assert figures["intercom_kept"] < 0.6
    assert figures["load_blind_kept_busiest"] < 0.8


def test_the_seeds_reported_are_not_those_of_tuning() -> None:
    assert not set(bench.REPORTED_SEEDS) & set(range(1, 21))
