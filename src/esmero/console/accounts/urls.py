"""Addresses of the accounts, all under /cuenta/. Names are allauth's: its own code asks for them.

Only these exist. Signing up and managing addresses are not among them.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path, reverse_lazy
from django.views.generic import RedirectView

from esmero.console.accounts.views import (
    EndOthersView,
    SecurityView,
    at_door,
    drop_factors,
    framed,
    invitation,
)

SECURITY = reverse_lazy("mfa_index")

urlpatterns = [
    path("", RedirectView.as_view(url=SECURITY)),
    # The door.
    path("login/", at_door(account.login), name="account_login"),
    path("logout/", at_door(account.logout), name="account_logout"),
    path("inactiva/", at_door(account.account_inactive), name="account_inactive"),
    path("codigo/", at_door(account.request_login_code), name="account_request_login_code"),
    path(
        "codigo/confirmar/", at_door(account.confirm_login_code), name="account_confirm_login_code"
    ),
    path("clave/perdida/", at_door(account.password_reset), name="account_reset_password"),
    path(
        "clave/perdida/enviada/",
        at_door(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^clave/nueva/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        at_door(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "clave/nueva/hecho/",
        at_door(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("2fa/entrar/", at_door(mfa.authenticate), name="mfa_authenticate"),
    path("passkeys/entrar/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("invitacion/<str:key>/", at_door(invitation), name="account_invitation"),
    # Who is in, once more.
    path("confirmar/", framed(account.reauthenticate), name="account_reauthenticate"),
    path("confirmar/codigo/", framed(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "confirmar/passkey/",
        framed(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    # My sign-in.
    path("2fa/", framed(SecurityView.as_view()), name="mfa_index"),
    path("clave/", framed(account.password_change), name="account_change_password"),
    path("clave/poner/", framed(account.password_set), name="account_set_password"),
    path("2fa/app/", framed(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/app/quitar/", framed(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/codigos/", framed(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/codigos/nuevos/",
        framed(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/codigos/bajar/",
        framed(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", RedirectView.as_view(url=SECURITY), name="mfa_list_webauthn"),
    path("passkeys/nueva/", framed(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "passkeys/<int:pk>/quitar/",
        framed(passkeys.RemoveWebAuthnView.as_view(success_url=SECURITY)),
        name="mfa_remove_webauthn",
    ),
    path(
        "passkeys/<int:pk>/nombre/",
        framed(passkeys.EditWebAuthnView.as_view(success_url=SECURITY)),
        name="mfa_edit_webauthn",
    ),
    path("equipo/<int:agent_id>/sin-segundo-paso/", drop_factors, name="account_drop_factors"),
    path("sesiones/", framed(EndOthersView.as_view()), name="usersessions_list"),
]
