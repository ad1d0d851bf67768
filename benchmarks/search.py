"""The search: time of a query and memory of its process at 5,000 articles and 200 manuals of 100
pages.

The process is the one that `esmero search` forks; a query's time is that of the client, with
the socket. The vectors of most pages are not made one by one (half an hour): they are those of
some hundred that were, moved a little, and handed over as stored vectors are after a restart.
That changes what is found on those pages, not what finding costs.
"""

from __future__ import annotations

import random
import statistics
import time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import parts
from benchmarks.frame import percentile
from benchmarks.old_words import Words, words
from benchmarks.start import pss_mb

if TYPE_CHECKING:
    from benchmarks.frame import Bench
    from esmero.knowledge.search import Document
    from esmero.knowledge.search.serving import Client

_ARTICLES, _MANUALS, _PAGES = 5000, 200, 100
_ENCODED = 400
"""Texts of each kind that are really encoded."""
_BATCH = 500
_QUIET_S = 5.0
"""The process gives back what queries have freed every three seconds."""


def run(bench: Bench) -> None:
    """Measure."""
    parts.set_up_django()
    parts.migrate()
    process, pid, client = parts.start_search(bench.data)
    try:
        made = Made(client, bench.seed)
        begun = time.perf_counter()
        made.fill(share=10 if bench.is_quick else 1)
        bench.figure("fill_s", time.perf_counter() - begun, "s")
        _queries(bench, client, made, 120 if bench.is_quick else 400)
        _change(bench, client, made)
        time.sleep(_QUIET_S)
        bench.figure("memory_mb", pss_mb([pid]), "MB")
    finally:
        process.stop()


class Made:
    """Articles and manuals of a seed."""

    def __init__(self, client: Client, seed: int) -> None:
        self.client = client
        self.words: Words = words(seed)
        self.dice = random.Random(seed)
        self.noise = np.random.default_rng(seed)
        self.titles: list[str] = []
        self._kinds: dict[str, list[dict[str, tuple[bytes, ...]]]] = {}

    def article(self, number: int) -> Document:
        """Return an article."""
        from esmero.knowledge.search import Document, Passage, Role

        title = self.dice.choice(self.words.asks)[:120]
        text = " ".join(self.dice.sample(self.words.tells, 4))
        self.titles.append(title)
        return Document(
            f"article:{number}",
            "es",
            "public",
            (
                Passage("q", Role.QUESTION, title),
                Passage("a", Role.ANSWER, f"{text} Art. {number}."),
            ),
        )

    def manual(self, number: int) -> Document:
        """Return a manual."""
        from esmero.knowledge.search import Document, Passage, Role

        pages = (
            " ".join(self.dice.sample(self.words.tells, 3) + self.dice.sample(self.words.asks, 4))
            + f" Pieza MX-{number}-{page}."
            for page in range(_PAGES)
        )
        return Document(
            f"manual:{number}",
            "es",
            "public",
            tuple(Passage(f"p{at}", Role.PAGE, page) for at, page in enumerate(pages)),
        )

    def fill(self, *, share: int = 1) -> None:
        """Hand over one of `share` of all."""
        self._hand_over([self.article(number) for number in range(_ARTICLES // share)], _BATCH)
        self._hand_over([self.manual(number) for number in range(_MANUALS // share)], 5)
        self.client.tidy()

    def _hand_over(self, documents: list[Document], size: int) -> None:
        known = [self.client.vectors_for(one) for one in documents[: max(4, _ENCODED // 100)]]
        pool = [vectors for one in known for vectors in one.values()]
        version = self.client.health()["encoder"]
        for start in range(0, len(documents), size):
            self.client.put(
                [self._with_vectors(one, pool, version) for one in documents[start : start + size]]
            )

    def _with_vectors(
        self, document: Document, pool: list[tuple[bytes, ...]], version: str
    ) -> Document:
        from dataclasses import replace

        from esmero.knowledge.search.segments import chunks

        def moved(text: str) -> tuple[bytes, ...]:
            found = []
            for _ in chunks(text):
                one = np.frombuffer(self.dice.choice(pool)[0], np.float16).astype(np.float32)
                one = one + self.noise.normal(0, 0.02, one.shape).astype(np.float32)
                found.append((one / np.linalg.norm(one)).astype(np.float16).tobytes())
            return tuple(found)

        passages = tuple(replace(p, vectors=moved(p.text)) for p in document.passages)
        return replace(document, passages=passages, encoder=version)


def _queries(bench: Bench, client: Client, made: Made, count: int) -> None:
    dice = random.Random(bench.seed)
    kinds = {
        "title": lambda: dice.choice(made.titles),
        "one word": lambda: dice.choice(dice.choice(made.titles).split()),
        "two words": lambda: " ".join(dice.choice(made.titles).split()[:2]),
        "slips": lambda: _slips(dice, dice.choice(made.titles)),
        "mail": lambda: "Hola, buenos días. " + " ".join(dice.sample(made.words.asks, 4)),
        "number": lambda: f"MX-{dice.randrange(20)}-{dice.randrange(_PAGES)}",
        "everyday": lambda: dice.choice(
            [
                "kiero camviar la talla",
                "me llego roto",
                "no anda el cupon",
                "xq no llega mi pedido",
            ]
        ),
    }

    def ask(query: str) -> float:
        begun = time.perf_counter()
        client.search(query, language="es", audiences=["public"])
        return (time.perf_counter() - begun) * 1000

    for kind in kinds.values():
        for _ in range(3):
            ask(kind())
    found = {
        name: [ask(kind()) for _ in range(count // len(kinds))] for name, kind in kinds.items()
    }
    every = [one for times in found.values() for one in times]
    bench.figure("query_p50_ms", percentile(every, 0.50), "ms")
    bench.figure("query_p95_ms", percentile(every, 0.95), "ms")
    bench.note("p50 ms: " + ", ".join(f"{k} {statistics.median(v):.1f}" for k, v in found.items()))
    long = {
        "10,000 letters": " ".join(made.words.asks)[:10_000],
        "%%%%": "%%%%",
        "10,000 without a space": "a1ñ" * 3333,
        "10,000 slips": _slips(dice, " ".join(made.words.asks)[:10_000]),
    }
    slowest = {name: ask(query) / 1000 for name, query in long.items()}
    bench.figure("slowest_s", max(slowest.values()), "s")
    bench.note("s: " + ", ".join(f"{name} {took:.2f}" for name, took in slowest.items()))


def _slips(dice: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(len(text) // 12 + 1):
        at = dice.randrange(len(letters) - 1)
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def _change(bench: Bench, client: Client, made: Made) -> None:
    """Measure how long a changed article takes to be found."""
    from esmero.knowledge.search import Document, Passage, Role

    taken = []
    for number in range(20):
        title = f"¿Cómo uso la zanfona número {number}?"
        begun = time.perf_counter()
        client.put(
            [Document(f"new:{number}", "es", "public", (Passage("q", Role.QUESTION, title),))]
        )
        hits = client.search(title, language="es", audiences=["public"]).hits
        taken.append(time.perf_counter() - begun)
        assert hits[0].document_id == f"new:{number}", hits[:2]
    bench.figure("follows_s", max(taken), "s")
