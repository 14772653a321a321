"""Residents' meetings as pages show them (1.1, T3, T7): who organises only where he or she chose so, the rest as a number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, When
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from opencity_issues.enums import UNSOLVED, Publication, UndertakingState
from opencity_issues.models import (
    Contribution,
    Initiative,
    InitiativeTask,
    IssueIndexPage,
    IssuePage,
    Media,
    Participant,
)
from opencity_issues.queries.card.shown_media import ShownMedia
from opencity_issues.rules import Roles

COMING_AT_MOST = 60
DONE_AT_MOST = 12
LATELY = timedelta(days=180)


@dataclass(frozen=True)
class ShownTask:
    """`by`: the name of who has taken it, where that may be known; "" otherwise."""

    pk: int
    text: str
    is_taken: bool
    is_mine: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class BriefInitiative:
    """A meeting as a card tells it to one visitor."""

    initiative: Initiative
    count: int
    free_tasks: int
    has_joined: bool
    is_organiser: bool
    may_join: bool
    result: str

    @property
    def url(self) -> str:
        return self.initiative.get_absolute_url()

    def is_of_before(self, issue: IssuePage) -> bool:
        """Whether it was over before the issue was last opened: what was done then was not enough."""
        ended_at = self.initiative.ended_at
        return ended_at is not None and issue.opened_at is not None and ended_at < issue.opened_at


@dataclass(frozen=True, kw_only=True)
class ShownInitiative(BriefInitiative):
    """The same on its own page. `contact` and `names` are filled for those who take part alone."""

    issue: IssuePage
    organiser: str
    tasks: Sequence[ShownTask]
    may_report: bool
    contact: str
    names: Sequence[str]
    media: Sequence[ShownMedia]


def brief_of(issue: IssuePage, roles: Roles, now: datetime) -> BriefInitiative | None:
    """The meeting ahead of an issue, else the latest that was carried out; one query."""
    told = Initiative.objects.filter(issue=issue, hidden_at=None).exclude(state=UndertakingState.CANCELLED)
    found = _counted(told).select_related("result").order_by(Case(When(state="planned", then=0), default=1), "-pk")
    own = Participant.objects.filter(initiative=OuterRef("pk"), user_id=roles.user_id or 0)
    one = found.annotate(has_joined=Exists(own)).first()
    return BriefInitiative(**_seen(one, issue, roles, now, one.people, one.free_tasks, one.has_joined)) if one else None


def coming(city: IssueIndexPage, now: datetime) -> list[Initiative]:
    """The meetings ahead in a city, the next one first; `people` is how many take part."""
    ahead = _public(city).filter(
        state=UndertakingState.PLANNED, starts_at__gt=now - timedelta(hours=2), issue__status__in=UNSOLVED
    )
    return list(_counted(ahead).order_by("starts_at", "pk")[:COMING_AT_MOST])


def done(city: IssueIndexPage, now: datetime) -> list[Initiative]:
    """What residents have solved together lately, the latest first, each with `photo`: the address of one, or ""."""
    over = _public(city).filter(state=UndertakingState.DONE, ended_at__gt=now - LATELY)
    found = list(
        over.select_related("result").annotate(people=Count("participants")).order_by("-ended_at", "-pk")[:DONE_AT_MOST]
    )
    photos = media_of(one.result for one in found)
    for one in found:
        shown = [photo for photo in photos.get(one.result_id or 0, []) if not photo.is_hidden and photo.kind == "photo"]
        one.photo = shown[0].thumb if shown else ""  # type: ignore[attr-defined]
        one.words = one.result.text if one.result and one.result.hidden_at is None else ""  # type: ignore[attr-defined]
    return found


def _public(city: IssueIndexPage) -> QuerySet[Initiative]:
    return Initiative.objects.filter(
        issue__city=city, issue__publication=Publication.PUBLISHED, hidden_at=None
    ).select_related("issue")


def with_parts(initiatives: QuerySet[Initiative]) -> QuerySet[Initiative]:
    """The same, read so that `show` asks for nothing but the photos of a result."""
    return initiatives.select_related("organiser", "result").prefetch_related(
        Prefetch("tasks", InitiativeTask.objects.select_related("taken_by__opencity_citizen")),
        Prefetch("participants", Participant.objects.select_related("user__opencity_citizen").order_by("pk")),
    )


def show(initiative: Initiative, issue: IssuePage, roles: Roles, now: datetime) -> ShownInitiative:
    """What this visitor sees of one read by `with_parts`. `issue` comes as the page has read it."""
    people, tasks = list(initiative.participants.all()), list(initiative.tasks.all())
    has_joined = roles.user_id is not None and any(one.user_id == roles.user_id for one in people)
    free = sum(one.taken_by_id is None for one in tasks)
    seen = _seen(initiative, issue, roles, now, len(people), free, has_joined)
    is_ahead = _is_ahead(initiative, issue)
    return ShownInitiative(
        **seen,
        issue=issue,
        organiser=initiative.public_organiser_name or str(_("Resident")),
        tasks=[_task(one, roles, has_joined) for one in tasks],
        may_report=seen["is_organiser"] and is_ahead,
        contact=initiative.contact if has_joined and is_ahead else "",
        names=[name for one in people if (name := _name(one.user))] if has_joined else [],
        media=media_of([initiative.result]).get(initiative.result_id or 0, []) if seen["result"] else [],
    )


def _seen(
    initiative: Initiative, issue: IssuePage, roles: Roles, now: datetime, count: int, free: int, has_joined: bool
) -> dict[str, Any]:
    result = initiative.result
    is_open = _is_ahead(initiative, issue) and issue.status in UNSOLVED and initiative.ends_at > now
    return {
        "initiative": initiative,
        "count": count,
        "free_tasks": free,
        "has_joined": has_joined,
        "is_organiser": roles.user_id is not None and initiative.organiser_id == roles.user_id,
        "may_join": is_open and not roles.is_blocked,
        "result": result.text if result is not None and result.hidden_at is None else "",
    }


def _is_ahead(initiative: Initiative, issue: IssuePage) -> bool:
    return initiative.is_planned and initiative.hidden_at is None and issue.is_published


def _counted(initiatives: QuerySet[Initiative]) -> QuerySet[Initiative]:
    """With `people`, how many take part, and `free_tasks`."""
    free = Count("tasks", filter=Q(tasks__taken_by=None), distinct=True)
    return initiatives.annotate(people=Count("participants", distinct=True), free_tasks=free)


def transition_for(initiative: Initiative) -> str:
    """What the moderator may do on its ground by 3.2: T3 as long as it is ahead, T7 on its result; "" otherwise."""
    if initiative.hidden_at is not None:
        return ""
    return {UndertakingState.PLANNED: "T3", UndertakingState.DONE: "T7"}.get(UndertakingState(initiative.state), "")


def words_for(initiative: Initiative) -> str:
    """The moderator's words for it, ready to be changed."""
    if initiative.state == UndertakingState.DONE:
        return initiative.result.text if initiative.result and initiative.result.hidden_at is None else ""
    day = formats.date_format(timezone.localtime(initiative.starts_at), "j E Y")
    return _("Residents solve it by their own hands: they meet on %(day)s.") % {"day": day}


def media_of(results: Iterable[Contribution | None]) -> dict[int, list[ShownMedia]]:
    """Photos and videos by the result they came with; hidden ones too, to be named. One query."""
    found: dict[int, list[ShownMedia]] = {}
    keys = [one.pk for one in results if one is not None]
    for media in Media.objects.filter(contribution_id__in=keys).order_by("pk") if keys else ():
        found.setdefault(media.contribution_id or 0, []).append(ShownMedia.of(media))
    return found


def _task(task: InitiativeTask, roles: Roles, sees_names: bool) -> ShownTask:
    taker = task.taken_by
    return ShownTask(
        pk=task.pk,
        text=task.text,
        is_taken=taker is not None,
        is_mine=taker is not None and taker.pk == roles.user_id,
        by=_name(taker) if taker is not None and sees_names else "",
    )


def _name(user: Any) -> str:
    """A person's name by his or her own choice (2.6)."""
    citizen = getattr(user, "opencity_citizen", None)
    return str(user.get_full_name()) if citizen is not None and citizen.show_name else ""
