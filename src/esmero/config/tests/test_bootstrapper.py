"""`./esmero` itself, in a tree of its own with an empty list of packages."""

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = next(p for p in Path(__file__).resolve().parents if (p / "requirements").is_dir())
BOOTSTRAPPER = next(p for p in (ROOT / "esmero", ROOT / "bin" / "esmero") if p.is_file())
MODULE = """
import json, os, sys
print(json.dumps({"words": sys.argv[1:], "cwd": os.getcwd(), "path": sys.path[0]}))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A prepared tree below a folder with spaces."""
    root = tmp_path_factory.mktemp("mi tienda")
    shutil.copy(BOOTSTRAPPER, root / "esmero")
    package = root / "src" / "esmero"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(MODULE)
    (root / "requirements").mkdir()
    for name in ("base.txt", "dev.txt"):
        (root / "requirements" / name).write_text("# no packages\n")
    run(root, "prepare")
    return root


def run(root, *words, cwd="/", **variables):
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(root), **variables}
    return subprocess.run(
        [sys.executable, root / "esmero", *words],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_words_and_folder_reach_the_command_from_anywhere(tree, tmp_path):
    (tmp_path / "esmero").mkdir()
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    done = run(tree, "up", "--demo", "a b", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert ast.literal_eval(done.stdout) == {
        "words": ["up", "--demo", "a b"],
        "cwd": str(tmp_path),
        "path": str(tree / "src"),
    }


def test_a_prepared_tree_starts_without_pip(tree):
    begun = time.monotonic()
    assert run(tree, "up").returncode == 0
    assert time.monotonic() - begun < 1.5


def test_a_changed_lock_file_installs_again_and_an_unchanged_one_does_not(tree):
    stamp = tree / ".venv" / "esmero-installed.json"
    before = stamp.read_text()
    assert run(tree, "up").stderr == ""
    lock = tree / "requirements" / "base.txt"
    lock.write_text("# another version\n")
    assert "Preparo el entorno" in run(tree, "up").stderr
    assert stamp.read_text() != before
    assert run(tree, "up").stderr == ""


def test_developers_commands_need_the_other_lock_file(tree):
    stamp = tree / ".venv" / "esmero-installed.json"
    stamp.unlink()
    assert "Preparing" in run(tree, "up", LANG="en_GB.UTF-8").stderr
    assert run(tree, "up").stderr == ""
    assert "Preparo" in run(tree, "test").stderr
    assert run(tree, "up").stderr == ""


def test_what_a_kill_interrupted_is_repeated_in_whole(tree):
    stamp = tree / ".venv" / "esmero-installed.json"
    stamp.unlink(missing_ok=True)
    begun = subprocess.Popen(
        [sys.executable, tree / "esmero", "up"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tree)},
        start_new_session=True,
    )
    mark = tree / ".venv" / "esmero-unfinished"
    limit = time.monotonic() + 30
    while not mark.exists() and time.monotonic() < limit:
        time.sleep(0.005)
    os.killpg(begun.pid, signal.SIGKILL)
    begun.wait()
    assert mark.exists()
    assert not stamp.exists()
    assert run(tree, "up").returncode == 0
    assert not mark.exists()
    assert stamp.exists()


def test_two_starts_at_once_both_work(tree):
    (tree / ".venv" / "esmero-installed.json").unlink(missing_ok=True)
    both = [
        subprocess.Popen(
            [sys.executable, tree / "esmero", "up"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin", "HOME": str(tree)},
        )
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(b"Preparo" in words for _, words in answers) == 1


def test_a_folder_that_is_not_an_environment_is_left_alone(tree, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("Querida Ana")
    done = run(tree, "up", ESMERO_VENV=str(mine))
    assert done.returncode == 1
    assert "no es un entorno" in done.stderr
    assert (mine / "letter.txt").read_text() == "Querida Ana"


def test_old_pythons_can_read_it_as_far_as_the_message():
    ast.parse(BOOTSTRAPPER.read_text(), feature_version=(3, 5))
