"""Every setting, read from the environment. What each variable means: docs/deploy.md.

Secure by default: without DEBUG=1 a SECRET_KEY is required, cookies travel over HTTPS alone and
plain HTTP is redirected.
"""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return os.environ.get(name, default).replace(",", " ").split()


BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = flag("DEBUG")
DEMO = flag("DEMO")
HTTPS = flag("HTTPS", default=not DEBUG)

SECRET_KEY = os.environ.get("SECRET_KEY", "for development only" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text (or DEBUG=1 on your own machine).")
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")

ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]" if DEBUG else "")
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))

DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / "var"))
# The keys of open rounds. Never inside the database's backup: see docs/adr/0002-sealed-slips.md.
SEAL_DIR = Path(os.environ.get("SEAL_DIR", DATA_DIR / "seals"))
# Uploaded papers: never inside what a web server serves.
PAPERS_DIR = Path(os.environ.get("PAPERS_DIR", DATA_DIR / "papers"))
DATA_DIR.mkdir(parents=True, exist_ok=True)
if "SEAL_DIR" not in os.environ:  # one that is named must be there: a volume that is not mounted would lose keys
    SEAL_DIR.mkdir(mode=0o700, exist_ok=True)

# ---- who answers ----

ROOT_URLCONF = "coprod.urls"
WSGI_APPLICATION = "coprod.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "django_htmx",
    "partnerships",
    "charter",
    "feedback",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "coprod.accounts.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "coprod.accounts.middleware.SecondStep",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coprod.home.site",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "govuk"

# ---- where things are kept ----

DATABASES = {"default": dj_database_url.parse(os.environ.get("DATABASE_URL", f"sqlite:///{DATA_DIR}/db.sqlite3"))}
_database = DATABASES["default"]
# Connections stay open: PostgreSQL takes longer to connect than to answer.
_database["CONN_MAX_AGE"] = None
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # Take the write lock at BEGIN: a transaction that reads first and writes later cannot wait for it.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": """
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;
            PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;
        """,
    }
    # A file, because the browser tests' server threads need connections of their own.
    _database["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Shared by all workers: limits on signing in.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "coprod_cache",
        "KEY_FUNCTION": "coprod.caches.scrambled",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
    # Never written down: who mistyped a code.
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}},
}

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "static-built"))
STATICFILES_DIRS = [(folder, BASE_DIR / "static" / folder) for folder in ("css", "img", "js")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ---- what is sent ----

_mail = os.environ.get("EMAIL_HOST", "")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _mail,
            "port": int(os.environ.get("EMAIL_PORT", "587")),
            "username": os.environ.get("EMAIL_HOST_USER", ""),
            "password": os.environ.get("EMAIL_HOST_PASSWORD", ""),
            "use_tls": flag("EMAIL_USE_TLS", default=True),
            "timeout": 15,
        },
    }
    if _mail
    else {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "together@localhost")

# Where the site is, for mails that no request begins.
SITE_URL = os.environ.get(
    "SITE_URL", f"https://{ALLOWED_HOSTS[0].removeprefix('.')}" if HTTPS and ALLOWED_HOSTS else "http://127.0.0.1:8000"
).rstrip("/")

# Seconds for which a reader waits for a large PDF before the page tells how far it is.
PACK_WAIT = float(os.environ.get("PACK_WAIT", "2"))

# ---- who is who ----

AUTH_USER_MODEL = "partnerships.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "coprod.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # one mail in either case: the time taken tells nothing
ACCOUNT_FORMS = {
    "request_login_code": "coprod.accounts.forms.AddressForm",
    "confirm_login_code": "coprod.accounts.forms.MailedCodeForm",
}
ACCOUNT_RATE_LIMITS = {"request_login_code": "30/10m/ip,3/m/key,20/h/key"}
MFA_ADAPTER = "coprod.accounts.adapters.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "coprod.accounts.forms.SecondStepForm",
    "reauthenticate": "coprod.accounts.forms.ConfirmForm",
    "activate_totp": "coprod.accounts.forms.SetUpAppForm",
    "add_webauthn": "coprod.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "coprod.accounts.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is proved whenever a code is typed
MFA_TOTP_ISSUER = "Together"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute out
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # http://localhost
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SESSION_ENGINE = "partnerships.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60  # of a sign-in that is not finished; then partnerships.sessions says

# Who runs this server and how to reach them, in one line, for the privacy page.
OPERATOR = os.environ.get("OPERATOR", "")

# ---- language and time ----

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True

# ---- safety ----

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "coprod.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A slip of long comments is under 10 kB; a list of members, pasted, at most 2 million letters. Files do not count.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
# Four for each comment of the largest meeting.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_HANDLERS = ["coprod.common.uploads.Refuse"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"route_only": {"()": "coprod.logs.RouteOnly"}},
    "formatters": {"plain": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["route_only"], "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # The mail to ADMINS that Django would send holds the whole request: never here.
    "loggers": {
        name: {"handlers": ["console"], "level": level, "propagate": False}
        for name, level in (
            ("django", "WARNING"),
            ("django.server", "INFO"),
            ("gunicorn.error", "INFO"),
            ("together", "INFO"),
        )
    },
}
