from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from opencity_cms.blocks import ArticleBlocks
from opencity_cms.models.meeting import MeetingPage
from opencity_cms.models.translated import TranslatedPageMixin

PAST_SHOWN = 24


class GroupRole(models.TextChoices):
    """Positions in the working group (decision, 1)."""

    CHAIR = "chair", _("chair")
    CO_CHAIR = "co_chair", _("co-chair")
    SECRETARY = "secretary", _("secretary")
    MEMBER = "member", _("member of the working group")


class WorkingGroupPage(TranslatedPageMixin, Page):
    """The working group of the project, with its published composition and its meetings (decision, 1 and 2)."""

    intro = models.TextField(_("introduction"), max_length=600, blank=True)
    body = StreamField(ArticleBlocks(), verbose_name=_("text"), blank=True)
    secretary_email = models.EmailField(
        _("the secretary's e-mail"),
        blank=True,
        help_text=_("Not shown. A reminder comes here when a month goes without a meeting."),
    )
    reminded_for = models.DateField(null=True, blank=True, editable=False)
    """First day of the last month that the secretary was reminded of."""

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        InlinePanel("members", heading=_("Composition"), label=_("Person")),
        FieldPanel("secretary_email"),
        FieldPanel("body"),
    ]
    search_fields = [*TranslatedPageMixin.search_fields, index.SearchField("intro"), index.SearchField("body")]
    subpage_types = ["opencity_cms.MeetingPage"]

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        meetings = MeetingPage.objects.child_of(self).live()
        context["coming"] = meetings.filter(starts_at__gte=now).order_by("starts_at")
        context["past"] = meetings.filter(starts_at__lt=now).order_by("-starts_at")[:PAST_SHOWN]
        context["members"] = self.members.all()
        return context


class GroupMember(Orderable):
    """Somebody of the composition, as the city enters it: by position, and by name where that is published."""

    page = ParentalKey(WorkingGroupPage, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(_("in the group"), max_length=10, choices=GroupRole, default=GroupRole.MEMBER)
    position = models.CharField(_("position"), max_length=250)
    name = models.CharField(_("name"), max_length=150, blank=True)

    panels = [FieldPanel("role"), FieldPanel("position"), FieldPanel("name")]

    class Meta(Orderable.Meta):
        verbose_name = _("member of the working group")
        verbose_name_plural = _("members of the working group")

    def __str__(self) -> str:
        return self.name or self.position
