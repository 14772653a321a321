"""Several reports of one thing become one issue: the duplicate points at the main issue, and nothing of it is lost.

The main issue may be in any status, closed and archived included: the procedure says only that the duplicate's author
has the author's rights there, so he or she can open it again by T14 or T9 like its own author.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.actions import change_status
from opencity_issues.actions.clock import watch_deadlines
from opencity_issues.actions.contribute import write_contribution
from opencity_issues.actions.moderate_issue import restart_deadlines
from opencity_issues.actions.record_event import locked, record, write
from opencity_issues.enums import AssignmentState, ContributionKind, EventKind, Party, Publication
from opencity_issues.models import CoAuthor, Follow, IssuePage, Organisation, Support
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles

CLAUSE = "3.3"


def merge(
    duplicate: IssuePage, main: IssuePage, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> IssuePage:
    """Merge a published issue into another of the city; returns the main one as it is then.

    The duplicate leaves map and lists, its assignments are withdrawn and its clocks stopped; those merged into it
    before follow to the new main issue. Raises NotPermitted, NotPossible.
    """
    now = now or timezone.now()
    with transaction.atomic():
        followers = _followers(duplicate)
        issues = _locked_in_order([duplicate.pk, main.pk, *followers])
        if main.pk == duplicate.pk:
            raise NotPossible(_("An issue is not merged with itself."), clause=CLAUSE)
        duplicate, main = issues[duplicate.pk], issues[main.pk]
        roles = _as_moderator(duplicate, main, actor, organisation)
        _check(duplicate, main)
        if _followers(duplicate) != followers:
            raise NotPossible(_("The issue is in another state now."), clause=CLAUSE, state=duplicate.publication)
        by: dict[str, Any] = {
            "at": now,
            "actor_id": roles.user_id,
            "party": Party.MODERATOR,
            "organisation": organisation,
        }
        CoAuthor.objects.filter(issue=duplicate).update(issue=main)
        _join(duplicate, main)
        _move_followers(duplicate, main)
        write(duplicate, duplicate_count=0, duplicate_of=main)
        # The letters go to those that have the issue until now, so they are written before it is taken from them.
        record(duplicate, EventKind.MERGED, data=_remembered(duplicate, main), **by)
        change_status.unpublish(duplicate, Publication.MERGED)
        duplicate.assignments.active().update(state=AssignmentState.WITHDRAWN)
        watch_deadlines.cancel(duplicate, now)
        joining = [duplicate, *(issues[key] for key in followers)]
        for follower in joining[1:]:
            write(follower, duplicate_of=main)
            record(follower, EventKind.MERGED, data={"main": main.number, "after": duplicate.number}, **by)
        write(
            main,
            duplicate_count=main.duplicate_count + len(joining),
            support_count=main.support_count + _share_supports(duplicate, main),
        )
        record(main, EventKind.DUPLICATE_JOINED, data={"numbers": [one.number for one in joining]}, **by)
    return main


def split(
    duplicate: IssuePage, reason: str, *, actor: Any, organisation: Organisation, now: datetime | None = None
) -> IssuePage:
    """Undo a merge: the issue is published again as it was, with new deadlines, and its author's rights end at the main one.

    What had followed it to the main issue stays there. Raises NotPermitted, NotPossible, Missing (no reason).
    """
    now = now or timezone.now()
    if not reason.strip():
        raise Missing(_("Say why."), fields={"reason": _("Say why.")}, clause=CLAUSE)
    with transaction.atomic():
        main_key = IssuePage.objects.values_list("duplicate_of", flat=True).get(pk=duplicate.pk)
        issues = _locked_in_order([key for key in (duplicate.pk, main_key) if key])
        duplicate = issues[duplicate.pk]
        roles = _as_moderator(duplicate, duplicate, actor, organisation)
        if duplicate.publication != Publication.MERGED or duplicate.duplicate_of_id not in issues:
            raise NotPossible(_("The issue is not merged with another."), clause=CLAUSE, state=duplicate.publication)
        main = issues[duplicate.duplicate_of_id]
        words = write_contribution(
            duplicate, ContributionKind.REASON, reason, author=actor, organisation=organisation, now=now
        )
        _give_back(duplicate)
        write(duplicate, duplicate_of=None)
        by: dict[str, Any] = {"actor_id": roles.user_id, "party": Party.MODERATOR, "organisation": organisation}
        change_status.publish(duplicate, now=now, contribution=words, data={"from": main.number}, **by)
        restart_deadlines(duplicate, now)
        CoAuthor.objects.filter(issue=main, duplicate=duplicate).delete()
        write(main, duplicate_count=main.duplicate_count - 1)
        record(main, EventKind.DUPLICATE_JOINED, at=now, data={"left": duplicate.number}, notify=False, **by)
    return duplicate


def _locked_in_order(keys: Iterable[int]) -> dict[int, IssuePage]:
    """The issues, locked by number so that two merges at once wait for each other and do not block."""
    found = IssuePage.objects.filter(pk__in=set(keys)).order_by("number")
    return {one.pk: locked(one) for one in found.only("pk")}


def _followers(issue: IssuePage) -> list[int]:
    return list(IssuePage.objects.filter(duplicate_of=issue).order_by("pk").values_list("pk", flat=True))


def _as_moderator(duplicate: IssuePage, main: IssuePage, actor: Any, organisation: Organisation) -> Roles:
    roles = Roles.of(actor)
    if not all(rules.allows("merge", roles, issue, organisation) for issue in (duplicate, main)):
        raise NotPermitted(_("Only the moderator merges issues."), clause=CLAUSE)
    return roles


def _check(duplicate: IssuePage, main: IssuePage) -> None:
    if duplicate.city_id != main.city_id:
        raise NotPossible(_("The issues belong to different cities."), clause=CLAUSE)
    if duplicate.publication != Publication.PUBLISHED:
        raise NotPossible(_("The issue is not published."), clause=CLAUSE, state=duplicate.publication)
    if main.publication == Publication.MERGED:
        raise NotPossible(_("That issue is itself merged with another."), clause=CLAUSE, state=main.publication)
    if main.publication != Publication.PUBLISHED:
        raise NotPossible(_("The main issue is not published."), clause=CLAUSE, state=main.publication)


def _remembered(duplicate: IssuePage, main: IssuePage) -> dict[str, Any]:
    """What a split needs to know: the states of the assignments that are taken away."""
    active = {str(one.organisation_id): one.state for one in duplicate.assignments.all() if one.is_active}
    return {"main": main.number, "assignments": active}


def _give_back(duplicate: IssuePage) -> None:
    """The assignments as they were before the merge."""
    merged = duplicate.events.filter(kind=EventKind.MERGED, data__has_key="assignments").order_by("-sequence").first()
    before = merged.data["assignments"] if merged else {}
    for assignment in duplicate.assignments.all():
        known = before.get(str(assignment.organisation_id))
        if known and assignment.state == AssignmentState.WITHDRAWN:
            assignment.state = AssignmentState(known)
            assignment.save(update_fields=["state"])


def _join(duplicate: IssuePage, main: IssuePage) -> None:
    """The duplicate's author gets the author's rights at the main issue, where the account still exists."""
    if duplicate.author_id is not None:
        CoAuthor.objects.get_or_create(issue=main, duplicate=duplicate, defaults={"user_id": duplicate.author_id})


def _move_followers(duplicate: IssuePage, main: IssuePage) -> None:
    """Who followed the duplicate follows the main issue, once."""
    follows = Follow.objects.filter(issue=duplicate)
    follows.filter(user__in=Follow.objects.filter(issue=main).values("user")).delete()
    follows.update(issue=main)


def _share_supports(duplicate: IssuePage, main: IssuePage) -> int:
    """Who supports the duplicate supports the main issue, each person once; returns how many come to it.

    Those whose accounts are erased are only counted, and come along. A split leaves them with both.
    """
    given = list(duplicate.supports.values_list("user_id", "created_at"))
    known = {*main.supports.values_list("user_id", flat=True), *main.author_ids()}
    coming = [Support(issue=main, user_id=user, created_at=at) for user, at in given if user not in known]
    Support.objects.bulk_create(coming)
    return len(coming) + max(duplicate.support_count - len(given), 0)
