"""The WSGI application of the reference site."""

import os
import sys
from pathlib import Path

from django.core.wsgi import get_wsgi_application

# The apps lie beside site/ in the repository; an installed distribution is found without this.
sys.path.append(str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opencity_site.settings.demo")

application = get_wsgi_application()
