"""The environment's words, and what production refuses."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from opencity_site.checks import theme_is_there
from opencity_site.settings import environment
from tests.database import migrated_copy

# These start processes of their own, on SQLite.
pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
DEMO = "opencity_site.settings.demo"
GOOD = {
    "SECRET_KEY": "k" * 25 + "0123456789" * 4,
    "ALLOWED_HOSTS": "city.example",
    "EMAIL_URL": "smtp+tls://u:p@mail.example:587?from=city@city.example",
}


@pytest.fixture
def manage(tmp_path):
    """Runs a management command with production's settings in a process of its own."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
        path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        variables = {"OPENCITY_DATA": str(tmp_path), **variables}
        return subprocess.run(
            [sys.executable, ROOT / "site" / "manage.py", *arguments],
            env={**path, "DJANGO_SETTINGS_MODULE": "opencity_site.settings.production", **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A data folder with a migrated database, made once: `OPENCITY_DATA` of the tests that only need one."""
    folder = tmp_path_factory.mktemp("migrated")
    if migrated_copy().exists():  # then nothing but the cache's table is left to make
        shutil.copyfile(migrated_copy(), folder / "opencity.sqlite3")
    subprocess.run(
        [sys.executable, ROOT / "site" / "manage.py", "migrate", "--verbosity", "0"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": DEMO, "OPENCITY_DATA": str(folder), "DATABASE_URL": ""},
        check=True,
    )
    return str(folder)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"EMAIL_URL": ""}, "EMAIL_URL"),
    ],
)
def test_production_refuses_to_start_half_configured(manage, change, word):
    done = manage("check", **{**GOOD, **change})
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert word in done.stderr


def test_production_passes_djangos_own_deployment_checks(manage):
    done = manage("check", "--deploy", "--fail-level", "WARNING", "--tag", "security", **GOOD)
    assert done.returncode == 0, done.stderr


def test_production_refuses_demonstration_accounts(manage, migrated):
    good = {**GOOD, "OPENCITY_DATA": migrated}
    code = "from django.contrib.auth import get_user_model as u; u().objects.create_user('{}', 'demo')"
    manage("shell", "-c", code.format("clerk@city.example"), **good)
    assert manage("check", **good).returncode == 0
    manage("shell", "-c", code.format("roads@demo.opencity.example"), **good)
    done = manage("check", **good)
    assert done.returncode != 0
    assert "roads@demo.opencity.example" in done.stderr
    server = manage("shell", "-c", "import opencity_site.wsgi", **good)
    assert server.returncode != 0
    assert "roads@demo.opencity.example" in server.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost", ("localhost", 25, "", False, False)),
        ("smtp+tls://me:s%40cret@mail.example", ("mail.example", 587, "s@cret", True, False)),
        ("smtps://me:x@mail.example:4650", ("mail.example", 4650, "x", False, True)),
    ],
)
def test_email_url(url, expected):
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    settings = environment.email(url)
    assert tuple(settings[name] for name in names) == expected


def test_email_url_may_name_the_sender():
    assert environment.email("smtp://h?from=city@city.example")["DEFAULT_FROM_EMAIL"] == "city@city.example"


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_wrong_email_url_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        environment.email(url)


def test_number_refuses_words(monkeypatch):
    monkeypatch.setenv("OPENCITY_FLOOD_PER_HOUR", "many")
    with pytest.raises(ImproperlyConfigured, match="OPENCITY_FLOOD_PER_HOUR"):
        environment.number("OPENCITY_FLOOD_PER_HOUR")


def test_secret_is_made_once_and_for_its_owner(tmp_path):
    path = tmp_path / "secret-key"
    first = environment.kept_secret(path)
    assert environment.kept_secret(path) == first
    assert len(first) >= 64
    assert path.stat().st_mode & 0o077 == 0


def test_sqlite_waits_and_keeps_what_it_acknowledged(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for database in (environment.database(tmp_path), named_sqlite(monkeypatch, tmp_path)):
        options = database["OPTIONS"]
        assert options["transaction_mode"] == "IMMEDIATE"
        assert options["timeout"] == 20
        assert "journal_mode=WAL" in options["init_command"]
        assert "synchronous=FULL" in options["init_command"]


def named_sqlite(monkeypatch, tmp_path) -> dict:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/own.sqlite3")
    return environment.database(tmp_path)


def test_a_wrong_theme_is_named_by_a_check_with_those_there_are(settings):
    assert theme_is_there() == []
    settings.OPENCITY_THEME = "absent"
    (error,) = theme_is_there()
    assert error.id == "opencity_site.E002"
    assert "'absent'" in error.msg
    assert "civic, tram" in error.hint


def test_no_command_runs_with_a_wrong_theme(manage, tmp_path):
    demo = {"DJANGO_SETTINGS_MODULE": DEMO, "OPENCITY_DATA": str(tmp_path), "OPENCITY_THEME": "../civic"}
    done = manage("check", **demo)
    assert done.returncode
    assert "OPENCITY_THEME names no theme: '../civic'" in done.stderr


def test_cache_table_is_made_with_the_others(manage, migrated):
    demo = {"DJANGO_SETTINGS_MODULE": DEMO, "OPENCITY_DATA": migrated}
    code = "from django.core.cache import cache; cache.set('a', 1); print('kept', cache.get('a'))"
    assert "kept 1" in manage("shell", "-v0", "-c", code, **demo).stdout


def test_editors_can_upload_what_a_film_in_an_article_asks_for():
    assert {"mp4", "webm"} <= set(settings.WAGTAILDOCS_EXTENSIONS)


def test_days_of_retention_are_read_and_what_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("OPENCITY_RETENTION_DAYS", "callers=40, erasures = -")
    assert environment.days("OPENCITY_RETENTION_DAYS") == {"callers": 40, "erasures": None}
    for wrong in ("callers", "callers=soon", "=4"):
        monkeypatch.setenv("OPENCITY_RETENTION_DAYS", wrong)
        with pytest.raises(ImproperlyConfigured):
            environment.days("OPENCITY_RETENTION_DAYS")
