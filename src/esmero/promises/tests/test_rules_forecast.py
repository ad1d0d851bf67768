"""The forecast: what it takes from few data, from load, from classes, and how it follows drift."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esmero.promises.rules import forecast as rules
from esmero.promises.rules.forecast import Forecaster, Observation, load_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def seen(
    minutes: float,
    *,
    kind: str = "answer",
    department: int | None = 3,
    channel: str = "email",
    load: float = 0.0,
    at: datetime = NOW,
    told: float | None = None,
) -> Observation:
    return Observation(kind, department, channel, load, minutes, at - timedelta(hours=2), at, told)


def asked(forecaster: Forecaster, *, load: float = 0.0, at: datetime = NOW, **others):
    found = {"kind": "answer", "department": 3, "channel": "email"} | others
    return forecaster.forecast(**found, load=load, at=at)


def test_with_too_few_observations_there_is_no_forecast() -> None:
    forecaster = Forecaster()
    for n in range(24):
        forecaster.observe(*seen(n))
        assert asked(forecaster) is None
    forecaster.observe(*seen(24))
    assert asked(forecaster) is not None


@pytest.mark.parametrize(
    ("n", "rank", "plain_rank"),
    [(25, 25, 24), (38, 38, 37), (39, 38, 38), (100, 96, 95), (399, 380, 380)],
)
def test_the_rank_is_that_of_one_observation_more(n: int, rank: int, plain_rank: int) -> None:
    """ceil((n + 1) 0.95) in place of ceil(n 0.95) where all weigh the same."""
    window = rules._Window()
    for minute in Random(n).sample(range(1, n + 1), k=n):
        window.add(float(minute), 1.0)
    assert rules._quantiles(window, 1.0, 0.95) == (rank, plain_rank, n)


def _kept_share(n: int, *, seed: int, runs: int) -> float:
    """How often the next of skewed times stays within what n before it foretell."""
    random, kept = Random(seed), 0
    for _ in range(runs):
        window = rules._Window()
        for _ in range(n):
            window.add(random.lognormvariate(3, 1), 1.0)
        found = rules._quantiles(window, 1.0, 0.95)
        assert found is not None
        kept += random.lognormvariate(3, 1) <= found.corrected
    return kept / runs


@pytest.mark.parametrize("n", [25, 40, 150])
def test_few_observations_are_corrected_so_that_the_share_holds(n: int) -> None:
    share = _kept_share(n, seed=n, runs=6_000)
    assert 0.944 <= share <= 0.972  # the exact share lies in 0.95..0.962; three sigma are 0.0085


def test_a_longer_queue_is_told_in_proportion_even_when_never_seen() -> None:
    forecaster = Forecaster.rebuilt(seen(20.0, load=2.0) for _ in range(60))
    short, long = asked(forecaster, load=2.0), asked(forecaster, load=40.0)
    assert (short.minutes, short.class_used) == (20.0, "answer/3/email/load 1-3")
    assert (long.minutes, long.class_used) == (20.0 / 4 * 42, "answer/3/email")


def test_the_finest_class_with_enough_speaks() -> None:
    rows = [seen(10.0, load=0.5) for _ in range(30)]
    rows += [seen(100.0, load=0.5, channel="form") for _ in range(30)]
    rows += [seen(1_000.0, load=0.5, department=4) for _ in range(30)]
    rows += [seen(5.0, load=0.5, kind="call") for _ in range(30)]
    forecaster = Forecaster.rebuilt(rows)
    found = {
        "email": asked(forecaster, load=0.5),
        "form": asked(forecaster, load=0.5, channel="form"),
        "chat": asked(forecaster, load=0.5, channel="chat"),
        "new department": asked(forecaster, load=0.5, department=9),
        "call": asked(forecaster, load=0.5, kind="call"),
        "solve": asked(forecaster, load=0.5, kind="solve"),
    }
    assert {name: one and (round(one.minutes), one.class_used) for name, one in found.items()} == {
        "email": (10, "answer/3/email/load 0-1"),
        "form": (100, "answer/3/form/load 0-1"),
        "chat": (100, "answer/3"),
        "new department": (1_000, "answer"),
        "call": (5, "call/3/email/load 0-1"),
        "solve": None,
    }


def test_neighbouring_loads_help_before_all_loads_do() -> None:
    rows = [seen(30.0, load=5.0) for _ in range(20)] + [seen(40.0, load=2.0) for _ in range(20)]
    rows += [seen(4_000.0, load=100.0) for _ in range(40)]
    forecaster = Forecaster.rebuilt(rows)
    found = asked(forecaster, load=1.0)
    assert found.class_used == "answer/3/email/load 0-10"
    assert found.minutes == pytest.approx(30.0)
    assert asked(forecaster, load=200.0).class_used == "answer/3/email/load 30+"


def test_what_is_old_fades_until_the_standard_stands_alone() -> None:
    forecaster = Forecaster.rebuilt(seen(30.0) for _ in range(50))
    half = NOW + timedelta(days=rules.HALF_LIFE_DAYS)
    assert asked(forecaster, at=half) is not None
    assert asked(forecaster, at=half + timedelta(hours=1)) is None


def test_a_class_holds_no_more_than_its_window() -> None:
    rows = [seen(1_000.0) for _ in range(rules.WINDOW)] + [seen(10.0) for _ in range(rules.WINDOW)]
    found = asked(Forecaster.rebuilt(rows))
    assert found.n == rules.WINDOW
    assert found.minutes < 100


def _shop(
    forecaster: Forecaster, *, days: range, factor: float, random: Random, a_day: int = 40
) -> list[bool]:
    """So many answers a day, told and done; whether each was kept."""
    kept = []
    for day in days:
        for n in range(a_day):
            at = NOW + timedelta(days=day, minutes=12 * n)
            found = asked(forecaster, load=1.5, at=at)
            minutes = random.lognormvariate(3, 0.5) * factor
            told = found.minutes if found else None
            done = at + timedelta(minutes=minutes)
            row = Observation("answer", 3, "email", 1.5, minutes, at, done, told)
            forecaster.observe(*row)
            if told is not None:
                kept.append(minutes <= told)
    return kept


def _share(kept: list[bool]) -> float:
    return sum(kept) / len(kept)


def test_a_change_for_good_is_followed_within_days() -> None:
    forecaster, random = Forecaster(), Random(5)
    before = _share(_shop(forecaster, days=range(30), factor=1.0, random=random))
    calm = asked(forecaster, load=1.5, at=NOW + timedelta(days=30)).minutes
    first = _shop(forecaster, days=range(30, 33), factor=1.5, random=random)
    after = _share(_shop(forecaster, days=range(33, 60), factor=1.5, random=random))
    grown = asked(forecaster, load=1.5, at=NOW + timedelta(days=60)).minutes
    assert before >= 0.945
    assert _share(first) >= 0.85
    assert after >= 0.94
    assert grown / calm == pytest.approx(1.5, rel=0.2)
    _shop(forecaster, days=range(60, 120), factor=1.0, random=random)
    assert asked(forecaster, load=1.5, at=NOW + timedelta(days=120)).minutes < 1.15 * calm


def test_following_drift_keeps_more_than_fading_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def first_week() -> float:
        forecaster, random = Forecaster(), Random(5)
        _shop(forecaster, days=range(60), factor=1.0, random=random, a_day=15)
        return _share(_shop(forecaster, days=range(60, 67), factor=1.6, random=random, a_day=15))

    followed = first_week()
    monkeypatch.setattr(rules, "LEVEL_TRUST", 0.0)
    monkeypatch.setattr(rules, "CORRECTION_STEP", 0.0)
    assert followed > first_week() + 0.03


def test_an_answer_is_judged_by_what_was_known_when_its_question_came() -> None:
    """Two that end at the same moment: only for the later question was the slowness known."""
    forecaster, random = Forecaster(), Random(6)
    _shop(forecaster, days=range(20), factor=1.0, random=random)
    _shop(forecaster, days=range(20, 22), factor=3.0, random=random)
    recent = forecaster._recent["answer", 3]
    early, late = (
        recent.known_at((NOW + timedelta(days=days) - rules._EPOCH) / timedelta(days=1))
        for days in (20, 22)
    )
    assert late.level > early.level + 0.2
    assert late.correction > early.correction


def test_the_correction_never_tells_less_than_was_measured() -> None:
    rows = [seen(10.0, told=1_000.0) for _ in range(300)]
    found = asked(Forecaster.rebuilt(rows))
    assert (found.minutes, found.margin) == (10.0, 0.0)
    missed = [seen(10.0, told=1.0) for _ in range(100)]
    found = asked(Forecaster.rebuilt(missed))
    assert found.margin == pytest.approx(found.minutes - 10.0)
    assert found.minutes > 14


rows = st.lists(
    st.builds(
        seen,
        st.floats(0, 5_000),
        department=st.sampled_from([1, 2, None]),
        channel=st.sampled_from(["email", "form"]),
        load=st.floats(0, 200),
        at=st.integers(0, 60 * 24 * 60).map(lambda n: NOW + timedelta(minutes=n)),
        told=st.none() | st.floats(1, 5_000),
    ),
    min_size=40,
    max_size=120,
)


@settings(deadline=None, max_examples=60)
@given(rows, st.floats(0, 300), st.floats(0, 300))
def test_any_past_gives_a_finite_forecast_that_grows_with_load_within_a_class(
    past: list[Observation], a: float, b: float
) -> None:
    past = sorted(past, key=lambda one: one.at)
    forecaster = Forecaster.rebuilt(past)
    at = past[-1].at
    low, high = (
        asked(forecaster, department=1, load=min(a, b), at=at),
        asked(forecaster, department=1, load=max(a, b), at=at),
    )
    for found in (low, high):
        if found is not None:
            assert 0 <= found.margin <= found.minutes < float("inf")
            assert found.n >= 25
    if low and high and low.class_used == high.class_used:
        assert low.minutes <= high.minutes


@settings(deadline=None, max_examples=30)
@given(rows)
def test_rebuilding_gives_the_same_as_learning_one_by_one(past: list[Observation]) -> None:
    past = sorted(past, key=lambda one: one.at)
    step_by_step = Forecaster()
    for one in past:
        asked(step_by_step, load=one.load, at=one.at)  # asking changes nothing
        step_by_step.observe(*one)
    at = past[-1].at
    for department in (1, 2, None):
        for load in (0.0, 5.0, 80.0):
            again = asked(Forecaster.rebuilt(past), department=department, load=load, at=at)
            assert asked(step_by_step, department=department, load=load, at=at) == again


@pytest.mark.parametrize(
    ("load", "minutes"), [(-1, 5), (1, -5), (float("nan"), 5), (1, float("inf"))]
)
def test_observations_that_cannot_be_are_refused(load: float, minutes: float) -> None:
    with pytest.raises(ValueError, match="not an observation"):
        Forecaster().observe(*seen(minutes, load=load))


def test_quantiles_that_are_not_high_are_refused() -> None:
    for quantile in (0.3, 1.0):
        with pytest.raises(ValueError, match="high quantile"):
            Forecaster(quantile)


def test_load_is_what_is_open_per_person() -> None:
    assert (load_of(12, 3), load_of(12, 0), load_of(0, 2)) == (4, 12, 0)
