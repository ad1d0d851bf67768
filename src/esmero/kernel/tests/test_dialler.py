"""The one door outwards: what may be dialled, by the resolved address and not by the name."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

import esmero
from esmero.kernel import dialler
from esmero.kernel.dialler import HostRefused, HostUnknown

INSIDE = [
    "127.0.0.1", "10.0.0.5", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0",  # noqa: S104
    "::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.5", "64:ff9b::7f00:1",
    "64:ff9b::a00:5", "64:ff9b:1::a00:5", "2002:7f00:1::", "2002:a00:5::1", "::127.0.0.1",
]  # fmt: skip
NEVER = [
    "169.254.169.254", "fe80::1", "224.0.0.1", "ff02::1", "255.255.255.255", "0.0.0.0",  # noqa: S104
    "::", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "fd00:ec2::254",
    "100.100.100.200",
]  # fmt: skip
OUTSIDE = ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]


@pytest.fixture(autouse=True)
def _nothing_is_allowed(monkeypatch):
    monkeypatch.delenv("ESMERO_ALLOW_PRIVATE_HOSTS", raising=False)


@pytest.mark.parametrize("address", INSIDE)
def test_is_dialable_an_inner_address_only_for_who_has_a_shell(address):
    assert not dialler.is_dialable(address)


@pytest.mark.parametrize("address", NEVER)
def test_is_dialable_a_metadata_or_local_address_for_nobody(address):
    assert not dialler.is_dialable(address)
    assert not dialler.is_dialable(address, allow_private=True)


@pytest.mark.parametrize("address", OUTSIDE)
def test_is_dialable_a_public_address(address):
    assert dialler.is_dialable(address)


def answers(monkeypatch, *addresses: str) -> list[str]:
    """Let every name resolve to these, and return the names that were asked."""
    asked: list[str] = []

    def resolve(host, port, **_choices):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_pin_one_bad_answer_condemns_the_name(monkeypatch):
    answers(monkeypatch, "93.184.216.34", "10.0.0.5")
    with pytest.raises(HostRefused):
        dialler.pin("rebind.example", 443)


def test_connect_goes_to_the_judged_address_and_asks_the_name_once(monkeypatch):
    asked = answers(monkeypatch, "93.184.216.34")
    dialled: list[tuple[str, int]] = []
    monkeypatch.setattr(socket, "create_connection", lambda to, timeout: dialled.append(to))
    dialler.connect("shop.example", 993, timeout=5)
    assert (asked, dialled) == (["shop.example"], [("93.184.216.34", 993)])


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "..", "\udcff.example", "x.invalid"])
def test_pin_a_name_that_cannot_be_is_unknown(host):
    with pytest.raises(HostUnknown):
        dialler.pin(host, 443)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_pin_odd_spellings_of_loopback_are_refused(host):
    with pytest.raises(HostRefused):
        dialler.pin(host, 443)


DIALS = re.compile(
    r"create_connection\(|socket\.socket\(|\.connect\(\(|urlopen\(|HTTPConnection\(|"
    r"HTTPSConnection\(|httpx\.|requests\.|IMAP4\(|IMAPClient\("
)
# Own database, own port, own programs: no address of theirs comes from outside.
OWN = {
    "config/postgres", "config/supervisor", "config/cli", "config/doctor", "config/web.py",
    "config/demo", "config/backup", "kernel/dialler.py",
    # Only at the providers' own addresses, or at what the environment names instead.
    "channels/adapters/mail/oauth.py",
}  # fmt: skip


def test_nothing_outside_the_dialler_opens_connections():
    root = Path(esmero.__file__).parent
    found = {}
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if "/tests/" in name or any(name.startswith(own) for own in OWN):
            continue
        lines = [line.strip() for line in path.read_text().splitlines() if DIALS.search(line)]
        if lines:
            found[name] = lines
    assert set(found) <= {
        "channels/adapters/mail/imap.py",  # asks wire.py for the socket
        "channels/adapters/mail/wire.py",
        "console/files/fetching.py",
        "knowledge/search/serving.py",  # a socket of this machine's file system
        "notices/adapters/webpush.py",  # posts to the address that `pin` has judged
    }, found
    assert "dialler.pin(" in (root / "notices/adapters/webpush.py").read_text()
    for name in ("channels/adapters/mail/wire.py", "channels/adapters/mail/smtp.py",
                 "console/files/fetching.py"):  # fmt: skip
        assert "dialler.connect(" in (root / name).read_text(), name
