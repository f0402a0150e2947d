"""Settings of the one Django project. Secrets come from the environment or the `var` folder."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from spean.config.places import VAR
from spean.interop.spdci.registries import SCOPES
from spean.kernel import postgres

PRODUCTION = os.environ.get("SPEAN_PRODUCTION") == "1"
DEBUG = False


def _secret(name: str) -> str:
    """Give a secret from the environment, else (never in production) one kept under `var`."""
    if given := os.environ.get(f"SPEAN_{name.upper()}"):
        return given
    if PRODUCTION:
        raise RuntimeError(f"Set SPEAN_{name.upper()}: production keeps no secrets in files.")
    kept = VAR / "secrets" / name
    if not kept.exists():
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


SECRET_KEY = _secret("secret_key")
ALLOWED_HOSTS = os.environ.get("SPEAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SPEAN_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "spean.kernel",
    "spean.locations",
    "spean.registry",
    "spean.targeting",
    "spean.maternal_child",
    "spean.payments",
    "spean.referrals",
    "spean.supplies",
    "spean.programmes",
    "spean.health_equity",
    "spean.families",
    "spean.fieldwork",
    "spean.results",
    "spean.simulation",
    "spean.shocks",
    "spean.interop",
    "spean.synthetic",
    "spean.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "oauth2_provider",
    "ninja",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "spean.kernel.edge.UserLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "spean.kernel.edge.ErrorPages",
]

ROOT_URLCONF = "spean.config.urls"
WSGI_APPLICATION = "spean.config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "builtins": ["django.templatetags.i18n", "spean.kernel.templatetags.govuk"],
        },
    }
]

# The web server and the worker sign in as a role that can't touch the audit trail
# (SPEAN_APP_DATABASE_URL, given by `spean run`); migrations and commands as the owner.
DATABASE_URL = (
    os.environ.get("SPEAN_APP_DATABASE_URL")
    or os.environ.get("DATABASE_URL")
    or postgres.start(VAR / "postgres")
)
APP_ROLE = "spean_app"
APP_ROLE_PASSWORD = _secret("app_role_password")
DATABASES: dict[str, dict[str, Any]] = {
    "default": postgres.django_database(DATABASE_URL)
    | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": os.environ.get("SPEAN_TEST_DATABASE", "test_spean")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
    }
}

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{validator}"}
    for validator in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "spean.config.accounts.NoSignup"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Spean"

SESSION_COOKIE_NAME = "spean_session"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 120  # ODK Collect sends up to 102 parts at once
OPENROSA_LARGEST_BODY = 20 * 1024 * 1024

OAUTH2_PROVIDER = {
    "SCOPES": {
        "registry": "Registry",
        "targeting": "Targeting",
        "locations": "Locations",
        "fieldwork": "Field work",
        "maternal_child": "Mothers and children",
        "payments": "Payments",
        "supplies": "Stock, equipment and staff of facilities",
        "programmes": "Programmes",
        "families": "Families",
        "results": "Results",
        "simulation": "Simulation",
        "shocks": "Shocks",
        "health_equity": "Health schemes",
        "office": "Office",
        **{scope: f"SP-DCI {scope}" for scope in SCOPES},
    },
    "SCOPES_BACKEND_CLASS": "spean.config.oauth.Scopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 15 * 60,
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
API_RATE_ANONYMOUS = os.environ.get("SPEAN_API_RATE_ANONYMOUS", "30/m")
API_RATE_SIGNED_IN = os.environ.get("SPEAN_API_RATE_SIGNED_IN", "1200/m")
NINJA_NUM_PROXIES = int(os.environ.get("SPEAN_PROXIES", "0"))

LANGUAGE_CODE = "km"
LANGUAGES = [("km", _("Khmer")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "spean_language"
USE_I18N = True
TIME_ZONE = "Asia/Phnom_Penh"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "woff", "woff2", "png", "jpg", "gz", "br")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"
SNAPSHOTS = VAR / "snapshots"
RESULTS = VAR / "results"
INTAKE = VAR / "intake"
# Who carries text messages (`kernel.texting`); the file is for development.
TEXTS_BY = os.environ.get("SPEAN_TEXTS_BY", "spean.kernel.texting.ToFile")
TEXTS = VAR / "texts.jsonl"
# Who carries births and deaths to the civil registry (`interop.civil_registry`), likewise.
CIVIL_REGISTRY_BY = os.environ.get("SPEAN_CIVIL_REGISTRY_BY", "spean.interop.civil_registry.ToFile")
CIVIL_NOTICES = VAR / "civil_registry.jsonl"
# Our codes and those of the health information system (`interop.dhis2.mapping`).
DHIS2_MAPPING = os.environ.get("SPEAN_DHIS2_MAPPING") or (
    Path(__file__).parents[1] / "interop" / "dhis2" / "mapping.yaml"
)
CARD_KEYS = os.environ.get("SPEAN_CARD_KEYS") or VAR / "secrets" / "card_keys"

# The exchange with other systems (SP-DCI): who we are there, our keys, and its limits.
SPDCI_OWN_ID = os.environ.get("SPEAN_SPDCI_ID", "spean")
SPDCI_OWN_ADDRESS = os.environ.get("SPEAN_SPDCI_ADDRESS", "http://127.0.0.1:8000")
SPDCI_SECRETS: dict[str, str] = json.loads(os.environ.get("SPEAN_SPDCI_SECRETS", "{}"))
EXCHANGE_KEYS = os.environ.get("SPEAN_EXCHANGE_KEYS") or VAR / "secrets" / "exchange_keys"
SPDCI_LARGEST_BODY = 256 * 1024
SPDCI_RATE = int(os.environ.get("SPEAN_SPDCI_RATE", "600"))  # messages of one partner a minute
SPDCI_LARGEST_PAGE = 500
SPDCI_MOST_FOUND = 10_000


def _of_the_payer(name: str, assumed: str) -> str:
    """Give what is known of the account that pays; ASSUMED where nothing real is paid."""
    return os.environ.get(f"SPEAN_{name}", "" if PRODUCTION else assumed)


# Who pays by bank (pain.001), and the bank whose Bakong accounts families have (KHQR).
PAYMENTS_DEBTOR = {
    "name": _of_the_payer("DEBTOR_NAME", "Demonstration Fund"),
    "account": _of_the_payer("DEBTOR_ACCOUNT", "000100000001"),
    "bic": _of_the_payer("DEBTOR_BIC", "DEMOKHPP"),
    "initiating_party": _of_the_payer("DEBTOR_INITIATING_PARTY", "Demonstration Office"),
}
BAKONG_BANK = _of_the_payer("BAKONG_BANK", "demo")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SPEAN_LOG", "WARNING")},
}
