"""What all tests share: the database as migrated, a mail server, and a browser that tolerates no fault."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation

from tests.database import keep_migrated_copy, lay_migrated_copy, restore_after_transaction_tests

TESTS = Path(__file__).parent

ABOUT_PAGES = [
    "cms/test_news.py",
    "cms/test_working_group.py",
    "issues/test_admin.py",
    "issues/test_author.py",
    "issues/test_cabinet.py",
    "issues/test_cabinet_deeds.py",
    "issues/test_calls.py",
    "issues/test_card.py",
    "issues/test_card_privacy.py",
    "issues/test_card_timeline.py",
    "issues/test_checks.py",
    "issues/test_complaints.py",
    "issues/test_consultation.py",
    "issues/test_desk_rooms.py",
    "issues/test_executor_link.py",
    "issues/test_files.py",
    "issues/test_instructions.py",
    "issues/test_letters_choice.py",
    "issues/test_matrix_pages.py",
    "issues/test_my_page.py",
    "issues/test_no_way_round.py",
    "issues/test_notes.py",
    "issues/test_people.py",
    "issues/test_report.py",
    "issues/test_report_queue.py",
    "issues/test_reports.py",
    "issues/test_seminars.py",
    "issues/test_templates.py",
    "issues/test_visits.py",
    "issues/test_work_order.py",
    "site/test_accounts.py",
    "site/test_every_page.py",
    "site/test_languages.py",
    "site/test_pages.py",
    "site/test_users.py",
]
"""Tests of who sees and does what on which page, and in which words: they run once, on SQLite. What locks, counts,
searches, migrates and sends asks the database for more, and runs on both."""

pytest_plugins = ["tests.browser_fixtures", "tests.smtp_catcher"]


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb, django_db_modify_db_settings):
    """Begin with the database that an earlier run with these migrations has kept, if any."""
    return lay_migrated_copy() or django_db_keepdb


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The migrated database, which every test finds again as the migrations left it."""
    with django_db_blocker.unblock():
        keep_migrated_copy()
        with restore_after_transaction_tests():
            yield


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _default_language():
    """A page that an earlier test asked for in another language leaves it behind in the thread."""
    translation.deactivate()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what touches no database or is about pages alone, for the run on the second one to leave out."""
    once = [TESTS / name for name in ABOUT_PAGES]
    assert all(path.exists() for path in once), "tests/conftest.py names a file that is gone"
    for item in items:
        if item.path in once:
            item.add_marker(pytest.mark.once)
        asked = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
        if not asked and not issubclass(item.cls or object, TransactionTestCase):
            item.add_marker(pytest.mark.once)
