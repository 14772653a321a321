"""Who may do what, as predicates of django-rules. Asked by the actions, the Wagtail permission tester and the interfaces.

Ask with `rules.has_perm(name, user, standing)`, never with `user.has_perm`: Django says yes to every superuser there,
and the operator (2.7) has no transition of the procedure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rules
from django.contrib.auth import get_user_model

from opencity_issues import conf
from opencity_issues.enums import Party

if TYPE_CHECKING:
    from opencity_issues.models import IssuePage, Organisation


@dataclass(frozen=True)
class Roles:
    """What a person is at this moment, read from live memberships: one is kept for a page, a new one under each lock."""

    user_id: int | None
    is_registered: bool
    is_blocked: bool
    is_operator: bool
    has_accepted_terms: bool
    organisations: tuple[Organisation, ...]

    @classmethod
    def of(cls, user: Any) -> Roles:
        """Read afresh from the database (two queries); nobody's roles for an anonymous visitor."""
        from opencity_issues.models import Membership  # models know nothing of rules, rules only ask them

        person = None
        if user is not None and user.pk is not None:
            person = (
                get_user_model()
                .objects.filter(pk=user.pk, is_active=True)
                .values(
                    "is_superuser",
                    "opencity_citizen__blocked_at",
                    "opencity_citizen__terms_version",
                    "opencity_citizen__consent_at",
                )
                .first()
            )
        if person is None:
            return NOBODY
        memberships = Membership.objects.live().filter(user_id=user.pk).select_related("organisation").order_by("pk")
        return cls(
            user_id=user.pk,
            is_registered=True,
            is_blocked=person["opencity_citizen__blocked_at"] is not None,
            is_operator=person["is_superuser"],
            has_accepted_terms=bool(person["opencity_citizen__consent_at"])
            and person["opencity_citizen__terms_version"] == conf.get("OPENCITY_TERMS_VERSION"),
            organisations=tuple(membership.organisation for membership in memberships),
        )

    def belongs_to(self, organisation: Organisation | None) -> bool:
        return organisation is not None and any(own.pk == organisation.pk for own in self.organisations)

    def control_bodies(self, city_id: int) -> list[Organisation]:
        return [own for own in self.organisations if own.is_control_body and own.city_id == city_id]

    def moderators(self, city_id: int) -> list[Organisation]:
        return [own for own in self.organisations if own.is_moderator and own.city_id == city_id]

    def organisations_in(self, ids: Iterable[int]) -> list[Organisation]:
        wanted = set(ids)
        return [own for own in self.organisations if own.pk in wanted]


NOBODY = Roles(
    user_id=None, is_registered=False, is_blocked=False, is_operator=False, has_accepted_terms=False, organisations=()
)


@dataclass(frozen=True)
class Standing:
    """How somebody stands to an issue when acting for an organisation, or for nobody but oneself."""

    roles: Roles
    issue: IssuePage | None = None
    organisation: Organisation | None = None
    assigned: bool = False
    """Whether the organisation has (or had) an assignment of the issue."""


@rules.predicate
def is_registered(user: Any, standing: Standing) -> bool:
    return standing.roles.is_registered


@rules.predicate
def is_blocked(user: Any, standing: Standing) -> bool:
    return standing.roles.is_blocked


@rules.predicate
def is_author(user: Any, standing: Standing) -> bool:
    """The author, or the author of a duplicate that was merged into the issue (reading of "merged duplicate")."""
    return standing.issue is not None and standing.roles.is_registered and standing.issue.is_by(standing.roles.user_id)


@rules.predicate
def is_reporter(user: Any, standing: Standing) -> bool:
    """Who wrote this very issue, and so may correct its words."""
    return (
        standing.issue is not None
        and standing.roles.is_registered
        and standing.issue.author_id == standing.roles.user_id
    )


@rules.predicate
def is_operator(user: Any, standing: Standing) -> bool:
    return standing.roles.is_operator


@rules.predicate
def belongs(user: Any, standing: Standing) -> bool:
    """A live member of the organisation acted for, in the issue's own city."""
    if standing.organisation is None or not standing.roles.belongs_to(standing.organisation):
        return False
    return standing.issue is None or standing.issue.city_id == standing.organisation.city_id


@rules.predicate
def is_assigned(user: Any, standing: Standing) -> bool:
    return standing.assigned


@rules.predicate
def has_control(user: Any, standing: Standing) -> bool:
    return standing.organisation is not None and standing.organisation.is_control_body


@rules.predicate
def has_moderation(user: Any, standing: Standing) -> bool:
    return standing.organisation is not None and standing.organisation.is_moderator


@rules.predicate
def is_of_control(user: Any, standing: Standing) -> bool:
    """A member of any control body of the issue's city, whatever organisation is acted for."""
    return standing.issue is not None and bool(standing.roles.control_bodies(standing.issue.city_id))


@rules.predicate
def is_of_moderation(user: Any, standing: Standing) -> bool:
    return standing.issue is not None and bool(standing.roles.moderators(standing.issue.city_id))


@rules.predicate
def is_of_assigned(user: Any, standing: Standing) -> bool:
    """A member of any organisation that the issue was sent to."""
    issue = standing.issue
    if issue is None or not standing.roles.organisations:
        return False
    own = {organisation.pk for organisation in standing.roles.organisations}
    return any(assignment.organisation_id in own for assignment in issue.assignments.all())


@rules.predicate
def is_public(user: Any, standing: Standing) -> bool:
    """Published, or merged with an issue that is: its page then leads there."""
    return standing.issue is not None and standing.issue.is_public


citizen = is_registered & ~is_blocked
author = is_author & ~is_blocked
responsible_worker = belongs & is_assigned
control_body = belongs & has_control
moderator = belongs & has_moderation

PERMISSIONS = {
    # The parties of the transition table (3.2, 4.7).
    f"opencity_issues.{Party.CITIZEN}": citizen,
    f"opencity_issues.{Party.AUTHOR}": author,
    f"opencity_issues.{Party.RESPONSIBLE_WORKER}": responsible_worker,
    f"opencity_issues.{Party.CONTROL_BODY}": control_body,
    f"opencity_issues.{Party.MODERATOR}": moderator,
    # Seeing (2.6, 5.1): what is not published only its author, the moderator and the operator see.
    "opencity_issues.see_issue": is_public | is_author | is_of_moderation | is_operator,
    "opencity_issues.see_author_name": is_reporter | is_of_assigned | is_of_control | is_of_moderation | is_operator,
    "opencity_issues.see_desk_view": is_of_assigned | is_of_control | is_of_moderation | is_operator,
    # Talking (3.3, 4.4).
    "opencity_issues.comment": citizen,
    "opencity_issues.flag": citizen,
    "opencity_issues.support": citizen & ~is_author,
    "opencity_issues.follow": citizen,
    # Self-organisation and projects from the community's needs (1.1).
    "opencity_issues.start_initiative": citizen,
    "opencity_issues.join_initiative": citizen,
    "opencity_issues.declare_project": belongs,
    "opencity_issues.ask": responsible_worker,
    "opencity_issues.answer": responsible_worker,
    "opencity_issues.reply": author,
    "opencity_issues.warn": control_body,
    "opencity_issues.repeat_message": moderator,
    # Working on an assignment (4.1–4.5) and sending it on (2.9).
    "opencity_issues.work": responsible_worker,
    "opencity_issues.assign": control_body,
    "opencity_issues.write_note": responsible_worker | control_body | moderator,
    "opencity_issues.complain": responsible_worker,
    "opencity_issues.record_call": control_body,
    "opencity_issues.see_caller": is_of_control,
    "opencity_issues.handle_bounce": control_body,
    # Moderation (5.1, 5.2) and checking (T10, T13, 4.7).
    "opencity_issues.moderate": moderator,
    "opencity_issues.merge": moderator,
    "opencity_issues.check": moderator,
    # Consultation (5.5, 5.6): the control body plans, the moderator agrees and advises, responsible workers ask.
    "opencity_issues.plan_consultation": control_body,
    "opencity_issues.agree_plan": moderator,
    "opencity_issues.consult": moderator,
    "opencity_issues.ask_consultation": belongs,
    # Reports on effectiveness (5.4, 2.9).
    "opencity_issues.write_report": moderator | control_body,
    "opencity_issues.see_reports": moderator | control_body,
    # The author's own, and staff's corrections.
    "opencity_issues.correct_own": is_reporter & ~is_blocked,
    "opencity_issues.correct_place_or_category": responsible_worker | control_body | moderator,
    # Organisations: cabinet and members.
    "opencity_issues.enter_cabinet": belongs,
    "opencity_issues.keep_templates": belongs,
    "opencity_issues.be_absent": belongs,
    "opencity_issues.invite": belongs | is_operator,
}

for _name, _predicate in PERMISSIONS.items():
    rules.add_perm(_name, _predicate)


def allows(
    permission: str, roles: Roles, issue: IssuePage | None = None, organisation: Organisation | None = None
) -> bool:
    """Whether these roles have a permission of the table above, for an issue and as an organisation."""
    assigned = bool(
        issue is not None
        and organisation is not None
        and any(assignment.organisation_id == organisation.pk for assignment in issue.assignments.all())
    )
    return rules.has_perm(f"opencity_issues.{permission}", None, Standing(roles, issue, organisation, assigned))
