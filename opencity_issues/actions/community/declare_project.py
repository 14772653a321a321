"""A registered organisation plans a charity or social project from the community's needs (1.1): declared, changed, carried out.

A project changes no status: the issue stays with the organisations that answer for it. Any organisation may declare one,
a business or an NGO without functions as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.community.undertakings import (
    CLAUSE,
    TEXT_LENGTH,
    faults_of,
    reason_of,
    refuse_faults,
    refuse_stop_words,
    require_planned,
)
from opencity_issues.actions.contribute import write_contribution
from opencity_issues.actions.record_event import Happening, locked_all, record_many
from opencity_issues.enums import UNSOLVED, ContributionKind, EventKind, Publication, UndertakingState
from opencity_issues.models import (
    Category,
    District,
    IssueIndexPage,
    IssuePage,
    Media,
    Organisation,
    Project,
    ProjectIssue,
)
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles

TITLE_LENGTH = 150
ISSUES_AT_MOST = 100
PLANNED_AT_MOST = 20
"""Projects that one organisation has under way at a time."""

LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class ProjectWords:
    """What is declared; both days are included. `numbers` are those of the issues that it takes up."""

    title: str
    text: str
    starts_on: date
    ends_on: date
    numbers: Sequence[int]


def declare(
    city: IssueIndexPage,
    words: ProjectWords,
    *,
    actor: Any,
    organisation: Organisation,
    category: Category | None = None,
    district: District | None = None,
    now: datetime | None = None,
) -> Project:
    """Declare a project for issues of the city that are published and not solved; `category` and `district` say of which need.

    It is shown on the cards, and the authors are written to. Raises NotPermitted, Missing.
    """
    now = now or timezone.now()
    with transaction.atomic():
        roles = _as_member(actor, organisation, city.pk)
        under_way = Project.objects.filter(organisation=organisation, state=UndertakingState.PLANNED, hidden_at=None)
        if under_way.count() >= PLANNED_AT_MOST:
            message = _("Your organisation has %(count)d projects under way already.") % {"count": PLANNED_AT_MOST}
            raise NotPossible(message, clause=CLAUSE)
        _check(words, city)
        issues = _taken_up(city, words.numbers)
        project = Project.objects.create(
            city=city,
            organisation=organisation,
            declared_by_id=roles.user_id,
            category=category,
            district=district,
            created_at=now,
            **_columns(words),
        )
        ProjectIssue.objects.bulk_create(ProjectIssue(project=project, issue=issue) for issue in issues)
        _record(project, EventKind.PROJECT_DECLARED, issues, roles, now)
    return project


def change(
    project: Project, words: ProjectWords, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Project:
    """Other words, days or issues; the authors of issues that come or go are written to."""
    now = now or timezone.now()
    with transaction.atomic():
        old = {one.number: one for one in _issues_of(project)}
        project, roles = _planned(project, actor, organisation)
        _check(words, project.city)
        come = _taken_up(project.city, [number for number in dict.fromkeys(words.numbers) if number not in old])
        gone = [issue for number, issue in old.items() if number not in words.numbers]
        for name, value in _columns(words).items():
            setattr(project, name, value)
        project.save()
        project.project_issues.filter(issue__in=gone).delete()
        ProjectIssue.objects.bulk_create(ProjectIssue(project=project, issue=issue) for issue in come)
        _record(project, EventKind.PROJECT_CANCELLED, gone, roles, now)
        _record(project, EventKind.PROJECT_DECLARED, come, roles, now)
    return project


def call_off(
    project: Project, reason: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Project:
    """The project will not be carried out; the reason is public."""
    now = now or timezone.now()
    with transaction.atomic():
        issues = _issues_of(project)
        project, roles = _planned(project, actor, organisation)
        project.cancel_reason = reason_of(reason)
        refuse_stop_words(project.city, {"reason": project.cancel_reason})
        project.state, project.ended_at = UndertakingState.CANCELLED, now
        project.save(update_fields=["state", "ended_at", "cancel_reason"])
        _record(project, EventKind.PROJECT_CANCELLED, issues, roles, now)
    return project


def report_result(
    project: Project,
    text: str,
    *,
    actor: Any,
    organisation: Organisation,
    media: Sequence[Media] = (),
    number: int | None = None,
    own_words: Mapping[int, str] | None = None,
    now: datetime | None = None,
) -> Project:
    """What was done, told on the card of each issue, in `own_words` of its number where there are any.

    A photo belongs to one card: that of issue `number`, else the first.
    """
    now = now or timezone.now()
    with transaction.atomic():
        issues = _issues_of(project)
        project, roles = _planned(project, actor, organisation)
        own = {one: words for one, words in (own_words or {}).items() if words.strip()}
        own_faults = faults_of({f"issue_{one}": (words, TEXT_LENGTH, False) for one, words in own.items()})
        refuse_faults(faults_of({"text": (text, TEXT_LENGTH, True)}) | own_faults)
        refuse_stop_words(project.city, {"text": text} | {f"issue_{one}": words for one, words in own.items()})
        shown = next((one for one in issues if one.number == number), issues[0] if issues else None)
        histories = []
        for issue in issues:
            files = media if issue is shown else ()
            result = write_contribution(
                issue,
                ContributionKind.PROJECT,
                own.get(issue.number, text),
                author=actor,
                organisation=organisation,
                now=now,
                media=files,
            )
            project.project_issues.filter(issue=issue).update(result=result)
            histories.append((issue, [_happening(project, EventKind.PROJECT_DONE, roles, now, contribution=result)]))
        project.state, project.ended_at, project.result = UndertakingState.DONE, now, text.strip()
        project.save(update_fields=["state", "ended_at", "result"])
        record_many(histories)
    return project


def _as_member(actor: Any, organisation: Organisation, city_id: int) -> Roles:
    roles = Roles.of(actor)
    if organisation.city_id != city_id or not rules.allows("declare_project", roles, organisation=organisation):
        raise NotPermitted(_("Only members of the organisation do this."), clause=CLAUSE)
    return roles


def _planned(project: Project, actor: Any, organisation: Organisation) -> tuple[Project, Roles]:
    """The locked project for a member of its own organisation."""
    project = Project.objects.select_for_update(of=("self",)).select_related("city__city_settings").get(pk=project.pk)
    roles = _as_member(actor, organisation, project.city_id)
    if project.organisation_id != organisation.pk:
        raise NotPermitted(_("This project is another organisation's."), clause=CLAUSE)
    require_planned(project)
    return project, roles


def _issues_of(project: Project) -> list[IssuePage]:
    """The project's issues, locked, always before the project itself; what is not public any more is left alone."""
    issues = locked_all(project.project_issues.values_list("issue_id", flat=True))
    return [one for one in issues if one.is_published]


def _taken_up(city: IssueIndexPage, numbers: Iterable[int]) -> list[IssuePage]:
    """The locked issues of these numbers. Raises Missing for what is not there, not public, or solved."""
    wanted = list(dict.fromkeys(numbers))
    found = IssuePage.objects.in_city(city).filter(
        number__in=wanted, publication=Publication.PUBLISHED, status__in=UNSOLVED
    )
    issues = locked_all(found.values_list("pk", flat=True))
    absent = sorted(set(wanted) - {one.number for one in issues})
    if absent:
        message = _("No open issue has this number: %(numbers)s.") % {"numbers": ", ".join(map(str, absent))}
        raise Missing(message, fields={"numbers": message}, clause=CLAUSE)
    return issues


def _check(words: ProjectWords, city: IssueIndexPage) -> None:
    faults = faults_of({"title": (words.title, TITLE_LENGTH, True), "text": (words.text, TEXT_LENGTH, True)})
    if words.ends_on < words.starts_on:
        faults["ends_on"] = _("The last day is before the first.")
    elif words.ends_on - words.starts_on > LONGEST:
        faults["ends_on"] = _("A project lasts three years at most.")
    if not words.numbers:
        faults["numbers"] = _("Choose at least one issue.")
    elif len(set(words.numbers)) > ISSUES_AT_MOST:
        faults["numbers"] = _("At most %(count)d issues.") % {"count": ISSUES_AT_MOST}
    refuse_faults(faults)
    refuse_stop_words(city, {"title": words.title, "text": words.text})


def _columns(words: ProjectWords) -> dict[str, Any]:
    return {
        "title": words.title.strip(),
        "text": words.text.strip(),
        "starts_on": words.starts_on,
        "ends_on": words.ends_on,
    }


def _happening(project: Project, kind: EventKind, roles: Roles, now: datetime, **said: Any) -> Happening:
    return Happening(
        kind=kind,
        at=now,
        actor_id=roles.user_id,
        organisation=project.organisation,
        data={"project": project.pk},
        **said,
    )


def _record(project: Project, kind: EventKind, issues: Sequence[IssuePage], roles: Roles, now: datetime) -> None:
    record_many([(issue, [_happening(project, kind, roles, now)]) for issue in issues])
