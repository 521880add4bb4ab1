"""The one settings file: the environment in (env.py), Django's settings out. README lists the variables."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from securelogin import env

BASE_DIR = Path(__file__).resolve().parent.parent

# The one public address. Issuer, redirect checks, hosts and cookies derive from it; nothing trusts the Host header.
PUBLIC_URL = env.public_url("http://127.0.0.1:8000")
_public = urlsplit(PUBLIC_URL)
IS_LOOPBACK = env.is_loopback(_public.hostname or "")

SECRET_KEY = env.text("SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = [
    _public.hostname or "",
    *env.words("EXTRA_HOSTS"),
    *(["localhost", "127.0.0.1", "[::1]"] if IS_LOOPBACK else []),
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "rest_framework",
    "oauth2_provider",
    "securelogin.logbook",
    "securelogin.directory",
    "securelogin.signin",
    "securelogin",
    "oauth",
]

MIDDLEWARE = [
    # Around all others: no request waits for the database for longer than its time.
    "securelogin.deadline.Deadline",
    # Next: everything under /scim is answered there, and the pages' middleware below costs it nothing.
    "scim.api.boundary.ScimBoundary",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "securelogin.policy.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "securelogin.language.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "securelogin.urls"
WSGI_APPLICATION = "securelogin.wsgi.application"
APPEND_SLASH = False  # a redirect would lose the body of a POST

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# DATABASE_PREPARE=false for pgbouncer in transaction mode, which hands each transaction another server connection.
DATABASES = {
    "default": env.database(
        f"sqlite:///{BASE_DIR / 'var' / 'securelogin.sqlite3'}",
        prepare=env.boolean("DATABASE_PREPARE", default=True),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.User"
AUTHENTICATION_BACKENDS = ["securelogin.signin.backend.DomainBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "securelogin.signin.hashers.Argon2Moderate",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _public.scheme == "https"
SESSION_COOKIE_NAME = "__Host-session" if SESSION_COOKIE_SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if CSRF_COOKIE_SECURE else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# The page that a form came from has one address; a proxy that ends TLS must not make it look like another.
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# What a page says after a redirect waits in the session: no further cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "securelogin.pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _public.scheme == "https" else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _public.scheme == "https"
# TLS ends at the proxy in front; it must overwrite this header (README, "In production").
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.boolean("BEHIND_PROXY", default=False) else None
SECURE_SSL_REDIRECT = False
# How many proxies in front write X-Forwarded-For; 0 means that the peer's own address is the client's.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("nl", "Nederlands")]
LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_AGE = "language", 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = SESSION_COOKIE_SECURE, True, "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["securelogin.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
# Served as it lies there: one stylesheet, written by hand; nothing is built or collected.
STATIC_ROOT = BASE_DIR / "securelogin" / "static"

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

# One authorization server (oauth/). Entra's client is confidential: hashed tokens, two secrets, no rotation
# (oauth/validator.py).
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth.Application"
OAUTH2_PROVIDER_GRANT_MODEL = "oauth.Grant"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth.AccessToken"  # noqa: S105  # the name of a model
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth.RefreshToken"  # noqa: S105
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "oauth.IDToken"  # noqa: S105
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "oauth.DeviceGrant"
OAUTH2_PROVIDER: dict[str, Any] = {
    "OAUTH2_VALIDATOR_CLASS": "oauth.validator.Validator",
    # The toolkit's own server would also try passwords (grant_type=password) before refusing.
    "OAUTH2_SERVER_CLASS": "oauth.server.Server",
    "SCOPES": {"scim": "Keep users and groups in step", "scim:read": "Read users and groups"},
    "DEFAULT_SCOPES": ["scim"],
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "REFRESH_TOKEN_EXPIRE_SECONDS": None,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    "ACCESS_TOKEN_GENERATOR": "oauth.tokens.new_access_token",
    "REFRESH_TOKEN_GENERATOR": "oauth.tokens.new_refresh_token",
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "refresh_token", "client_credentials"],
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"] if IS_LOOPBACK else ["https"],
    "ALLOW_URI_WILDCARDS": False,
    "OIDC_ISS_ENDPOINT": PUBLIC_URL,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,  # for clients that rotate; Entra's does not
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
}

REST_FRAMEWORK: dict[str, Any] = {
    # Named here, so that scim/ need not know oauth/: the wings meet by the Credential.
    "DEFAULT_AUTHENTICATION_CLASSES": ["oauth.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # user_name is unique within its domain, and the domain is always asked for
    "security.W008",  # TLS and its redirect belong to the proxy in front
]

# The logbook's lines of reads are written in batches by a thread of the server's; tests and commands write them at
# once.
LOGBOOK_IN_BACKGROUND = env.boolean("LOGBOOK_IN_BACKGROUND", default=False)
# Who may read /metrics; with none there is no such page.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
# What one connection may ask of one process in a second while others ask too; Entra never asks more than 25.
REQUESTS_PER_SECOND = env.number("REQUESTS_PER_SECOND", 100)
# How long `manage.py housekeeping` leaves a line of the logbook, and a deleted user or group, where it is.
LOGBOOK_DAYS = env.number("LOGBOOK_DAYS", 90)
TOMBSTONE_DAYS = env.number("TOMBSTONE_DAYS", 30)

# Mail for managers: when a key or a secret is about to expire.
globals().update(env.mail())  # Django's EMAIL_…

LOG_FORMAT = env.one_of("LOG_FORMAT", {"text", "json"}, "text" if IS_LOOPBACK else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "securelogin.logs.TextFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "securelogin.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Refusals are in the logbook, where a manager can read them; here they would drown what an operator must see.
        "django.request": {"level": "ERROR"},
        # Both print codes and tokens at DEBUG.
        "oauthlib": {"level": "WARNING"},
        "oauth2_provider": {"level": "WARNING"},
    },
}
