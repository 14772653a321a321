"""What all tests share: the database as migrated, a mail server, and a browser that tolerates no fault."""

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation

from tests.database import keep_migrated_copy, lay_migrated_copy, restore_after_transaction_tests

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
    """Mark what touches no database, for the run on the second one to leave out."""
    for item in items:
        asked = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
        if not asked and not issubclass(item.cls or object, TransactionTestCase):
            item.add_marker(pytest.mark.once)
