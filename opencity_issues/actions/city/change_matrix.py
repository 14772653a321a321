"""Rows of the responsibility matrix (3.6) added and taken away together, by the operator; a trace says who did it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from opencity_issues.models import CitySettings, IssueIndexPage, Organisation, Responsibility
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.queries.matrix.matrix import Changes, Matrix, read_matrix

LOG_ACTION = "opencity.matrix"


def may_change_matrix(user: Any) -> bool:
    """The matrix is the operator's to enter (2.7), by Django's permissions for its rows; nobody's role in the procedure."""
    policy = ModelPermissionPolicy(Responsibility)
    return all(policy.user_has_permission(user, action) for action in ("add", "delete"))


def change_matrix(city: IssueIndexPage, changes: Changes, *, version: str, actor: Any) -> Changes:
    """Make the changes to a city's matrix that is still at `version`; returns those that were really made.

    Issues that were routed before stay where they are. Raises NotPermitted, and NotPossible where somebody has changed
    the matrix since it was looked at.
    """
    if not may_change_matrix(actor):
        raise NotPermitted(_("Only the operator changes the responsibility matrix."), clause="3.6")
    with transaction.atomic():
        # Two who save at once follow one another: each sees what the other has done.
        CitySettings.objects.select_for_update().get(city=city)
        matrix = read_matrix(city)
        if matrix.version != version:
            raise NotPossible(
                _("Somebody has changed the matrix since you opened it. Nothing was saved: look once more."),
                clause="3.6",
                state=matrix.version,
            )
        made = matrix.possible(changes)
        write_changes(made)
        _trace(matrix, made, actor)
    return made


def write_changes(changes: Changes) -> None:
    """Put rows in and take rows out, inside the caller's transaction."""
    for category in {pair[0] for pair in changes.removed}:
        gone = [pair[1] for pair in changes.removed if pair[0] == category]
        Responsibility.objects.filter(category_id=category, organisation_id__in=gone).delete()
    Responsibility.objects.bulk_create(
        [
            Responsibility(category_id=category, organisation_id=organisation)
            for category, organisation in changes.added
        ],
        ignore_conflicts=True,
    )


def _trace(matrix: Matrix, made: Changes, actor: Any) -> None:
    """One line in the history of each organisation that is concerned."""
    for organisation in matrix.organisations:
        added, removed = (
            [one.code for one in matrix.categories if (one.pk, organisation.pk) in pairs]
            for pairs in (made.added, made.removed)
        )
        if added or removed:
            _log(organisation, {"added": added, "removed": removed}, actor)


def _log(organisation: Organisation, data: dict[str, list[str]], actor: Any) -> None:
    log(instance=organisation, action=LOG_ACTION, user=actor, data=data)
