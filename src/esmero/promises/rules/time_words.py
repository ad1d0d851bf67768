"""The words of time in Spanish and English, without accents and in lower case."""

from __future__ import annotations

from datetime import timedelta
from typing import Final


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "lunes lun monday mon", "martes tuesday tue tues", "miercoles mie wednesday wed",
            "jueves jue thursday thu thurs", "viernes vie friday fri",
            "sabado sab saturday sat", "domingo dom sunday sun",
        )
    )
    for name in names.split()
}  # fmt: skip
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan", "febrero feb february", "marzo mar march",
            "abril abr april apr", "mayo may", "junio jun june", "julio jul july",
            "agosto ago august aug",
            "septiembre setiembre sep sept september", "octubre oct october",
            "noviembre nov november", "diciembre dic december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
NUMBERS: Final = {
    name: number
    for number, names in {
        1: "un una uno one a an", 2: "dos two par couple", 3: "tres three", 4: "cuatro four",
        5: "cinco five", 6: "seis six", 7: "siete seven", 8: "ocho eight", 9: "nueve nine",
        10: "diez ten", 11: "once eleven", 12: "doce twelve", 15: "quince fifteen",
        20: "veinte twenty", 24: "veinticuatro", 30: "treinta thirty", 45: "cuarenta",
        48: "cuarentaiocho",
    }.items()
    for name in names.split()
}  # fmt: skip
UNITS: Final = {
    **dict.fromkeys(
        ["minuto", "minutos", "min", "mins", "minute", "minutes"], timedelta(minutes=1)
    ),
    **dict.fromkeys(["hora", "horas", "h", "hour", "hours", "hr", "hrs"], timedelta(hours=1)),
    **dict.fromkeys(["dia", "dias", "d", "day", "days"], timedelta(days=1)),
    **dict.fromkeys(["semana", "semanas", "week", "weeks"], timedelta(weeks=1)),
}
WORKING: Final = set(["laborables", "laborable", "habiles", "habil", "working", "business"])
PARTS: Final = (
    ("a primera hora", "first"), ("primera hora", "first"), ("first thing", "first"),
    ("a ultima hora", "end"), ("ultima hora", "end"), ("al final del dia", "end"),
    ("a lo largo del dia", "end"), ("durante el dia", "end"), ("en el dia", "end"),
    ("antes de cerrar", "end"), ("antes del cierre", "end"), ("al cierre", "end"),
    ("by the end of the day", "end"), ("end of the day", "end"), ("end of day", "end"),
    ("by close of business", "end"), ("before closing", "end"), ("before we close", "end"),
    ("por la manana", "morning"), ("de la manana", "morning"), ("en la manana", "morning"),
    ("in the morning", "morning"), ("morning", "morning"),
    ("a mediodia", "noon"), ("al mediodia", "noon"), ("at noon", "noon"), ("noon", "noon"),
    ("por la tarde", "afternoon"), ("de la tarde", "afternoon"), ("en la tarde", "afternoon"),
    ("in the afternoon", "afternoon"), ("afternoon", "afternoon"),
    ("in the evening", "evening"), ("evening", "evening"),
    ("por la noche", "night"), ("de la noche", "night"), ("en la noche", "night"),
    ("at night", "night"), ("night", "night"),
)  # fmt: skip
TODAY: Final = (
    ("esta misma manana", "morning"), ("esta manana", "morning"), ("this morning", "morning"),
    ("esta misma tarde", "afternoon"), ("esta tarde", "afternoon"),
    ("this afternoon", "afternoon"), ("this evening", "evening"), ("esta noche", "night"),
    ("tonight", "night"), ("hoy mismo", ""), ("hoy", ""), ("today", ""),
)  # fmt: skip
BEFORE: Final = (
    ("antes del", True), ("antes de", True), ("before", True),
    ("no mas tarde del", False), ("no later than", False), ("a mas tardar", False),
    ("para el", False), ("hasta el", False), ("para", False), ("by", False), ("until", False),
)  # fmt: skip
LEADS: Final = (
    "el proximo", "este proximo", "el dia", "el", "este", "on the", "on", "this coming", "this",
    "next", "the", "proximo", "dia",
)  # fmt: skip
HOUR_LEADS: Final = (
    "antes de las", "antes de la", "before", "hacia las", "sobre las", "a eso de las", "a las",
    "a la", "las", "la", "at", "by", "around",
)  # fmt: skip
FRACTIONS: Final = (
    ("y media", 30), ("y cuarto", 15), ("y veinte", 20), ("y diez", 10), ("menos cuarto", -15),
    ("menos diez", -10), ("menos veinte", -20),
)  # fmt: skip
HALVES: Final = (
    ("de la manana", "am"), ("de la tarde", "pm"), ("de la noche", "pm"), ("del mediodia", "pm"),
    ("in the morning", "am"), ("in the afternoon", "pm"), ("in the evening", "pm"), ("am", "am"),
    ("pm", "pm"), ("a m", "am"), ("p m", "pm"), ("a . m .", "am"), ("p . m .", "pm"),
)  # fmt: skip
STRETCHES: Final = (
    "en menos de", "antes de", "dentro de", "en", "de aqui a", "within the next", "within",
    "in less than", "in",
)  # fmt: skip
WEEKS: Final = (
    ("esta misma semana", 0), ("esta semana", 0), ("this week", 0), ("la semana que viene", 1),
    ("la proxima semana", 1), ("la semana proxima", 1), ("next week", 1),
)  # fmt: skip
DAYS_AHEAD: Final = (
    ("pasado manana", 2), ("manana mismo", 1), ("manana", 1), ("the day after tomorrow", 2),
    ("tomorrow", 1),
)  # fmt: skip
SHORT_DAYS: Final = word_set("lun mar mie jue vie sab dom mon tue wed thu fri")
