"""PDF files of friends and of strangers, through the real child process."""

import time
import zlib

import pytest

from esmero.config.demo.knowing import pdf
from esmero.knowledge.adapters.pdf import Budget, PdfPages

pytest.importorskip("pypdf")
GOOD = pdf([("Carga", ["Cárgala cuatro horas."]), ("Luz", ["Parpadea en naranja."])])


def read(data, **budget):
    return PdfPages(Budget(**budget)).read([data])


def test_the_text_of_each_page():
    found = read(GOOD)
    assert (found.count, found.refused, found.notes) == (2, "", [])
    assert [page.split("\n") for page in found.pages] == [
        ["Carga", "Cárgala cuatro horas."], ["Luz", "Parpadea en naranja."],
    ]  # fmt: skip


def test_of_too_many_pages_the_first_are_read():
    found = read(pdf([(f"Página {n}", []) for n in range(60)]), pages=20)
    assert (found.count, len(found.pages), found.notes) == (60, 20, ["partial:20"])


def test_what_would_run_something_says_so():
    data = GOOD.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript >>")
    assert "scripts" in read(data).notes


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4 no", b"%PDF-1.7\n" + b"\xff" * 5000, GOOD[: len(GOOD) // 3]]
)
def test_what_is_broken_says_so(data):
    found = read(data)
    assert found.refused in {"broken", ""}
    assert found.refused or found.pages == [] or found.count <= 2


def test_a_bomb_ends_within_its_memory():
    # 300 MB of nothing in 300 kB, as the drawing of a page.
    squeezed = zlib.compress(b"0 0 m " * 50_000_000, 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (
        len(squeezed), squeezed,
    )  # fmt: skip
    first = GOOD.index(b"<< /Length")
    last = GOOD.index(b"endstream") + len(b"endstream")
    began = time.monotonic()
    found = read(
        GOOD[:first] + stream + GOOD[last:], memory_bytes=400 << 20, page_seconds=3.0,
        wall_seconds=60.0,
    )  # fmt: skip
    assert time.monotonic() - began < 60
    assert "300" not in "".join(found.pages)
    assert len("".join(found.pages)) < 40_000


def test_what_takes_too_long_is_stopped():
    found = read(GOOD, wall_seconds=0.01)
    assert found.refused == "too_much"
