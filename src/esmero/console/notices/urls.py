"""Addresses of the notices, under /c/ and in the namespace `console`."""

from django.urls import path

from esmero.console.notices import choosing, views

urlpatterns = [
    path("campana/", views.bell, name="bell"),
    path("campana/nuevos/", views.fresh, name="bell_fresh"),
    path("campana/vistos/", views.seen, name="bell_seen"),
    path("conversaciones/<int:pk>/silenciar/", views.mute, name="mute"),
    path("yo/avisos/", choosing.choose, name="my_notices"),
    path("yo/avisos/pausa/", choosing.pause, name="my_pause"),
    path("yo/avisos/navegador/", choosing.subscribe, name="my_browser"),
    path("yo/avisos/navegador/quitar/", choosing.unsubscribe, name="my_browser_off"),
]
