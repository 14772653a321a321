"""What the executor sees by the private link: one assignment's issue, and nothing that is between others (2.8, 4.4, 4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from opencity_issues.enums import ContributionKind
from opencity_issues.models import Assignment, Contribution, Deadline, ExecutorLink, IssuePage
from opencity_issues.models.contribution import PUBLIC_KINDS
from opencity_issues.queries.card.shown_media import ShownMedia
from opencity_issues.queries.map_piece import MapPiece, map_piece

MAP_WIDTH, MAP_HEIGHT = 360.0, 240.0
SAID_AT_MOST = 60


@dataclass(frozen=True)
class Said:
    """One thing that was said about the issue: by whom in a word, never a resident's name."""

    who: str
    kind: str
    text: str
    moment: datetime
    media: Sequence[ShownMedia]


@dataclass(frozen=True)
class ExecutorPage:
    """`author` is the author's name as an assigned organisation sees it; no contacts. `sent_back`: the latest reason."""

    link: ExecutorLink
    issue: IssuePage
    own: Assignment
    author: str
    media: Sequence[ShownMedia]
    said: Sequence[Said]
    deadlines: Sequence[Deadline]
    piece: MapPiece | None
    report: Contribution | None
    sent_back: Contribution | None


def executor_page(link: ExecutorLink) -> ExecutorPage:
    """Read the page of an open link."""
    own = link.assignment
    issue = own.issue
    words = _words(own)
    shown = [one for one in words if one.kind in PUBLIC_KINDS]
    exchange = [one for one in words if one.kind == ContributionKind.EXECUTED]
    latest = exchange[-1] if exchange else None
    return ExecutorPage(
        link=link,
        issue=issue,
        own=own,
        author=issue.author.get_full_name() if issue.author else "",
        media=[ShownMedia.of(one) for one in issue.media.filter(contribution=None, hidden_at=None)],
        said=[_said(one) for one in shown],
        deadlines=list(issue.deadlines.running().filter(assignment=own, clause="4.4")),
        piece=map_piece(issue.city, issue.location, width=MAP_WIDTH, height=MAP_HEIGHT, across=420, letter=9)
        if issue.location
        else None,
        report=latest if latest is not None and own.executor_done_at is not None else None,
        sent_back=latest if latest is not None and latest.author_id is not None and not own.executor_done_at else None,
    )


def _words(own: Assignment) -> list[Contribution]:
    """What is public about the issue, and the exchange about this executor's report, oldest first."""
    public = Q(kind__in=PUBLIC_KINDS, hidden_at=None)
    exchange = Q(kind=ContributionKind.EXECUTED, organisation=own.organisation)
    if own.accepted_at is not None:
        exchange &= Q(created_at__gte=own.accepted_at)
    found = Contribution.objects.filter(public | exchange, issue=own.issue)
    newest = found.select_related("organisation").prefetch_related("media").order_by("-created_at", "-pk")
    return list(newest[:SAID_AT_MOST])[::-1]


def _said(words: Contribution) -> Said:
    return Said(
        who=words.organisation.name if words.organisation else "",
        kind=str(words.get_kind_display()),
        text=words.text,
        moment=words.created_at,
        media=[ShownMedia.of(one) for one in words.media.all() if one.hidden_at is None],
    )
