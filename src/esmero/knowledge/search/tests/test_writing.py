"""How people write, and what is made of it."""

from collections import Counter

import pytest

from esmero.knowledge.search.lexicon import Lexicon, lexicon
from esmero.knowledge.search.spelling import Speller, distance
from esmero.knowledge.search.text import fold, sound, stem, words
from esmero.knowledge.search.writing import read

LEXICON = lexicon("es")
FORMS = Counter(
    [
        "pantalón",
        "talla",
        "cambiar",
        "devolución",
        "envío",
        "factura",
        "mañana",
        "correo",
        "zanfona",
    ]
)


@pytest.mark.parametrize(
    ("query", "clean"),
    [
        ("xq no me yega x correo", "porque no me llega por correo"),
        ("Hola, buenos días: kiero canviar la talla. Muchas gracias", "quiero cambiar la talla"),
        ("DEVOLUSION DEL PANTALOOOON", "devolución del pantalón"),
        ("zanfnoa", "zanfona"),
        ("no hay", "no hay"),
        ("gracias", "gracias"),
        ("", ""),
    ],
)
def test_read_writes_out_and_repairs(query, clean):
    assert read(query, LEXICON, Speller(FORMS, LEXICON.known)).clean.removesuffix(".") == clean


def test_read_regional_words_become_plain():
    assert (
        read("¿podés mandarme otra remera?", LEXICON, None).plain
        == "puedes mandarme otra camiseta?"
    )


def test_readings_of_a_long_mail_are_few():
    whole, *parts = read("Compré una lámpara. " * 60, LEXICON, None).readings()
    assert len(parts) == 4
    assert len(whole.split()) == 60


def test_readings_of_one_sentence_are_one():
    assert read("¿podés?", LEXICON, None).readings() == ["puedes?"]


@pytest.mark.parametrize("word", ["realicé", "recien", "heladera"])
def test_repaired_words_of_the_language_are_left_alone(word):
    speller = Speller(
        Counter(["replica", "reciben", "helado"]),
        (),
        {"realicé", "recién", "heladera"}.__contains__,
    )
    assert speller.repaired(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cambiar", "canviar"),
        ("vaca", "baca"),
        ("llega", "yega"),
        ("quiero", "kiero"),
        ("hace", "ase"),
    ],
)
def test_sound_is_the_same(one, other):
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("talla", "tlala", 1),
        ("talla", "talla", 0),
        ("talla", "tall", 1),
        ("talla", "pella", 2),
        ("a", "abcdef", 3),
    ],
)
def test_distance(one, other, far):
    assert distance(one, other, 2) == far


def test_words_fold():
    assert words("¡Ñandú, AÑOOOOS & 3,95 €!") == ["nandu", "anos", "3", "95"]
    assert fold("Ｆａｃｔｕｒａ") == "factura"


@pytest.mark.parametrize("line", ["= sin miembros", "? que: q", "=palabra: otra", "= : a, b"])
def test_lexicon_bad_line_is_refused(line):
    with pytest.raises(ValueError, match="line 1"):
        Lexicon("es").read(line)


@pytest.mark.parametrize("language", ["es", "en"])
def test_lexicon_of_the_house_reads(language):
    made = lexicon(language)
    assert len(made.names) == len(set(made.names)) > 20


def test_meanings_phrase_and_kind_are_found():
    def names(text):
        return {LEXICON.names[number] for number in LEXICON.meanings(words(text))}

    assert "reembolso" in names("cuándo me devuelven la plata: devolver el dinero")
    assert "transportista" in names("lo trae servientrega?")
    assert "pagar" not in names("la página no abre")


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ("ni rastro de mi paquete", "no ha llegado de mi paquete"),
        ("Ni  RASTRO, che", "no ha llegado, che"),
        ("un rastro", "un rastro"),
        ("un anillo de plata", "un anillo de plata"),
        ("mi plata", "dinero"),
        ("ni", "ni"),
    ],
)
def test_read_phrases_become_plain_as_a_whole(query, plain):
    made = Lexicon("es")
    made.read("@ no ha llegado: ni rastro\n@ dinero: mi plata, tu plata querida")
    assert read(query, made, None).plain == plain


def phrases():
    made = Lexicon("es")
    made.read("= pago rechazado: tarjeta no pasa\n= tarjeta: visa\n= pasar: paso")
    return made


def test_asked_a_longer_phrase_counts_more_and_what_is_inside_it_less():
    made = phrases()
    asked = made.asked(words("¿por qué mi tarjeta no me pasa?"))
    assert {made.names[number]: counts for number, counts in asked.items()} == {
        "pago rechazado": 2,
        "tarjeta": 0.3,
        "pasar": 0.3,
    }
    assert made.asked(words("visa")) == {1: 1}
    assert made.asked([]) == {}


def test_asked_what_is_denied_is_not_what_is_said():
    made = phrases()
    assert {made.names[number] for number in made.asked(words("mi tarjeta pasa"))} == {
        "tarjeta",
        "pasar",
    }


def test_named_are_the_longest_phrases():
    written = read("la tarjeta no pasa", phrases(), None)
    assert written.named == "pago rechazado"
    assert written.readings() == ["la tarjeta no pasa", "pago rechazado"]
    assert read("visa", phrases(), None).named == ""


@pytest.mark.parametrize(
    ("one", "other"), [("cargador", "cargo"), ("ordenador", "orden"), ("lavadora", "lavar")]
)
def test_stem_of_a_device_is_not_that_of_its_verb(one, other):
    assert stem(one, "es") != stem(other, "es")
