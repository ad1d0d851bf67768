"""Thirty days later: of suspected mail only a row remains that says why."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from esmero.channels import actions
from esmero.channels.actions import Form, FormFile
from esmero.channels.models import Delivery, RawMail, WebForm
from esmero.channels.tests.cast import file_all, mail, take
from esmero.conversations.models import Attachment, Conversation, Message
from esmero.kernel import files
from esmero.kernel.models import Blob
from tests.cast import NOON, House

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=30, seconds=1)


def on_disk() -> list[str]:
    root = Path(settings.ENV.data) / "files"
    return sorted(p.name for p in root.rglob("*") if p.is_file())


def suspect(conversation_id: int, house: House) -> None:
    actions.mark_as_spam(conversation_id=conversation_id, at=NOON, by=house.ana)


def test_a_large_mail_leaves_neither_bytes_nor_file(
    house: House, django_capture_on_commit_callbacks
) -> None:
    before = on_disk()
    text = "Gana dinero. " * 100_000
    take(mail(text))
    take(mail(text), to="ventas@barro.example")  # the same mail, known as its twin
    kept = take(mail("¿Llega hoy?", message_id="<otra@correo.example>", sender="eva@x.example"))
    while actions.file_one(at=NOON):
        pass
    spam = RawMail.objects.exclude(pk=kept).filter(state="filed").get().message.conversation_id
    suspect(spam, house)
    assert len(on_disk()) == len(before) + 2
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.empty_one_suspect(at=LATER)
    assert not actions.empty_one_suspect(at=LATER)
    assert on_disk() == before
    assert Blob.objects.count() == 0
    emptied = RawMail.objects.filter(reason="suspect_emptied")
    assert [(r.state, bytes(r.data), r.blob_id) for r in emptied] == [("ignored", b"", None)] * 2
    assert Conversation.objects.get().pk != spam
    assert RawMail.objects.get(pk=kept).state == "filed"


def test_a_form_and_what_was_answered_to_it_leave_nothing_either(
    house: House, django_capture_on_commit_callbacks
) -> None:
    before = on_disk()
    blob = files.put(b"x" * 700_000, at=NOON)
    accepted = actions.accept_form(
        form=Form(
            once="formulario1", name="Spammer", email="spam@x.example", subject="Oferta",
            text="Compra ya", department_id=house.care, ip="198.51.100.7", language="es",
            files=(FormFile("oferta.pdf", "application/pdf", blob.size, blob.pk),),
        ),
        at=NOON,
    )  # fmt: skip
    assert accepted.conversation_id is not None
    suspect(accepted.conversation_id, house)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.empty_one_suspect(at=LATER)
    assert (Blob.objects.count(), Attachment.objects.count(), Message.objects.count()) == (0, 0, 0)
    assert on_disk() == before
    form = WebForm.objects.get()
    assert (form.data, form.email, form.state, form.reason) == (
        {}, "", "ignored", "suspect_emptied",
    )  # fmt: skip
    assert Delivery.objects.count() == 0


def test_when_the_emptying_does_not_commit_the_file_is_still_there(house: House) -> None:
    take(mail("Gana dinero. " * 100_000))
    file_all()
    suspect(Conversation.objects.get().pk, house)
    there = on_disk()
    assert actions.empty_one_suspect(at=LATER)  # the test's transaction never commits
    assert on_disk() == there


def test_what_is_younger_or_not_suspected_stays(house: House) -> None:
    take(mail())
    take(mail("Otra", message_id="<dos@correo.example>", sender="eva@x.example"))
    file_all()
    suspect(Conversation.objects.order_by("id")[0].pk, house)
    assert not actions.empty_one_suspect(at=NOON + timedelta(days=30))
    assert Conversation.objects.count() == 2
