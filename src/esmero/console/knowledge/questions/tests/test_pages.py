"""The pages of what people ask."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from esmero.console.knowledge.questions.coverage import period
from esmero.console.tests.conftest import *  # noqa: F403  its team
from esmero.conversations import actions as conversations
from esmero.conversations.enums import After
from esmero.kernel import dispatch
from esmero.kernel.clock import now
from esmero.knowledge import actions, queries
from esmero.knowledge.actions import questions as noting
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.models import Candidate, Question, Text

pytestmark = pytest.mark.django_db
SIZES = ("¿Puedo cambiar la talla?", "kiero camviar la talla", "cambio de talla por otra mayor")


@pytest.fixture(autouse=True)
def _no_names():
    noting.forget()
    yield
    noting.forget()


def search(*texts, prefix="v"):
    for n, text in enumerate(texts):
        found = queries.search(text, language="es", reader=Audience.PUBLIC)
        actions.note_search(
            text=text, language="es", asker=f"{prefix}{n}", found=found,
            at=now() - timedelta(minutes=5),
        )  # fmt: skip
    actions.prepare_questions()
    actions.group_questions(at=now())


def reply_to(team, text="Hola Marta:\n\nSí, durante 30 días.\n\nUn saludo,\nAna"):
    received = team.write("¿Puedo cambiar la talla?", subject="Consulta")
    while dispatch.dispatch_one(at=now()):
        pass
    written = conversations.write_reply(
        reply=conversations.Reply(
            conversation_id=received.conversation_id, agent_id=team.ana.pk, text=text,
            to=[("", "marta@example.com")], after=After.RESOLVE,
        ),
        at=now(),
    )  # fmt: skip
    conversations.note_handed_over(message_id=written.message_id, at=now())
    actions.prepare_questions()
    actions.group_questions(at=now())
    return written.message_id


def shown(client, name, *args, **asked):
    answer = client.get(reverse(f"console:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_what_several_people_asked_with_other_words(team):
    search(*SIZES, "¿Abrís los sábados?")
    page = shown(team.client(team.ana), "questions")
    assert "¿Puedo cambiar la talla?" in page
    assert "3 personas" in page
    assert "kiero camviar la talla" in page
    assert "¿Abrís los sábados?" not in page
    assert "¿Abrís los sábados?" in shown(team.client(team.ana), "questions", todas="")


def test_one_click_makes_the_draft_of_the_best_reply(team):
    search(*SIZES)
    reply_to(team)
    pk = Candidate.objects.get().pk
    client = team.client(team.ana)
    assert "Sí, durante 30 días." in shown(client, "question", pk)
    answer = client.post(reverse("console:question_draft", args=[pk]))
    assert answer.status_code == 302
    text = Text.objects.get()
    assert (text.title, text.body) == ("¿Puedo cambiar la talla?", "<p>Sí, durante 30 días.</p>")
    assert "Con borrador" in shown(client, "question", pk)


def test_who_may_not_see_the_conversation_sees_and_takes_no_reply(team):
    search(*SIZES)
    reply = reply_to(team)
    pk = Candidate.objects.get().pk
    bruno = team.client(team.bruno)
    assert "durante 30 días" not in shown(bruno, "question", pk)
    answer = bruno.post(reverse("console:question_draft", args=[pk]), {"reply": reply})
    assert answer.status_code == 404
    bruno.post(reverse("console:question_draft", args=[pk]))
    assert Text.objects.get().body == ""


def test_dismissed_and_back_again(team):
    search(*SIZES)
    pk = Candidate.objects.get().pk
    client = team.client(team.ana)
    client.post(reverse("console:question_dismiss", args=[pk]))
    assert "kiero camviar" not in shown(client, "questions")
    assert "kiero camviar" in shown(client, "questions", estado="dismissed")
    client.post(reverse("console:question_reopen", args=[pk]))
    assert "kiero camviar" in shown(client, "questions")


def test_joined_and_put_apart(team):
    search("cambiar la talla", "me queda pequeño", "no me entra")
    one, two, three = Candidate.objects.order_by("id").values_list("pk", flat=True)
    client = team.client(team.ana)
    client.post(reverse("console:questions_merge"), {"chosen": [one]})
    assert Candidate.objects.count() == 3
    answer = client.post(reverse("console:questions_merge"), {"chosen": [one, two, three]})
    assert answer.headers["Location"] == reverse("console:question", args=[one])
    apart = Question.objects.get(text="no me entra").pk
    where = reverse("console:question_split", args=[one])
    assert client.post(where, {"chosen": []}).status_code == 422
    client.post(where, {"chosen": [apart, "x", "9" * 30]})
    assert dict(Candidate.objects.values_list("text", "count")) == {
        "no me entra": 1,
        Candidate.objects.get(pk=one).text: 2,
    }


def test_coverage_says_its_share_and_where_it_is_missing(team):
    pk = actions.create_article(
        kind=Kind.FAQ, language="es", title="¿Cómo devuelvo un pedido?", body="<p>30 días.</p>",
        at=now(), by=None,
    )  # fmt: skip
    actions.publish_text(article_id=pk, language="es", at=now(), by=None)
    search("como devuelvo un pedido", "devolver pedido", "devolver un pedido", "hay aparcamiento")
    page = shown(team.client(team.ana), "questions_coverage", semanas="4")
    assert "75" in page
    assert "de las preguntas de estas semanas" in page
    assert "hay aparcamiento" in page
    assert "<svg" in page


def test_coverage_of_nothing_says_so(team):
    assert "Nadie ha preguntado nada" in shown(team.client(team.ana), "questions_coverage")


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("", (date(2026, 11, 1), date(2026, 11, 20), 0)),
        ("4", (date(2026, 10, 23), date(2026, 11, 20), 4)),
        ("5", (date(2026, 11, 1), date(2026, 11, 20), 0)),
        ("x" * 90, (date(2026, 11, 1), date(2026, 11, 20), 0)),
        ("9" * 90, (date(2026, 11, 1), date(2026, 11, 20), 0)),
    ],
)
def test_the_period_asked_for(asked, wanted):
    assert period(asked, today=date(2026, 11, 19)) == wanted
