"""How each figure of a report on effectiveness is counted: the one definition, as its reader sees it."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from opencity_issues.paper.structure import Definitions
from opencity_issues.queries.statistics.medians import MEDIAN_FROM

Items = tuple[tuple[str, str], ...]


def definitions() -> Definitions:
    """Terms and meanings, in the active language."""
    return Definitions((*_what_is_counted(), *_how_terms_were_kept()))


def _what_is_counted() -> Items:
    """Of the period and its issues."""
    return (
        (
            pgettext("report", "Period"),
            _(
                "Full days of the city's own time. Everything is counted as it stood when the last day was over: "
                "what happened later does not change it."
            ),
        ),
        (
            pgettext("report", "Received"),
            _(
                "Issues published for the first time in the period, including those that were taken down or merged "
                "later. “Registered” counts also what was held or refused."
            ),
        ),
        (
            _("Categories, districts"),
            _(
                "As they were when the period was over. An issue of several categories counts once in each, and once in "
                "their branch, so the rows may add up to more than the total."
            ),
        ),
        (
            pgettext("report", "Closed"),
            _(
                "Changes to the status “Closed” in the period; an issue that was opened again and closed again counts twice."
            ),
        ),
        (
            _("Explained, not solved"),
            _(
                "Answers with justified reasons why the issue cannot be solved now. They meet the term of 4.4, but the issue "
                "is not counted as closed."
            ),
        ),
        (
            pgettext("report", "Before"),
            _("The previous month for a month, otherwise as many days immediately before."),
        ),
    )


def _how_terms_were_kept() -> Items:
    """Of the terms of section 4."""
    return (
        (
            pgettext("report", "In time, late"),
            _(
                "Terms of 4.2, 4.3 and 4.4 that were met in the period, before or after they ran out. An issue sent to "
                "several organisations has a term for each of them."
            ),
        ),
        (
            _("Still to do, overdue"),
            _(
                "Terms that ran, unmet, when the period was over; overdue are those that had run out. Terms of issues that "
                "were taken down, returned or sent to somebody else are not counted."
            ),
        ),
        (
            pgettext("report", "In time, %"),
            _(
                "Met in time, of all that was met or overdue: leaving issues unanswered makes the share smaller, not larger."
            ),
        ),
        (
            _("Overdue issues"),
            _("Issues with at least one overdue term of 4.2, 4.3 or 4.4 when the period was over."),
        ),
        (
            pgettext("report", "Median time"),
            _(
                "Half of the cases took this long or less, in calendar days. Cases that ended in the period are taken, and "
                "overdue ones that had not, by their age: slow work does not drop out of the figure. Under %(count)d cases "
                "no median is given."
            )
            % {"count": MEDIAN_FROM},
        ),
    )
