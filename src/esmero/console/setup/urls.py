"""Addresses of the set-up, under /instalar/. Whoever has no right to them finds nothing."""

from django.urls import path

from esmero.console.setup import views

app_name = "setup"
urlpatterns = [
    path("<str:token>/", views.start, name="start"),
    path("<str:token>/<slug:step>/", views.step, name="step"),
]
