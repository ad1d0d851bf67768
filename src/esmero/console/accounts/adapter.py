"""What allauth asks the house: who may come in, how mails look, how secrets are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from esmero.console.accounts import letters
from esmero.kernel import secrets
from esmero.shop.queries import the_shop

if TYPE_CHECKING:
    from esmero.people.models import Agent

MESSAGES: dict[str, Any] = {
    "account/messages/logged_in.txt": "",
    "account/messages/login_code_sent.txt": "",
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is set."),
    "mfa/messages/totp_activated.txt": _("The authenticator app protects your account now."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is taken away."),
    "mfa/messages/recovery_codes_generated.txt": _("There are new recovery codes."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "usersessions/messages/sessions_logged_out.txt": _("The other sessions are ended."),
}
"""Our words for what allauth says; nothing where the page itself shows that it went well."""

NO_ADDRESS = "0.0.0.0"  # noqa: S104  behind a socket that has no address


def display_name(agent: Agent) -> str:
    """Return the name by which a member is greeted (`ACCOUNT_USER_DISPLAY`)."""
    return agent.name


class AccountAdapter(DefaultAccountAdapter):
    """Signing in with an address; signing up does not exist."""

    error_messages = {  # noqa: RUF012  allauth reads it from the class
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("Address and password do not fit together."),
        "too_many_login_attempts": _(
            "Too many attempts. Wait five minutes, or sign in with a code or a passkey."
        ),
        "incorrect_code": _("That code is not right."),
        "incorrect_password": _("That is not your password."),
        "rate_limited": _("That was too fast. Wait a moment and try again."),
        "invalid_password_reset": _("That link is used up. Ask for another one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Administrators add people; nobody adds herself."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Lead only to pages of this very address."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address; the server has already looked through trusted proxies."""
        return request.META.get("REMOTE_ADDR") or NO_ADDRESS

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of our own letters, in the member's language."""
        name = template_prefix.rpartition("/")[2]
        letters.compose(name, email, context).send()

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words."""
        if message_template in MESSAGES:
            message = str(MESSAGES[message_template])
            message_template = None
        super().add_message(request, level, message_template, message_context, extra_tags, message)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps and passkeys under the shop's name; their secrets sealed at rest."""

    error_messages = {  # noqa: RUF012  allauth reads it from the class
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code is not right."),
    }

    def _get_site_name(self) -> str:
        return the_shop().name

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret. Raises SecretUnreadable."""
        return secrets.unseal(encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Propose a name for a new passkey."""
        return str(_("My passkey"))
