"""Addresses of the console, all under /c/ and in the namespace `console`.

The packages `settings`, `reports` and `channels` beside this file bring their own `urls.py` with a
plain `urlpatterns` (no `app_name`): their names are `console:NAME` too. The rail links to
`console:settings`, `console:reports` and `console:outbox` as soon as those exist.
"""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from esmero.console.customers import panel
from esmero.console.customers import views as customers
from esmero.console.files import views as files
from esmero.console.go import views as go
from esmero.console.inbox import views as inbox
from esmero.console.live import views as live
from esmero.console.me import views as me
from esmero.console.thread import acts, articles, draft_files, offers, promising, sharing, takeover
from esmero.console.thread import views as thread
from esmero.console.today import views as today

app_name = "console"

_conversation = [
    path("", thread.thread, name="thread"),
    path("mensajes/", thread.talk, name="talk"),
    path("anteriores/", thread.earlier, name="earlier"),
    path("escribir/", thread.write, name="write"),
    path("borrador/", thread.draft, name="draft"),
    path("borrador/tirar/", thread.discard, name="discard"),
    path("archivos/", draft_files.add_files, name="add_files"),
    path("archivos/<str:token>/quitar/", draft_files.remove_file, name="remove_file"),
    path("asignar/", acts.assign, name="assign"),
    path("tomar/", acts.take, name="take"),
    path("resolver/", acts.resolve, name="resolve"),
    path("reabrir/", acts.reopen, name="reopen"),
    path("esperar/", acts.wait, name="wait"),
    path("posponer/", acts.snooze, name="snooze"),
    path("despertar/", acts.wake, name="wake"),
    path("tipo/", acts.kind, name="kind"),
    path("spam/", acts.spam, name="spam"),
    path("no-es-spam/", acts.ham, name="ham"),
    path("prometer/", promising.promise, name="promise"),
    path("prometer/leer/", offers.spoken, name="spoken"),
    path("respuestas/", offers.saved, name="saved"),
    path("respuestas/<int:answer_id>/", offers.use_saved, name="use_saved"),
    path("articulos/", articles.beside, name="answers"),
    path("articulos/buscar/", articles.pick, name="articles"),
    path("articulos/<int:article_id>/usar/", articles.use, name="use_article"),
    path("colegas/", offers.mentionable, name="mentionable"),
    path("menciones/vistas/", offers.mentions_seen, name="mentions_seen"),
    path("compartir/", sharing.share, name="share"),
    path("borrador/<int:draft_id>/turnos/", sharing.turns, name="turns"),
    path("revisar/", sharing.check, name="check"),
    path("revisar/palabra/", sharing.learn, name="learn_word"),
    path("revisar/copias/", sharing.hide_copies, name="hide_copies"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.hoy, name="hoy"),
    path("avisos/", today.batch, name="batch"),
    path("yo/", me.me, name="me"),
    path("yo/firmas/", me.signatures, name="signatures"),
    path("ir/", go.go, name="go"),
    path("ir/datos/", go.data, name="go_data"),
    path("vivo/filas/", live.rows, name="live_rows"),
    path("vivo/aqui/", live.presence, name="live_presence"),
    path("relevos/<int:pk>/", takeover.answer, name="takeover"),
    path("bandejas/", inbox.start, name="inbox_start"),
    path("bandejas/<slug:slug>/", inbox.inbox, name="inbox"),
    path("buscar/", inbox.search, name="search"),
    path("buscar/filtros/", inbox.filters, name="search_filters"),
    path("conversaciones/<int:pk>/", include(_conversation)),
    path("promesas/<int:pk>/", promising.edit, name="edit_promise"),
    path("mensajes/<int:pk>/deshacer/", thread.undo, name="undo"),
    path("mensajes/<int:pk>/reenviar/", thread.again, name="again"),
    path("mensajes/<int:pk>/html/", files.frame, name="frame"),
    path("mensajes/<int:pk>/imagen/", files.remote, name="remote"),
    path("mensajes/<int:pk>/articulo/", articles.from_message, name="article_from"),
    path("mensajes/<int:pk>/original/", files.original, name="original"),
    path("mensajes/<int:pk>/texto/", files.whole, name="whole"),
    path("archivos/<str:token>/", files.file, name="file"),
    path("archivos/<str:token>/ver/", files.image, name="image"),
    path("clientes/", customers.people_list, name="customers"),
    path("clientes/<int:pk>/", customers.customer, name="customer"),
    path("clientes/empresa/", panel.company, name="company"),
    path("clientes/<int:pk>/historia/", panel.history, name="customer_history"),
    path("clientes/<int:pk>/conocido/", panel.known, name="customer_known"),
    path("clientes/<int:pk>/notas/", panel.note, name="customer_note"),
    path("clientes/<int:pk>/campos/", panel.fields, name="customer_fields"),
    path("clientes/<int:pk>/consentimientos/", panel.consent, name="customer_consent"),
    path("clientes/<int:pk>/otra-persona/", panel.not_the_same, name="customer_not_same"),
    path("clientes/<int:pk>/cambiar/", customers.change, name="change_customer"),
    path("clientes/<int:pk>/direcciones/", customers.addresses, name="customer_addresses"),
    path("clientes/<int:pk>/unir/", customers.merge, name="merge_customer"),
    path("clientes/<int:pk>/separar/<int:merge>/", customers.unmerge, name="unmerge_customer"),
]

for _prefix, _module in (
    ("ajustes/", "esmero.console.settings"),
    ("informes/", "esmero.console.reports"),
    ("", "esmero.console.channels"),
    ("", "esmero.console.order"),
    ("", "esmero.console.matters"),
    ("", "esmero.console.notices"),
    ("saber/preguntas/", "esmero.console.knowledge.questions"),
    ("", "esmero.console.knowledge"),
):
    if find_spec(_module) and find_spec(f"{_module}.urls"):
        urlpatterns.append(path(_prefix, include(f"{_module}.urls")))
