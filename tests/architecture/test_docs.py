"""What the documents name is there: tests, files they link to, headings within them, benchmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from esmero.config.cli import COMMANDS
from esmero.config.cli.bench import names

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:tests/|[a-z]+/)[\w/]+\.py)(?:::(\w+)…?)?`")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob(".github/**/*.md")])
# Inline links and pictures, and reference definitions (CommonMark 6.3, 4.7).
_LINKS = re.compile(
    r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?\s*$", re.M
)
_CODE = re.compile(r"^(```|~~~).*?^\1\s*$|`[^`\n]*`", re.M | re.S)
_COMMAND = re.compile(r"(?:\./|`)esmero ([a-z]+)")


def links(text: str) -> Iterator[str]:
    """Yield the targets of the links in a page, those in code left out."""
    for found in _LINKS.finditer(_CODE.sub("", text)):
        yield found[1] or found[2]


def anchors(text: str) -> set[str]:
    """Return the names by which the headings of a page are reached, as GitHub makes them."""
    headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", _CODE.sub(_keep_words, text), re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def _keep_words(code: re.Match[str]) -> str:
    return "" if code[1] else code[0].strip("`")


def dead_links(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere in the tree."""
    dead = []
    for target in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue  # another place's: nothing is asked of the network here
        path, _, anchor = target.partition("#")
        file = (page.parent / path) if path else page
        is_there = file.exists() and file.resolve().is_relative_to(ROOT)
        is_page = is_there and file.suffix == ".md"
        if not is_there or (anchor and is_page and anchor not in anchors(file.read_text())):
            dead.append(target)
    return dead


def test_pages_are_found():
    assert ROOT / "README.md" in PAGES
    assert len(PAGES) > 25


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    assert dead_links(page) == []


def test_a_dead_link_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.architecture.test_docs.ROOT", tmp_path)
    (tmp_path / "there.md").write_text("# A title: `code`, and more\n\n```\n# no heading\n```\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#a-title-code-and-more) [c](https://example.org/x)\n"
        "`[d](in-code.md)` [e](gone.md) ![f](gone.png) [g](there.md#no-heading) [h](../out.md)\n"
        "```\n[i](in-a-block.md)\n```\n[j]: gone-too.md\n"
    )
    assert dead_links(page) == [
        "gone.md",
        "gone.png",
        "there.md#no-heading",
        "../out.md",
        "gone-too.md",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_named_exist(page: Path):
    named = set(_COMMAND.findall(page.read_text(encoding="utf-8")))
    assert named - COMMANDS.keys() == set()


def test_each_benchmark_is_described():
    text = (ROOT / "docs" / "reference" / "benchmarks.md").read_text()
    described = re.findall(r"^\| `(\w+)` \|", text.partition("## Last seen")[0], re.M)
    assert sorted(described) == names()


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
