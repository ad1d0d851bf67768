"""What the search finds: 122 articles of a shop, asked in 403 ways, and 73 questions that no
article answers.

Written for this project as customers of Spain and America write: regional words, voseo, haste,
slips, capitals, one word, dictation, long mails; hardly one shares a main word with the title.
In `finds_es.json`, `half` is B where the misses were not looked at (of what an article answers,
the questions of every second article). The lexicon was written by the same hand, so that the
figures tell whether something broke, not how other customers fare: docs/explanation/search.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.frame import Bench
    from benchmarks.search_contract import Search

_FILE = Path(__file__).with_name("finds_es.json")
_FITS = 0.5


def run(bench: Bench) -> None:
    """Measure the half that was not looked at, and tell of the other."""
    from benchmarks.search_contract import make

    data = json.loads(_FILE.read_text(encoding="utf-8"))
    search = make(data["docs"], data["language"])
    for half in "BA":
        queries = [query for query in data["queries"] if query["half"] == half]
        figures = _figures(search, queries[::4] if bench.is_quick else queries)
        if half == "B":
            for name, value in figures.items():
                bench.figure(name, value)
        else:
            told = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
            bench.note(f"the other half, whose misses were looked at: {told}")


def _figures(search: Search, queries: list[dict[str, Any]]) -> dict[str, float]:
    places: list[int] = []
    inside: list[float] = []
    outside: list[float] = []
    for query in queries:
        found = [document_id for document_id, _ in search(query["text"])]
        (inside if query["groups"] else outside).append(search.confidence(query["text"]))
        if query["groups"]:
            wanted = query["groups"][0]
            places.append(found.index(wanted) if wanted in found else len(found))
    wins = sum((a > b) + (a == b) / 2 for a in inside for b in outside)
    return {
        "first": sum(place == 0 for place in places) / len(places),
        "in_three": sum(place < 3 for place in places) / len(places),
        "auroc": wins / (len(inside) * len(outside)),
        "answered": sum(one >= _FITS for one in inside) / len(inside),
        "said_to_fit_nothing": sum(one < _FITS for one in outside) / len(outside),
    }
