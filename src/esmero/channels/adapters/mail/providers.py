"""Where well-known providers keep their servers: suggestions, which a mailbox's test proves.

Source: the providers' help pages on "IMAP and SMTP settings"; a changed name shows in the test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from esmero.channels.enums import Auth, Security

TLS, STARTTLS = Security.TLS, Security.STARTTLS


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Servers to try. `advice` is a code: app_password, oauth_only, imap_to_enable, guess."""

    provider: str
    imap_host: str
    smtp_host: str
    smtp_port: int = 465
    smtp_security: Security = TLS
    imap_port: int = 993
    imap_security: Security = TLS
    auth: Auth = Auth.PASSWORD
    advice: str = ""


_GMAIL = Suggestion(
    "Gmail", "imap.gmail.com", "smtp.gmail.com", auth=Auth.GOOGLE, advice="app_password"
)
_OUTLOOK = Suggestion(
    "Outlook.com",
    "outlook.office365.com",
    "smtp-mail.outlook.com",
    587,
    STARTTLS,
    auth=Auth.MICROSOFT,
    advice="oauth_only",
)
_MICROSOFT = replace(_OUTLOOK, provider="Microsoft 365", smtp_host="smtp.office365.com")
_YAHOO = Suggestion("Yahoo", "imap.mail.yahoo.com", "smtp.mail.yahoo.com", advice="app_password")
_ICLOUD = Suggestion(
    "iCloud", "imap.mail.me.com", "smtp.mail.me.com", 587, STARTTLS, advice="app_password"
)
_ZOHO_EU = Suggestion("Zoho", "imap.zoho.eu", "smtp.zoho.eu", advice="imap_to_enable")
_ZOHO = Suggestion("Zoho", "imap.zoho.com", "smtp.zoho.com", advice="imap_to_enable")
_GMX = Suggestion("GMX", "imap.gmx.com", "mail.gmx.com", 587, STARTTLS, advice="imap_to_enable")
_FASTMAIL = Suggestion("Fastmail", "imap.fastmail.com", "smtp.fastmail.com", advice="app_password")
# `{domain}` and `{dashed}` (tienda.example → tienda-example) stand for the shop's own.
_IONOS = Suggestion("IONOS", "imap.ionos.es", "smtp.ionos.es")
_HOSTINGER = Suggestion("Hostinger", "imap.hostinger.com", "smtp.hostinger.com")
_ARSYS = Suggestion("Arsys", "imap.serviciodecorreo.es", "smtp.serviciodecorreo.es")
_DINAHOSTING = Suggestion(
    "dinahosting", "{dashed}.correoseguro.dinaserver.com", "{dashed}.correoseguro.dinaserver.com"
)
_OVH = Suggestion("OVHcloud", "ssl0.ovh.net", "ssl0.ovh.net")
_STRATO = Suggestion("STRATO", "imap.strato.de", "smtp.strato.de")
_GANDI = Suggestion("Gandi", "mail.gandi.net", "mail.gandi.net")
_NAMECHEAP = Suggestion("Namecheap", "mail.privateemail.com", "mail.privateemail.com")
_GUESS = Suggestion("", "mail.{domain}", "mail.{domain}", advice="guess")

_BY_DOMAIN: Final = {
    "gmail.com": _GMAIL,
    "googlemail.com": _GMAIL,
    **dict.fromkeys(
        (
            "outlook.com",
            "outlook.es",
            "outlook.cl",
            "outlook.com.ar",
            "hotmail.com",
            "hotmail.es",
            "live.com",
            "live.com.mx",
            "msn.com",
        ),
        _OUTLOOK,
    ),
    **dict.fromkeys(
        ("yahoo.com", "yahoo.es", "yahoo.com.mx", "yahoo.com.ar", "ymail.com"), _YAHOO
    ),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), _ICLOUD),
    "zoho.com": _ZOHO,
    "zohomail.com": _ZOHO,
    "zoho.eu": _ZOHO_EU,
    "zohomail.eu": _ZOHO_EU,
    "gmx.com": _GMX,
    "gmx.es": _GMX,
    "fastmail.com": _FASTMAIL,
}
# By where the domain's mail goes (MX): the end of that server's name.
_BY_MX: Final = (
    ("google.com", replace(_GMAIL, provider="Google Workspace")),
    ("googlemail.com", replace(_GMAIL, provider="Google Workspace")),
    ("mail.protection.outlook.com", _MICROSOFT),
    ("mx.microsoft", _MICROSOFT),
    ("zoho.eu", replace(_ZOHO_EU, imap_host="imappro.zoho.eu", smtp_host="smtppro.zoho.eu")),
    ("zoho.com", replace(_ZOHO, imap_host="imappro.zoho.com", smtp_host="smtppro.zoho.com")),
    ("ionos.es", _IONOS),
    ("ionos.com", replace(_IONOS, imap_host="imap.ionos.com", smtp_host="smtp.ionos.com")),
    ("kundenserver.de", _IONOS),
    ("hostinger.com", _HOSTINGER),
    ("serviciodecorreo.es", _ARSYS),
    ("dinaserver.com", _DINAHOSTING),
    ("mail.ovh.net", _OVH),
    ("rzone.de", _STRATO),
    ("gandi.net", _GANDI),
    ("privateemail.com", _NAMECHEAP),
    ("messagingengine.com", _FASTMAIL),
    ("icloud.com", _ICLOUD),
    ("yahoodns.net", _YAHOO),
)


def suggestions(address: str, mx_hosts: tuple[str, ...] = ()) -> list[Suggestion]:
    """Return what to try for an address, the likeliest first.

    `mx_hosts` are the names of the servers that take its domain's mail, if the caller has asked.
    """
    _, at, domain = address.strip().lower().rstrip(".").rpartition("@")
    if not at or not domain:
        return []
    if known := _BY_DOMAIN.get(domain):
        return [known]
    found = []
    for host in mx_hosts:
        name = host.lower().rstrip(".")
        for end, suggestion in _BY_MX:
            if name == end or name.endswith("." + end):
                found.append(suggestion)
    found += [
        _GUESS,
        replace(_GUESS, imap_host="imap.{domain}", smtp_host="smtp.{domain}"),
    ]
    dashed = domain.replace(".", "-")
    return [
        replace(
            one,
            imap_host=one.imap_host.format(domain=domain, dashed=dashed),
            smtp_host=one.smtp_host.format(domain=domain, dashed=dashed),
        )
        for one in dict.fromkeys(found)
    ]
