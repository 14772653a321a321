"""What the clock has brought about, comparable between two runs of the same story."""

from typing import Any

from opencity_issues.models import Contribution, Deadline, Event, IssuePage, MapCell, Notice


def clock_log() -> dict[str, list[tuple[Any, ...]]]:
    """Events, marks on deadlines, statuses, messages and letters, in an order that does not depend on when they were written."""
    events = Event.objects.values_list("issue_id", "at", "kind", "transition", "organisation_id", "party")
    deadlines = Deadline.objects.values_list(
        "issue_id", "clause", "assignment_id", "started_at", "due_at", "met_at", "missed_at", "warned_at", "repeated_at"
    )
    return {
        "events": sorted(events),
        "deadlines": sorted(deadlines, key=str),
        "issues": sorted(IssuePage.objects.values_list("pk", "status", "archived_at", "repeated_at"), key=str),
        "messages": sorted(Contribution.objects.values_list("issue_id", "created_at", "kind", "text")),
        "letters": sorted(Notice.objects.values_list("issue_id", "template", "recipient")),
        "map": sorted(_counts()),
    }


def _counts() -> Any:
    return MapCell.objects.exclude(count=0).values_list("status", "category_id", "zoom", "cx", "cy", "count")
