"""Who gets what at every address of the console, made from the addresses themselves.

A new address without an entry here fails. Each address is asked by: nobody (sent to sign in), an
agent of another department (gets nothing of ours, and cannot tell it from what is not there), an
agent of ours, and a supervisor. Asking (GET) changes nothing in the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from esmero.console.tests.conftest import *  # noqa: F403  its team and texts

OPEN, FOREIGN_404, SUPERVISOR, ADMIN = "open", "404", "supervisor", "admin"

# name → what an agent of another department meets there
MATRIX = {
    "hoy": OPEN, "me": OPEN, "signatures": OPEN, "inbox_start": OPEN, "inbox": OPEN, "search": OPEN,
    "customers": OPEN, "batch": SUPERVISOR,
    **dict.fromkeys(
        ("thread", "talk", "earlier", "write", "draft", "discard", "add_files", "remove_file",
         "assign", "take", "resolve", "reopen", "wait", "snooze", "wake", "kind", "spam", "ham",
         "promise", "spoken", "saved", "use_saved", "mentionable", "mentions_seen", "share",
         "turns", "check", "learn_word", "hide_copies", "edit_promise", "undo", "again", "frame", "remote", "original", "whole",
         "file", "image", "customer", "change_customer", "customer_addresses",
         "merge_customer", "unmerge_customer"),
        FOREIGN_404,
    ),
    **dict.fromkeys(
        ("delivery", "delivery_html", "delivery_raw", "delivery_again", "delivery_arrived"),
        FOREIGN_404,
    ),
    **dict.fromkeys(
        ("settings", "reports", "report_promises", "report_broken", "report_csv", "outbox"), OPEN
    ),
    **dict.fromkeys(
        ("settings_absences", "settings_absence_end", "settings_senders",
         "settings_answers", "settings_answer_new", "settings_answer", "settings_answer_remove",
         "settings_check", "settings_word_add", "settings_word_remove",
         "settings_sender_forget", "outbox_late", "quarantine", "quarantine_raw",
         "quarantine_retry", "quarantine_dismiss", "ignored", "mail_health"),
        SUPERVISOR,
    ),
    **dict.fromkeys(
        ("settings_shop", "settings_shade", "settings_hours", "settings_hours_new",
         "settings_hours_edit", "settings_special_day", "settings_special_day_remove",
         "settings_hours_default", "settings_hours_remove", "settings_departments",
         "settings_department_new", "settings_department", "settings_department_close",
         "settings_standards", "settings_standard_new", "settings_standard_preview",
         "settings_standard", "settings_standard_remove", "settings_team",
         "settings_member_new", "settings_member", "settings_mailboxes", "settings_mailbox_new",
         "settings_mailbox_consented", "settings_mailbox", "settings_mailbox_test",
         "settings_mailbox_consent", "settings_texts", "settings_text", "settings_text_sample",
         "settings_text_built_in", "settings_audit", "settings_audit_csv"),
        ADMIN,
    ),
}  # fmt: skip
# Whether supervisors get in: what waits for an answer from outside is not asked here.
ASKED_BY_OWNERS = (OPEN, FOREIGN_404)


def routes(patterns=None, prefix="") -> Iterator[tuple[str, str, URLPattern]]:
    if patterns is None:
        console = next(
            r for r in get_resolver().url_patterns
            if isinstance(r, URLResolver) and r.namespace == "console"
        )  # fmt: skip
        patterns = console.url_patterns
    for one in patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, path)
        else:
            yield path, str(one.name), one


ROUTES = [(path, name) for path, name, _one in routes()]
OURS = [(path, name) for path, name in ROUTES if MATRIX.get(name) in ASKED_BY_OWNERS]
KNOWN = [(path, name) for path, name in ROUTES if name in MATRIX]


def test_every_address_has_an_entry():
    assert [(path, name) for path, name in ROUTES if name not in MATRIX] == []
    assert sorted(set(MATRIX) - {name for _path, name in ROUTES}) == []


def test_every_view_of_the_console_has_a_role():
    wanted = {OPEN: "agent", FOREIGN_404: "agent", SUPERVISOR: "supervisor", ADMIN: "admin"}
    wrong = [
        (path, getattr(one.callback, "team_role", None))
        for path, name, one in routes()
        if getattr(one.callback, "team_role", None) != wanted[MATRIX.get(name, OPEN)]
    ]
    assert wrong == []


@pytest.fixture
def ours(team):
    """Return what each argument of an address stands for: all of it of Ana's department."""
    from django.core.files.base import ContentFile

    from esmero.conversations import actions as conversations
    from esmero.kernel import files
    from esmero.kernel.clock import now
    from esmero.people import actions as people

    blob = files.put(
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01", at=now()
    )
    found = team.write(
        html="<p>Hola</p>", quoted="> antes",
        files=[conversations.FileFact("a.png", "image/png", 28, blob_id=blob.pk)],
    )  # fmt: skip
    other = team.write(sender="marta.otra@example.com", name="Marta R.")
    merge = people.merge_customers(
        kept_id=found.customer_id, merged_id=other.customer_id, at=now(), by=team.carla.pk
    )
    team.give(found.conversation_id, team.ana)
    token = conversations.add_draft_file(
        conversation_id=found.conversation_id, agent_id=team.ana.pk, mode="reply", name="b.txt",
        content_type="text/plain", blob=files.put(ContentFile(b"b").read(), at=now()), at=now(),
    )  # fmt: skip
    from esmero.channels import actions as channels
    from esmero.conversations.models import Attachment

    delivery = channels.enqueue_automatic(
        template="acknowledgement", conversation_id=found.conversation_id, language="es",
        to=("Marta Ruiz", "marta@example.com"), promise_id=found.promise_id, at=now(),
    )  # fmt: skip
    return {
        "conversaciones": found.conversation_id,
        "mensajes": found.message_id,
        "promesas": found.promise_id,
        "clientes": found.customer_id,
        "merge": merge,
        "archivos": Attachment.objects.get().token,
        "quitar": token,
        "salida": delivery,
    }


def address(path: str, ours: dict[str, object]) -> str:
    first = path.split("/")[0]
    filled = "/c/" + path
    filled = filled.replace("<int:pk>", str(ours.get(first, "")))
    filled = filled.replace("<int:delivery_id>", str(ours["salida"]))
    filled = re.sub(r"<int:\w+_id>", "1", filled).replace("<str:on>", "2026-11-19")
    filled = filled.replace("<slug:key>", "acknowledgement").replace("<str:language>", "es")
    filled = filled.replace("<int:merge>", str(ours["merge"])).replace("<slug:slug>", "equipo")
    token = ours["quitar"] if "quitar" in path else ours["archivos"]
    return filled.replace("<str:token>", str(token))


@pytest.mark.parametrize(("path", "name"), KNOWN)
def test_nobody_is_sent_to_sign_in(team, ours, path, name):
    for answer in (Client().get(address(path, ours)), Client().post(address(path, ours))):
        assert answer.status_code in (302, 405), answer.status_code
        if answer.status_code == 302:
            assert answer["Location"].startswith("/cuenta/login/")


@pytest.mark.parametrize(("path", "name"), KNOWN)
def test_agent_of_another_department_gets_nothing(team, ours, path, name):
    client = team.client(team.bruno)
    where = address(path, ours)
    for answer in (client.get(where), client.post(where, {"text": "x", "to": "nobody"})):
        kind = MATRIX[name]
        if answer.status_code == 405:
            continue
        if kind == FOREIGN_404:
            assert answer.status_code == 404
        elif kind in (SUPERVISOR, ADMIN):
            assert answer.status_code == 403
        text = b"".join(answer).decode(errors="replace")
        for secret in ("Vajilla Turia", "lavavajillas", "marta@example.com", "Marta Ruiz"):
            assert secret not in text


@pytest.mark.parametrize(("path", "name"), OURS)
def test_own_agent_and_supervisor_get_in_and_get_changes_nothing(team, ours, path, name):
    where = address(path, ours)
    if name == "remote":
        where += "?u=http://127.0.0.1/x.png&s=forged"
    if name == "earlier":
        where += "?antes=999999999"
    for agent in (team.ana, team.carla):
        client = team.client(agent)
        before = _fingerprint()
        answer = client.get(where)
        b"".join(answer)
        assert _fingerprint() == before or name == "original"
        allowed = {200, 302, 405}
        if name == "delivery_raw" or name == "delivery_html":  # it has no bytes before it leaves
            allowed |= {404}
        if name == "turns":  # of a draft that nobody has shown to her
            allowed |= {404}
        if name in ("remote", "original"):  # forged; and there is no raw mail of it
            allowed = {404}
        assert answer.status_code in allowed, answer.status_code


def _fingerprint() -> list[tuple[str, int, int]]:
    """Return how much was ever written to each table: inserts, updates and deletes count."""
    tables = [t for t in connection.introspection.table_names() if not t.startswith("django_")]
    found = []
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(
                f'SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM "{table}"'  # noqa: S608
            )
            rows, newest = cursor.fetchone()
            found.append((table, rows, newest))
    return found


def test_foreign_conversation_shows_in_no_list_and_no_search(team, ours):
    client = team.client(team.bruno)
    pk = ours["conversaciones"]
    pages = [
        f"/c/bandejas/{slug}/"
        for slug in (
            "mias",
            "sin-dueno",
            "equipo",
            "todas",
            "pospuestas",
            "borradores",
            "sospechosos",
        )
    ]
    pages += ["/c/", "/c/buscar/?q=vajilla", "/c/buscar/?q=marta@example.com",
              f"/c/buscar/?q=%23{pk}", f"/c/buscar/?q={pk}", "/c/clientes/",
              "/c/clientes/?q=marta"]  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert f"/c/conversaciones/{pk}/" not in answer.content.decode()
        assert "Marta Ruiz" not in answer.content.decode()


def test_missing_and_foreign_are_answered_alike(team, ours):
    client = team.client(team.bruno)
    pk = ours["conversaciones"]
    foreign = client.get(f"/c/conversaciones/{pk}/")
    missing = client.get("/c/conversaciones/987654321/")
    assert foreign.status_code == missing.status_code == 404

    def strip(answer):
        return [line for line in answer.content.decode().splitlines() if "data-now" not in line]

    assert strip(foreign) == strip(missing)
