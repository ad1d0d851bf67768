"""Addresses that need nobody signed in: nothing in them is anybody's but for a signed link."""

from django.urls import path

from esmero.console.app import views

app_name = "app"
urlpatterns = [
    path("app/manifest.webmanifest", views.manifest, name="manifest"),
    path("app/trabajador.js", views.worker, name="worker"),
    path("app/sin-conexion/", views.offline, name="offline"),
    path("avisos/<str:link>/", views.silence, name="silence"),
]
