"""How an editor chooses an issue: by its number, by words or on the map, from the list of the city's published ones."""

from typing import Any

from django import forms
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser

from opencity_cms.edited_city import city_written_about
from opencity_cms.queries import scheme_view
from opencity_issues.models import IssueIndexPage, IssuePage
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.issue_filter import IssueFilter, ViewportField, spellings
from opencity_issues.views.map_and_list import map_points, map_scheme
from opencity_issues.views.visit import visit_city


class IssueSearchForm(BaseFilterForm):
    """What the editor typed, and what the map beside it says (`issue-chooser.js`): its view, and the sign last pressed there."""

    q = forms.CharField(
        label=_("Number or words"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Number or words")})
    )
    bbox = ViewportField(required=False, widget=forms.HiddenInput)
    pressed = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, city: IssueIndexPage | None, **kwargs: Any) -> None:
        self.city = city
        super().__init__(*args, **kwargs)

    def filter(self, objects: QuerySet[IssuePage]) -> QuerySet[IssuePage]:
        """Those in the map's view, the pressed one first, whatever the words; before the map is opened, all."""
        found = self._with_words(objects)
        view = self.cleaned_data["bbox"]
        if not view or not self.city:
            return found
        self.is_searching = True
        found = IssueFilter(city=self.city).in_view(found, "bbox", view)
        pressed = self.cleaned_data["pressed"]
        if not pressed:
            return found
        wanted = objects.filter(Q(number=pressed) | Q(pk__in=found.order_by().values("pk")))
        return wanted.order_by(Case(When(number=pressed, then=0), default=1), "-number")

    def _with_words(self, objects: QuerySet[IssuePage]) -> QuerySet[IssuePage]:
        """The words may stand in the title or the address; a number finds its issue first."""
        words = (self.cleaned_data.get("q") or "").strip().removeprefix("№").strip()
        self.is_searching = bool(words)
        self.search_query = words
        if words.isdecimal() and len(words) < 10:
            return objects.filter(number=int(words))
        for word in words.split()[:6]:
            spelt = [Q(title__icontains=one) | Q(address__icontains=one) for one in spellings(word)]
            objects = objects.filter(Q(*spelt, _connector=Q.OR))
        return objects


class IssueChoice:
    """What both views of the chooser share: the list, its columns and what narrows it."""

    request: HttpRequest
    filter_form: IssueSearchForm
    results_template_name = "opencity_cms/issue_chooser/results.html"

    @cached_property
    def city(self) -> IssueIndexPage | None:
        return city_written_about(self.request)

    def get_object_list(self) -> IssueQuerySet:
        published = IssuePage.objects.published().order_by("-number")
        return published.in_city(self.city) if self.city else published

    def get_filter_form(self) -> IssueSearchForm:
        return IssueSearchForm(self.request.GET, city=self.city)

    def filter_object_list(self, objects: IssueQuerySet) -> QuerySet[IssuePage]:
        """Nothing for a view that is none: its fault is told instead."""
        return self.filter_form.filter(objects) if self.filter_form.is_valid() else objects.none()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc] # of the view that this is mixed into
        return context | {"filter_form": self.filter_form, "city": self.city}

    @property
    def i18n_enabled(self) -> bool:
        """Issues are not translated."""
        return False

    @property
    def columns(self) -> list[Any]:
        more = [Column("address", label=_("Place")), Column("get_status_display", label=_("Status"))]
        return [*super().columns, *more]  # type: ignore[misc] # of the view that this is mixed into


class IssueChooseView(IssueChoice, ChooseView):
    template_name = "opencity_cms/issue_chooser/chooser.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"map": scheme_view(self.city) if self.city else None}


class IssueChooseResultsView(IssueChoice, ChooseResultsView):
    pass


def points_of_city(request: HttpRequest, city: int) -> HttpResponseBase:
    """The public map's data (`/map/data/`) of the city that is written about. Raises Http404 where there is no such city."""
    visit_city(request, _city(city))
    return map_points(request)


def scheme_of_city(request: HttpRequest, city: int) -> HttpResponseBase:
    """Its base map (`/map/scheme/`). Raises Http404 where there is no such city."""
    visit_city(request, _city(city))
    return map_scheme(request)


def _city(key: int) -> IssueIndexPage:
    return get_object_or_404(IssueIndexPage.objects.live().select_related("city_settings"), pk=key)


class IssueChosenView(ChosenView):
    """Besides what choosers tell of a choice, what a link in a text is made of."""

    def get_chosen_response_data(self, item: IssuePage, *args: Any, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_chosen_response_data(item, *args, **kwargs)
        return told | {"title": item.title, "url": item.get_absolute_url()}


class IssueChooserWidget(BaseChooser):
    @property
    def media(self) -> forms.Media:
        """By the address that Wagtail's editor of texts gives it too, so that it is loaded once."""
        return super().media + forms.Media(js=[versioned_static("opencity_cms/js/issue-chooser.js")])


class IssueChooserViewSet(ChooserViewSet):
    model = IssuePage
    base_widget_class = IssueChooserWidget
    icon = "warning"
    choose_one_text = _("Choose an issue")
    choose_another_text = _("Choose another issue")
    edit_item_text = _("Look at this issue")
    per_page = 15
    choose_view_class = IssueChooseView
    choose_results_view_class = IssueChooseResultsView
    chosen_view_class = IssueChosenView

    @property
    def choose_view(self) -> Any:
        return self.construct_view(
            self.choose_view_class,
            icon=self.icon,
            page_title=self.page_title,
            search_tab_label=self.search_tab_label,
            creation_tab_label=self.creation_tab_label,
        )

    @property
    def choose_results_view(self) -> Any:
        return self.construct_view(self.choose_results_view_class)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:city>/points/", points_of_city, name="points"),
            path("<int:city>/scheme/", scheme_of_city, name="scheme"),
        ]


issue_chooser = IssueChooserViewSet("opencity_cms_issue_chooser", url_prefix="opencity/choose-issue")
