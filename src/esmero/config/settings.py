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
    "esmero.ui",
    "esmero.mails",
    "esmero.console",
    "esmero.portal",
    "esmero.config",
]

MIDDLEWARE = [
    "esmero.config.middleware.host_check",
    "django.middleware.security.SecurityMiddleware",
    "esmero.config.middleware.policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
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
        "OPTIONS": {"options": "-c timezone=UTC", **options},
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
SESSION_COOKIE_NAME = "esmero_team"
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

LOGGING_CONFIG = None  # esmero.config.logs sets it up
