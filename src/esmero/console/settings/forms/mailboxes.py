"""Connecting a mailbox: where it is fetched, through which server it sends, how we sign in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from esmero.channels.enums import Auth, Security, Take
from esmero.console.settings.forms.choices import ChoiceOrNone

# Source: the providers' own pages on IMAP and SMTP settings (Gmail help 7126229, Microsoft
# "POP, IMAP and SMTP settings", IONOS "Server Information for IMAP, POP3 and SMTP").
PROVIDERS: dict[str, dict[str, Any]] = {
    "google": {
        "imap_host": "imap.gmail.com", "imap_port": 993, "imap_security": Security.TLS.value,
        "smtp_host": "smtp.gmail.com", "smtp_port": 587,
        "smtp_security": Security.STARTTLS.value,
    },
    "microsoft": {
        "imap_host": "outlook.office365.com", "imap_port": 993,
        "imap_security": Security.TLS.value,
        "smtp_host": "smtp.office365.com", "smtp_port": 587,
        "smtp_security": Security.STARTTLS.value,
    },
    "ionos": {
        "imap_host": "imap.ionos.es", "imap_port": 993, "imap_security": Security.TLS.value,
        "smtp_host": "smtp.ionos.es", "smtp_port": 465, "smtp_security": Security.TLS.value,
    },
}  # fmt: skip
SECURITY = [
    (Security.TLS.value, "TLS"),
    (Security.STARTTLS.value, "STARTTLS"),
    (Security.NONE.value, pgettext_lazy("connection", "unprotected")),
]
_HOST = r"^[A-Za-z0-9]([A-Za-z0-9.\-]{0,253}[A-Za-z0-9])?$"
_PORT: dict[str, Any] = {"min_value": 1, "max_value": 65535}


class ServerForm(forms.Form):
    """What a new and an existing mailbox have in common."""

    name = forms.CharField(
        label=_("Sender's name"),
        required=False,
        max_length=80,
        help_text=_("Customers see it before the address. Empty: the shop's name."),
    )
    department = ChoiceOrNone(label=_("Department"))
    auth = forms.ChoiceField(
        label=_("How we sign in"),
        widget=forms.RadioSelect,
        choices=[
            (Auth.PASSWORD.value, _("with a password")),
            (Auth.MICROSOFT.value, _("at Microsoft (OAuth)")),
            (Auth.GOOGLE.value, _("at Google (OAuth)")),
        ],
        initial=Auth.PASSWORD.value,
    )
    username = forms.CharField(
        label=_("User name"),
        required=False,
        max_length=320,
        help_text=_("Empty: the address."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    imap_host = forms.RegexField(_HOST, label=_("IMAP server"), required=False, max_length=255)
    imap_port = forms.IntegerField(label=_("IMAP port"), initial=993, **_PORT)
    imap_security = forms.ChoiceField(
        label=_("IMAP protection"), choices=SECURITY, initial=Security.TLS.value
    )
    smtp_host = forms.RegexField(_HOST, label=_("SMTP server"), required=False, max_length=255)
    smtp_port = forms.IntegerField(label=_("SMTP port"), initial=587, **_PORT)
    smtp_security = forms.ChoiceField(
        label=_("SMTP protection"), choices=SECURITY, initial=Security.STARTTLS.value
    )
    oauth_client_id = forms.CharField(label=_("Client ID"), required=False, max_length=200)
    oauth_client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    oauth_tenant = forms.CharField(
        label=_("Tenant"),
        required=False,
        max_length=100,
        help_text=_("Microsoft only. Empty: any organisation."),
    )
    follows_sent = forms.BooleanField(
        label=_("Follow the Sent folder"),
        required=False,
        initial=True,
        help_text=_("Replies written on a telephone join their thread and keep their promise."),
    )

    def __init__(self, *args: Any, departments: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [  # type: ignore[attr-defined]
            ("", _("the default department")),
            *((str(pk), name) for pk, name in departments),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way of signing in needs."""
        data = super().clean() or self.cleaned_data
        if data.get("auth") in (Auth.MICROSOFT.value, Auth.GOOGLE.value) and not data.get(
            "oauth_client_id"
        ):
            self.add_error("oauth_client_id", gettext("OAuth needs a client ID of your own."))
        return data

    @property
    def department_id(self) -> int | None:
        """The department chosen, None: the default one."""
        chosen = self.cleaned_data.get("department")
        return int(chosen) if chosen else None

    def facts(self) -> dict[str, Any]:
        """Return what connecting and changing store alike, without the secrets."""
        names = (
            "name", "imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port",
            "smtp_security", "auth", "oauth_client_id", "oauth_tenant", "follows_sent",
        )  # fmt: skip
        found = {name: self.cleaned_data[name] for name in names}
        return found | {"department_id": self.department_id}


class NewMailboxForm(ServerForm):
    """A mailbox to be connected."""

    address = forms.EmailField(label=_("Address"), max_length=254)
    provider = ChoiceOrNone(
        label=_("Provider"),
        choices=[
            ("", _("another one")),
            ("google", "Gmail / Google Workspace"),
            ("microsoft", "Microsoft 365 / Outlook"),
            ("ionos", "IONOS"),
        ],
        help_text=_("Fills in the servers that are left empty."),
    )
    take = forms.ChoiceField(
        label=_("Mail that is there already"),
        widget=forms.RadioSelect,
        initial=Take.FROM_NOW.value,
        choices=[
            (Take.FROM_NOW.value, _("leave it: only what arrives from now on")),
            (Take.LAST_DAYS.value, _("take over the last days as closed history")),
            (Take.ALL.value, _("take over everything as closed history")),
        ],
        help_text=_("History is filed and found, but promises nothing and answers nobody."),
    )
    take_days = forms.IntegerField(
        label=_("How many days"), min_value=1, max_value=3650, initial=30
    )
    field_order = ("address", "name", "department", "provider", "auth")

    def clean(self) -> dict[str, Any]:
        """Fill the servers of a known provider in."""
        data = super().clean()
        known = PROVIDERS.get(data.get("provider", ""), {})
        for kind in ("imap", "smtp"):
            if known and not data.get(f"{kind}_host"):
                for part in ("host", "port", "security"):
                    data[f"{kind}_{part}"] = known[f"{kind}_{part}"]
        has_server = data.get("imap_host") or data.get("smtp_host")
        if not has_server and "imap_host" not in self.errors:
            self.add_error("imap_host", gettext("Name a server, or choose a provider."))
        return data


class ChangeMailboxForm(ServerForm):
    """A mailbox that is connected. Empty secrets stay what they are."""

    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        help_text=_("Off: nothing is fetched; what was received stays."),
    )
