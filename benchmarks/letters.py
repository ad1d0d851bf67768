"""Realistic mails of customers, each with a token by which it can be followed to its end.

The mix: Spanish, three in five quote an earlier mail, half have an HTML alternative, one in five
carries a file of 20 kB; encodings vary. The same seed gives the same mails.
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

TOKEN = re.compile(r"tk\d{6}[0-9a-f]{6}")
_FIRST = [
    "Lucía", "Mateo", "Sofía", "Martín", "Valentina", "Camila", "Mariana", "Diego", "Ximena",
    "Andrés", "Iñaki", "Begoña",
]  # fmt: skip
_LAST = [
    "García", "Muñoz", "Peña", "Núñez", "Castaño", "Ibáñez", "Quiñones", "Vélez", "Ordóñez",
    "Arango", "Gutiérrez",
]  # fmt: skip
_GOODS = [
    "lámpara de pie Junco",
    "botas de montaña Sierra, talla 42",
    "cafetera de seis tazas",
    "mochila de 40 litros",
    "juego de sábanas de 150 cm",
    "teclado con eñe",
]
_CASES = [
    (
        "¿Dónde está mi pedido {order}?",
        "Buenos días:\n\nHice el pedido {order} el lunes ({good}) y todavía no ha llegado. En el "
        "seguimiento pone «en tránsito» desde hace cuatro días.\n¿Me podéis decir la fecha real?",
    ),
    (
        "Devolución de {good}",
        "Hola:\n\nQuiero devolver {good} del pedido {order}: no es la talla que pedí. ¿Cómo se "
        "hace y cuándo recibo el reembolso?\nEl paquete está sin abrir.",
    ),
    (
        "Llegó roto: {good}",
        "Hola:\n\nRecibí ayer {good} (pedido {order}) y llegó roto; la caja venía golpeada por "
        "una esquina. Espero una solución pronto, es la segunda vez.",
    ),
    (
        "Factura del pedido {order}",
        "Buenas tardes:\n\n¿Podríais enviarme la factura con NIF del pedido {order}? La necesito "
        "para el cierre del trimestre.",
    ),
    (
        "Consulta sobre {good}",
        "Hola, estoy pensando en comprar {good}.\n\n¿Cuánto cuesta el envío a Canarias y cuántos "
        "días tarda? ¿Se puede recoger en tienda?",
    ),
]
_MORE = [
    "Gracias de antemano por la rapidez.",
    "Llamé dos veces por teléfono, pero comunicaba.",
    "La última vez todo fue muy bien, por eso vuelvo.",
    "En vuestra página no encontré la respuesta.",
    "Si hace falta, mando fotos.",
    "Vivo fuera de la ciudad y el mensajero solo pasa por la mañana.",
]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with its token and its sender's address, which holds the token too."""

    token: str
    sender: str
    data: bytes


def letters(count: int, *, seed: int, to: str, run: str = "0") -> Iterator[Letter]:
    """Yield mails to `to`; another `run` gives the same texts other tokens."""
    dice = random.Random(seed)
    for number in range(count):
        yield _letter(number, dice, seed=seed, to=to, run=run)


def _letter(number: int, dice: random.Random, *, seed: int, to: str, run: str) -> Letter:
    mark = hashlib.sha256(f"{seed}/{run}/{number}".encode()).hexdigest()[:6]
    token = f"tk{number:06d}{mark}"
    name = f"{dice.choice(_FIRST)} {dice.choice(_LAST)}"
    sender = f"cliente.{token}@example.net"
    words = {"order": f"ES-{dice.randint(10000, 99999)}", "good": dice.choice(_GOODS)}
    subject, body = (text.format(**words) for text in dice.choice(_CASES))
    more = "\n".join(dice.sample(_MORE, dice.randint(1, 4)))
    text = f"{body}\n\n{more}\n\nUn saludo,\n{name}\n"
    if dice.random() < 0.6:
        text += (
            f"\nEl lun, 3 mar 2025 a las 10:14, Atención al cliente (<{to}>) escribió:\n"
            f"> Hola:\n>\n> Gracias por escribirnos. Tu pedido {words['order']} salió ayer.\n>\n"
            "> Un saludo,\n> Atención al cliente\n"
        )
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{name} <{sender}>"
    mail["To"] = to
    mail["Subject"] = f"{subject} {token}"
    mail["Date"] = formatdate(time.time())
    mail["Message-ID"] = f"<{token}@example.net>"
    mail["User-Agent"] = dice.choice(["Thunderbird 140", "Apple Mail (2.3826)", "Outlook 16"])
    kind = dice.random()
    if kind < 0.15:
        latin = text.encode("iso-8859-1", "replace").decode("iso-8859-1")
        mail.set_content(latin, charset="iso-8859-1", cte="quoted-printable")
    else:
        mail.set_content(text, cte="base64" if kind < 0.35 else "quoted-printable")
    if dice.random() < 0.5:
        html = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>\n")
        mail.add_alternative(
            f"<html><head><style>p{{margin:0}}</style></head><body>{html}</body></html>",
            subtype="html",
            cte="quoted-printable",
        )
    if dice.random() < 0.2:
        mail.add_attachment(
            dice.randbytes(20_000), maintype="image", subtype="jpeg", filename="foto_daño.jpg"
        )
    return Letter(token, sender, mail.as_bytes())
