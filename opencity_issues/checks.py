"""System checks: what a host site forgot is said at start, with the line to add."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from opencity_issues import conf

NEEDED_APPS = ("wagtail", "wagtail.admin", "wagtail.search", "rules", "django_q", "django_filters", "rest_framework")


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
    """Uploaded photos lie outside MEDIA_ROOT, which hosts publish whole."""
    if not settings.MEDIA_ROOT:
        return [
            Warning(
                "MEDIA_ROOT is not set.",
                hint="Set MEDIA_ROOT, or OPENCITY_PRIVATE_MEDIA_ROOT.",
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
