"""Files in both directions, with names that mean no good and sizes that no mail takes."""

from __future__ import annotations

import hashlib
import re
import struct
from random import Random
from zlib import compress, crc32

from playwright.sync_api import expect

from tests.journeys.conftest import MARTA, SHOP
from tests.journeys.post import letter, text_of
from tests.journeys.product import eventually

SUBJECT = "Foto de la grieta"
HOSTILE = "../../<img src=x onerror=alert(1)>.png"


def picture(side: int) -> bytes:
    """Return a PNG of colourful noise: about three bytes for each pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    rows = b"".join(b"\0" + Random(row).randbytes(3 * side) for row in range(side))
    size = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    content = chunk(b"IHDR", size) + chunk(b"IDAT", compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


PHOTO = picture(80)  # 20 kB
SHEET = b"%PDF-1.4\n" + hashlib.sha256(b"sheet").digest() * 900
VIDEO = hashlib.sha256(b"video").digest() * 190_000  # 6 MB


def test_files_come_and_go_unharmed_and_harmless(product, post, visit, tmp_path):
    question = letter(
        SUBJECT, "Se ve en la foto.", sender=f"Marta Ruiz <{MARTA}>", to=SHOP, at=product.now()
    )
    question.add_attachment(PHOTO, maintype="image", subtype="png", filename=HOSTILE)
    page_of = b"<script>alert(1)</script>"
    question.add_attachment(page_of, maintype="text", subtype="html", filename="leer.html")
    post.send(question, SHOP)
    post.wait_for("marta", 1)

    # In: the name is only a name, the file comes down as it went up and runs nowhere.
    ana = visit.member(product, "ana")
    ana.get_by_role("link", name=SUBJECT).click()
    talk = ana.locator("#talk")
    expect(talk).to_contain_text("<img src=x onerror=alert(1)>.png")
    assert ana.locator("img[src='x']").count() == 0
    for name, content in (("onerror", PHOTO), ("leer.html", page_of)):
        link = talk.get_by_role("link", name=re.compile(name))
        answer = ana.request.get(product.url + str(link.first.get_attribute("href")))
        assert answer.body() == content
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "/" not in re.sub(
            r"filename\*=utf-8''|/[a-z]+;", "", answer.headers["content-disposition"]
        )

    # Out: the small one in the mail, the large one as a link.
    ana.get_by_role("button", name="Cogerla").click()
    expect(ana.get_by_role("link", name="tú", exact=True)).to_be_visible()
    (tmp_path / "devolución nº 7.pdf").write_bytes(SHEET)
    (tmp_path / "vídeo.mp4").write_bytes(VIDEO)
    field = ana.locator("#draft-files input[type=file]")
    field.set_input_files([tmp_path / "devolución nº 7.pdf", tmp_path / "vídeo.mp4"])
    # Ana does not wait until six megabytes are up.
    ana.get_by_role("textbox", name="Texto de la respuesta").fill("Imprime la hoja, por favor.")
    ana.get_by_role("button", name="Enviar y resolver").first.click()
    expect(ana.locator("es-hold")).to_be_visible()
    product.let_pass(seconds=16)
    _, answer = post.wait_for("marta", 2)
    (enclosed,) = answer.iter_attachments()
    assert enclosed.get_filename() == "devolución nº 7.pdf"
    assert enclosed.get_content() == SHEET
    found = re.search(r"- vídeo\.mp4 \(.*\)\n\s+(\S+)", text_of(answer))
    assert found is not None, text_of(answer)
    stranger = visit.window()
    # The mail may be there a moment before its own house has noted that it is.
    eventually(lambda: stranger.request.get(found[1]).status == 200)
    download = stranger.request.get(found[1])
    assert (download.status, download.body() == VIDEO) == (200, True)
    assert download.headers["content-disposition"].startswith("attachment")
    assert len(post.sink.mails[-1].data) < 200_000
    *_, out = product.export("messages")
    assert [(f["name"], f["size"]) for f in out["files"]] == [
        ("devolución nº 7.pdf", len(SHEET)),
        ("vídeo.mp4", len(VIDEO)),
    ]
    eventually(lambda: product.export("promises")[0]["state"] == "kept")
