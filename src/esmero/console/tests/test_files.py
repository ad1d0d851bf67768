"""Other people's files and HTML: saved, not run; fetched only through the guarded door."""

from __future__ import annotations

import contextlib
import http.server
import threading
import time

import pytest

from esmero.channels import actions as channels
from esmero.channels.enums import Source
from esmero.channels.models import RawMail
from esmero.console.files import fetching
from esmero.console.files.views import FILE_POLICY, FRAME_POLICY, disposition
from esmero.conversations import actions as conversations
from esmero.conversations.models import Attachment, Message
from esmero.kernel import files
from esmero.kernel.clock import now
from esmero.kernel.models import AuditEntry
from esmero.kernel.pictures import kind_of_image


def png(width: int, height: int) -> bytes:
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + size + b"\x08\x02\x00\x00\x00" + b"0" * 20


def jpeg(width: int, height: int, before: bytes = b"\xff\xe0\x00\x04ab") -> bytes:
    size = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return b"\xff\xd8" + before + b"\xff\xff\xc2\x00\x11\x08" + size + b"\x03" + b"0" * 20


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + b"..."


def webp(kind: bytes, body: bytes) -> bytes:
    return b"RIFF\x00\x00\x00\x00WEBP" + kind + b"\x00" * 4 + body


def vp8x(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp(b"VP8X", b"\x00" * 4 + sides)


def vp8l(width: int, height: int) -> bytes:
    return webp(b"VP8L", b"/" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little"))


def vp8(width: int, height: int) -> bytes:
    sides = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return webp(b"VP8 ", b"\x00\x00\x00\x9d\x01*" + sides)


PNG = png(3, 2)


def attached(team, data, *, name="a.png", content_type="image/png", **more):
    blob = files.put(data, at=now())
    fact = conversations.FileFact(name, content_type, len(data), blob_id=blob.pk, **more)
    found = team.write(files=[fact], html=(more.get("content_id") and '<img src="cid:x">') or "")
    return found, Attachment.objects.get(message_id=found.message_id)


def test_file_is_saved_as_bytes_whatever_it_calls_itself(team):
    _found, file = attached(
        team,
        b"<script>alert(1)</script>",
        name='x".html\r\nSet-Cookie: a=b',
        content_type="text/html",
    )
    answer = team.client(team.ana).get(f"/c/archivos/{file.token}/")
    assert b"".join(answer) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "\r" not in answer["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == FILE_POLICY


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (jpeg(640, 480), "image/jpeg"),
        (gif(640, 480), "image/gif"),
        (vp8x(640, 480), "image/webp"),
        (vp8l(640, 480), "image/webp"),
        (vp8(640, 480), "image/webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_image_is_shown_by_what_its_bytes_are(team, data, kind):
    assert kind_of_image(data) == kind
    _found, file = attached(team, data)
    answer = team.client(team.ana).get(f"/c/archivos/{file.token}/ver/")
    assert answer.status_code == (200 if kind else 404)
    if kind:
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (kind, "nosniff")


@pytest.mark.parametrize("make", [png, jpeg, gif, vp8x, vp8l, vp8])
def test_image_that_would_draw_too_large_is_not_shown(make):
    most = 65_535 if make in (jpeg, gif) else 16_383
    assert kind_of_image(make(8_000, 6_000)) is not None
    assert kind_of_image(make(most, most)) is None


@pytest.mark.parametrize(
    "data",
    [
        png(0, 5), png(2**31, 1), b"\x89PNG\r\n\x1a\n", jpeg(3, 2)[:8], b"GIF89a",
        jpeg(3, 2, b"\xff\xda\x00\x02"), jpeg(3, 2, b"\xff\xe0\xff\xff"), vp8x(3, 2)[:24],
        b"\xff\xd8\xff" + b"\xff\xe0\x00\x00" * 100_000,
    ],
)  # fmt: skip
def test_image_of_no_size_is_not_shown(data):
    assert kind_of_image(data) is None


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("factura.pdf", "factura.pdf"),
        ("niño ñ.pdf", "ni_o _.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a"b;c.txt', "a_b_c.txt"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_disposition_names_a_file_safely(name, plain):
    assert disposition(name).startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")


def test_frame_shows_sanitised_html_under_its_own_policy(team):
    html = (
        '<p onclick="x()">Hola</p><script>alert(1)</script><img src="https://t.example/p.png?a=1&b=2">'
        '<form action="https://evil.example"><input></form><img src="cid:x">'
    )
    blob = files.put(PNG, at=now())
    fact = conversations.FileFact(
        "l.png", "image/png", 48, content_id="x", is_inline=True, blob_id=blob.pk
    )
    found = team.write(html=html, files=[fact])
    client = team.client(team.ana)
    answer = client.get(f"/c/mensajes/{found.message_id}/html/")
    text = answer.content.decode()
    token = Attachment.objects.get().token
    assert answer["Content-Security-Policy"] == FRAME_POLICY
    assert "allow-scripts" not in FRAME_POLICY
    assert "<p>Hola</p>" in text
    assert f'src="/c/archivos/{token}/ver/"' in text
    for bad in ("script", "onclick", "<form", "t.example"):
        assert bad not in text
    assert 'data-blocked="1"' in text
    asked = client.get(f"/c/mensajes/{found.message_id}/html/?imagenes=1").content.decode()
    assert "https://t.example" not in asked
    assert (
        f"/c/mensajes/{found.message_id}/imagen/?u=https%3A%2F%2Ft.example%2Fp.png%3Fa%3D1%26b%3D2&amp;s="
        in asked
    )
    # The thread itself holds no HTML of the mail, and does not list the inline image as a file.
    page = client.get(f"/c/conversaciones/{found.conversation_id}/").content.decode()
    assert "t.example" not in page
    assert "l.png" not in page


def test_remote_image_only_with_the_frames_signature(team, monkeypatch):
    found = team.write(html='<img src="https://t.example/p.png">')
    client = team.client(team.ana)
    asked = client.get(f"/c/mensajes/{found.message_id}/html/?imagenes=1").content.decode()
    address = asked.split('src="')[1].split('"')[0].replace("&amp;", "&")
    monkeypatch.setattr(
        fetching, "image_at", lambda url: PNG if url == "https://t.example/p.png" else None
    )
    good = client.get(address)
    assert (good.status_code, good["Content-Type"]) == (200, "image/png")
    assert client.get(address.replace("t.example", "u.example")).status_code == 404
    other = team.write(html="<img>", sender="b@example.com")
    assert (
        client.get(address.replace(str(found.message_id), str(other.message_id), 1)).status_code
        == 404
    )


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/x.png", "http://[::1]/x.png", "http://169.254.169.254/latest/",
     "http://10.0.0.1/", "file:///etc/passwd", "ftp://example.com/x", "http://user:p@example.com/",
     "https://example.com:8443/x.png", "http://", "http://localhost/x"],
)  # fmt: skip
def test_fetching_refuses_what_lies_inside(url):
    assert fetching.image_at(url) is None


class _Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/drip":  # a header a moment, for ever
            with contextlib.suppress(OSError):
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                for number in range(200):
                    self.wfile.write(b"X-%d: y\r\n" % number)
                    time.sleep(0.1)
            return
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        data = PNG if self.path == "/small" else b"0" * (fetching.BYTES_MOST + 1)
        with contextlib.suppress(OSError):  # the reader had enough
            self.wfile.write(data)

    def log_message(self, *args):
        pass


@pytest.fixture
def site(monkeypatch):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("ESMERO_ALLOW_PRIVATE_HOSTS", "1")
    monkeypatch.setitem(fetching._PORTS, "http", server.server_port)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_fetching_ends_in_time_whatever_drips_in(site, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS_MOST", 0.5)
    begun = time.monotonic()
    assert fetching.image_at(f"{site}/drip") is None
    assert time.monotonic() - begun < 3


def test_fetching_has_limits_and_judges_redirects(site):
    assert fetching.image_at(f"{site}/small") == PNG
    assert fetching.image_at(f"{site}/large") is None
    assert fetching.image_at(f"{site}/away") is None


def test_original_is_for_owner_and_supervisor_and_noted_down(team):
    raw = b"From: Marta <marta@example.com>\r\nTo: a@example.com\r\nSubject: Hola\r\n\r\nTexto\r\n"
    channels.accept_mail(source=Source.FILE, data=raw, received_at=now(), at=now())
    found = team.write()
    Message.objects.filter(pk=found.message_id).update(
        source_ref=f"raw:{RawMail.objects.get().pk}"
    )
    address = f"/c/mensajes/{found.message_id}/original/"
    assert team.client(team.ana).get(address).status_code == 403
    team.give(found.conversation_id, team.ana)
    before = AuditEntry.objects.filter(action="raw.saved").count()
    for agent in (team.ana, team.carla):
        answer = team.client(agent).get(address)
        assert (answer.status_code, answer.content) == (200, raw)
        assert answer["Content-Security-Policy"] == FILE_POLICY
    assert AuditEntry.objects.filter(action="raw.saved").count() == before + 2
