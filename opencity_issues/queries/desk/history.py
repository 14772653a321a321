"""An issue's whole history for those who may see its desk view: who did what when, in which role, for which organisation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from opencity_issues import rules
from opencity_issues.enums import Party
from opencity_issues.models import Category, Contribution, Correction, Event, IssuePage, Organisation
from opencity_issues.queries.card.timeline import Entry, Sources, tell
from opencity_issues.rules import Roles

STAFF = frozenset({Party.RESPONSIBLE_WORKER, Party.CONTROL_BODY, Party.MODERATOR})

COLUMNS: tuple[Promise, ...] = (
    pgettext_lazy("column", "No."),
    pgettext_lazy("column", "When"),
    pgettext_lazy("column", "Recorded"),
    pgettext_lazy("column", "What"),
    pgettext_lazy("column", "Transition"),
    pgettext_lazy("column", "Status before"),
    pgettext_lazy("column", "Status after"),
    pgettext_lazy("column", "Role"),
    pgettext_lazy("column", "Person"),
    pgettext_lazy("column", "Organisation"),
    pgettext_lazy("column", "In words"),
    pgettext_lazy("column", "Text"),
)


@dataclass(frozen=True)
class HistoryOf:
    """Whose eyes it is for: a member, with these roles, at the desk of this organisation."""

    issue: IssuePage
    organisation: Organisation
    roles: Roles
    now: datetime


def history_rows(asked: HistoryOf) -> Iterator[list[str | int | datetime | None]]:
    """One row an event, oldest first. Names of staff and of their organisations; of citizens at most the author's name."""
    issue = asked.issue
    events = list(Event.objects.filter(issue=issue).select_related("organisation", "actor").order_by("sequence"))
    by_sequence = {event.sequence: event for event in events}
    author_name = _author_name(asked)
    for entry in reversed(_entries(asked, events, author_name)):
        event = by_sequence[entry.sequence]
        yield [
            event.sequence,
            _local(event.at, asked),
            _local(event.recorded_at, asked),
            str(event.get_kind_display()),
            event.transition,
            str(event.get_source_display()) if event.source else "",
            str(event.get_target_display()) if event.target else "",
            str(event.get_party_display()) if event.party else "",
            _person(event, issue, author_name),
            event.organisation.name if event.organisation else "",
            entry.title,
            _text(entry),
        ]


def _entries(asked: HistoryOf, events: list[Event], author_name: str) -> list[Entry]:
    """What of the events this reader is told, each by itself, newest first."""
    issue, organisation = asked.issue, asked.organisation
    calendar = issue.city.config.calendar()
    corrections: dict[int, list[Correction]] = {}
    for correction in Correction.objects.filter(event__issue=issue):
        corrections.setdefault(correction.event_id, []).append(correction)
    reads_all = organisation.is_control_body or organisation.is_moderator
    return tell(
        Sources(
            issue=issue,
            events=events,
            contributions={one.pk: one for one in Contribution.objects.filter(issue=issue)},
            media={},
            corrections=corrections,
            categories={one.code: one for one in Category.objects.all()},
            calendar=calendar,
            today=timezone.localdate(asked.now, calendar.tz),
            author_name=author_name,
            sees_desk=rules.allows("see_desk_view", asked.roles, issue),
            is_author=False,
            notes_of=organisation.pk,
            complaints_of=None if reads_all else frozenset({organisation.pk}),
            apart=True,
        )
    )


def _author_name(asked: HistoryOf) -> str:
    issue = asked.issue
    if issue.author is not None and rules.allows("see_author_name", asked.roles, issue):
        return issue.author.get_full_name()
    return issue.public_author_name


def _person(event: Event, issue: IssuePage, author_name: str) -> str:
    """A member of staff by name; of citizens the author alone, as this reader may know him or her."""
    if event.actor_id is None:
        return ""
    if event.party in STAFF:
        return event.actor.get_full_name() if event.actor else ""
    return author_name if event.actor_id == issue.author_id else ""


def _text(entry: Entry) -> str:
    changes = [f"{one.part}: {one.before} → {one.after}" for one in entry.changes]
    return "\n".join([entry.text, *changes]).strip()


def _local(moment: datetime, asked: HistoryOf) -> datetime:
    """The city's wall clock: table programs know no time zones."""
    return timezone.localtime(moment, asked.issue.city.config.zone).replace(tzinfo=None)
