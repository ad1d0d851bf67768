"""The record of changes: who, what, from where; narrowed, paged, taken away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import esmero
from esmero.console.settings import acts
from esmero.console.settings.tests.desk import text
from esmero.kernel import audit
from esmero.kernel.clock import now
from esmero.kernel.models import AuditEntry
from esmero.kernel.refs import ref

HERE = "/c/ajustes/registro/"


def test_an_act_of_a_page_says_who_did_it_and_from_where(desk):
    desk.dora.post(
        "/c/ajustes/remitentes/",
        {"pattern": "@ruido.example", "judgement": "block"},
        REMOTE_ADDR="203.0.113.9",
    )
    line = AuditEntry.objects.get(action="sender.block")
    assert (line.actor, line.ip) == (ref("agent", desk.house.dora), "203.0.113.9")
    page = text(desk.dora.get(HERE))
    assert "Bloqueó a un remitente" in page
    assert "203.0.113.9" in page
    assert "Dora" in page


def test_the_address_of_one_request_is_not_that_of_the_next():
    with audit.acting_from("203.0.113.9"):
        pass
    assert audit._from.get() is None


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?topic=shop", {"shop.changed"}),
        ("?topic=sh", set()),
        ("?ip=203.0.113.1", {"agent.changed"}),
        ("?who=system", {"shop.changed"}),
        ("?until=2020-01-01", set()),
        ("?since=2020-01-01", {"shop.changed", "agent.changed"}),
    ],
)
def test_the_list_is_narrowed(desk, query, shown):
    AuditEntry.objects.all().count()
    before = AuditEntry.objects.count()
    audit.record(at=now(), actor="system", action="shop.changed", fields=["name"])
    audit.record(at=now(), actor="agent:999", action="agent.changed", ip="203.0.113.1")
    assert AuditEntry.objects.count() == before + 2
    answer = desk.dora.get(HERE + query)
    if query == "?topic=sh":
        assert answer.status_code == 422
        return
    found = text(answer)
    acted = {"shop.changed", "agent.changed"}
    assert {action for action in acted if str(acts.SENTENCES[action]) in found} == shown


def test_older_lines_are_one_page_on(desk):
    for n in range(60):
        audit.record(at=now(), actor="system", action="shop.changed", n=n)
    first = desk.dora.get(HERE + "?topic=shop").content.decode()
    assert "n: 59" in first
    assert "n: 5<" not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = desk.dora.get(older[1].replace("&amp;", "&")).content.decode()
    assert "n: 5<" in second
    assert "n: 59" not in second


def test_csv_holds_every_line_in_the_readers_language_and_no_formula(desk):
    for n in range(520):
        audit.record(at=now(), actor="system", action="shop.changed", ref="=1+1", n=n)
    answer = desk.dora.get(HERE + "csv/?topic=shop")
    body = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(body) == 521
    assert body[0].startswith("Cuándo;Quién;Qué")
    assert "Cambió la tienda" in body[-1]
    assert ";'=1+1;" in body[-1]


def test_departments_stand_by_their_names(desk):
    for places in ([desk.house.sales], []):
        audit.record(
            at=now(), actor="system", action="agent.changed", ref=f"agent:{desk.house.ana}",
            departments=places,
        )  # fmt: skip
    page = text(desk.dora.get(HERE + "?topic=agent"))
    assert "departamentos: Ventas" in page
    assert "departamentos: –" in page


def test_a_wrong_day_or_place_is_said(desk):
    assert desk.dora.get(HERE + "?since=ayer").status_code == 422
    assert desk.dora.get(HERE + "?antes=99999999999999999999").status_code == 200


def test_every_act_in_the_source_has_its_sentence():
    root = Path(esmero.__file__).parent
    written = set()
    for path in root.rglob("*.py"):
        if "tests" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        if "audit" in source or path.name == "record.py":
            written |= set(
                re.findall(r'(?:action=|_write\(request, |_changed\()"([a-z_]+\.[a-z_]+)"', source)
            )
    assert len(written) > 12
    assert sorted(written - acts.SENTENCES.keys()) == []
