"""Judging figures: limits, slower machines, and figures that somebody forgot to measure."""

import json
from argparse import Namespace
from pathlib import Path

import pytest

from benchmarks import frame
from benchmarks.frame import Bench, Calibration, Figure

TARGETS = """
[reference]
python_ms = 10.0
fsync_ms = 1.0
select_ms = 0.1

[shop]
page_ms = { max = 15, by = "python" }
per_s = { min = 100, by = "fsync" }
lost = { max = 0 }
"""
FAST = Calibration(python_ms=5.0, fsync_ms=0.5, select_ms=0.05)
SLOW = Calibration(python_ms=20.0, fsync_ms=2.0, select_ms=0.1)


@pytest.fixture(autouse=True)
def targets(tmp_path, monkeypatch):
    path = tmp_path / "targets.toml"
    path.write_text(TARGETS)
    monkeypatch.setattr(frame, "TARGETS", path)


def reached(calibration, *, page_ms=15, per_s=100, lost=0):
    figures = [
        Figure("page_ms", page_ms, "ms"),
        Figure("per_s", per_s, ""),
        Figure("lost", lost, ""),
    ]
    return {
        j.figure.name: j.is_reached for j in frame.judge("shop", figures, lambda _: calibration)
    }


def a_bench(name, **said):
    return Bench(name, True, 7, Namespace(), None, Path(), FAST, **said)


def test_the_limit_itself_is_reached_and_one_more_is_not():
    assert reached(FAST) == {"page_ms": True, "per_s": True, "lost": True}
    assert reached(FAST, page_ms=15.1, per_s=99.9, lost=1) == {
        "page_ms": False,
        "per_s": False,
        "lost": False,
    }


def test_a_slow_machine_is_allowed_for_in_times_but_not_in_counts():
    assert reached(SLOW, page_ms=30, per_s=50) == {"page_ms": True, "per_s": True, "lost": True}
    assert reached(SLOW, page_ms=30.1, per_s=49, lost=1) == {
        "page_ms": False,
        "per_s": False,
        "lost": False,
    }


def test_a_target_without_a_figure_is_an_error():
    with pytest.raises(KeyError, match=r"lost, per_s"):
        frame.judge("shop", [Figure("page_ms", 1, "ms")], lambda _: FAST)


def test_a_figure_without_a_target_is_told_and_not_judged():
    judged = frame.judge("other", [Figure("anything", 3, "")], lambda _: FAST)
    assert [(item.figure.name, item.is_reached) for item in judged] == [("anything", None)]


def test_the_last_line_is_json_and_says_what_falls_short(capsys):
    bench = a_bench("shop", notes=["a note"])
    figures = [Figure("page_ms", 16, "ms"), Figure("per_s", 100, ""), Figure("lost", 0, "")]
    assert not frame.tell(bench, frame.judge("shop", figures, bench.around), 0.2, 3.0)
    lines = capsys.readouterr().out.splitlines()
    assert any("SHORT" in line for line in lines)
    assert "unreliable: other processes took too much of the machine" in lines
    told = json.loads(lines[-1])
    assert (told["short"], told["seed"], told["reliable"]) == (["page_ms"], 7, False)
    assert told["figures"] == {"page_ms": 16, "per_s": 100, "lost": 0}


def test_a_figure_is_judged_by_how_fast_the_machine_was_around_it(monkeypatch):
    bench = a_bench("shop")
    for times, figure in ((15.0, "begun_fast"), (25.0, "slow_throughout")):
        bench.figure(figure, 16, "ms")
        monkeypatch.setattr(frame, "_median_ms", lambda work, n, times=times: times)
        bench.calibrate()
    assert [bench.around(one).python_ms for one in bench.figures] == [10.0, 20.0]
    bench.figure("after_the_last", 16, "ms")
    assert bench.around(bench.figures[-1]).python_ms == 25.0
    assert bench.around(bench.figures[-1]).fsync_ms == FAST.fsync_ms


def test_percentiles_are_values_that_occur():
    values = [float(number) for number in range(1, 101)]
    assert [frame.percentile(values, share) for share in (0.5, 0.95, 1.0)] == [50.0, 95.0, 100.0]
    assert frame.percentile([3.0], 0.95) == 3.0


def test_our_own_work_is_no_noise():
    noise = frame.Noise()
    before = frame._own_seconds()
    for _ in range(10):
        frame.python_loop()
    assert frame._own_seconds() - before >= 0.1
    assert 0.0 <= noise.share() <= 1.0
