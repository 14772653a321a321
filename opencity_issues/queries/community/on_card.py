"""What residents and organisations undertake for one issue (1.1), as its card shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from opencity_issues.enums import UNSOLVED, EventKind
from opencity_issues.models import Project
from opencity_issues.queries.card.card import Card
from opencity_issues.queries.community import projects
from opencity_issues.queries.community.initiatives import BriefInitiative, brief_of
from opencity_issues.rules import Roles


@dataclass(frozen=True)
class OnCard:
    """`initiative`: the one ahead, else the latest that was carried out."""

    initiative: BriefInitiative | None = None
    projects: Sequence[Project] = ()
    may_start: bool = False

    @property
    def is_there(self) -> bool:
        return self.initiative is not None or bool(self.projects)


def on_card(card: Card, roles: Roles, now: datetime) -> OnCard:
    """Asks the database nothing for an issue that nobody has undertaken anything for, which most are."""
    issue = card.issue
    is_open = issue.is_published and issue.status in UNSOLVED and not roles.is_blocked
    if not card.undertaken or not issue.is_published:
        return OnCard(may_start=is_open)
    initiative = brief_of(issue, roles, now) if EventKind.INITIATIVE_STARTED in card.undertaken else None
    return OnCard(
        initiative=initiative,
        projects=projects.of_issue(issue) if EventKind.PROJECT_DECLARED in card.undertaken else [],
        may_start=is_open and (initiative is None or initiative.is_of_before(issue)),
    )
