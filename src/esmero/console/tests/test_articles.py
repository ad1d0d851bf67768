"""Articles beside the thread and in the composer."""

import pytest
from django.urls import reverse

from esmero.conversations import actions as conversations
from esmero.conversations.enums import After
from esmero.conversations.models import Draft
from esmero.kernel.clock import now
from esmero.knowledge import actions
from esmero.knowledge.actions import questions as noting
from esmero.knowledge.enums import Audience, Kind
from esmero.knowledge.models import Article, Text

pytestmark = pytest.mark.django_db
PIECE = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _no_names():
    noting.forget()
    yield
    noting.forget()


def publish(title, body="Sí, hasta 60 grados.", audience=Audience.PUBLIC, language="es"):
    pk = actions.create_article(
        kind=Kind.FAQ, language=language, title=title, body=f"<p>{body}</p>", audience=audience,
        at=now(), by=None,
    )  # fmt: skip
    actions.publish_text(article_id=pk, language=language, at=now(), by=None)
    return pk


def url(name, *args):
    return reverse(f"console:{name}", args=args)


@pytest.fixture
def c(team):
    return team.write("Hola, ¿aguanta el lavavajillas?").conversation_id


def test_the_thread_asks_for_them_afterwards_and_looks_up_nothing_itself(
    team, c, django_assert_num_queries
):
    client = team.client(team.ana)
    page = client.get(url("thread", c)).content.decode()
    assert f'hx-get="{url("answers", c)}' in page
    assert "Insertar texto" not in page


def test_what_fits_stands_beside_public_ones_first(team, c):
    secret = publish("¿Aguanta el lavavajillas?", "Di que a mano.", Audience.TEAM)
    public = publish("¿Aguanta el lavavajillas la vajilla?")
    page = team.client(team.ana).get(url("answers", c), **PIECE).content.decode()
    assert page.index(url("use_article", c, public)) < page.index(url("use_article", c, secret))
    assert page.count('data-key="i"') == 1
    assert page.index('data-key="i"') < page.index(url("use_article", c, secret))
    assert "solo el equipo" in page


def test_where_nothing_fits_it_says_so(team, c):
    publish("¿Abrís los sábados?", "De 10 a 14.")
    page = team.client(team.ana).get(url("answers", c), **PIECE).content.decode()
    assert "Ningún artículo responde" in page
    assert "data-key" not in page


def test_few_statements(team, c, django_assert_max_num_queries):
    for n in range(5):
        publish(
            f"¿Aguanta el lavavajillas la vajilla número {['uno', 'dos', 'tres', 'seis', 'ocho'][n]}?"
        )
    client = team.client(team.ana)
    client.get(url("answers", c), **PIECE)
    with django_assert_max_num_queries(9):
        client.get(url("answers", c), **PIECE)


def test_two_question_marks_offer_what_the_words_find(team, c):
    publish("¿Abrís los sábados?", "De 10 a 14.")
    publish("¿Aguanta el lavavajillas?")
    client = team.client(team.ana)
    page = client.get(url("articles", c), {"q": "abris el sabado"}, **PIECE).content.decode()
    assert page.count('role="option"') >= 1
    assert "¿Abrís los sábados?" in page[: page.index("</li>")]
    # With nothing typed yet: what the customer asks.
    page = client.get(url("articles", c), {"q": ""}, **PIECE).content.decode()
    assert "¿Aguanta el lavavajillas?" in page[: page.index("</li>")]


def used(team, c, article, **fields):
    return team.client(team.ana).post(
        url("use_article", c, article), fields, HTTP_ACCEPT="application/json"
    )


def test_its_text_comes_with_its_link_in_the_language_of_the_conversation(team, c, settings):
    article = publish("¿Aguanta el lavavajillas?")
    link = f"{settings.ENV.url}/ayuda/aguanta-el-lavavajillas/"
    assert used(team, c, article).json() == {
        "text": f"Sí, hasta 60 grados.\n\nAquí lo tienes completo: {link}", "warning": "",
    }  # fmt: skip
    assert used(team, c, article, **{"as": "link"}).json()["text"] == (
        f"¿Aguanta el lavavajillas?: {link}"
    )
    english = team.write("Is it dishwasher safe?", language="en").conversation_id
    assert used(team, english, article).json()["text"].splitlines()[-1] == (
        f"All of it is here: {link}"
    )


def test_what_is_for_the_team_comes_with_a_warning_and_without_a_link(team, c):
    article = publish("Lavavajillas", "Di que a mano.", Audience.TEAM)
    answer = used(team, c, article).json()
    assert answer["text"] == "Di que a mano."
    assert "solo para el equipo" in answer["warning"]


def test_a_long_article_is_cut_and_a_draft_is_not_offered(team, c):
    long = publish("Manual", "</p><p>".join(["palabra " * 20] * 20))
    assert len(used(team, c, long).json()["text"]) < 1400
    draft = actions.create_article(
        kind=Kind.FAQ, language="es", title="Borrador", body="<p>x</p>", at=now(), by=None
    )
    assert used(team, c, draft).status_code == 404


def test_without_a_script_it_goes_below_the_draft(team, c):
    article = publish("¿Aguanta el lavavajillas?")
    client = team.client(team.ana)
    kept = client.post(url("articles", c), {"mode": "reply", "text": "Hola, Marta:"})
    assert url("articles", c) in kept.headers["Location"]
    assert "¿Aguanta el lavavajillas?" in client.get(kept.headers["Location"]).content.decode()
    client.post(url("use_article", c, article), {"mode": "reply"})
    assert Draft.objects.get().text.startswith("Hola, Marta:\n\nSí, hasta 60 grados.")


def test_an_article_of_a_sent_answer(team, c):
    written = conversations.write_reply(
        reply=conversations.Reply(
            conversation_id=c, agent_id=team.ana.pk,
            text="Hola Marta:\n\nSí, hasta 60 grados.\n\nUn saludo,\nAna Soler",
            to=[("", "marta@example.com")], after=After.KEEP,
        ),
        at=now(),
    )  # fmt: skip
    client = team.client(team.ana)
    assert url("article_from", written.message_id) in client.get(url("thread", c)).content.decode()
    assert team.client(team.bruno).post(url("article_from", written.message_id)).status_code == 404
    assert Article.objects.count() == 0
    client.post(url("article_from", written.message_id))
    text = Text.objects.select_related("article").get()
    assert text.title == "¿Aguanta el lavavajillas?"
    assert text.body == "<p>Sí, hasta 60 grados.</p>"
    assert text.article.origin_ref == f"message:{written.message_id}"
