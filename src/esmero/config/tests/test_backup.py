"""Backup while rows are written, restore elsewhere: through the command line, on real servers."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest

from esmero.config.backup import archive
from esmero.config.postgres import Cluster

pytestmark = pytest.mark.slow

SOURCES = Path(__file__).parents[3]
PASSPHRASE = "tres tristes tigres"


def esmero(data, *words, status=0, **variables):
    """Run a command on a data folder and return what it printed on stdout and stderr."""
    environment = {n: v for n, v in os.environ.items() if n not in {"DATABASE_URL", "ESMERO_DATA"}}
    environment |= {"PYTHONPATH": str(SOURCES), "LANG": "en_US.UTF-8", "ESMERO_DATA": str(data)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "esmero", *map(str, words)],
        env=environment | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == status, done.stderr
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def folder():
    path = Path(tempfile.mkdtemp(prefix="esmero-bk-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def shop(folder):
    """A migrated shop that runs: its data folder and its cluster."""
    data = folder / "shop"
    esmero(data, "migrate")
    cluster = Cluster(data)
    cluster.start()
    yield data, cluster
    cluster.stop()


@pytest.fixture
def elsewhere(folder):
    path = folder / "elsewhere"
    yield path
    shutil.rmtree(path, ignore_errors=True)


def store_file(connection, data, token, size):
    """Store a file as the kernel does: first on disk, then named by a committed row."""
    path = data / "files" / "ab" / token
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(size))
    connection.execute(
        "INSERT INTO kernel_blob (token, size, sha256, is_on_disk, created_at)"
        " VALUES (%s, %s, '', true, now())",
        [token, size],
    )
    connection.commit()


def sums(data):
    cluster = Cluster(data)
    cluster.start()
    try:
        with psycopg.connect(cluster.url()) as connection:
            return connection.execute(
                "SELECT count(*), coalesce(sum(size), 0)::int FROM kernel_blob"
            ).fetchone()
    finally:
        cluster.stop()


def test_a_backup_while_writing_holds_one_moment_with_all_its_files(shop, folder, elsewhere):
    data, cluster = shop
    stop = threading.Event()

    def write():
        with psycopg.connect(cluster.url()) as connection:
            number = 0
            while not stop.is_set():
                number += 1
                store_file(connection, data, f"file{number}", 1000 + number)

    writer = threading.Thread(target=write)
    with psycopg.connect(cluster.url()) as connection:
        for number in range(50):
            store_file(connection, data, f"before{number}", 5000)
    writer.start()
    target = folder / "one.tar"
    try:
        out, _ = esmero(data, "backup", target, "--json", ESMERO_BACKUP_PASSPHRASE=PASSPHRASE)
    finally:
        stop.set()
        writer.join()
    told = json.loads(out)
    assert told["tables"]["kernel_blob"] == told["files"] >= 50
    assert told["lost_files"] == []

    out, err = esmero(elsewhere, "restore", target, "--json", ESMERO_BACKUP_PASSPHRASE=PASSPHRASE)
    assert json.loads(out) == {
        "rows": sum(told["tables"].values()),
        "files": told["files"],
        "has_key": True,
        "migrated": 0,
        "differences": [],
    }
    assert "key" not in err
    restored = {path.name: path.read_bytes() for path in elsewhere.glob("files/*/*")}
    assert len(restored) == told["files"]
    for name, content in restored.items():
        assert (data / "files" / "ab" / name).read_bytes() == content
    assert sums(elsewhere) == (told["files"], told["files_bytes"])
    assert (elsewhere / "secret.key").read_text() == (data / "secret.key").read_text()
    assert (elsewhere / "secret.key").stat().st_mode & 0o777 == 0o600
    assert not (elsewhere / "unpacked").exists()


def test_without_a_passphrase_the_key_stays_out_and_the_loss_is_told(shop, folder, elsewhere):
    data, _ = shop
    target = folder / "keyless.tar"
    _, err = esmero(data, "backup", target)
    assert "secret.key" in err
    with tarfile.open(target) as tar:
        assert tar.getnames()[0] == "manifest.json"
        assert "key.json" not in tar.getnames()
    key = (data / "secret.key").read_text().strip().encode()
    assert key not in target.read_bytes()
    _, err = esmero(elsewhere, "restore", target)
    assert "passwords must be typed again" in err
    assert (elsewhere / "secret.key").read_text() != (data / "secret.key").read_text()


def test_a_wrong_passphrase_restores_nothing_and_the_right_one_can_follow(shop, folder, elsewhere):
    data, _ = shop
    target = folder / "locked.tar"
    esmero(data, "backup", target, ESMERO_BACKUP_PASSPHRASE=PASSPHRASE)
    _, err = esmero(elsewhere, "restore", target, status=1, ESMERO_BACKUP_PASSPHRASE="nope")
    assert "passphrase" in err
    _, err = esmero(elsewhere, "migrate", status=1)
    assert "interrupted" in err
    esmero(elsewhere, "restore", target, ESMERO_BACKUP_PASSPHRASE=PASSPHRASE)
    assert (elsewhere / "secret.key").read_text() == (data / "secret.key").read_text()
    esmero(elsewhere, "migrate")


def test_a_folder_with_a_shop_is_never_overwritten(shop, folder):
    data, _ = shop
    target = folder / "again.tar"
    esmero(data, "backup", target)
    before = (data / "secret.key").read_text()
    _, err = esmero(data, "restore", target, status=1)
    assert "not empty" in err
    _, err = esmero(data, "backup", target, status=1)
    assert "there already" in err
    assert (data / "secret.key").read_text() == before


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "newer"])
def test_a_damaged_or_foreign_backup_is_refused(shop, folder, elsewhere, damage):
    data, _ = shop
    target = folder / f"{damage}.tar"
    esmero(data, "backup", target)
    content = bytearray(target.read_bytes())
    if damage == "cut":
        target.write_bytes(content[: len(content) * 2 // 3])
        words = "damaged|cut off"
    elif damage == "flipped":
        content[len(content) // 2] ^= 0xFF
        target.write_bytes(content)
        words = "damaged|cut off"
    elif damage == "foreign":
        with tarfile.open(target, "a") as tar:
            evil = tarfile.TarInfo("files/../../evil")
            tar.addfile(evil)
        words = "no part of a backup"
    else:
        replace_version(target, "999.0.0")
        words = "999"
    _, err = esmero(elsewhere, "restore", target, status=1)
    assert any(word in err for word in words.split("|")), err
    assert not (folder / "evil").exists()


def replace_version(target, version):
    fresh = target.with_suffix(".new")
    writer = archive.ArchiveWriter(fresh)
    with tarfile.open(target) as tar:
        for member in tar:
            content = tar.extractfile(member).read()
            if member.name == archive.MANIFEST:
                content = json.dumps(json.loads(content) | {"version": version}).encode()
            if member.name != archive.CHECKSUMS:
                writer.add_bytes(member.name, content)
    writer.close()
    fresh.replace(target)
