"""Logs say what happened, never what was written or what opens a door."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from esmero.config import logs

CANARY = "canario-7f3a"


@pytest.fixture
def configured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[None]:
    monkeypatch.setenv("ESMERO_LOG_FORMAT", "json")
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.set_up()
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_failure_is_told_without_the_values_of_variables(
    configured: None, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        body = CANARY
        raise ValueError(f"cannot use {body}")

    log = structlog.get_logger("esmero.test")
    try:
        fail()
    except ValueError:
        log.exception("failed", password=CANARY, oauth_refresh_token=CANARY, text=CANARY, raw=7)
    said = capsys.readouterr().err
    assert CANARY not in said, said
    line = json.loads(said.splitlines()[-1])
    assert (line["event"], line["level"], line["raw"]) == ("failed", "error", 7)
    assert line["exception"].endswith("ValueError: […]")
    assert "in fail" in line["exception"]


def test_libraries_speak_in_the_same_form(
    configured: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("somebody.else").warning("careful")
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["event"] == "careful"
