"""The reply check: for each rule lines that it must find and lines that it must leave alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest

from esmero.conversations.adapters.spelling import Dictionaries
from esmero.conversations.enums import Check, Level
from esmero.conversations.rules.replycheck import Letter, Time, check, questions_in
from esmero.conversations.rules.spelling import slips
from esmero.conversations.rules.variables import filled, left_open

NOW = datetime(2026, 11, 19, 10, 40, tzinfo=UTC)
MARTA = ("Marta Ruiz", "marta@example.com")
HERE = {"names": {"Marta Ruiz"}, "addresses": {"marta@example.com"}, "to": [MARTA]}


def found(text, **facts):
    return [one.code for one in check(Letter(text, **{**HERE, **facts}))]


def test_a_good_letter_has_no_finding():
    text = "Hola, Marta:\n\nGracias por escribir. La fuente aguanta 200 grados.\n\nAna"
    assert found(text, is_first=True, asked=["¿Aguanta el horno?"]) == []
    assert found("   ") == []


@pytest.mark.parametrize(
    "text",
    [
        "Te adjunto la factura.", "Te la adjunto.", "Os adjuntamos la etiqueta.",
        "Van adjuntas las dos.", "La factura va adjunta.", "Adjunto la hoja de garantía.",
        "Le adjunto el justificante que pidió.", "Mira el archivo adjunto.",
        "I attach the label.", "Please find attached the invoice.", "The label is attached.",
        "I've attached the manual.", "See the attached guide.", "We have enclosed the form.",
    ],
)  # fmt: skip
def test_a_file_that_is_said_and_not_there_stops(text):
    (finding,) = check(Letter(text, **HERE))
    assert (finding.code, finding.stops) == (Check.FILE_MISSING, True)
    assert found(text, files=[("a.pdf", 10)]) == []


@pytest.mark.parametrize(
    "text",
    [
        "Gracias por la foto que adjuntas.", "¿Puedes adjuntarnos una foto?",
        "Adjúntanos una foto, por favor.", "Si nos adjuntas la factura lo miramos.",
        "Hemos visto tus adjuntos.", "No te adjunto la factura porque ya la tienes.",
        "La foto que nos has adjuntado no se abre.", "No venía ningún adjunto en tu correo.",
        "Could you attach a photo?", "Thanks for the photo you attached.", "Please attach the receipt.",
        "Your attachment did not open.", "Todo está junto en la caja.",
    ],
)  # fmt: skip
def test_a_file_of_the_customers_is_none_of_ours(text):
    assert Check.FILE_MISSING not in found(text)


@pytest.mark.parametrize(
    ("text", "name", "is_found"),
    [
        ("Hola, Marta: sale mañana sin falta, seguro.", "IMG_2231.jpg", True),
        ("Hi Marta, it leaves the shop today.", "scan.pdf", True),
        ("Hola, Marta: te mando la etiqueta.", "x.pdf", False),
        ("Aquí tienes.", "x.pdf", False),
        ("Hi, here is the label.", "x.pdf", False),
        ("La garantía dura tres años.", "garantia-2026.pdf", False),
    ],
)
def test_a_file_without_a_word_about_it(text, name, is_found):
    assert (Check.FILE_UNSAID in found(text, files=[(name, 10)])) is is_found


def test_a_big_file_goes_as_a_link():
    files = [("video.mp4", 9_000_000), ("foto.jpg", 200_000)]
    (finding,) = check(Letter("Te mando el vídeo y la foto.", files=files, **HERE))
    assert (finding.code, finding.about, finding.stops) == (Check.BIG_FILE, ("video.mp4",), False)
    four = [(f"{n}.jpg", 4_500_000) for n in "abcd"]
    assert [f.about for f in check(Letter("Las fotos.", files=four, **HERE))] == [("d.jpg",)]


def test_many_addresses_that_see_each_other():
    many = [("", f"c{n}@tienda{n}.example") for n in range(5)]
    (finding,) = check(Letter("Hola a todos.", to=[], cc=many, addresses={"marta@example.com"}))
    assert (finding.code, finding.about) == (Check.OPEN_COPIES, ("5",))
    # One firm, or people of this very conversation: they know each other.
    firm = [("", f"c{n}@firma.example") for n in range(8)]
    assert found("Hola a todos.", cc=firm) == []
    assert found("Hola.", cc=many, addresses={a for _, a in many}) == []
    assert found("Hola.", cc=many[:3]) == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("EL PEDIDO SALE MAÑANA POR LA MAÑANA", True),
        ("Hola, Marta: LEE BIEN LAS CONDICIONES antes de escribir.", True),
        ("Hola: your order WILL NOT BE REFUNDED, sorry.", True),
        ("Tu pedido CB-17371 con NIF B00000001 y el IVA.", False),
        ("Lo manda SEUR o MRW; el PDF va en la web.", False),
        ("NO lo abras, por favor.", False),
        ("OK", False),
    ],
)
def test_capitals_shout(text, is_found):
    assert (Check.CAPITALS in found(text)) is is_found


def test_another_customer_does_not_belong_here():
    others = {"julian@example.com": "Julián Soto"}
    by_copy = check(
        Letter("Hola, Marta.", others=others, **{**HERE, "cc": [("", "julian@example.com")]})
    )
    assert [(f.code, f.about) for f in by_copy] == [
        (Check.STRANGER, ("Julián Soto", "julian@example.com"))
    ]
    by_text = check(Letter("Escribe a Julian@example.com.", others=others, **HERE))
    assert by_text[0].about == ("Julián Soto", "julian@example.com")
    assert found("Escribe a hola@barro.example.", own_addresses={"hola@barro.example"}) == []
    assert found("Escribe a taller@proveedor.example.") == []


@pytest.mark.parametrize(
    ("text", "greeted"),
    [
        ("Hola, Julián:\nSale hoy.", "Julián"),
        ("Hola Pedro, qué tal", "Pedro"),
        ("Buenos días, Laura:", "Laura"),
        ("Estimado Sr. Gómez:", "Gómez"),
        ("Hi Peter, it ships today.", "Peter"),
        ("Dear Mrs. Brown,", "Brown"),
    ],
)
def test_another_name_in_the_greeting_stops(text, greeted):
    (finding,) = check(Letter(text, **HERE))
    assert (finding.code, finding.about, finding.stops) == (Check.STRANGER, (greeted,), True)


@pytest.mark.parametrize(
    "text",
    [
        "Hola, Marta:", "Hola, Martita:", "Hola Sra. Ruiz:", "Hola de nuevo, Marta:", "Hola, mil gracias.",
        "Hola:\nSale hoy.", "Buenas tardes:", "Hola, Conchi:", "Hi all,", "Hola, Equipo:",
        "Hola, sale hoy", "Dear customer,",
    ],
)  # fmt: skip
def test_names_of_this_conversation_are_greeted_freely(text):
    assert found(text, asked=["No funciona. Un saludo, Conchi"]) == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Sale mañana.", True),
        ("It ships tomorrow.", True),
        ("Hola, Marta: sale mañana.", False),
        ("Marta, sale mañana.", False),
        ("Buenos días: sale mañana.", False),
        ("Sale mañana. Gracias por comprarnos.", False),
        ("Hi Marta, it ships tomorrow.", False),
        ("It ships tomorrow. Thank you!", False),
    ],
)
def test_a_first_time_customer_is_greeted(text, is_found):
    assert (Check.NO_GREETING in found(text, is_first=True)) is is_found
    assert Check.NO_GREETING not in found(text, is_first=False)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("No se puede.", True),
        ("Hola, Marta: el plazo de devolución ya ha pasado y no la aceptamos.", True),
        ("Perdona, Marta.", True),
        ("Hola, Marta: siento lo ocurrido, pero como ya te dije no es posible hacerlo antes del lunes que viene por la tarde.", True),
        ("Lo siento mucho, Marta: tenía que haber llegado entera. Te mandamos otra hoy.", False),
        ("Sorry about that, Marta: it should have arrived whole. Another leaves today.", False),
        ("It's not our problem, the carrier broke it and you have to claim it from them, sorry.", True),
    ],
)  # fmt: skip
def test_an_answer_to_a_complaint_is_not_abrupt(text, is_found):
    assert (Check.ABRUPT in found(text, is_complaint=True)) is is_found
    assert (Check.ABRUPT in found(text, asked=["Es una vergüenza."])) is is_found
    assert Check.ABRUPT not in found(text)


def test_the_questions_without_an_answer_are_listed():
    asked = ["¿Aguanta el lavavajillas? ¿Y cuánto cuesta el envío a Canarias?\n¿Hay factura?"]
    (finding,) = check(Letter("Sí, aguanta el lavavajillas.", asked=asked, **HERE))
    assert finding.code is Check.QUESTIONS
    assert finding.about == ("¿Y cuánto cuesta el envío a Canarias?", "¿Hay factura?")
    whole = "Aguanta el lavavajillas, el envío cuesta 5 € y va con factura."
    assert found(whole, asked=asked) == []
    assert found("Sí, claro.", asked=["¿Aguanta el lavavajillas?"]) == []
    english = ["Is it dishwasher safe? What is the shipping price?"]
    assert found("Yes, it goes in the dishwasher.", asked=english) == [Check.QUESTIONS]


def test_questions_are_cut_out_of_a_text():
    text = "Hola. Ayer llegó roto, ¿me lo cambiáis? Gracias\n¿Cuándo? Mira http://a.example/?x=1"
    assert questions_in(text) == ["¿me lo cambiáis?", "¿Cuándo?"]


def _named(text, words, days=3):
    return Time(words, text.index(words), NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("text", "words", "is_found"),
    [
        ("Te llamo el lunes.", "el lunes", True),
        ("La enviaremos el lunes sin falta.", "el lunes", True),
        ("El lunes te llegará.", "El lunes", True),
        ("Sale mañana por la tarde.", "mañana por la tarde", True),
        ("Lo tendrás antes del viernes.", "antes del viernes", True),
        ("We will ship it on Monday.", "on Monday", True),
        ("I'll call you tomorrow.", "tomorrow", True),
        ("¿Te viene bien el lunes?", "el lunes", False),
        ("Salió el lunes pasado.", "el lunes", False),
        ("Cerramos el lunes.", "el lunes", False),
        ("It arrived on Monday.", "on Monday", False),
    ],
)
def test_a_time_that_no_promise_holds(text, words, is_found):
    time = _named(text, words)
    codes = found(text, times=[time])
    assert codes == ([Check.LOOSE_DATE] if is_found else [])
    assert found(text, times=[time], tracked=[time.due_at - timedelta(hours=1)]) == []


def test_variables_left_open_stop_and_sums_do_not():
    (finding,) = check(Letter("Hola, {{ customer_name }}: vale {{7*7}}.", **HERE))
    assert (finding.code, finding.about) == (Check.VARIABLE, ("{{ customer_name }}",))
    assert (
        filled(
            "{{ customer_name }} {{7*7}} {{ secret }}", {"customer_name": "Marta", "secret": "x"}
        )
        == "Marta {{7*7}} {{ secret }}"
    )
    assert (
        filled("{{customer_name}}", {"customer_name": "{{ number }}", "number": "7"})
        == "{{ number }}"
    )
    assert (
        filled("Hola, {{ customer_name }}", {"customer_name": " "}) == "Hola, {{ customer_name }}"
    )
    assert left_open("{{7*7}} {{ a.b }} {% if x %}") == []


def test_a_shop_says_what_each_finding_does_and_keys_name_what_stops():
    assert found("Sale mañana.", is_first=True, levels={Check.NO_GREETING: Level.OFF}) == []
    (stopping,) = check(
        Letter("Sale.", is_first=True, levels={Check.NO_GREETING: Level.STOP}, **HERE)
    )
    assert stopping.stops
    told = Letter("Te la adjunto.", levels={Check.FILE_MISSING: Level.TELL}, **HERE)
    assert [one.stops for one in check(told)] == [False]
    one, other = (check(Letter(f"Hola, {name}:", **HERE))[0].key for name in ("Pedro", "Laura"))
    assert one != other
    assert one.startswith("stranger-")
    assert check(Letter("Sale.", is_first=True, **HERE))[0].key == "no_greeting"


# -- spelling -----------------------------------------------------------------


@pytest.fixture(scope="module")
def dictionaries():
    books = Dictionaries()
    assert books.is_word("zzzz")  # before it is loaded everything is right
    assert books.wait()
    return books


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hemos resivido tu pedido.", [("resivido", "recibido")]),
        ("Lo enbiamos tambien.", [("enbiamos", "enviamos"), ("tambien", "también")]),
        ("Enviaremso otra.", [("Enviaremso", "Enviaremos")]),
        ("Pasamos a la recojida.", [("recojida", "recogida")]),
        ("We recieved your tommorow order.", [("recieved", "received"), ("tommorow", "tomorrow")]),
        ("Quédatelas, enróscala, sácasela y móntalo.", []),
        ("Una bolsita, un papelito, clarísimo y muy poquito.", []),
        ("Vos tenés razón, contame qué querés.", []),
        ("The colour is organised and we apologise.", []),
        ("Lo manda Kevin Zubizarreta a Orihuela.", []),
        ("El pedido CB-17371 de https://tienda.example/xyzzy va a ana@exampl.example.", []),
        ("Jajaja, vale: ok. El pdf va por email.", []),
        ("Mira {{ customer_nme }} y #asdfg.", []),
    ],
)
def test_words_that_are_misspelled(dictionaries, text, expected):
    found = slips(text, is_word=dictionaries.is_word)
    assert [(slip.word, slip.meant) for slip in found] == expected


def test_names_and_the_shops_words_are_right(dictionaries):
    text = "La chispera de pladur."
    assert [s.word for s in slips(text, is_word=dictionaries.is_word)] == ["chispera", "pladur"]
    known = {"chispera", "pladur"}
    assert slips(text, is_word=dictionaries.is_word, names=known) == []
    letter = Letter(
        text, known=frozenset({"pladur"}), asked=["la chispera"], is_word=dictionaries.is_word
    )
    assert check(letter) == []


def test_a_long_letter_is_checked_within_a_tenth_of_a_second(dictionaries):
    line = (
        "Hola, Marta: hemos resivido tu pedido y sale mañana, te llamo el lunes. ¿Te viene bien? "
    )
    letter = Letter(
        line * 40, asked=["¿Cuándo? ¿Dónde llega? " * 20], is_word=dictionaries.is_word, **HERE
    )
    check(letter)  # the words are looked up once
    best = 9.0
    for _ in range(3):
        begun = perf_counter()
        check(letter)
        best = min(best, perf_counter() - begun)
    assert best < 0.1
