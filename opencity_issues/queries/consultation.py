"""What consultation shows (5.5, 5.6): questions as each cabinet may read them, plans, seminars, and the figures for reports.

A question may be embarrassing, before the control body above all. So who asked, and about which issue, is read by the
asker's own organisation and by the moderator alone; other cabinets read an answered question without either, and only
where the asker left it shared.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from opencity_issues.enums import Way
from opencity_issues.models import (
    Attendance,
    Consultation,
    ConsultationPlan,
    Instruction,
    IssueIndexPage,
    Organisation,
    PlanItem,
    Seminar,
)

ROWS = 15
WORDS_AT_MOST = 6


@dataclass(frozen=True)
class Question:
    """A question as its reader may see it: `asker`, `organisation` and `number` are empty where they are hidden."""

    pk: int
    question: str
    answer: str
    way: str
    asked_at: datetime
    answered_at: datetime | None
    is_own: bool
    shared: bool
    organisation: str
    asker: str
    number: int | None


@dataclass
class Questions:
    """What a cabinet's room of consultations shows: what waits for an answer, and a page of what was answered."""

    waiting: list[Question]
    page: Page[Consultation]
    answered: list[Question]


def questions(organisation: Organisation, text: str = "", page: int | str = 1) -> Questions:
    """Waiting questions, oldest first: one's own, to the moderator all; and answered ones that hold all the words, newest first."""
    of_city = Consultation.objects.filter(city=organisation.city_id).select_related("organisation", "asked_by", "issue")
    waiting, answered = of_city.filter(answered_at=None), of_city.filter(answered_at__isnull=False)
    if not organisation.is_moderator:
        waiting = waiting.filter(organisation=organisation)
        answered = answered.filter(Q(organisation=organisation) | Q(shared=True))
    found = Paginator(_with_words(answered, text).order_by("-answered_at", "-pk"), ROWS).get_page(page)
    return Questions(
        [_seen_by(organisation, one) for one in waiting.order_by("asked_at", "pk")],
        found,
        [_seen_by(organisation, one) for one in found],
    )


def awaiting(organisation: Organisation) -> int:
    """What of consultation waits for this organisation: questions and plans for the moderator, returned plans for control.

    One query for these two, none for others.
    """
    plans = ConsultationPlan.objects.filter(city=organisation.city_id, agreed_at=None)
    sets: list[QuerySet[Any]] = []
    if organisation.is_moderator:
        sets = [
            Consultation.objects.filter(city=organisation.city_id, answered_at=None),
            plans.filter(sent_at__isnull=False),
        ]
    if organisation.is_control_body:
        sets.append(plans.filter(sent_at=None).exclude(remarks=""))
    if not sets:
        return 0
    first, *others = (one.order_by().values("pk") for one in sets)
    return first.union(*others, all=True).count() if others else first.count()


def waiting_question(organisation: Organisation, pk: int) -> Consultation | None:
    """A question that the moderator may answer, or None."""
    if not organisation.is_moderator:
        return None
    return Consultation.objects.filter(city=organisation.city_id, pk=pk).select_related("organisation").first()


def _seen_by(reader: Organisation, one: Consultation) -> Question:
    is_own = one.organisation_id == reader.pk
    sees_all = is_own or reader.is_moderator
    asker = one.asker_name or (one.asked_by.get_full_name() if one.asked_by else "")
    return Question(
        pk=one.pk,
        question=one.question,
        answer=one.answer,
        way=one.get_way_display() if one.way != Way.SYSTEM else "",
        asked_at=one.asked_at,
        answered_at=one.answered_at,
        is_own=is_own,
        shared=one.shared,
        organisation=one.organisation.name if sees_all else "",
        asker=asker if sees_all else "",
        number=one.issue.number if sees_all and one.issue else None,
    )


def _with_words(found: QuerySet[Consultation], text: str) -> QuerySet[Consultation]:
    for word in text.split()[:WORDS_AT_MOST]:
        condition = Q()
        # SQLite folds the case of Latin letters only; people search in Cyrillic.
        for spelling in {word, word.lower(), word.capitalize(), word.upper()}:
            condition |= Q(question__icontains=spelling) | Q(answer__icontains=spelling)
        found = found.filter(condition)
    return found


def plans_of(organisation: Organisation) -> list[ConsultationPlan]:
    """The plans that a cabinet may see, each with `state`: drafts only the control body, sent ones the moderator too."""
    found = ConsultationPlan.objects.filter(city=organisation.city_id).select_related("set_by", "agreed_by")
    if not organisation.is_control_body:
        seen = Q(agreed_at__isnull=False)
        if organisation.is_moderator:
            seen |= Q(sent_at__isnull=False)
        found = found.filter(seen)
    found = found.annotate(
        replaced=_replaced(), measures=Count("items"), done=Count("items", filter=Q(items__done_at__isnull=False))
    )
    plans = list(found.order_by("-first_day", "-pk"))
    for plan in plans:
        plan.state = _state(plan)  # type: ignore[attr-defined]
    return plans


def plan_of(organisation: Organisation, pk: int) -> ConsultationPlan | None:
    """One plan that a cabinet may see, or None."""
    return next((plan for plan in plans_of(organisation) if plan.pk == pk), None)


def _replaced() -> Exists:
    """Whether a plan that was agreed later took the place of one, being for the same days."""
    later = ConsultationPlan.objects.filter(
        city=OuterRef("city"),
        agreed_at__gt=OuterRef("agreed_at"),
        first_day__lte=OuterRef("last_day"),
        last_day__gte=OuterRef("first_day"),
    )
    return Exists(later)


def _state(plan: Any) -> str:
    """One of "draft", "returned", "sent", "agreed", and "replaced" by one that was agreed later for the same days."""
    if plan.agreed_at is not None:
        return "replaced" if plan.replaced else "agreed"
    if plan.sent_at is not None:
        return "sent"
    return "returned" if plan.remarks else "draft"


def seminars_of(city_id: int, user_id: int) -> QuerySet[Seminar]:
    """The seminars of a city, each with `expected`, `came` and `mine`: how many are on the list, how many came, whether I am."""
    mine = Attendance.objects.filter(seminar=OuterRef("pk"), user_id=user_id)
    return (
        Seminar.objects.filter(city=city_id)
        .select_related("held_by")
        .annotate(
            expected=Count("attendance"), came=Count("attendance", filter=Q(attendance__came=True)), mine=Exists(mine)
        )
    )


def with_people(seminars: QuerySet[Seminar]) -> QuerySet[Seminar]:
    """The same, with who is on the list."""
    rows = Attendance.objects.select_related("organisation", "user").order_by("organisation__name_uk", "pk")
    return seminars.prefetch_related(Prefetch("attendance", rows))


def instructions_of(city_id: int) -> QuerySet[Instruction]:
    """What is published to the cabinets and not withdrawn, newest first."""
    return Instruction.objects.filter(city=city_id, withdrawn_at=None).select_related("published_by")


@dataclass(frozen=True)
class ConsultationFigures:
    """Consultation in a period. `median_answer` is over the questions of the System answered in it, None without any:
    what was noted from a call was answered at once and would only flatter it.
    """

    asked: int
    answered: int
    by_way: dict[str, int] = field(default_factory=dict)
    """How many were answered in each way (`enums.Way`)."""
    median_answer: timedelta | None = None
    waiting: int = 0
    """Asked by the end of the period and not answered by then."""
    seminars: int = 0
    attended: int = 0
    """People at these seminars together, whoever came twice counted twice."""
    organisations: int = 0
    """Organisations that somebody came from."""
    instructions: int = 0
    measures_due: int = 0
    """Measures of agreed plans whose day lies in the period."""
    measures_done: int = 0


def consultation_figures(city: IssueIndexPage, first_day: date, last_day: date) -> ConsultationFigures:
    """The figures of consultation for the reports of 5.4; both days belong to the period, in the city's time zone."""
    zone = city.config.zone
    begin = datetime.combine(first_day, time.min, tzinfo=zone)
    end = datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=zone)
    asked = Consultation.objects.filter(city=city)
    answered = list(
        asked.filter(answered_at__gte=begin, answered_at__lt=end).values_list("way", "asked_at", "answered_at")
    )
    seminars = Seminar.objects.filter(city=city, starts_at__gte=begin, starts_at__lt=end, cancelled_at=None)
    people = Attendance.objects.filter(seminar__in=seminars, came=True)
    due = _measures_due(city, first_day, last_day)
    return ConsultationFigures(
        asked=asked.filter(asked_at__gte=begin, asked_at__lt=end).count(),
        answered=len(answered),
        by_way={way: sum(one[0] == way for one in answered) for way in Way.values},
        median_answer=_median(after - before for way, before, after in answered if way == Way.SYSTEM and after),
        waiting=asked.filter(asked_at__lt=end).filter(Q(answered_at=None) | Q(answered_at__gte=end)).count(),
        seminars=seminars.count(),
        attended=people.count(),
        organisations=people.values("organisation").distinct().count(),
        instructions=Instruction.objects.filter(city=city, published_at__gte=begin, published_at__lt=end).count(),
        measures_due=len(due),
        measures_done=sum(item.done_at is not None and item.done_at < end for item in due),
    )


def _measures_due(city: IssueIndexPage, first_day: date, last_day: date) -> list[PlanItem]:
    plans = ConsultationPlan.objects.filter(~_replaced(), city=city, agreed_at__isnull=False)
    return list(PlanItem.objects.filter(plan__in=plans, due_on__range=(first_day, last_day)))


def _median(spans: Iterable[timedelta]) -> timedelta | None:
    seconds = [span.total_seconds() for span in spans]
    return timedelta(seconds=median(seconds)) if seconds else None
