"""The pages of a shop with 100,000 conversations, 1,000,000 messages and 200,000 open promises.

The product runs as `esmero up` runs it, its worker idle. Two of the team are signed in (an agent
who sees one department of eight, and the supervisor who sees all) and make half of the requests
each, over a connection that stays open; every answer is checked. So the milliseconds hold the
whole way through the server and back. The old rows are copied into the tables once and kept in
build/ from run to run.
"""

from __future__ import annotations

import http.cookiejar
import os
import random
import re
import statistics
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks import old_data, old_shop, old_words, parts
from benchmarks.frame import percentile
from benchmarks.http_client import Ask, Task
from benchmarks.http_client import run as read
from benchmarks.start import Up
from esmero.config.postgres import Cluster

if TYPE_CHECKING:
    from benchmarks.frame import Bench

CONNECTIONS = 16
PAGE = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is signed in: the cookie, and what can be seen (a step and a first number).

    An agent sees the conversations of one department: those numbers n with
    `department_of(n) == department`; the supervisor sees all.
    """

    cookie: str
    department: int | None

    def sees(self, number: int) -> bool:
        """Say whether a conversation's pages are open to this reader."""
        return self.department is None or _department(number) == self.department


def _department(number: int) -> int:
    return number * 13 % (len(old_data.TOPICS) * old_data.EACH) // old_data.EACH


def run(bench: Bench) -> None:
    """Measure."""
    size = old_data.QUICK if bench.is_quick else old_data.FULL
    folder, seconds = old_shop.filled_folder(size, bench.seed)
    for name, value in seconds.items():
        bench.figure(f"fill_{name}", value, "s")
    os.environ["ESMERO_CLOCK"] = str(old_shop.set_clock(folder))
    up = Up(folder)
    try:
        up.first_page()
        bench.calibrate()
        readers = [
            Reader(sign_in(up.port, old_data.AGENT), 0),
            Reader(sign_in(up.port, old_data.SUPERVISOR), None),
        ]
        os.environ |= {"ESMERO_DATA": str(folder), "DATABASE_URL": Cluster(folder).url()}
        parts.set_up_django()
        asks = Asks(size, readers, bench.seed)
        for name in ("inbox", "thread", "hoy", "portal", "search"):
            _one_at_a_time(bench, up, name, getattr(asks, name))
            bench.calibrate()
        for name in ("inbox", "thread"):
            _many_at_once(bench, up, name, getattr(asks, name))
            bench.calibrate()
        _count_queries(bench, readers)
    finally:
        up.stop()


def sign_in(port: int, email: str) -> str:
    """Sign in as people do; return the cookies."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    where = f"http://localhost:{port}/cuenta/login/"
    form = opener.open(where, timeout=60).read().decode()
    token = _TOKEN.search(form)
    assert token, "the sign-in page has no form"
    said = {"login": email, "password": old_data.PASSWORD, "csrfmiddlewaretoken": token[1]}
    request = urllib.request.Request(
        where, urllib.parse.urlencode(said).encode(), {"Referer": where}
    )
    with opener.open(request, timeout=60) as answer:
        if not answer.geturl().endswith("/c/"):
            raise RuntimeError(f"{email} could not sign in: {answer.geturl()}")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


class Asks:
    """What is asked for, and what each answer must hold; the same for a seed."""

    def __init__(self, size: old_data.Size, readers: list[Reader], seed: int) -> None:
        self.size, self.readers = size, readers
        self.dice = random.Random(seed)

    def _number(self, reader: Reader) -> int:
        while True:
            number = self.dice.randrange(self.size.conversations)
            rank = number * 7919 % self.size.conversations / self.size.conversations
            if reader.sees(number) and not 0.75 <= rank < 0.755:  # no suspects
                return number

    def inbox(self, place: int) -> Ask:
        """A list in one of its orders: its top, its second page or far down."""
        reader = self.readers[place % 2]
        slug = ("mias", "sin-dueno", "equipo", "todas")[place // 2 % 4]
        order = ("plazo", "reciente")[place // 8 % 2]
        said = {"orden": order}
        if place // 16 % 3:
            number = self._number(reader)
            deep = place // 16 % 3 == 2
            moment = old_data.REFERENCE - old_data.SPAN * (0.5 if deep else 0.01)
            kind = "r"
            if order == "plazo":
                kind, moment = "p", old_data.REFERENCE + timedelta(days=4 if deep else 0.3)
            micros = (moment - _EPOCH) // timedelta(microseconds=1)
            said["desde"] = f"{kind}.{micros}.{number + 1}"
        if slug == "mias" and reader.department is None:
            slug = "equipo"  # the supervisor owns nothing here
        path = f"/c/bandejas/{slug}/?{urllib.parse.urlencode(said)}"
        return Ask(path, reader.cookie, ('id="more"', 'id="c-', "ES-3"), f"{slug} {order}")

    def thread(self, place: int) -> Ask:
        """A whole conversation beside its list."""
        reader = self.readers[place % 2]
        number = self._number(reader)
        slug = ("equipo", "sin-dueno", "todas")[place // 2 % 3]
        path = f"/c/conversaciones/{number + 1}/?lista={slug}"
        order = old_words.order_of(number)
        return Ask(path, reader.cookie, (order, f"El número de pedido es {order}."))

    def hoy(self, place: int) -> Ask:
        """Today."""
        reader = self.readers[place % 2]
        return Ask("/c/", reader.cookie, ("ES-3" if reader.department == 0 else "Begoña",))

    def portal(self, place: int) -> Ask:
        """A customer's page, by the link of a mail."""
        from esmero.conversations import queries as conversations

        number = self._number(self.readers[1])
        link = conversations.link_of(old_data.token_of("talk", number), at=old_data.REFERENCE)
        return Ask(f"/consulta/{link}/", "", (old_words.order_of(number),))

    def search(self, place: int) -> Ask:
        """Something to find, of ten kinds in turn."""
        reader = self.readers[place % 2]
        kinds: list[Callable[[Reader], tuple[str, str]]] = [
            self._rare, self._common, self._everywhere, self._two, self._two_apart, self._order,
            self._number_of, self._address, self._name, self._nonsense,
        ]  # fmt: skip
        kind = kinds[place // 2 % len(kinds)]
        words, expected = kind(reader)
        path = "/c/buscar/?" + urllib.parse.urlencode({"q": words})
        return Ask(path, reader.cookie, (expected,), kind.__name__.strip("_"))

    def _rare(self, reader: Reader) -> tuple[str, str]:
        every = old_words.RARE_EVERY
        newest = max(n for n in range(1, self.size.conversations, every) if reader.sees(n))
        return old_words.RARE, f'id="c-{newest + 1}"'

    def _common(self, reader: Reader) -> tuple[str, str]:
        return old_words.COMMON, old_words.COMMON

    def _everywhere(self, reader: Reader) -> tuple[str, str]:
        return self.dice.choice(["pedido", "saludo", "buenos días"]), 'id="c-'

    def _two(self, reader: Reader) -> tuple[str, str]:
        other = self.dice.choice(["cafetera", "transportista", "batería", "Montevideo"])
        return f"{old_words.COMMON} {other}", 'id="c-'

    def _two_apart(self, reader: Reader) -> tuple[str, str]:
        # Never together: in the conversations with the one, the other stands nowhere.
        return f"{old_words.COMMON} {old_words.RARE}", 'class="search"'

    def _order(self, reader: Reader) -> tuple[str, str]:
        number = self._number(reader)
        return old_words.order_of(number), f'id="c-{number + 1}"'

    def _number_of(self, reader: Reader) -> tuple[str, str]:
        number = self._number(reader)
        return str(number + 1), f'id="c-{number + 1}"'

    def _address(self, reader: Reader) -> tuple[str, str]:
        customer = self._number(reader) * 7 % self.size.customers
        return old_words.address_of(customer), 'class="search"'

    def _name(self, reader: Reader) -> tuple[str, str]:
        return old_words.name_of(self.dice.randrange(self.size.customers)), 'class="search"'

    def _nonsense(self, reader: Reader) -> tuple[str, str]:
        return f"xzqv{self.dice.randrange(10_000)}", 'class="search"'


Maker = Callable[[int], Ask]


def _one_at_a_time(bench: Bench, up: Up, name: str, make: Maker) -> None:
    count = 100 if bench.is_quick else 400
    asks = [make(place) for place in range(count)]
    read(Task(up.port, asks[:20], connections=4, seconds=2.0 if name == "inbox" else 0.7))
    product = up.pids()
    before = parts.cpu_seconds(product)
    found = read(Task(up.port, asks))["ms"]
    bench.figure(f"{name}_p50_ms", percentile(found, 0.50), "ms")
    bench.figure(f"{name}_p95_ms", percentile(found, 0.95), "ms")
    used = parts.cpu_seconds(product) - before
    bench.figure(f"{name}_cpu_ms", used * 1000 / count, "ms")
    kinds = defaultdict(list)
    for ask, took in zip(asks, found, strict=True):
        kinds[ask.kind].append(took)
    if len(kinds) > 1:
        said = ", ".join(f"{k} {statistics.median(ms):.0f}" for k, ms in sorted(kinds.items()))
        bench.note(f"{name}, median ms: {said}")


def _many_at_once(bench: Bench, up: Up, name: str, make: Maker) -> None:
    asks = [make(place) for place in range(480)]
    product = up.pids()
    before = parts.cpu_seconds(product)
    seconds = 4.0 if bench.is_quick else 10.0
    found = read(Task(up.port, asks, connections=CONNECTIONS, seconds=seconds))
    used = parts.cpu_seconds(product) - before
    bench.figure(f"{name}_per_s", found["answered"] / found["seconds"], "/s")
    each = used * 1000 / found["answered"]
    bench.figure(f"{name}_busy_cpu_ms", each, "ms")
    # What both cores could do if nobody else used them; the reader's own share is not in it.
    bench.figure(f"{name}_per_s_by_cpu", 1000 * min(2, os.cpu_count() or 1) / each, "/s")


def _count_queries(bench: Bench, readers: list[Reader]) -> None:
    """Say how many statements each page takes, and refuse a count that grows with the rows.

    A list of one page has 40 rows; what stands under a rare word or in the list of suspects of one
    department has a few: the difference must not be more than a branch taken or not.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    def count(reader: Reader, path: str) -> int:
        client = Client(SERVER_NAME="localhost", HTTP_COOKIE=reader.cookie)
        client.get(path)  # what is read once a process is read
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return len(captured)

    agent, supervisor = readers
    pairs = {
        "inbox": (
            count(agent, "/c/bandejas/sospechosos/"),
            max(count(r, f"/c/bandejas/{s}/") for r in readers for s in ("equipo", "todas")),
        ),
        "search": (
            count(agent, f"/c/buscar/?q={old_words.order_of(2)}"),
            max(count(r, f"/c/buscar/?q={old_words.COMMON}") for r in readers),
        ),
        "hoy": (count(supervisor, "/c/"), count(agent, "/c/")),
    }
    for name, (few, many) in pairs.items():
        bench.figure(f"{name}_queries", max(few, many))
        if many > few + 4:
            raise RuntimeError(f"{name}: {few} statements for few rows, {many} for many")
    bench.figure("thread_queries", count(supervisor, "/c/conversaciones/4/?lista=equipo"))
