"""The reference site's settings, made quick and quiet for tests. Each process has a data folder of its own."""

import atexit
import os
import shutil
import tempfile

# Before the site's settings are read: they make the data folder, and must not find the developer's own.
_data = tempfile.mkdtemp(prefix="opencity-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["OPENCITY_DATA"] = _data
for _name in (
    "BASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SENTRY_DSN",
    "OPENCITY_FLOOD_PER_HOUR",
    "OPENCITY_API_RATE",
    "DEBUG",
    "OPENCITY_THEME",
):
    os.environ.pop(_name, None)

from opencity_site.settings.demo import *  # noqa: E402 - the environment above comes first

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# The live server serves static files itself.
MIDDLEWARE = [middleware for middleware in MIDDLEWARE if "whitenoise" not in middleware]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Many tests in a row look like an attack from one address; the tests of limits set their own.
ACCOUNT_RATE_LIMITS = False
OPENCITY_API_RATE = "100000/min"
WAGTAILADMIN_BASE_URL = "http://testserver"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that threads have connections of their own, as in the site; but no wait for the disk.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"]["OPTIONS"],
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;",
    }
# A connection that outlives its thread would keep the test database from being dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
