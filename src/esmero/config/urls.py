"""Every address of the house."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("c/", include("esmero.console.urls")),
    path("cuenta/", include("esmero.console.accounts.urls")),
    path("instalar/", include("esmero.console.setup.urls")),
    path("", include("esmero.console.app.urls")),
    path("", include("esmero.config.health")),
    path("", include("esmero.portal.urls")),
]

handler400 = "esmero.ui.errors.bad_request"
handler403 = "esmero.ui.errors.not_allowed"
handler404 = "esmero.portal.missing.not_found"
handler500 = "esmero.ui.errors.broken"
# django-allauth looks it up by this name.
handler429 = "esmero.ui.errors.too_many"
