"""Every setting of Attest, read from the environment; docs/deploy.md lists the variables."""

from datetime import time, timedelta
from typing import Any

from django.utils.csp import CSP

from config import environment as env
from config.embedded_files import PROJECT, var_folder

BASE_DIR = PROJECT
VAR = var_folder()
PACKS = VAR / "packs"  # previews, and the issued copies below them

# The demo is what runs where nobody gave a secret. It answers to this machine's own names only.
DEMO = env.is_demo()
DEBUG = env.flag("ATTEST_DEBUG", default=False)
SECRET_KEY = env.secret_key(demo=DEMO)
ALLOWED_HOSTS = env.words("ATTEST_HOSTS") or (
    ["localhost", "127.0.0.1", "[::1]", "testserver"] if DEMO else []
)
SITE_URL = env.text("ATTEST_SITE_URL", "http://localhost:8000" if DEMO else "").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "config.apps.AttestConfig",
    "campaigns",
    "evidence",
    "publishing",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "config.apps.AttestAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_tasks_db",
    "drf_spectacular",
    "pghistory",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]

# Otherwise it asks who a reader is, and every public answer would vary by cookie.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Three logins to one database: the app owns nothing, the feed reads schema `feed` alone, and the
# owner is used by `migrate` and nowhere else. Where DATABASE_URL is not given the database is the
# embedded one, which starts with the first connection.
OWNER_LOGIN, APP_LOGIN, FEED_LOGIN = "attest_owner", "attest_app", "attest_feed"


def _login(name: str, variable: str) -> dict[str, Any]:
    server = env.database_address("DATABASE_URL")
    base: dict[str, Any] = {
        **(server or {"NAME": "attest"}),
        "USER": name,
        "PASSWORD": env.login_password(SECRET_KEY, name),
    }
    own = env.database_address(variable)
    if not own and server.get("USER") == name:
        own = server
    base.update(own)
    base["ENGINE"] = "config.postgres_backend"
    base["EMBEDDED"] = not server and not own
    base["CONN_MAX_AGE"] = 600
    base["CONN_HEALTH_CHECKS"] = True
    return base


DATABASES = {
    "default": _login(APP_LOGIN, "DATABASE_APP_URL"),
    "feed": _login(FEED_LOGIN, "DATABASE_FEED_URL"),
}
DATABASE_OWNER = _login(OWNER_LOGIN, "DATABASE_OWNER_URL")
DATABASE_ROUTERS = ["config.logins.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "config.accounts.ClosedAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # passkeys on http://localhost
MFA_TOTP_ISSUER = "Attest"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_VERBOSE = False

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
WHITENOISE_USE_FINDERS = DEMO  # the demo needs no collectstatic
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# A pasted text is held in memory; a file is counted as it comes in, and refused where it is larger.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
FILE_UPLOAD_HANDLERS = [
    "config.uploads.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = not DEMO and env.flag("ATTEST_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 60 * 60
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Alpine, which Unfold's admin is written in, evaluates expressions in attributes.
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# Nothing here sends mail. Whatever a library would send is written to files.
MAILERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(VAR / "mail")},
    }
}

# A failed task is tried again after these delays in seconds, then lies among the dead letters; a
# line of its own, {"campaigns.tasks.keep_pack_files": [10, 60]}, overrides "*" for one task.
TASKS = {
    "default": {
        "BACKEND": "config.worker.backend.RetryingBackend",
        "QUEUES": ["default"],
        "OPTIONS": {"RETRIES": {"*": [10, 60, 5 * 60, 30 * 60]}},
    }
}
# What the worker enqueues by itself: each so long after the last time, or daily at that time.
TASK_SCHEDULE: dict[str, tuple[str, timedelta | time]] = {
    "keep pack files": ("campaigns.tasks.keep_pack_files", timedelta(minutes=1)),
    "remove expired": ("publishing.tasks.remove_expired", timedelta(minutes=1)),
    "prune finished tasks": ("config.tasks.prune_finished_tasks", time(3, 15)),
}

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Attest feed",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
}

# What a failed CHECK prints is the row itself; the filter keeps that out of every log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_rows": {"()": "config.logs.WithoutRowContents"}},
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["no_rows"],
        }
    },
    "root": {"handlers": ["console"], "level": env.text("ATTEST_LOG_LEVEL", "WARNING")},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Attest",
    "SITE_HEADER": "Attest",
    "SITE_SUBHEADER": "Evidence desk",
    "SITE_SYMBOL": "fact_check",
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "config.navigation.favicon"}
    ],
    "STYLES": ["config.navigation.stylesheet"],
    "TABS": "config.navigation.tabs",
    "ACCOUNT": {"navigation": "config.navigation.account_links"},
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "config.navigation.sidebar",
    },
    # A quiet green-blue; every step keeps the contrast of the step that it replaces.
    "COLORS": {
        "primary": {
            "50": "oklch(97% .02 210)",
            "100": "oklch(94% .04 210)",
            "200": "oklch(89% .06 210)",
            "300": "oklch(81% .08 212)",
            "400": "oklch(70% .09 214)",
            "500": "oklch(58% .09 216)",
            "600": "oklch(48% .08 218)",
            "700": "oklch(41% .07 220)",
            "800": "oklch(35% .06 222)",
            "900": "oklch(30% .05 224)",
            "950": "oklch(22% .04 226)",
        },
    },
}
