"""Production: refuses to start half-configured. README.md walks through it."""

from django.core.exceptions import ImproperlyConfigured

from opencity_site.settings.base import *

DEMONSTRATION = False
SECRET_KEY = environment.text("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("Production needs SECRET_KEY: 50 random characters or more, kept secret.")
if environment.flag("DEBUG"):
    raise ImproperlyConfigured("Production refuses DEBUG: error pages would show the site's secrets.")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("Production needs ALLOWED_HOSTS: the site's own host names, comma-separated.")
if not (EMAIL_URL := environment.text("EMAIL_URL")):
    raise ImproperlyConfigured("Production needs EMAIL_URL: the procedure's notices go out by e-mail.")
globals().update(environment.email(EMAIL_URL))

CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]
OPENCITY_BASE_URL = OPENCITY_BASE_URL or f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
WAGTAILADMIN_BASE_URL = OPENCITY_BASE_URL

# One reverse proxy, which ends TLS and sets these headers, stands before the site.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = OPENCITY_TRUSTED_PROXIES = 1
REST_FRAMEWORK = {**REST_FRAMEWORK, "NUM_PROXIES": 1}
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"

# Workers, moderators, the control body and editors sign in with two factors.
OPENCITY_REQUIRE_SECOND_FACTOR = True

SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # the town's other hosts below this name may not have HTTPS yet
    "security.W019",  # Wagtail shows previews in frames of its own site
    "security.W021",  # the browsers' preload list is the decision of whoever owns the domain
]
