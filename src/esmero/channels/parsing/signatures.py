"""Signatures: the delimiter line, mobile clients, closing formulas with a name, contact blocks.

Thanks are content ("Gracias, Ana" stays): only formulas that say nothing are cut.
"""

import re

from esmero.channels.parsing.words import word_set

DELIMITER = re.compile(r"^(?:--|—|–|―)\s*$")
RULE = re.compile(r"^[-_=~*—–]{5,}$")
MOBILE = re.compile(
    r"(?i)^[-–—>< ]{0,3}(?:(?:mensaje|correo|e-?mail|mensagem) )?(?:"
    r"(?:sent|enviad[oa]|escrito|envoyé|gesendet|von meinem|inviato|verzonden|skickat|sendt|"
    r"wysłane|get|obtener|obtenga|obtén|obter|obtenez|descarga|baixe|enviat|lähetetty|"
    r"skickat från)"
    r"(?:[^\n]{0,12}\b(?:from|desde|por|via|vía|do|de|da|a partir|con|com|depuis|mit|von|dal?|"
    r"vanaf|van|från|fra|z|using|with|del|para|für|for|meinem|mon|mi|meu|minha)\b)"
    r"(?:[ '’]+[^\s.!?,;:]+){0,7}[.!]?"
    r"|via (?:mobile|móvil|celular|phone)|desde mi (?:iphone|móvil|celular|android|tel[ée]fono)"
    r"|yahoo mail: [^\n]{0,60}|outlook para (?:android|ios)[^\n]{0,40}"
    r"|libre de virus\.?[^\n]{0,60}|virus-free\.?[^\n]{0,60}|livre de vírus\.?[^\n]{0,60}"
    r")(?:\s*[<\[(]https?://[^\s>\])]+[>\])]?)?\s*$"
)
# A line like "Enviado por MRW ayer" is content: it takes one's own device or a known program.
_DEVICE = re.compile(
    r"(?i)\b(?:desde mi|desde el (?:m[óo]vil|tel[ée]fono|celular)|d[eo] (?:meu|minha)|from my|"
    r"from a|de mon|von meinem|dal mio|vanaf mijn|från min|fra min|via (?:mobile|m[óo]vil)|"
    r"iphone|ipad|android|ios|blackberry|samsung|galaxy|huawei|xiaomi|motorola|nokia|oppo|"
    r"outlook|yahoo|gmail|hotmail|e?-?mail|webmail|correo|proton|tutanota|k-9|windows|spark|"
    r"sparrow|thunderbird|airmail|mailbird|bluemail|zoho|aol|smartphone|m[óo]vil|celular|"
    r"telem[óo]vel|phone|mobile|device|dispositivo|virus|avast)\b"
)
_FORMULAS = (
    r"(?:(?:un|muchos|con un|reciba un|recibe un|reciban un) )?(?:(?:cordial|atento|afectuoso|"
    r"fuerte|gran) )?"
    r"saludos?(?: (?:cordial(?:es)?|atentos?|afectuosos?))?|saluditos|(?:muy )?atentamente|"
    r"(?:muy |bien )?cordialmente|atte\.?|att\.?|(?:un (?:fuerte |gran )?)?abrazos?|"
    r"(?:muchos )?besos|"
    r"atenciosamente|(?:com os )?(?:meus )?(?:melhores )?cumprimentos|saudações(?: cordiais)?|"
    r"(?:um (?:grande |forte )?)?abraços?|sds\.?|respeitosamente|beijos|"
    r"(?:(?:with )?(?:my )?(?:best|kind|kindest|warm|warmest|many) )?regards|(?:all the )?best|"
    r"best wishes|cheers|(?:yours )?(?:sincerely|truly|faithfully)(?: yours)?|"
    r"(?:bien |très )?cordialement|(?:sincères )?salutations|bien à vous|"
    r"(?:mit )?(?:freundlichen|besten|vielen|lieben|herzlichen) gr(?:ü|ue)(?:ß|ss)en|"
    r"(?:freundliche|beste|viele|liebe|herzliche) gr(?:ü|ue)(?:ß|ss)e|mfg|lg|vg|"
    r"(?:cordiali |distinti )?saluti|"
    r"(?:med )?(?:venlig|vennlig|vänlig|vänliga|kærlig|bästa|beste) (?:hilsen|hilsner|hälsning|"
    r"hälsningar)|hilsen|mvh|kh|vh|"
    r"(?:met )?(?:vriendelijke )?groet(?:en)?|pozdrawiam|z powa[żz]aniem|"
    r"с уважением|atentament|salutacions"
)
FORMULA = re.compile(
    r"(?i)^(?:" + _FORMULAS + r")(?P<rest>(?:[\s,.!]+[\w.’'-]+){0,4})[\s,.!:;-]*$"
)
# What may follow a formula on its line beside a name.
_AFTER_FORMULA = word_set(
    "a todos todas desde de del la el y e para ti usted ustedes you team all"
)
_NOT_A_NAME = re.compile(
    r"(?i)\b(?:gracias|thanks?|obrigad[oa]|merci|ok|vale|perfecto|recibido|hola|s[íi]|no|espero|"
    r"quedo|por favor)\b"
)
FORMULA_ALONE = re.compile(r"(?i)^(?:" + _FORMULAS + r")[\s,.!:;-]*$")
DASH_NAME = re.compile(r"^(?:[-–—~/]|// ?)(?=[^\W\d_])[^\W\d_][\w.’']*(?: [^\W\d_][\w.’']*){0,3}$")
_NAME_LINE = re.compile(
    r"^[^\W\d_a-zà-ÿ][\w.’'-]*(?: (?:de|del|da|dos|la|van|von|y|[^\W\d_a-zà-ÿ][\w.’'-]*)){0,4}$"
)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|(?:https?://|www\.)\S+|(?:\+?\d[\d ().\-]{6,}\d)")
_POSTSCRIPT = re.compile(r"(?i)^(?:p\.? ?d\.?|p\.? ?s\.?|n\.? ?b\.?) ?[:.,-]")
_DISCLAIMER = re.compile(
    r"(?i)^\W{0,4}(?:aviso (?:legal|de confidencialid?ad|de privacidad|importante)|"
    r"cl[áa]usula de confidencialidad|informaci[óo]n confidencial|"
    r"(?:este (?:mensaje|correo|e-?mail)|la informaci[óo]n (?:contenida|incluida)|"
    r"el contenido de este (?:mensaje|correo)|esta (?:mensagem|comunicaci[óo]n)|este e-?mail|"
    r"this (?:e-?mail|message|communication))\b.{0,160}\b(?:confidenc|confident|destinatari|"
    r"privileged|legalmente|exclusiv|intended)|"
    r"confidential(?:ity)? (?:notice|note)|aviso de confidencialidade|disclaimer\b|"
    r"antes de imprimir|(?:please )?(?:consider|think) .{0,40}before printing|"
    r"de conformidad con lo (?:dispuesto|establecido) en|"
    r"en cumplimiento de (?:la|lo|el)\b.{0,80}(?:protecci[óo]n de datos|reglamento)|"
    r"conforme (?:a la|al) .{0,60}protecci[óo]n de datos)"
)
_MAX_CLOSING_LINES = 9
_MAX_DELIMITED_LINES = 25


def signature_lines(lines: list[str], may_be_all: bool = False) -> set[int]:
    """Indexes of the lines of one run of visible text that are signature.

    `may_be_all`: something else of the mail is visible, so the run may be nothing else.
    """
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    if not end:
        return set()
    found: set[int] = set()
    first = _delimited(lines, end, may_be_all)
    if first is not None:
        found.update(range(first, len(lines)))
        end = first
    end = _trim_disclaimer(lines, end, found)
    end = _trim_mobile(lines, end, found)
    end = _trim_closing(lines, end, found, may_be_all)
    end = _trim_mobile(lines, end, found)
    _trim_contact(lines, end, found)
    return found


def _back(lines: list[str], end: int) -> int:
    while end and not lines[end - 1]:
        end -= 1
    return end


def _delimited(lines: list[str], end: int, may_be_all: bool) -> int | None:
    start, filled = end, 0
    while start and filled <= _MAX_DELIMITED_LINES:
        start -= 1
        filled += bool(lines[start])
    for i in range(start, end):
        line = lines[i]
        if not line or line[0] not in "-_=~*—–―":
            continue
        rest = [text for text in lines[i + 1 : end] if text]
        if DELIMITER.match(line) and (i or may_be_all) and len(rest) <= _MAX_DELIMITED_LINES:
            if any(text.endswith("?") for text in rest) and not any(map(_CONTACT.search, rest)):
                continue
            return i
        if not RULE.match(line) or len(rest) > 15:
            continue
        # A ruler may also part two thoughts: below a signature's there is an address or number.
        if any(len(text) > 80 or text.endswith(("?", ":")) for text in rest):
            continue
        if not rest or (i and any(_CONTACT.search(text) for text in rest)):
            return i
    return None


def _trim_disclaimer(lines: list[str], end: int, found: set[int]) -> int:
    """Legal notes of companies: from their first line on, when something stands above them."""
    for i in range(max(1, end - 60), end):
        if len(lines[i]) > 12 and _DISCLAIMER.match(lines[i]) and any(lines[:i]):
            found.update(range(i, end))
            return i
    return end


def is_client_line(line: str) -> bool:
    """ "Enviado desde mi iPhone" and its kin."""
    return MOBILE.match(line) is not None and _DEVICE.search(line) is not None


def _is_full_name(line: str) -> bool:
    return " " in line and bool(_NAME_LINE.match(line)) and not _NOT_A_NAME.search(line)


def _is_formula(line: str) -> bool:
    match = FORMULA.match(line)
    if match is None:
        return False
    words = re.findall(r"[\w’'-]+", match["rest"])
    return all(word[0].isupper() or word.lower() in _AFTER_FORMULA for word in words)


def _is_prose(line: str) -> bool:
    """A sentence rather than a name, a post or an address."""
    words = [word for word in line.split() if word[0].isalpha()]
    lower = sum(word[0].islower() for word in words)
    return len(words) >= 5 and lower >= 0.6 * len(words)


def _trim_mobile(lines: list[str], end: int, found: set[int]) -> int:
    while True:
        last = _back(lines, end)
        if last < 2 or not is_client_line(lines[last - 1]):
            return end
        end = last - 1
        found.update(range(end, last))
        if end > 1 and not lines[end - 2] and _is_full_name(lines[end - 1]):
            end -= 1
            found.add(end)


def _trim_closing(lines: list[str], end: int, found: set[int], may_be_all: bool) -> int:
    last = _back(lines, end)
    seen = 0
    for i in range(last - 1, -1, -1):
        line = lines[i]
        if not line:
            continue
        seen += 1
        if seen > _MAX_CLOSING_LINES or len(line) > 90 or (seen > 1 and line.endswith("?")):
            break
        if seen == 1 and i and DASH_NAME.match(line) and _is_alone(lines, i):
            found.update(range(i, last))
            return i
        if _POSTSCRIPT.match(line):
            return end
        if FORMULA_ALONE.match(line) or (seen <= 4 and _is_formula(line)):
            if not may_be_all and not any(lines[:i]):
                return end
            found.update(range(i, end))
            return i
        if _is_prose(line):
            break
    return end


def _is_alone(lines: list[str], i: int) -> bool:
    """ "-Ana" as a signature, not as the only item of a list."""
    above = lines[_back(lines, i) - 1] if _back(lines, i) else ""
    return (
        not above.endswith(":")
        and not above.startswith("-")
        and lines[i].lstrip("-–—~/ ")[0].isupper()
    )


def _trim_contact(lines: list[str], end: int, found: set[int]) -> None:
    last = _back(lines, end)
    first = last
    while first and lines[first - 1]:
        first -= 1
    block = lines[first:last]
    if not first or not 3 <= len(block) <= 8 or any(len(text) > 60 for text in block):
        return
    before = lines[_back(lines, first) - 1] if _back(lines, first) else ""
    if not before or before.endswith(":") or not _NAME_LINE.match(block[0]):
        return
    if sum(bool(_CONTACT.search(text)) for text in block[1:]) >= 2:
        found.update(range(first, last))
