"""Addresses of mail in and out, under /c/."""

from django.urls import path

from esmero.console.channels import health, incoming, outbox

urlpatterns = [
    path("salida/", outbox.outbox, name="outbox"),
    path("salida/tarde/", outbox.late, name="outbox_late"),
    path("salida/<int:delivery_id>/", outbox.delivery, name="delivery"),
    path("salida/<int:delivery_id>/html/", outbox.as_html, name="delivery_html"),
    path("salida/<int:delivery_id>/correo.eml", outbox.download, name="delivery_raw"),
    path("salida/<int:delivery_id>/repetir/", outbox.again, name="delivery_again"),
    path("salida/<int:delivery_id>/llego/", outbox.arrived, name="delivery_arrived"),
    path("cuarentena/", incoming.quarantine, name="quarantine"),
    path("cuarentena/<int:raw_id>/correo.eml", incoming.download, name="quarantine_raw"),
    path("cuarentena/<int:raw_id>/reintentar/", incoming.retry, name="quarantine_retry"),
    path("cuarentena/<int:raw_id>/apartar/", incoming.dismiss, name="quarantine_dismiss"),
    path("apartados/", incoming.ignored, name="ignored"),
    path("salud/", health.mail_health, name="mail_health"),
]
