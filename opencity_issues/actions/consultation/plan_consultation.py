"""The plan of consultations (5.5): the control body sets it, the moderator agrees or returns it, and ticks what is done.

Once agreed it stands as it is: a change begins as a copy, and takes the old one's place when it is agreed in its turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues.actions.consultation.consult import TEXT_LENGTH, moderators_of, require, written
from opencity_issues.actions.letters.consultation_letters import notify
from opencity_issues.enums import Way
from opencity_issues.models import ConsultationPlan, IssueIndexPage, Organisation, PlanItem
from opencity_issues.procedure.refusals import Missing, NotPossible

MEASURE_LENGTH = 250
MEASURES_AT_MOST = 60


@dataclass(frozen=True)
class Measure:
    """One line of a plan: what, in which way (`enums.Way`), by which day."""

    what: str
    way: str = Way.PHONE
    due_on: date | None = None


@dataclass(frozen=True)
class PlanWords:
    """What a plan says. Days are the city's; both belong to the period."""

    first_day: date
    last_day: date
    text: str = ""
    measures: Sequence[Measure] = field(default_factory=tuple)


def set_plan(
    city: IssueIndexPage, words: PlanWords, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> ConsultationPlan:
    """A new plan of the control body, not yet sent to the moderator."""
    with transaction.atomic():
        require("plan_consultation", actor=actor, organisation=organisation, city_id=city.pk, clause="5.5")
        _check(words)
        plan = ConsultationPlan.objects.create(
            city=city,
            set_by=organisation,
            created_at=now or timezone.now(),
            first_day=words.first_day,
            last_day=words.last_day,
            text=words.text.strip(),
        )
        _write_measures(plan, words.measures)
    return plan


def change_plan(
    plan: ConsultationPlan, words: PlanWords, *, actor: Any, organisation: Organisation
) -> ConsultationPlan:
    """Write a plan anew that is not with the moderator; an agreed one stays, and what was written becomes its copy."""
    with transaction.atomic():
        plan = _locked(plan)
        require("plan_consultation", actor=actor, organisation=organisation, city_id=plan.city_id, clause="5.5")
        _check(words)
        if plan.agreed_at is not None:
            return _copy(plan, words, organisation)
        if plan.sent_at is not None:
            raise NotPossible(_("The plan is with the moderator now."), clause="5.5", state="sent")
        plan.first_day, plan.last_day, plan.text = words.first_day, words.last_day, words.text.strip()
        plan.save(update_fields=["first_day", "last_day", "text"])
        plan.items.all().delete()
        _write_measures(plan, words.measures)
    return plan


def discard_plan(plan: ConsultationPlan, *, actor: Any, organisation: Organisation) -> None:
    """Throw away a plan that is not with the moderator and was never agreed."""
    with transaction.atomic():
        plan = _locked(plan)
        require("plan_consultation", actor=actor, organisation=organisation, city_id=plan.city_id, clause="5.5")
        if plan.sent_at is not None or plan.agreed_at is not None:
            raise NotPossible(_("Only a draft can be thrown away."), clause="5.5", state="sent")
        plan.delete()


def send_plan(
    plan: ConsultationPlan, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> ConsultationPlan:
    """Send the plan to the moderator to be agreed."""
    now = now or timezone.now()
    with transaction.atomic():
        plan = _locked(plan)
        require("plan_consultation", actor=actor, organisation=organisation, city_id=plan.city_id, clause="5.5")
        if plan.sent_at is not None or plan.agreed_at is not None:
            raise NotPossible(_("The plan has been sent already."), clause="5.5", state="sent")
        if not plan.items.exists():
            faults = {"measures": _("A plan needs at least one measure.")}
            raise Missing(faults["measures"], fields=faults, clause="5.5")
        plan.sent_at, plan.remarks = now, ""
        plan.save(update_fields=["sent_at", "remarks"])
        notify(plan.city, "plan_to_agree", _key(plan, now), now, organisations=moderators_of(plan.city_id))
    return plan


def agree_plan(
    plan: ConsultationPlan, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> ConsultationPlan:
    """The moderator agrees; from now on the plan is in force, and what was done of the one before stays done."""
    now = now or timezone.now()
    with transaction.atomic():
        plan = _before_the_moderator(plan, actor, organisation)
        plan.agreed_at, plan.agreed_by = now, organisation
        plan.save(update_fields=["agreed_at", "agreed_by"])
        _take_over_ticks(plan)
        notify(plan.city, "plan_agreed", _key(plan, now), now, organisations=[plan.set_by])
    return plan


def return_plan(
    plan: ConsultationPlan, remarks: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> ConsultationPlan:
    """The moderator returns the plan with remarks; the control body writes it anew."""
    now = now or timezone.now()
    with transaction.atomic():
        plan = _before_the_moderator(plan, actor, organisation)
        plan.sent_at, plan.remarks = None, written("remarks", remarks, clause="5.5")
        plan.save(update_fields=["sent_at", "remarks"])
        notify(plan.city, "plan_returned", _key(plan, now), now, organisations=[plan.set_by])
    return plan


def tick_measure(
    item: PlanItem, *, done: bool, actor: Any, organisation: Organisation, now: datetime | None = None
) -> PlanItem:
    """The moderator marks a measure of an agreed plan as done, or takes the mark back."""
    with transaction.atomic():
        item = PlanItem.objects.select_for_update(of=("self",)).select_related("plan").get(pk=item.pk)
        require("consult", actor=actor, organisation=organisation, city_id=item.plan.city_id, clause="5.6")
        if item.plan.agreed_at is None:
            raise NotPossible(_("The plan is not agreed yet."), clause="5.5", state="draft")
        item.done_at = (item.done_at or now or timezone.now()) if done else None
        item.save(update_fields=["done_at"])
    return item


def _locked(plan: ConsultationPlan) -> ConsultationPlan:
    return ConsultationPlan.objects.select_for_update(of=("self",)).select_related("city", "set_by").get(pk=plan.pk)


def _before_the_moderator(plan: ConsultationPlan, actor: Any, organisation: Organisation) -> ConsultationPlan:
    plan = _locked(plan)
    require("agree_plan", actor=actor, organisation=organisation, city_id=plan.city_id, clause="5.5")
    if plan.agreed_at is not None or plan.sent_at is None:
        state = "agreed" if plan.agreed_at else "draft"
        raise NotPossible(_("The plan is not waiting for your agreement."), clause="5.5", state=state)
    return plan


def _check(words: PlanWords) -> None:
    faults: dict[str, Any] = {}
    if words.last_day < words.first_day:
        faults["last_day"] = _("The last day lies before the first.")
    if len(words.text) > TEXT_LENGTH:
        faults["text"] = _("This is too long: at most %(count)d characters.") % {"count": TEXT_LENGTH}
    if not words.measures:
        faults["measures"] = _("A plan needs at least one measure.")
    elif len(words.measures) > MEASURES_AT_MOST:
        faults["measures"] = _("A plan holds at most %(count)d measures.") % {"count": MEASURES_AT_MOST}
    for one in words.measures:
        if not one.what.strip() or len(one.what) > MEASURE_LENGTH or one.way not in Way.values:
            faults["measures"] = _("Say of each measure what it is, in at most %(count)d characters.") % {
                "count": MEASURE_LENGTH
            }
    if faults:
        raise Missing(_("Please correct what is marked."), fields=faults, clause="5.5")


def _write_measures(plan: ConsultationPlan, measures: Sequence[Measure]) -> None:
    PlanItem.objects.bulk_create(
        [PlanItem(plan=plan, what=one.what.strip(), way=one.way, due_on=one.due_on) for one in measures]
    )


def _copy(plan: ConsultationPlan, words: PlanWords, organisation: Organisation) -> ConsultationPlan:
    copy = ConsultationPlan.objects.create(
        city=plan.city,
        set_by=organisation,
        first_day=words.first_day,
        last_day=words.last_day,
        text=words.text.strip(),
    )
    _write_measures(copy, words.measures)
    return copy


def _take_over_ticks(plan: ConsultationPlan) -> None:
    """Measures that stood in an earlier agreed plan of these days keep the mark that they are done."""
    earlier = PlanItem.objects.filter(
        plan__city_id=plan.city_id,
        plan__agreed_at__lt=plan.agreed_at,
        plan__first_day__lte=plan.last_day,
        plan__last_day__gte=plan.first_day,
        done_at__isnull=False,
    )
    done = {(item.what, item.way): item.done_at for item in earlier.order_by("done_at")}
    for item in plan.items.filter(done_at=None):
        moment = done.get((item.what, item.way))
        if moment is not None:
            PlanItem.objects.filter(pk=item.pk).update(done_at=moment)


def _key(plan: ConsultationPlan, now: datetime) -> str:
    """One a sending: a plan may be returned and sent again."""
    return f"plan:{plan.pk}:{now:%Y%m%d%H%M%S%f}"
