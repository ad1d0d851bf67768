"""Django's settings, made from the environment (see docs/reference/environment.md)."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from esmero.config import env

ENV = env.load()
PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = ENV.secret_keys[0]
SECRET_KEY_FALLBACKS = list(ENV.secret_keys[1:])
DEBUG = ENV.is_debug
# The host is checked by esmero.config.middleware against ESMERO_URL and the mailbox-free loopback.
ALLOWED_HOSTS = ["*"]
USE_X_FORWARDED_HOST = False
ROOT_URLCONF = "esmero.config.urls"
WSGI_APPLICATION = "esmero.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "esmero.kernel",
    "esmero.shop",
    "esmero.people",
    "esmero.promises",
    "esmero.conversations",
    "esmero.channels",
    "esmero.knowledge",
    "esmero.desk",
    "esmero.notices",
    "esmero.ui",
    "esmero.mails",
    "esmero.console",
    "esmero.portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "esmero.config",
]

MIDDLEWARE = [
    "esmero.config.middleware.host_check",
    "esmero.config.middleware.weight_check",
    "django.middleware.security.SecurityMiddleware",
    "esmero.config.middleware.policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "esmero.ui.jinja.environment",
            "context_processors": [
                "esmero.ui.context.look",
                "esmero.ui.context.forms",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]


def _database(url: str) -> dict[str, Any]:
    """Translate `postgresql://user:password@host:port/name?option=value` (RFC 3986 escapes)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise env.EnvironmentProblem("DATABASE_URL: only postgresql:// is supported")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or options.pop("dbname", "esmero"),
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or options.pop("port", "")),
        # One connection a thread is kept; a broken one is noticed when the next request begins.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Values travel beside the statement. What is planned once and kept is chosen statement by
        # statement (kernel.composed): a number that none reaches, for None would forbid it.
        "OPTIONS": {
            "options": "-c timezone=UTC",
            "server_side_binding": True,
            "prepare_threshold": 1_000_000_000,
            **options,
        },
    }


DATABASES = {"default": _database(ENV.database_url or "postgresql:///esmero")}

AUTH_USER_MODEL = "people.Agent"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/cuenta/login/"
LOGIN_REDIRECT_URL = "/c/"
PASSWORD_RESET_TIMEOUT = 3600

# The team's accounts (django-allauth). Nobody signs up: an administrator adds people, and there
# is no page for it. An address alone names an account. Source of the limits: OWASP ASVS 5.0,
# 6.3.1 (throttled guessing), 6.6.3 (codes of 6 digits are short-lived and limited).
AUTHENTICATION_BACKENDS = ["esmero.console.accounts.store.AccountBackend"]
ACCOUNT_ADAPTER = "esmero.console.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "esmero.console.accounts.adapter.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_RESEND_COUNT = 2
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/300s/key",
    "request_login_code": "20/m/ip,5/h/key",
}
_forms = "esmero.console.accounts.forms."
ACCOUNT_FORMS = {
    "login": _forms + "LoginForm",
    "request_login_code": _forms + "RequestLoginCodeForm",
    "confirm_login_code": _forms + "ConfirmLoginCodeForm",
    "reset_password": _forms + "ResetPasswordForm",
    "reset_password_from_key": _forms + "ResetPasswordKeyForm",
    "change_password": _forms + "ChangePasswordForm",
    "set_password": _forms + "SetPasswordForm",
    "reauthenticate": _forms + "ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": _forms + "AuthenticateForm",
    "reauthenticate": _forms + "ReauthenticateCodeForm",
    "activate_totp": _forms + "ActivateTOTPForm",
    "add_webauthn": _forms + "AddWebAuthnForm",
    "login_webauthn": _forms + "LoginWebAuthnForm",
    "authenticate_webauthn": _forms + "AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": _forms + "ReauthenticateWebAuthnForm",
    "edit_webauthn": _forms + "EditWebAuthnForm",
}
MFA_ADAPTER = "esmero.console.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Agents are known by the address that an administrator wrote down; no link confirms it.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1

# Mail of the accounts goes through the same outbox as all other mail.
EMAIL_BACKEND = "esmero.channels.adapters.mail.backend.OutboxBackend"
# Counters of attempts, shared by all processes: an unlogged table (kernel's migrations).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "esmero_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = ENV.data / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "esmero.ui.bundles.BundleFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "esmero.ui.storage.StaticStorage"},
}

_is_https = ENV.url.startswith("https://")
# Rows, so that a session can be ended at once everywhere; one is read by its primary key.
SESSION_ENGINE = "esmero.console.accounts.store"
SESSION_COOKIE_NAME = "esmero_team"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = _is_https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "esmero_csrf"
CSRF_COOKIE_SECURE = _is_https
CSRF_TRUSTED_ORIGINS = [ENV.url]
CSRF_FAILURE_VIEW = "esmero.ui.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

EMAIL_TIMEOUT = 30
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

LOGGING_CONFIG = "esmero.config.logs.configure"
LOGGING = {"version": 1}
