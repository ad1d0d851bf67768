"""Addresses of Saber, under /c/saber/; names are `console:NAME`."""

from django.urls import path

from esmero.console.knowledge import (
    article,
    categories,
    details,
    editing,
    exchange,
    files,
    listing,
    synonyms,
    versions,
)

_OF = "saber/<int:pk>/"

urlpatterns = [
    path("saber/", listing.shelf, name="knowledge"),
    path("saber/nuevo/", listing.new, name="know_new"),
    path("saber/novedades/", listing.news, name="know_news"),
    path("saber/categorias/", categories.categories, name="know_categories"),
    path("saber/categorias/nueva/", categories.new, name="know_category_new"),
    path("saber/categorias/<int:category_id>/", categories.category, name="know_category"),
    path("saber/categorias/<int:category_id>/mover/", categories.move, name="know_category_move"),
    path("saber/categorias/<int:category_id>/unir/", categories.merge, name="know_category_merge"),
    path(
        "saber/categorias/<int:category_id>/quitar/",
        categories.remove,
        name="know_category_remove",
    ),
    path("saber/sinonimos/", synonyms.synonyms, name="know_synonyms"),
    path("saber/sinonimos/<int:group_id>/", synonyms.change, name="know_synonyms_change"),
    path("saber/traer/", exchange.bring, name="know_import"),
    path("saber/llevar/", exchange.take, name="know_export"),
    path("saber/archivo/<str:token>/", files.file, name="know_file"),
    path(_OF, article.article, name="know_article"),
    path(f"{_OF}idioma/", article.add_language, name="know_language"),
    path(f"{_OF}archivar/", article.archive, name="know_archive"),
    path(f"{_OF}datos/", details.describe, name="know_describe"),
    path(f"{_OF}revision/", details.review, name="know_review"),
    path(f"{_OF}relacionados/", details.related, name="know_related"),
    path(f"{_OF}imagen/", files.picture, name="know_picture"),
    path(f"{_OF}manual/", files.manual, name="know_manual"),
    path(f"{_OF}archivos/<str:token>/", files.change, name="know_file_change"),
    path(f"{_OF}<str:language>/escribir/", editing.write, name="know_write"),
    path(f"{_OF}<str:language>/guardar/", editing.autosave, name="know_autosave"),
    path(f"{_OF}<str:language>/vista/", editing.preview, name="know_preview"),
    path(f"{_OF}<str:language>/paso/", article.step, name="know_step"),
    path(f"{_OF}<str:language>/direccion/", details.address, name="know_address"),
    path(f"{_OF}<str:language>/versiones/", versions.versions, name="know_versions"),
    path(
        f"{_OF}<str:language>/versiones/<int:number_id>/",
        versions.version,
        name="know_version",
    ),
]
