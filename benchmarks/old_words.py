"""Words for old conversations: Spanish as customers and shops write it, the same for a seed.

`RARE` stands in one message of one conversation in 500, `COMMON` in the subject of one in 5, so in
every message of those; every subject holds an order number of its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass


def _list(text: str) -> list[str]:
    return text.split("|")


RARE = "zanfona"
COMMON = "reembolso"
RARE_EVERY, COMMON_EVERY = 500, 5

FIRST = _list(
    "Lucía|Mateo|Sofía|Martín|Valentina|Camila|Mariana|Diego|Ximena|Andrés|Iñaki|Begoña|Rocío|"
    "Álvaro|Nuria|Óscar|Pilar|Joaquín|Elena|Tomás|Irene|Gonzalo|Marta|Hugo|Aitana|Rubén|Noelia|"
    "Sergio|Paula|Adrián|Lorena|Emilio|Jimena|Fermín"
)
LAST = _list(
    "García|Muñoz|Peña|Núñez|Castaño|Ibáñez|Quiñones|Vélez|Ordóñez|Arango|Gutiérrez|Ferrer|Soler|"
    "Iglesias|Cano|Prieto|Rubio|Molina|Ortega|Marín|Sanz|Campos|Vega|Herrero|Lorenzo|Pascual|"
    "Giménez|Carrasco|Benítez|Bravo|Rojas|Otero|Esteban|Salas"
)
_GOODS = _list(
    "la lámpara de pie Junco|las botas de montaña Sierra|la cafetera de seis tazas|"
    "la mochila de 40 litros|el juego de sábanas|el teclado con eñe|la olla exprés|"
    "el taladro de percusión|la bicicleta plegable|el reloj de cocina|la tienda de campaña|"
    "los auriculares inalámbricos|la batidora de vaso|el monitor de 27 pulgadas|"
    "la silla de oficina|el aspirador sin cable|la manta eléctrica|la sartén de hierro|"
    "el cuadro de corcho|el patinete infantil|la impresora láser|la funda nórdica|"
    "los guantes de jardín|el termo de acero|la báscula de baño|el purificador"
)
_PLACES = _list(
    "Valladolid|Cádiz|Las Palmas|Bilbao|Murcia|Lugo|Tarragona|Zaragoza|Almería|Logroño|Ourense|"
    "Badajoz|Guadalajara|Mérida|Rosario|Arequipa|Puebla|Cuenca|Montevideo|Antofagasta"
)
_DAYS = _list("el lunes|el martes|el miércoles|el jueves|el viernes|ayer|anteayer|esta mañana")
_SUBJECTS = (
    "Pedido {o}: ¿dónde está?",
    "Devolución de {p} ({o})",
    "{o} llegó roto",
    "Factura del pedido {o}",
    "Consulta sobre {p} ({o})",
    "Cambio de dirección del pedido {o}",
    "Garantía de {p}, pedido {o}",
    "Falta una pieza en {o}",
)
_COMMON_SUBJECTS = ("Reembolso del pedido {o}", "¿Cuándo llega el reembolso de {o}?")
_ASKS = (
    "Hice el pedido {d} y todavía no ha llegado a {c}; en el seguimiento pone «en tránsito» desde "
    "hace {n} días.",
    "Quiero devolver {p}: no es la talla que pedí y la caja está sin abrir.",
    "Recibí {d} {p} y llegó con un golpe en una esquina, además faltaban {n} tornillos.",
    "¿Podríais enviarme la factura con NIF? La necesito para el cierre del trimestre.",
    "Estoy pensando en comprar {p}. ¿Cuánto cuesta el envío a {c} y cuántos días tarda?",
    "El mensajero vino {d} cuando no había nadie y dejó un aviso que no se entiende.",
    "He cambiado de casa: ahora vivo en {c}, calle Mayor {n}, y el portero recoge hasta las dos.",
    "Se enciende una luz roja al cabo de {n} minutos y después se apaga del todo.",
    "La última vez todo fue muy bien, por eso vuelvo, pero esto ya dura demasiado.",
    "Llamé {n} veces por teléfono y siempre comunicaba.",
    "En vuestra página no encontré las medidas exactas ni el peso.",
    "Si hace falta, mando fotos y el vídeo que grabé {d}.",
    "El banco me ha cobrado dos veces el mismo importe, {n} euros con noventa.",
    "Necesito saber si la garantía cubre la batería, porque {p} apenas aguanta {n} horas.",
    "Mi hermana compró lo mismo en {c} y a ella le llegó en dos días.",
    "¿Se puede recoger en la tienda de {c} en vez de esperar al transportista?",
    "El código de descuento no funciona: dice que caducó {d}.",
    "Os escribo por tercera vez; nadie me ha dicho todavía qué va a pasar con {p}.",
)
_TELLS = (
    "He revisado tu caso: el paquete salió del almacén {d} y llega a {c} antes del viernes.",
    "Lamentamos lo ocurrido con {p}. Hoy mismo enviamos otra unidad sin coste.",
    "La recogida queda pedida para {d}; basta con dejar la caja cerrada en portería.",
    "Te adjunto la factura con los datos que nos diste; si falta algo, dímelo.",
    "El transportista confirma que hubo una avería en la nave de {c} y ya la están resolviendo.",
    "Hemos anulado el cobro repetido: verás el importe en la tarjeta en {n} días laborables.",
    "El taller ha abierto {p} y la pieza de recambio está en camino desde {c}.",
    "Para comprobarlo necesitamos una foto de la etiqueta que está debajo de {p}.",
    "He hablado con el responsable del almacén y me llamará {d} por la tarde.",
    "Gracias por la paciencia: apunto tu caso para que lo mire la misma persona cada vez.",
    "Dejo anotado que prefieres el turno de la mañana y que avisen {n} minutos antes.",
    "Si no lo recibes {d}, respóndeme a este mismo correo y lo reclamo.",
)


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs to put messages together from, by customers and by the team."""

    asks: list[str]
    tells: list[str]
    goods: list[str]

    def subject(self, number: int, order: str) -> str:
        """Return the subject of a conversation."""
        if number % COMMON_EVERY == 0:
            return _COMMON_SUBJECTS[number // COMMON_EVERY % 2].format(o=order)
        form = _SUBJECTS[number * 7 % len(_SUBJECTS)]
        return form.format(o=order, p=self.goods[number * 11 % len(self.goods)])

    def text(self, number: int, turn: int, order: str, name: str) -> str:
        """Return what is written in a conversation at a turn: even ones are the customer's."""
        chance = number * 2_654_435_761 + turn * 40_503 & 0xFFFFFFFF
        if turn % 2:
            pool, hello = self.tells, f"Hola, {name.split()[0]}:"
            end = "Un saludo,\nAtención al cliente"
        else:
            pool, hello = self.asks, "Buenos días:" if chance & 4 else "Hola:"
            end = f"Un saludo,\n{name}"
        size = len(pool)
        parts = [hello, pool[chance % size], pool[chance // 7 % size]]
        if chance & 3:
            parts.append(pool[chance // 53 % size])
        if turn in (0, 3):
            parts.append(f"El número de pedido es {order}.")
        if turn == 2 and number % RARE_EVERY == 1:
            parts.append(f"También vendo una {RARE} antigua.")
        parts.append(end)
        return "\n\n".join(parts)


def words(seed: int) -> Words:
    """Return the words of a seed."""
    dice = random.Random(seed)

    def paragraphs(forms: tuple[str, ...], count: int) -> list[str]:
        return [
            " ".join(
                form.format(
                    p=dice.choice(_GOODS),
                    c=dice.choice(_PLACES),
                    d=dice.choice(_DAYS),
                    n=dice.randint(2, 60),
                )
                for form in dice.sample(forms, dice.randint(1, 3))
            )
            for _ in range(count)
        ]

    return Words(paragraphs(_ASKS, 5000), paragraphs(_TELLS, 3000), _GOODS)


def name_of(number: int) -> str:
    """Return the name of a customer; 39,304 are different."""
    first, last = FIRST[number % 34], LAST[number // 34 % 34]
    return f"{first} {last} {LAST[number // 1156 % 34]}"


def address_of(number: int) -> str:
    """Return the address of a customer."""
    return f"cliente{number}@correo.example"


def order_of(number: int) -> str:
    """Return the order number of a conversation."""
    return f"ES-{300_000 + number}"
