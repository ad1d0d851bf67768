"""A backup while mail keeps coming, restored elsewhere: nothing missing, nothing twice."""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.journeys.conftest import SHOP
from tests.journeys.post import letter
from tests.journeys.product import Product, eventually

PASSPHRASE = "tres tristes tigres"
BEFORE, MEANWHILE, AFTER = 10, 50, 8
HANDED_OVER = "SELECT count(*) FROM channels_delivery WHERE sent_at <= %s"
FILED = "SELECT count(*) FROM channels_raw_mail WHERE state = 'filed'"
SECRET = {"ESMERO_BACKUP_PASSPHRASE": PASSPHRASE}


@pytest.fixture
def elsewhere(workshop: Path):
    """Another machine: an empty folder, with the same clock."""
    folder = Path(tempfile.mkdtemp(prefix="elsewhere-", dir=workshop))
    folder.chmod(0o711)
    found = Product(folder / "data")
    yield found
    found.end()


def sums(data: Path) -> dict[str, str]:
    """Return the large files of an installation by name with their sums."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (data / "files").glob("*/*")
        if path.is_file()
    }


def test_a_backup_while_mail_comes_is_restored_elsewhere(product, post, elsewhere):
    sent: list[str] = []

    def write(count: int) -> None:
        for _ in range(count):
            number = len(sent)
            mail = letter(
                f"Pedido {number}",
                f"Hola, pregunto por el pedido {number}.",
                sender=f"cliente{number}@cliente.example",
                to=SHOP,
                at=product.now(),
            )
            if number % 5 == 0:
                # Large enough to lie on disk, not in its row.
                content = hashlib.sha256(str(number).encode()).digest() * 20_000
                mail.add_attachment(content, maintype="image", subtype="jpeg", filename="f.jpg")
            sent.append(mail["From"])
            post.imap.deliver("hola", mail.as_bytes())

    write(BEFORE)
    eventually(lambda: product.ask(FILED)[0][0] == BEFORE)
    eventually(lambda: product.ask(HANDED_OVER, product.now())[0][0] == BEFORE)
    target = product.data.parent / "copia.tar"
    writer = threading.Thread(target=write, args=(MEANWHILE,))
    writer.start()
    told = json.loads(product.run("backup", target, "--json", **SECRET).splitlines()[-1])
    writer.join()
    eventually(lambda: product.ask(FILED)[0][0] == BEFORE + MEANWHILE)
    in_backup = told["tables"]["conversations_conversation"]
    assert BEFORE <= in_backup <= BEFORE + MEANWHILE
    assert told["lost_files"] == []
    eventually(lambda: len(acknowledged(post)) == BEFORE + MEANWHILE)
    originals = sums(product.data)
    moved_at = product.now()

    # The old machine stops; mail goes on coming; the new one takes over from the copy.
    product.end()
    write(AFTER)
    elsewhere.set_clock(product.now())
    restored = json.loads(elsewhere.run("restore", target, "--json", **SECRET).splitlines()[-1])
    assert restored["differences"] == []
    assert restored["rows"] == sum(told["tables"].values())
    copies = sums(elsewhere.data)
    assert len(copies) == told["files"] >= 2
    assert {name: originals[name] for name in copies} == copies

    before = len(post.sink.mails)
    elsewhere.begin()
    everything = BEFORE + MEANWHILE + AFTER
    eventually(lambda: elsewhere.ask(FILED)[0][0] == everything)
    # Not one mail is missing, not one is there twice, and none of the copied ones came again.
    incoming = [m["from_address"] for m in elsewhere.export("messages") if m["direction"] == "in"]
    assert sorted(incoming) == sorted(sent)
    assert elsewhere.ask("SELECT count(*) FROM channels_raw_mail") == [(everything,)]
    assert len(elsewhere.export("promises")) == everything
    eventually(lambda: set(acknowledged(post)) == set(sent))
    fresh = Counter(r for mail in post.sink.mails[before:] for r in mail.recipients)
    # What was filed but not yet acknowledged while the copy was made is acknowledged now.
    acknowledged_in_backup = elsewhere.ask(HANDED_OVER, moved_at)[0][0]
    assert BEFORE <= acknowledged_in_backup <= in_backup
    assert len(fresh) <= everything - acknowledged_in_backup
    assert set(fresh.values()) == {1}


def acknowledged(post) -> Counter[str]:
    return Counter(r for mail in post.sink.mails for r in mail.recipients)
