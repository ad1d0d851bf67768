"""The Jinja2 environment of our own surfaces (TEMPLATES option `environment`)."""

from functools import lru_cache, partial
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from esmero.kernel import clock
from esmero.ui import charts, dayline, formats, icons
from esmero.ui.compiling import QuickEnvironment
from esmero.ui.links import link
from esmero.ui.moulds import moulded


def environment(**options: Any) -> QuickEnvironment:
    """Build the environment Django asks for.

    Beside Django's own options: `{% trans %}` and `_()` from Django's catalogues, `static()`,
    `url()`, `icon()`, `unchanging()` for pieces that are the same on every page, `moulded()` for
    those that are the same but for a number, and the filters of esmero.ui.formats under their own
    names.
    Templates named *.txt are not escaped. A literal % in a translated text is written %%,
    because newstyle gettext always formats.
    """
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options["extensions"] = [*options.get("extensions", []), "jinja2.ext.i18n", "jinja2.ext.do"]
    options["autoescape"] = _is_markup
    env = QuickEnvironment(**options)  # escaped by name, see _is_markup
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        gettext=_gettext,
        _=_gettext,
        static=static,
        url=_url,
        icon=icons.icon,
        state_icon=icons.state_icon,
        state_sprite=icons.state_sprite,
        day_line=dayline.day_line,
        chart=charts,
        now=clock.now,
        unchanging=partial(_unchanging, env),
        moulded=partial(moulded, env),
    )
    env.filters.update({f.__name__: f for f in formats.FILTERS})
    return env


def _is_markup(name: str | None) -> bool:
    """Everything is escaped but the text parts of mails."""
    return name is None or not name.endswith(".txt")


def _unchanging(env: QuickEnvironment, name: str, **values: str | int | bool) -> Markup:
    """Return a piece that depends on the language and `values` alone, rendered once for each."""
    return _rendered(env, name, get_language() or "", tuple(values.items()))


@lru_cache(maxsize=256)
def _rendered(
    env: QuickEnvironment, name: str, language: str, values: tuple[tuple[str, Any], ...]
) -> Markup:
    return Markup(env.get_template(name).render(dict(values)))  # noqa: S704 - a template of ours


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, kwargs=kwargs) if kwargs else link(name, *args)


@pass_eval_context
def _gettext(context: EvalContext, text: str, /, **variables: Any) -> str:
    """Translate as Jinja2's newstyle gettext does, with a third of the calls.

    A page has some 150 of these; the extension goes through three functions for each.
    """
    if not context.autoescape:
        return gettext(text) % variables
    language = get_language() or ""
    return _marked(text, language) % variables if variables else _plain(text, language)


# Keyed by the words of templates and the active language: bounded all the same.
@lru_cache(maxsize=8192)
def _marked(text: str, language: str) -> Markup:
    return Markup(gettext(text))  # noqa: S704 - a catalogue's text, as the extension takes it


@lru_cache(maxsize=8192)
def _plain(text: str, language: str) -> Markup:
    return _marked(text, language) % {}
