"""Addresses of merging, linking, side conversations and asking; names are `console:NAME`."""

from django.urls import path

from esmero.console.matters import merging, others, sides

_OF = "conversaciones/<int:pk>/"

urlpatterns = [
    path("conversaciones/unir/", merging.merge_several, name="merge_several"),
    path(f"{_OF}unir/", merging.merge, name="merge"),
    path(f"{_OF}dividir/", merging.split, name="split"),
    path(f"{_OF}enlazar/", merging.relate, name="relate"),
    path(f"{_OF}participantes/", others.participants, name="participants"),
    path(
        f"{_OF}participantes/<int:customer_id>/quitar/",
        others.remove_participant,
        name="remove_participant",
    ),
    path(f"{_OF}consultar/", others.consult, name="consult"),
    path(f"{_OF}lateral/", sides.begin, name="side_new"),
    path("movimientos/<int:pk>/deshacer/", merging.undo_move, name="undo_move"),
    path("enlaces/<int:pk>/quitar/", merging.unrelate, name="unrelate"),
    path("consultas/<int:pk>/terminar/", others.end_consultation, name="end_consultation"),
    path("laterales/<int:pk>/", sides.side, name="side"),
    path("laterales/<int:pk>/borrador/", sides.draft, name="side_draft"),
    path("laterales/<int:pk>/estado/", sides.state, name="side_state"),
]
