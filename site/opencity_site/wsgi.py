"""The WSGI application of the reference site."""

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

# The apps lie beside site/ in the repository; an installed distribution is found without this.
sys.path.append(str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opencity_site.settings.demo")

application = get_wsgi_application()

# Web servers run no system checks; these must hold for them too. They need the apps that were loaded just now.
from opencity_site.checks import no_demonstration_accounts, theme_is_there  # noqa: E402

if _errors := [*no_demonstration_accounts(), *theme_is_there()]:
    raise ImproperlyConfigured("\n".join(f"{error.msg} {error.hint}" for error in _errors))
