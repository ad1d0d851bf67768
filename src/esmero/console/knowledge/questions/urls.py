"""Addresses of what people ask, under /c/saber/preguntas/; names are `console:NAME`."""

from django.urls import path

from esmero.console.knowledge.questions import coverage, views

urlpatterns = [
    path("", views.candidates, name="questions"),
    path("unir/", views.merge, name="questions_merge"),
    path("cobertura/", coverage.coverage, name="questions_coverage"),
    path("<int:candidate>/", views.one, name="question"),
    path("<int:candidate>/borrador/", views.draft, name="question_draft"),
    path("<int:candidate>/descartar/", views.dismiss, name="question_dismiss"),
    path("<int:candidate>/reabrir/", views.reopen, name="question_reopen"),
    path("<int:candidate>/separar/", views.split, name="question_split"),
]
