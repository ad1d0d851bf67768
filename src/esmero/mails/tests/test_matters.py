"""What mails say where several people are: the right link, no words of another, who helps."""

from __future__ import annotations

import email
from datetime import timedelta
from email import policy

import pytest

from esmero.channels import actions as channels
from esmero.conversations import actions, queries
from esmero.conversations.models import Conversation, Participant
from esmero.kernel import clock, dispatch
from esmero.kernel.models import ReactionFailure
from esmero.mails.tests.cast import AT, HOLA, MARTA, arrive, leave, mail, open_shop
from esmero.people import actions as people

pytestmark = pytest.mark.django_db
JULIAN = "julian@cliente.example"
LATER = AT + timedelta(minutes=20)


@pytest.fixture
def house():
    house = open_shop()
    arrive(mail("¿Y mi fuente?"))
    leave()
    return house


def texts(found: list[bytes]) -> dict[str, str]:
    """Return what each mail says, by whom it goes to."""
    read = [email.message_from_bytes(one, policy=policy.default) for one in found]
    return {
        str(m["To"]): str(m["Subject"]) + "\n" + m.get_body(("plain",)).get_content() for m in read
    }


def reply(house, conversation_id, to, cc=(), text="Mañana sale."):
    channels.send_reply(
        reply=actions.Reply(
            conversation_id=conversation_id, agent_id=house.ana, text=text,
            to=[("", one) for one in to], cc=[("", one) for one in cc], undo_seconds=0,
        ),
        at=LATER,
    )  # fmt: skip
    return texts(leave(at=LATER + timedelta(seconds=1)))


@pytest.fixture
def let(monkeypatch):
    """Let everybody react to what happened, at LATER."""
    monkeypatch.setattr(clock, "now", lambda: LATER)

    def react():
        while dispatch.dispatch_one(at=LATER):
            pass
        assert list(ReactionFailure.objects.values_list("error", flat=True)) == []

    return react


def test_a_mail_to_one_carries_their_own_link_and_a_mail_to_several_none(house):
    conversation = Conversation.objects.get()
    said = reply(house, conversation.pk, [MARTA])
    assert f"/consulta/{conversation.token}." in said[MARTA]
    said = reply(house, conversation.pk, [MARTA], cc=["otro@correo.example"])
    assert "/consulta/" not in said[MARTA]
    actions.add_participant(
        conversation_id=conversation.pk, email=JULIAN, at=LATER, by=house.ana, reads_all=True
    )
    (token,) = Participant.objects.exclude(token="").values_list("token", flat=True)
    said = reply(house, conversation.pk, [JULIAN])
    assert f"/consulta/{token}." in said[JULIAN]
    assert conversation.token not in said[JULIAN]


def test_customers_brought_together_are_not_quoted_to_each_other(house):
    first = Conversation.objects.get()
    arrive(
        mail("Lo mío es secreto.", sender=f"Julián <{JULIAN}>", subject="Otra",
             message_id="<j1@cliente.example>"),
        at=AT + timedelta(minutes=5),
    )  # fmt: skip
    leave(at=AT + timedelta(minutes=6))
    second = Conversation.objects.exclude(pk=first.pk).get()
    actions.merge_conversations(
        kept_id=first.pk, merged_ids=[second.pk], at=AT + timedelta(minutes=10), by=house.ana
    )
    said = reply(house, first.pk, [MARTA])
    assert "> ¿Y mi fuente?" in said[MARTA]
    assert "secreto" not in said[MARTA]
    said = reply(house, first.pk, [JULIAN])
    assert "> Lo mío es secreto." in said[JULIAN]
    assert f"/consulta/{second.token}." in said[JULIAN]
    said = reply(house, first.pk, [MARTA], cc=[JULIAN])
    assert "secreto" not in said[MARTA]
    assert "fuente?" not in said[MARTA]


def test_customer_is_told_who_helps_and_not_what_was_asked(house, let):
    conversation = Conversation.objects.get()
    actions.assign_conversation(
        conversation_id=conversation.pk, agent_id=house.ana, at=LATER, by=house.ana
    )
    actions.consult(
        conversation_id=conversation.pk, question="Bruno, ¿le cobramos?", agent_id=house.bruno,
        refers=True, at=LATER, by=house.ana,
    )  # fmt: skip
    let()
    (said,) = texts(leave(at=LATER)).values()
    assert "Bruno nos ayuda con tu consulta" in said
    assert "Ana sigue llevando tu consulta" in said
    assert "cobramos" not in said
    assert f"/consulta/{conversation.token}." in said
    assert Conversation.objects.get().owner_agent_id == house.ana


def test_who_is_only_asked_is_told_to_nobody(house, let):
    conversation = Conversation.objects.get()
    actions.consult(
        conversation_id=conversation.pk, question="¿?", agent_id=house.bruno, at=LATER,
        by=house.ana,
    )  # fmt: skip
    let()
    assert leave(at=LATER) == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_added_customer_gets_their_link_in_their_language(house, let, language):
    conversation = Conversation.objects.get()
    people.know_sender(email=JULIAN, name="Julián", language=language, at=AT)
    actions.add_participant(
        conversation_id=conversation.pk, email=JULIAN, at=LATER, by=house.ana, tells=True
    )
    let()
    (said,) = texts(leave(at=LATER)).values()
    (token,) = Participant.objects.exclude(token="").values_list("token", flat=True)
    assert f"/consulta/{token}." in said
    assert {"es": "Participas en la consulta", "en": "You take part in enquiry"}[language] in said
    assert "¿Y mi fuente?" not in said
    assert queries.seats_by_tokens([token])[0].conversation == conversation


def test_a_mail_to_somebody_outside_says_nothing_of_the_customer(house):
    conversation = Conversation.objects.get()
    channels.begin_side(
        conversation_id=conversation.pk, subject="Envío 4711", at=LATER,
        mail=channels.SideMail(
            agent_id=house.ana, text="¿Dónde está?", to=[("Ruta", "ruta@transporte.example")],
            undo_seconds=0,
        ),
    )  # fmt: skip
    (said,) = texts(leave(at=LATER + timedelta(seconds=1))).values()
    assert "¿Dónde está?" in said
    for secret in ("/consulta/", "fuente", MARTA, "Marta", conversation.token):
        assert secret not in said
    assert HOLA not in said
