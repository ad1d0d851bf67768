"""How suspicious a mail is: points from verdicts, provider flags, own history and shape. Pure."""

import re
from dataclasses import dataclass

from esmero.channels.parsing.addresses import domain_of
from esmero.channels.parsing.types import ParsedMail
from esmero.channels.parsing.words import word_set

SUSPICIOUS_AT = 50
_MAX_SCORE = 100

_DANGEROUS_FILE = re.compile(
    r"(?i)\.(?:exe|scr|pif|com|bat|cmd|js|jse|vbs|vbe|wsf|hta|lnk|iso|img|jar|ps1|msi|html?|"
    r"shtml|svg|xll|docm|xlsm|one)$"
)
_ARCHIVE = re.compile(r"(?i)\.(?:zip|rar|7z|gz|cab|ace|arj)$")
_PITCH = re.compile(
    r"(?i)\b(?:first page of google|seo (?:services|expert|agency|package|company)|guest post|"
    r"backlinks?|web ?design(?:ing)? services|bitcoins?|crypto ?currency|casino|viagra|cialis|"
    r"inheritance|next of kin|beneficiary|lottery|million (?:dollars|usd|euros)|"
    r"primera p[áa]gina de google|posicionamiento (?:web|seo)|herencia|loter[íi]a|"
    r"pr[ée]stamo (?:urgente|r[áa]pido|personal)|cr[ée]dito (?:urgente|inmediato)|"
    r"millones de (?:d[óo]lares|euros)|inversi[óo]n garantizada|gane dinero|gana dinero|"
    r"trabaja desde casa|empr[ée]stimo (?:urgente|r[áa]pido)|heran[çc]a|ganhe dinheiro|"
    r"verify your (?:account|mailbox)|your mailbox (?:is|will)|password (?:will )?expir|"
    r"verifique su (?:cuenta|buz[óo]n)|su (?:cuenta|buz[óo]n) (?:ha sido|ser[áa]) (?:suspendid|"
    r"bloquead|desactivad)[oa])"
)
_LINK = re.compile(
    r"(?is)<a\b[^<>]{0,500}?href\s*=\s*[\"']?(https?://[^\"'\s<>]{1,500})[^<>]*>(.{0,200}?)</a>"
)
_HOST = re.compile(r"(?i)^(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+)")
_NUMBER = re.compile(r"-?\d{1,4}(?:\.\d+)?")
_SHORTENERS = word_set(
    "bit.ly tinyurl.com goo.gl ow.ly is.gd cutt.ly rebrand.ly t.ly rb.gy shorturl.at"
)


@dataclass(frozen=True, slots=True)
class SenderHistory:
    """What we know of a sender address before this mail. Counts are of earlier mails.

    `is_reply_to_us` means a valid own reply address or Message-ID, not a subject.
    """

    is_blocked: bool = False
    is_trusted: bool = False
    is_customer: bool = False
    is_reply_to_us: bool = False
    answered_mails: int = 0
    spam_mails: int = 0
    cleared_mails: int = 0


@dataclass(frozen=True, slots=True)
class SpamVerdict:
    """`score` from 0 to 100, suspicious from `SUSPICIOUS_AT` on; `reasons` are codes."""

    score: int
    reasons: tuple[str, ...]

    @property
    def is_suspicious(self) -> bool:
        return self.score >= SUSPICIOUS_AT


def spam_score(
    mail: ParsedMail, *, history: SenderHistory, flags: tuple[str, ...] = ()
) -> SpamVerdict:
    """Judge one mail. `flags` are IMAP keywords or special-use folders seen on it ("$Junk").

    Trust in a sender counts only while nothing says that the address is forged.
    """
    points: dict[str, int] = {}
    is_forged = mail.auth.dmarc == "fail" or bool(mail.sender_defects)
    if history.is_blocked:
        return SpamVerdict(_MAX_SCORE, ("blocked_sender",))
    if history.is_trusted and not is_forged:
        return SpamVerdict(0, ("trusted_sender",))
    _authentication(mail, points)
    _provider(mail, flags, points)
    _shape(mail, points)
    _content(mail, points)
    if history.spam_mails:
        points["earlier_spam"] = 30 * min(history.spam_mails, 2)
    if not is_forged:
        if history.is_reply_to_us:
            points["reply_to_us"] = -60
        if history.cleared_mails:
            points["cleared_before"] = -50
        if history.answered_mails:
            points["answered_before"] = -30
        elif history.is_customer:
            points["known_customer"] = -25
    score = max(0, min(_MAX_SCORE, sum(points.values())))
    return SpamVerdict(score, tuple(points))


def _authentication(mail: ParsedMail, points: dict[str, int]) -> None:
    if mail.auth.dmarc == "fail":
        points["dmarc_fail"] = 40
    elif mail.auth.dmarc != "pass":
        if mail.auth.spf == "fail":
            points["spf_fail"] = 20
        elif mail.auth.spf == "softfail":
            points["spf_softfail"] = 8
        if mail.auth.dkim == "fail":
            points["dkim_fail"] = 10
    if mail.sender_defects:
        points["sender_defect"] = 40 if "several_from_headers" in mail.sender_defects else 25


def _provider(mail: ParsedMail, flags: tuple[str, ...], points: dict[str, int]) -> None:
    """Only what speaks against a mail counts: the sender can write "X-Spam-Flag: NO" too."""
    if any(flag.lstrip("\\$").lower() in ("junk", "spam", "phishing") for flag in flags):
        points["provider_junk"] = 50
    status = mail.header("x-spam-flag") or mail.header("x-spam-status") or mail.header("x-spam")
    forefront = mail.header("x-forefront-antispam-report").upper()
    level = mail.header("x-ms-exchange-organization-scl")
    scl = re.search(r"SCL:(\d)", forefront)
    if (
        status.strip().lower().startswith(("yes", "true"))
        or "SFV:SPM" in forefront
        or "SFV:PHSH" in forefront
        or (scl is not None and int(scl[1]) >= 5)
        or (level.isdigit() and 5 <= int(level) <= 9)
        or mail.header("x-gm-spam").strip() == "1"
        or mail.header("x-gm-phishy").strip() == "1"
        or "add header" in mail.header("x-spamd-action").lower()
    ):
        points["spam_header"] = 50
        return
    number = _NUMBER.search(mail.header("x-spam-score") or mail.header("x-rspamd-score"))
    stars = len(mail.header("x-spam-level").split()[0]) if mail.header("x-spam-level") else 0
    value = max(float(number[0]) if number else 0.0, float(stars))
    if value >= 5:
        points["spam_score_header"] = 40
    elif value >= 3:
        points["spam_score_header"] = 15


def _shape(mail: ParsedMail, points: dict[str, int]) -> None:
    if not mail.message_id:
        points["no_message_id"] = 8
    if mail.sent_at is None:
        points["no_date"] = 8
    if not (mail.to or mail.cc):
        points["no_recipients"] = 8
    reply = {domain_of(a.email) for a in mail.reply_to if "@" in a.email}
    if reply and domain_of(mail.sender.email) not in reply and not mail.is_list:
        points["reply_to_elsewhere"] = 8
    if mail.is_bulk:
        points["bulk"] = 15
    names = [file.name for file in mail.attachments]
    if any(_DANGEROUS_FILE.search(name) for name in names):
        points["dangerous_file"] = 35
    elif any(_ARCHIVE.search(name) for name in names) and len(mail.visible_text) < 200:
        points["archive_without_text"] = 15
    letters = [c for c in mail.subject if c.isalpha()]
    if len(letters) > 12 and sum(c.isupper() for c in letters) > 0.8 * len(letters):
        points["shouting_subject"] = 4
    if mail.html and len(mail.text.split()) < 8 and "<img" in mail.html[:100_000].lower():
        points["image_only"] = 12


def _content(mail: ParsedMail, points: dict[str, int]) -> None:
    text = f"{mail.subject}\n{mail.visible_text[:5_000]}"
    pitches = {match[0].lower() for match in _PITCH.finditer(text)}
    if pitches:
        points["pitch"] = 20 if len(pitches) == 1 else 35
    hosts = set()
    for match in _LINK.finditer(mail.html[:100_000]):
        target = _HOST.match(match[1])
        shown = _HOST.match(re.sub(r"<[^<>]*>", "", match[2]).strip())
        host = target[1].lower() if target else ""
        hosts.add(host)
        if shown and host and not _same_site(shown[1].lower(), host):
            points["disguised_link"] = 20
    if hosts & _SHORTENERS:
        points["short_link"] = 10
    if mail.language == "" and len(mail.visible_text) > 200:
        points["foreign_language"] = 8


def _same_site(shown: str, host: str) -> bool:
    return shown.split(".")[-2:] == host.split(".")[-2:]
