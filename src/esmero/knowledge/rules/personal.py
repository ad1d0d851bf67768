"""Taking out of a text what says who wrote it, so that what was asked can be kept.

Rather too much goes than too little: a number that was a size can be missed, an order number that
stays cannot be taken back. What goes leaves nothing in its place but a space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from esmero.kernel.text import fold
from esmero.knowledge.rules.letters import without_letter


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LONGEST = 500
"""Characters of a question that are kept."""
_READ_MOST = 6_000
_ASKED_WITHIN = 2_500
"""What somebody wants to know stands in the first characters of a letter."""
_ROUNDS = 6

# Characters that are not seen and would hide a number from us.
_GONE = "\ufffc"
"""Stands where something was taken out, until the words that led to it are gone too."""
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffc]")
# Nobody writes a word of this length; and what reads on and on would take us ages.
_ENDLESS = re.compile(r"\S{61,}")
_HOLE = f" {_GONE} "
_SPACE = re.compile(r"[^\S\n]+")

# -- what is taken out wherever it stands ---------------------------------------------------------

_ADDRESS_OF_PAGE = re.compile(
    r"[^\s:/]*://\S*|www\.\S*|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}/\S*", re.I
)
_MAIL = re.compile(
    r"(?:mailto:)?[^\s@<>(),;:\"]*\s?@\s?[^\s@<>(),;:\"]*"
    r"|\b[\w.+-]+\s*[\[(]?\s*(?:arroba|\bat\b)\s*[\])]?\s*[\w-]+\s*"
    r"(?:\.|[\[(]?\s*(?:punto|\bdot\b)\s*[\])]?)\s*[a-z]{2,10}\b",
    re.I,
)
# Telephones, cards, order numbers: seven digits with what people write between them, or five in a
# row; with the letters that hang on them, so that of AB12345678ES nothing stays.
_LONG_NUMBER = re.compile(
    r"[\w+(#/.-]*\d{5,}[\w)/-]*"
    r"|[+(#]*\d(?:[\s.,\-/()·_*]{0,3}\d){6,}[\w)]*"
)
_SIZE = r"\d{1,4}[x×]\d{1,4}(?:[x×]\d{1,4})?(?:cm|mm|m)?\b"
_MIXED = re.compile(rf"\b(?!{_SIZE})(?=(?:[\w-]*\d){{5}})(?=[\w-]*[^\W\d])[\w-]+")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?(?=[A-Z]{0,3}\d)[A-Z0-9]{2,4}){2,8}\b", re.I)
# NIF, NIE, CIF, RFC, CURP, also with dots or a dash before the letter.
_IDENTITY = re.compile(
    r"\b(?:[XYZKLM]\s?-?\s?)?\d{1,2}\.?\d{3}\.?\d{3}\s?-?\s?[A-Z]\b"
    r"|\b[A-HJ-NP-SUVW]\s?-?\s?\d{7}\s?-?\s?[0-9A-J]\b"
    r"|\b[A-Z]{4}\d{6}[A-Z0-9]{0,8}\b",
    re.I,
)
_SPELT = re.compile(
    r"\b(?:(?:cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)[\s,.-]+){5,}"
    r"(?:cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\b",
    re.I,
)
_HANDLE = re.compile(r"\S*@\S*")
_OF_ORDER = (
    r"pedidos?|orden(?:es)?|compras?|facturas?|boletas?|albar[aá]n|referencia|ref|ticket|tique|"
    r"incidencia|reclamo|folio|gu[ií]a|seguimiento|tracking|localizador|reserva|expediente|"
    r"cliente|order|invoice|parcel|rma"
)
_NUMBER_SIGN = r"n\.?\s?[ºª°o]\.?|n[uú]m(?:ero)?\.?|nro\.?|c[oó]digo|id|number|no\.|\#"
# `pedido 1234`, `nº de pedido: AB-12`, `ref. 77-A`, `#4321`
_ORDER = re.compile(
    rf"(?<=\b)(?P<word>{_OF_ORDER})\b\.?\s*(?:(?:{_NUMBER_SIGN}|:|es|el|la)\s*){{0,4}}"
    rf"(?:\#\s*)?(?:[A-Z]{{1,6}}[-_/ ]?)?(?=[\w-]*\d)(?=[\w-]*\d[\w-]*\d[\w-]*\d|"
    rf"[A-Z]+[-_]?\d)[\w/-]+",
    re.I,
)
_NUMBERED = re.compile(
    rf"(?:\b(?:{_NUMBER_SIGN})\s*(?:de\s+(?:mi\s+)?(?:{_OF_ORDER})\s*)?(?:es\s+)?[:.#]?\s*|\#\s?)"
    r"(?=[\w-]*\d)(?=[\w-]*\d[\w-]*\d|[A-Z]+-?\d)[\w/-]+",
    re.I,
)
# The small words that led to what is gone (`mi teléfono es …`, `vivo en la …`) go with it.
_LEADING = re.compile(
    r"(?:(?:[,;:]\s*)?\b(?:el|la|los|las|al|a|en|de|del|desde|con|por|para|o|y|e|u|es|son|mi|mis|"
    r"su|tu|un|una|que|soy|sobre|hasta|vivo|vivimos|resido|direcci[oó]n|tel[eé]fonos?|tel|tfno|"
    r"m[oó]vil|celular|whatsapp|correo|electr[oó]nico|email|e-mail|mail|iban|cuenta|tarjeta|"
    r"bancaria|dni|nif|nie|cif|rut|cuit|rfc|c[eé]dula|documento|usuario|nombre|llamo|n[uú]mero|"
    r"n[uú]m|nro|n[º°o]|cp|c[oó]digo|postal|the|my|is|at|on|to|and|or|in|from|phone|number|"
    r"address|"
    r"name)\b[.:\s]*){1,7}\s*$",
    re.I,
)
_LEADING_MOST = 80
_LED_ON = re.compile(rf"(^\s*|[.!?…\n]\s*){_GONE}\s*(?:,|y\b|e\b|and\b|pero\b)\s*")

# -- postal addresses -----------------------------------------------------------------------------

_STREET = (
    r"calle|c/|cl\.|avenida|avda\.?|av\.|plaza|plza\.?|pza\.?|paseo|p[ºo]\.|carretera|ctra\.?|"
    r"camino|ronda|traves[ií]a|urbanizaci[oó]n|urb\.|pol[ií]gono|pol\.|colonia|col\.|carrera|"
    r"cra\.?|"
    r"kr\.?|cll\.?|transversal|diagonal|jir[oó]n|jr\.|pasaje|psje\.?|calzada|blvd\.?|bulevar|"
    r"boulevard|rambla|callej[oó]n|barrio|bloque|rua|r[úu]a|carrer"
)
_NAME = r"[A-ZÁÉÍÓÚÑÜ][\w'’.áéíóúñü-]*"
_LINK = r"(?:de|del|la|las|los|el|y|e|d[’'])"
_TAIL = (
    r"(?:\s*,?\s*(?:n[º°o]?\.?\s?\d+\w?|\d{1,4}\s?[-ºª°]?\s?[A-Za-z]?\b[ºª°]?|[#-]\s?\d+\w?|"
    r"(?:piso|planta|puerta|pta|escalera|esc|portal|bajo|[aá]tico|bloque|depto|dpto|departamento|"
    r"apto|apartamento|interior|int|local|casa|torre|km|cp|c\.p|bajos?)\.?\s?[\wºª°]{0,4}|"
    r"(?:izq|dcha|drcha|izquierda|derecha|exterior|centro)\b\.?|\b\d{4,5}\b))*"
)
_CITY = (
    rf"(?:\s*,?\s*(?:en\s+)?{_NAME}(?:\s+(?:{_LINK}\s+)?{_NAME}){{0,3}}"
    r"(?:\s*\([^)\n]{2,30}\))?){0,3}"
)
_POSTAL = re.compile(
    # With a number behind it, whatever its letters are; without one, a name in capitals.
    rf"(?:\b(?i:{_STREET})(?=[\s.]|(?<=/))\s*(?:[^\W\d][\w'’.]*\s+){{0,6}}?"
    rf"(?:[^\W\d][\w'’.]*)?\s*,?\s*(?:(?i:n[º°o]?\.?|n[uú]mero|\#)\s*)?\d{{1,4}}\w?{_TAIL}{_CITY}"
    rf"|\b(?i:{_STREET})(?=[\s.]|"
    rf"(?<=/))\s*(?:{_LINK}\s+){{0,3}}{_NAME}(?:\s+(?:{_LINK}\s+){{0,2}}{_NAME}){{0,4}}"
    rf"{_TAIL}{_CITY}"
    rf"|\b\d{{4,5}}\s*,?\s+{_NAME}(?:\s+(?:{_LINK}\s+){{0,2}}{_NAME}){{0,3}}(?:\s*\([^)\n]{{2,30}}\))?"
    rf"|\b(?i:c\.?\s?p\.?|c[oó]digo postal)\s*:?\s*\d{{4,5}}\b"
    rf"|\b\d{{1,5}}\s+(?:{_NAME}\s+){{1,3}}(?i:street|st|road|rd|avenue|ave|lane|"
    rf"drive)\b\.?{_CITY})"
)

# -- names ----------------------------------------------------------------------------------------

_ORDINARY = _set(
    """
    abad alba amable amor angel bello bianca blanca blanco bravo bueno cabello cabeza calle
    camino campo campos casa casas castillo chico clara claro consuelo corazon
    cordero cortes cruz cuesta delgado dia dolores dulce esperanza estrella fe flor flores
    franco fuente fuentes gallo garganta gil gloria gracia gracias grande guerra hermosa
    hoyos iglesias iris izquierdo jardin jazmin largo leal leon lima linda lobo
    lozano luna luz mar marin marina marques martes mayor medina mesa mina
    montes mora moreno nieves olmo oliva palma palacios paloma pardo parra pastor paz
    perla pilar plata plaza prado prieto puente ramos redondo reina remedios rey reyes rico
    rios rojas rojo romero rosa rosario rosas rubio sal salud santa santos seco sierra sol
    soledad soto tierra torre torres tomas valle vega ventura vera verde vidal victoria
    violeta zapata
    """
)
"""Names that are words too: they go only where they are written as a name."""
_SAYS_NAME = re.compile(
    r"\b(?:me llamo|mi nombre (?:completo )?es|a nombre de|al nombre de|a la atenci[oó]n de|"
    r"att?n?\.?:|le (?:saluda|escribe)|te (?:saluda|escribe)|les escribe|nombre y apellidos?:?|"
    r"titular:?|firmado:?|fdo\.?:?|my name is|i am|i['’]m|this is|in the name of)\s+"
    r"(?P<name>(?:(?:don|doña|d\.|dña\.|sr\.?|sra\.?|srta\.?|mr\.?|mrs\.?|ms\.?)\s+)?"
    r"[^\W\d_][\w'’.-]*(?:\s+(?:(?:de|del|la|las|los|y)\s+){0,2}(?-i:[A-ZÁÉÍÓÚÑÜ])[\w'’.-]*){0,4})",
    re.I,
)
_I_AM = re.compile(
    rf"\b(?i:soy|hablo con|aqu[ií]|"
    rf"habla)\s+(?P<name>{_NAME}(?:\s+(?:{_LINK}\s+){{0,2}}{_NAME}){{0,4}})"
)
_TITLED = re.compile(
    rf"\b(?i:don|doña|d\.|dña\.|sr\.?|sra\.?|srta\.?|señor|señora|señorita|mr\.?|mrs\.?|ms\.?)\s+"
    rf"{_NAME}(?:\s+(?:{_LINK}\s+){{0,2}}{_NAME}){{0,3}}"
)
_NOT_A_NAME = _set(
    """
    i am this is the a an un una el la cliente customer from de los
    """
)


def _name_parts(names: Iterable[str]) -> tuple[list[str], set[str]]:
    """Return whole names and their parts, folded; what is too short to be sure is left out."""
    whole, parts = [], set()
    for name in names:
        words = [w for w in re.split(r"[^\w'’-]+", fold(name)) if w]
        if len(words) > 1:
            whole.append(" ".join(words))
        parts |= {w for w in words if len(w) > 2 and w not in {"del", "las", "los", "the"}}
    return sorted(whole, key=len, reverse=True), parts


_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def _without_names(text: str, whole: list[str], parts: set[str]) -> str:
    if not parts:
        return text
    found = list(_WORD.finditer(text))
    words = [fold(m[0]) for m in found]
    gone: set[int] = set()
    for name in whole:
        pieces = name.split()
        for i in range(len(words) - len(pieces) + 1):
            if words[i : i + len(pieces)] == pieces:
                gone.update(range(i, i + len(pieces)))
    last = len(words) - 1
    while last >= 0 and words[last] in parts and found[last][0][0].isupper():
        gone.add(last)  # what ends with a name is signed with it
        last -= 1
    for i, (match, word) in enumerate(zip(found, words, strict=True)):
        if word in parts and (
            word not in _ORDINARY
            or (match[0][0].isupper() and not _begins_sentence(text, match.start()))
        ):
            gone.add(i)
    for i in sorted(gone, reverse=True):
        text = f"{text[: found[i].start()]}{_HOLE}{text[found[i].end() :]}"
    return text


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t¿¡\"'«(")
    return not before or before[-1] in ".!?\n…"


def _said_name(match: re.Match[str]) -> str:
    """Take the name out of `me llamo Marta`, with what announces it; keep `soy clienta`."""
    first = fold(match["name"].split()[0])
    return match[0] if first in _NOT_A_NAME else _HOLE


def _scrubbed(text: str) -> str:
    """Take out what can be told from its form, until nothing of it is left."""
    for _ in range(_ROUNDS):
        before = text
        text = _ADDRESS_OF_PAGE.sub(_HOLE, text)
        text = _MAIL.sub(_HOLE, text)
        text = _HANDLE.sub(_HOLE, text)
        text = _POSTAL.sub(_HOLE, text)
        text = _ACCOUNT.sub(_if_number, text)
        text = _IDENTITY.sub(_HOLE, text)
        text = _ORDER.sub(lambda m: m["word"], text)
        text = _NUMBERED.sub(_HOLE, text)
        text = _LONG_NUMBER.sub(_HOLE, text)
        text = _MIXED.sub(_HOLE, text)
        text = _SPELT.sub(_HOLE, text)
        if text == before:
            break
    return text


def _if_number(match: re.Match[str]) -> str:
    """`es12 alta` is no account: one has at least ten digits or is written in capitals."""
    return _HOLE if sum(c.isdigit() for c in match[0]) >= 6 else match[0]


def general(text: str, *, names: Iterable[str] = ()) -> str:
    """Return a text without what says who: no addresses, numbers, names; its lines stay.

    `names`: of the customer and of the team, as they are known.
    """
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text[:_READ_MOST]))
    text = _ENDLESS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = without_letter(text)
    text = _SAYS_NAME.sub(_said_name, text)
    text = _I_AM.sub(_HOLE, text)
    text = _scrubbed(text)
    text = _TITLED.sub(_HOLE, text)
    text = _without_names(text, *_name_parts(names))
    return _tidy(_scrubbed(text))


_EMPTY = re.compile(rf"\(\s*(?:(?:{_OF_ORDER})\b)?[\s.:]*\)" r"|\[\s*\]|«\s*»|\"\s*\"|<\s*>", re.I)
_BEFORE_SIGN = re.compile(r"[^\S\n]+(?=[,.;:!?)\]»])")
_DOUBLED = re.compile(r"([,;:])(?:\s*[,;:])+|,(?=\s*[.!?])|(?<=[^.\W])(\.)\s*\.(?!\.)")
_LONELY = re.compile(r"^[\s,.;:!?)\]»-]+|[\s,;:(\[«-]+$", re.M)


def _without_leading(piece: str) -> str:
    end = piece[-_LEADING_MOST:]
    return piece[: len(piece) - len(end)] + _LEADING.sub(" ", end, count=1)


# `Es el pedido.`: a sentence that said nothing but the number that is gone.
_ONLY_ORDER = re.compile(
    rf"(?:^|(?<=[.!?…\n]))[^\S\n]*(?:(?:es|era|mi|el|la|un|una|del|de|con|tengo|n[uú]mero|the|my|is|it)"
    rf"\s+){{0,5}}(?:{_OF_ORDER})\s*(?:[.:!?…]+(?=\s|$)|$)",
    re.I | re.M,
)


def _tidy(text: str) -> str:
    text = _LED_ON.sub(r"\1", text)
    pieces = text.split(_GONE)
    text = " ".join([*(_without_leading(piece) for piece in pieces[:-1]), pieces[-1]])
    for _ in range(2):
        text = _EMPTY.sub(" ", text)
        text = _SPACE.sub(" ", text)
        text = _BEFORE_SIGN.sub("", text)
        text = _DOUBLED.sub(lambda m: m[1] or m[2] or "", text)
    said = _ONLY_ORDER.sub(" ", text)
    text = said if any(c.isalpha() for c in said) else text
    text = "\n".join(_LONELY.sub("", line) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def question(text: str, *, names: Iterable[str] = (), subject: str = "") -> str:
    """Return what was asked, in one line of at most `LONGEST` characters, without who asked.

    `subject`: of a mail, put in front where it says something that the text does not.
    """
    said = " ".join(general(text[:_ASKED_WITHIN], names=names).split())
    about = " ".join(general(_RE.sub("", subject), names=names).split())
    if about and fold(about).strip(" .?!¿¡") not in fold(said) and not _VAGUE.match(fold(about)):
        said = f"{about}{'' if about[-1] in '.?!…' else '.'} {said}".strip()
    said = " ".join(_tidy(_scrubbed(said)).split())
    if len(said) > LONGEST:
        said = said[: LONGEST - 1].rpartition(" ")[0] or said[: LONGEST - 1]
        said = said.rstrip(" ,;:.") + "…"
    return said


_RE = re.compile(r"^(?:\s*(?:re|rv|fwd?|resp?|enc|tr)\s*:)+\s*", re.I)
_VAGUE = re.compile(
    r"^(?:(?:una?\s+)?(?:consulta|duda|pregunta|hola|ayuda|informacion|info|pedido|mi pedido|"
    r"contacto|"
    r"mensaje|urgente|problema|formulario.*|nuevo mensaje.*|question|help|order|hello|sin asunto"
    r"|no subject)s?\W*)+$"
)
