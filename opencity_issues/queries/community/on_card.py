"""What residents and organisations undertake for one issue (1.1), as its card shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from opencity_issues.enums import UNSOLVED, UndertakingState
from opencity_issues.models import Initiative, Project
from opencity_issues.queries.card.card import Card
from opencity_issues.queries.community import projects
from opencity_issues.queries.community.initiatives import ShownInitiative, show, shown_initiatives
from opencity_issues.rules import Roles


@dataclass(frozen=True)
class OnCard:
    """`initiative`: the one ahead, else the latest that was carried out."""

    initiative: ShownInitiative | None = None
    projects: Sequence[Project] = ()
    may_start: bool = False

    @property
    def is_there(self) -> bool:
        return self.initiative is not None or bool(self.projects)


def on_card(card: Card, roles: Roles, now: datetime) -> OnCard:
    """Asks the database nothing for an issue that nobody has undertaken anything for, which most are."""
    issue = card.issue
    is_open = issue.is_published and issue.status in UNSOLVED and not roles.is_blocked
    if not card.has_undertakings or not issue.is_published:
        return OnCard(may_start=is_open)
    told = shown_initiatives(issue).exclude(state=UndertakingState.CANCELLED)
    found = sorted(told.order_by("-created_at", "-pk"), key=lambda one: not one.is_planned)
    first: Initiative | None = found[0] if found else None
    return OnCard(
        initiative=show(first, issue, roles, now) if first is not None else None,
        projects=projects.of_issue(issue),
        may_start=is_open and (first is None or not first.is_planned),
    )
