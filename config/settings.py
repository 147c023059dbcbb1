"""Every setting of Attest, read from the environment; docs/deploy.md lists the variables."""

from datetime import time, timedelta
from pathlib import Path
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
# Whoever holds both can read the vault: hence outside the database, its backups and each other's.
KEYRING_DIR = Path(env.text("ATTEST_KEYRING_DIR") or VAR / "keyring")
KEYRING_KEY = env.keyring_key(demo=DEMO)
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
    "drf_spectacular_sidecar",
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

# Mail leaves by SMTP where a host is named; else it is written to files, and in the demo always:
# its members are real, and none of them asked for our mail.
MAIL_HOST = "" if DEMO else env.text("ATTEST_SMTP_HOST")
MAILERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_HOST,
            "port": int(env.text("ATTEST_SMTP_PORT", "587")),
            "username": env.text("ATTEST_SMTP_USER"),
            "password": env.text("ATTEST_SMTP_PASSWORD"),
            "use_tls": True,
            "timeout": 20,
        },
    }
    if MAIL_HOST and not DEMO
    else {
        "BACKEND": "campaigns.mail_folder.MailFolder",
        "OPTIONS": {"file_path": str(VAR / "mail")},
    }
}
DEFAULT_FROM_EMAIL = env.text("ATTEST_MAIL_FROM", env.NOBODY)
# Whom an alert reaches at any hour: it says that something waits, and nothing else.
SAFEGUARDING_ALERT_TO = env.words("ATTEST_SAFEGUARDING_ALERT_TO") or (
    ["safeguarding@example.org"] if DEMO else []
)

# Packs: who sends them, and with what their manifests are signed (32 bytes as 64 hex digits). Keys
# that signed earlier ones are named by their public halves, as those manifests print them.
PACKS_FROM = env.text("ATTEST_PACKS_FROM", DEFAULT_FROM_EMAIL)
PACK_SIGNING_KEY = env.text("ATTEST_SIGNING_KEY") or env.login_password(SECRET_KEY, "pack signing")
PACK_SIGNED_BEFORE = env.words("ATTEST_SIGNED_BEFORE")
# Deadline night: a pack without testimony goes out with one signature, the second follows.
PACKS_ONE_SIGNATURE = env.flag("ATTEST_PACKS_ONE_SIGNATURE", default=False)

# Contributors' own pages. Whoever finds a link reads the first four without a code, so none of them
# names the charity or what it is about; in the demo they are made up. Of the lines for support the
# first is shown to anyone, the others after the code.
OWN_PAGE_PHONE = env.text("ATTEST_OWN_PAGE_PHONE", "0808 157 0123 (made up)" if DEMO else "")
OWN_PAGE_ADDRESS = env.text(
    "ATTEST_OWN_PAGE_ADDRESS", "1 Made-up Street, Exampleton EX1 1EX" if DEMO else ""
)
OWN_PAGE_FROM = env.text("ATTEST_OWN_PAGE_FROM", "no-reply@example.org" if DEMO else "")
OWN_PAGE_LEAVE_TO = env.text("ATTEST_OWN_PAGE_LEAVE_TO", "https://www.bbc.co.uk/weather")
OWN_PAGE_SUPPORT = [
    (name.strip(), number.strip())
    for name, _, number in (
        line.partition("=")
        for line in env.words("ATTEST_OWN_PAGE_SUPPORT")
        or ["Samaritans=116 123", "Childline=0800 1111"]
    )
]

# Parliament's own APIs. The schedule reads only bills that somebody watches, so that the demo,
# which may have no network, asks for nothing by itself.
PARLIAMENT_BILLS_API = env.text(
    "ATTEST_PARLIAMENT_BILLS_API", "https://bills-api.parliament.uk/api/v1"
)
PARLIAMENT_MEMBERS_API = env.text(
    "ATTEST_PARLIAMENT_MEMBERS_API", "https://members-api.parliament.uk/api"
)
PARLIAMENT_PAUSE = 0.5  # seconds between two requests; less where it answers sooner

# How long a consumer may leave a removal unconfirmed, unless the desk says otherwise for it.
CONSUMER_ALARM_MINUTES = int(env.text("ATTEST_CONSUMER_ALARM_MINUTES", "15"))

# Webhooks. A call may take so many seconds and an endpoint's turn so many; a failed one is made
# again after these delays in seconds. Who fails in a row, and for so long, is not called any more.
WEBHOOK_SCHEMES = {"https", "http"} if DEMO else {"https"}
WEBHOOK_PORTS = {443, 8443, 80} if DEMO else {443, 8443}
WEBHOOK_SECONDS, WEBHOOK_TURN = 5.0, 20.0
WEBHOOK_RETRIES = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
WEBHOOK_DISABLE_AFTER = timedelta(days=1)
WEBHOOK_DISABLE_AFTER_FAILURES = 10

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
    "keep ledgers": ("evidence.tasks.keep_ledgers", timedelta(minutes=1)),
    "finish erasures": ("evidence.tasks.finish_erasures", timedelta(minutes=1)),
    "mail alerts": ("evidence.tasks.mail_alerts", timedelta(minutes=1)),
    "sync watched bills": ("campaigns.tasks.sync_watched_bills", timedelta(minutes=30)),
    "send what waits": ("campaigns.tasks.send_waiting", timedelta(minutes=1)),
    "draft notices": ("campaigns.tasks.draft_notices", timedelta(minutes=5)),
    "keep pack files": ("campaigns.tasks.keep_pack_files", timedelta(minutes=1)),
    "send webhooks": ("publishing.tasks.send_webhooks", timedelta(seconds=15)),
    "watch consumers": ("config.consumer_alarms.watch_consumers", timedelta(minutes=1)),
    "remove expired": ("publishing.tasks.remove_expired", timedelta(minutes=1)),
    "prune removals": ("publishing.tasks.prune_removals", time(3, 45)),
    "prune finished tasks": ("config.tasks.prune_finished_tasks", time(3, 15)),
}

# The feed: answers are kept in each process for as long as nothing changes (0 keeps none); how many
# answers a minute one address may have made for it (0: as many as it likes), told by that header
# of the proxy; and the database's hosts, a:5432,b:5432, where there are several.
FEED_CACHE_MB = int(env.text("ATTEST_FEED_CACHE_MB", "64"))
FEED_RATE = int(env.text("ATTEST_FEED_RATE", "1200"))
FEED_ADDRESS_HEADER = env.text("ATTEST_FEED_ADDRESS_HEADER")
FEED_HOSTS = env.words("ATTEST_FEED_HOSTS")
if FEED_HOSTS:
    DATABASES["feed"] |= {
        "HOST": ",".join(place.rpartition(":")[0] or place for place in FEED_HOSTS),
        "PORT": ",".join(
            place.rpartition(":")[2] if ":" in place else "5432" for place in FEED_HOSTS
        ),
        "EMBEDDED": False,
    }
if "," in str(DATABASES["feed"].get("HOST")):
    DATABASES["feed"]["OPTIONS"] = {
        "load_balance_hosts": "random",
        "target_session_attrs": "any",
        "connect_timeout": 2,
        "tcp_user_timeout": 2000,
        **DATABASES["feed"].get("OPTIONS", {}),
    }
DATABASES["feed"]["CONN_HEALTH_CHECKS"] = False  # a view asks again where its connection broke
# Whether a statement of the feed's is prepared is said where it is asked.
DATABASES["feed"]["OPTIONS"] = {**DATABASES["feed"].get("OPTIONS", {}), "prepare_threshold": 5}

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
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "publishing.formats.examples.add_examples",
    ],
}

# What a failed CHECK prints is the row itself, and the address of an own page is a key to it; the
# filters keep both out of every log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_rows": {"()": "config.logs.WithoutRowContents"},
        "no_tokens": {"()": "evidence.own_page.logs.WithoutTokens"},
    },
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["no_rows", "no_tokens"],
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
