"""What a letter says about an issue: all of it (3.4), as far as its reader may know it (2.6), and where it leads."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from opencity_issues.actions.letters.envelope import absolute
from opencity_issues.actions.letters.letter_readers import Reader, Unwanted, is_to_followers, may_be_stopped
from opencity_issues.models import Contribution, Deadline, IssuePage, Notice
from opencity_issues.models.contribution import PUBLIC_KINDS
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.procedure.moderation import GROUNDS, Ground
from opencity_issues.queries.executor_links import url_of

CITIZENS_CLAUSES = ("4.3", "4.4", "4.7", "T9")
FOLLOWERS_CLAUSES = ("4.3", "4.4")
EXECUTORS_CLAUSES = ("4.4",)


@dataclass(frozen=True)
class Term:
    """A running deadline as a letter tells it. `whose` is empty where it is the reader's own, or nobody's."""

    what: str
    day: date
    clause: str
    whose: str
    is_late: bool


def issue_content(notice: Notice, reader: Reader) -> dict[str, Any]:
    """The context of the letter's templates. Raises Unwanted where the row names no issue."""
    issue, event = notice.issue, notice.event
    if issue is None:
        raise Unwanted
    words = _words_of(notice)
    return {
        "issue": issue,
        "answers": list(issue.given_answers.select_related("question")),
        "categories": ", ".join(category.name for category in issue.categories.all()),
        "author_name": _author_name(issue, notice, reader),
        "ground": _ground(issue) if event and event.kind in {"refused", "taken_down"} else "",
        "words": words,
        "words_photos": _addresses(issue, words.pk) if words is not None else [],
        "photos": _addresses(issue, None),
        "organisations": [one.organisation.name for one in issue.assignments.select_related("organisation")],
        "terms": _terms(issue, notice, reader),
        "link": notice.link,
        **_ways(issue, notice, reader),
    }


def _ways(issue: IssuePage, notice: Notice, reader: Reader) -> dict[str, str]:
    """Where the letter's button leads, with its words, and the public page beside it where that is another."""
    card = absolute(issue.city, issue.get_absolute_url())
    if notice.link is not None:
        return {"action_url": url_of(notice.link), "action": _("Open the private page"), "card_url": ""}
    if reader.cabinet:
        cabinet = reverse("opencity_issues:cabinet", args=[reader.cabinet])
        url = absolute(issue.city, f"{cabinet}?issue={issue.number}")
        return {"action_url": url, "action": _("Open in the cabinet"), "card_url": card if issue.is_published else ""}
    return {"action_url": card, "action": _("Open the issue's page"), "card_url": ""}


def _words_of(notice: Notice) -> Contribution | None:
    """What somebody wrote, and the letter is about; to citizens only what is public."""
    if notice.event is None or notice.event.contribution_id is None:
        return None
    found = Contribution.objects.filter(pk=notice.event.contribution_id, hidden_at=None)
    if may_be_stopped(notice):
        found = found.filter(kind__in=PUBLIC_KINDS)
    return found.first()


def _terms(issue: IssuePage, notice: Notice, reader: Reader) -> list[Term]:
    """The reader's own for an organisation and its people; for the control body, the moderator and citizens everybody's."""
    running = issue.deadlines.running().select_related("assignment__organisation").order_by("due_at")
    own = notice.organisation_id
    if notice.link is not None:
        running = running.filter(clause__in=EXECUTORS_CLAUSES, assignment_id=notice.link.assignment_id)
    elif is_to_followers(notice):
        running = running.filter(clause__in=FOLLOWERS_CLAUSES)
    elif may_be_stopped(notice):
        running = running.filter(clause__in=CITIZENS_CLAUSES)
    else:
        running = running.filter(clause__in=MISSABLE)
        if notice.organisation is not None and not notice.organisation.is_moderator:
            running = running.filter(assignment__organisation_id=own)
    calendar, now = issue.city.config.calendar(), timezone.now()

    def term(one: Deadline) -> Term:
        organisation = one.assignment.organisation if one.assignment else None
        return Term(
            what=one.what,
            day=calendar.last_day(one.due_at),
            clause=one.clause,
            whose=organisation.name if organisation and organisation.pk != own and notice.link is None else "",
            is_late=one.due_at <= now,
        )

    return [term(one) for one in running]


def _author_name(issue: IssuePage, notice: Notice, reader: Reader) -> str:
    """Organisations, their heads, control body and moderator see the author's name (2.6); others only where it is public."""
    if issue.author is None:
        return ""
    if may_be_stopped(notice) or notice.link is not None:
        return issue.public_author_name
    return issue.author.get_full_name()


def _ground(issue: IssuePage) -> str:
    known = {ground.value for ground in Ground}
    return str(GROUNDS[Ground(issue.refusal_ground)].words) if issue.refusal_ground in known else ""


def _addresses(issue: IssuePage, contribution_id: int | None) -> list[str]:
    """Links to the photos and videos that the public sees; a letter carries none that it does not."""
    if not issue.is_published:
        return []
    shown = issue.media.filter(hidden_at=None, contribution_id=contribution_id)
    return [absolute(issue.city, media.url("large")) for media in shown]
