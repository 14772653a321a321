"""A Wagtail site that knew nothing of Open City until its administrator followed README's steps."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "host.settings")
    from django.core.management import execute_from_command_line  # Django reads the setting above

    execute_from_command_line(sys.argv)
