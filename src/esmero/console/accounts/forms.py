"""allauth's forms with our words: a label for each field, a hint where one helps, nothing inside
the fields that looks like a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    Base = forms.Form
else:
    Base = object

LABELS: dict[str, Any] = {
    "login": _("Your address"),
    "email": _("Your address"),
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "remember": _("Stay signed in on this device for two weeks"),
    "code": _("Code"),
    "name": _("Name"),
    "passwordless": _("Sign in with it alone, without a password"),
}
HINTS: dict[str, Any] = {
    "password1": _("Ten characters or more; a sentence is easy to remember."),
    "passwordless": _("The device asks for your finger, your face or its PIN."),
}
BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError)
CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}


class Worded(Base):
    """Gives the fields of a form of allauth's our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, "")
            if name == "code":
                field.widget.attrs |= CODE
            if name in {"login", "email"}:
                field.widget.attrs |= {"autocomplete": "username", "spellcheck": "false"}


class LoginForm(Worded, account.LoginForm):
    """Address and password."""


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):
    """Where the code shall go."""


class ConfirmLoginCodeForm(Worded, account.ConfirmLoginCodeForm):
    """The code from the mail."""


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Where the link shall go."""


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    """A new password after the link."""


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """Another password, by whoever knows the present one."""


class SetPasswordForm(Worded, account.SetPasswordForm):
    """A first password."""


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    """The password once more."""


class AuthenticateForm(Worded, mfa.AuthenticateForm):
    """A code of the authenticator app, or a recovery code."""


class ReauthenticateCodeForm(Worded, mfa.ReauthenticateForm):
    """The same, once more."""


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):
    """The first code of an authenticator app."""


class Checked(Base):
    """Refuses what no device would answer, instead of failing on it (fido2 takes it apart)."""

    def clean_credential(self) -> Any:
        """Return what the check returns. Raises ValidationError."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None


class LoginWebAuthnForm(Checked, passkeys.LoginWebAuthnForm):
    """A passkey instead of address and password."""


class AuthenticateWebAuthnForm(Checked, passkeys.AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class ReauthenticateWebAuthnForm(Checked, passkeys.ReauthenticateWebAuthnForm):
    """A passkey, once more."""


class AddWebAuthnForm(Worded, passkeys.AddWebAuthnForm):
    """A passkey's name."""

    def clean(self) -> dict[str, Any]:
        """Check the new passkey. Raises ValidationError."""
        try:
            return dict(super().clean() or {})
        except BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class EditWebAuthnForm(Worded, passkeys.EditWebAuthnForm):
    """Another name for a passkey."""
