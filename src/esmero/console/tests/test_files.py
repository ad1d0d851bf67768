"""Other people's files and HTML: saved, not run; fetched only through the guarded door."""

from __future__ import annotations

import contextlib
import http.server
import threading

import pytest

from esmero.channels import actions as channels
from esmero.channels.enums import Source
from esmero.channels.models import RawMail
from esmero.console.files import fetching
from esmero.console.files.kinds import kind_of_image
from esmero.console.files.views import FILE_POLICY, FRAME_POLICY, disposition
from esmero.conversations import actions as conversations
from esmero.conversations.models import Attachment, Message
from esmero.kernel import files
from esmero.kernel.clock import now
from esmero.kernel.models import AuditEntry

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


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
        (b"\xff\xd8\xff\xe0abc", "image/jpeg"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
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
