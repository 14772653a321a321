"""What this visitor may do with this issue now: the card offers these and nothing else; the actions ask again."""

from dataclasses import dataclass
from datetime import datetime

from opencity_issues import rules
from opencity_issues.actions.change_status import offers
from opencity_issues.actions.correct_issue import is_correctable
from opencity_issues.enums import SOLVED, UNSOLVED, Party, Publication
from opencity_issues.models import Contribution, IssuePage, Organisation
from opencity_issues.procedure.lifecycle import Transition
from opencity_issues.queries.card.card import Card
from opencity_issues.rules import Roles

_SENDS_AGAIN = (Publication.REFUSED, Publication.TAKEN_DOWN)


@dataclass(frozen=True)
class Choices:
    """What `sign_in` goes with is offered before signing in, which is asked for on sending.

    `desks`: the organisations in whose cabinet the visitor finds this issue; `moderator`: the one hiding is done as.
    """

    is_author: bool
    is_blocked: bool
    comment: bool
    sign_in: bool
    correct: bool
    send_again: bool
    withdraw: bool
    show_name: bool
    reply_to: Contribution | None
    reopen: Transition | None
    flag: bool
    desks: tuple[Organisation, ...]
    corrector: Organisation | None
    moderator: Organisation | None


def choices_for(card: Card, roles: Roles, now: datetime) -> Choices:
    """Reads what is prefetched on the card's issue; asks nothing of the database."""
    issue = card.issue
    owns = rules.allows("correct_own", roles, issue)
    public = issue.is_published
    correctable = owns and is_correctable(issue)
    reopening = [offer.transition for offer in offers(issue, roles, now) if offer.transition.party == Party.AUTHOR]
    desks = desks_of(issue, roles)
    return Choices(
        is_author=issue.is_by(roles.user_id),
        is_blocked=roles.is_blocked,
        comment=public and rules.allows("comment", roles, issue),
        sign_in=public and not roles.is_registered,
        correct=correctable and issue.publication not in _SENDS_AGAIN,
        send_again=correctable and issue.publication in _SENDS_AGAIN,
        withdraw=correctable and not issue.duplicate_count,
        show_name=owns and issue.publication != Publication.WITHDRAWN,
        reply_to=card.question if rules.allows("reply", roles, issue) and public else None,
        reopen=reopening[0] if reopening else None,
        flag=(
            public
            and not reopening
            and issue.status in SOLVED
            and not card.flagged
            and (not roles.is_registered or rules.allows("flag", roles, issue))
        ),
        desks=tuple(desks),
        corrector=corrector_of(issue, roles, desks),
        moderator=next(iter(roles.moderators(issue.city_id)), None),
    )


def desks_of(issue: IssuePage, roles: Roles) -> list[Organisation]:
    """The visitor's organisations that have to do with the issue: it was sent to them, or they control or moderate."""
    sent_to = {one.organisation_id for one in issue.assignments.all()}
    return [
        own
        for own in roles.organisations
        if own.city_id == issue.city_id and (own.pk in sent_to or own.is_control_body or own.is_moderator)
    ]


def corrector_of(issue: IssuePage, roles: Roles, desks: list[Organisation] | None = None) -> Organisation | None:
    """The organisation for which the visitor may correct category and place now, or None."""
    if issue.status not in UNSOLVED or issue.publication not in (Publication.PUBLISHED, Publication.HELD):
        return None
    candidates = desks_of(issue, roles) if desks is None else desks
    return next((own for own in candidates if rules.allows("correct_place_or_category", roles, issue, own)), None)
