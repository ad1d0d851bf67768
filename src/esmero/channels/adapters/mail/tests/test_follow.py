"""Following a mailbox on a real IMAP server: nothing lost, nothing twice, whatever happens."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from esmero.channels import actions, queries
from esmero.channels.adapters.mail.follow import Pace
from esmero.channels.adapters.mail.tests.conftest import a_box, subjects, until
from esmero.channels.adapters.mail.tests.test_listener import database_stopped
from esmero.channels.enums import Source, Take
from esmero.channels.models import FolderCursor, RawMail
from esmero.kernel import clock
from tests.servers import a_mail

pytestmark = pytest.mark.django_db(transaction=True)


def test_mail_is_stored_exactly_as_it_came_within_a_second(box, follow):
    follow(box.pk)
    until(lambda: FolderCursor.objects.filter(mailbox_id=box.pk, folder="INBOX").exists())
    time.sleep(0.2)
    begun = time.monotonic()
    data = box.deliver("Mi pedido")
    until(lambda: subjects(box.pk) == ["Mi pedido"], within=3)
    assert time.monotonic() - begun < 1.0
    raw = RawMail.objects.get(mailbox_id=box.pk)
    assert bytes(raw.data) == data
    assert (raw.source, raw.folder, raw.uid, raw.is_history) == (
        Source.IMAP.value,
        "INBOX",
        1,
        False,
    )
    assert raw.flags == []
    assert raw.waited_since is None
    assert abs((raw.received_at - clock.now()).total_seconds()) < 10


def test_fetching_leaves_mail_unread_and_takes_what_others_have_read(box, follow):
    box.append("leído", flags="\\Seen")
    box.deliver("sin leer")
    follow(box.pk)
    until(lambda: sorted(subjects(box.pk)) == ["leído", "sin leer"])
    assert {tuple(r.flags) for r in RawMail.objects.filter(mailbox_id=box.pk)} == {(), ("seen",)}
    session = box.server.session(box.user)
    session.select("INBOX", readonly=True)
    assert session.search(None, "UNSEEN")[1] == [b"2"]
    session.logout()


def test_an_outage_of_days_loses_nothing_and_tells_since_when_each_waited(box, follow):
    follower = follow(box.pk)
    until(lambda: queries.mailbox(box.pk).last_reached_at)
    follower.stop()
    follower.join(10)
    now = clock.now()
    for days in (9, 5, 1):
        box.append(
            f"hace {days} días", at=now - timedelta(days=days), date=now - timedelta(days=days)
        )
    box.deliver("ahora mismo")
    follow(box.pk)
    until(lambda: len(subjects(box.pk)) == 4)
    assert subjects(box.pk) == ["hace 9 días", "hace 5 días", "hace 1 días", "ahora mismo"]
    waited = [r.waited_since for r in RawMail.objects.filter(mailbox_id=box.pk).order_by("id")]
    assert [w and round((now - w) / timedelta(days=1)) for w in waited] == [9, 5, 1, None]
    assert not RawMail.objects.filter(mailbox_id=box.pk, is_history=True).exists()


@pytest.mark.parametrize(
    ("take", "expected"),
    [
        (Take.FROM_NOW, ["nuevo"]),
        (Take.LAST_DAYS, ["nuevo", "de hace 5"]),
        (Take.ALL, ["nuevo", "de hace 400", "de hace 5"]),
    ],
)
def test_connecting_takes_what_was_chosen_as_history_and_the_new_first(
    dovecot_server, follow, take, expected
):
    box = a_box(dovecot_server, take=take, take_days=30)
    now = clock.now()
    for days in (400, 5):
        box.append(f"de hace {days}", at=now - timedelta(days=days))
    box.append("nuevo")  # came after connecting, before the first look
    follow(box.pk)
    until(lambda: sorted(subjects(box.pk)) == sorted(expected))
    time.sleep(0.3)
    assert subjects(box.pk) == expected
    assert subjects(box.pk, is_history=False) == ["nuevo"]
    # A second process does not do it again.
    FolderCursor.objects.filter(mailbox_id=box.pk).update(next_uid=1)
    follow(box.pk)
    until(lambda: FolderCursor.objects.get(mailbox_id=box.pk, folder="INBOX").next_uid == 4)
    assert subjects(box.pk) == expected


def test_mail_dated_in_the_future_does_not_make_the_old_stock_live(dovecot_server, follow):
    box = a_box(dovecot_server, take=Take.FROM_NOW)
    now = clock.now()
    box.server.deliver(box.user, a_mail("del año 2039"), at=now.replace(year=2039))
    with box.server.session(box.user) as session:
        session.select("INBOX")  # now it has the lowest number
    for number in range(3):
        box.append(f"viejo {number}", at=now - timedelta(days=number + 2))
    follow(box.pk)
    until(lambda: queries.mailbox(box.pk).last_reached_at)
    box.deliver("nuevo")
    until(lambda: subjects(box.pk) == ["nuevo"])


def test_replies_in_the_sent_folder_are_followed(box, follow):
    follow(box.pk)
    until(lambda: queries.mailbox(box.pk).sent_looked_at)
    box.append("Re: Mi pedido", "Sent", flags="\\Seen")
    until(lambda: subjects(box.pk, source=Source.SENT.value) == ["Re: Mi pedido"])
    assert RawMail.objects.get(mailbox_id=box.pk).folder == "Sent"


def test_a_look_that_is_asked_for_reaches_the_sent_folder_at_once(box, follow):
    patient = Pace(with_idle=600.0)
    follower = follow(box.pk, pace=patient)
    until(lambda: queries.mailbox(box.pk).sent_looked_at)
    before = queries.mailbox(box.pk).sent_looked_at
    box.append("Re: Mi pedido", "Sent", flags="\\Seen")
    box.deliver("Otra cosa")
    until(lambda: subjects(box.pk) == ["Otra cosa"])
    assert queries.mailbox(box.pk).sent_looked_at == before
    follower.look()
    until(lambda: subjects(box.pk) == ["Otra cosa", "Re: Mi pedido"])
    until(lambda: queries.mailbox(box.pk).sent_looked_at > before)


def test_junk_is_stored_as_suspect(box, follow):
    box.deliver("ya estaba", "Junk")
    follow(box.pk)
    until(lambda: queries.mailbox(box.pk).last_reached_at)
    box.deliver("gane dinero", "Junk")
    until(lambda: "gane dinero" in subjects(box.pk))
    assert [tuple(r.flags) for r in RawMail.objects.filter(mailbox_id=box.pk, folder="Junk")] == [
        ("junk",)
    ] * len(subjects(box.pk))


def test_folders_without_marks_are_found_by_their_spanish_names_and_no_idle_is_polled(
    own_dovecot, follow
):
    server = own_dovecot(has_idle=False, has_special_use=False)
    box = a_box(server)
    follow(box.pk)
    until(lambda: queries.mailbox(box.pk).sent_looked_at)
    box.deliver("hola")
    box.append("Re: hola", "Enviados")
    box.append("premio", '"Correo no deseado"'.strip('"'))
    until(lambda: sorted(subjects(box.pk)) == ["Re: hola", "hola", "premio"])
    found = {
        (r.folder, r.source, tuple(r.flags)) for r in RawMail.objects.filter(mailbox_id=box.pk)
    }
    assert found == {
        ("INBOX", "imap", ()),
        ("Enviados", "sent", ()),
        ("Correo no deseado", "imap", ("junk",)),
    }


def test_a_new_uidvalidity_fetches_nothing_old_as_new(own_dovecot, follow):
    server = own_dovecot()
    box = a_box(server, take=Take.ALL)
    now = clock.now()
    for number in range(5):
        box.append(f"viejo {number}", at=now - timedelta(days=20 + number))
    box.append("de hoy")
    follower = follow(box.pk)
    until(lambda: len(subjects(box.pk)) == 6)
    until(lambda: queries.mailbox(box.pk).last_reached_at)
    follower.stop()
    follower.join(10)
    server.change_uidvalidity(box.user)
    box.append("llegó entretanto")
    follow(box.pk)
    until(lambda: "llegó entretanto" in subjects(box.pk))
    time.sleep(1)
    live = subjects(box.pk, is_history=False)
    # What came today is stored again under its new number, to be recognised when it is filed.
    assert sorted(live) == ["de hoy", "de hoy", "llegó entretanto"]
    assert len(subjects(box.pk, is_history=True)) == 5


def test_a_lost_connection_and_a_server_restart_are_survived(own_dovecot, followers):
    box = a_box(own_dovecot())
    process = followers()
    process.step()
    box.deliver("antes")
    until(lambda: subjects(box.pk) == ["antes"])
    box.server.stop()
    until(lambda: queries.mailbox(box.pk).failing_since)
    assert queries.mailbox(box.pk).error.startswith(("refused: ", "connection_lost: "))
    box.deliver("durante")
    box.server.start()
    actions.change_mailbox(mailbox_id=box.pk, name="Otra", at=clock.now(), actor="test")
    process.step()  # it does not wait for the end of its pause
    until(lambda: subjects(box.pk) == ["antes", "durante"], within=3)
    until(lambda: queries.mailbox(box.pk).failing_since is None)


def test_a_wrong_password_is_told_in_the_servers_words_and_backs_off(dovecot_server, follow):
    box = a_box(dovecot_server, password="mala", real_password="buena")
    box.deliver("hola")
    follow(box.pk)
    until(lambda: queries.mailbox(box.pk).failing_since)
    found = queries.mailbox(box.pk)
    assert found.error == "wrong_password: [AUTHENTICATIONFAILED] Authentication failed."
    assert found.retry_at - clock.now() > timedelta(seconds=90)
    time.sleep(0.5)
    assert queries.mailbox(box.pk).failures == 1


def test_a_mended_password_is_used_within_seconds(dovecot_server, followers):
    box = a_box(dovecot_server, password="mala", real_password="contraseña ñ")
    box.deliver("hola")
    process = followers()
    process.step()
    until(lambda: queries.mailbox(box.pk).failing_since)
    actions.change_mailbox(
        mailbox_id=box.pk, password="contraseña ñ", at=clock.now(), actor="test"
    )
    process.step()
    until(lambda: subjects(box.pk) == ["hola"])
    until(lambda: queries.mailbox(box.pk).failing_since is None)


def test_two_processes_share_the_mailboxes_and_one_takes_over(dovecot_server, followers):
    first_box, second_box = a_box(dovecot_server), a_box(dovecot_server)
    one, two = followers(), followers()
    one.step()
    two.step()
    assert one.following() == [first_box.pk, second_box.pk]
    assert two.following() == []
    first_box.deliver("uno")
    until(lambda: subjects(first_box.pk) == ["uno"])
    one.close()
    two.step()
    assert two.following() == [first_box.pk, second_box.pk]
    first_box.deliver("dos")
    until(lambda: subjects(first_box.pk) == ["uno", "dos"])


def test_two_followers_of_one_mailbox_store_each_mail_once(box, follow):
    for _ in range(3):
        follow(box.pk)
    for number in range(40):
        box.deliver(f"n{number}")
    until(lambda: len(subjects(box.pk)) >= 40)
    time.sleep(1)
    assert sorted(subjects(box.pk)) == sorted(f"n{n}" for n in range(40))


def test_mailboxes_are_taken_up_and_dropped_while_it_runs(dovecot_server, followers):
    process = followers()
    process.step()
    assert process.following() == []
    box = a_box(dovecot_server)
    process.step()
    assert process.following() == [box.pk]
    actions.change_mailbox(mailbox_id=box.pk, is_active=False, at=clock.now(), actor="test")
    process.step()
    assert process.following() == []


def test_lost_locks_end_the_following_and_are_taken_again(box, followers):
    process = followers()
    process.step()
    process._locks._connection.close()
    process.step()
    assert process.following() == [box.pk]
    box.deliver("hola")
    until(lambda: subjects(box.pk) == ["hola"])


def test_poison_does_not_stop_the_next_mail(box, follow):
    poison = [
        b"",
        b"\x00\x00\r\n\r\n",
        b'From: "\r\n\r\n',
        b"A" * 100_000,
        b"\r\n".join(b"X-%d: y" % n for n in range(10_000)) + b"\r\n\r\n",
        "From: ñ <a@b>\r\nSubject: 8-bit \xff\r\n\r\nhola".encode("latin-1"),
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n" * 2000,
    ]
    for data in poison:
        box.server.deliver(box.user, data)
    box.deliver("el siguiente")
    follow(box.pk)
    until(lambda: "el siguiente" in subjects(box.pk))
    assert len(subjects(box.pk)) == len(poison) + 1


def test_a_large_mail_is_kept_on_disk_and_an_oversized_one_is_cut_with_its_mark(
    box, follow, monkeypatch
):
    monkeypatch.setattr("esmero.channels.adapters.mail.fetching.LARGEST", 3_000_000)
    monkeypatch.setattr("esmero.channels.adapters.mail.fetching._KEPT_OF_LARGE", 1_000_000)
    large = a_mail("grande", body="x" * 70 + "\r\n") + b"y" * 2_000_000
    oversized = a_mail("enorme") + b"z" * 4_000_000
    for data in (large, oversized):
        box.server.deliver(box.user, data)
    box.deliver("pequeño")
    follow(box.pk)
    until(lambda: RawMail.objects.filter(mailbox_id=box.pk).count() == 3)
    first, second, third = RawMail.objects.filter(mailbox_id=box.pk).order_by("id")
    # Maildir keeps bare line ends where the mail had them; IMAP gives CRLF.
    assert queries.raw_bytes(first) == large
    assert first.flags == []
    assert (second.flags, second.size) == (["truncated"], 1_000_000)
    assert third.flags == []


def test_fetching_waits_for_the_database_and_goes_on_by_itself(box, follow):
    follow(box.pk)
    box.deliver("antes")
    until(lambda: subjects(box.pk) == ["antes"])
    with database_stopped():
        box.deliver("durante")
        time.sleep(1.0)
    until(lambda: subjects(box.pk) == ["antes", "durante"])


def test_a_full_disk_pauses_fetching_and_loses_nothing(box, follow, monkeypatch):
    real, refusals = actions.accept_mail, []

    def full_at_first(**facts):
        if len(refusals) < 3:
            refusals.append(1)
            raise OSError(28, "No space left on device")
        return real(**facts)

    monkeypatch.setattr(
        "esmero.channels.adapters.mail.fetching.actions.accept_mail", full_at_first
    )
    for number in range(3):
        box.deliver(f"n{number}")
    follow(box.pk)
    until(lambda: subjects(box.pk) == ["n0", "n1", "n2"])
    assert len(refusals) == 3


def test_a_long_history_does_not_hold_up_new_mail(dovecot_server, follow, monkeypatch):
    monkeypatch.setattr("esmero.channels.adapters.mail.fetching.LOOK_AT_ONCE", 5)
    box = a_box(dovecot_server, take=Take.ALL)
    now = clock.now()
    for number in range(300):
        box.server.deliver(box.user, a_mail(f"viejo {number}"), at=now - timedelta(days=9))
    follow(box.pk)
    until(lambda: len(subjects(box.pk)) >= 10)
    box.deliver("nuevo")
    until(lambda: len(subjects(box.pk)) == 301, within=30)
    found = subjects(box.pk)
    assert found.index("nuevo") < 300
    assert sorted(found)[1:] == sorted(f"viejo {n}" for n in range(300))


def test_a_restored_shop_fetches_what_came_since_its_backup_and_nothing_twice(box, follow):
    for number in range(3):
        box.deliver(f"antes {number}")
    follower = follow(box.pk)
    until(lambda: len(subjects(box.pk)) == 3)
    follower.stop()
    follower.join(10)
    kept = list(FolderCursor.objects.filter(mailbox_id=box.pk).values())
    follower = follow(box.pk)
    for number in range(3):
        box.deliver(f"después {number}")
    until(lambda: len(subjects(box.pk)) == 6)
    follower.stop()
    follower.join(10)
    # What a restore does: rows and cursors are those of the backup; the server went on.
    newest = RawMail.objects.order_by("-id").values_list("pk", flat=True)[:3]
    RawMail.objects.filter(pk__in=list(newest)).delete()
    for row in kept:
        FolderCursor.objects.filter(pk=row["id"]).update(next_uid=row["next_uid"])
    assert len(subjects(box.pk)) == 3
    follow(box.pk)
    until(lambda: len(subjects(box.pk)) == 6)
    box.deliver("el último")
    until(lambda: len(subjects(box.pk)) == 7)
    expected = [f"antes {n}" for n in range(3)] + [f"después {n}" for n in range(3)]
    assert subjects(box.pk) == [*expected, "el último"]
