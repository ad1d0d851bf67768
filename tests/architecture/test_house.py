"""What import-linter cannot see: foreign keys, file sizes, hashed module imports."""

import configparser
import re
from pathlib import Path

from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
LIMITS = {".py": 400, ".css": 300, ".js": 200, ".html": 150}
TEST_LIMIT = 600
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")


def storeys():
    cfg = configparser.ConfigParser(interpolation=None)
    cfg.read(ROOT / ".importlinter")
    rows = cfg["importlinter:contract:storeys"]["layers"].split("\n")
    rows = [r for r in rows if r.strip()]
    return {name.strip(): len(rows) - i for i, row in enumerate(rows) for name in row.split("|")}


def test_foreign_keys_go_down_and_leave_no_way_back():
    level, wrong = storeys(), []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and field.related_model):
                continue
            a, b = model._meta.app_label, field.related_model._meta.app_label
            if a == b or a not in level or b not in level:
                continue
            if level[a] <= level[b]:
                wrong.append(f"{model.__name__}.{field.name} points up to {b}")
            if not field.remote_field.hidden:
                wrong.append(f"{model.__name__}.{field.name} needs related_name='+'")
    assert wrong == []


def test_no_module_outgrows_its_room():
    wrong = []
    for path in sorted((ROOT / "src" / "esmero").rglob("*")):
        limit = LIMITS.get(path.suffix)
        if not limit or "migrations" in path.parts or "vendor" in path.parts:
            continue
        limit = TEST_LIMIT if "tests" in path.parts else limit
        lines = len(path.read_text().splitlines())
        if lines > limit:
            wrong.append(f"{path.relative_to(ROOT)}: {lines} > {limit}")
    assert wrong == []


def test_no_model_is_fetched_by_name():
    wrong = [
        str(p.relative_to(ROOT))
        for p in (ROOT / "src" / "esmero").rglob("*.py")
        if "migrations" not in p.parts and re.search(r"\bget_model\(", p.read_text())
    ]
    assert wrong == []


def test_every_module_import_in_the_collected_files_is_hashed(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    seen, wrong = 0, []
    for path in tmp_path.rglob("*.js"):
        if not HASHED.search(path.name) or "django_htmx" in path.parts:
            continue  # its comments name modules that it does not bring along
        for target in IMPORT.findall(path.read_text()):
            seen += 1
            if not HASHED.search(target):
                wrong.append(f"{path.relative_to(tmp_path)} imports {target}")
    assert wrong == []
    assert seen > 0
