"""What of a letter is its matter: no greeting, no farewell, no signature, nothing quoted."""

from __future__ import annotations

import re

_NAME = r"[A-ZÁÉÍÓÚÑÜ][\w'’.áéíóúñü-]*"
_LINK = r"(?:de|del|la|las|los|el|y|e|d[’'])"
_HELLO = (
    r"hola|buenas(?: tardes| noches)?|buenos? d[ií]as?|muy buenas|saludos|estimad[oa]s?|"
    r"estimad[oa]s? se[ñn]or(?:es|as?)?|querid[oa]s?|apreciad[oa]s?|muy se[ñn]ores? (?:m[ií]os?|"
    r"nuestros?)|a quien corresponda|[¿¡]?qu[eé] tal(?: est[aá](?:s|n|is)?)?\??|hey|hi|hello|"
    r"dear|good (?:morning|afternoon|evening)"
)
_GREETING = re.compile(
    rf"^\W*(?:(?:{_HELLO})(?!\w)(?:[\s,!.]*(?:{_HELLO})(?!\w))*)"
    # To whom: up to five words that end with the line, a comma, a colon or an exclamation mark.
    r"(?:\s+(?!(?:quer|necesit|teng|hic|he\b|me\b|mi\b|no\b|se\b|les?\b|os\b|te\b|soy|est|por\b|"
    r"qu[eé]|c[oó]mo|cu[aá]n|d[oó]nde|si\b|compr|hab|pued|pod|llev|quis|ayer|hoy|hace|hay|"
    r"a\s+ver|"
    r"i\b|my\b|can|what|how|where|is\b|do\b|"
    r"could))[\w'’.]+(?:[ ][\w'’.]+){0,4}?(?=\s*[,:!.;\n]|$))?"
    r"\s*[,:!.;)]*\s*",
    re.I,
)
_CLOSING = (
    r"(?:un|muchos|reciba[ns]?\s+un)?\s*(?:cordial(?:es)?\s+)?saludos?(?:\s+cordial(?:es)?|"
    r"\s+afectuosos?"
    r"|\s+atentos?)?|(?:muy\s+)?(?:atentamente|cordialmente|atte)\b\.?|"
    r"un\s+(?:fuerte\s+)?abrazo|abrazos|besos?|"
    r"(?:(?:desde\s+ya|de\s+antemano),?\s*)?(?:(?:muchas|"
    r"mil)\s+)?gracias(?:\s+(?:y\s+(?:un\s+)?saludos?|por\s+(?:su|tu|vuestra|la)\s+"
    r"(?:atenci[oó]n|ayuda|respuesta|tiempo)|de\s+antemano|anticipadas|por\s+adelantado|"
    r"por\s+todo))?|"
    r"(?:quedo|quedamos|me\s+quedo)\s+a\s+(?:la\s+espera|su\s+disposici[oó]n|"
    r"tu\s+disposici[oó]n)[^\n.]{0,60}|"
    r"(?:espero|esperamos)\s+(?:su|tu|vuestra)\s+(?:pronta\s+)?(?:respuesta|contestaci[oó]n)|"
    r"que\s+(?:tenga[ns]?|tengas|pase[ns]?|pases)\s+(?:un\s+)?(?:buen|feliz|lindo)[^\n.]{0,30}|"
    r"(?:kind|best|warm)\s+regards|regards|sincerely|yours\s+\w+|"
    r"thanks?(?:\s+you)?(?:\s+(?:in\s+advance|so\s+much|"
    r"a\s+lot))?|many\s+thanks|cheers|best\s+wishes|best"
)
# A line that is nothing but such words begins what is no longer the matter.
_CLOSING_LINE = re.compile(
    rf"^[\W_]*(?:{_CLOSING})(?:[\s,.!¡]+(?:y\s+)?(?:{_CLOSING}))*[\W_]*(?:[-–,]\s*)?"
    rf"(?:(?:{_NAME})(?:\s+(?:(?i:{_LINK})\s+)?{_NAME}){{0,4}})?[\W_]*$",
    re.I,
)
_ENDING = re.compile(
    rf"(?:(?<=[.,;!?)\n])|(?<=\s)|"
    rf"^)\s*(?:{_CLOSING})(?:[\s,.!]+(?:y\s+)?(?:{_CLOSING}))*[\s,.!:-]*"
    r"(?:(?-i:[A-ZÁÉÍÓÚÑÜ])[\w'’.]*(?:\s+(?:(?:de|del|la|las|los|"
    r"y)\s+)?(?-i:[A-ZÁÉÍÓÚÑÜ])[\w'’.]*){0,4}[\s.!]*)?$",
    re.I,
)
_CUT_FROM = re.compile(
    r"^(?:--\s*$|_{5,}|-{5,}|={5,}|\*{5,}|enviado (?:desde|con) |sent from |obtener outlook|"
    r"get outlook|"
    r"(?:este|el presente) (?:mensaje|correo)|aviso (?:legal|de confidencialidad)|"
    r"advertencia legal|this (?:message|e-?mail)|(?:el|on) .{5,90}(?:escribi[oó]|wrote):|"
    r"de:\s|from:\s|>|antes de imprimir)",
    re.I | re.M,
)
_AFTER_CLOSING_MOST = 400


_SIGNED = re.compile(rf"\n\s*[-–—~*]*\s*{_NAME}(?:\s+(?:{_LINK}\s+)?{_NAME}){{0,3}}[\s.!]*$")
"""A last line that is nothing but one to four words with capitals."""


def without_letter(text: str) -> str:
    """Return a letter's matter alone: no greeting, no farewell, no signature, nothing quoted."""
    cut = _CUT_FROM.search(text)
    if cut is not None and text[: cut.start()].strip():
        text = text[: cut.start()]
    lines = text.split("\n")
    for number, line in enumerate(lines):
        # `Gracias` at the top is no farewell; a question behind it is no signature.
        rest = "\n".join(lines[number + 1 :])
        if (
            number
            and len(line) < 160
            and _CLOSING_LINE.match(line)
            and len(rest) <= _AFTER_CLOSING_MOST
            and "?" not in rest
            and "".join(lines[:number]).strip()
        ):
            lines = lines[:number]
            break
    text = _SIGNED.sub("", "\n".join(lines).strip())
    for _ in range(3):
        begun = _GREETING.sub("", text, count=1)
        if begun == text or not begun.strip():
            break
        text = begun
    for _ in range(3):
        ended = _ENDING.sub("", text).rstrip()
        if ended == text or not ended.strip():
            break
        text = ended
    return text.strip()
