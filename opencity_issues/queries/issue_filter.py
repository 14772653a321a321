"""One filter for map, list, feeds and REST, by one set of address parameters:

status, category (codes; a category means its branch), organisation (slugs), district (numbers), each repeated or with commas ·
from, to (days of registration in the city's zone, both included) · overdue=1 · q (title, description, number) ·
author=me · bbox=west,south,east,north · near=lng,lat,metres (a circle; the list is then by distance). A bad value gives a message at its field and filters nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opencity_issues.enums import NOT_THEIRS, Status
from opencity_issues.models import (
    Assignment,
    Category,
    Deadline,
    District,
    IssueCategory,
    IssueIndexPage,
    IssuePage,
    Organisation,
)
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.models.map_cell import EVERY_CATEGORY, OF_DISTRICT, OF_ORGANISATION
from opencity_issues.procedure.deadlines import MISSABLE
from opencity_issues.queries.circle import Circle
from opencity_issues.queries.viewport import Viewport

WORDS_AT_MOST = 60
LARGE_SHARE = 0.05
"""Of the city's bounds, from which on a view is no longer looked up by place."""

SEARCH_LENGTH = 100
SEARCH_WORDS = 5
FIRST_YEAR, LAST_YEAR = 2000, 2100
YES, NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


@dataclass(frozen=True)
class KeptCount:
    """Which of the map's kept counts answer a filter: of these statuses (none: all), and of every issue, one category, one
    organisation or one district. `late`: only issues whose miss is recorded; the rest of the overdue are to be added.
    """

    statuses: tuple[str, ...] = ()
    category_id: int = EVERY_CATEGORY
    late: bool = False


class WordsWidget(forms.TextInput):
    """Several values by repeating the parameter, by commas, or both."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        values = data.getlist(name) if isinstance(data, QueryDict) else [data.get(name) or ""]
        parts = [
            part for value in values for part in (value if isinstance(value, list | tuple) else str(value).split(","))
        ]
        return list(dict.fromkeys(word.strip() for word in parts if word.strip()))


class WordsField(forms.Field):
    """A list of words; the form says which of them are known."""

    widget = WordsWidget

    def clean(self, value: list[str]) -> list[str]:
        if len(value) > WORDS_AT_MOST:
            raise ValidationError(_("At most %(count)d values at once.") % {"count": WORDS_AT_MOST})
        if any("\x00" in word or len(word) > 60 for word in value):
            raise ValidationError(
                _("There is no such value here: %(value)s.") % {"value": value[0][:20].replace("\x00", "")}
            )
        return value


class YesField(forms.Field):
    widget = forms.TextInput

    def to_python(self, value: str | None) -> bool:
        word = (value or "").strip().lower()
        if word not in (*YES, *NO):
            raise ValidationError(_("Write 1 or leave this out."))
        return word in YES


class ViewportField(forms.Field):
    widget = forms.TextInput

    def to_python(self, value: str | None) -> Viewport | None:
        if not value:
            return None
        try:
            return Viewport.parse(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class CircleField(forms.Field):
    widget = forms.TextInput

    def to_python(self, value: str | None) -> Circle | None:
        if not value:
            return None
        try:
            return Circle.parse(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%d.%m.%Y"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class WordsFilter(django_filters.Filter):
    field_class = WordsField


class YesFilter(django_filters.Filter):
    field_class = YesField


class DayFilter(django_filters.Filter):
    field_class = DayField


class ViewportFilter(django_filters.Filter):
    field_class = ViewportField


class CircleFilter(django_filters.Filter):
    field_class = CircleField


class IssueFilterForm(forms.Form):
    """Checks of the values against the city, which the FilterSet knows."""

    filters: IssueFilter

    def clean_status(self) -> list[str]:
        return _known(self.cleaned_data["status"], dict.fromkeys(Status.values))

    def clean_category(self) -> list[int]:
        """Ids of the chosen categories, without those that lie in the branch of another."""
        codes = self.cleaned_data["category"]
        if not codes:
            return []
        known = {one.code: one.pk for one in self.filters.categories}
        _known(codes, known)
        return [known[code] for code in codes if not any(code.startswith(f"{other}.") for other in codes)]

    def clean_organisation(self) -> list[int]:
        slugs = self.cleaned_data["organisation"]
        if not slugs:
            return []
        known = {one.slug: one.pk for one in self.filters.organisations}
        _known(slugs, known)
        return [known[slug] for slug in slugs]

    def clean_district(self) -> list[int]:
        chosen = self.cleaned_data["district"]
        known = {str(one.pk): one.pk for one in self.filters.districts} if chosen else {}
        return [known[key] for key in _known(chosen, known)]

    def clean_author(self) -> str:
        author = self.cleaned_data["author"]
        if author not in ("", "me"):
            raise ValidationError(_("Only “me” can be asked for: other authors are nobody's business."))
        if author and not getattr(self.filters.person, "is_authenticated", False):
            raise ValidationError(_("Please sign in to see your own issues."))
        return author

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and first > last:
            self.add_error("to", _("The period ends before it begins."))
        return self.cleaned_data


class IssueFilter(django_filters.FilterSet):
    """`IssueFilter(request.GET, queryset, city=city, person=request.user)`: `.qs`, `.errors` by parameter, `.kept`."""

    status = WordsFilter(field_name="status", lookup_expr="in", label=_("Status"))
    category = WordsFilter(method="in_categories", label=_("Category"))
    organisation = WordsFilter(method="at_organisations", label=_("Organisation"))
    district = WordsFilter(method="in_districts", label=_("District"))
    overdue = YesFilter(method="only_overdue", label=_("Overdue"))
    q = django_filters.CharFilter(method="with_words", label=_("Search"), max_length=SEARCH_LENGTH)
    author = django_filters.CharFilter(method="by_author", label=_("Author"))
    bbox = ViewportFilter(method="in_view", label=_("View of the map"))
    near = CircleFilter(method="near_place", label=_("Near a place"))

    class Meta:
        model = IssuePage
        fields: list[str] = []
        form = IssueFilterForm

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        queryset: IssueQuerySet | None = None,
        *,
        city: IssueIndexPage,
        person: Any = None,
        now: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        self.city, self.person, self.now = city, person, now or timezone.now()
        super().__init__(data if data is not None else QueryDict(), queryset, **kwargs)
        self._of_city = queryset is None

    def filter_queryset(self, queryset: IssueQuerySet) -> IssueQuerySet:
        """The issues found, the newest first. The city's are asked for only here: the map's kept counts do without them."""
        issues = self._published() if self._of_city else queryset
        found: IssueQuerySet = super().filter_queryset(issues.order_by("-number"))
        return found

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """With the period: `from` is no name that Python lets a class have."""
        period = {
            "from": DayFilter(method="from_day", label=_("Registered from")),
            "to": DayFilter(method="to_day", label=pgettext_lazy("period", "until")),
        }
        return {**super().get_filters(), **period}

    @property
    def form(self) -> forms.Form:
        form = super().form
        form.filters = self
        return form

    @cached_property
    def categories(self) -> list[Category]:
        """All categories, in their order; read once for the check and for whoever shows the tree."""
        return list(Category.objects.all())

    @cached_property
    def organisations(self) -> list[Organisation]:
        """The city's organisations, former ones included: their issues are still found."""
        return list(Organisation.objects.filter(city=self.city))

    @cached_property
    def districts(self) -> list[District]:
        """The city's districts, without their outlines."""
        return list(District.objects.filter(city=self.city).defer("outline"))

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, by parameter, as checked: without empty and without bad values."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def kept(self) -> KeptCount | None:
        """The map's kept counts that answer this filter exactly, or None where rows must be counted."""
        chosen = {name: value for name, value in self.chosen.items() if name != "bbox"}
        statuses, late = tuple(chosen.pop("status", ())), chosen.pop("overdue", False)
        parts = chosen.pop("category", [])
        parts = parts + [OF_ORGANISATION + key for key in chosen.pop("organisation", [])]
        parts += [OF_DISTRICT + key for key in chosen.pop("district", [])]
        if chosen or len(parts) > 1:
            return None
        return KeptCount(statuses, parts[0] if parts else EVERY_CATEGORY, late)

    def without_overdue(self) -> IssueQuerySet:
        """What the filter would find without `overdue`, whatever the view."""
        issues: IssueQuerySet = self._published()
        if statuses := self.chosen.get("status"):
            issues = issues.filter(status__in=statuses)
        for name, narrow in (
            ("category", self.in_categories),
            ("organisation", self.at_organisations),
            ("district", self.in_districts),
        ):
            if ids := self.chosen.get(name):
                issues = narrow(issues, name, ids)
        return issues.filter(mx__isnull=False)

    def in_categories(self, issues: IssueQuerySet, name: str, ids: list[int]) -> IssueQuerySet:
        branch = Q(category_id__in=ids) | Q(category__parent_id__in=ids) | Q(category__parent__parent_id__in=ids)
        return issues.filter(Exists(IssueCategory.objects.filter(branch, issue_id=OuterRef("pk"))))

    def at_organisations(self, issues: IssueQuerySet, name: str, ids: list[int]) -> IssueQuerySet:
        sent = Assignment.objects.filter(organisation_id__in=ids).exclude(state__in=NOT_THEIRS).order_by()
        return self._having(issues, sent)

    def only_overdue(self, issues: IssueQuerySet, name: str, value: bool) -> IssueQuerySet:
        late = Deadline.objects.overdue(self.now).filter(clause__in=MISSABLE).order_by()
        return self._having(issues, late) if value else issues

    def in_districts(self, issues: IssueQuerySet, name: str, ids: list[int]) -> IssueQuerySet:
        return issues.filter(district_id__in=ids)

    def near_place(self, issues: IssueQuerySet, name: str, circle: Circle) -> IssueQuerySet:
        """Those in the circle, each with `metres` from its middle."""
        return circle.within(issues)

    def by_author(self, issues: IssueQuerySet, name: str, value: str) -> IssueQuerySet:
        return issues.by_author(self.person)

    def in_view(self, issues: IssueQuerySet, name: str, view: Viewport) -> IssueQuerySet:
        if view.covers(self.city.config.bounds):
            # Nobody reports from outside: then whoever has a place is in the view, and no place need be looked up.
            return issues.filter(mx__isnull=False)
        if self._goes_by_grid(view):
            return issues.filter(view.holds_place())
        return issues.alias(x=F("mx") + 0, y=F("my") + 0).filter(view.holds_place("x", "y"))

    def from_day(self, issues: IssueQuerySet, name: str, day: date) -> IssueQuerySet:
        return issues.filter(submitted_at__gte=self._midnight(day))

    def to_day(self, issues: IssueQuerySet, name: str, day: date) -> IssueQuerySet:
        return issues.filter(submitted_at__lt=self._midnight(day + timedelta(days=1)))

    def with_words(self, issues: IssueQuerySet, name: str, text: str) -> IssueQuerySet:
        """Each word in title or description; a number alone is an issue's number too."""
        condition = Q()
        for word in text.split()[:SEARCH_WORDS]:
            spelt = [Q(title__icontains=one) | Q(description__icontains=one) for one in spellings(word)]
            condition &= Q(*spelt, _connector=Q.OR)
        number = text.strip().lstrip("№#").strip()
        if number.isascii() and number.isdigit() and len(number) <= 9:
            condition |= Q(number=int(number))
        return issues.filter(condition)

    def _having(self, issues: IssueQuerySet, rows: QuerySet[Any]) -> IssueQuerySet:
        """Issues that one of these rows is about: asked issue by issue in a small view, else looked up all at once."""
        if "near" in self.chosen or self._goes_by_grid(self.chosen.get("bbox")):
            return issues.filter(Exists(rows.filter(issue_id=OuterRef("pk"))))
        return issues.filter(pk__in=rows.values("issue_id"))

    def _goes_by_grid(self, view: Viewport | None) -> bool:
        """A view of a small part of the city is looked up by place; a larger one is met soon enough among the newest."""
        return view is not None and view.share_of(self.city.config.bounds) < LARGE_SHARE

    def _published(self) -> IssueQuerySet:
        """The city's public issues, so that a small view goes by the grid's index and everything else by the city's.

        SQLite knows no counts of its own and takes whatever is equal for the rarest; a sum has no index to be taken by.
        """
        issues = IssuePage.objects.published()
        if "near" in self.chosen or self._goes_by_grid(self.chosen.get("bbox")):
            return issues.alias(of_city=F("city_id") + 0).filter(of_city=self.city.pk)
        return issues.in_city(self.city)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.city.config.zone)


def _known(words: list[str], known: Mapping[str, Any]) -> list[str]:
    for word in words:
        if word not in known:
            raise ValidationError(_("There is no such value here: %(value)s.") % {"value": word})
    return words


def spellings(word: str) -> set[str]:
    """SQLite folds the case of Latin letters only: there the usual spellings of a word are looked for one by one."""
    if connection.vendor != "sqlite":
        return {word}
    return {word, word.lower(), word.capitalize(), word.upper()}
