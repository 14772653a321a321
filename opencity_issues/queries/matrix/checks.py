"""What is wrong with a city's responsibility matrix: issues that would reach nobody, or somebody who does not read them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencity_issues.models import Category, Membership, Organisation
from opencity_issues.queries.desk.outbox import bounced_mailboxes
from opencity_issues.queries.matrix.matrix import Matrix


@dataclass(frozen=True)
class Finding:
    """One fault. `kind` names the check; serious ones keep issues from being read by those who answer for them."""

    kind: str
    text: str
    serious: bool = True
    category: Category | None = None
    organisation: Organisation | None = None


def check_matrix(matrix: Matrix) -> list[Finding]:
    """Every fault of a matrix, the serious ones first. Two queries, however many rows there are."""
    found = [
        *_nobody(matrix),
        *_without_people(matrix),
        *_without_categories(matrix),
        *_idle_rows(matrix),
    ]
    return sorted(found, key=lambda finding: not finding.serious)


def _nobody(matrix: Matrix) -> Iterator[Finding]:
    """Categories that citizens can choose and nobody receives; a whole branch is told once."""
    told: set[int] = set()
    for category in matrix.categories:
        if not category.is_active or category.pk in told or matrix.decider(category.pk) is not None:
            continue
        below = [one for one in matrix.under(category.pk)[1:] if one.is_active and matrix.decider(one.pk) is None]
        told.update(one.pk for one in below)
        text = _("Nobody receives “%(category)s”: such issues go to the control body, which assigns them by hand.")
        if below:
            text = ngettext(
                "Nobody receives “%(category)s” and %(count)d category under it: such issues go to the control body, which assigns them by hand.",
                "Nobody receives “%(category)s” and %(count)d categories under it: such issues go to the control body, which assigns them by hand.",
                len(below),
            )
        yield Finding("nobody", text % {"category": category, "count": len(below)}, category=category)


def _without_people(matrix: Matrix) -> Iterator[Finding]:
    """Organisations that letters or issues do not really reach (2.4, 3.4)."""
    staffed = set(
        Membership.objects.live().filter(organisation__city=matrix.city).values_list("organisation_id", flat=True)
    )
    bounced = bounced_mailboxes(matrix.city)
    receiving = {organisation for _category, organisation in matrix.rows}
    for organisation in matrix.organisations:
        if not organisation.is_active or not (organisation.is_executor or organisation.pk in receiving):
            continue
        if organisation.pk not in staffed:
            text = _("%(organisation)s has no responsible worker: nobody accepts its issues (2.4).")
            yield Finding("worker", text % {"organisation": organisation}, organisation=organisation)
        if not organisation.mailbox:
            text = _("%(organisation)s has no mailbox: no message of the System reaches it (3.4).")
            yield Finding("mailbox", text % {"organisation": organisation}, organisation=organisation)
        elif organisation.pk in bounced:
            text = _("Letters to %(mailbox)s come back: %(organisation)s does not get its messages (3.4).")
            words = {"organisation": organisation, "mailbox": organisation.mailbox}
            yield Finding("bounces", text % words, organisation=organisation)


def _without_categories(matrix: Matrix) -> Iterator[Finding]:
    having = {organisation for _category, organisation in matrix.rows}
    for organisation in matrix.organisations:
        if organisation.is_active and organisation.is_executor and organisation.pk not in having:
            text = _("%(organisation)s answers for no category: issues reach it only by the control body's hand.")
            yield Finding("no_category", text % {"organisation": organisation}, False, organisation=organisation)


def _idle_rows(matrix: Matrix) -> Iterator[Finding]:
    """Rows that decide nothing, or name somebody who is not there to solve issues."""
    having: dict[int, int] = {}
    for _category, key in matrix.rows:
        having[key] = having.get(key, 0) + 1
    for organisation in matrix.organisations:
        count = having.get(organisation.pk, 0)
        words = {"organisation": organisation, "count": count}
        if count and not organisation.is_active:
            text = ngettext(
                "%(organisation)s is not active: its %(count)d row counts for nothing.",
                "%(organisation)s is not active: its %(count)d rows count for nothing.",
                count,
            )
            yield Finding("inactive_organisation", text % words, False, organisation=organisation)
        elif count and not organisation.is_executor:
            text = ngettext(
                "%(organisation)s is not marked as one that solves issues, and has %(count)d row.",
                "%(organisation)s is not marked as one that solves issues, and has %(count)d rows.",
                count,
            )
            yield Finding("no_executor", text % words, False, organisation=organisation)
    for category in matrix.categories:
        if not category.is_active and category.pk in matrix.named:
            text = _("“%(category)s” is not offered to citizens; its rows count only for issues that have it already.")
            yield Finding("inactive_category", text % {"category": category}, False, category=category)
