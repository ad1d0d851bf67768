"""The search process and those who ask it."""

import contextlib
import socket
import struct
import threading

import pytest

from esmero.knowledge.search import Index
from esmero.knowledge.search.serving import Client, SearchRefused, SearchUnavailable, Server
from esmero.knowledge.search.tests.test_index import ARTICLES, Bags, article


@pytest.fixture
def path(tmp_path):
    return tmp_path / "s"


@pytest.fixture
def server(path):
    made = Server(Index(Bags()), path)
    made.start()
    yield made
    made.close()


def test_search_over_the_socket_equals_the_index(server, path):
    client, index = Client(path), Index(Bags())
    index.put(ARTICLES)
    assert client.put(ARTICLES) == 6
    asked = {"language": "es", "audiences": ["public"], "limit": 3}
    assert client.search("otra talla", **asked) == index.search("otra talla", **asked)
    assert client.vectors_for(ARTICLES[0]) == index.vectors_for(ARTICLES[0])
    assert client.remove(["1"]) == 5
    client.tidy()
    assert client.ids() == {"2", "3", "4", "5", "6"}
    assert client.health() == {"documents": 5, "encoder": "bags-1", "problem": ""}
    client.close()


def test_search_without_a_process_is_said(path):
    with pytest.raises(SearchUnavailable):
        Client(path).ids()


def test_search_silent_process_is_given_up(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    with listener, pytest.raises(SearchUnavailable, match="in time"):
        Client(path, timeout_s=0.05).ids()


def test_client_outlives_a_restart_of_the_process(server, path):
    client = Client(path)
    client.put(ARTICLES)
    server.close()
    with pytest.raises(SearchUnavailable):
        client.ids()
    again = Server(Index(None), path)
    again.start()
    assert client.ids() == set()
    again.close()
    third = Server(Index(None), path)
    third.start()
    assert client.ids() == set()
    client.close()
    third.close()


def test_server_outlives_bad_messages(server, path):
    for data in (
        b"\xff\xff\xff\xff",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 3) + b"}{!",
        struct.pack(">I", 9),
        b"GET / HTTP/1.1\r\n\r\n",
    ):
        with socket.socket(socket.AF_UNIX) as rude:
            rude.connect(str(path))
            rude.sendall(data)
            rude.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                rude.recv(1000)
    client = Client(path)
    with pytest.raises(SearchRefused, match="dance"):
        client._ask(do="dance")
    with pytest.raises(SearchRefused, match="KeyError"):
        client._ask(do="search")
    assert client.ids() == set()
    client.close()


def test_what_the_process_does_beside_searching(path):
    def add(asked):
        return {"sum": sum(asked["numbers"])}

    server = Server(Index(None), path, more={"add": add, "search": add})
    server.start()
    client = Client(path)
    assert client.more("add", timeout_s=1, numbers=[1, 2]) == {"sum": 3}
    for asked in ({"numbers": 3}, {}):
        with pytest.raises(SearchRefused):
            client.more("add", timeout_s=1, **asked)
    # What the server knows itself nobody takes from it.
    assert client.search("factura", language="es", audiences=["public"]).hits == ()
    client.close()
    server.close()


def test_many_threads_ask_at_once(server, path):
    client = Client(path)
    client.put(ARTICLES)
    found = []

    def ask(number):
        client.put([article(50 + number, "Otra pregunta")])
        hits = client.search("factura", language="es", audiences=["public"]).hits
        found.append(hits[0].document_id)
        client.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["6"] * 8
    assert len(client.ids()) == 14
    client.close()
