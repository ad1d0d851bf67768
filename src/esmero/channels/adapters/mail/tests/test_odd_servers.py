"""Following servers that err: one bad mail or answer never stops the mailbox, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from esmero.channels import actions, queries
from esmero.channels.adapters.mail.tests.conftest import QUICK, subjects, until
from esmero.channels.adapters.mail.tests.odd_imap import Mail, OddImap
from esmero.channels.enums import Security
from esmero.channels.models import RawMail
from esmero.channels.rules import repeating
from esmero.kernel import clock
from tests.servers import a_mail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "esmero.channels.actions.mailboxes.mailbox_pause",
        lambda failures, is_password: repeating.MAILBOX_PAUSES[0] * 0.01,
    )


def connect(server: OddImap, **choices: Any) -> int:
    return actions.connect_mailbox(
        address="soporte@tienda.example",
        imap_host=server.host,
        imap_port=server.port,
        imap_security=Security.NONE,
        password="x",
        allows_private=True,
        at=clock.now(),
        **choices,
    )


def mails(*names: str, begin: int = 1) -> list[Mail]:
    return [Mail(uid, a_mail(name)) for uid, name in enumerate(names, begin)]


def test_a_mail_whose_bytes_are_withheld_is_shown_and_the_next_ones_come(follow):
    with OddImap(mails("uno", "dos", "tres")) as server:
        server.mails[1].body = None
        pk = connect(server)
        follow(pk)
        until(lambda: RawMail.objects.filter(mailbox_id=pk).count() == 3, within=20)
        assert subjects(pk) == ["uno", "", "tres"]
        bad = RawMail.objects.get(mailbox_id=pk, uid=2)
        assert bad.flags == ["unfetchable"]
        assert b"mail 2 of folder 'INBOX' could not be fetched" in bytes(bad.data)


def test_a_mail_that_breaks_the_session_is_fetched_in_part(follow):
    with OddImap(mails("uno", "dos", "tres")) as server:
        server.breaks_on = {2}
        pk = connect(server)
        follow(pk)
        until(lambda: len(subjects(pk)) == 3, within=20)
        assert subjects(pk) == ["uno", "dos", "tres"]
        until(lambda: queries.mailbox(pk).failing_since is None)


def test_a_literal_of_gigabytes_is_not_read(follow):
    with OddImap(mails("uno", "dos", "tres")) as server:
        server.lies_on = {2}
        pk = connect(server)
        follow(pk)
        until(lambda: sorted(subjects(pk)) == ["dos", "tres", "uno"], within=20)


def test_a_server_without_uidnext_or_with_a_lying_one_is_followed(follow):
    with OddImap(mails("uno")) as server:
        server.uidnext = lambda s: None
        pk = connect(server)
        follow(pk)
        until(lambda: subjects(pk) == ["uno"])
        server.mails += mails("dos", begin=2)
        until(lambda: subjects(pk) == ["uno", "dos"])
        server.uidnext = lambda s: 1
        server.mails += mails("tres", begin=5)
        until(lambda: subjects(pk) == ["uno", "dos", "tres"])
        before = server.fetches("UID FETCH")
        looks = server.fetches("EXAMINE")
        until(lambda: server.fetches("EXAMINE") > looks + 2)
        # It is not read again from the beginning at every look.
        assert server.fetches("UID FETCH") == before


def test_a_server_set_back_to_a_backup_loses_no_mail_that_takes_an_old_number(follow):
    with OddImap(mails("uno", "dos", "tres")) as server:
        pk = connect(server)
        follow(pk)
        until(lambda: subjects(pk) == ["uno", "dos", "tres"])
        # Restored without the last two; number 2 is given again, under the same UIDVALIDITY.
        server.mails[1:] = [Mail(2, a_mail("otro con el número dos"))]
        until(lambda: "otro con el número dos" in subjects(pk))
        assert subjects(pk).count("uno") == 1


def test_mail_that_vanishes_between_two_commands_is_nobodys_fault(follow):
    with OddImap(mails("uno", "dos", "tres")) as server:
        server.expunged_on_look = {2}
        pk = connect(server)
        follow(pk)
        until(lambda: subjects(pk) == ["uno", "tres"])
        until(lambda: queries.mailbox(pk).last_reached_at)
        assert queries.mailbox(pk).failing_since is None


@pytest.mark.parametrize("moment", ["before_idle", "with_idle"])
def test_what_is_said_around_the_plus_of_idle_is_heard_at_once(follow, moment):
    slow = QUICK.__class__(with_idle=30.0, without_idle=30.0)
    with OddImap() as server:
        pk = connect(server)
        follower = follow(pk, pace=slow)
        until(lambda: "IDLE" in server.commands)
        server.mails += mails("nuevo")
        setattr(server, moment, b"* 1 EXISTS\r\n")
        follower._bell.ring()  # another round of IDLE
        until(lambda: server.commands.count("IDLE") >= 2)
        server.mails += mails("otro", begin=2)
        until(lambda: subjects(pk) == ["nuevo", "otro"], within=5)


def test_folders_that_cannot_be_listed_do_not_stop_the_inbox(follow):
    with OddImap(mails("uno"), refuses_list=True) as server:
        pk = connect(server)
        follow(pk)
        until(lambda: subjects(pk) == ["uno"])


def test_numbers_may_be_sparse_and_large(follow):
    with OddImap([Mail(u, a_mail(str(u))) for u in (3, 4_000, 70_000, 4_294_967_290)]) as server:
        pk = connect(server)
        follow(pk)
        until(lambda: subjects(pk) == ["3", "4000", "70000", "4294967290"], within=20)
        assert server.fetches("UID SEARCH") < 100
