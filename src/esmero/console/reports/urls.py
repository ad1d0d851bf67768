"""Addresses of the reports, under /c/informes/."""

from django.urls import path

from esmero.console.reports import views

urlpatterns = [
    path("", views.reports, name="reports"),
    path("promesas/", views.kept, name="report_promises"),
    path("promesas/incumplidas/", views.broken, name="report_broken"),
    path("promesas/promesas.csv", views.export, name="report_csv"),
]
