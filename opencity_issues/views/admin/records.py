"""What the admin shows and nobody changes there: issues, notices, citizens."""

import re
from datetime import datetime
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from opencity_issues.enums import Publication, Status
from opencity_issues.forms.place_field import PlaceField
from opencity_issues.models import (
    Assignment,
    Category,
    Citizen,
    IssueCategory,
    IssueIndexPage,
    IssuePage,
    Notice,
    Organisation,
)
from opencity_issues.models.place import format_point
from opencity_issues.permissions import RecordsPolicy
from opencity_issues.procedure.letters.letters_to_followers import TO_FOLLOWERS
from opencity_issues.procedure.letters.notices import LETTERS

SUBJECTS = {letter.template: letter.subject for letter in (*LETTERS, *TO_FOLLOWERS)}
PLACEHOLDER = re.compile(r"%\(\w+\)s")
ISSUE_VIEW = "opencity_admin_issues:inspect"


class RecordsIndexView(generic.IndexView):
    """A list of records that are read only."""

    any_permission_required = ["view"]

    @cached_property
    def permission_policy(self) -> RecordsPolicy:
        return RecordsPolicy(self.model)


class RecordsInspectView(generic.InspectView):
    any_permission_required = ["view"]

    @cached_property
    def permission_policy(self) -> RecordsPolicy:
        return RecordsPolicy(self.model)


class BranchFilter(django_filters.ModelChoiceFilter):
    """A category with its whole branch."""

    def filter(self, issues: QuerySet[Any], value: Category | None) -> QuerySet[Any]:
        if value is None:
            return issues
        branch = Category.objects.filter(Q(pk=value.pk) | Q(parent=value) | Q(parent__parent=value))
        return issues.filter(Exists(IssueCategory.objects.filter(issue=OuterRef("pk"), category__in=branch)))


class SentToFilter(django_filters.ModelChoiceFilter):
    """Issues that were sent to an organisation."""

    def filter(self, issues: QuerySet[Any], value: Organisation | None) -> QuerySet[Any]:
        if value is None:
            return issues
        return issues.filter(Exists(Assignment.objects.filter(issue=OuterRef("pk"), organisation=value)))


class IssueFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Status)
    publication = django_filters.ChoiceFilter(label=_("Publication"), choices=Publication)
    category = BranchFilter(label=_("Category"), queryset=Category.objects.all())
    organisation = SentToFilter(label=_("Organisation"), queryset=Organisation.objects.all())
    submitted_at = django_filters.DateFromToRangeFilter(label=_("Registered"), widget=DateRangePickerWidget)
    city = django_filters.ModelChoiceFilter(label=_("City"), queryset=IssueIndexPage.objects.all())

    class Meta:
        model = IssuePage
        fields: list[str] = []


class IssueIndexView(RecordsIndexView):
    """All issues, by number; the same few queries for a page of any list."""

    model = IssuePage
    i18n_enabled = False  # issues are one for all languages
    paginate_by = 50
    default_ordering = "-number"
    filterset_class = IssueFilterSet
    columns = [
        TitleColumn(
            "number",
            label=_("Number"),
            sort_key="number",
            width="8%",
            get_url=lambda issue: reverse(ISSUE_VIEW, args=[issue.pk]),
        ),
        Column("title", label=_("Title")),
        StatusTagColumn(
            "status", label=_("Status"), accessor="get_status_display", primary=lambda issue: issue.is_published
        ),
        Column("publication", label=_("Publication"), accessor="get_publication_display"),
        Column(
            "categories",
            label=_("Categories"),
            accessor=lambda issue: ", ".join(str(category) for category in issue.categories.all()),
        ),
        Column(
            "organisations",
            label=_("Organisations"),
            accessor=lambda issue: ", ".join(one.organisation.name for one in issue.assignments.all()),
        ),
        DateColumn("submitted_at", label=_("Registered")),
    ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return IssuePage.objects.defer("description", "refusal_reason").prefetch_related(
            "categories", "assignments__organisation"
        )

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By number, or by words of the title whatever their capitals (SQLite's LIKE knows those of Latin only)."""
        words = (self.search_query or "").strip().lstrip("№# ")
        if not words:
            return queryset
        if words.isdigit():
            return queryset.filter(number=int(words[:9]))
        spelt = Q()
        for one in {words, words.lower(), words.upper(), words.capitalize()}:
            spelt |= Q(title__icontains=one)
        return queryset.filter(spelt)


class IssueView(WagtailAdminTemplateMixin, TemplateView):
    """An issue as the admin shows it: never an editor, but the way to its card and to the cabinets that work on it."""

    http_method_names = ["get", "head"]
    template_name = "opencity_issues/admin/issue.html"
    page_title = _("Issue")
    header_icon = "doc-full"
    model = IssuePage
    pk: int | str = 0

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs.get("pk") or kwargs["page_id"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever may see the records sees any issue; an editor only what the public sees. Raises PermissionDenied."""
        self.object = get_object_or_404(
            IssuePage.objects.select_related("author", "city__city_settings").prefetch_related(
                "categories", "assignments__organisation"
            ),
            pk=self.pk,
        )
        self.sees_records = RecordsPolicy(IssuePage).user_has_permission(request.user, "view")
        if not self.sees_records and not self.object.is_published:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = [{"url": reverse("opencity_admin_issues:index"), "label": _("Issues")}] if self.sees_records else []
        return [*super().get_breadcrumbs_items(), *index, {"url": "", "label": str(self.object)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        place = PlaceField(read_only=True)
        location = self.object.location
        return {
            **super().get_context_data(**kwargs),
            "issue": self.object,
            # Only the operator sees who wrote it; e-mail is seen by nobody else (2.6).
            "author": self.object.author if self.request.user.is_superuser else None,
            "sees_records": self.sees_records,
            "place": place.render("place", format_point(*location), {"id": "id_place"}) if location else "",
            "media": place.media,
        }


class NoticeStateFilter(django_filters.ChoiceFilter):
    def filter(self, notices: QuerySet[Any], value: str) -> QuerySet[Any]:
        match value:
            case "waiting":
                return notices.waiting()
            case "sent":
                return notices.exclude(sent_at=None)
            case "failed":
                return notices.exclude(failed_at=None)
        return notices


class NoticeFilterSet(WagtailFilterSet):
    state = NoticeStateFilter(
        label=_("State"), choices=[("waiting", _("Waiting")), ("sent", _("Sent")), ("failed", _("Given up"))]
    )
    organisation = django_filters.ModelChoiceFilter(label=_("Organisation"), queryset=Organisation.objects.all())

    class Meta:
        model = Notice
        fields: list[str] = []


def _state(notice: Notice) -> str | datetime:
    if notice.failed_at:
        return _("Given up")
    if notice.unwanted_at:
        return _("Not wanted by its reader")
    return _("Sent") if notice.sent_at else _("Waiting")


def _letter(notice: Notice) -> str:
    """What the letter is about, by its kind: its subject without the number and the title, which stand beside it."""
    subject = str(SUBJECTS.get(notice.template, notice.template))
    words = subject.replace("%(title)s", "").replace("%(number)s", "").replace("No. ", "").replace("№ ", "").strip(" :")
    return PLACEHOLDER.sub("…", words)


class NoticeIndexView(RecordsIndexView):
    """The outbox, newest first, with what could not be delivered and why."""

    model = Notice
    paginate_by = 50
    default_ordering = "-pk"
    is_searchable = False
    filterset_class = NoticeFilterSet
    columns = [
        TitleColumn(
            "template",
            label=_("Letter"),
            accessor=_letter,
            get_url=lambda notice: reverse("opencity_admin_notices:inspect", args=[notice.pk]),
        ),
        Column(
            "recipient",
            label=_("Recipient"),
            accessor=lambda notice: notice.organisation or notice.user or _("Control department"),
        ),
        Column("issue", label=_("Issue"), accessor=lambda notice: f"№ {notice.issue.number}" if notice.issue else ""),
        StatusTagColumn("state", label=_("State"), accessor=_state, primary=lambda notice: bool(notice.failed_at)),
        Column("attempts", label=_("Attempts")),
        Column("last_error", label=_("Last error")),
        DateColumn("created_at", label=_("Written")),
    ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return Notice.objects.select_related("issue", "organisation", "user")


class CitizenFilterSet(WagtailFilterSet):
    blocked = django_filters.BooleanFilter(
        label=_("Blocked"), field_name="blocked_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Citizen
        fields: list[str] = []


class CitizenIndexView(RecordsIndexView):
    """Registered people. Blocking is the moderator's deed, on a card; here one sees who is blocked, and why."""

    model = Citizen
    paginate_by = 50
    default_ordering = "-pk"
    filterset_class = CitizenFilterSet
    search_fields = ["user__email", "user__first_name", "user__last_name"]
    columns = [
        TitleColumn(
            "user",
            label=_("Person"),
            get_url=lambda citizen: reverse("opencity_admin_citizens:inspect", args=[citizen.pk]),
        ),
        Column("name", label=_("First and last name"), accessor=lambda citizen: citizen.user.get_full_name()),
        DateColumn("terms_accepted_at", label=_("Terms accepted")),
        DateColumn("blocked_at", label=_("Blocked")),
        Column("block_reason", label=_("Reason of the block")),
    ]

    def get_base_queryset(self) -> QuerySet[Any]:
        return Citizen.objects.select_related("user")
