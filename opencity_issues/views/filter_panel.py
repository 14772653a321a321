"""The filter as people meet it: chips, tree, dates, and what is chosen with a way to take it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from opencity_issues.enums import Status
from opencity_issues.models import District, Organisation
from opencity_issues.queries.follows import FollowButton, follow_buttons
from opencity_issues.queries.issue_filter import IssueFilter
from opencity_issues.templatetags.opencity_ui import STATUS_ICONS
from opencity_issues.views.visit import city_of, roles_of

PARAMETERS = (
    *("status", "category", "organisation", "district", "from", "to", "overdue", "q", "author", "near", "bbox", "zoom"),
)
"""What makes up a view that can be shared; the page's number and foreign parameters are left behind."""

MANY = ("status", "category", "organisation", "district")
"""Parameters of several values."""


@dataclass
class Chosen:
    """One choice that can be taken back by following `query`."""

    name: str
    query: str


@dataclass
class Branch:
    """A category in the tree of choices."""

    code: str
    name: str
    icon: str
    children: list[Branch] = field(default_factory=list)
    open: bool = False


def read_filter(request: HttpRequest, **kwargs: Any) -> IssueFilter:
    """The address's filter over the published issues of the visited city."""
    # The session is looked into only where the visitor asks for what is one's own: all other answers may be cached for all.
    person = request.user if request.GET.get("author") else None
    return IssueFilter(request.GET, city=city_of(request), person=person, **kwargs)


def kept_query(query: QueryDict, **changes: Any) -> str:
    """The address's view as a query string with some values changed; None leaves a parameter out, a list repeats it."""
    kept = QueryDict(mutable=True)
    for name in PARAMETERS:
        values = changes[name] if name in changes else query.getlist(name)
        kept.setlist(name, [value for value in values or [] if value != ""])
    return kept.urlencode(safe=",")


class FilterPanel:
    """What the filter's template reads. Two queries, and only where the template asks for tree and organisations."""

    def __init__(self, request: HttpRequest, filters: IssueFilter) -> None:
        self.request, self.filters, self.query = request, filters, request.GET
        self.action = request.path
        self.words = {name: filters.form[name].value() or [] for name in MANY}

    @property
    def errors(self) -> list[tuple[str, list[str]]]:
        """(field in words, messages) of each bad value."""
        labels = {name: str(one.label) for name, one in self.filters.filters.items()}
        return [
            (labels.get(name, ""), [str(one) for one in messages]) for name, messages in self.filters.errors.items()
        ]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        chosen = self.words["status"]
        return [
            {
                "value": status.value,
                "name": status.label,
                "icon": STATUS_ICONS[status],
                "chosen": status.value in chosen,
            }
            for status in Status
        ]

    @property
    def overdue(self) -> bool:
        return bool(self.filters.chosen.get("overdue"))

    @property
    def own(self) -> bool:
        return bool(self.filters.chosen.get("author"))

    @property
    def text(self) -> str:
        return self.query.get("q", "")

    @property
    def first_day(self) -> str:
        return _iso(self.filters.chosen.get("from"))

    @property
    def last_day(self) -> str:
        return _iso(self.filters.chosen.get("to"))

    @property
    def view(self) -> dict[str, str]:
        return {
            name: self.query[name]
            for name in ("bbox", "zoom")
            if self.query.get(name) and name not in self.filters.errors
        }

    @cached_property
    def tree(self) -> list[Branch]:
        """The offered categories, those with a choice inside standing open."""
        branches = {one.pk: Branch(one.code, one.name, one.icon) for one in self.filters.categories if one.is_active}
        roots = []
        for one in self.filters.categories:
            if one.pk not in branches:
                continue
            if one.parent_id is None:
                roots.append(branches[one.pk])
            elif one.parent_id in branches:
                branches[one.parent_id].children.append(branches[one.pk])
        for root in roots:
            root.open = any(code.split(".")[0] == root.code for code in self.words["category"])
        return roots

    @property
    def organisations(self) -> list[Organisation]:
        return [one for one in self.filters.organisations if one.is_active and one.is_executor]

    @property
    def organisation(self) -> str:
        return self.words["organisation"][0] if self.words["organisation"] else ""

    @cached_property
    def districts(self) -> list[District]:
        return self.filters.districts

    @property
    def district(self) -> int | None:
        """The chosen district's key."""
        chosen = self.filters.chosen.get("district") or [None]
        key: int | None = chosen[0]
        return key

    @property
    def near(self) -> str:
        """The circle as the address says it; empty for none."""
        return str(self.filters.chosen.get("near") or "")

    @property
    def hidden_count(self) -> int:
        """How many choices lie within the fold."""
        return len(
            [name for name in ("category", "district", "organisation", "from", "to", "q") if self.query.get(name)]
        )

    @property
    def chosen(self) -> Iterable[Chosen]:
        """What is chosen besides the chips, each with the address without it."""
        bad = self.filters.errors
        names = {one.code: one.name for one in self.filters.categories} if self.words["category"] else {}
        bodies = {one.slug: one.name for one in self.filters.organisations} if self.words["organisation"] else {}
        parts = {str(one.pk): one.name for one in self.districts} if self.words["district"] else {}
        for parameter, known in (("category", names), ("district", parts), ("organisation", bodies)):
            values = self.words[parameter] if parameter not in bad else []
            for value in values:
                rest = [other for other in values if other != value]
                yield Chosen(known.get(value, value), self._without(parameter, rest))
        for parameter, words in (("from", _("from %(day)s")), ("to", _("until %(day)s"))):
            if day := self.filters.chosen.get(parameter):
                yield Chosen(words % {"day": date_format(day, "j E Y")}, self._without(parameter))
        if text := self.filters.chosen.get("q"):
            yield Chosen(f"«{text}»", self._without("q"))
        if circle := self.filters.chosen.get("near"):
            yield Chosen(_("Around a place, %(metres)d m") % {"metres": circle.metres}, self._without("near"))
        if self.own:
            yield Chosen(_("My issues"), self._without("author"))

    @cached_property
    def follow_buttons(self) -> list[FollowButton]:
        """What of the filter can be followed by letters, its categories and its organisation, and what of it is already.

        One query, only for the signed-in who filter by what can be followed.
        """
        codes = set(self.words["category"]) if "category" not in self.filters.errors else set()
        slugs = set(self.words["organisation"]) if "organisation" not in self.filters.errors else set()
        if not codes and not slugs:
            return []
        return follow_buttons(
            city_of(self.request),
            roles_of(self.request).user_id,
            [one for one in self.filters.categories if one.code in codes and one.is_active] if codes else (),
            [one for one in self.filters.organisations if one.slug in slugs and one.is_active] if slugs else (),
        )

    @property
    def without_view(self) -> str:
        return self._without("bbox", zoom=None)

    @property
    def whole_query(self) -> str:
        """For the same view elsewhere: map, list, feeds."""
        return kept_query(self.query)

    @property
    def is_filtered(self) -> bool:
        return any(name != "bbox" for name in self.filters.chosen)

    @property
    def nothing_chosen(self) -> str:
        return kept_query(self.query, **dict.fromkeys(set(PARAMETERS) - {"bbox", "zoom"}))

    def _without(self, parameter: str, rest: list[str] | None = None, **changes: Any) -> str:
        return kept_query(self.query, **{parameter: rest, **changes})


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""
