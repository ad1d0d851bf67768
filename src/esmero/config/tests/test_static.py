"""Static files are collected when they changed, and only then."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings

from esmero.config import static


@pytest.fixture
def root(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path / "static"


def test_files_are_collected_once_until_something_changes(root, monkeypatch):
    assert static.collect_stale()
    collected = {path.name for path in root.rglob("*") if path.is_file()}
    assert "staticfiles.json" in collected
    assert any(name.startswith("ui.") or name.endswith(".css.gz") for name in collected)
    assert not static.collect_stale()
    monkeypatch.setattr(static, "__version__", "another")
    assert static.collect_stale()


def test_an_interrupted_collection_is_repeated(root, monkeypatch):
    def fail(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(static, "call_command", fail)
        with pytest.raises(KeyboardInterrupt):
            static.collect_stale()
    assert static.collect_stale()


def test_the_root_is_in_the_data_folder():
    assert Path(django_settings.STATIC_ROOT).parent == Path(django_settings.ENV.data)
