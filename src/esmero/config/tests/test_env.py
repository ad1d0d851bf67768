"""The variables by which a deployment, and whoever checks it from outside, drives Esmero."""

from __future__ import annotations

from pathlib import Path

import pytest

from esmero.config import env
from esmero.config.settings import _database

KEY = "k" * 40


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "EMAIL_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    for name in ("BIND", "SMTP_IN", "URL", "SECRET_KEY", "TRUSTED_PROXIES", "DEMO"):
        monkeypatch.delenv(f"ESMERO_{name}", raising=False)
    monkeypatch.setenv("ESMERO_DATA", str(tmp_path / "data"))


def test_nothing_set_serves_a_laptop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ESMERO_DATA")
    found = env.load()
    assert (found.data, found.bind, found.port) == (tmp_path / "data", "127.0.0.1", 8000)
    assert (found.url, found.smtp_in, found.email_url) == ("http://localhost:8000", None, "")
    assert (found.database_url, found.trusted_proxies) == ("", ())
    again = env.load()
    assert again.secret_keys == found.secret_keys
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_each_name_is_read(tmp_path, monkeypatch):
    said = {
        "ESMERO_BIND": "0.0.0.0",  # noqa: S104
        "PORT": "9001",
        "DATABASE_URL": "postgresql://a:b%2Fc@db:5433/shop?sslmode=require",
        "ESMERO_SMTP_IN": "[::1]:2525",
        "EMAIL_URL": "smtp://mail.example:25",
        "ESMERO_URL": "https://atencion.tienda.example/",
        "ESMERO_SECRET_KEY": f"{KEY}, {KEY}2",
        "ESMERO_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,2001:db8::/32",
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    found = env.load()
    assert (found.bind, found.port) == (said["ESMERO_BIND"], 9001)
    assert found.smtp_in == ("::1", 2525)
    assert found.url == "https://atencion.tienda.example"
    assert found.secret_keys == (KEY, KEY + "2")
    assert found.trusted_proxies == ("127.0.0.1", "10.0.0.0/8", "2001:db8::/32")
    assert found.email_url == said["EMAIL_URL"]
    database = _database(found.database_url)
    assert [database[n] for n in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "shop", "a", "b/c", "db", "5433",
    ]  # fmt: skip
    assert database["OPTIONS"]["sslmode"] == "require"
    assert not (tmp_path / "data" / "secret.key").exists()


@pytest.mark.parametrize("name", ["ESMERO_SECRET_KEY", "DATABASE_URL", "ESMERO_URL"])
def test_each_name_may_be_a_file(tmp_path, monkeypatch, name):
    values = {
        "ESMERO_SECRET_KEY": KEY, "DATABASE_URL": "postgresql://x", "ESMERO_URL": "http://x",
    }  # fmt: skip
    file = tmp_path / "value"
    file.write_text(values[name] + "\n")
    monkeypatch.setenv(f"{name}_FILE", str(file))
    found = env.load()
    assert values[name] in (found.secret_keys[0], found.database_url, found.url)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "achttausend"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("ESMERO_SMTP_IN", "2525"),
        ("ESMERO_SMTP_IN", "localhost:smtp"),
        ("ESMERO_URL", "tienda.example"),
        ("ESMERO_SECRET_KEY", "short"),
        ("ESMERO_SECRET_KEY", f"{KEY},short"),
        ("ESMERO_SECRET_KEY_FILE", "/nowhere/at/all"),
        ("ESMERO_TRUSTED_PROXIES", "caddy"),
        ("ESMERO_TRUSTED_PROXIES", "127.0.0.1 10.0.0.1"),
        ("ESMERO_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("ESMERO_DEMO", "maybe"),
    ],
)
def test_what_cannot_be_used_stops_with_its_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(env.EnvironmentProblem, match=f"^{name}"):
        env.load()
