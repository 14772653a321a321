"""Past issues on their way into the tables: new ones many at a time, those that have changed there one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from shapely import prepared
from shapely.geometry import Point, shape

from opencity_issues.actions.hang_issues import hang_many
from opencity_issues.actions.past_issues.history import History
from opencity_issues.actions.past_issues.past_issue import RANK, PastIssue
from opencity_issues.actions.record_event import Happening, locked, record, record_many, write
from opencity_issues.actions.route_issue import receivers_of
from opencity_issues.actions.take_media import take
from opencity_issues.enums import EventKind, Party, Publication, Status
from opencity_issues.models import (
    Assignment,
    Category,
    Contribution,
    Correction,
    Deadline,
    District,
    ImportedIssue,
    IssueCategory,
    IssueIndexPage,
    IssuePage,
    Media,
    Organisation,
)

BATCH = 500


class PastWriter:
    """Writes the past issues of one source into a city; call it inside a transaction."""

    def __init__(self, city: IssueIndexPage, source: str, now: datetime, photos: Path | None) -> None:
        self.city, self.source, self.now, self.photos = city, source, now, photos
        self.calendar = city.config.calendar()
        bodies = Organisation.objects.active().filter(city=city, is_control_body=True)
        self.control = bodies.order_by("pk").first()
        self.outlines = [(one.pk, prepared.prep(shape(one.outline))) for one in District.objects.filter(city=city)]
        self.lineages = {row[0]: row for row in Category.objects.all().lineages()}
        self.receivers: dict[int, list[Organisation]] = {}

    def history(self, past: PastIssue) -> History:
        """Its past with those who had it: who is named, else whom the matrix names for the category now."""
        return History(past, self._organisations(past), self.control, self.calendar, self.now)

    def _organisations(self, past: PastIssue) -> list[Organisation]:
        if past.organisation is not None:
            return [past.organisation]
        key = past.category.pk
        if key not in self.receivers:
            self.receivers[key] = receivers_of(self.city, [self.lineages[key]])
        return self.receivers[key]

    # --- new ones ------------------------------------------------------------------------------------------------------

    def add(self, pasts: Sequence[PastIssue]) -> None:
        """Write new issues, a constant number of statements a batch; photos one by one."""
        for start in range(0, len(pasts), BATCH):
            self._add([self.history(past) for past in pasts[start : start + BATCH]])

    def _add(self, histories: Sequence[History]) -> None:
        issues = hang_many(self.city, [self._page(history) for history in histories])
        pairs = list(zip(issues, histories, strict=True))
        IssueCategory.objects.bulk_create(
            IssueCategory(issue=issue, category=history.past.category) for issue, history in pairs
        )
        assignments: dict[int, list[Assignment]] = {issue.pk: [] for issue in issues}
        for one in Assignment.objects.bulk_create(
            Assignment(issue=issue, organisation=organisation, **history.assignment(organisation))
            for issue, history in pairs
            for organisation in history.organisations
        ):
            assignments[one.issue_id].append(one)
        written = Contribution.objects.bulk_create(
            answer for issue, history in pairs if (answer := history.answer(issue)) is not None
        )
        answers = {one.issue_id: one for one in written}
        Deadline.objects.bulk_create(
            clock for issue, history in pairs for clock in history.deadlines(issue, assignments[issue.pk])
        )
        record_many([(issue, history.happenings(answers.get(issue.pk))) for issue, history in pairs])
        ImportedIssue.objects.bulk_create(
            ImportedIssue(
                issue=issue,
                city=self.city,
                source=self.source,
                external_id=history.past.external_id,
                digest=history.past.digest,
                event_count=issue.event_count,
                imported_at=self.now,
            )
            for issue, history in pairs
        )
        for issue, history in pairs:
            self._add_photos(issue, history.past)

    def _page(self, history: History) -> IssuePage:
        past = history.past
        issue = IssuePage(
            title=past.title,
            description=past.description,
            address=past.address,
            publication=Publication.PUBLISHED,
            status=history.status,
            submitted_at=past.submitted_at,
            published_at=past.submitted_at,
            opened_at=past.submitted_at,
            **history.columns(),
        )
        issue.place_at(past.location)
        issue.district_id = self._district(past)
        return issue

    def _district(self, past: PastIssue) -> int | None:
        if past.location is None:
            return None
        return next((key for key, outline in self.outlines if outline.covers(Point(*past.location))), None)

    def _add_photos(self, issue: IssuePage, past: PastIssue) -> None:
        """Through the same gate as everybody's photos. Raises Missing where one does not pass."""
        if self.photos is None:
            return
        for name in past.photos:
            content = (self.photos / name).read_bytes()
            media = take(SimpleUploadedFile(Path(name).name, content), now=past.submitted_at).media
            Media.objects.filter(pk=media.pk).update(issue=issue)

    # --- changed ones --------------------------------------------------------------------------------------------------

    def renew(self, known: ImportedIssue, past: PastIssue) -> None:
        """Bring an issue that nobody has acted on here to what the source says now; it only ever goes forward."""
        issue, history = locked(known.issue), self.history(past)
        self._correct(issue, past)
        if RANK[history.status] > RANK[Status(issue.status)]:
            self._go_on(issue, history)
        ImportedIssue.objects.filter(pk=known.pk).update(
            digest=past.digest, event_count=issue.event_count, imported_at=self.now
        )

    def _correct(self, issue: IssuePage, past: PastIssue) -> None:
        """Words, place and category, with the trace that every correction leaves."""
        kept = list(issue.categories.all())
        said: dict[str, tuple[Any, Any]] = {
            "title": (issue.title, past.title),
            "description": (issue.description, past.description),
            "address": (issue.address, past.address),
            "location": (issue.location, past.location),
            "categories": (kept[0].code if kept else "", past.category.code),
        }
        traces = {name: pair for name, pair in said.items() if pair[0] != pair[1]}
        if not traces:
            return
        issue.place_at(past.location)
        place = {name: getattr(issue, name) for name in ("lng", "lat", "mx", "my")}
        words = {"title": past.title, "draft_title": past.title, "description": past.description}
        write(issue, **words, **place, address=past.address, district_id=self._district(past))
        if "categories" in traces:
            issue.issue_categories.all().delete()
            IssueCategory.objects.create(issue=issue, category=past.category)
        event = record(
            issue,
            EventKind.CORRECTED,
            at=self.now,
            party=Party.SYSTEM,
            data={"fields": list(traces), "imported": True},
            notify=False,
        )
        Correction.objects.bulk_create(
            Correction(event=event, field=name, before=_words(before), after=_words(after))
            for name, (before, after) in traces.items()
        )

    def _go_on(self, issue: IssuePage, history: History) -> None:
        """The steps that came after what was known, with the assignments and clocks as they are now."""
        rank = RANK[Status(issue.status)]
        assignments = list(issue.assignments.all())
        for one in assignments:
            columns = {name: value for name, value in history.assignment(one.organisation).items() if name != "sent_at"}
            Assignment.objects.filter(pk=one.pk).update(**columns)
        Deadline.objects.running().filter(issue=issue).update(cancelled_at=self.now)
        # The same organisations go on that had it, whatever the matrix says by now.
        had = History(history.past, [one.organisation for one in assignments], self.control, self.calendar, self.now)
        Deadline.objects.bulk_create(had.deadlines(issue, assignments))
        answer = had.answer(issue)
        if answer is not None:
            answer.save()
        write(issue, status=had.status, **had.columns())
        steps: list[Happening] = had.happenings(answer, known=rank)
        record_many([(issue, steps)])


def _words(value: Any) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value or "")
