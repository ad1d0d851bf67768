"""One file per surface, joined from the blocks."""

import gzip
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from esmero.ui import bundles
from esmero.ui.bundles import BUNDLES, Bundle, BundleFinder

LAYERS = "tokens, reset, base, components, modules, utilities"


@pytest.fixture
def blocks(tmp_path: Path, settings, monkeypatch) -> Iterator[Path]:
    """A folder of static files of its own, with nothing else in the house."""
    settings.STATICFILES_DIRS = [str(tmp_path)]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders.get_finder.cache_clear()
    monkeypatch.setattr(
        bundles,
        "BUNDLES",
        {
            "x/all.js": Bundle(("x/main.js",), "y/js/es-*.js"),
            "x/all.css": Bundle(("x/a.css",), "y/css/*.css"),
        },
    )
    yield tmp_path
    finders.get_finder.cache_clear()


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def run_module(text: str, tmp_path: Path) -> str:
    script = tmp_path / "joined.mjs"
    script.write_text(text)
    return subprocess.run(
        ["node", str(script)], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_modules_joined_keep_their_own_names(blocks: Path, tmp_path: Path) -> None:
    put(
        blocks,
        {
            "x/main.js": 'import { twice as double, NAME } from "./lib/n.js";\n'
            'import "./side.js";\nconst hidden = 4;\nconsole.log(NAME, double(hidden));\n',
            "x/lib/n.js": "const hidden = 2;\nexport const NAME = `n`;\n"
            "export function twice(x) {\n  return hidden * x;\n}\n",
            "x/side.js": 'import {\n  twice,\n} from "./lib/n.js";\n/** Said first. */\n'
            "export class Side {}\nconsole.log(twice(1), new Side() instanceof Side);\n",
        },
    )
    assert run_module(bundles.join("x/all.js"), tmp_path) == "2 true\nn 8"
    assert bundles.join("x/all.js").count("hidden * x") == 1


def test_a_surface_adds_elements_by_dropping_them_in(blocks: Path, tmp_path: Path) -> None:
    put(
        blocks,
        {
            "x/main.js": "console.log(1);\n",
            "y/js/es-b.js": 'import { three } from "../../x/lib/n.js";\nconsole.log(three());\n',
            "y/js/es-a.js": "console.log(2);\n",
            "y/js/other.js": "console.log(9);\n",
            "x/lib/n.js": "export function three() {\n  return 3;\n}\n",
        },
    )
    assert run_module(bundles.join("x/all.js"), tmp_path) == "1\n2\n3"


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        'import all from "./n.js";',
        'import { a } from "./n.js"',
        'const later = () => import("./n.js");',
        "export { a };",
    ],
)
def test_modules_outside_the_subset_are_refused(blocks: Path, line: str) -> None:
    put(blocks, {"x/main.js": line + "\n", "x/n.js": "export const a = 1;\n"})
    with pytest.raises(ImproperlyConfigured, match=r"x/main\.js cannot be bundled"):
        bundles.join("x/all.js")


def test_modules_that_import_each_other_are_refused(blocks: Path) -> None:
    put(blocks, {"x/main.js": 'import "./n.js";\n', "x/n.js": 'import "./main.js";\n'})
    with pytest.raises(ImproperlyConfigured, match=r"x/main\.js > x/n\.js > x/main\.js"):
        bundles.join("x/all.js")


def test_a_missing_block_is_named(blocks: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"x/a\.css"):
        bundles.join("x/all.css")


def test_styles_are_joined_in_order_without_comments(blocks: Path) -> None:
    put(
        blocks,
        {
            "x/a.css": "/* why */\n@layer a {\n  p { color: red; }\n}\n",
            "y/css/z.css": "z {}\n",
            "y/css/b.css": "b {}\n",
        },
    )
    assert bundles.join("x/all.css") == "@layer a {\np { color: red; }\n}\nb {}\nz {}\n"


def test_a_changed_block_is_seen_by_the_next_look(blocks: Path) -> None:
    put(blocks, {"x/a.css": "a {}\n"})
    finder = BundleFinder()
    assert Path(finder.find("x/all.css")).read_text() == "a {}\n"
    put(blocks, {"x/a.css": "b {}\n"})
    assert Path(finder.find("x/all.css", find_all=True)[0]).read_text() == "b {}\n"
    assert finder.find("x/other.css") == []


def test_the_first_load_is_small() -> None:
    """Our part of the budget; htmx (17 kB) and the page itself come on top.

    Source: docs/reference/ui.md, first load at most 120 kB (console) and 60 kB (portal).
    """
    sizes = {name: len(gzip.compress(bundles.join(name).encode())) for name in BUNDLES}
    assert sizes["ui/console.css"] + sizes["ui/console.js"] < 60_000
    assert sizes["ui/portal.css"] + sizes["ui/portal.js"] < 30_000


@pytest.mark.parametrize("name", ["ui/console.css", "ui/portal.css"])
def test_styles_begin_with_the_order_of_layers(name: str) -> None:
    text = bundles.join(name)
    assert text.startswith(f"@layer {LAYERS};")
    assert set(re.findall(r"^@layer (\w+) \{", text, re.M)) == set(LAYERS.split(", "))


@pytest.mark.parametrize("name", ["ui/console.js", "ui/portal.js"])
def test_scripts_can_be_parsed(name: str, tmp_path: Path) -> None:
    script = tmp_path / "joined.mjs"
    script.write_text(bundles.join(name))
    assert subprocess.run(["node", "--check", str(script)], check=False).returncode == 0


def test_collected_files_have_hashed_names_and_no_loose_import(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "esmero.ui.storage.StaticStorage"}
    }
    settings.STATICFILES_FINDERS = [
        "django.contrib.staticfiles.finders.AppDirectoriesFinder",
        "esmero.ui.bundles.BundleFinder",
    ]
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = [p.name for p in (tmp_path / "ui").glob("*.*.css")]
    assert {re.sub(r"\.[0-9a-f]{12}\.", ".", name) for name in hashed} == {
        "console.css",
        "portal.css",
    }
    loose = [
        f"{path.name}: {target}"
        for path in (tmp_path / "ui").rglob("*.js")
        if re.search(r"\.[0-9a-f]{12}\.js$", path.name)
        for target in re.findall(r'import [^"]*"(\.[^"]+)"', path.read_text())
        if not re.search(r"\.[0-9a-f]{12}\.js$", target)
    ]
    assert loose == []
