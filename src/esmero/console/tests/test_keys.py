"""The keyboard: every key once, on the sheet, in the reference, and on what it does."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
PLACES = [ROOT / "src/esmero/console/jinja2", ROOT / "src/esmero/ui/jinja2/ui"]
# Which the scripts take themselves, not an element with data-key.
BY_SCRIPT = {"j", "k", "x", "shift+x", "enter", "esc", "ctrl+enter", "ctrl+k"}


def combinations(row: list[str]) -> list[str]:
    """`g h` is one after the other, `j k` are two keys."""
    row = [key.lower() for key in row]
    return [" ".join(row)] if row[0] == "g" else row


def on_the_sheet(team) -> list[str]:
    html = team.client(team.ana).get("/c/").content.decode()
    sheet = html.split('<dl class="keys">')[1].split("</dl>")[0]
    rows = re.findall(r"<dt>(.*?)</dt>", sheet)
    return [k for row in rows for k in combinations([unescape(k) for k in re.findall("<kbd>(.*?)</kbd>", row)])]  # fmt: skip


def in_the_reference() -> list[str]:
    text = (ROOT / "docs/reference/keyboard.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| `")]
    found = []
    for cell in cells:
        keys = re.findall("`(.*?)`", cell)
        if " then " in cell:
            found += [f"{keys[0]} {key}" for key in keys[1:]]
        else:
            found += [key.lower() for key in keys]
    return found


def carried() -> set[str]:
    found: set[str] = set()
    for place in PLACES:
        for path in place.rglob("*.html"):
            if "gallery" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            for keys in re.findall(r'(?:data-key|[ (,]key)="([^"{]+)"', text):
                found.update(keys.lower().split("|"))
    return found


def test_the_sheet_and_the_reference_name_every_key_once(team):
    sheet, reference = on_the_sheet(team), in_the_reference()
    assert sorted(sheet) == sorted(set(sheet))
    assert sorted(reference) == sorted(set(reference))
    assert sorted(sheet) == sorted(reference)


def test_what_carries_a_key_stands_on_the_sheet(team):
    html = team.client(team.ana).get("/c/").content.decode()
    rail = set(re.findall(r'data-key="(g \w)"', html))
    assert rail
    assert carried() | rail | BY_SCRIPT >= set(on_the_sheet(team)) - {"g i", "g a"}
    assert carried() | rail <= set(on_the_sheet(team))


def test_a_conversation_takes_no_key_twice(team):
    talk = team.write()
    team.give(talk.conversation_id, team.ana)
    client = team.client(team.ana)
    html = client.get(f"/c/conversaciones/{talk.conversation_id}/").content.decode()
    keys = [k for one in re.findall(r'data-key="([^"]+)"', html) for k in one.split("|")]
    # The rail stands a second time in the menu of a narrow screen; only one of them is shown.
    assert {key for key in keys if keys.count(key) > 1} <= {"g a", "g i", "g k", "g s"}
    for key, where in (("z", "posponer/"), ("m", "unir/"), ("t", "etiquetas/"), ("a", "asignar/")):
        (tag,) = re.findall(rf'<[a-z]+ [^>]*data-key="{key}"', html)
        assert where in tag
    (focus,) = re.findall(r'<es-focus><button [^>]*data-key="(.)"', html)
    assert focus == "f"
