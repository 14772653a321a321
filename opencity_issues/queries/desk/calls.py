"""What needs somebody now: the calling queues of a function together, the most urgent kind first, in it the oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import IntegerField, Value

from opencity_issues.models import Organisation
from opencity_issues.queries.desk.narrowing import DeskFilter, narrow
from opencity_issues.queries.desk.queues import MOST, Function, calling
from opencity_issues.queries.desk.sets import those

OF_A_KIND = 300
"""How many of one kind are looked up: who deals with them gets to the next ones."""


@dataclass(frozen=True)
class Called:
    """Keys of issues in their order. `is_whole`: there are no more of any kind than were looked up."""

    keys: list[int]
    is_whole: bool

    def count(self, of_each: Iterable[int]) -> int:
        """How many there are, MOST at most; `of_each` are the counts of the kinds, for where not all were looked up."""
        return min(len(self.keys) if self.is_whole else sum(of_each), MOST)


def called(organisation: Organisation, function: Function, narrowed: DeskFilter, now: datetime) -> Called:
    """What needs this function of the organisation now; an issue stands where it is most urgent. One query."""
    kinds = []
    for queue in calling(function):
        found = narrow(queue.found(organisation, now), narrowed, organisation, function, now)
        some = those(found.order_by("pk").values("pk")[:OF_A_KIND])
        ranked = some.order_by().annotate(rank=Value(queue.urgency, output_field=IntegerField()))
        kinds.append(ranked.values_list("rank", "number", "pk"))
    rows = sorted(kinds[0].union(*kinds[1:], all=True))
    of_each: dict[int, int] = {}
    for rank, _number, _key in rows:
        of_each[rank] = of_each.get(rank, 0) + 1
    keys = list(dict.fromkeys(key for _rank, _number, key in rows))
    return Called(keys, is_whole=max(of_each.values(), default=0) < OF_A_KIND)
