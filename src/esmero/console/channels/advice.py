"""What to do about a mail server's refusal, by the code that the adapter gave it."""

from __future__ import annotations

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

ADVICE: dict[str, Lazy | str] = {
    "wrong_password": _("Check user name and password. Many providers want an app password."),
    "app_password_needed": _(
        "This provider wants an app password: make one in the account's security settings and "
        "enter it here."
    ),
    "basic_auth_disabled": _("Passwords are switched off there: choose OAuth and consent."),
    "smtp_auth_disabled": _(
        "The administrator of that organisation has to allow authenticated SMTP for this mailbox."
    ),
    "imap_disabled": _("Switch IMAP on in the mailbox's own settings."),
    "too_many_connections": _(
        "Other programs hold too many connections. Close some; we try again by ourselves."
    ),
    "too_many_logins": _("The provider locked the account for a while. Wait, then test again."),
    "tls_needed": _("The server wants a protected connection: choose TLS or STARTTLS."),
    "token_refused": _("The consent is no longer good. Consent again."),
    "consent_lost": _("Press the button and consent again at the provider."),
    "oauth_unreachable": _("The provider does not answer. We try again by ourselves."),
    "password_unreadable": _("The stored password cannot be read. Enter it again."),
    "password_not_sendable": _("The password has letters that cannot be sent. Choose another."),
    "server_busy": _("The server is busy. We try again by ourselves."),
    "host_unknown": _("That server name does not exist. Check its spelling."),
    "host_refused": _(
        "The name leads into a private network. Whoever runs Esmero can allow that."
    ),
    "tls_name": _("The certificate is for another name. Use the name that it says."),
    "tls_untrusted": _("The certificate is not trusted. Ask whoever runs the mail server."),
    "tls_failed": _("The protection does not fit the port: try TLS with 993 and 465."),
    "timeout": _("The server does not answer. Check name and port; a firewall may be in between."),
    "refused": _("Nothing listens at that port. Check port and protection."),
    "connection_lost": _("The connection broke. We try again by ourselves."),
    "protocol": _("The server answers in an unexpected way. Check that it is a mail server."),
    "send_refused": _("The server does not take mail from this address with this sign-in."),
    "no_sent": _("No Sent folder is marked there: replies written elsewhere will not be noticed."),
    "no_idle": _("The server does not call: new mail is looked for every few seconds instead."),
    "no_plus": _("Addresses with a tag do not arrive: replies are matched by other means."),
    "not_seen": _("It was sent and did not come back in time. Look into the spam folder."),
    "not_configured": _("No server is named for this."),
}


def advice_of(code: str) -> str:
    """Return what to do; nothing for a code that is not known."""
    return str(ADVICE.get(code, ""))


def split_error(error: str) -> tuple[str, str]:
    """Split `code: the server's words` as the adapter stores it; no code when there is none."""
    code, _colon, words = error.partition(": ")
    return (code, words) if code in ADVICE else ("", error)
