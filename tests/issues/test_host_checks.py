"""What a host forgot is said by `manage.py check`, with the line to add."""

import re
from copy import deepcopy

import pytest
from django.conf import settings as own
from django.urls import include, path

from opencity_issues import checks
from opencity_issues.models import Category
from tests.architecture.project import ROOT

HOSTS = (ROOT / "README.md").read_text().split("## In your own Wagtail site")[1].split("\n### ")[0]
PRIVATE = {"opencity_private": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}


class Addresses:
    """Urlconfs of hosts that forgot something."""

    without = [path("", include("wagtail.urls"))]
    behind = [path("", include("wagtail.urls")), path("", include("opencity_issues.urls"))]


class Told:
    """The settings as a check is told them, where changing them would load all apps anew or close the database."""

    def __init__(self, changes: dict) -> None:
        self.__dict__.update(changes)

    def __getattr__(self, name: str):
        return getattr(own, name)


def without(settings, name: str, forgotten: str) -> None:
    setattr(settings, name, [one for one in getattr(settings, name) if one != forgotten])


def without_context(settings) -> None:
    templates = deepcopy(own.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"].remove("django.template.context_processors.request")
    settings.TEMPLATES = templates


FORGOTTEN = [
    (checks.check_installed_apps, "E001", '"wagtailgeowidget"', lambda on: {"INSTALLED_APPS": [one for one in on.INSTALLED_APPS if one != "wagtailgeowidget"]}),
    (checks.check_search_app, "E002", "modelsearch", lambda on: {"INSTALLED_APPS": [*on.INSTALLED_APPS, "modelsearch"]}),
    (checks.check_private_media, "E003", "outside MEDIA_ROOT", lambda on: setattr(on, "OPENCITY_PRIVATE_MEDIA_ROOT", f"{on.MEDIA_ROOT}/a")),
    (checks.check_geocoder, "E004", "https://", lambda on: setattr(on, "OPENCITY_GEOCODER_URL", "http://a.example/")),
    (checks.check_middleware_and_context, "E005", "MessageMiddleware", lambda on: without(on, "MIDDLEWARE", checks.NEEDED_MIDDLEWARE[3])),
    (checks.check_middleware_and_context, "E006", "context_processors.request", without_context),
    (checks.check_addresses, "E007", checks.ADDRESSES, lambda on: setattr(on, "ROOT_URLCONF", tuple(Addresses.without))),
    (checks.check_addresses, "E008", checks.ADDRESSES, lambda on: setattr(on, "ROOT_URLCONF", tuple(Addresses.behind))),
    (checks.check_queue, "E009", checks.QUEUE, lambda on: setattr(on, "Q_CLUSTER", {"name": "opencity"})),
    (checks.check_time_zones, "E010", "USE_TZ = True", lambda on: setattr(on, "USE_TZ", False)),
    (checks.check_retention, "E012", "callers", lambda on: setattr(on, "OPENCITY_RETENTION_DAYS", {"caller": 5})),
    (checks.check_private_media, "W001", "MEDIA_ROOT", lambda on: setattr(on, "MEDIA_ROOT", "")),
    (checks.check_sqlite_transactions, "W002", "IMMEDIATE", lambda on: {"DATABASES": {"default": {"ENGINE": "sqlite3"}}}),
    (checks.check_interface_description, "W003", "AutoSchema", lambda on: setattr(on, "REST_FRAMEWORK", {})),
    (checks.check_sign_in, "W004", 'LOGIN_URL = "login"', lambda on: setattr(on, "LOGIN_URL", "/nowhere/")),
    (checks.check_sign_in, "W004", 'LOGIN_URL = "login"', lambda on: setattr(on, "LOGIN_URL", "no_such_name")),
    (checks.check_for_production, "W005", "DEFAULT_FROM_EMAIL", lambda on: setattr(on, "DEFAULT_FROM_EMAIL", "webmaster@localhost")),
    (checks.check_for_production, "W006", "CACHES", lambda on: None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "key", "line", "forget"), FORGOTTEN, ids=[f"{one[1]}-{at}" for at, one in enumerate(FORGOTTEN)]
)
def test_what_is_forgotten_is_named_with_the_line_to_add(settings, monkeypatch, check, key, line, forget):
    told = forget(settings)
    if told:
        monkeypatch.setattr(checks, "settings", Told(told))
    (said,) = [one for one in check(None) if one.id.endswith(key)]
    assert line in said.hint


def test_every_check_is_tried_and_nothing_is_missing_here():
    text = (ROOT / "opencity_issues" / "checks.py").read_text()
    tried = {f"opencity_issues.{one[1]}" for one in FORGOTTEN} | {"opencity_issues.E011"}
    assert set(re.findall(r'id="(opencity_issues\.\w+)"', text)) == tried
    assert not [said for check, *_rest in FORGOTTEN[:-2] for said in check(None)]


def test_a_user_model_without_an_address_is_refused(monkeypatch):
    monkeypatch.setattr(checks, "get_user_model", lambda: Category)
    assert ["email" in one.hint for one in checks.check_user_model(None)] == [True, False, False]


def test_a_storage_of_its_own_needs_no_folder(settings):
    settings.MEDIA_ROOT = ""
    settings.STORAGES = {**settings.STORAGES, **PRIVATE}
    assert checks.check_private_media(None) == []


def test_readme_names_what_the_checks_ask_for():
    assert set(re.findall(r'^   "([\w.]+)",$', HOSTS, re.MULTILINE)) <= {*checks.NEEDED_APPS, "opencity_issues"}
    assert checks.ADDRESSES in HOSTS
    assert checks.QUEUE in HOSTS
