from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.documents import get_document_model_string
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from opencity_cms.blocks import ArticleBlocks
from opencity_cms.models.translated import TranslatedPageMixin
from opencity_cms.queries import effectiveness
from opencity_issues.actions.letters.calendar_entry import CalendarEntry, calendar_file
from opencity_issues.views.visit import city_of

LENGTH = timedelta(hours=1)


class MeetingPage(TranslatedPageMixin, Page):
    """A meeting of the working group (decision, 2): agenda, papers with the period's figures, minutes, documents."""

    starts_at = models.DateTimeField(_("begins"), db_index=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=250)
    agenda = StreamField(ArticleBlocks(), verbose_name=_("agenda"), blank=True)
    first_day = models.DateField(_("figures from"), null=True, blank=True)
    last_day = models.DateField(_("figures until"), null=True, blank=True)
    minutes = StreamField(ArticleBlocks(), verbose_name=_("minutes"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("place"),
        FieldPanel("agenda"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")])],
            heading=_("Papers: the period's figures"),
            help_text=_("Empty: the calendar month before the meeting."),
        ),
        FieldPanel("minutes"),
        InlinePanel("documents", heading=_("Documents"), label=_("Document")),
    ]
    search_fields = [*TranslatedPageMixin.search_fields, index.SearchField("agenda"), index.SearchField("minutes")]
    parent_page_types = ["opencity_cms.WorkingGroupPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    def clean(self) -> None:
        super().clean()
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("A meeting ends after it begins.")})
        if bool(self.first_day) != bool(self.last_day):
            raise ValidationError({"last_day": _("A period has a first and a last day.")})
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The last day comes after the first.")})

    @property
    def is_past(self) -> bool:
        return self.starts_at < timezone.now()

    @property
    def period(self) -> tuple[date, date]:
        """First and last day that the papers tell of; by default the calendar month before the meeting."""
        if self.first_day and self.last_day:
            return self.first_day, self.last_day
        last = timezone.localtime(self.starts_at).date().replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["figures"] = effectiveness(city_of(request), *self.period)
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or with `?format=ics` the meeting as a file for calendar programs (RFC 5545)."""
        if request.GET.get("format") == "ics":
            response = HttpResponse(self.calendar_file(request), content_type="text/calendar; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="meeting-{self.pk}.ics"'
            return response
        return super().serve(request, *args, **kwargs)

    def calendar_file(self, request: HttpRequest, now: datetime | None = None) -> str:
        entry = CalendarEntry(
            uid=f"meeting-{self.translation_key}@{request.get_host().partition(':')[0]}",
            starts_at=self.starts_at,
            ends_at=self.ends_at or self.starts_at + LENGTH,
            summary=self.title,
            location=self.place,
            url=self.get_full_url(request) or "",
        )
        return calendar_file(entry, now)


class MeetingDocument(Orderable):
    """A paper of a meeting to download."""

    page = ParentalKey(MeetingPage, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        get_document_model_string(), verbose_name=_("document"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [FieldPanel("document")]

    class Meta(Orderable.Meta):
        verbose_name = _("document of a meeting")
        verbose_name_plural = _("documents of meetings")

    def __str__(self) -> str:
        return str(self.document)
