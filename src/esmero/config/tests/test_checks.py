"""`esmero test` itself: what it counts, what it says, and that it fails when it should."""

import sys

import pytest

from esmero.config.checks import packages
from esmero.config.checks.steps import Step, Verdict, run_step, run_steps, static_steps
from esmero.config.checks.suite import environment_for_tests, run_suite
from esmero.config.cli import test as command

THREE = """
import pytest
def test_a(): pass
def test_b(): assert {b}
def test_c(): pytest.skip("no")
"""


@pytest.fixture
def environment(tmp_path):
    return environment_for_tests(data=str(tmp_path / "data"), pg_bin="")


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("print('said')", "passed"), ("print('said'); raise SystemExit(3)", "failed")],
)
def test_a_step_passes_or_fails_by_its_status(environment, code, outcome):
    verdict = run_step(Step("one", [sys.executable, "-c", code]), environment)
    assert (verdict.outcome, verdict.output.strip()) == (outcome, "said")


def test_a_step_without_its_program_is_skipped_and_names_it(environment):
    step = Step("one", ["no-such-program-here"], needs="no-such-program-here")
    verdict = run_step(step, environment)
    assert (verdict.outcome, verdict.output) == ("skipped", "no-such-program-here")


def test_steps_keep_their_order_and_each_is_told(environment):
    told = []
    steps = [Step(str(n), [sys.executable, "-c", ""]) for n in range(3)]
    verdicts = run_steps(steps, environment, told=lambda verdict: told.append(verdict.name))
    assert [verdict.name for verdict in verdicts] == ["0", "1", "2"]
    assert sorted(told) == ["0", "1", "2"]


def test_the_static_checks_are_all_there():
    names = {step.name for step in static_steps()}
    assert names == {
        "types",
        "style",
        "format",
        "contracts",
        "catalogues",
        "migrations",
        "scripts",
    }


@pytest.mark.parametrize(("b", "outcome", "failed"), [(True, "passed", 0), (False, "failed", 1)])
def test_the_suite_is_counted(environment, tmp_path, b, outcome, failed):
    path = tmp_path / "test_three.py"
    path.write_text(THREE.format(b=b))
    verdict = run_suite([str(path)], everything=False, environment=environment)
    assert verdict.outcome == outcome
    assert verdict.counts == {"passed": 2 - failed, "failed": failed, "skipped": 1}


def test_a_suite_that_cannot_begin_has_failed(environment, tmp_path):
    path = tmp_path / "test_broken.py"
    path.write_text("import nothing_of_this_name\n")
    verdict = run_suite([str(path)], everything=False, environment=environment)
    assert (verdict.outcome, verdict.counts["passed"]) == ("failed", 0)
    assert verdict.counts["failed"] >= 1


def test_the_last_line_sums_up_and_the_status_follows(capsys):
    verdicts = [
        Verdict("style", "passed"),
        Verdict("scripts", "skipped"),
        Verdict("tests", "passed", counts={"passed": 10, "failed": 0, "skipped": 2}),
    ]
    assert command._sum_up(verdicts, 3.4) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "11 passed, 0 failed, 3 skipped"
    assert command._sum_up([*verdicts, Verdict("types", "failed")], 3.4) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "11 passed, 1 failed, 3 skipped"


def test_a_real_shops_settings_do_not_reach_the_tests(monkeypatch):
    for name in ("ESMERO_TEST_DATA", "ESMERO_PG_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ESMERO_URL", "https://atencion.tienda.example")
    monkeypatch.setenv("ESMERO_SECRET_KEY", "x" * 40)
    monkeypatch.setenv("DATABASE_URL", "postgresql://real@db.example/shop")
    chosen = environment_for_tests(data="/somewhere", pg_bin="/usr/lib/postgresql/15/bin")
    assert {name: value for name, value in chosen.items() if name.startswith("ESMERO_")} == {
        "ESMERO_DATA": "/somewhere",
        "ESMERO_PG_BIN": "/usr/lib/postgresql/15/bin",
    }
    assert "DATABASE_URL" not in chosen


def test_packages_are_installed_only_where_it_is_allowed(monkeypatch):
    monkeypatch.setenv("ESMERO_TEST_INSTALL", "0")
    assert not packages.can_install()
