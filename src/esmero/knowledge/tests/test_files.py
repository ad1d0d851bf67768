"""Pictures and manuals: what is refused, what is left out, what is searched."""

import io
import struct
import zlib

import pytest

from esmero.kernel import files
from esmero.kernel.pictures import without_traces
from esmero.knowledge import actions, ports, queries
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.errors import NotReadable
from esmero.knowledge.models import ArticleFile, ManualPage, Passage
from tests.cast import NOON as NOW

pytestmark = pytest.mark.django_db


def png(width=2, height=2, extra=b""):
    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * 3 * width for _ in range(min(height, 4))))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + extra
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def text_chunk(words):
    body = b"tEXt" + words
    return struct.pack(">I", len(words)) + body + struct.pack(">I", zlib.crc32(body))


def jpeg(exif=b""):
    frame = b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00"
    return b"\xff\xd8" + exif + frame + b"\xff\xda\x00\x02data\xff\xd9"


def exif(orientation, secret=b"N 40.123"):
    tiff = struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0) + secret
    return b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\0\0" + tiff


@pytest.fixture
def manual():
    return actions.create_article(
        kind=Kind.MANUAL, language="es", title="Manual Luciérnaga", at=NOW, by=None
    )


def test_a_picture_keeps_its_size_and_nothing_of_its_camera(manual):
    token = actions.add_picture(
        article_id=manual, name="a.png", data=png(3, 2, text_chunk(b"Author\0Ana")), at=NOW
    )
    row = queries.pages.file_of(token)
    assert (row.content_type, row.width, row.height) == ("image/png", 3, 2)
    assert files.read(row.blob) == png(3, 2)


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_photograph_stays_the_right_way_up_without_its_place(orientation):
    found = without_traces(jpeg(exif(orientation)))
    assert b"40.123" not in found
    assert (b"Exif" in found) is (orientation != 1)
    assert found.endswith(jpeg()[2:])


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"<svg/>", b"%PDF-1.4", png(30_001, 2), png(20_000, 20_000), b"MZ\x90"],
    ids=["empty", "cut", "svg", "pdf", "too wide", "bomb", "program"],
)
def test_what_is_no_picture_is_refused(manual, data):
    with pytest.raises(NotReadable):
        actions.add_picture(article_id=manual, name="a.png", data=data, at=NOW)
    assert ArticleFile.objects.count() == 0


def test_a_manual_is_a_pdf_or_a_picture(manual):
    with pytest.raises(NotReadable):
        actions.add_manual(article_id=manual, name="a.pdf", source=io.BytesIO(b"PK.."), at=NOW)


class Reader:
    def __init__(self, found):
        self.found = found

    def read(self, chunks):
        b"".join(chunks)
        return self.found


@pytest.fixture
def reads(monkeypatch):
    def use(found):
        monkeypatch.setattr(ports, "_reader", Reader(found))

    return use


def bring(article, data=b"%PDF-1.4"):
    return actions.add_manual(article_id=article, name="m.pdf", source=io.BytesIO(data), at=NOW)


def pages():
    living = Passage.objects.filter(role="page", is_gone=False).order_by("place")
    return list(living.values_list("place", "text"))


def test_a_manual_is_found_at_its_page(manual, reads):
    token = bring(manual)
    actions.publish_text(article_id=manual, language="es", at=NOW, by=None)
    reads(ports.PagesRead(count=3, pages=["Caja", "", "La batería parpadea en naranja"]))
    assert [actions.read_manual_one(at=NOW) for _ in range(2)] == [True, False]
    assert pages() == [(1, "Caja"), (3, "La batería parpadea en naranja")]
    hits = queries.search("parpadea en naranja", language="es", reader=Audience.PUBLIC).hits
    assert [(hit.article_id, hit.page, hit.file_token) for hit in hits] == [(manual, 3, token)]


def test_what_cannot_be_read_is_said_on_it_and_nothing_waits_behind_it(manual, reads):
    bring(manual)
    other = actions.create_article(kind=Kind.MANUAL, language="es", title="Otro", at=NOW, by=None)
    bring(other)
    reads(ports.PagesRead(refused="encrypted"))
    assert [actions.read_manual_one(at=NOW) for _ in range(3)] == [True, True, False]
    rows = ArticleFile.objects.values_list("reading", "detail")
    assert set(rows) == {("refused", "encrypted")}


def test_a_new_manual_takes_the_place_of_the_old_one(manual, reads):
    bring(manual)
    actions.publish_text(article_id=manual, language="es", at=NOW, by=None)
    reads(ports.PagesRead(count=1, pages=["vieja"]))
    actions.read_manual_one(at=NOW)
    bring(manual)
    assert pages() == []
    reads(ports.PagesRead(count=1, pages=["nueva"]))
    actions.read_manual_one(at=NOW)
    assert pages() == [(1, "nueva")]
    assert queries.pages.files_of(manual).count() == 1


def test_put_away_its_pages_are_not_found(manual, reads):
    token = bring(manual)
    actions.publish_text(article_id=manual, language="es", at=NOW, by=None)
    reads(ports.PagesRead(count=1, pages=["hola"]))
    actions.read_manual_one(at=NOW)
    actions.remove_file(article_id=manual, token=token, at=NOW)
    assert (pages(), ManualPage.objects.count()) == ([], 1)
