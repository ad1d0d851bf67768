"""Which folder is the Sent one and which holds junk: by its mark, else by its name. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Source: RFC 6154 (SPECIAL-USE) marks \\Sent and \\Junk; the older XLIST of Gmail says \\Spam.
_MARKS = {"sent": {"\\sent"}, "junk": {"\\junk", "\\spam"}}
# As clients and hosts name them: Outlook, Apple Mail, Thunderbird, Gmail, Roundcube, Horde, in
# Spanish, English, Portuguese, French, Italian and German. Without accents, lower case.
_NAMES = {
    "sent": (
        "sent",
        "sent items",
        "sent messages",
        "sent mail",
        "sent-mail",
        "enviados",
        "elementos enviados",
        "mensajes enviados",
        "correo enviado",
        "correos enviados",
        "itens enviados",
        "mensagens enviadas",
        "enviadas",
        "envoyes",
        "elements envoyes",
        "messages envoyes",
        "posta inviata",
        "inviata",
        "inviati",
        "gesendet",
        "gesendete elemente",
        "gesendete objekte",
    ),
    "junk": (
        "junk",
        "spam",
        "junk e-mail",
        "junk email",
        "junk mail",
        "bulk mail",
        "bulk",
        "correo no deseado",
        "correo basura",
        "no deseado",
        "no deseados",
        "lixo eletronico",
        "lixo electronico",
        "indesirables",
        "courrier indesirable",
        "posta indesiderata",
        "spamverdacht",
        "junk-e-mail",
    ),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of LIST: its flags (`\\Sent`), the delimiter, the name."""

    flags: tuple[str, ...]
    delimiter: str
    name: str


def find_special(listing: Iterable[Listed], kind: str) -> str:
    """Return the name of the folder of a kind (sent, junk), '' when there is none.

    A mark goes before a name, a folder at the top before one below another.
    """
    usable = [f for f in listing if "\\noselect" not in _lower(f.flags)]
    for folder in usable:
        if _MARKS[kind] & _lower(folder.flags):
            return folder.name
    wanted = _NAMES[kind]
    found = []
    for folder in usable:
        parts = folder.name.split(folder.delimiter) if folder.delimiter else [folder.name]
        last = _plain(parts[-1])
        if last in wanted and len(parts) <= 2:
            found.append((len(parts), wanted.index(last), folder.name))
    return min(found)[2] if found else ""


def _lower(flags: Iterable[str]) -> set[str]:
    return {flag.lower() for flag in flags}


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(c for c in split if not unicodedata.combining(c))
