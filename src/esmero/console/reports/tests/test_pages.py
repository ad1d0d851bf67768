"""The report's pages: figures of the record, who sees whose, the file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from esmero.console.reports import views
from esmero.console.settings.tests.desk import Desk, text
from esmero.conversations import actions as conversations
from esmero.conversations import queries as conversation_queries
from esmero.promises import actions as promises
from esmero.promises.actions import Owner
from esmero.promises.enums import Initiative, Kind, Reason

AT = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    monkeypatch.setattr(views, "now", lambda: AT)


def made(
    desk: Desk, *, days_ago=3, department=None, agent=None, name="Marta Ruiz", kind=Kind.ANSWER
):
    """A promise of four hours about a conversation of its own."""
    at = AT - days_ago * DAY
    got = conversations.receive(
        contact=conversations.Contact(
            channel="mail", sender_email=f"{len(name)}{name[:1].lower()}@example.com",
            sender_name=name, subject="Vajilla Turia", text="Hola", received_at=at,
            department_id=department or desk.house.care, is_history=True,
        ),
        at=at,
    )  # fmt: skip
    return promises.make_promise(
        kind=kind,
        subject_ref=f"conversation:{got.conversation_id}",
        owner=Owner(agent or desk.house.ana, department or desk.house.care),
        customer_id=conversation_queries.conversation(got.conversation_id).customer_id,
        due_at=at + 4 * HOUR,
        at=at,
        actor="system",
    )


def kept(desk: Desk, **facts):
    one = made(desk, **facts)
    promises.settle_promise(promise_id=one.pk, at=one.made_at + HOUR, by=one.owner_agent_id)
    return one


def lost(desk: Desk, **facts):
    one = made(desk, **facts)
    promises.break_promise(promise_id=one.pk, at=one.due_at + timedelta(seconds=1))
    return one


def test_report_shows_the_rate_of_the_record(desk):
    for _ in range(3):
        kept(desk)
    lost(desk)
    moved = made(desk)
    promises.renegotiate_promise(
        promise_id=moved.pk, at=moved.made_at + HOUR, actor="system",
        initiative=Initiative.OURS, due_at=AT + 9 * DAY,
    )  # fmt: skip
    let_go = made(desk)
    promises.release_promise(
        promise_id=let_go.pk, reason=Reason.DUPLICATE, at=let_go.made_at + HOUR, actor="system"
    )
    page = text(desk.carla.get("/c/informes/promesas/"))
    assert '<p class="word">60,0\u00a0%</p>' in page
    assert "De 5 promesas, 3 se cumplieron a su hora." in page
    assert "Cambiadas por nosotros: 1" in page
    assert "retiradas: 1" in page


def test_report_without_promises_says_so(desk):
    page = text(desk.carla.get("/c/informes/promesas/"))
    assert "no vencía ninguna promesa" in page
    assert "<svg role" not in page


def test_report_compares_with_the_time_before(desk):
    kept(desk)
    lost(desk, days_ago=100)
    page = text(desk.carla.get("/c/informes/promesas/?semanas=13"))
    assert "100,0 puntos más que antes." in page


def test_report_is_narrowed_by_kind_and_days(desk):
    kept(desk)
    lost(desk, kind=Kind.CALL)
    lost(desk, days_ago=40)
    calls = text(desk.carla.get("/c/informes/promesas/?tipo=call"))
    assert '<p class="word">0,0\u00a0%</p>' in calls
    days = text(desk.carla.get("/c/informes/promesas/?desde=2026-11-16&hasta=2026-11-19"))
    assert '<p class="word">50,0\u00a0%</p>' in days
    nonsense = desk.carla.get("/c/informes/promesas/?tipo=%27&semanas=-1&reloj=x&antes=%00")
    assert nonsense.status_code == 200


def test_business_clock_counts_opening_hours_only(desk):
    # Monday 11:40; its time 15:40, when the shop is closed; done at 12:40.
    kept(desk)
    clock = text(desk.carla.get("/c/informes/promesas/"))
    hours = text(desk.carla.get("/c/informes/promesas/?reloj=horario"))
    assert "mediana: 3 h antes" in clock
    assert "mediana: 1 h 20 min antes" in hours  # from 12:40 to 14:00


def test_agents_see_their_departments_and_among_persons_themselves(desk):
    kept(desk)
    kept(desk, agent=desk.house.carla)
    lost(desk, department=desk.house.sales, agent=desk.house.bruno)
    ana = text(desk.ana.get("/c/informes/promesas/"))
    assert '<p class="word">100,0\u00a0%</p>' in ana
    assert '<th scope="row">Ana</th>' in ana
    assert '<th scope="row">Carla</th>' not in ana
    carla = text(desk.carla.get("/c/informes/promesas/"))
    assert [f'<th scope="row">{name}</th>' in carla for name in ("Ana", "Bruno", "Carla")] == [
        True
    ] * 3


def test_broken_ones_are_listed_with_what_was_done(desk):
    first = lost(desk)
    again = promises.make_promise(
        kind=Kind.ANSWER, subject_ref=first.subject_ref, owner=Owner(desk.house.ana, desk.house.care),
        due_at=first.due_at + 5 * HOUR, at=first.due_at + timedelta(minutes=1), actor="system",
        predecessor=first,
    )  # fmt: skip
    promises.settle_promise(promise_id=again.pk, at=first.due_at + 2 * HOUR, by=desk.house.ana)
    forgotten = lost(desk, name="Jordi Ferrer")
    page = text(desk.carla.get("/c/informes/promesas/incumplidas/"))
    number = first.subject_ref.partition(":")[2]
    assert f'href="/c/conversaciones/{number}/"' in page
    assert "2 h tarde." in page
    assert page.count('data-state="mended"') == 1
    assert page.count('data-state="broken"') == 1
    assert page.index("No se prometió nada en su lugar") < page.index("2 h tarde.")
    assert f"/c/conversaciones/{forgotten.subject_ref.partition(':')[2]}/" in page


def test_broken_ones_come_in_parts(desk, monkeypatch):
    monkeypatch.setattr(views, "MANY", 2)
    ones = [lost(desk) for _ in range(5)]
    first = text(desk.carla.get("/c/informes/promesas/incumplidas/"))
    assert first.count('data-state="broken"') == 2
    assert f"antes={ones[3].pk}" in first
    last = text(desk.carla.get(f"/c/informes/promesas/incumplidas/?antes={ones[1].pk}"))
    assert last.count('data-state="broken"') == 1
    assert "antes=" not in last


def read(answer) -> list[list[str]]:
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))


def test_file_has_a_line_for_every_promise_and_no_formula(desk):
    one = kept(desk, name='=HYPERLINK("http://evil.example","x")')
    lost(desk, name="+34 600 000 000")
    answer = desk.carla.get("/c/informes/promesas/promesas.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == (
        'attachment; filename="promesas-2026-08-24-2026-11-19.csv"'
    )
    head, *rows = read(answer)
    assert head[:4] == ["Promesa", "Tipo", "Departamento", "Responsable"]
    assert [row[9] for row in rows] == ["cumplida", "rota"]
    assert rows[0][:4] == [str(one.pk), "Responder", "Atención al cliente", "Ana"]
    assert rows[0][6:9] == ["2026-11-16 11:40", "2026-11-16 15:40", "2026-11-16 12:40"]
    assert rows[0][10] == "180"
    assert [row[4] for row in rows] == [
        "'=HYPERLINK(\"http://evil.example\",\"x\")", "'+34 600 000 000",
    ]  # fmt: skip
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_file_of_an_agent_holds_her_departments_only(desk):
    kept(desk)
    kept(desk, department=desk.house.sales, agent=desk.house.bruno)
    assert len(read(desk.ana.get("/c/informes/promesas/promesas.csv"))) == 2
    assert len(read(desk.dora.get("/c/informes/promesas/promesas.csv"))) == 3


def test_pages_take_the_same_queries_for_more_promises(desk):
    client = desk.carla
    for address in ("/c/informes/promesas/", "/c/informes/promesas/incumplidas/"):
        lost(desk)
        kept(desk)
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for _ in range(6):
            lost(desk)
            kept(desk)
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) == len(few)
