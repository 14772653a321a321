#!/usr/bin/env python3
"""Django's command line for the reference site."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run one command with the demonstration's settings unless the environment names others."""
    here = Path(__file__).resolve().parent
    # The apps lie beside site/ in the repository; an installed distribution is found without this.
    sys.path[:0] = [str(here), str(here.parent)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opencity_site.settings.demo")
    if sys.argv[1:2] == ["runserver"]:
        # Someone is developing: show tracebacks and serve static files from where they are written.
        os.environ.setdefault("DEBUG", "1")
    # Django is imported only now, when the path is complete.
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
