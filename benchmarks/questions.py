"""Questions put together: a hundred new ones against 5,000 candidates with 15,000 questions.

The candidates are written into the tables; all else goes through the public actions, as the
worker calls them, with the search process beside it. That process has the index of the benchmark
`search` in memory; it makes a vector of each question, in portions, then tells which of them are
near. Its memory is looked at while it does.
"""

from __future__ import annotations

import os
import random
import statistics
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks import parts
from benchmarks.old_words import words
from benchmarks.search import Made
from benchmarks.start import pss_mb

if TYPE_CHECKING:
    from benchmarks.frame import Bench

_CANDIDATES, _OF_EACH = 5000, 3
_BATCH, _BATCHES = 100, 3
_NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
_ASKS = (
    "¿Cuánto tarda en llegar {p} a {c}?",
    "quiero devolver {p} porque no me va bien",
    "no me funciona {p}, se apaga a los {n} minutos",
    "¿Puedo recoger {p} en la tienda de {c}?",
    "me habéis cobrado dos veces {p}",
    "¿hay {p} en otro color?",
    "se puede lavar {p} a máquina",
    "cuánto cuesta el envío de {p} a {c}",
    "necesito factura de {p} con los datos de la empresa",
    "¿{p} tiene garantía de {n} años?",
    "el cupón no vale para {p}",
    "falta una pieza de {p} y llevo {n} días esperando",
    "quiero cambiar la dirección de entrega a {c}",
    "¿qué medidas tiene {p}?",
    "cómo se monta {p}",
    "¿vendéis recambios para {p}?",
)
_ENDS = ("", "", " gracias", " es urgente", " por favor", " que es un regalo", " y nadie contesta")
_PLACES = ("Valladolid", "Cádiz", "Las Palmas", "Bilbao", "Murcia", "Lugo", "Rosario", "Puebla")


def run(bench: Bench) -> None:
    """Measure."""
    parts.set_up_django()
    parts.migrate()
    dice = random.Random(bench.seed)
    asks = _Asks(dice, words(bench.seed).goods)
    _fill(asks, _CANDIDATES // (10 if bench.is_quick else 1))
    process, pid, client = parts.start_search(bench.data)
    try:
        Made(client, bench.seed).fill(share=10 if bench.is_quick else 1)
        _measure(bench, asks, pid)
    finally:
        process.stop()


class _Asks:
    """Questions that all differ, some with a slip."""

    def __init__(self, dice: random.Random, goods: list[str]) -> None:
        self._dice, self._goods = dice, goods
        self._seen: set[str] = set()

    def one(self) -> str:
        """Return a new one."""
        dice = self._dice
        while True:
            said = (dice.choice(_ASKS) + dice.choice(_ENDS)).format(
                p=dice.choice(self._goods), c=dice.choice(_PLACES), n=dice.randint(2, 60)
            )
            if dice.random() < 0.5:
                at = dice.randrange(len(said))
                said = said[:at] + dice.choice("aeiosrnt") + said[at + 1 :]
            if said not in self._seen:
                self._seen.add(said)
                return said


def _fill(asks: _Asks, count: int) -> None:
    from esmero.knowledge.enums import Source
    from esmero.knowledge.models import Candidate, Question
    from esmero.knowledge.rules import asking

    at = _NOW - timedelta(days=30)
    texts = [[asks.one() for _ in range(_OF_EACH)] for _ in range(count)]
    made = Candidate.objects.bulk_create(
        [
            Candidate(
                language="es",
                text=asking.essence(some[0]),
                count=_OF_EACH,
                first_at=at,
                last_at=at,
            )
            for some in texts
        ],
        batch_size=1000,
    )
    Question.objects.bulk_create(
        [
            Question(
                language="es", source=Source.SEARCH.value, text=text, at=at, fits=False,
                candidate=candidate, is_grouped=True,
            )
            for candidate, some in zip(made, texts, strict=True)
            for text in some
        ],
        batch_size=1000,
    )  # fmt: skip


def _measure(bench: Bench, asks: _Asks, pid: int) -> None:
    from esmero.knowledge import actions

    at = _NOW + timedelta(hours=1)
    highest = _Highest(pid)
    idle = pss_mb([pid])
    _note(asks, 1)
    begun, portions = time.perf_counter(), []
    more = True
    while more:
        once = time.perf_counter()
        more = actions.learn_questions(at=at)
        portions.append(time.perf_counter() - once)
    bench.figure("learn_s", time.perf_counter() - begun, "s")
    bench.figure("portion_s", max(portions), "s")
    actions.group_questions(at=at)
    own, others, seconds = [], [], []
    for count in (1, *[_BATCH] * _BATCHES):
        _note(asks, count)
        before, others_before = time.process_time(), parts.cpu_seconds([pid])
        once = time.perf_counter()
        while actions.learn_questions(at=at):
            pass
        assert actions.group_questions(at=at) == count
        seconds.append(time.perf_counter() - once)
        own.append(time.process_time() - before)
        others.append(parts.cpu_seconds([pid]) - others_before)
    highest.stop()
    bench.figure("single_cpu_s", own[0], "s")
    bench.figure("batch_s", statistics.median(seconds[1:]), "s")
    bench.figure("batch_cpu_s", statistics.median(own[1:]), "s")
    bench.figure("batch_search_cpu_s", statistics.median(others[1:]), "s")
    most = highest.taken()
    bench.figure("memory_mb", most, "MB")
    bench.figure("memory_more_mb", most - idle, "MB")
    bench.figure("memory_kept_mb", pss_mb([pid]) - idle, "MB")
    bench.figure("untaught", _untaught())
    bench.note(f"{len(portions)} portions; the memory is that of the search process")


def _note(asks: _Asks, count: int) -> None:
    from esmero.knowledge import actions

    for number in range(count):
        text = asks.one()
        actions.note_search(
            text=text, language="es", asker=f"{text}{number}{os.getpid()}", found=None, at=_NOW
        )


def _untaught() -> int:
    """Return how many questions have no vector: they would have been compared by words alone."""
    from esmero.knowledge.adapters.sentences import digest_of
    from esmero.knowledge.models import Question, Vector
    from esmero.knowledge.rules import asking

    known = {bytes(digest) for digest in Vector.objects.values_list("digest", flat=True)}
    asked = {asking.essence(text) for text in Question.objects.values_list("text", flat=True)}
    return len({digest_of(text) for text in asked} - known)


class _Highest:
    """The most memory that a process has, looked at fifty times a second."""

    def __init__(self, pid: int) -> None:
        self._mb = 0.0
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._done.wait(0.02):
            now = pss_mb([self._pid])
            self._mb = max(self._mb, now)

    def taken(self) -> float:
        """Return the most since it was last asked, in MB."""
        found, self._mb = self._mb, 0.0
        return found

    def stop(self) -> None:
        """Look no more."""
        self._done.set()
        self._thread.join()
