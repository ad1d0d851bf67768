"""Delivery failures and delays: RFC 3464 first, then the old prose of mail servers.

**Source:** RFC 3464 (fields), RFC 3463 (status codes), RFC 5321 4.5.5 (null sender); prose: Exim,
Postfix, qmail, Exchange and Gmail templates; the rest is left to `flufl.bounce`.
"""

import logging
import re
from email import message_from_bytes

from flufl.bounce import all_failures

from esmero.channels.parsing.charsets import clean
from esmero.channels.parsing.headers import Headers, read_headers
from esmero.channels.parsing.mime import Tree, decode_part
from esmero.channels.parsing.reports import message_id_of, original_headers
from esmero.channels.parsing.types import Address, Bounce, Budget

# Its tracebacks would carry foreign addresses into our logs.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

# flufl.bounce needs a minute for 3 MB; failures are named at the beginning.
_FLUFL_BYTES = 48_000
_FLUFL_LINES = 1_200
_PROSE_CHARS = 20_000
_DAEMON = re.compile(
    r"(?i)^(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|mdaemon|mailerdaemon|"
    r"maildelivery(?:system)?|mail[-_.]?delivery[\w.-]*|microsoftexchange[0-9a-f]+|bounces?|"
    r"delivery[-_.]?(?:failure|notification)|internet-messaging|smtp\d*|"
    r"mail delivery (?:sub)?s(?:ystem|ervice)|mail administrator)(?:[+_-][^@]*)?(?:[@\\]|$)"
)
_SUBJECT = re.compile(
    r"(?i)^\W{0,3}(?:\[[^\]]{1,30}\] ?)?(?:undeliver(?:able|ed)|mail delivery (?:failed|"
    r"failure|problem|system|status|warning|error)|"
    r"mail system error|mail could not be delivered|mail could not|"
    r"delivery (?:has )?(?:failure|failed|delayed|status|report|problem|notification|error)|"
    r"returned (?:mail|e-?mail|message)|failure notice|failure notification|non[- ]?deliver|"
    r"delivery status notification|message (?:could not|not|delivery|undeliver|status)|"
    r"warning: (?:could not|message)|nondeliver|user unknown|rejected mail|bounced? (?:mail|"
    r"message)|"
    r"could not deliver|unable to deliver|error (?:sending|delivering)|your message (?:could|"
    r"to .* (?:could|was|has))|"
    r"permanent (?:delivery )?failure|unzustellbar|nicht zustellbar|zustellung|fehler bei der|"
    r"mensaje (?:no entregado|devuelto)|no se (?:pudo|puede|ha podido) entregar|"
    r"no entregad[oa]|no entregable|correo (?:devuelto|no entregado)|"
    r"notificaci[óo]n (?:de|del) estado de (?:la )?entrega|"
    r"error (?:de|en la) entrega|fallo (?:de|en la) entrega|entrega (?:fallida|retrasada|"
    r"demorada)|"
    r"imposible entregar|devoluci[óo]n de correo|sin entregar|"
    r"n[ãa]o (?:foi poss[íi]vel entregar|entregue)|falha na entrega|mensagem n[ãa]o entregue|"
    r"notifica[çc][ãa]o (?:de|do) status d[ae] entrega|entrega (?:falhou|atrasada)|"
    r"devolu[çc][ãa]o de e-?mail|"
    r"n[ãa]o ?entreg|non remis|[ée]chec de (?:la )?(?:remise|distribution)|message non distribu|"
    r"mancat[ao] (?:recapito|consegna)|impossibile recapitare|onbestelbaar)"
)
_SUBJECT_INSIDE = re.compile(
    r"(?i)\((?:delivery fail|undeliver|non remis|no entregad|entrega fallida)|: (?:non remis|"
    r"undelivered)"
)
_DELAY = re.compile(
    r"(?i)\b(?:delay(?:ed)?|warning: (?:message|could not)|still (?:being )?(?:retried|trying)|"
    r"retrasad[oa]|demorad[oa]|atrasad[oa]|verz[öo]gert|will (?:be )?retr(?:y|ied)|"
    r"no action is required|will keep trying|no es necesario que vuelva a enviar)\b"
)
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_IN_PROSE = re.compile(
    r"(?<![\d.])(?:[45]\d\d[ \-#]*\(?#?|#|status: ?|DSN=)([45]\.\d{1,3}\.\d{1,3})(?![\d.])", re.I
)
_BARE_CODE = re.compile(r"(?<![\w.] )(?<![\w.\-])([45]\.[0-7]\.\d{1,2})(?![\w.\-])")
_TRIGGER = re.compile(
    r"(?i)(?:following (?:address|recipient)|these recipients|failed recipients?|"
    r"could not be delivered|unable to deliver|wasn'?t delivered|was not delivered|"
    r"couldn'?t be delivered|delivery (?:to|has failed)|undeliverable to|permanent fatal errors|"
    r"did not reach the following|rcpt to|mail delivery|"
    r"siguientes? (?:destinatario|direcci)|destinatarios o grupos|no se encontr|"
    r"no se (?:ha )?(?:pudo|podido|puede) entregar|no se (?:ha )?entreg|"
    r"no (?:ha|fue|pudo|ha podido) (?:sido |ser )?entregad|"
    r"n[ãa]o (?:foi|p[ôo]de)[^.]{0,20} entreg|seguintes? (?:destinat|endere)|"
    r"n[ãa]o foi encontrad|destinat[áa]rios ou grupos|"
    r"destinataires suivants|n[’']a pas pu [êe]tre|"
    r"folgenden? empf[äa]nger|konnte nicht zugestellt|seguenti destinatari)"
)
_END = re.compile(
    r"(?i)^(?:[-=_* ]*(?:below this line is|original message|this is a copy of|mensaje original|"
    r"mensagem original|the original message|returned message|diagnostic information for admin|"
    r"informaci[óo]n de diagn|informa[çc][õo]es de diagn|message header|received: )|"
    r"[-=_]{3,}.*(?:copy|original|headers))"
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9][\w-]*(?:\.[\w-]+)+", re.I)


def _is_daemon(headers: Headers, sender: Address) -> bool:
    path = headers.first("return-path").strip("<> ")
    return any(_DAEMON.match(text) for text in (sender.email, sender.name, path) if text)


# Postfix and qmail begin a line with the address in brackets and a colon.
_NAMED = re.compile(r"(?m)^[ \t]{0,8}<([^<>\s@]{1,64}@[^<>\s@]{1,255})>(?: \([^)\n]{1,200}\))?:")


def _status_blocks(tree: Tree, budget: Budget) -> list[Headers]:
    blocks: list[Headers] = []
    for part in tree.leaves:
        if part.content_type not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        data = decode_part(tree.raw, part, budget.header_bytes)
        for piece in re.split(rb"\r?\n[ \t]*\r?\n", data)[:200]:
            if piece.strip():
                stripped = piece.strip(b"\r\n")
                blocks.append(read_headers(stripped, 0, len(stripped), budget)[0])
    return blocks


def _typed_address(value: str) -> str:
    """'rfc822; <a@b>' as 'a@b'."""
    kind, _, rest = value.partition(";")
    text = rest if rest else kind
    match = re.search(r"<([^<>\s]+)>", text)
    text = match[1] if match else text
    text = text.strip(" \"'<>")
    return text.split()[0] if text.split() else ""


def _recipient(block: Headers) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        for value in block.all(name):
            address = _typed_address(value)
            if "@" in address:
                return clean(address)[:320]
    return ""


def read_bounce(
    headers: Headers, tree: Tree, sender: Address, subject: str, text: str, budget: Budget,
    has_time: bool = True,
) -> Bounce | None:  # fmt: skip
    """The failure a mail reports, None when it reports none.

    Delivery receipts (Action delivered, relayed, expanded) are no bounces.
    """
    blocks = _status_blocks(tree, budget)
    original = ""
    if blocks:
        original = message_id_of(original_headers(tree, budget))
        bounce, is_receipt = _from_blocks(blocks, original)
        if bounce is not None:
            return bounce if bounce.recipients else _with_prose(bounce, text, headers)
        if is_receipt:
            return None
    failed = headers.first("x-failed-recipients")
    is_suspect = bool(
        blocks
        or failed
        or _is_daemon(headers, sender)
        or headers.first("return-path") == "<>"
        or _SUBJECT.match(subject)
        or _SUBJECT_INSIDE.search(subject)
        or (tree.root.content_type == "multipart/report"
            and tree.root.params.get("report-type", "").lower() in ("", "delivery-status"))
    )  # fmt: skip
    if not is_suspect:
        return None
    return _from_prose(headers, tree, sender, subject, text, failed, budget, has_time)


def _from_blocks(blocks: list[Headers], original: str) -> tuple[Bounce | None, bool]:
    recipients: list[str] = []
    status = action = diagnostic = ""
    is_receipt = False
    only_delays = True
    seen = False
    for block in blocks:
        if "action" not in block and "final-recipient" not in block:
            continue
        does = block.first("action").lower()
        code = block.first("status")
        if does.startswith(("deliver", "relay", "expand")) or (not does and code.startswith("2")):
            is_receipt = True
            continue
        seen = True
        address = _recipient(block)
        if address and address not in recipients:
            recipients.append(address)
        is_delay = does.startswith("delay") or (not does and code.startswith("4"))
        only_delays = only_delays and is_delay
        if not status:
            match = _ENHANCED.search(code) or _ENHANCED.search(block.first("diagnostic-code"))
            status = match[1] if match else ""
        action = action or ("delayed" if is_delay else "failed")
        diagnostic = diagnostic or clean(block.first("diagnostic-code"))[:500]
    if not seen:
        return None, is_receipt
    if not only_delays:
        action = "failed"
    return Bounce(tuple(recipients), status, action, original, only_delays, diagnostic), False


def _with_prose(bounce: Bounce, text: str, headers: Headers) -> Bounce:
    found = _addresses_in(headers.first("x-failed-recipients")) or _prose_recipients(text)
    status = bounce.status or _prose_status(text)
    return Bounce(
        tuple(found), status, bounce.action, bounce.original_message_id, bounce.is_delay,
        bounce.diagnostic,
    )  # fmt: skip


def _addresses_in(text: str) -> list[str]:
    return list(dict.fromkeys(match[0] for match in _ADDRESS.finditer(text)))


def _prose_status(text: str) -> str:
    match = _IN_PROSE.search(text[:_PROSE_CHARS]) or _BARE_CODE.search(text[:_PROSE_CHARS])
    return match[1] if match else ""


def _prose_recipients(text: str) -> list[str]:
    """Addresses that begin a line of their own, else those behind a phrase like "the following
    addresses had errors"."""
    named = [match[1] for match in _NAMED.finditer(text[:_PROSE_CHARS])]
    if named:
        return list(dict.fromkeys(named))[:50]
    found: list[str] = []
    room = 0
    for line in text[:_PROSE_CHARS].split("\n"):
        stripped = line.strip()[:300]
        if _END.match(stripped) and (found or room):
            break
        if _TRIGGER.search(stripped):
            room = 8
        if room and stripped:
            room -= 1
            for address in _addresses_in(stripped)[:1]:
                local = address.partition("@")[0].lower()
                if local not in ("postmaster", "mailer-daemon") and address not in found:
                    found.append(address)
                    room = 4
    return found[:50]


def _flufl(raw: bytes) -> tuple[list[str], bool]:
    """(recipients, only delays) by flufl.bounce on the beginning of the mail."""
    head = b"\n".join(raw[:_FLUFL_BYTES].split(b"\n", _FLUFL_LINES)[:_FLUFL_LINES])
    try:
        temporary, permanent = all_failures(message_from_bytes(head))
    except Exception:  # noqa: BLE001 - a foreign heuristic on hostile bytes
        return [], False
    chosen = permanent or temporary
    names = sorted(address.decode("ascii", "replace") for address in chosen)
    return [name for name in names if "@" in name], bool(temporary and not permanent)


def _from_prose(
    headers: Headers, tree: Tree, sender: Address, subject: str, text: str, failed: str,
    budget: Budget, has_time: bool,
) -> Bounce | None:  # fmt: skip
    by_subject = _SUBJECT.match(subject) is not None
    by_subject = by_subject or _SUBJECT_INSIDE.search(subject) is not None
    by_daemon = _is_daemon(headers, sender)
    by_null = headers.first("return-path") == "<>"
    recipients = _addresses_in(failed)
    is_delay = False
    if not recipients and has_time and (by_subject or by_daemon or by_null):
        recipients, is_delay = _flufl(tree.raw)
    beginning = text[:_PROSE_CHARS]
    if not recipients and (by_daemon or by_null or by_subject):
        recipients = _prose_recipients(text)
    has_phrase = _TRIGGER.search(beginning[:4_000]) is not None
    machine = by_daemon or by_null or bool(failed)
    is_certain = bool(failed) or (machine and (by_subject or has_phrase)) or (
        by_subject and bool(recipients) and has_phrase
    ) or (machine and bool(recipients))  # fmt: skip
    if not is_certain:
        return None
    is_delay = is_delay or (_DELAY.search(subject) is not None)
    return Bounce(
        recipients=tuple(recipients),
        status=_prose_status(beginning),
        action="delayed" if is_delay else "failed",
        original_message_id=message_id_of(original_headers(tree, budget)) or _quoted_id(text),
        is_delay=is_delay,
    )


def _quoted_id(text: str) -> str:
    """The Message-ID in a copy of the headers that the text repeats."""
    match = re.search(r"(?im)^[> ]*message-id:\s*(<[^<>\s]{3,250}>)", text)
    return match[1] if match else ""
