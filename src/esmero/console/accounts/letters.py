"""The letters about an account: a code, a link, and what was changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from esmero.kernel.clock import now
from esmero.people import queries as people
from esmero.shop.queries import the_shop
from esmero.ui.palette import Tokens, tokens

HOUSE = (
    Tokens("#A23E1B", "#84300F", "#FBE9E0", "#FFFFFF"),
    Tokens("#F09A75", "#F09A75", "#201B17", "#2A0F03"),
)
"""The house's own colours (as ui's tokens.css has them), for shops without one."""

NOTICES: dict[str, Lazy | str] = {
    "password_changed": _("Your password was changed."),
    "email_changed": _("Your account has another mail address now."),
    "password_set": _("A password was set for your account."),
    "password_reset": _("Your password was replaced by the link in a mail."),
    "totp_activated": _("An authenticator app now protects your account."),
    "totp_deactivated": _("The authenticator app no longer protects your account."),
    "webauthn_added": _("A passkey was added to your account."),
    "webauthn_removed": _("A passkey was removed from your account."),
    "factors_dropped": _("An administrator took your second factor and your passkeys away."),
    "recovery_codes_generated": _("New recovery codes were made; the old ones are void."),
}
"""What changed, by allauth's name of the mail."""

SUBJECTS: dict[str, Lazy | str] = {
    "login_code": _("%(code)s is your code to sign in"),
    "password_reset_key": _("A new password for %(shop)s"),
}


class UnknownLetter(LookupError):
    """allauth wants to send something that we have no words for."""


def compose(name: str, email: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """Return the mail that allauth calls `name`, in the language of whom it goes to.

    Raises UnknownLetter.
    """
    shop, agent = the_shop(), people.agent_by_email(email)
    language = agent.language if agent else shop.language
    with translation.override(language), timezone.override(shop.zone):
        if name in NOTICES:
            kind, title = "notice", str(NOTICES[name])
        elif name in SUBJECTS:
            kind = "code" if name == "login_code" else "reset"
            title = str(SUBJECTS[name]) % {"code": context.get("code", ""), "shop": shop.name}
        else:
            raise UnknownLetter(name)
        light, dark = tokens(shop.primary_colour) if shop.primary_colour else HOUSE
        values = {
            "shop": {"name": shop.name, "url": settings.ENV.url + "/c/"},
            "subject": title,
            "lang": language,
            "name": agent.name if agent else "",
            "at": now(),
            "minutes": _minutes(name),
            "colour": light.primary,
            "on": light.on,
            "colour_dark": dark.primary,
            **_own(name, context),
        }
        template = f"console/accounts/mail_{kind}"
        mail = EmailMultiAlternatives(
            subject=title if kind != "notice" else f"{shop.name}: {title}",
            body=render_to_string(f"{template}.txt", values, using="jinja2").strip() + "\n",
            to=[email],
        )
        html = render_to_string(f"{template}.html", values, using="jinja2")
        mail.attach_alternative(html, "text/html")
        return mail


def _minutes(name: str) -> int:
    seconds = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
    if name == "password_reset_key":
        seconds = settings.PASSWORD_RESET_TIMEOUT
    return int(seconds) // 60


def _own(name: str, context: dict[str, Any]) -> dict[str, Any]:
    """Take over what the letter shows, and nothing else of what allauth gives."""
    wanted = {"login_code": ["code"], "password_reset_key": ["password_reset_url"]}
    names = wanted.get(name, ["timestamp", "ip", "user_agent"])
    return {key: context[key] for key in names if key in context}
