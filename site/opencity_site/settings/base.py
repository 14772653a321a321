"""Settings common to the demonstration and production. Nothing here needs an environment."""

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from opencity_site.settings import environment

SITE_DIR = Path(__file__).resolve().parents[2]
BASE_DIR = SITE_DIR.parent
DATA_DIR = environment.data_directory(BASE_DIR)

# The look: folders of templates and static files that are searched before those of the apps (themes/README.md).
THEMES_DIR = BASE_DIR / "themes"
OPENCITY_THEME = environment.text("OPENCITY_THEME", "civic")
THEME_DIR = THEMES_DIR / OPENCITY_THEME

DEBUG = False
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
ROOT_URLCONF = "opencity_site.urls"
WSGI_APPLICATION = "opencity_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "opencity_site",
    "opencity_site.users",
    "opencity_cms",
    "opencity_issues",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    # Brings modelsearch with it. Listing modelsearch beside it makes index tasks fail without a word.
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "wagtailgeowidget",
    "js_lib_leaflet",
    "rules",
    "django_filters",
    "django_q",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "opencity_site.middleware.TextCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "opencity_site.middleware.AdminContentPolicyMiddleware",
    "opencity_site.middleware.MapContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "opencity_site.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "opencity_issues.middleware.DeviceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "opencity_site.accounts.middleware.SecondFactorMiddleware",
    "opencity_site.accounts.middleware.PrivatePagesMiddleware",
    "opencity_site.accounts.middleware.SignOutMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [THEME_DIR / "templates", SITE_DIR / "opencity_site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "csp.context_processors.nonce",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# Database, cache and queue: SQLite carries all three until the environment names PostgreSQL and Redis.
DATABASES = {"default": environment.database(DATA_DIR)}
REDIS_URL = environment.text("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {
        # Limits count in the cache, so it must be one for all processes; the table is made by migrate.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "opencity_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # The worker notes its pulse twice a second, which is no business of the database.
    "worker": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "worker"},
}
Q_CLUSTER: dict[str, Any] = {
    "name": "opencity",
    "workers": 2,
    "bulk": 20,
    "timeout": 600,
    "retry": 900,
    "max_attempts": 8,
    # What went well leaves no trace in the queue's tables: events and notices are the record.
    "save_limit": -1,
    # Sweeps look at the state of things, so one run makes up for all that were missed.
    "catch_up": False,
    "poll": 0.5,
    "cache": "worker",
    "label": "Tasks",
    "log_level": "WARNING",
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
}

# Languages: one address for a page in any language, switched by a cookie. The tree of pages has a branch for each.
LANGUAGE_CODE = "uk"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("uk", _("Ukrainian")), ("en", _("English"))]
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [SITE_DIR / "opencity_site" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Kyiv"
USE_TZ = True

# Files. What is not published lies beside MEDIA_ROOT and has no address of its own.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [folder for folder in [THEME_DIR / "static"] if folder.is_dir()]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
OPENCITY_PRIVATE_MEDIA_ROOT = DATA_DIR / "media-private"
OPENCITY_ERASURE_LEDGER = environment.text("OPENCITY_ERASURE_LEDGER", str(DATA_DIR / "erasures.txt"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "opencity_site.static_files.SiteStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o644
# A page with many inline rows has more fields than Django's 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Accounts: an e-mail address is the whole identity; a code by e-mail signs in, a password is optional.
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "opencity_site.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
# Without password1 allauth drops the password field everywhere; the form makes it optional.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "opencity_site.accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Open City"

# Wagtail.
WAGTAIL_SITE_NAME = "Open City"
# Links in letters. Without it they follow the Wagtail site's record of host and port.
OPENCITY_BASE_URL = environment.text("BASE_URL").rstrip("/")
WAGTAILADMIN_BASE_URL = OPENCITY_BASE_URL or f"http://127.0.0.1:{environment.text('PORT', '8000')}"
# Wagtail's own sign-in knows no second factor: there is one door, and it is ours.
WAGTAILADMIN_LOGIN_URL = "admin_login"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_REQUIRED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_USAGE_COUNT_ENABLED = True
# Embeds would have the server ask whatever address an editor types, and the page a foreign host.
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
# Films of articles (mp4, webm) are documents as well.
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp4", "odt", "ods", "pdf", "txt", "webm", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024

# The geo widget's map in the admin: no foreign tiles (its Leaflet is replaced by opencity_issues).
GEO_WIDGET_DEFAULT_LOCATION = {"lat": 51.344, "lng": 25.853}
GEO_WIDGET_ZOOM = 13
GEO_WIDGET_EMPTY_LOCATION = True
GEO_WIDGET_LEAFLET_TILE_LAYER = "data:,"
GEO_WIDGET_LEAFLET_TILE_LAYER_OPTIONS = {"attribution": ""}

# Interfaces: each view of opencity_issues names its own authentication, permissions and throttles.
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# `check --deploy` would read Wagtail's admin interfaces too, which are not ours; our own description has its tests.
SPECTACULAR_SETTINGS = {"ENABLE_DJANGO_DEPLOY_CHECK": False}

# Our own settings, where the environment differs from opencity_issues/conf.py.
for _name in (
    "OPENCITY_FLOOD_PER_HOUR",
    "OPENCITY_SUPPORTS_PER_HOUR",
    "OPENCITY_SUPPORTS_PER_DAY",
    "OPENCITY_SUPPORTS_PER_ADDRESS",
    "OPENCITY_FOLLOWS_PER_ADDRESS",
):
    if (_number := environment.number(_name)) is not None:
        globals()[_name] = _number
if _rate := environment.text("OPENCITY_API_RATE"):
    OPENCITY_API_RATE = _rate
OPENCITY_RETENTION_DAYS = environment.days("OPENCITY_RETENTION_DAYS")
OPENCITY_GEOCODER_URL = environment.text("OPENCITY_GEOCODER_URL")

OPENCITY_OFFLINE = environment.text("OPENCITY_OFFLINE", "1") != "0"
# What the content around the issues adds to the public pages that devices may keep.
OPENCITY_OFFLINE_PAGES = [
    "/",
    *("/news/*", "/working-group/*", "/media/*"),
    *("/about/", "/help/", "/contacts/", "/terms/", "/privacy/", "/accessibility/"),
]

# Mail.
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = SERVER_EMAIL = "opencity@demo.opencity.example"

# Security.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # Pages with a map add the hosts of its base maps (MapContentPolicyMiddleware).
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Refusals (403, 404, 409) are answers, not faults.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "opencity_issues": {"level": "INFO"},
        "opencity_cms": {"level": "INFO"},
    },
}

if SENTRY_DSN := environment.text("SENTRY_DSN"):
    import sentry_sdk  # only an installation that reports its errors loads it

    sentry_sdk.init(
        dsn=SENTRY_DSN, send_default_pii=False, include_local_variables=False, max_request_body_size="never"
    )
