"""Addresses of this surface, each with or without a language in front (`/en/ayuda/`)."""

from django.urls import URLPattern, URLResolver, path

from esmero.portal import frame, shopface
from esmero.portal.contact import views as contact
from esmero.portal.enquiry import views as enquiry
from esmero.portal.help import searching, sending
from esmero.portal.help import views as help_views
from esmero.portal.home import views as home
from esmero.portal.legal import views as legal
from esmero.portal.machines import views as machines
from esmero.portal.mine import views as mine
from esmero.portal.prefix import MayNameALanguage

app_name = "portal"
_pages: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("colores/<slug:colour>.css", frame.colours, name="colours"),
    path("logo/<str:name>", shopface.logo, name="logo"),
    path("nuestra-palabra/", home.our_word, name="word"),
    path("ayuda/", help_views.help_start, name="help"),
    path("ayuda/buscar/", searching.search, name="search"),
    path("ayuda/sugerencias/", searching.suggest, name="suggest"),
    path("ayuda/tema/<str:slug>/", help_views.shelf, name="shelf"),
    path("ayuda/archivo/<str:token>/", sending.article_file, name="article_file"),
    path("ayuda/opinion/<str:slug>/", help_views.vote, name="vote"),
    path("ayuda/pagina/<str:slug>/<int:number>/", help_views.manual_page, name="manual_page"),
    path("ayuda/<str:slug>/", help_views.article, name="article"),
    path("novedades/", help_views.news, name="news"),
    path("novedades/atom.xml", machines.feed, name="feed"),
    path("contacto/", contact.contact, name="contact"),
    path("contacto/recibido/<str:ticket>/", contact.received, name="received"),
    path("consulta/<str:link>/", enquiry.enquiry, name="enquiry"),
    path("consulta/<str:link>/resuelto/", enquiry.resolved, name="resolved"),
    path("consulta/<str:link>/archivos/<str:token>/", enquiry.file, name="file"),
    path("enlaces/", mine.links, name="links"),
    path("mis-consultas/", mine.mine, name="mine"),
    path("mis-consultas/olvidar/", mine.forget, name="forget"),
    path("mis-consultas/salir/", mine.leave, name="leave"),
    path("mis-consultas/codigo/<str:ticket>/", mine.code, name="code"),
    path("mis-datos/", mine.data, name="data"),
    path("mis-datos/consentimientos/<int:consent_id>/", mine.withdraw, name="withdraw"),
    path("mis-datos/copia/", mine.download, name="download"),
    path("mis-datos/borrar/", mine.erase, name="erase"),
    path("mis-datos/borrado/", mine.erased, name="erased"),
    path("legal/<slug:slug>/", legal.legal, name="legal"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", machines.sitemap_part, name="sitemap_part"),
    path("robots.txt", machines.robots, name="robots"),
]
urlpatterns: list[URLPattern | URLResolver] = [URLResolver(MayNameALanguage(), _pages)]
