"""System checks: what a host site forgot is said at start, with the line to add."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from opencity_issues import conf

NEEDED_APPS = (
    "wagtail.contrib.settings",
    "wagtailgeowidget",
    "js_lib_leaflet",
    "rules",
    "django_q",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
)
NEEDED_MIDDLEWARE = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)
NEEDED_CONTEXT = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
)
ADDRESSES = 'path("", include("opencity_issues.urls")),'
QUEUE = 'Q_CLUSTER = {"name": "opencity", "orm": "default", "timeout": 600, "retry": 900, "max_attempts": 8, "catch_up": False}'


@register()
def check_installed_apps(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every app that the package stands on is installed."""
    installed = set(settings.INSTALLED_APPS)
    return [
        Error(f"Open City needs the app {name!r}.", hint=f'Add "{name}" to INSTALLED_APPS.', id="opencity_issues.E001")
        for name in NEEDED_APPS
        if name not in installed and not any(entry.startswith(f"{name}.apps.") for entry in installed)
    ]


@register()
def check_middleware_and_context(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What the views and templates are given by Django; a host's own subclass of it has another name and is believed."""
    own = [name for name in settings.MIDDLEWARE if not name.startswith("django.")]
    faults: list[CheckMessage] = [
        Error(
            f"Open City needs the middleware {name!r}.",
            hint=f'Add "{name}" to MIDDLEWARE.',
            id="opencity_issues.E005",
        )
        for name in NEEDED_MIDDLEWARE
        if name not in settings.MIDDLEWARE and not any(name.rpartition(".")[2] in one for one in own)
    ]
    for engine in settings.TEMPLATES:
        if engine["BACKEND"] != "django.template.backends.django.DjangoTemplates":
            continue
        given = engine.get("OPTIONS", {}).get("context_processors", [])
        faults += [
            Error(
                f"The templates of Open City need the context processor {name!r}.",
                hint=f'Add "{name}" to OPTIONS["context_processors"] of TEMPLATES.',
                id="opencity_issues.E006",
            )
            for name in NEEDED_CONTEXT
            if name not in given
        ]
    return faults


@register(Tags.urls)
def check_addresses(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The package's addresses are there, before Wagtail's own, which answers every address that is left."""
    try:
        found = resolve(reverse("opencity_issues:map"))
    except NoReverseMatch:
        return [
            Error(
                "The addresses of Open City are not among the site's.",
                hint=f"Add to the urlpatterns of {settings.ROOT_URLCONF}, before Wagtail's own: {ADDRESSES}",
                id="opencity_issues.E007",
            )
        ]
    except Resolver404:
        return []  # within a part that some hosts alone have: it cannot be asked from here
    if found.namespace == "opencity_issues":
        return []
    return [
        Error(
            f"The addresses of Open City come after {found.view_name!r}, which answers for them.",
            hint=f"In {settings.ROOT_URLCONF} put {ADDRESSES} before Wagtail's own patterns.",
            id="opencity_issues.E008",
        )
    ]


@register(Tags.urls)
def check_sign_in(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """LOGIN_URL leads to a page: who reports an issue is sent there."""
    hint = 'Set LOGIN_URL = "login", for one, with path("", include("django.contrib.auth.urls")), in the urlpatterns.'
    try:
        address = resolve_url(settings.LOGIN_URL)
        found = "" if urlsplit(address).netloc else resolve(urlsplit(address).path).view_name
    except (NoReverseMatch, Resolver404):
        found = "wagtail_serve"
    if found != "wagtail_serve":
        return []
    return [
        Warning(
            f"LOGIN_URL ({settings.LOGIN_URL!r}) leads to no page of the site: nobody could sign in to report an issue.",
            hint=hint,
            id="opencity_issues.W004",
        )
    ]


@register()
def check_queue(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Letters, deadlines and the archive are the worker's, which waits for a queue."""
    queue = getattr(settings, "Q_CLUSTER", {})
    if any(
        queue.get(name) for name in ("orm", "redis", "django_redis", "sqs", "mongo", "iron_mq", "broker_class", "sync")
    ):
        return []
    return [Error("The worker has no queue: Q_CLUSTER names none.", hint=f"Add {QUEUE}", id="opencity_issues.E009")]


@register()
def check_time_zones(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Deadlines are instants."""
    if settings.USE_TZ:
        return []
    return [Error("Deadlines need instants with a time zone.", hint="Set USE_TZ = True.", id="opencity_issues.E010")]


@register()
def check_user_model(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What is asked of an account: an address for letters, whether it is active, whether it is the operator's, a name."""
    model = get_user_model()
    fields = {one.name for one in model._meta.get_fields()}
    lacking = sorted({"email", "is_active", "is_superuser"} - fields)
    lacking += [] if hasattr(model, "get_full_name") else ["get_full_name()"]
    return [
        Error(
            f"The user model {settings.AUTH_USER_MODEL} has no {name}.",
            hint=f"Add {name} to it, as django.contrib.auth.models.AbstractUser has it.",
            id="opencity_issues.E011",
        )
        for name in lacking
    ]


@register(deploy=True)
def check_for_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What is right for trying and wrong for a town: a sender that is nobody, limits that each process counts alone."""
    faults: list[CheckMessage] = []
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        faults.append(
            Warning(
                "Letters would come from nobody's address.",
                hint='Set DEFAULT_FROM_EMAIL = "city@your.domain".',
                id="opencity_issues.W005",
            )
        )
    if settings.CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache")):
        faults.append(
            Warning(
                "Each process has a cache of its own, so that the limits of requests and uploads are counted apart.",
                hint='Set CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://…"}}.',
                id="opencity_issues.W006",
            )
        )
    return faults


@register()
def check_search_app(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`modelsearch` beside `wagtail.search` makes index tasks fail silently."""
    if "modelsearch" in settings.INSTALLED_APPS and "wagtail.search" in settings.INSTALLED_APPS:
        return [
            Error(
                "modelsearch and wagtail.search are both installed: search index tasks would fail silently.",
                hint='Remove "modelsearch" from INSTALLED_APPS.',
                id="opencity_issues.E002",
            )
        ]
    return []


@register()
def check_private_media(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Uploaded photos lie outside MEDIA_ROOT, which hosts publish whole, or in a storage of their own."""
    if "opencity_private" in settings.STORAGES:
        return []
    if not settings.MEDIA_ROOT:
        return [
            Warning(
                "MEDIA_ROOT is not set.",
                hint='Set MEDIA_ROOT, or OPENCITY_PRIVATE_MEDIA_ROOT, or STORAGES["opencity_private"].',
                id="opencity_issues.W001",
            )
        ]
    public = Path(settings.MEDIA_ROOT).resolve()
    private = conf.private_media_root().resolve()
    if private == public or public in private.parents:
        return [
            Error(
                "OPENCITY_PRIVATE_MEDIA_ROOT lies inside MEDIA_ROOT: held photos could be fetched by anybody.",
                hint="Give a folder outside MEDIA_ROOT.",
                id="opencity_issues.E003",
            )
        ]
    return []


@register()
def check_sqlite_transactions(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """On SQLite a transaction that reads before it writes must take its lock at the start, or concurrent writes fail."""
    database = settings.DATABASES.get("default", {})
    options = database.get("OPTIONS", {})
    if "sqlite" in database.get("ENGINE", "") and options.get("transaction_mode") != "IMMEDIATE":
        return [
            Warning(
                "SQLite runs without transaction_mode IMMEDIATE: two people acting at once may meet 'database is locked'.",
                hint='Add "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20} to DATABASES["default"].',
                id="opencity_issues.W002",
            )
        ]
    return []


@register()
def check_interface_description(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The interface is described by drf-spectacular, which django-rest-framework must be told."""
    described_by = getattr(settings, "REST_FRAMEWORK", {}).get("DEFAULT_SCHEMA_CLASS", "")
    if "spectacular" in described_by or "drf_spectacular" not in settings.INSTALLED_APPS:
        return []
    return [
        Warning(
            "The description of the REST interface cannot be made: django-rest-framework uses another schema class.",
            hint='Set REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}.',
            id="opencity_issues.W003",
        )
    ]


@register()
def check_retention(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A misspelt kind of data would be kept by its default, and nobody would know."""
    unknown = sorted(set(conf.get("OPENCITY_RETENTION_DAYS")) - set(conf.RETENTION_DAYS))
    return [
        Error(
            f"OPENCITY_RETENTION_DAYS has no kind of data {name!r}.",
            hint=f"Known are {', '.join(conf.RETENTION_DAYS)}.",
            id="opencity_issues.E012",
        )
        for name in unknown
    ]


@register()
def check_geocoder(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What people type goes to one server that the operator named, and nowhere else."""
    pattern = str(conf.get("OPENCITY_GEOCODER_URL"))
    if not pattern or conf.geocoder_is_safe(pattern):
        return []
    return [
        Error(
            "OPENCITY_GEOCODER_URL is no address of one host with https and {query}: it is not asked.",
            hint="For example https://nominatim.example/search?format=jsonv2&bounded=1&viewbox={bbox}&q={query}",
            id="opencity_issues.E004",
        )
    ]
