"""How an editor chooses an issue: by its number or by words, from the list of published ones."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from opencity_issues.models import IssuePage
from opencity_issues.models.issue import IssueQuerySet
from opencity_issues.queries.issue_filter import spellings


class IssueSearchForm(BaseFilterForm):
    q = forms.CharField(
        label=_("Number or words"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Number or words")})
    )

    def filter(self, objects: QuerySet[IssuePage]) -> QuerySet[IssuePage]:
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
    """What both views of the chooser share: the list, and its columns."""

    filter_form_class = IssueSearchForm

    def get_object_list(self) -> IssueQuerySet:
        return IssuePage.objects.published().order_by("-number")

    @property
    def i18n_enabled(self) -> bool:
        """Issues are not translated."""
        return False

    @property
    def columns(self) -> list[Any]:
        more = [Column("address", label=_("Place")), Column("get_status_display", label=_("Status"))]
        return [*super().columns, *more]  # type: ignore[misc] # of the view that this is mixed into


class IssueChooseView(IssueChoice, ChooseView):
    pass


class IssueChooseResultsView(IssueChoice, ChooseResultsView):
    pass


class IssueChosenView(ChosenView):
    """Besides what choosers tell of a choice, what a link in a text is made of."""

    def get_chosen_response_data(self, item: IssuePage, *args: Any, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_chosen_response_data(item, *args, **kwargs)
        return told | {"title": item.title, "url": item.get_absolute_url()}


class IssueChooserViewSet(ChooserViewSet):
    model = IssuePage
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


issue_chooser = IssueChooserViewSet("opencity_cms_issue_chooser", url_prefix="opencity/choose-issue")
