"""Past issues of one source: compared with what was imported before, told, and written all together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencity_issues.actions.city.imports.plan import Outcome, Plan, State, planned
from opencity_issues.actions.past_issues.past_issue import RANK, PastIssue
from opencity_issues.actions.past_issues.read_past import resolve
from opencity_issues.actions.past_issues.vocabulary import Vocabulary
from opencity_issues.actions.past_issues.write_past import PastWriter
from opencity_issues.enums import Status
from opencity_issues.models import CitySettings, Event, ImportedIssue, IssueIndexPage
from opencity_issues.models.map_cell import recount
from opencity_issues.procedure.moderation import find_stop_words
from opencity_issues.procedure.refusals import Missing
from opencity_issues.tables.fault import Fault
from opencity_issues.tables.read_table import Table

LINES_TOLD = 10


def import_past(
    city: IssueIndexPage,
    table: Table,
    *,
    source: str,
    words: Vocabulary,
    photos: Path | None = None,
    dry_run: bool = False,
    now: datetime | None = None,
) -> Plan:
    """Bring the issues of a table into a city under their numbers of `source`; a second time changes nothing.

    `photos` is the folder that the photos' names are looked up in. No letter is sent. Issues that people have acted on
    here since their import are left alone, and told in the notes.
    """
    now = now or timezone.now()
    made = planned(table)
    with transaction.atomic():
        CitySettings.objects.select_for_update().filter(city=city).first()
        pasts = resolve(city, table, words, now)
        fresh, changed = _compare(city, source, pasts, made)
        writer = PastWriter(city, source, now, photos)
        _check(city, pasts, writer, photos, made)
        if made.faults or dry_run or not (fresh or changed):
            return made
        try:
            with transaction.atomic():
                writer.add(fresh)
                for known, past in changed:
                    writer.renew(known, past)
        except Missing as refusal:
            made.faults.append(Fault(0, "photos", str(refusal.message).rstrip(".")))
            return made
        # Whole cities are counted at once: thousands of issues have moved. The statistics follow their marks.
        recount(city)
    return made


def _compare(
    city: IssueIndexPage, source: str, pasts: Sequence[PastIssue], made: Plan
) -> tuple[list[PastIssue], list[tuple[ImportedIssue, PastIssue]]]:
    """Those that are new, and those that the source tells otherwise than before."""
    rows = ImportedIssue.objects.filter(city=city, source=source).select_related("issue")
    known = {one.external_id: one for one in rows}
    acted_on = _acted_on(city, source)
    fresh: list[PastIssue] = []
    changed: list[tuple[ImportedIssue, PastIssue]] = []
    left: list[str] = []
    for past in pasts:
        row = known.get(past.external_id)
        state = State.SAME
        if row is None:
            state = State.NEW
            fresh.append(past)
        elif row.digest != past.digest:
            goes_back = past.rank < min(RANK[Status(row.issue.status)], RANK[Status.CLOSED])
            if row.issue_id in acted_on or goes_back:
                left.append(past.external_id)
            else:
                state = State.CHANGED
                changed.append((row, past))
        made.outcomes.append(Outcome(past.line, f"{past.external_id} {past.title}", state))
    if left:
        text = ngettext(
            "%(count)d issue was acted on here since, or has gone back there, and is left as it is: %(numbers)s.",
            "%(count)d issues were acted on here since, or have gone back there, and are left as they are: %(numbers)s.",
            len(left),
        )
        made.notes.append(text % {"count": len(left), "numbers": ", ".join(left[:LINES_TOLD])})
    return fresh, changed


def _acted_on(city: IssueIndexPage, source: str) -> set[int]:
    """Issues of the source to which a person has done something here; what the clock alone has done is no deed."""
    later = Event.objects.filter(
        issue__imported__city=city,
        issue__imported__source=source,
        sequence__gt=F("issue__imported__event_count"),
        actor__isnull=False,
    )
    return set(later.values_list("issue_id", flat=True))


def _is_photo(folder: Path | None, name: str) -> bool:
    """Whether a name leads to a file inside the folder."""
    if folder is None:
        return False
    file = (folder / name).resolve()
    return file.is_relative_to(folder.resolve()) and file.is_file()


def _check(
    city: IssueIndexPage, pasts: Sequence[PastIssue], writer: PastWriter, photos: Path | None, made: Plan
) -> None:
    """What a line alone cannot know: whose an issue was, whether its photos are there, and the city's stop-list."""
    suspect = []
    for past in pasts:
        history = writer.history(past)
        if past.rank and not history.organisations and history.control is None:
            words = _("nobody here could have taken it: name an organisation, or enter the control body first")
            made.faults.append(Fault(past.line, "organisation", words))
        for name in past.photos if photos is not None else ():
            if not _is_photo(photos, name):
                made.faults.append(Fault(past.line, "photos", _("there is no file “%(name)s”") % {"name": name}))
        if find_stop_words(f"{past.title}\n{past.description}\n{past.address}", city.config.stop_list):
            suspect.append(str(past.line))
    if suspect:
        text = ngettext(
            "%(count)d issue has words of the stop-list and is published all the same; line %(lines)s.",
            "%(count)d issues have words of the stop-list and are published all the same; lines %(lines)s.",
            len(suspect),
        )
        made.notes.append(text % {"count": len(suspect), "lines": ", ".join(suspect[:LINES_TOLD])})
