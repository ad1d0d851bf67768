"""Who gets what at every address of the console, made from the addresses themselves.

A new address without an entry here fails. Each address is asked by: nobody (sent to sign in), an
agent of another department (gets nothing of ours, and cannot tell it from what is not there), an
agent of ours, and a supervisor. Asking (GET) changes nothing in the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from esmero.console.tests.conftest import *  # noqa: F403  its team and texts

OPEN, FOREIGN_404, SUPERVISOR, ADMIN = "open", "404", "supervisor", "admin"

# name → what an agent of another department meets there
MATRIX = {
    "hoy": OPEN, "me": OPEN, "signatures": OPEN, "inbox_start": OPEN, "inbox": OPEN,
    "search": OPEN, "customers": OPEN, "batch": SUPERVISOR, "merge_several": OPEN,
    "search_filters": OPEN, "go": OPEN, "go_data": OPEN,
    "company": OPEN,
    "bulk_plan": OPEN, "view_new": OPEN, "view_counts": OPEN, "after": OPEN,
    **dict.fromkeys(
        ("tags", "follow", "priority", "trace", "macros", "macro", "bulk", "bulk_stop",
         "bulk_undo", "view", "view_drop"),
        FOREIGN_404,
    ),
    "bell": OPEN, "bell_fresh": OPEN, "bell_seen": OPEN, "my_notices": OPEN, "my_pause": OPEN,
    "my_browser": OPEN, "my_browser_off": OPEN, "mute": FOREIGN_404,
    "live_rows": OPEN, "live_presence": OPEN, "takeover": FOREIGN_404,
    **dict.fromkeys(
        ("thread", "talk", "earlier", "write", "draft", "discard", "add_files", "remove_file",
         "assign", "take", "resolve", "reopen", "wait", "snooze", "wake", "kind", "spam", "ham",
         "promise", "spoken", "saved", "use_saved", "mentionable", "mentions_seen", "share",
         "turns", "answers", "articles", "use_article", "article_from", "check", "learn_word", "hide_copies", "edit_promise", "undo", "again", "frame", "remote", "original", "whole",
         "file", "image", "customer", "change_customer", "customer_addresses",
         "merge_customer", "unmerge_customer", "merge", "split", "relate", "participants",
         "remove_participant", "consult", "side_new", "undo_move", "unrelate",
         "end_consultation", "side", "side_draft", "side_state", "customer_history", "customer_known",
         "customer_note", "customer_fields", "customer_consent", "customer_not_same"),
        FOREIGN_404,
    ),
    **dict.fromkeys(
        ("knowledge", "know_new", "know_news", "know_file", "know_article", "know_language",
         "know_archive", "know_describe", "know_review", "know_related", "know_picture",
         "know_manual", "know_file_change", "know_write", "know_autosave", "know_preview",
         "know_step", "know_address", "know_versions", "know_version"),
        OPEN,
    ),
    **dict.fromkeys(
        ("know_categories", "know_category_new", "know_category", "know_category_move",
         "know_category_merge", "know_category_remove", "know_synonyms", "know_synonyms_change",
         "know_import", "know_export"),
        SUPERVISOR,
    ),
    **dict.fromkeys(
        ("delivery", "delivery_html", "delivery_raw", "delivery_again", "delivery_arrived"),
        FOREIGN_404,
    ),
    **dict.fromkeys(
        ("questions", "question", "questions_merge", "questions_coverage", "question_draft",
         "question_dismiss", "question_reopen", "question_split",
         "settings", "reports", "report_promises", "report_broken", "report_csv", "outbox"), OPEN
    ),
    **dict.fromkeys(
        ("settings_absences", "settings_absence_end", "settings_senders",
         "settings_answers", "settings_answer_new", "settings_answer", "settings_answer_remove",
         "settings_check", "settings_word_add", "settings_word_remove",
         "settings_sender_forget", "outbox_late", "quarantine", "quarantine_raw",
         "quarantine_retry", "quarantine_dismiss", "ignored", "mail_health", "settings_tags",
         "settings_tag", "settings_tag_retire", "settings_macros", "settings_macro_new",
         "settings_macro", "settings_macro_retire", "settings_sharing",
         "settings_sharing_department", "settings_sharing_agent"),
        SUPERVISOR,
    ),
    **dict.fromkeys(
        ("settings_shop", "settings_shade", "settings_portal", "settings_portal_logo",
         "settings_portal_links", "settings_legal", "settings_hours", "settings_hours_new",
         "settings_hours_edit", "settings_special_day", "settings_special_day_remove",
         "settings_hours_default", "settings_hours_remove", "settings_departments",
         "settings_department_new", "settings_department", "settings_department_close",
         "settings_standards", "settings_standard_new", "settings_standard_preview",
         "settings_standard", "settings_standard_remove", "settings_team",
         "settings_member_new", "settings_member", "settings_member_invite", "settings_member_withdraw", "settings_mailboxes", "settings_mailbox_new",
         "settings_mailbox_consented", "settings_mailbox", "settings_mailbox_test",
         "settings_mailbox_consent", "settings_texts", "settings_text", "settings_text_sample",
         "settings_text_built_in", "settings_rules", "settings_rule_new", "settings_rule",
         "settings_rule_switch", "settings_rule_move", "settings_rule_drop",
         "settings_text_built_in", "settings_fields", "settings_field_new", "settings_field",
         "settings_field_close", "settings_tiers", "settings_tier", "settings_tier_remove",
         "settings_audit", "settings_audit_csv"),
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
    from esmero.conversations.enums import Doing
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
    from esmero.conversations.enums import RelationKind
    from esmero.conversations.models import Attachment

    third = team.write("¿Y la tapa?")
    (move,) = conversations.merge_conversations(
        kept_id=found.conversation_id, merged_ids=[third.conversation_id], at=now(),
        by=team.ana.pk,
    )  # fmt: skip
    relation = conversations.link_conversations(
        first_id=found.conversation_id, second_id=other.conversation_id,
        kind=RelationKind.RELATED, at=now(), by=team.ana.pk,
    )  # fmt: skip
    asked = conversations.consult(
        conversation_id=found.conversation_id, question="¿Lo sabes tú?", agent_id=team.carla.pk,
        at=now(), by=team.ana.pk,
    )  # fmt: skip
    side = channels.begin_side(
        conversation_id=found.conversation_id, subject="Vajilla Turia", at=now(),
        mail=channels.SideMail(
            agent_id=team.ana.pk, text="¿Dónde está?", to=[("", "ruta@transporte.example")]
        ),
    )  # fmt: skip

    delivery = channels.enqueue_automatic(
        template="acknowledgement", conversation_id=found.conversation_id, language="es",
        to=("Marta Ruiz", "marta@example.com"), promise_id=found.promise_id, at=now(),
    )  # fmt: skip
    from esmero.knowledge import actions as knowledge
    from esmero.knowledge.enums import Kind

    article = knowledge.create_article(
        kind=Kind.FAQ, language="es", title="Pagos", body="<p>Con tarjeta.</p>", at=now(),
        by=team.ana.pk,
    )  # fmt: skip
    knowledge.publish_text(article_id=article, language="es", at=now(), by=team.carla.pk)
    picture = knowledge.add_picture(
        article_id=article, name="a.png", at=now(),
        data=b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01",
    )  # fmt: skip
    from esmero.desk import actions as desk
    from esmero.desk.queries import read_acts

    acts = read_acts([{"do": "priority", "value": "1"}])
    macro = desk.save_macro(
        name="Urgente", acts=acts, department_id=team.support, at=now(), by=team.carla.pk
    )
    view = desk.save_view(
        name="Vajilla Turia", conditions={"priority": ["1"]}, order="plazo",
        department_id=team.support, agent_id=team.ana.pk, at=now(),
    )  # fmt: skip
    bulk = desk.plan_bulk(agent_id=team.ana.pk, conversation_ids=[found.conversation_id], at=now())
    line = {"line": "linea-de-ana", "tab": "ventana-1", "doing": Doing.WRITES}
    conversations.note_presence(
        agent_id=team.ana.pk, conversation_id=found.conversation_id, at=now(), **line
    )
    wish = conversations.ask_takeover(
        conversation_id=found.conversation_id, by=team.carla.pk, at=now()
    )
    from esmero.knowledge import actions as knowledge
    from esmero.knowledge.models import Candidate

    for asker in ("a", "b"):
        knowledge.note_search(
            text="¿Abrís los sábados?", language="es", asker=asker, found=None, at=now()
        )
    knowledge.group_questions(at=now())
    return {
        "candidate": Candidate.objects.get().pk,
        "saber": article,
        "picture": picture,
        "relevos": wish,
        "macro": macro,
        "vistas": view,
        "varias": bulk,
        "conversaciones": found.conversation_id,
        "mensajes": found.message_id,
        "promesas": found.promise_id,
        "clientes": found.customer_id,
        "merge": merge,
        "archivos": Attachment.objects.get().token,
        "quitar": token,
        "salida": delivery,
        "movimientos": move,
        "enlaces": relation,
        "consultas": asked,
        "laterales": side,
    }


def address(path: str, ours: dict[str, object]) -> str:
    first = path.split("/")[0]
    filled = "/c/" + path
    filled = filled.replace("<int:pk>", str(ours.get(first, "")))
    filled = filled.replace("<int:candidate>", str(ours.get("candidate", 1)))
    filled = filled.replace("<int:macro>", str(ours.get("macro", 1)))
    filled = filled.replace("<int:delivery_id>", str(ours["salida"]))
    filled = re.sub(r"<int:\w+_id>", "1", filled).replace("<str:on>", "2026-11-19")
    filled = filled.replace("<slug:key>", "acknowledgement").replace("<str:language>", "es")
    filled = filled.replace("<int:merge>", str(ours["merge"])).replace("<slug:slug>", "equipo")
    filled = filled.replace("<slug:legal>", "privacidad")
    token = ours["quitar"] if "quitar" in path else ours["archivos"]
    token = ours["picture"] if first == "saber" else token
    return filled.replace("<str:token>", str(token))


@contextmanager
def undone() -> Iterator[None]:
    """Take back what one address has changed before the next is asked."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_nobody_is_sent_to_sign_in(team, ours):
    wrong = []
    for path, name in KNOWN:
        where = address(path, ours)
        for answer in (Client().get(where), Client().post(where)):
            to = answer.headers.get("Location", "")
            if answer.status_code != 405 and not (
                answer.status_code == 302 and to.startswith("/cuenta/login/")
            ):
                wrong.append((name, where, answer.status_code, to))
    assert wrong == []


def test_agent_of_another_department_gets_nothing(team, ours):
    client, wrong = team.client(team.bruno), []
    wanted = {FOREIGN_404: {404}, SUPERVISOR: {403}, ADMIN: {403}}
    for path, name in KNOWN:
        where = address(path, ours)
        for ask in (client.get, lambda at: client.post(at, {"text": "x", "to": "nobody"})):
            with undone():
                answer = ask(where)
                text = b"".join(answer).decode(errors="replace")
            if answer.status_code == 405:
                continue
            if answer.status_code not in wanted.get(MATRIX[name], {answer.status_code}):
                wrong.append((name, where, answer.status_code))
            for secret in ("Vajilla Turia", "lavavajillas", "marta@example.com", "Marta Ruiz"):
                if secret in text:
                    wrong.append((name, where, secret))
    assert wrong == []


def test_own_agent_and_supervisor_get_in_and_get_changes_nothing(team, ours):
    queries = {
        "remote": "?u=http://127.0.0.1/x.png&s=forged",
        "live_rows": f"?lista=equipo&ids={ours['conversaciones']}",
        "earlier": "?antes=999999999",
    }
    unusual = {
        "delivery_raw": {200, 302, 404, 405},  # it has no bytes before it leaves
        "delivery_html": {200, 302, 404, 405},
        "turns": {200, 302, 404, 405},  # of a draft that nobody has shown to her
        "remote": {404},  # forged
        "original": {404},  # there is no raw mail of it
    }
    clients, wrong = [team.client(team.ana), team.client(team.carla)], []
    before = _fingerprint()
    for path, name in OURS:
        where = address(path, ours) + queries.get(name, "")
        for client in clients:
            with undone():
                answer = client.get(where)
                b"".join(answer)
                if _fingerprint() != before and name != "original":
                    wrong.append((name, where, "it has changed something"))
            if answer.status_code not in unusual.get(name, {200, 302, 405}):
                wrong.append((name, where, answer.status_code))
    assert wrong == []


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
            "seguidas",
            "borradores",
            "sospechosos",
        )
    ]
    pages += ["/c/", "/c/buscar/?q=vajilla", "/c/buscar/?q=marta@example.com",
              f"/c/buscar/?q=%23{pk}", f"/c/buscar/?q={pk}", "/c/clientes/",
              "/c/clientes/?q=marta", "/c/ir/?q=vajilla", "/c/ir/datos/?q=vajilla",
              "/c/ir/datos/?q=marta", f"/c/ir/datos/?q={pk}", "/c/buscar/?q=de:marta",
              "/c/buscar/?q=estado:abierta", "/c/buscar/?q=vajila"]  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert f"/c/conversaciones/{pk}/" not in answer.content.decode()
        assert "Marta Ruiz" not in answer.content.decode()


def test_live_rows_and_presence_of_a_foreign_conversation_are_those_of_none(team, ours):
    client, pk = team.client(team.bruno), ours["conversaciones"]
    for slug in ("equipo", "todas", "sospechosos", "mias", "sin-dueno", "pospuestas"):
        rows = client.get(f"/c/vivo/filas/?lista={slug}&ids={pk},987654321")
        assert rows.status_code == 200
        assert f"c-{pk}" not in rows.content.decode()
    assert f"c-{pk}" not in client.get(f"/c/vivo/filas/?q=vajilla&ids={pk}").content.decode()
    for number in (pk, 987654321):
        said = {"linea": "linea-de-bruno", "ventana": "ventana-1", "conversacion": number}
        assert client.post("/c/vivo/aqui/", said).status_code == 404


def test_missing_and_foreign_are_answered_alike(team, ours):
    client = team.client(team.bruno)
    pk = ours["conversaciones"]
    foreign = client.get(f"/c/conversaciones/{pk}/")
    missing = client.get("/c/conversaciones/987654321/")
    assert foreign.status_code == missing.status_code == 404

    def strip(answer):
        return [line for line in answer.content.decode().splitlines() if "data-now" not in line]

    assert strip(foreign) == strip(missing)
