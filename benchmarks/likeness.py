"""How well questions are put together: pairwise precision and recall on a set of questions with
known answers.

    ./esmero bench likeness --set path/to/set.json --half other

The file: `language`, and `queries` with a `text` and the `groups` that it belongs to; those of
just one group take part. They go the whole way of a search: noted, their names and numbers taken
out, grouped by the worker's own action in small batches, with the search process for the meaning.
Of a pair of questions that were put together it is asked whether they have one group (precision);
of a pair of one group whether they were put together (recall). Both are means over some orders.

The halves: the queries in the order of the file, shuffled with the seed 7; every second one from
the first on is `tuned` (thresholds and weights were chosen on these), the rest `other`.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import parts

if TYPE_CHECKING:
    from benchmarks.frame import Bench

_SEED = 7
_NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
Asked = tuple[str, str]
"""A question, and the group that it belongs to."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which set, and how it is asked."""
    parser.add_argument("--set", type=Path, required=True, help="a file of questions")
    parser.add_argument("--half", choices=("tuned", "other", "all"), default="other")
    parser.add_argument("--batch", type=int, default=10, help="questions grouped at a time")
    parser.add_argument("--orders", type=int, default=3, help="shuffles whose mean is told")
    parser.add_argument("--words", action="store_true", help="without the search process")


def run(bench: Bench) -> None:
    """Measure."""
    args = bench.args
    language, asked = read(args.set, args.half)
    parts.set_up_django()
    parts.migrate()
    process = None
    if args.words:
        _by_words()
    else:
        process, *_ = parts.start_search(bench.data)
    try:
        told = []
        for order in range(1 if bench.is_quick else args.orders):
            shuffled = list(asked)
            random.Random(order).shuffle(shuffled)
            told.append(_grouped(shuffled, language, args.batch))
    finally:
        if process is not None:
            process.stop()
    for name in told[0]:
        bench.figure(name, statistics.mean(one[name] for one in told))
    bench.note(f"{args.set.name}, {args.half}: {len(asked)} questions, {args.batch} at a time")


def read(path: Path, half: str) -> tuple[str, list[Asked]]:
    """Return the language of a set and the questions of one of its halves."""
    data: dict[str, Any] = json.loads(path.read_text())
    found = [(one["text"], one["groups"][0]) for one in data["queries"] if len(one["groups"]) == 1]
    random.Random(_SEED).shuffle(found)
    if half != "all":
        found = found[0 if half == "tuned" else 1 :: 2]
    return data.get("language", "es"), found


def figures(groups: Iterable[Iterable[str]]) -> dict[str, float]:
    """Return precision, recall, the number of groups and the largest, from the true groups of the
    questions that were put together.
    """
    found = [Counter(one) for one in groups]
    whole = sum(found, Counter())
    right = sum(_pairs(one.values()) for one in found)
    told = _pairs(one.total() for one in found)
    return {
        "precision": right / told if told else 1.0,
        "recall": right / (_pairs(whole.values()) or 1),
        "groups": len(found),
        "largest": max((one.total() for one in found), default=0),
    }


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


def _by_words() -> None:
    from esmero.knowledge import ports
    from esmero.knowledge.adapters.lexical import Lexical

    ports.use_likeness(Lexical())


def _grouped(asked: list[Asked], language: str, batch: int) -> dict[str, float]:
    from esmero.knowledge import actions
    from esmero.knowledge.models import Candidate, Question

    Question.objects.all().delete()
    Candidate.objects.all().delete()
    belongs: dict[int, str] = {}
    for number, (text, group) in enumerate(asked):
        pk = actions.note_search(
            text=text,
            language=language,
            asker=f"asker {number}",
            found=None,
            at=_NOW + timedelta(seconds=number),
        )
        if pk is not None:
            belongs[pk] = group
    at = _NOW + timedelta(hours=12)
    while True:
        while actions.learn_questions(limit=batch, at=at):
            pass
        if not actions.group_questions(limit=batch, at=at):
            break
    found: dict[int, list[str]] = defaultdict(list)
    for pk, candidate_id in Question.objects.values_list("pk", "candidate_id"):
        found[candidate_id].append(belongs[pk])
    return figures(found.values())
