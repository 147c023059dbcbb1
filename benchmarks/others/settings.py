"""As little as Wagtail's API needs."""

SECRET_KEY = "not a secret: " + "x" * 50
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "others.site"
INSTALLED_APPS = [
    "others",
    "wagtail.api.v2",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "site.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
USE_TZ = True
STATIC_URL = "/static/"
WAGTAIL_SITE_NAME = "Records"
WAGTAILADMIN_BASE_URL = "http://localhost"
WAGTAILAPI_LIMIT_MAX = 50
WAGTAILSEARCH_BACKENDS: dict[str, dict[str, str]] = {}
