"""Documents that name tests name such as exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:tests/|[a-z]+/)[\w/]+\.py)(?:::(\w+)…?)?`")


def test_reliability_names_tests_that_exist():
    text = (ROOT / "docs" / "reference" / "reliability.md").read_text()
    named = NAMED.findall(text)
    wrong = []
    for path, test in named:
        file = (ROOT if path.startswith("tests/") else ROOT / "src" / "esmero") / path
        if not file.is_file() or (f"def {test}" not in file.read_text() and test):
            wrong.append(f"{path}::{test}")
    assert wrong == []
    assert len(named) > 40
