"""The shop from the command line: set up, mailboxes on real servers, mail from files, exports."""

import json
import mailbox
import shutil
import stat
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from esmero.config.postgres import Cluster
from esmero.config.setup import HoursUnclear, parse_hours
from esmero.config.tests.test_backup import esmero
from tests.servers import WHY_NOT, DovecotServer, SmtpSink, a_mail, has_dovecot

pytestmark = pytest.mark.slow

SETUP = ["setup", "--no-input", "--shop", "Tienda Luz", "--admin-email", "ana@example.com"]
PASSWORD = "brasa-y-candil"


@pytest.fixture(scope="module")
def data():
    """A migrated shop whose database runs, so that each command starts quickly."""
    folder = Path(tempfile.mkdtemp(prefix="esmero-cli-"))
    folder.chmod(0o711)
    esmero(folder, "migrate")
    cluster = Cluster(folder)
    cluster.start()
    yield folder
    cluster.stop()
    shutil.rmtree(folder)


def query(data, statement):
    with psycopg.connect(Cluster(data).url()) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture(scope="module")
def shop(data):
    """The same, set up."""
    link, _ = esmero(data, "setup", "--link")
    assert link.startswith("http://localhost:8000/instalar/")
    _, err = esmero(data, *SETUP, status=2, ESMERO_ADMIN_PASSWORD="123")
    assert err
    _, err = esmero(data, *SETUP, "--hours", "L-V 9 to 5", status=2)
    assert "9 to 5" in err
    _, err = esmero(data, "setup", "--no-input", status=2)
    assert "--shop" in err
    assert query(data, "SELECT count(*) FROM people_agent") == [(0,)]
    out, _ = esmero(
        data, *SETUP, "--hours", "L-V 9-14,16:30-19; S 10-14", ESMERO_ADMIN_PASSWORD=PASSWORD
    )
    assert "Tienda Luz" in out
    return data


def test_setup_makes_shop_hours_department_and_administrator_once(shop):
    assert query(shop, "SELECT name, country, zone, set_up_at IS NULL FROM shop_shop") == [
        ("Tienda Luz", "ES", "Europe/Madrid", False)
    ]
    assert query(shop, "SELECT email, role FROM people_agent") == [("ana@example.com", "admin")]
    weekday = [[540, 840], [990, 1140]]
    assert query(shop, "SELECT week FROM promises_hours") == [
        ([*[weekday] * 5, [[600, 840]], []],)
    ]
    for words in (SETUP, ["setup", "--link"]):
        _, err = esmero(shop, *words, status=1)
        assert "set up already" in err
    assert query(shop, "SELECT count(*) FROM people_agent") == [(1,)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("L-V 9:00-14:00", {0: [(540, 840)], 4: [(540, 840)]}),
        ("Mo,We 9-17", {0: [(540, 1020)], 2: [(540, 1020)]}),
        ("D 0-24", {6: [(0, 1440)]}),
        ("", {}),
    ],
)
def test_hours_are_read(text, days):
    week = parse_hours(text)
    assert len(week) == 7
    for day, frames in days.items():
        assert week[day] == frames
    assert week[5] == []


@pytest.mark.parametrize("text", ["L-V", "V-L 9-14", "Z 9-14", "L 14-9", "L 9-25", "L 9:75-14"])
def test_unclear_hours_are_refused(text):
    with pytest.raises(HoursUnclear):
        parse_hours(text)


@pytest.mark.skipif(not has_dovecot(), reason=WHY_NOT)
def test_a_mailbox_is_tried_before_it_is_connected(shop):
    with DovecotServer() as imap, SmtpSink() as smtp:
        imap.create_user("soporte@tienda.example", PASSWORD)
        smtp.users["soporte@tienda.example"] = PASSWORD
        add = ["mailbox", "add", "soporte@tienda.example", "--json"]
        add += ["--imap", f"127.0.0.1:{imap.port}", "--smtp", f"127.0.0.1:{smtp.port}"]
        add += ["--imap-security", "none", "--smtp-security", "none"]

        out, err = esmero(shop, *add, status=1, ESMERO_MAILBOX_PASSWORD="wrong")
        steps = {step["step"]: step for step in json.loads(out)["steps"]}
        assert (steps["imap_login"]["ok"], steps["smtp_login"]["ok"]) == (False, False)
        assert steps["imap_login"]["code"] == "wrong_password"
        assert "AUTHENTICATIONFAILED" in steps["imap_login"]["said"]
        assert "Not connected" in err
        assert query(shop, "SELECT count(*) FROM channels_mailbox") == [(0,)]

        esmero(shop, *add, ESMERO_MAILBOX_PASSWORD=PASSWORD)
        assert smtp.mails == []

        def deliver(taken):
            imap.deliver("soporte@tienda.example", taken.data)

        smtp.forward = deliver
        out, _ = esmero(shop, "mailbox", "test", "--json")
        assert [s["step"] for s in json.loads(out)["steps"] if not s["ok"]] == []
        assert len(smtp.mails) == 2
        learned = query(shop, "SELECT has_plus_addresses FROM channels_mailbox")
        assert learned == [(True,)]
        imap.stop()
        out, _ = esmero(shop, "mailbox", "test", "soporte@tienda.example", "--json", status=1)
        steps = {step["step"]: step for step in json.loads(out)["steps"]}
        assert (steps["imap_connect"]["ok"], steps["smtp_login"]["ok"]) == (False, True)
        assert steps["receive"]["skipped"]
    out, _ = esmero(shop, "mailbox", "list", "--json")
    (box,) = json.loads(out)["mailboxes"]
    assert (box["address"], box["is_active"], box["error"]) == ("soporte@tienda.example", True, "")
    ((sealed,),) = query(shop, "SELECT password_sealed FROM channels_mailbox")
    assert sealed
    assert PASSWORD not in sealed
    _, err = esmero(shop, *add, status=1)
    assert "connected already" in err


@pytest.fixture(scope="module")
def mails(tmp_path_factory):
    """Three kinds of files, with six different mails and one twice."""
    folder = tmp_path_factory.mktemp("correo")
    (folder / "one.eml").write_bytes(
        a_mail("Uno", message_id="<1@example.net>", date=datetime(2026, 3, 1, 9, tzinfo=UTC))
    )
    (folder / "notes.txt").write_text("no mail")
    box = [
        b"From ana@example.net Mon Mar  2 10:00:00 2026\n",
        a_mail("Dos", message_id="<2@example.net>").replace(b"\r\n", b"\n"),
        b"\n>From aqui sigue\n>>From y aqui\n\n",
        b"From - Tue Mar  3 11:00:00 2026\n",
        a_mail("Tres", message_id="<3@example.net>").replace(b"\r\n", b"\n"),
        b"\nFrom is no mail, though it follows an empty line\n\n",
        b"From MAILER-DAEMON Tue Mar  3 12:00:00 2026\n",
        a_mail("Cuatro", message_id="<4@example.net>").replace(b"\r\n", b"\n"),
    ]
    (folder / "archivo").write_bytes(b"".join(box))
    maildir = mailbox.Maildir(folder / "Maildir")
    maildir.add(a_mail("Cinco", message_id="<5@example.net>"))
    maildir.add(
        a_mail("Uno", message_id="<1@example.net>", date=datetime(2026, 3, 1, 9, tzinfo=UTC))
    )
    maildir.add_folder("Viejo").add(a_mail("Seis", message_id="<6@example.net>"))
    (folder / "Maildir" / "tmp" / "half").write_bytes(b"From: half")
    return folder


def test_ingest_files_each_mail_once_as_closed_history(shop, mails):
    out, _ = esmero(shop, "ingest", mails, "--json")
    assert json.loads(out) == {
        "found": 7,
        "stored": 7,
        "duplicates": 1,
        "quarantined": 0,
        "problems": [],
    }
    rows = query(
        shop,
        "SELECT subject, state, is_history, to_char(opened_at at time zone 'UTC', 'MM-DD HH24')"
        " FROM conversations_conversation ORDER BY subject",
    )
    assert [row[:3] for row in rows] == [
        (subject, "resolved", True)
        for subject in ("Cinco", "Cuatro", "Dos", "Seis", "Tres", "Uno")
    ]
    moments = {row[0]: row[3] for row in rows}
    assert (moments["Uno"], moments["Dos"], moments["Tres"]) == (
        "03-01 09",
        "03-02 10",
        "03-03 11",
    )
    texts = dict(query(shop, "SELECT subject, text FROM conversations_message"))
    assert "\nFrom aqui sigue" in texts["Dos"]
    ((raw,),) = query(
        shop,
        "SELECT data FROM channels_raw_mail WHERE position('Subject: Dos'::bytea in data) > 0",
    )
    assert b"\nFrom aqui sigue\n>From y aqui" in bytes(raw)
    assert "From is no mail" in texts["Tres"]
    assert query(shop, "SELECT count(*) FROM promises_promise") == [(0,)]
    assert query(shop, "SELECT count(*) FROM channels_delivery") == [(0,)]

    out, _ = esmero(shop, "ingest", mails, "--json")
    assert json.loads(out)["duplicates"] == 7
    assert query(shop, "SELECT count(*) FROM conversations_message") == [(6,)]


def test_ingest_live_makes_promise_and_acknowledgement(shop, tmp_path):
    live = tmp_path / "live.eml"
    live.write_bytes(a_mail("Ahora mismo", sender="Bruno <bruno@example.net>"))
    out, _ = esmero(shop, "ingest", live, "--live", "--json")
    assert json.loads(out)["stored"] == 1
    assert query(shop, "SELECT kind, state FROM promises_promise") == [("answer", "open")]
    assert query(shop, "SELECT count(*) FROM channels_delivery WHERE is_automatic") == [(1,)]


def test_ingest_says_what_is_not_there(shop, tmp_path):
    _, err = esmero(shop, "ingest", tmp_path / "nothing", status=2)
    assert "nothing" in err


def test_exports_are_complete_json_lines(shop, mails, tmp_path):
    counts = {}
    for name, table in (
        ("conversations", "conversations_conversation"),
        ("messages", "conversations_message"),
        ("promises", "promises_promise"),
        ("customers", "people_customer"),
        ("events", "kernel_event"),
    ):
        out, _ = esmero(shop, "export", name)
        rows = [json.loads(line) for line in out.splitlines()]
        assert [(len(rows),)] == query(shop, f"SELECT count(*) FROM {table}")  # noqa: S608
        assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
        counts[name] = rows
    assert {row["value"] for c in counts["customers"] for row in c["addresses"]} == {
        "ana@example.net",
        "bruno@example.net",
    }
    assert "¿" not in json.dumps(counts["events"])
    assert "token" not in counts["conversations"][0]
    target = tmp_path / "out.jsonl"
    esmero(shop, "export", "customers", "-o", target)
    assert len(target.read_text().splitlines()) == 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    _, err = esmero(shop, "export", "customers", "-o", target, status=1)
    assert "out.jsonl" in err


def test_doctor_tells_what_to_do(shop):
    out, _ = esmero(shop, "doctor", "--json", ESMERO_URL="http://tienda.example")
    findings = {f["subject"]: f for f in json.loads(out)["findings"]}
    assert findings["tables"]["level"] == "OK"
    assert findings["key"]["level"] == "OK"
    assert findings["address"]["level"] == "WARN"
    assert "ESMERO_URL=https" in findings["address"]["remedy"]
    assert findings["backup"]["level"] == "WARN"
    assert (findings["worker"]["level"], findings["mail"]["level"]) == ("WARN", "WARN")
    assert findings["mail in"]["level"] == "OK"
    assert findings["mail out"]["level"] == "OK"
    assert not any("itself failed" in f["remedy"] for f in findings.values())
    (shop / "secret.key").chmod(0o644)
    try:
        out, _ = esmero(shop, "doctor", status=1)
    finally:
        (shop / "secret.key").chmod(0o600)
    assert "FAIL  key" in out
    assert f"→ chmod 600 {shop}/secret.key" in out


def test_articles_come_in_from_files_and_go_out_again(shop, tmp_path):
    sheet = tmp_path / "faq.csv"
    sheet.write_text(
        "title,body,category,state\n"
        "¿Pintáis por encargo?,Entre dos y tres días.,Envíos,published\n"
        ",Sin título.,Envíos,draft\n"
    )
    spanish = {"LANG": "es_ES.UTF-8"}
    out, err = esmero(shop, "knowledge", "import", "--dry-run", sheet, status=1, **spanish)
    assert "¿Pintáis por encargo? (su categoría es nueva; se publica)" in out
    assert "No tiene título." in err
    assert "1 serían nuevos y 0 cambiarían; no se ha escrito nada." in out
    articles = "SELECT count(*) FROM knowledge_article WHERE origin_ref = ''"
    before = query(shop, articles)
    esmero(shop, "knowledge", "import", sheet, status=1)
    assert query(shop, articles) == [(before[0][0] + 1,)]
    out, _ = esmero(shop, "knowledge", "import", "--json", sheet, status=1)
    told = json.loads(out)
    assert [line["what"] for line in told["lines"]] == ["same"]
    assert [one["why"] for one in told["problems"]] == ["no_title"]
    folder = tmp_path / "out"
    esmero(shop, "knowledge", "export", folder)
    (written,) = (path for path in folder.rglob("*.md") if "encargo" in path.name)
    assert "Entre dos y tres días." in written.read_text()
    esmero(shop, "knowledge", "export", folder, status=2)
    sheet_out = tmp_path / "out.csv"
    esmero(shop, "knowledge", "export", sheet_out)
    assert "¿Pintáis por encargo?" in sheet_out.read_text(encoding="utf-8-sig")
    _, err = esmero(shop, "knowledge", "import", tmp_path / "no.csv", status=2, **spanish)
    assert "no.csv" in err
