"""The deployment's choices, read from `ESMERO_*` variables once and checked at start.

Every variable may also be given as `NAME_FILE`, the path of a file that holds the value. A laptop
works with nothing set. What the shop chooses (hours, promises, texts) lives in the database.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class EnvironmentProblem(Exception):
    """A variable cannot be used; the message starts with its name."""


def read(name: str, default: str = "") -> str:
    """Return the variable or the content of the file that `NAME_FILE` names, stripped."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise EnvironmentProblem(f"{name}_FILE: {error}") from error
    return os.environ.get(name, default).strip()


def read_int(name: str, default: int, *, low: int, high: int) -> int:
    """Return a whole number between `low` and `high`."""
    text = read(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        raise EnvironmentProblem(f"{name}: {text!r} is not a whole number") from None
    if not low <= number <= high:
        raise EnvironmentProblem(f"{name}: {number} is not between {low} and {high}")
    return number


def read_bool(name: str) -> bool:
    """Return True for 1, true, yes, on, sí."""
    text = read(name).lower()
    if text in {"", "0", "false", "no", "off"}:
        return False
    if text in {"1", "true", "yes", "on", "si", "sí"}:
        return True
    raise EnvironmentProblem(f"{name}: {text!r} is neither yes nor no")


def split_host_port(name: str, text: str) -> tuple[str, int]:
    """Split `host:port` (or `[v6]:port`)."""
    parts = urlsplit(f"//{text}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if not parts.hostname or port is None:
        raise EnvironmentProblem(f"{name}: {text!r} is not host:port")
    return parts.hostname, port


def trusted_proxies(text: str) -> tuple[str, ...]:
    """Split addresses and networks (`10.0.0.0/8`); `*` trusts whoever connects.

    A name, or a slip of the pen, would silently trust nobody. Raises EnvironmentProblem.
    """
    found = tuple(part for part in (word.strip() for word in text.split(",")) if part)
    for part in found:
        if part == "*":
            continue
        try:
            ipaddress.ip_network(part)
        except ValueError:
            raise EnvironmentProblem(
                f"ESMERO_TRUSTED_PROXIES: {part!r} is neither an address nor a network"
            ) from None
    return found


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that a deployment may choose, with its types."""

    data: Path
    bind: str
    port: int
    database_url: str
    smtp_in: tuple[str, int] | None
    email_url: str
    url: str
    secret_keys: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    is_demo: bool
    is_debug: bool
    clock_file: str


def secret_keys(data: Path) -> tuple[str, ...]:
    """Return the keys, newest first: from the variable (comma-separated), else kept in the data.

    The first signs and encrypts, the others still open what they closed: so a key is rotated by
    putting a new one in front.
    """
    given = tuple(k for k in (part.strip() for part in read("ESMERO_SECRET_KEY").split(",")) if k)
    if given:
        if any(len(key) < 32 for key in given):
            raise EnvironmentProblem("ESMERO_SECRET_KEY: a key has at least 32 characters")
        return given
    path = data / "secret.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = data / f"secret.key.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48) + "\n", encoding="utf-8")
        try:
            os.link(fresh, path)  # atomic: of two starting at once, one wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    keys = tuple(path.read_text(encoding="utf-8").split())
    if not keys:
        raise EnvironmentProblem(f"{path}: is empty")
    return keys


def load() -> Environment:
    """Read and check the whole environment.

    Raises EnvironmentProblem with the name of the variable.
    """
    data = Path(read("ESMERO_DATA", "data")).expanduser().resolve()
    smtp_in = read("ESMERO_SMTP_IN")
    url = read("ESMERO_URL").rstrip("/")
    if url and urlsplit(url).scheme not in {"http", "https"}:
        raise EnvironmentProblem(f"ESMERO_URL: {url!r} does not begin with http:// or https://")
    bind = read("ESMERO_BIND", "127.0.0.1")
    port = read_int("PORT", 8000, low=0, high=65535)
    return Environment(
        data=data,
        bind=bind,
        port=port,
        database_url=read("DATABASE_URL"),
        smtp_in=split_host_port("ESMERO_SMTP_IN", smtp_in) if smtp_in else None,
        email_url=read("EMAIL_URL"),
        url=url or f"http://localhost:{port}",
        secret_keys=secret_keys(data),
        trusted_proxies=trusted_proxies(read("ESMERO_TRUSTED_PROXIES")),
        is_demo=read_bool("ESMERO_DEMO"),
        is_debug=read_bool("ESMERO_DEBUG"),
        clock_file=read("ESMERO_CLOCK"),
    )
