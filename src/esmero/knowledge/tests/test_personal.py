"""What says who wrote a text goes; what was asked stays."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esmero.knowledge.rules import asking, personal

NAMES = ["Marta Ruiz", "Ana", "Bruno", "Rosa Blanco", "José María Núñez"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # numbers of orders, parcels, invoices
        ("¿Dónde está mi pedido 12345?", "¿Dónde está mi pedido?"),
        ("¿Dónde está mi pedido nº 4512-A?", "¿Dónde está mi pedido?"),
        ("¿Cuándo llega el pedido #4452?", "¿Cuándo llega el pedido?"),
        ("El pedido ABC-123 llegó roto", "El pedido llegó roto"),
        ("La factura F-2024/0012 está mal", "La factura está mal"),
        ("código de seguimiento 1Z999AA10123456784 no funciona", "código de seguimiento no funciona"),
        ("RR123456789ES no avanza desde el lunes", "no avanza desde el lunes"),
        ("¿Puedo anular la orden 8891?", "¿Puedo anular la orden?"),
        ("Mi número de pedido: 99", ""),
        ("¿Cómo limpio la fuente? Es el pedido 77123.", "¿Cómo limpio la fuente?"),
        ("Mi pedido es el 77123. ¿Cuándo sale?", "¿Cuándo sale?"),
        ("mi pedido", "mi pedido"),
        # telephones
        ("Llamadme al 612 34 56 78 por favor", "Llamadme por favor"),
        ("llamadme al +34 612345678 o al (55) 1234-5678", "llamadme"),
        ("Mi teléfono es 6 1 2 3 4 5 6 7 8, ¿me llamáis?", "¿me llamáis?"),
        ("seis uno dos tres cuatro cinco seis siete ocho, ¿me llamáis?", "¿me llamáis?"),
        # mail addresses and handles, also hidden ones
        ("Escribidme a marta.ruiz+x@gmail.com", "Escribidme"),
        ("escribidme a ana arroba gmail punto com por favor", "escribidme por favor"),
        ("en instagram soy @martita_77 y quiero un cambio", "en instagram y quiero un cambio"),
        ("marta\u200b@\u200bgmail.com ¿os llegó?", "¿os llegó?"),
        # accounts, cards, documents
        ("mi iban es ES91 2100 0418 4502 0005 1332 para la devolución", "para la devolución"),
        ("la tarjeta 4111 1111 1111 1111 sale rechazada", "sale rechazada"),
        ("necesito factura con NIF 12.345.678-Z", "necesito factura"),
        ("mi CURP es GOMC900514HDFRRS09 para la factura", "mi CURP para la factura"),
        ("necesito factura a nombre de Carlos Gómez López", "necesito factura"),
        # postal addresses
        ("Vivo en la calle Alcalá 45, 2º izq, 28009 Madrid, ¿llegáis?", "¿llegáis?"),
        ("Quiero cambiar la dirección de envío a c/ Pez 9", "Quiero cambiar la dirección de envío"),
        ("Carrera 7 # 45-23, Bogotá, ¿hacen envíos?", "¿hacen envíos?"),
        (
            "el envío a Avenida Insurgentes Sur 1602, Col. Crédito Constructor, CDMX tarda?",
            "el envío tarda?",
        ),
        ("¿Enviáis a Canarias? Vivo en 38001 Santa Cruz de Tenerife", "¿Enviáis a Canarias?"),
        # addresses of pages
        ("https://barro.example/jarron?utm=abc&mail=a@b.example no carga", "no carga"),
        ("www.barro.example/cesta?id=9 da error", "da error"),
        # names: the customer's, the team's, and those that say so
        ("soy Marta Ruiz, ¿ha salido mi paquete?", "¿ha salido mi paquete?"),
        ("me llamo Pedro y quiero devolver la taza", "quiero devolver la taza"),
        ("marta quiere devolver la taza", "quiere devolver la taza"),
        ("Bruno me dijo que sí, ¿es verdad?", "me dijo que sí, ¿es verdad?"),
        ("¿Puede recogerlo la Sra. Pérez Galdós por mí?", "¿Puede recogerlo por mí?"),
        # greetings, farewells, signatures
        (
            "Hola buenas tardes,\n\nquería saber cuándo llega.\n\nUn saludo,\nMarta Ruiz\n"
            "Calle Mayor 12, 3º B\n28001 Madrid\nTel. 612345678",
            "quería saber cuándo llega.",
        ),
        ("Hola Ana, no me ha llegado el paquete. Gracias. Julián Pérez", "no me ha llegado el paquete."),
        ("Estimados señores: el jarrón llegó roto. Atentamente, Pedro Díaz", "el jarrón llegó roto."),
        ("Hola, ¿qué tal? Se me ha roto la taza. Un abrazo, Lucía", "Se me ha roto la taza."),
        ("Hi Ana, where is my order #4452? Thanks, John Smith", "where is my order?"),
        ("¿Hacéis envoltorio?\n\nEnviado desde mi iPhone", "¿Hacéis envoltorio?"),
        ("Se ha apagado. ¿Tiene arreglo?\n\nTomás", "Se ha apagado. ¿Tiene arreglo?"),
        ("Se ha apagado. ¿Tiene arreglo? Rosa", "Se ha apagado. ¿Tiene arreglo?"),
        ("¿Tiene arreglo?\n-- \nLucía Vega", "¿Tiene arreglo?"),
        (
            "¿Hacéis envoltorio?\n\nEl lun, 3 nov 2026 a las 10:00, Barro (<a@b.example>) escribió:\n> x",
            "¿Hacéis envoltorio?",
        ),
    ],
)  # fmt: skip
def test_what_says_who_is_gone(text, wanted):
    assert personal.question(text, names=NAMES) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "¿Tenéis la talla 42 en el modelo XR-200? Cuesta 1.299,00 €",
        "El mantel mide 80x200 cm, ¿lo hay más grande?",
        "Soy clienta desde 2019 y quiero devolver una camiseta rosa",
        "Gracias por el envío rápido, pero me falta una taza. ¿Qué hago?",
        "¿Puedo pagar en 3 plazos de 50 €?",
        "El pedido llegó 2 días tarde",
        "kiero camviar la talla",
        "me llegó roto",
        "¿Abrís el 24 de diciembre de 10 a 14?",
        "Quiero la camisa blanca, no la rosa",
        "¿Qué hago si el zapato me aprieta en la calle?",
        "hacéis envíos el mismo día en Sevilla",
    ],
)
def test_what_was_asked_stays(text):
    assert personal.question(text, names=NAMES) == text


def test_a_subject_says_what_the_text_does_not():
    assert personal.question("Me podéis decir algo?", subject="Re: Cambio de talla") == (
        "Cambio de talla. Me podéis decir algo?"
    )
    assert personal.question("¿Hay cambio de talla?", subject="Cambio de talla") == (
        "¿Hay cambio de talla?"
    )
    assert personal.question("¿Hacéis envoltorio?", subject="Consulta") == "¿Hacéis envoltorio?"
    assert personal.question("¿Y ahora?", subject="Pedido 12345 roto", names=NAMES) == (
        "Pedido roto. ¿Y ahora?"
    )


def test_a_reply_made_general_keeps_its_paragraphs():
    reply = (
        "Hola Marta:\n\nTienes 30 días para cambiarla. Tu pedido 12345 sale mañana.\n\n"
        "Te dejo la etiqueta aquí: https://barro.example/e?x=1\n\nUn saludo,\nAna\nBarro"
    )
    assert personal.general(reply, names=NAMES) == (
        "Tienes 30 días para cambiarla. Tu pedido sale mañana.\n\nTe dejo la etiqueta aquí"
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("¿Cuánto tarda el envío?", "¿Cuánto tarda el envío?"),
        (
            "Compré un jarrón el lunes pasado para mi madre que cumple años, y me gustaría que "
            "llegara a tiempo. Por eso os pregunto: ¿cuánto tarda el envío a Canarias? Espero que poco.",
            "¿cuánto tarda el envío a Canarias?",
        ),
        (
            "La app no me deja entrar en mi cuenta desde que cambié de teléfono. ¿Me podéis ayudar?",
            "La app no me deja entrar en mi cuenta desde que cambié de teléfono. ¿Me podéis ayudar?",
        ),
        (
            "Hablé ayer con vosotros y no quedó claro. ¿Me podéis decir algo? ¿Cuánto tarda el envío?",
            "¿Cuánto tarda el envío?",
        ),
        ("palabra " * 40, ("palabra " * 24).strip() + "…"),
    ],
)  # fmt: skip
def test_the_essence_is_what_asks(text, wanted):
    assert asking.essence(text) == wanted


@pytest.mark.parametrize(
    ("text", "nonsense"),
    [
        ("", True), ("????", True), ("12345", True), ("xkcdfg hjklpq wrtzs", True),
        ("aaaaaaaa bbbbbbb", True), ("' OR '1'='1", True), ("1 UNION SELECT a FROM b", True),
        ("<script>alert(1)</script>", True), ("../../etc/passwd", True), ("${jndi:ldap}", True),
        ("talla", False), ("XL", False), ("dhl", False), ("kiero camviar", False),
        ("taza de 30 cm", False), ("como funciona", False), ("送料", False),
    ],
)  # fmt: skip
def test_nonsense_is_no_question(text, nonsense):
    assert asking.is_nonsense(text) is nonsense


PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "pedido", "nº", "mi correo es", "calle Mayor 3", "Hola Ana,", "Gracias", ".", "\n", ",",
            "marta@correo.example", "marta @ correo.example", "https://a.example/?x=1", "www.a.example",
            "ES91 2100 0418 4502 0005 1332", "612345678", "6 1 2-3.4/5 6 7", "AB12345678ES", "x" * 80,
            "１２３４５６", "٣٤٥٦٧٨", "1.234.567", "+34", "(55)", "#", "12345", "12", "34-", "5 6", "@", "a@",
        ]
    ),
    st.from_regex(r"\A[0-9][0-9 .,/()-]{3,20}[0-9]\Z"),
    st.from_regex(r"\A[a-z.]{1,8}@[a-z.]{1,12}\Z"),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=12), st.sampled_from(["", " "]))
def test_no_address_and_no_long_number_survives(pieces, between):
    said = personal.question(between.join(pieces), names=NAMES)
    assert len(said) <= personal.LONGEST
    assert "@" not in said
    assert not re.search(r"\d{5}", said)
    assert not re.search(r"\d(?:[ .\-/()]{0,2}\d){6}", said)
    assert not re.search(r"://|www\.", said)
    assert "\n" not in said
    assert personal._GONE not in said


@pytest.mark.parametrize(
    "bad",
    [
        "a " * 5000, "1 " * 5000, "calle " * 3000, "Calle A " * 2000, "a@" * 4000, "Hola " * 3000,
        "gracias " * 2000, "A1" * 5000, "-" * 10_000, "( " * 5000, "pedido nº " * 2000, "Ñ" * 10_000,
        "12.3" * 3000, "a-" * 5000, "a." * 5000, "¿" * 5000, "AB12 " * 2000, "\n" * 6000,
        "gracias\n" * 800, "de " * 4000, "www. " * 2000, "a-1-" * 14 + " " + "a.b" * 15,
    ],
)  # fmt: skip
def test_hostile_text_takes_no_time(bad):
    begun = time.perf_counter()
    personal.question(bad, names=NAMES)
    personal.general(bad, names=NAMES)
    assert time.perf_counter() - begun < 2
