"""Django's settings. What the machine decides comes from env.py; nothing here is a secret."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from openfloor import databases, env
from openfloor.ui import languages

DATA = env.data_folder()
ADDRESS = env.address()
DEMONSTRATION = os.environ.get("OPENFLOOR_DEMONSTRATION") == "yes"
# How often public pages and turnout advance.
BOARD_SECONDS = int(os.environ.get("OPENFLOOR_BOARD_SECONDS", "60"))

if DEMONSTRATION and not env.is_local(ADDRESS):
    raise env.BadEnvironment(
        f"The demonstration's keys are public: it runs on localhost only, not on {ADDRESS}"
    )

SECRET_KEY = env.secret_key()
DEBUG = False
ALLOWED_HOSTS = [urlsplit(ADDRESS).hostname or "localhost"]
if env.is_local(ADDRESS):
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
if (ONION := env.onion()) is not None:
    ALLOWED_HOSTS.append(ONION)

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "openfloor.ui",
    "openfloor.audit",
    "openfloor.workplace",
    "openfloor.ballots",
    "openfloor.bargaining",
    "openfloor.home",
]
if DEMONSTRATION:
    INSTALLED_APPS.append("openfloor.demonstration")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "openfloor.ui.middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "openfloor.workplace.signin.MemberMiddleware",
    *(["openfloor.demonstration.entrance.EntranceMiddleware"] if DEMONSTRATION else []),
]

ROOT_URLCONF = "openfloor.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "openfloor.ui.context.page",
                *(["openfloor.demonstration.context.persona"] if DEMONSTRATION else []),
            ],
        },
    }
]

FORM_RENDERER = "openfloor.ui.rendering.PageRenderer"

DATABASES = {"default": databases.settings_of(os.environ.get("OPENFLOOR_DATABASE") or None, DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

languages.add_missing()
LANGUAGE_CODE = "en"
LANGUAGES = languages.LANGUAGES
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = languages.DAYS_KEPT * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = ADDRESS.startswith("https://")
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Named by their content: by collectstatic, or by the bundler.
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\.|/chunk-[A-Z0-9]{8}\.js$"

SESSION_ENGINE = "openfloor.workplace.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ADDRESS.startswith("https://")
CSRF_TRUSTED_ORIGINS = [ADDRESS]  # also behind a proxy that does not say X-Forwarded-Proto
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "openfloor.ui.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if ADDRESS.startswith("https://") else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ADDRESS.startswith("https://") else None

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    }
}

# Sensitive bodies never touch the disk on their way in.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

# No addresses, no user agents, no bodies: only what failed (logs.py).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ours": {"()": "openfloor.logs.formatter", "kind": env.log_format()}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "ours"},
        "nothing": {"class": "logging.NullHandler"},  # a logger without any writes to stderr by itself
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # Whoever tries our address with another name is answered, and is no news.
        "django.security.DisallowedHost": {"handlers": ["nothing"], "propagate": False},
    },
}
