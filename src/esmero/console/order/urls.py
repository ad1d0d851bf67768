"""Addresses of what orders the work, under /c/ and in the namespace `console`."""

from django.urls import path

from esmero.console.order import bulk, macros, marks, views

_conversation = "conversaciones/<int:pk>/"

urlpatterns = [
    path(f"{_conversation}etiquetas/", marks.tags, name="tags"),
    path(f"{_conversation}seguir/", marks.follow, name="follow"),
    path(f"{_conversation}prioridad/", marks.priority, name="priority"),
    path(f"{_conversation}reglas/", marks.trace, name="trace"),
    path(f"{_conversation}macro/", macros.choose, name="macros"),
    path(f"{_conversation}macro/<int:macro>/", macros.macro, name="macro"),
    path("varias/", bulk.plan, name="bulk_plan"),
    path("varias/<int:pk>/", bulk.bulk, name="bulk"),
    path("varias/<int:pk>/parar/", bulk.stop, name="bulk_stop"),
    path("varias/<int:pk>/deshacer/", bulk.undo, name="bulk_undo"),
    path("vistas/nueva/", views.new, name="view_new"),
    path("vistas/cuentas/", views.counts, name="view_counts"),
    path("vistas/<int:pk>/", views.edit, name="view"),
    path("vistas/<int:pk>/quitar/", views.drop, name="view_drop"),
    path("yo/despues/", marks.after, name="after"),
]
