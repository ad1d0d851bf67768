"""Bringing articles in from files (looked over first) and taking them out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, team
from esmero.console.knowledge.tabs import show
from esmero.console.knowledge.texts import languages
from esmero.console.settings.saving import GET_POST
from esmero.kernel import signing
from esmero.kernel.clock import now
from esmero.knowledge import actions, queries
from esmero.people.enums import Role
from esmero.shop.queries import the_shop

MOST = 100_000_000
"""Bytes of what is brought in at once."""
SHOWN = 500
_FOR = "knowledge-import"
WHATS: dict[str, Lazy | str] = {
    "new": pgettext_lazy("import", "new"),
    "changed": pgettext_lazy("import", "changed"),
    "same": pgettext_lazy("import", "as it is"),
    "refused": pgettext_lazy("import", "not possible"),
}
SIGNS = {"new": "kept", "changed": "moved", "same": "released", "refused": "broken"}
NOTES: dict[str, Lazy | str] = {
    "published": _("it is published"),
    "category": _("its category is new"),
    "audience": _("for whom it is was not understood: for the team alone"),
    "reduced": _("its HTML was made to harm: the text alone is kept"),
    "cut": _("it was too long and is cut"),
    "picture": _("a picture was not found beside it"),
    "file": _("its file was not found beside it"),
}
WHYS: dict[str, Lazy | str] = {
    "broken": _("It cannot be read: it is broken or of another kind."),
    "too_many": _("There are too many files. The rest is left out."),
    "too_large": _("It is too large."),
    "no_title": _("It has no title."),
    "no_heads": _("The first line must name the columns; one of them is the title."),
    "nothing": _("There is nothing in it that could become an article."),
    "not_readable": _("Its file or picture is not one that can be shown."),
    "nothing_to_publish": _("It is marked as published and has no text."),
}


class ImportForm(forms.Form):
    """The file, and the language of what names none."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, Markdown, HTML, or a zip with a folder of them and their pictures."),
    )
    language = forms.ChoiceField(label=_("Language, where a file says none"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = list(languages().items())  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        """Not too large."""
        given: UploadedFile = self.cleaned_data["file"]
        if (given.size or 0) > MOST:
            raise forms.ValidationError(gettext("The file is larger than 100 MB."))
        return given


def entries_of(
    name: str, data: bytes, language: str
) -> tuple[list[queries.Entry], list[queries.Problem]]:
    """Read what was brought: a zip by its bytes, anything else by its name."""
    if data[:4] == b"PK\x03\x04":
        found, problems = queries.unpack(data)
    else:
        found, problems = {name: data}, []
    entries, wrong = queries.read_files(found, language=language)
    if not entries and not problems and not wrong:
        wrong = [queries.Problem(name, "nothing")]
    return entries, [*problems, *wrong]


@team(Role.SUPERVISOR, GET_POST)
def bring(request: TeamRequest) -> HttpResponse:
    """Look over what a file would do, line by line; then do it."""
    if request.method == "POST" and request.POST.get("kept"):
        return _do(request)
    form = ImportForm(
        request.POST or None, request.FILES or None, initial={"language": the_shop().language}
    )
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        language = form.cleaned_data["language"]
        data = given.read()
        name = (given.name or "file")[:200]
        at = now()
        entries, problems = entries_of(name, data, language)
        lines = actions.bring_articles(entries=entries, at=at, by=request.agent.pk, is_trial=True)
        token = actions.keep_import(data=data, at=at, by=request.agent.pk) if entries else ""
        value = f"{token} {language} {name}"
        context |= _told(lines, problems) | {
            "kept": value if token else "",
            "signature": signing.sign(_FOR, value) if token else "",
        }
        return show(request, "console/knowledge/import.html", "import", context)
    status = 422 if request.method == "POST" else 200
    return show(request, "console/knowledge/import.html", "import", context, status=status)


def _told(lines: list[actions.Line], problems: list[queries.Problem]) -> dict[str, Any]:
    rows = [
        {
            "source": line.source, "what": WHATS[line.what], "sign": SIGNS[line.what],
            "title": line.title, "language": line.language.upper(),
            "notes": [str(NOTES.get(note, note)) for note in line.notes]
            + ([str(WHYS.get(line.why, line.why))] if line.why else []),
            "pk": line.article_id if line.what in {"same", "changed"} else None,
        }
        for line in lines
    ]  # fmt: skip
    rows += [
        {
            "source": one.source, "what": WHATS["refused"], "sign": SIGNS["refused"],
            "title": "", "language": "", "notes": [str(WHYS.get(one.why, one.why))], "pk": None,
        }
        for one in problems
    ]  # fmt: skip
    counts = {
        what: sum(line.what == what for line in lines)
        + (len(problems) if what == "refused" else 0)
        for what in WHATS
    }
    return {
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "counts": [(WHATS[what], n, SIGNS[what]) for what, n in counts.items() if n],
        "to_do": counts["new"] + counts["changed"],
    }


def _do(request: TeamRequest) -> HttpResponse:
    """Do what was looked over. The file was kept; nobody else can name another one here."""
    value = request.POST.get("kept", "")
    form = ImportForm(initial={"language": the_shop().language})
    if not signing.is_signed(_FOR, value, request.POST.get("signature", "")):
        messages.error(request, gettext("Choose the file again."))
        return show(request, "console/knowledge/import.html", "import", {"form": form}, status=422)
    token, language, name = value.split(" ", 2)
    data = actions.kept_import(token=token)
    if data is None:
        messages.error(request, gettext("Choose the file again."))
        return show(request, "console/knowledge/import.html", "import", {"form": form}, status=422)
    at = now()
    entries, problems = entries_of(name, data, language)
    lines = actions.bring_articles(entries=entries, at=at, by=request.agent.pk)
    actions.drop_import(token=token)
    done = sum(line.what in {"new", "changed"} for line in lines)
    messages.success(
        request,
        ngettext("%(count)s text was brought in.", "%(count)s texts were brought in.", done)
        % {"count": done},
    )
    context = {"form": form, "is_done": True} | _told(lines, problems)
    return show(request, "console/knowledge/import.html", "import", context)


class _Pipe(io.RawIOBase):
    """Takes what a zip writes and hands it on: the whole of it is never in memory."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found, self._waiting = b"".join(self._waiting), []
        return found


def _zipped() -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in actions.exported_files():
            archive.writestr(name, data)
            yield pipe.taken()
    yield pipe.taken()


@team(Role.SUPERVISOR)
def take(request: TeamRequest) -> HttpResponseBase:
    """Save all articles: `?como=csv` one table, else a zip with a folder of Markdown."""
    if request.GET.get("como") == "csv":
        response = StreamingHttpResponse(
            ("\ufeff" if not number else "") + line
            for number, line in enumerate(actions.exported_csv())
        )
        response.headers["Content-Type"] = "text/csv; charset=utf-8"
        ending = "csv"
    else:
        response = StreamingHttpResponse(_zipped())
        response.headers["Content-Type"] = "application/zip"
        ending = "zip"
    response.headers["Content-Disposition"] = f'attachment; filename="articulos.{ending}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
