"""What a killed process had in hand is known afterwards, once; what was finished is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from esmero.kernel import in_hand

_CHILD = """
import os, signal, django
django.setup()
from esmero.kernel import in_hand
with in_hand.held("case", 6):
    pass
with in_hand.held("case", 7):
    if {kills}:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def _run(kills: bool) -> int:
    code = _CHILD.format(kills=kills)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "esmero.config.settings"}
    environment["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    return subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode


@pytest.mark.parametrize(("kills", "left"), [(True, [7]), (False, [])])
def test_only_what_a_killed_process_held_is_left(kills: bool, left: list[int]) -> None:
    assert _run(kills) == (-9 if kills else 0)
    assert in_hand.left_by_the_dead("other") == []
    assert in_hand.left_by_the_dead("case") == left
    assert in_hand.left_by_the_dead("case") == []


def test_what_the_living_hold_is_theirs() -> None:
    with in_hand.held("case", 3):
        assert in_hand.left_by_the_dead("case") == []
    folder = Path(settings.ENV.data) / "in-hand"
    assert [path.read_text().split("\n")[0].strip() for path in folder.glob("case-*")] == ["0"]


def test_what_another_machine_holds_is_not_ours_to_judge() -> None:
    folder = Path(settings.ENV.data) / "in-hand"
    folder.mkdir(exist_ok=True)
    (folder / "case-elsewhere").write_text(f"{8:20d}\nother.example/1/2")
    assert in_hand.left_by_the_dead("case") == []
    assert (folder / "case-elsewhere").exists()
