"""What binds a person to an issue: whether he or she supports it ("me too"), and follows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from opencity_issues import rules
from opencity_issues.models import CoAuthor, Follow, IssuePage, Support
from opencity_issues.rules import Roles


@dataclass(frozen=True)
class Bond:
    """`how` is the timing of the letters about the issue (`LetterChoice`), empty where the person does not follow it."""

    supports: bool = False
    follow_id: int | None = None
    how: str = ""


NO_BOND = Bond()


@dataclass(frozen=True)
class MeToo:
    """What the component `me_too` shows: how many support the issue, whether this visitor does, and may."""

    number: int
    count: int
    mine: bool
    offered: bool
    refusal: str = ""


def bond_of(issue: IssuePage, user_id: int | None) -> Bond:
    """One query; none for a visitor who is not signed in."""
    if user_id is None:
        return NO_BOND
    follows = Follow.objects.filter(issue=OuterRef("pk"), user_id=user_id)
    row = (
        IssuePage.objects.filter(pk=issue.pk)
        .order_by()
        .values_list(
            Exists(Support.objects.filter(issue=OuterRef("pk"), user_id=user_id)),
            Subquery(follows.values("pk")[:1]),
            Subquery(follows.values("how")[:1]),
        )
        .first()
    )
    return Bond(row[0], row[1], row[2] or "") if row else NO_BOND


def me_too(issue: IssuePage, roles: Roles, bond: Bond) -> MeToo:
    """Offered before signing in too: that is asked for on pressing."""
    may = not roles.is_registered or rules.allows("support", roles, issue)
    return MeToo(issue.number, issue.support_count, bond.supports, offered=issue.is_published and may)


def add_me_too(rows: Iterable[dict[str, Any]], roles: Roles) -> None:
    """Put `me_too` into each row of published issues (`queries/issue_rows.py`): one query, none for a stranger."""
    rows = list(rows)
    numbers = [row["number"] for row in rows]
    supported: set[int] = set()
    own: set[int] = set()
    if roles.user_id is not None and rows:
        asked = (
            IssuePage.objects.filter(number__in=numbers)
            .order_by()
            .values_list(
                "number",
                "author_id",
                Exists(CoAuthor.objects.filter(issue=OuterRef("pk"), user_id=roles.user_id)),
                Exists(Support.objects.filter(issue=OuterRef("pk"), user_id=roles.user_id)),
            )
        )
        for number, author_id, is_co_author, supports in asked:
            if author_id == roles.user_id or is_co_author:
                own.add(number)
            if supports:
                supported.add(number)
    for row in rows:
        number = row["number"]
        offered = not roles.is_blocked and number not in own
        row["me_too"] = MeToo(number, row["support_count"], number in supported, offered)
