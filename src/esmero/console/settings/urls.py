"""Addresses of the settings, under /c/ajustes/."""

from django.urls import path

from esmero.console.settings.views import (
    audit,
    departments,
    hours,
    mailboxes,
    senders,
    shop,
    standards,
    team,
    texts,
)

urlpatterns = [
    path("", shop.start, name="settings"),
    path("tienda/", shop.shop, name="settings_shop"),
    path("tienda/color/", shop.shade, name="settings_shade"),
    path("horarios/", hours.hours, name="settings_hours"),
    path("horarios/nuevo/", hours.new_hours, name="settings_hours_new"),
    path("horarios/<int:hours_id>/", hours.edit_hours, name="settings_hours_edit"),
    path("horarios/<int:hours_id>/dias/", hours.add_special_day, name="settings_special_day"),
    path(
        "horarios/<int:hours_id>/dias/<str:on>/quitar/",
        hours.remove_special_day,
        name="settings_special_day_remove",
    ),
    path("horarios/<int:hours_id>/general/", hours.make_default, name="settings_hours_default"),
    path("horarios/<int:hours_id>/quitar/", hours.remove, name="settings_hours_remove"),
    path("departamentos/", departments.departments, name="settings_departments"),
    path("departamentos/nuevo/", departments.new_department, name="settings_department_new"),
    path(
        "departamentos/<int:department_id>/",
        departments.department,
        name="settings_department",
    ),
    path(
        "departamentos/<int:department_id>/cerrar/",
        departments.close_department,
        name="settings_department_close",
    ),
    path("promesas/", standards.standards, name="settings_standards"),
    path("promesas/nueva/", standards.new_standard, name="settings_standard_new"),
    path("promesas/previa/", standards.preview, name="settings_standard_preview"),
    path("promesas/<int:standard_id>/", standards.edit_standard, name="settings_standard"),
    path(
        "promesas/<int:standard_id>/quitar/",
        standards.remove_standard,
        name="settings_standard_remove",
    ),
    path("equipo/", team.members, name="settings_team"),
    path("equipo/nuevo/", team.new_member, name="settings_member_new"),
    path("equipo/<int:agent_id>/", team.member, name="settings_member"),
    path("ausencias/", team.absences, name="settings_absences"),
    path("ausencias/<int:absence_id>/terminar/", team.end_absence, name="settings_absence_end"),
    path("buzones/", mailboxes.mailboxes, name="settings_mailboxes"),
    path("buzones/nuevo/", mailboxes.new_mailbox, name="settings_mailbox_new"),
    path("buzones/permiso/", mailboxes.consented, name="settings_mailbox_consented"),
    path("buzones/<int:mailbox_id>/", mailboxes.mailbox, name="settings_mailbox"),
    path(
        "buzones/<int:mailbox_id>/probar/",
        mailboxes.test_mailbox,
        name="settings_mailbox_test",
    ),
    path(
        "buzones/<int:mailbox_id>/permiso/",
        mailboxes.consent,
        name="settings_mailbox_consent",
    ),
    path("textos/", texts.texts, name="settings_texts"),
    path("textos/<slug:key>/<str:language>/", texts.text, name="settings_text"),
    path("textos/<slug:key>/<str:language>/vista/", texts.sample, name="settings_text_sample"),
    path(
        "textos/<slug:key>/<str:language>/original/",
        texts.built_in,
        name="settings_text_built_in",
    ),
    path("registro/", audit.audit_lines, name="settings_audit"),
    path("registro/csv/", audit.audit_csv, name="settings_audit_csv"),
    path("remitentes/", senders.senders, name="settings_senders"),
    path("remitentes/<int:rule_id>/quitar/", senders.forget_sender, name="settings_sender_forget"),
]
