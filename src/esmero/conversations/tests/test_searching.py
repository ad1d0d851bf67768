"""Search finds the same by both of its ways, newest first, and only what may be seen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from esmero.conversations import actions, ports, queries
from esmero.conversations.models import Conversation, Message, Participant, Word
from esmero.conversations.reads import searching
from esmero.people.enums import Role
from esmero.people.models import Agent, Customer, CustomerAddress, Department, Membership

AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db
Write = Callable[..., int]


@pytest.fixture(params=["by the index", "among the newest"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "among the newest":
        monkeypatch.setattr(searching, "FEW", -1)


@pytest.fixture
def departments() -> list[Department]:
    return [Department.objects.create(name=name, slug=name) for name in ("ventas", "garantia")]


@pytest.fixture
def bruno(departments: list[Department]) -> Agent:
    agent = Agent.objects.create(email="bruno@tienda.example", name="Bruno", created_at=AT)
    Membership.objects.create(agent=agent, department=departments[0])
    return agent


@pytest.fixture
def ana() -> Agent:
    role = Role.SUPERVISOR.value
    return Agent.objects.create(email="ana@tienda.example", name="Ana", role=role, created_at=AT)


@pytest.fixture
def write(departments: list[Department]) -> Write:
    moments = iter(AT + timedelta(hours=n) for n in range(1000))

    def one(*texts: str, subject: str = "", place: int = 0, name: str = "Otra Persona") -> int:
        at = next(moments)
        customer = Customer.objects.create(name=name, created_at=at)
        CustomerAddress.objects.create(
            customer=customer,
            value=f"cliente{customer.pk}@correo.example",
            is_primary=True,
            created_at=at,
        )
        conversation = Conversation.objects.create(
            subject=subject, customer=customer, department=departments[place],
            channel="mail", opened_at=at, last_message_at=at,
        )  # fmt: skip
        Participant.objects.create(conversation=conversation, customer=customer, added_at=at)
        for text in texts:
            Message.objects.create(
                conversation=conversation, direction="in", channel="mail", at=at,
                author_customer=customer, subject=subject, text=text,
            )  # fmt: skip
        return conversation.pk

    return one


@pytest.mark.usefixtures("_way")
def test_words_are_found_newest_first_each_conversation_once(write: Write, ana: Agent) -> None:
    old = write("La cafetera no calienta", "¿Y la cafetera?", subject="Devolución")
    write("Otra cosa")
    new = write("Quiero otra CAFETERA", subject="devolucion de ayer")
    assert queries.search(ana, "cafeteras devolución", at=AT).ids == [new, old]
    assert queries.search(ana, "cafetera devolucion", at=AT).has_more is False
    first = queries.search(ana, "cafetera", at=AT, limit=1)
    assert (first.ids, first.has_more) == ([new], True)
    assert queries.search(ana, "zanfona", at=AT).ids == []
    assert queries.search(ana, "de la y", at=AT).ids == []
    assert queries.search(ana, "50% 'o --", at=AT).ids == []


@pytest.mark.usefixtures("_way")
def test_only_what_may_be_seen_is_found(write: Write, ana: Agent, bruno: Agent) -> None:
    hers = write("Un reembolso", place=0)
    other = write("Un reembolso", place=1, name="Lucía Peña")
    assert queries.search(ana, "reembolso", at=AT).ids == [other, hers]
    assert queries.search(bruno, "reembolso", at=AT).ids == [hers]
    assert queries.search(bruno, f"#{other}", at=AT).ids == []
    assert queries.search(bruno, "Lucía", at=AT).ids == []
    assert queries.search(ana, "lucía", at=AT).ids == [other]
    Conversation.objects.filter(pk=other).update(owner_agent=bruno)
    assert queries.search(bruno, "reembolso", at=AT).ids == [other, hers]


def test_common_words_that_the_newest_do_not_hold_are_found_by_the_index(
    write: Write, ana: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FEW", -1)
    monkeypatch.setattr(searching, "NEWEST", 2)
    old = write("Un reembolso")
    for _ in range(3):
        write("Nada")
    assert queries.search(ana, "reembolso", at=AT).ids == [old]


def test_numbers_addresses_and_people_are_found(write: Write, ana: Agent) -> None:
    first = write("Hola", name="Begoña Ibáñez")
    mentions = write("Soy la vecina de Begoña Ibáñez")
    address = CustomerAddress.objects.order_by("id")[0].value
    assert queries.search(ana, str(first), at=AT).ids == [first]
    assert queries.search(ana, address.upper(), at=AT).ids == [first]
    assert queries.search(ana, "begoña ibá", at=AT).ids[0] == first
    assert queries.search(ana, "Begoña Ibáñez", at=AT).ids == [first, mentions]


def test_the_number_of_statements_does_not_grow(write: Write, ana: Agent) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.search(ana, "Otra Persona", at=AT)
        return len(captured)

    write("Hola")
    few = asked()
    for _ in range(12):
        write("Otra persona escribe")
    assert asked() == few


# -- slips of the finger --------------------------------------------------------


def learn() -> None:
    while actions.learn_words(at=AT):
        pass


@pytest.mark.parametrize(
    "typed", ["devulucion", "devoluvión", "devolucin", "deovlucion", "devolucioon", "devolucionws"]
)
def test_one_slip_in_a_longer_word_is_forgiven(write: Write, ana: Agent, typed: str) -> None:
    meant = write("Quiero una devolución de la cafetera")
    write("Otra cosa completamente distinta")
    learn()
    found = queries.search(ana, typed, at=AT)
    assert (found.ids, found.is_wider) == ([meant], True)
    marked = queries.shown_words(found.ids, found.query)[meant].text
    assert [text for is_word, text in marked if is_word] == ["devolución"]


def test_what_is_written_right_comes_before_what_is_like_it(write: Write, ana: Agent) -> None:
    exact = write("Un rembolso, por favor")
    like = write("Un reembolso, por favor")
    write("Nada de eso")
    learn()
    assert queries.search(ana, "rembolso", at=AT).ids == [exact, like]
    assert queries.search(ana, "reembolso", at=AT).ids == [like, exact]


def test_short_words_are_taken_at_their_word(write: Write, ana: Agent) -> None:
    write("La casa azul")
    learn()
    assert queries.search(ana, "caja", at=AT).ids == []
    assert queries.search(ana, "azum", at=AT).ids == []


def test_each_of_several_words_may_have_a_slip(write: Write, ana: Agent) -> None:
    meant = write("La cafetera llegó rota y sin manual")
    write("La cafetera llegó bien")
    learn()
    assert queries.search(ana, "cafetrea manaul", at=AT).ids == [meant]


def test_learning_goes_on_where_it_stopped(
    write: Write, ana: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("esmero.conversations.actions.words.BATCH", 2)
    for _ in range(5):
        write("zanfona")
    assert [actions.learn_words(at=AT) for _ in range(4)] == [True, True, True, False]
    assert list(Word.objects.values_list("word", "n")) == [("zanfon", 5)]
    write("otra zanfona")
    learn()
    assert Word.objects.get(word="zanfon").n == 6


@pytest.mark.parametrize(
    "typed", ["begona ibanez", "BEGOÑA", "begonia", "Begoña Ibañes", "ibanes"]
)
def test_names_are_found_without_accents_and_with_a_slip(
    write: Write, ana: Agent, typed: str
) -> None:
    hers = write("Hola", name="Begoña Ibáñez")
    write("Hola", name="Benito Ibarra")
    assert queries.search(ana, typed, at=AT).ids == [hers]


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("+34600111222", "600 111 222"), ("+34600111222", "+34 600-11-12-22"),
        ("+34600111222", "0034 600111222"), ("+34600111222", "(600) 111.222"),
        ("+34600111222", "34600111222"), ("+34600111222", "600 111"),
        ("600111222", "+34 600 111 222"), ("+525512345678", "55 1234 5678"),
    ],
)  # fmt: skip
def test_a_telephone_is_found_in_any_spacing(
    write: Write, ana: Agent, kept: str, typed: str
) -> None:
    write("Hola")
    hers = write("Hola")
    write("Hola")
    customer = Conversation.objects.get(pk=hers).customer
    CustomerAddress.objects.create(customer=customer, kind="phone", value=kept, created_at=AT)
    assert queries.search(ana, typed, at=AT).ids == [hers]


@pytest.mark.parametrize("typed", ["ES-300001", "es-300001", "300001", "#300001", '"ES-300001"'])
def test_an_order_number_is_found_with_and_without_its_letters(
    write: Write, ana: Agent, typed: str
) -> None:
    meant = write("El número de pedido es ES-300001.")
    write("El número de pedido es ES-300002.")
    assert queries.search(ana, typed, at=AT).ids == [meant]


# -- filters ---------------------------------------------------------------------


@pytest.fixture
def four(write: Write, bruno: Agent, ana: Agent) -> dict[str, int]:
    """Four conversations, newest last, each with something of its own."""
    mail = write("La cafetera", subject="Llegó rota", name="Marta Ruiz")
    late = write("La cafetera", place=1, subject="Factura", name="Julián Soto")
    files = write("La cafetera", subject="Una foto", name="Lucía Peña")
    done = write("La cafetera", subject="Gracias", name="Marta Sanz")
    of = Conversation.objects.filter
    of(pk=mail).update(owner_agent=bruno, channel="form")
    of(pk=late).update(chip="open", chip_at=AT - timedelta(minutes=1), state="waiting")
    of(pk=done).update(state="resolved", kind="thanks", chip="open", chip_at=AT)
    Message.objects.filter(conversation=files).update(has_files=True)
    Message.objects.create(
        conversation_id=files, direction="out", channel="mail", at=AT, text="Adelante",
        to=[["Julián Soto", "Julian@correo.example"]], cc=[["", "almacen@otro.example"]],
    )  # fmt: skip
    return {"mail": mail, "late": late, "files": files, "done": done}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("de:marta", ["done", "mail"]),
        ('from:"Marta Ruiz" cafetera', ["mail"]),
        ("de: marta", ["done", "mail"]),
        ("para:almacen@otro.example", ["files"]),
        ("para:JULIAN@correo.example", ["files"]),
        ("para:nadie@otro.example", []),
        ("asunto:rotas", ["mail"]),
        ("subject:factura", ["late"]),
        ("estado:abierta", ["files", "mail"]),
        ("state:resolved", ["done"]),
        ("estado:esperando,resuelta", ["done", "late"]),
        ("-estado:abierta", ["done", "late"]),
        ("dueño:yo", []),
        ("dueno:bruno", ["mail"]),
        ("owner:nobody", ["done", "files", "late"]),
        ("departamento:garantia", ["late"]),
        ("canal:formulario", ["mail"]),
        ("channel:mail", ["done", "files", "late"]),
        ("tipo:gracias", ["done"]),
        ("vencida", ["late"]),
        ("overdue", ["late"]),
        ("es:vencida cafetera", ["late"]),
        ("con:archivo", ["files"]),
        ("has:file", ["files"]),
        ("antes:2026-11-18", []),
        ("antes:2026-11-19", ["done", "files", "late", "mail"]),
        ("despues:18/11/2026", ["done", "files", "late", "mail"]),
        ("después:mañana", []),
        ("cafetera estado:abierta -dueño:bruno", ["files"]),
        ("cafetera -adelante", ["done", "files", "late", "mail"]),
        ('"La cafetera" tipo:gracias', ["done"]),
        ('"cafetera rota"', []),
        ("“La cafetera” tipo:gracias", ["done"]),
    ],
)
def test_filters(four: dict[str, int], ana: Agent, typed: str, found: list[str]) -> None:
    assert queries.search(ana, typed, at=AT).ids == [four[name] for name in found]


@pytest.mark.parametrize(
    ("typed", "code", "finds"),
    [
        ("color:azul cafetera", "filter_unknown", False),
        ("cafetera estado:volando", "state_unknown", False),
        ("cafetera antes:patata", "before_unknown", False),
        ("cafetera dueño:zutano", "owner_unknown", False),
        ("cafetera canal:paloma", "channel_unknown", False),
        ("cafetera departamento:luna", "department_unknown", False),
        ("cafetera de:", "filter_empty", True),
    ],
)
def test_what_is_not_understood_is_said(
    four: dict[str, int], ana: Agent, typed: str, code: str, finds: bool
) -> None:
    found = queries.search(ana, typed, at=AT)
    assert [p.code for p in found.problems] == [code]
    assert bool(found.ids) is finds


def test_an_address_of_the_web_and_a_time_are_no_filters(write: Write, ana: Agent) -> None:
    meant = write("Mirad https://tienda.example/cafetera a las 10:30")
    for typed in ("https://tienda.example/cafetera", "10:30"):
        found = queries.search(ana, typed, at=AT)
        assert (found.ids, found.problems) == ([meant], ())


def test_filters_never_show_what_may_not_be_seen(four: dict[str, int], bruno: Agent) -> None:
    assert queries.search(bruno, "vencida", at=AT).ids == []
    assert queries.search(bruno, "de:julián", at=AT).ids == []
    assert queries.search(bruno, "departamento:garantia", at=AT).ids == []
    assert queries.search(bruno, "canal:correo", at=AT).ids == [four["done"], four["files"]]


def test_another_room_brings_a_filter_of_its_own(four: dict[str, int], ana: Agent) -> None:
    ports.add_search_filter(
        ports.SearchFilter(
            name="mood", words=("ánimo", "mood"), values=lambda: ["bueno"],
            where=lambda value: Q(kind="thanks") if value == "bueno" else None,
        )
    )  # fmt: skip
    try:
        assert queries.search(ana, "animo:bueno", at=AT).ids == [four["done"]]
        assert queries.search(ana, "mood:malo", at=AT).problems[0].code == "value_unknown"
        assert ("ánimo", ["bueno"]) in queries.offered_filters(is_spanish=True)
    finally:
        ports.remove_search_filter("mood")
    assert queries.search(ana, "animo:bueno", at=AT).problems[0].code == "filter_unknown"


# -- in context --------------------------------------------------------------------


def test_words_are_shown_where_they_stand(write: Write, ana: Agent) -> None:
    long = "Nada que ver. " * 60
    pk = write(f"{long} La <b>cafetera</b> no calienta. {long}", subject="Mi cafetera & yo")
    found = queries.search(ana, "cafeteras", at=AT)
    shown = queries.shown_words(found.ids, found.query)[pk]
    assert shown.subject == ((False, "Mi "), (True, "cafetera"), (False, " & yo"))
    assert [text for is_word, text in shown.text if is_word] == ["cafetera"]
    assert len("".join(text for _, text in shown.text)) < 200


def test_what_was_taken_back_is_not_found(write: Write, ana: Agent) -> None:
    write("Una zanfona")
    Message.objects.update(is_withdrawn=True)
    assert queries.search(ana, "zanfona", at=AT).ids == []
