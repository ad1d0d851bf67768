"""Addresses of the console, all under /c/ and in the namespace `console`.

The packages `settings`, `reports` and `channels` beside this file bring their own `urls.py` with a
plain `urlpatterns` (no `app_name`): their names are `console:NAME` too. The rail links to
`console:settings`, `console:reports` and `console:outbox` as soon as those exist.
"""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from esmero.console.me import views as me
from esmero.console.today import views as today

app_name = "console"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.hoy, name="hoy"),
    path("yo/", me.me, name="me"),
]

for _prefix, _module in (
    ("ajustes/", "esmero.console.settings"),
    ("informes/", "esmero.console.reports"),
    ("", "esmero.console.channels"),
):
    if find_spec(_module) and find_spec(f"{_module}.urls"):
        urlpatterns.append(path(_prefix, include(f"{_module}.urls")))
