"""Community projects (1.1) as pages show them: whose, what, when, for which issues, with what result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from opencity_issues.enums import Publication, UndertakingState
from opencity_issues.models import Category, District, IssueIndexPage, IssuePage, Organisation, Project
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.card.shown_media import ShownMedia
from opencity_issues.queries.community.initiatives import media_of
from opencity_issues.queries.issue_rows import issue_rows, with_row_parts

PROJECTS_AT_MOST = 200
SHOWN_ON_PAGE = 6


@dataclass(frozen=True)
class ShownProject:
    """A project with its issues as rows of a list, and what its result showed."""

    project: Project
    rows: Sequence[dict[str, object]]
    media: Sequence[ShownMedia]


def projects_of(city: IssueIndexPage) -> QuerySet[Project]:
    """The projects that the public sees, those under way first, each with `issue_count`."""
    published = Q(issues__publication=Publication.PUBLISHED)
    return (
        Project.objects.filter(city=city, hidden_at=None)
        .select_related("organisation", "category", "district")
        .annotate(issue_count=Count("issues", filter=published))
    )


def under_way(city: IssueIndexPage) -> QuerySet[Project]:
    """Those not over yet, the latest first."""
    return projects_of(city).filter(state=UndertakingState.PLANNED).order_by("-created_at", "-pk")


def of_need(city: IssueIndexPage, category: Category, district: District | None) -> list[Project]:
    """Those that were declared from one need and are not called off."""
    found = projects_of(city).filter(category=category, district=district).exclude(state=UndertakingState.CANCELLED)
    return list(found.order_by("-created_at", "-pk"))


def of_organisation(organisation: Organisation) -> list[Project]:
    """What the public sees on an organisation's page."""
    found = projects_of(organisation.city).filter(organisation=organisation)
    return list(found.exclude(state=UndertakingState.CANCELLED).order_by("-created_at", "-pk")[:SHOWN_ON_PAGE])


def by_state(projects: QuerySet[Project]) -> dict[str, list[Project]]:
    """Under way, done and called off, the latest first in each."""
    found: dict[str, list[Project]] = {state: [] for state in UndertakingState.values}
    for one in projects.order_by("-created_at", "-pk")[:PROJECTS_AT_MOST]:
        found[one.state].append(one)
    return found


def own_projects(organisation: Organisation) -> QuerySet[Project]:
    """All projects of an organisation, those hidden by the moderator included, for its cabinet."""
    published = Q(issues__publication=Publication.PUBLISHED)
    found = Project.objects.filter(organisation=organisation).annotate(issue_count=Count("issues", filter=published))
    return found.select_related("organisation").order_by("-created_at", "-pk")


def of_issue(issue: IssuePage) -> list[Project]:
    """The projects that take up an issue and are not called off, for its card."""
    found = Project.objects.filter(project_issues__issue=issue, hidden_at=None)
    return list(found.exclude(state=UndertakingState.CANCELLED).select_related("organisation").order_by("-created_at"))


def issues_of(project: Project) -> IssueQuerySet:
    """The project's issues that the public sees."""
    found = IssuePage.objects.filter(project_issues__project=project).published()
    return found.order_by("-support_count", "-number")  # type: ignore[no-any-return]


def show(project: Project, now: datetime) -> ShownProject:
    """A project's page: four queries and more by none, however many issues it has."""
    results = [
        one.result
        for one in project.project_issues.filter(issue__publication=Publication.PUBLISHED).select_related("result")
        if one.result is not None and one.result.hidden_at is None
    ]
    photos = media_of(results)
    return ShownProject(
        project=project,
        rows=issue_rows(with_row_parts(issues_of(project)), now),
        media=[media for one in results for media in photos.get(one.pk, [])],
    )
