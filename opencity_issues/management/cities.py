"""What commands about one city share: which city is meant, a file's content, and an import told in words."""

from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from opencity_issues.actions.city.imports.plan import Plan
from opencity_issues.models import IssueIndexPage

CHANGES_TOLD = 20


def the_city(number: int | None) -> IssueIndexPage:
    """The city with this page number, or the only one. Raises CommandError where that names not exactly one."""
    everyone = IssueIndexPage.objects.all()
    cities = list(everyone if number is None else everyone.filter(pk=number))
    if len(cities) != 1:
        known = ", ".join(f"{city.pk} ({city.title})" for city in everyone)
        none = _("there is none, run opencity_setup first")
        raise CommandError(_("Say which city by --city: %(cities)s.") % {"cities": known or none})
    return cities[0]


def content_of(file: Path) -> bytes:
    """A file's bytes. Raises CommandError where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error


def faults_of(file: Path | str, plan: Plan) -> list[str]:
    """The faults of an import, each with its file."""
    return [f"{file}: {fault}" for fault in plan.faults]


def told(plan: Plan, *, dry_run: bool) -> list[str]:
    """What an import did, or would do, in lines for a terminal."""
    counts = ", ".join(f"{state.label}: {count}" for state, count in plan.counts.items()) or _("nothing")
    lines = [*plan.notes]
    changes = [one for one in plan.outcomes if one.detail]
    lines += [f"  {one.line}. {one.name}: {one.detail}" for one in changes[:CHANGES_TOLD]]
    lines += ["  …"] if len(changes) > CHANGES_TOLD else []
    words = _("Would be written – %(counts)s.") if dry_run else _("Written – %(counts)s.")
    return [*lines, words % {"counts": counts}]
