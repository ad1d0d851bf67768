"""The lists: order, paging, counts, search; the number of queries does not grow with the rows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from esmero.channels import actions as channels
from esmero.channels.models import Delivery
from esmero.console.inbox.lists import PAGE, Place
from esmero.conversations import actions as conversations
from esmero.conversations.enums import OpenPromise
from esmero.conversations.models import Conversation
from esmero.kernel import workers
from esmero.kernel.clock import now
from esmero.promises import actions as promises
from esmero.promises import queries as promise_reads
from esmero.promises.enums import Reason

HOSTILE = "<img src=x onerror=alert(1)>\"'{{7*7}}"


def ids(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="c-(\d+)"', html)]


def fill(team, count, **more):
    return [
        team.write(
            sender=f"c{n}@example.com", name=f"Cliente {n}", subject=f"Asunto {n}",
            at=now() - timedelta(minutes=count - n), **more,
        ).conversation_id
        for n in range(count)
    ]  # fmt: skip


QUERIES = [
    ("/c/bandejas/mias/", (6, 5)),
    ("/c/bandejas/equipo/", (6, 5)),
    ("/c/bandejas/todas/", (5, 5)),
    ("/c/bandejas/sospechosos/", (5, 5)),
    ("/c/", (17, 17)),
    ("/c/clientes/", (6, 6)),
]


# (with 1 row, with 30): a page full of what is pressing does not ask for the rest.
@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("address", "expected"), QUERIES)
def test_queries_do_not_grow_with_the_rows(
    team, django_assert_num_queries, address, expected, count
):
    for pk in fill(team, count):
        team.give(pk, team.ana)
    client = team.client(team.ana)
    client.get(address)
    with django_assert_num_queries(expected[count > 1]):
        client.get(address)


@pytest.mark.parametrize("count", [1, 25])
def test_queries_of_a_thread_do_not_grow_with_its_messages(team, django_assert_num_queries, count):
    found = team.write()
    team.give(found.conversation_id, team.ana)
    for n in range(count):
        team.write(f"Mensaje {n}", candidates=[found.conversation_id], at=now())
        conversations.add_note(
            conversation_id=found.conversation_id, agent_id=team.ana.pk, text="x", at=now()
        )
    client = team.client(team.ana)
    address = f"/c/conversaciones/{found.conversation_id}/"
    client.get(address)
    # Where there are earlier messages than those shown, one more asks which is the newest of all.
    further = int(count > 14)
    with django_assert_num_queries(17 + further):
        client.get(address)
    with django_assert_num_queries(13 + further):
        client.get(address, headers={"HX-Request": "true"})


@pytest.mark.parametrize("order", ["plazo", "reciente"])
def test_pages_show_every_row_once_in_order(team, order):
    made = fill(team, PAGE * 2 + 5)
    for pk in made[::3]:  # a third owes nothing any more
        conversations.resolve_conversation(
            conversation_id=pk,
            at=now(),
            by=team.ana.pk,
            open_promise=conversations_enum("RELEASE"),
            reason=reason("withdrawn"),
        )
        conversations.reopen_conversation(conversation_id=pk, at=now(), by=team.ana.pk)
    client = team.client(team.carla)
    address, seen = f"/c/bandejas/equipo/?orden={order}", []
    for _ in range(5):
        html = client.get(address).content.decode()
        seen += ids(html)
        more = re.search(r'id="more" href="([^"]+)"', html)
        if not more:
            break
        address = more[1].replace("&amp;", "&")
    assert sorted(seen) == sorted(made)
    rows = Conversation.objects.in_bulk(made)
    if order == "reciente":
        assert seen == sorted(seen, key=lambda pk: rows[pk].last_message_at, reverse=True)
    else:
        pressing = [pk for pk in seen if rows[pk].chip == "open"]
        assert seen[: len(pressing)] == pressing
        assert pressing == sorted(pressing, key=lambda pk: (rows[pk].chip_at, pk))


def conversations_enum(name):
    return OpenPromise[name]


def reason(value):
    return Reason(value)


def test_further_rows_come_as_a_piece(team):
    fill(team, PAGE + 3)
    client = team.client(team.carla)
    html = client.get("/c/bandejas/todas/").content.decode()
    more = re.search(r'id="more" href="([^"]+)"', html)[1].replace("&amp;", "&")
    piece = client.get(more, headers={"HX-Request": "true", "HX-Target": "more"})
    assert len(ids(piece.content.decode())) == 3
    assert "<html" not in piece.content.decode()


@pytest.mark.parametrize(
    "cursor", ["", "x", "p.1", "p.99999999999999999999.1", "r.-1.1", "p.1.1'"]
)
def test_a_broken_cursor_never_breaks_the_page(team, cursor):
    fill(team, 2)
    answer = team.client(team.carla).get("/c/bandejas/equipo/", {"desde": cursor})
    assert answer.status_code == 200


def test_lists_hold_what_they_say(team):
    mine, unowned, snoozed, suspect, done = fill(team, 5)
    team.give(mine, team.ana)
    team.give(snoozed, team.ana)
    conversations.snooze_conversation(
        conversation_id=snoozed, until=now() + timedelta(hours=3), at=now(), by=team.ana.pk
    )
    conversations.mark_as_spam(conversation_id=suspect, at=now(), by=team.ana.pk)
    conversations.resolve_conversation(
        conversation_id=done, at=now(), by=team.ana.pk, open_promise=conversations_enum("KEEP")
    )
    conversations.save_draft(
        conversation_id=mine, agent_id=team.ana.pk, mode="reply", text="Ho", at=now()
    )
    conversations.save_draft(
        conversation_id=unowned, agent_id=team.carla.pk, mode="reply", text="Ajeno", at=now()
    )
    client = team.client(team.ana)
    shown = {
        slug: set(ids(client.get(f"/c/bandejas/{slug}/").content.decode()))
        for slug in ("mias", "sin-dueno", "equipo", "todas", "pospuestas", "borradores",
                     "sospechosos")
    }  # fmt: skip
    assert shown == {
        "mias": {mine}, "sin-dueno": {unowned}, "equipo": {mine, unowned},
        "todas": {mine, unowned, snoozed, done}, "pospuestas": {snoozed}, "borradores": {mine},
        "sospechosos": {suspect},
    }  # fmt: skip


def test_hostile_words_stay_words(team):
    found = team.write(HOSTILE, subject=HOSTILE, name=HOSTILE)
    team.give(found.conversation_id, team.ana)
    client = team.client(team.ana)
    for address in (
        "/c/", "/c/bandejas/mias/", f"/c/conversaciones/{found.conversation_id}/",
        f"/c/clientes/{found.customer_id}/", "/c/clientes/", f"/c/buscar/?q={HOSTILE}",
    ):  # fmt: skip
        html = client.get(address).content.decode()
        assert "<img src=x" not in html
        assert (
            "49"
            not in re.sub(r"data-now=\"[^\"]*\"|\d{2}:\d{2}|\d{3,}", "", html).split("7*7")[0][
                -20:
            ]
        )


def test_search_finds_by_words_number_and_address(team):
    found = team.write("La fuente tiene una grieta enorme", sender="grieta@example.org")
    noise = fill(team, 3)
    client = team.client(team.ana)
    for words in ("grietas", "GRIETA", "grieta@example.org", str(found.conversation_id)):
        html = client.get("/c/buscar/", {"q": words}).content.decode()
        assert ids(html) == [found.conversation_id], words
        assert not set(noise) & set(ids(html))
    jump = client.get("/c/buscar/", {"q": f"#{found.conversation_id}"})
    assert jump["Location"].startswith(f"/c/conversaciones/{found.conversation_id}/")
    assert "No hay resultados" in client.get("/c/buscar/", {"q": "zzz"}).content.decode()


def test_place_survives_the_way_to_a_conversation_and_back():
    place = Place.of(QueryDict("lista=equipo&orden=reciente&desde=r.5.7"))
    assert place.url == "/c/bandejas/equipo/?orden=reciente&desde=r.5.7"
    assert place.url_of(3) == "/c/conversaciones/3/?lista=equipo&orden=reciente&desde=r.5.7"
    assert Place.of(QueryDict(place.query()[1:])) == place


def test_today_puts_the_broken_first_and_names_the_week(team):
    late = team.write("¿Y bien?", at=now() - timedelta(days=6), name="Julián Ferrer",
                      sender="julian@example.com")  # fmt: skip
    team.give(late.conversation_id, team.ana)
    promises.break_promise(promise_id=late.promise_id, at=now())
    conversations.mirror_promises(conversation_id=late.conversation_id)
    fresh = team.write()
    team.give(fresh.conversation_id, team.ana)
    html = team.client(team.ana).get("/c/").content.decode()
    assert html.index("Responder a Julián Ferrer") < html.index("Responder a Marta Ruiz")
    assert html.count('data-kind="primary" href=') == 1


def test_what_somebody_away_gave_back_is_shown_to_whom_it_concerns(team):
    mine, done = team.write(), team.write(sender="julian@example.com", subject="Ya resuelto")
    sold = team.write(department=team.sales, sender="rosa@example.com", subject="Para ventas")
    for one in (mine, done):
        team.give(one.conversation_id, team.ana)
    team.give(sold.conversation_id, team.bruno)
    resolve(team, done.conversation_id)
    conversations.give_back_work(agent_id=team.ana.pk, substitute_id=None, at=now())
    conversations.give_back_work(agent_id=team.bruno.pk, substitute_id=team.carla.pk, at=now())

    def shown(agent) -> dict[str, str]:
        page = team.client(agent).get("/c/").content.decode()
        found = re.findall(
            r'<h2 class="todos-title">(.*?) <span>.*?</h2>(.*?)</section>', page, re.S
        )
        return {
            title: rows for title, rows in found if "Lo que llevaba" in title or "Pasó" in title
        }

    carla = shown(team.carla)
    assert list(carla) == ["Lo que llevaba Ana Soler"]
    assert "Vajilla Turia" in carla["Lo que llevaba Ana Soler"]
    assert "Ya resuelto" not in str(carla)
    # What she owes now says on its own line whose it was.
    page = team.client(team.carla).get("/c/").content.decode()
    (line,) = re.findall(r'<li class="todo">.*?</li>', page, re.S)
    assert "Para ventas" in line
    assert "Lo que llevaba Bruno Gil" in line
    assert list(shown(team.ana)) == ["Pasó a otros mientras no estabas"]
    bruno = shown(team.bruno)
    assert list(bruno) == ["Pasó a otros mientras no estabas"]
    assert "Vajilla Turia" not in str(bruno)
    team.give(mine.conversation_id, team.carla)
    assert list(shown(team.ana)) == ["Pasó a otros mientras no estabas"]
    team.give(mine.conversation_id, team.ana)
    assert shown(team.ana) == {}


def resolve(team, conversation_id: int) -> None:
    conversations.resolve_conversation(
        conversation_id=conversation_id, at=now(), by=team.ana.pk,
        open_promise=OpenPromise.RELEASE, reason=Reason.NOT_A_CONTACT,
    )  # fmt: skip


def test_work_that_stands_still_is_on_the_front_page_of_who_supervises(team):
    workers.note_alive("worker", at=now(), failing={"filing": 6})
    said = "Parte del trabajo está parada: filing."
    assert said in team.client(team.carla).get("/c/").content.decode()
    assert said not in team.client(team.ana).get("/c/").content.decode()


def test_late_notices_wait_for_a_supervisor(team):
    found = team.write()
    ids_ = [
        channels.enqueue_automatic(
            template="late_notice", conversation_id=found.conversation_id, language="es",
            to=("x", f"x{n}@example.com"), at=now(), is_batched=True,
        )
        for n in range(3)
    ]  # fmt: skip
    assert "Avisos de retraso" not in team.client(team.ana).get("/c/").content.decode()
    client = team.client(team.carla)
    assert "Avisos de retraso" in client.get("/c/").content.decode()
    client.post("/c/avisos/", {"id": ids_[0], "act": "send"})
    client.post("/c/avisos/", {"id": ids_[1], "act": "drop"})
    states = dict(Delivery.objects.values_list("id", "state"))
    assert [states[pk] for pk in ids_] == ["queued", "cancelled", "batch"]
    client.post("/c/avisos/", {"all": "1"})
    assert Delivery.objects.get(pk=ids_[2]).state == "queued"


def test_customers_are_merged_and_separated(team):
    first, second = team.write(), team.write(sender="m2@example.org", name="Marta R. Calvo")
    client = team.client(team.ana)
    page = f"/c/clientes/{first.customer_id}/"
    assert "Marta R. Calvo" in client.get(f"{page}unir/?q=Calvo").content.decode()
    assert "Se queda" in client.get(f"{page}unir/?con={second.customer_id}").content.decode()
    client.post(f"{page}unir/", {"con": second.customer_id})
    html = client.get(page).content.decode()
    assert "m2@example.org" in html
    assert len(ids(html)) == 2
    assert client.get(f"/c/clientes/{second.customer_id}/")["Location"] == page
    merge = re.search(rf"{page}separar/(\d+)/", html)[1]
    client.post(f"{page}separar/{merge}/")
    assert len(ids(client.get(page).content.decode())) == 1
    changed = {"name": "Marta", "company": "", "language": "es", "note": "Alérgica al esmalte"}
    client.post(f"{page}cambiar/", changed)
    assert "Alérgica al esmalte" in client.get(page).content.decode()
    client.post(f"{page}direcciones/", {"value": "+34 600 000 123"})
    assert "+34600000123" in client.get(page).content.decode()
    client.post(f"{page}direcciones/", {"value": "no"})
    assert client.post(f"{page}unir/", {"con": first.customer_id}, follow=True).status_code == 200


def test_my_week_counts_what_was_kept_of_what_came_due(team):
    for n in range(3):
        found = team.write(sender=f"k{n}@example.com")
        team.give(found.conversation_id, team.ana if n < 2 else team.carla)
        promises.settle_promise(promise_id=found.promise_id, at=now(), by=team.ana.pk)
    days = promise_reads.persons.days_of(
        team.ana.pk, since=now() - timedelta(days=1), until=now() + timedelta(days=1)
    )
    assert [(state, n) for _day, state, _initiative, n in days] == [("kept", 2)]
    html = team.client(team.ana).get("/c/").content.decode()
    assert "2 cumplidas hoy" in html


def test_a_closed_day_says_when_it_opens_again(team, monkeypatch):
    sunday = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    monkeypatch.setattr("esmero.console.today.views.now", lambda: sunday)
    html = team.client(team.ana).get("/c/").content.decode()
    assert re.search(r"Hoy está cerrado\. Abrimos mañana a las \d+:\d\d\.", html)
    assert 'class="day"' not in html


def test_reply_on_today_opens_where_one_writes(team):
    found = team.write()
    team.give(found.conversation_id, team.ana)
    client = team.client(team.ana)
    address = f"/c/conversaciones/{found.conversation_id}/?modo=respuesta"
    assert f'href="{address}"' in client.get("/c/").content.decode()
    (field,) = re.findall(r"<textarea[^>]* autofocus", client.get(address).content.decode())
    assert 'id="f-text"' in field


def links_to(html: str, pk: int) -> int:
    """How many titles of Today's lines and rows lead to a conversation."""
    main = html.split('id="main"', 1)[1]
    lines = re.findall(r'<h3>(?:<svg.*?</svg> )?<a href="([^"]+)" data-item', main)
    rows = re.findall(r'<a class="item" id="c-\d+" href="([^"]+)"', main)
    return sum(f"/conversaciones/{pk}/" in one for one in (*lines, *rows))


def test_today_says_each_conversation_once(team):
    owed, free = team.write(), team.write(sender="julian@example.com", subject="Otra")
    team.give(owed.conversation_id, team.ana)
    for pk in (owed.conversation_id, free.conversation_id):
        conversations.consult(
            conversation_id=pk, question="¿Qué le digo?", agent_id=team.ana.pk, at=now(),
            by=team.carla.pk,
        )  # fmt: skip
        conversations.add_note(
            conversation_id=pk, agent_id=team.carla.pk, text="Mira, @Ana Soler",
            mentions=[team.ana.pk], at=now(),
        )  # fmt: skip
        conversations.save_draft(
            conversation_id=pk, agent_id=team.carla.pk, mode="reply", text="Hola.", at=now()
        )
        conversations.share_draft(
            conversation_id=pk, agent_id=team.carla.pk, mode="reply", with_agent_id=team.ana.pk,
            at=now(),
        )  # fmt: skip
    html = team.client(team.ana).get("/c/").content.decode()
    # What is owed says all of it on its line, with the way to each.
    assert links_to(html, owed.conversation_id) == 1
    line = next(li for li in re.findall(r'<li class="todo">.*?</li>', html, re.S))
    assert "Responder a Marta Ruiz" in line
    assert "Carla Vidal pregunta: ¿Qué le digo?" in line
    assert "?modo=nota#composer" in line
    assert "Carla Vidal te enseña un borrador" in line
    # What is not owed stands where she is asked, and nowhere else.
    assert links_to(html, free.conversation_id) == 1
    assert re.search(r'id="asks-me".*?Carla Vidal pregunta: Otra', html, re.S)


def test_what_came_back_into_the_queue_is_not_among_the_unowned_too(team):
    found = team.write(subject="La vuelta")
    team.give(found.conversation_id, team.ana)
    conversations.give_back_work(agent_id=team.ana.pk, substitute_id=None, at=now())
    html = team.client(team.carla).get("/c/").content.decode()
    assert "Lo que llevaba Ana Soler" in html
    assert links_to(html, found.conversation_id) == 1
