"""The demonstration: everything embedded, nothing asked. `DEBUG=1` adds tracebacks and unhashed static files."""

from opencity_site.settings.base import *

DEBUG = environment.flag("DEBUG")
DEMONSTRATION = True
SECRET_KEY = environment.text("SECRET_KEY") or environment.kept_secret(DATA_DIR / "secret-key")
# It is tried on a phone in the same network, under whatever address the computer has there.
ALLOWED_HOSTS = ALLOWED_HOSTS or ["*"]
INSTALLED_APPS = [*INSTALLED_APPS, "opencity_site.demo_mail"]

if DEBUG:
    STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    WHITENOISE_USE_FINDERS = True

# Mail goes to the built-in mailbox at /demo/mail/ unless a real server is named.
if EMAIL_URL := environment.text("EMAIL_URL"):
    globals().update(environment.email(EMAIL_URL))
else:
    EMAIL_BACKEND = "opencity_site.demo_mail.backend.EmailBackend"

# "demo" is everyone's password here, and many people may sign in from one address.
AUTH_PASSWORD_VALIDATORS = []
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,20/5m/key"}

# `site/run --https` serves through TLS itself and says so.
if environment.flag("OPENCITY_HTTPS"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
