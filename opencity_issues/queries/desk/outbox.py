"""How the outbox stands: what waits too long, and what could not be delivered."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from opencity_issues.models import IssueIndexPage, Notice
from opencity_issues.procedure.letters.community_letters import BY_TEMPLATE as COMMUNITY_LETTERS
from opencity_issues.procedure.letters.notices import BY_TEMPLATE

WITHOUT_ISSUE = {"digest": pgettext_lazy("letter", "Daily letter"), "report": pgettext_lazy("letter", "Report")}
COMMUNITY = pgettext_lazy("letter", "Letter about a residents' meeting")
CONSULTATION = pgettext_lazy("letter", "Letter about consultations")

LATE = timedelta(minutes=15)
"""How long a letter may wait for its sending before that is told."""


@dataclass(frozen=True)
class LateLetters:
    """`since` is when the oldest of them should have gone; None where there are none."""

    count: int
    since: datetime | None


def late_letters(now: datetime) -> LateLetters:
    """Letters that wait for longer than LATE: the sending stands still, or the mail server does not take them. One query.

    What waits for its reader's daily or weekly letter is late only when that is.
    """
    moment = now - LATE
    due = Q(together=False, created_at__lte=moment) | Q(together=True, send_after__lte=moment)
    row = Notice.objects.waiting().filter(due).aggregate(count=Count("pk"), since=Min("created_at"))
    return LateLetters(row["count"], row["since"])


def undelivered(city: IssueIndexPage) -> QuerySet[Notice]:
    """Letters of a city that were given up and that nobody has dealt with, the latest first."""
    return (
        Notice.objects.bounced()
        .filter(Q(issue__city=city) | Q(city=city))
        .select_related("issue", "organisation", "user", "link", "event__organisation")
        .order_by("-failed_at", "-pk")
    )


def bounced_mailboxes(city: IssueIndexPage) -> set[int]:
    """Organisations whose mailbox refused a letter and has taken none since."""
    taken_since = Notice.objects.filter(recipient=OuterRef("recipient"), sent_at__gt=OuterRef("failed_at"))
    return set(
        Notice.objects.bounced()
        .filter(~Exists(taken_since), organisation__city=city, recipient__startswith="organisation:")
        .values_list("organisation_id", flat=True)
    )


@dataclass(frozen=True)
class UndeliveredLetter:
    """A letter as the control body sees it; a citizen is neither named nor addressed."""

    notice: Notice
    subject: str
    to: str


def describe(notice: Notice) -> UndeliveredLetter:
    """What the letter was about and for whom, in the reader's language."""
    letter = BY_TEMPLATE.get(notice.template)
    if notice.issue is None or letter is None:
        named = WITHOUT_ISSUE.get(notice.template, CONSULTATION)
        subject = str(COMMUNITY if notice.template in COMMUNITY_LETTERS else named)
    else:
        whose = notice.organisation.name if notice.organisation is not None else ""
        values = defaultdict(str, number=notice.issue.number, title=notice.issue.title, organisation=whose)
        subject = str(letter.subject) % values
    return UndeliveredLetter(notice, subject, _to(notice))


def _to(notice: Notice) -> str:
    role = notice.recipient.partition(":")[0]
    name = notice.organisation.name if notice.organisation is not None else ""
    match role:
        case "organisation":
            return name
        case "head":
            return _("%(organisation)s, the head") % {"organisation": name}
        case "executor" if notice.link is not None:
            return notice.link.name
        case "control":
            return _("The control department")
        case "user" if name:
            return _("%(organisation)s, a responsible worker") % {"organisation": name}
    if notice.template in COMMUNITY_LETTERS:
        return _("A participant of the meeting")
    return _("The author of the issue")
