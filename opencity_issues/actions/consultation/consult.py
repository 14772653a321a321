"""A responsible worker asks, the moderator advises (5.6): in the System, or noted after a call, a letter or a meeting."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions.letters.consultation_letters import notify
from opencity_issues.enums import Way
from opencity_issues.models import Consultation, IssueIndexPage, IssuePage, Membership, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles

TEXT_LENGTH = 5000
NAME_LENGTH = 150


def require(permission: str, *, actor: Any, organisation: Organisation, city_id: int, clause: str) -> Roles:
    """The actor's roles as they are now, where they have the permission for the organisation in its own city. Raises NotPermitted."""
    roles = Roles.of(actor)
    if organisation.city_id != city_id or not rules.allows(permission, roles, organisation=organisation):
        raise NotPermitted(_("This is not for your role."), clause=clause)
    return roles


def written(name: str, text: str, *, at_most: int = TEXT_LENGTH, clause: str = "5.6") -> str:
    """A text that was asked for, without the space around it. Raises Missing where it is empty or too long."""
    text = text.strip()
    if not text:
        empty = _("Please write something.")
        raise Missing(empty, fields={name: empty}, clause=clause)
    if len(text) > at_most:
        too_long = _("This is too long: at most %(count)d characters.") % {"count": at_most}
        raise Missing(too_long, fields={name: too_long}, clause=clause)
    return text


def ask(
    organisation: Organisation,
    question: str,
    *,
    actor: Any,
    number: int | None = None,
    shared: bool = True,
    now: datetime | None = None,
) -> Consultation:
    """A member asks the moderator; `number` is the issue it is about, one that the member may see.

    `shared`: once answered, other cabinets may read question and answer, never who asked nor about which issue.
    """
    now = now or timezone.now()
    with transaction.atomic():
        roles = require(
            "ask_consultation", actor=actor, organisation=organisation, city_id=organisation.city_id, clause="5.6"
        )
        consultation = Consultation.objects.create(
            city_id=organisation.city_id,
            organisation=organisation,
            asked_by_id=roles.user_id,
            question=written("question", question),
            asked_at=now,
            issue=_issue(organisation, number, roles),
            shared=shared,
        )
        _tell_moderators(consultation, now)
    return consultation


def answer(
    consultation: Consultation, text: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> Consultation:
    """The moderator answers, once; the letter goes to the mailbox of the organisation that asked."""
    now = now or timezone.now()
    with transaction.atomic():
        consultation = (
            Consultation.objects.select_for_update(of=("self",))
            .select_related("organisation", "city")
            .get(pk=consultation.pk)
        )
        require("consult", actor=actor, organisation=organisation, city_id=consultation.city_id, clause="5.6")
        if consultation.answered_at is not None:
            raise NotPossible(_("This question has been answered already."), clause="5.6", state="answered")
        consultation.answer = written("answer", text)
        consultation.answered_at, consultation.answered_by_id = now, actor.pk
        consultation.save(update_fields=["answer", "answered_at", "answered_by"])
        notify(
            consultation.city,
            "consultation_answered",
            f"consultation:{consultation.pk}",
            now,
            organisations=[consultation.organisation],
        )
    return consultation


def note_advice(
    asked: Organisation,
    question: str,
    advice: str,
    *,
    actor: Any,
    organisation: Organisation,
    way: str = Way.PHONE,
    person_id: int | None = None,
    name: str = "",
    now: datetime | None = None,
) -> Consultation:
    """The moderator notes advice given otherwise than in the System: who of which organisation asked what, and the answer.

    `person_id` is a member of the organisation; `name` is for somebody without an account. Nobody gets a letter.
    """
    now = now or timezone.now()
    with transaction.atomic():
        require("consult", actor=actor, organisation=organisation, city_id=asked.city_id, clause="5.6")
        if way not in Way.values or way == Way.SYSTEM:
            words = _("Say how it was asked.")
            raise Missing(words, fields={"way": words}, clause="5.6")
        if person_id and not Membership.objects.live().filter(organisation=asked, user_id=person_id).exists():
            words = _("This person does not work there.")
            raise Missing(words, fields={"who": words}, clause="5.6")
        return Consultation.objects.create(
            city_id=asked.city_id,
            organisation=asked,
            asked_by_id=person_id,
            asker_name=name.strip()[:NAME_LENGTH],
            way=way,
            question=written("question", question),
            asked_at=now,
            answer=written("answer", advice),
            answered_at=now,
            answered_by_id=actor.pk,
        )


def moderators_of(city: IssueIndexPage | int) -> list[Organisation]:
    """The bodies that advise in a city (2.5)."""
    return list(Organisation.objects.active().filter(city=city, is_moderator=True))


def _tell_moderators(consultation: Consultation, now: datetime) -> None:
    notify(
        consultation.city,
        "consultation_asked",
        f"consultation:{consultation.pk}",
        now,
        organisations=moderators_of(consultation.city_id),
    )


def _issue(organisation: Organisation, number: int | None, roles: Roles) -> IssuePage | None:
    if number is None:
        return None
    issue = (
        IssuePage.objects.filter(city_id=organisation.city_id, number=number)
        .select_related("duplicate_of")
        .prefetch_related("assignments")
        .first()
    )
    if issue is None or not rules.allows("see_issue", roles, issue):
        words = _("There is no issue with this number.")
        raise Missing(words, fields={"number": words}, clause="5.6")
    return issue
