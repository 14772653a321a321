"""Times how fast the outbox drains over SMTP once a mail server is back: every letter composed, sent, and noted as sent.

Started by `run letters`. The server is in another thread of this process, so that the figure is a lower bound.
"""
# ruff: noqa: E402 -- the models can be imported only after django.setup()

import argparse
import sys
import time

import django
from django.conf import settings

django.setup()

from django.core.management import call_command
from django.db import connection

from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.models import Assignment, IssuePage, Notice
from tests.smtp_catcher import SmtpCatcher, free_port

ISSUES = 200
AT_MOST = 600.0
"""Seconds that 1,000 letters may take."""


def fill(number: int) -> None:
    """The demonstration town, and so many letters to its organisations about its issues; no others wait."""
    call_command("migrate", verbosity=0)
    if IssuePage.objects.exists():
        sys.exit("This database has issues already: give an empty one.")
    call_command("opencity_demo", issues=ISSUES, seed=1, verbosity=0, stdout=sys.stderr)
    Notice.objects.waiting().delete()
    parts = list(Assignment.objects.select_related("organisation"))
    Notice.objects.bulk_create(
        Notice(
            issue_id=part.issue_id,
            template="routed",
            recipient=f"organisation:{part.organisation_id}",
            organisation=part.organisation,
            key=f"letter {place}",
        )
        for place, part in ((place, parts[place % len(parts)]) for place in range(number))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000, help="letters that wait (default: 1,000)")
    count = parser.parse_args().letters
    fill(count)
    catcher = SmtpCatcher(port=free_port())
    catcher.up()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = catcher.host, catcher.port
    started = time.perf_counter()
    sent = send_waiting()
    passed = time.perf_counter() - started
    catcher.down()
    if sent != count or len({mail.message_id for mail in catcher.mails}) != count:
        sys.exit(f"{sent} of {count} letters were sent, {len(catcher.mails)} arrived.")
    thousand = passed * 1000 / count
    verdict = "holds" if thousand <= AT_MOST else "MISSED"
    sys.stdout.write(f"\n{connection.vendor}; {count:,} letters over {catcher.connections} connections\n\n")
    sys.stdout.write(f"{'1,000 letters':<40}{thousand:>9.1f} s  ≤ {AT_MOST:.0f} s: {verdict}\n")


if __name__ == "__main__":
    main()
