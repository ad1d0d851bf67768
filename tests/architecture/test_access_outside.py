"""Who gets what at every address that is not the console's, made from the addresses themselves.

A new address without an entry here fails. What is reached by a link is asked for with links that
are forged, foreign, over and missing: all are answered alike. Asking (GET) changes nothing, not
even when a scanner follows a link before its reader does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from esmero.conversations import queries as conversations
from esmero.kernel import files, signing
from esmero.portal.tests.conftest import *  # noqa: F403  its shop, customer and moment
from esmero.portal.tests.conftest import write_in
from tests.cast import NOON

# PAGE: anybody's. LINK: by a signed link. MEMBER: by signing in. KEY: by the set-up's token.
# MACHINE: health. CODE: by something sent to a member's address. SHOP: only what the shop chose.
# READER: what its article's readers may see. OWN: a customer's who came in with a code.
PAGE, LINK, MEMBER, KEY, MACHINE, CODE, SHOP, READER, OWN = [
    "page",
    "link",
    "member",
    "key",
    "machine",
    "code",
    "shop",
    "reader",
    "own",
]

MATRIX = {
    "portal": {
        "home": PAGE, "word": PAGE, "contact": PAGE, "links": PAGE, "colours": SHOP,
        "received": SHOP, "enquiry": LINK, "resolved": LINK, "file": LINK,
        **dict.fromkeys(
            ("help", "search", "suggest", "shelf", "article", "manual_page", "vote", "news",
             "feed", "legal", "sitemap", "sitemap_part", "robots", "mine", "forget", "erased"),
            PAGE,
        ),
        "logo": SHOP, "article_file": READER, "code": CODE,
        **dict.fromkeys(("leave", "data", "withdraw", "download", "erase"), OWN),
    },
    "app": {"manifest": PAGE, "worker": PAGE, "offline": PAGE, "silence": CODE},
    "setup": KEY,
    "accounts": {
        "account_login": PAGE, "account_logout": PAGE, "account_request_login_code": PAGE,
        "account_confirm_login_code": CODE, "account_reset_password": PAGE,
        "account_reset_password_done": PAGE, "account_reset_password_from_key": CODE,
        "account_reset_password_from_key_done": PAGE, "mfa_login_webauthn": PAGE,
        "mfa_authenticate": CODE, "account_inactive": PAGE,
    },
    "health": MACHINE,
}  # fmt: skip
TOKENED = re.compile(r"<\w+:(?:link|token|uidb36|key|ticket)>")


def routes(patterns=None, prefix="", room="") -> Iterator[tuple[str, str, str]]:
    """Yield room, path and name of every address but the console's and the static files'."""
    for one in patterns or get_resolver().url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = room or {"c/": "console", "cuenta/": "accounts", "instalar/": "setup"}.get(
                path, one.namespace or ("health" if "health" in str(one.urlconf_name) else "?")
            )
            if inner != "console":
                yield from routes(one.url_patterns, path, inner)
        elif isinstance(one, URLPattern):
            yield room, "/" + path, str(one.name)


ROUTES = list(routes())


def kind_of(room: str, name: str) -> str | None:
    entry = MATRIX.get(room)
    if isinstance(entry, dict):
        return entry.get(name, MEMBER if room == "accounts" else None)
    return entry


def test_every_address_has_an_entry():
    assert [(r, p, n) for r, p, n in ROUTES if kind_of(r, n) is None] == []
    known = {(r, n) for r, _p, n in ROUTES}
    for room, entry in MATRIX.items():
        if isinstance(entry, dict):
            assert sorted(n for n in entry if (room, n) not in known) == []


def test_whatever_has_a_token_in_it_is_no_open_page():
    wrong = [p for r, p, n in ROUTES if TOKENED.search(p) and kind_of(r, n) in (PAGE, MACHINE)]
    assert wrong == []


@pytest.fixture
def enquiry(house):
    blob = files.put(b"x", at=NOON)
    other = write_in(email="otra@cliente.example", text="Otra cosa")
    from esmero.conversations.models import Attachment, Message

    found = write_in()
    file = Attachment.objects.create(
        message=Message.objects.get(conversation=found), name="a.txt", blob=blob, size=1
    )
    foreign = Attachment.objects.create(
        message=Message.objects.get(conversation=other), name="b.txt", blob=blob, size=1
    )
    return found, file.token, foreign.token


def test_ones_own_pages_ask_for_a_code_first(enquiry):
    for room, path, name in ROUTES:
        if kind_of(room, name) != OWN:
            continue
        where = path.replace("<int:consent_id>", "1")
        for answer in (Client().get(where), Client().post(where, {"seguro": "si"})):
            assert answer.status_code in (302, 405), where
            if answer.status_code == 302:
                assert answer["Location"] == "/mis-consultas/"


LINKED = [(p, n) for r, p, n in ROUTES if kind_of(r, n) == LINK]


@pytest.mark.parametrize(("path", "name"), LINKED)
def test_only_the_right_link_opens_and_all_others_look_alike(enquiry, at, path, name):
    found, file, foreign = enquiry
    good = conversations.link_of(found.token, at=NOON)
    token, day, signature = good.split(".")
    elsewhere = signing.sign("another-purpose", f"{token}.{day}")
    bad = [
        f"{token}.{day}.{'a' * 26}", f"{token}.{day}.{elsewhere}", f"{'x' * 27}.{day}.{signature}",
        f"{token}.zzz.{signature}", token, f"{found.pk}", "..", f"{good}.", "%00", "a" * 500,
    ]  # fmt: skip
    said = set()
    for link in bad:
        where = path.replace("<str:link>", link).replace("<str:token>", file)
        for answer in (Client().get(where), Client().post(where, {"text": "x"})):
            if answer.status_code == 405:
                continue
            assert answer.status_code == 404, where
            said.add(re.sub(r'/consulta/[^"]*|"X-CSRFToken": "\w+"', "", answer.content.decode()))
    assert len(said) == 1
    where = path.replace("<str:link>", good)
    if "<str:token>" in where:
        assert Client().get(where.replace("<str:token>", foreign)).status_code == 404
    assert Client().get(where.replace("<str:token>", file)).status_code in (200, 405)
    at(NOON + timedelta(days=91))
    over = Client().get(where.replace("<str:token>", file))
    assert over.status_code in (404, 405)


def test_a_scanner_that_follows_everything_changes_nothing(enquiry, client):
    found, file, _foreign = enquiry
    link = conversations.link_of(found.token, at=NOON)
    before = _fingerprint()
    for _room, path, _name in ROUTES:
        where = path.replace("<str:link>", link)
        where = where.replace("<slug:colour>", "a23e1b").replace("<str:ticket>", "x")
        where = re.sub(r"<[^>]*token>", file, where)
        where = re.sub(r"<[^>]+>|\(\?P[^)]*\)[^/]*", "1", where).replace("^", "").replace("$", "")
        for _ in range(2):
            client.get(where)
            client.head(where)
    assert _fingerprint() == before
    assert client.get(f"/consulta/{link}/").status_code == 200


def test_links_stay_out_of_the_referer_and_of_every_cache(enquiry, client):
    found, file, _foreign = enquiry
    link = conversations.link_of(found.token, at=NOON)
    for where in (f"/consulta/{link}/", f"/consulta/{link}/archivos/{file}/"):
        headers = client.get(where).headers
        assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
        assert "no-store" in headers["Cache-Control"]
    page = client.get(f"/consulta/{link}/").content.decode()
    outside = re.findall(r'(?:src|href)="(https?://[^"]+)"', page)
    assert [url for url in outside if not url.startswith(settings.ENV.url)] == []


def _fingerprint() -> list[tuple[str, int, int]]:
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            if table.startswith("django_") or table == "kernel_cache":
                continue
            cursor.execute(
                f'SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM "{table}"'  # noqa: S608
            )
            found.append((table, *cursor.fetchone()))
    return found
