"""Mail in and out: quarantine, what was set aside, health, the outbox and its late batch."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from esmero.channels import actions as channels
from esmero.channels import queries
from esmero.channels.enums import DeliveryState, RawState, Source
from esmero.channels.models import Delivery, RawMail
from esmero.console.channels import tabs
from esmero.console.framed import POLICY
from esmero.console.settings.tests.desk import Desk, text
from esmero.conversations import actions as conversations
from esmero.kernel.clock import now

RAW = b"From: x\r\nSubject: hola\r\n\r\n<script>alert(1)</script>\r\n"
MAIL = (
    b"From: Barro <hola@barro.example>\r\nTo: marta@example.com\r\n"
    b"Subject: =?utf-8?q?Hemos_recibido_tu_mensaje_=28n=2E=C2=BA_7=29?=\r\n"
    b"Message-ID: <c7.abc@barro.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nTe respondemos <hoy>.\r\n"
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<html><body><p id=one>Te respondemos</p><script>alert(1)</script></body></html>\r\n--b--\r\n"
)


def raw(state: RawState, reason: str = "unreadable", *, minutes: int = 5) -> RawMail:
    at = now() - timedelta(minutes=minutes)
    pk = channels.accept_mail(
        source=Source.SMTP, data=RAW, received_at=at, at=at, envelope_from="marta@example.com"
    )
    RawMail.objects.filter(pk=pk).update(
        state=state.value, reason=reason, detail="ValueError: <b>roto</b>", filed_at=at
    )
    return RawMail.objects.get(pk=pk)


def conversation(desk: Desk, department: int | None = None) -> int:
    at = now() - timedelta(hours=1)
    got = conversations.receive(
        contact=conversations.Contact(
            channel="mail", sender_email="marta@example.com", sender_name="Marta Ruiz",
            subject="Vajilla Turia", text="¿Aguanta?", received_at=at,
            department_id=department or desk.house.care,
        ),
        at=at,
    )  # fmt: skip
    return got.conversation_id


def delivery(
    desk: Desk, state: DeliveryState = DeliveryState.SENT, *, number: int | None = None, **facts
) -> Delivery:
    pk = channels.enqueue_automatic(
        template="acknowledgement",
        conversation_id=number or conversation(desk),
        to=("Marta", f"marta{Delivery.objects.count()}@example.com"),
        language="es",
        at=now(),
        is_batched=state is DeliveryState.BATCH,
    )
    Delivery.objects.filter(pk=pk).update(state=state.value, **facts)
    return Delivery.objects.get(pk=pk)


# -- in -----------------------------------------------------------------------


def test_quarantine_shows_reason_and_detail_escaped(desk):
    one = raw(RawState.QUARANTINED)
    raw(RawState.FILED)
    page = text(desk.carla.get("/c/cuarentena/"))
    assert "No se puede leer" in page
    assert "&lt;b&gt;roto&lt;/b&gt;" in page
    assert page.count("/reintentar/") == 1
    assert f"/c/cuarentena/{one.pk}/reintentar/" in page


def test_raw_mail_is_downloaded_as_it_came_and_never_opened(desk):
    one = raw(RawState.QUARANTINED)
    answer = desk.carla.get(f"/c/cuarentena/{one.pk}/correo.eml")
    assert answer.content == RAW
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert desk.ana.get(f"/c/cuarentena/{one.pk}/correo.eml").status_code == 403
    assert desk.carla.get("/c/cuarentena/999999/correo.eml").status_code == 404


def test_quarantined_mail_is_tried_again_or_set_aside(desk):
    again, aside = raw(RawState.QUARANTINED), raw(RawState.QUARANTINED)
    desk.carla.post(f"/c/cuarentena/{again.pk}/reintentar/")
    desk.carla.post(f"/c/cuarentena/{aside.pk}/apartar/")
    for one in (again, aside):
        one.refresh_from_db()
    assert again.state == RawState.STORED.value
    assert (aside.state, aside.reason) == (RawState.IGNORED.value, "dismissed")
    page = text(desk.carla.get("/c/apartados/"))
    assert "Apartado a mano" in page


def test_mail_that_left_quarantine_meanwhile_is_left_alone(desk):
    one = raw(RawState.FILED)
    for act in ("apartar", "reintentar"):
        assert desk.carla.post(f"/c/cuarentena/{one.pk}/{act}/").status_code == 404
    one.refresh_from_db()
    assert one.state == RawState.FILED.value


def test_set_aside_mails_come_in_parts_by_id(desk, monkeypatch):
    monkeypatch.setattr(tabs, "PAGE", 2)
    ones = [raw(RawState.IGNORED, "duplicate") for _ in range(5)]
    first = text(desk.carla.get("/c/apartados/"))
    assert f"antes={ones[3].pk}" in first
    assert first.count("El mismo correo ya estaba archivado") == 2
    last = text(desk.carla.get(f"/c/apartados/?antes={ones[1].pk}"))
    assert last.count("El mismo correo ya estaba archivado") == 1
    assert "antes=" not in last
    assert desk.carla.get("/c/apartados/?antes=%00x").status_code == 200


# -- out ----------------------------------------------------------------------


def test_outbox_shows_each_state_and_filters(desk):
    sent = delivery(desk)
    failed = delivery(desk, DeliveryState.FAILED, error="550 no such user")
    page = text(desk.carla.get("/c/salida/"))
    assert f'href="/c/salida/{sent.pk}/"' in page
    assert f'href="/c/salida/{failed.pk}/"' in page
    only = text(desk.carla.get("/c/salida/?estado=fallidos"))
    assert f'href="/c/salida/{sent.pk}/"' not in only
    assert f'href="/c/salida/{failed.pk}/"' in only
    assert desk.carla.get("/c/salida/?estado=%27").status_code == 200


def test_outbox_of_an_agent_holds_what_she_may_see(desk):
    mine = delivery(desk, rendered=MAIL)
    theirs = delivery(desk, number=conversation(desk, desk.house.sales), rendered=MAIL)
    page = text(desk.ana.get("/c/salida/"))
    assert f'href="/c/salida/{mine.pk}/"' in page
    assert f'href="/c/salida/{theirs.pk}/"' not in page
    for end in ("", "html/", "correo.eml"):
        assert desk.ana.get(f"/c/salida/{theirs.pk}/{end}").status_code == 404
        assert desk.ana.get(f"/c/salida/{mine.pk}/{end}").status_code == 200
    for act in ("repetir", "llego"):
        assert desk.ana.post(f"/c/salida/{theirs.pk}/{act}/").status_code == 404


def test_mail_is_shown_as_rendered_with_headers(desk):
    one = delivery(desk, rendered=MAIL)
    page = text(desk.carla.get(f"/c/salida/{one.pk}/"))
    assert "Hemos recibido tu mensaje (n.º 7)" in page
    assert "Te respondemos &lt;hoy&gt;." in page
    assert "&lt;c7.abc@barro.example&gt;" in page
    assert f'sandbox="" loading="lazy" title="El correo" src="/c/salida/{one.pk}/html/"' in page
    assert "<script>alert" not in page


def test_html_of_a_mail_can_do_nothing(desk):
    one = delivery(desk, rendered=MAIL)
    answer = desk.carla.get(f"/c/salida/{one.pk}/html/")
    assert answer["Content-Security-Policy"] == POLICY
    assert "sandbox" in POLICY
    assert "allow-scripts" not in POLICY
    assert "<p id=one>Te respondemos</p>" in text(answer)
    assert desk.carla.get(f"/c/salida/{one.pk}/correo.eml").content == MAIL


def test_mail_that_has_not_left_has_no_words_yet(desk):
    one = delivery(desk, DeliveryState.QUEUED)
    assert "El texto se escribe al salir." in text(desk.carla.get(f"/c/salida/{one.pk}/"))
    assert desk.carla.get(f"/c/salida/{one.pk}/html/").status_code == 404
    assert desk.carla.get(f"/c/salida/{one.pk}/correo.eml").status_code == 404


@pytest.mark.parametrize(
    "state", [DeliveryState.UNCERTAIN, DeliveryState.FAILED, DeliveryState.BOUNCED]
)
def test_failed_mail_is_sent_again_by_hand(desk, state):
    one = delivery(desk, state, rendered=MAIL)
    assert "/repetir/" in text(desk.carla.get(f"/c/salida/{one.pk}/"))
    desk.carla.post(f"/c/salida/{one.pk}/repetir/")
    one.refresh_from_db()
    assert one.state == DeliveryState.QUEUED.value


def test_sent_mail_is_not_sent_again(desk):
    one = delivery(desk, rendered=MAIL)
    assert "/repetir/" not in text(desk.carla.get(f"/c/salida/{one.pk}/"))
    answer = desk.carla.post(
        f"/c/salida/{one.pk}/repetir/", {"next": f"/c/salida/{one.pk}/"}, follow=True
    )
    assert 'data-kind="bad"' in text(answer)
    one.refresh_from_db()
    assert one.state == DeliveryState.SENT.value


def test_uncertain_mail_that_did_arrive_is_sent(desk):
    one = delivery(desk, DeliveryState.UNCERTAIN, rendered=MAIL)
    desk.carla.post(f"/c/salida/{one.pk}/llego/")
    one.refresh_from_db()
    assert one.state == DeliveryState.SENT.value


def test_late_notices_leave_or_not_as_the_supervisor_says(desk):
    goes, stays, waits = (delivery(desk, DeliveryState.BATCH) for _ in range(3))
    page = text(desk.carla.get("/c/salida/tarde/"))
    assert page.count('type="checkbox" name="delivery"') == 3
    desk.carla.post("/c/salida/tarde/", {"delivery": [str(goes.pk)], "do": "release"})
    desk.carla.post("/c/salida/tarde/", {"delivery": [str(stays.pk), "x"], "do": "drop"})
    states = {one.pk: one.state for one in Delivery.objects.all()}
    assert states == {goes.pk: "queued", stays.pk: "cancelled", waits.pk: "batch"}
    assert Delivery.objects.get(pk=goes.pk).released_by_id == desk.house.carla


def test_agents_release_nothing(desk):
    one = delivery(desk, DeliveryState.BATCH)
    wish = {"delivery": [str(one.pk)], "do": "release"}
    assert desk.ana.post("/c/salida/tarde/", wish).status_code == 403
    assert queries.late_batch().count() == 1


# -- health -------------------------------------------------------------------


def test_health_shows_heartbeat_silence_and_failures(desk):
    at = now()
    well = channels.connect_mailbox(address="bien@barro.example", imap_host="i.example", at=at)
    bad = channels.connect_mailbox(address="mal@barro.example", imap_host="i.example", at=at)
    channels.note_reached(mailbox_id=well, at=at, got_mail=True)
    channels.note_failing(mailbox_id=bad, error="timeout: timed out", at=at - timedelta(hours=1))
    page = text(desk.carla.get("/c/salud/"))
    assert page.count('class="chip" data-state="ok"') == 1
    assert page.count('class="chip" data-state="late"') == 1
    assert "timed out" in page
    assert "puede haber un cortafuegos" in page
    assert "/c/ajustes/buzones/" not in page  # a supervisor cannot change them
    assert f"/c/ajustes/buzones/{bad}/" in text(desk.dora.get("/c/salud/"))


def test_front_page_shows_what_fails_and_what_is_silent_for_longer_than_usual(desk):
    at = now()
    bad = channels.connect_mailbox(address="mal@barro.example", imap_host="i.example", at=at)
    quiet = channels.connect_mailbox(address="callado@barro.example", imap_host="i.x", at=at)
    well = channels.connect_mailbox(address="bien@barro.example", imap_host="i.x", at=at)
    channels.note_failing(mailbox_id=bad, error="timeout: timed out", at=at)
    for box, last in ((quiet, timedelta(hours=9)), (well, timedelta(minutes=50))):
        for number in range(30):  # a mail an hour
            moment = at - last - timedelta(hours=30 - number)
            channels.accept_mail(
                source=Source.IMAP, data=b"x", received_at=moment, at=moment, mailbox_id=box,
                uid=channels.MailUid("INBOX", 1, number + 1),
            )  # fmt: skip
        channels.note_reached(mailbox_id=box, at=at, got_mail=True)
    page = text(desk.carla.get("/c/"))
    assert "mal@barro.example" in page
    assert "callado@barro.example" in page
    assert "bien@barro.example" not in page


def test_lists_take_the_same_queries_for_more_mails(desk):
    client = desk.carla
    for address, more in (
        ("/c/salida/", lambda: delivery(desk, rendered=MAIL)),
        ("/c/cuarentena/", lambda: raw(RawState.QUARANTINED)),
        ("/c/apartados/", lambda: raw(RawState.IGNORED, "own")),
        ("/c/salida/tarde/", lambda: delivery(desk, DeliveryState.BATCH)),
    ):
        more()
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for _ in range(8):
            more()
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) == len(few), address
