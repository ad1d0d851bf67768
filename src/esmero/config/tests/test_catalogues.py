"""The catalogue check finds what is wrong in a tree made for it, and only that."""

import gettext
from pathlib import Path

import pytest

from esmero.config import catalogues

HEAD = (
    'msgid ""\nmsgstr ""\n"Language: es\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
KNOWN = _("Answer")
LATE = pgettext("mail", "Late")
MANY = ngettext("one mail", "%(count)s mails", 2)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A package with one folder that is in order."""
    folder = tmp_path / "esmero" / "desk"
    (folder / "tests").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "views.py").write_text(CODE)
    (folder / "tests" / "test_views.py").write_text('_("said by a test only")')
    (folder / "jinja2" / "desk").mkdir(parents=True)
    (folder / "jinja2" / "desk" / "page.html").write_text("{% trans %}Write{% endtrans %}")
    (folder / "templates" / "desk").mkdir(parents=True)
    (folder / "templates" / "desk" / "mail.html").write_text(
        '{% load i18n %}{% translate "Hello" %}'
        "{% blocktranslate %}Dear {{ name }}{% endblocktranslate %}"
    )
    write(
        folder,
        'msgid "Answer"\nmsgstr "Responder"\n\n'
        'msgctxt "mail"\nmsgid "Late"\nmsgstr "Tarde"\n\n'
        'msgid "one mail"\nmsgid_plural "%(count)s mails"\nmsgstr[0] "un correo"\n'
        'msgstr[1] "%(count)s correos"\n\n'
        'msgid "Write"\nmsgstr "Escribe"\n\n'
        'msgid "Hello"\nmsgstr "Hola"\n\n'
        'msgid "Dear %(name)s"\nmsgstr "Querida %(name)s"\n\n',
    )
    return tmp_path / "esmero"


def write(folder: Path, text: str) -> Path:
    path = catalogues.catalogue_path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + text)
    return path


def found(tree: Path) -> list[tuple[str, str]]:
    return sorted((fault.kind, fault.text) for fault in catalogues.faults(tree))


def test_a_tree_in_order_has_no_faults(tree):
    assert found(tree) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('msgid "Answer"\nmsgstr "Responder"\n', "", [("missing", "Answer")]),
        ('msgstr "Responder"', 'msgstr ""', [("missing", "Answer")]),
        ('msgstr[1] "%(count)s correos"', 'msgstr[1] ""', [("missing", "one mail")]),
        ('msgid "Answer"', '#, fuzzy\nmsgid "Answer"', [("fuzzy", "Answer")]),
        ('msgctxt "mail"\n', "", [("missing", "Late"), ("unused", "Late")]),
        ('msgid "Write"\nmsgstr "Escribe"\n', "", [("missing", "Write")]),
        ('msgid "Dear %(name)s"', 'msgid "x"', [("missing", "Dear %(name)s"), ("unused", "x")]),
    ],
)
def test_each_kind_of_fault_is_found(tree, old, new, expected):
    path = catalogues.catalogue_path(tree / "desk")
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    assert found(tree) == expected


def test_a_lone_percent_is_a_fault(tree):
    page = tree / "desk" / "jinja2" / "desk" / "page.html"
    page.write_text("{% trans %}Write{% endtrans %}{{ _('100% sure') }}{{ _('50 %% of it') }}")
    assert [text for kind, text in found(tree) if kind == "percent"] == ["100% sure"]


def test_compiling_is_done_for_changed_catalogues_only(tree):
    assert catalogues.compile_stale(tree) == 1
    assert catalogues.compile_stale(tree) == 0
    with catalogues.catalogue_path(tree / "desk").with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Answer") == "Responder"


def test_update_adds_what_is_new_and_removes_what_is_gone(tree):
    code = tree / "desk" / "views.py"
    code.write_text(code.read_text().replace('_("Answer")', '_("Reply")'))
    assert catalogues.update(tree / "desk") == (1, 1)
    assert found(tree) == [("missing", "Reply")]
    assert 'msgstr "Tarde"' in catalogues.catalogue_path(tree / "desk").read_text()
