"""One stylesheet and one script per surface, joined from their blocks when static files are found.

A browser asks for one file where the repository holds thirty. There is no build step: the finder
below joins the blocks whenever Django's static files are looked for, so `collectstatic` and the
development server see the same file, and Django hashes its name like any other.

A surface adds a block by dropping it into its own folder: `console/static/console/css/*.css` and
`console/static/console/js/es-*.js` join `ui/console.css` and `ui/console.js` in name order.

JavaScript modules keep a strict subset, checked here: `import { a, b } from "./x.js";` or
`import "./x.js";` and `export function|class|const` at the start of a line. Each module becomes a
function of its own, so names never meet.
"""

import atexit
import posixpath
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.utils import matches_patterns
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, Storage


@dataclass(frozen=True)
class Bundle:
    """`parts`: static paths in this order; `also`: patterns of static paths that surfaces add."""

    parts: tuple[str, ...]
    also: str


def _css(names: str) -> tuple[str, ...]:
    return tuple(f"ui/css/{name}.css" for name in names.split())


_SHARED = (
    "layers tokens reset base type flow button field state promise people fold layer notice"
    " table log message files article"
)

BUNDLES: dict[str, Bundle] = {
    "ui/console.css": Bundle(
        _css(f"{_SHARED} dayline rail sheet inbox composer palette figures bare utilities"),
        "console/css/*.css",
    ),
    "ui/portal.css": Bundle(_css(f"{_SHARED} portal bare utilities"), "portal/css/*.css"),
    "ui/console.js": Bundle(("ui/js/console.js",), "console/js/es-*.js"),
    "ui/portal.js": Bundle(("ui/js/portal.js",), "portal/js/es-*.js"),
}

_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_JS_DOC = re.compile(r"^[ \t]*/\*\*.*?\*/\n", re.DOTALL | re.MULTILINE)
_JS_LINE = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_IMPORT = re.compile(r'^import\s+(?:\{(?P<names>[^}]*)\}\s+from\s+)?"(?P<path>[^"]+)";\n', re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?function |class |const )", re.M)
_EXPORTED = re.compile(r"^export (?:(?:async )?function|class|const) (?P<name>\w+)", re.M)
_LEFT = re.compile(r"^\s*(?:import|export)\b.*$|\bimport\(.*$", re.M)


class BundleFinder(finders.BaseFinder):
    """Finds the bundles as static files; everything else is left to the other finders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._folder: Path | None = None
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = posixpath.normpath(path)
        if name not in BUNDLES:
            return []
        built = str(self._write(name))
        return [built] if find_all else built

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        for name in BUNDLES:
            if not matches_patterns(name, ignore_patterns or []):
                self._write(name)
                yield name, FileSystemStorage(location=str(self._room()))

    def _room(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="esmero-ui-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def _write(self, name: str) -> Path:
        target = self._room() / name
        text = join(name)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_suffix(target.suffix + ".new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(target)
        return target


def join(name: str) -> str:
    """The text of a bundle.

    Raises ImproperlyConfigured for a missing block and for JavaScript outside the subset.
    """
    bundle = BUNDLES[name]
    paths = [*bundle.parts, *(p for p in _added(bundle.also) if p not in bundle.parts)]
    if name.endswith(".css"):
        return "".join(_squeeze_css(_read(path)) for path in paths)
    done: dict[str, str] = {}
    for path in paths:
        _join_module(path, done, ())
    return "".join(done.values())


def _join_module(path: str, done: dict[str, str], above: tuple[str, ...]) -> None:
    if path in above:
        raise ImproperlyConfigured(f"modules import each other: {' > '.join((*above, path))}")
    if path in done:
        return
    source = _read(path)
    names: list[str] = _EXPORTED.findall(source)
    for found in _IMPORT.finditer(source):
        _join_module(_resolve(path, found["path"]), done, (*above, path))

    def bound(found: re.Match[str]) -> str:
        if found["names"] is None:
            return ""
        wanted = found["names"].strip().rstrip(",").replace(" as ", ": ")
        return f"const {{ {wanted} }} = {_variable(_resolve(path, found['path']))};\n"

    body = _EXPORT.sub("", _IMPORT.sub(bound, source))
    left = _LEFT.search(body)
    if left:
        raise ImproperlyConfigured(f"{path} cannot be bundled: {left.group().strip()}")
    body = _JS_LINE.sub("", _JS_DOC.sub("", body))
    done[path] = (
        f"const {_variable(path)} = (() => {{\n{body.strip()}\n"
        f"return {{ {', '.join(names)} }};\n}})();\n"
    )


def _resolve(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def _variable(path: str) -> str:
    return "m_" + re.sub(r"\W", "_", path.removesuffix(".js"))


def _squeeze_css(text: str) -> str:
    lines = (line.strip() for line in _CSS_COMMENT.sub("", text).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _others() -> Iterator[Any]:
    return (f for f in finders.get_finders() if not isinstance(f, BundleFinder))


def _read(path: str) -> str:
    for finder in _others():
        found = finder.find(path)
        if found:
            return Path(found).read_text(encoding="utf-8")
    raise ImproperlyConfigured(f"a bundle names a block that does not exist: {path}")


def _added(pattern: str) -> list[str]:
    folder = posixpath.dirname(pattern)
    return sorted(
        {
            path
            for finder in _others()
            for path, _storage in finder.list(None)
            if posixpath.dirname(path) == folder and fnmatch(path, pattern)
        }
    )
