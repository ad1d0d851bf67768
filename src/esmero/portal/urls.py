"""Addresses of this surface."""

from django.urls import URLPattern, URLResolver, path

from esmero.portal import frame
from esmero.portal.contact import views as contact
from esmero.portal.enquiry import views as enquiry
from esmero.portal.home import views as home

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("colores/<slug:colour>.css", frame.colours, name="colours"),
    path("nuestra-palabra/", home.our_word, name="word"),
    path("enlaces/", home.links, name="links"),
    path("contacto/", contact.contact, name="contact"),
    path("contacto/recibido/<str:ticket>/", contact.received, name="received"),
    path("consulta/<str:link>/", enquiry.enquiry, name="enquiry"),
    path("consulta/<str:link>/resuelto/", enquiry.resolved, name="resolved"),
    path("consulta/<str:link>/archivos/<str:token>/", enquiry.file, name="file"),
]
