from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from opencity_issues.enums import Publication, Reopening, Status
from opencity_issues.language.search_text import index_text
from opencity_issues.models.category import Category
from opencity_issues.models.city import IssueIndexPage, with_path
from opencity_issues.models.place import grid_cell
from opencity_issues.procedure.deadlines import MISSABLE


class IssueNumber(models.Model):
    """Gives the numbers of issues, unique in the installation; a number is never given twice."""


class IssueQuerySet(PageQuerySet):
    def published(self) -> IssueQuerySet:
        return self.filter(publication=Publication.PUBLISHED)

    def in_city(self, city: IssueIndexPage) -> IssueQuerySet:
        return self.filter(city=city)

    def by_author(self, user: models.Model) -> IssueQuerySet:
        return self.filter(author_id=user.pk)

    def overdue(self, now: datetime) -> IssueQuerySet:
        """Issues with a term of an organisation that has run out unmet."""
        return self.filter(models.Exists(self._running(now)))

    def with_overdue(self, now: datetime) -> IssueQuerySet:
        return self.annotate(is_overdue=models.Exists(self._running(now)))

    @staticmethod
    def _running(now: datetime) -> models.QuerySet[Any]:
        from opencity_issues.models.deadline import Deadline  # deadline.py refers to this module

        return Deadline.objects.running().filter(issue_id=models.OuterRef("pk"), clause__in=MISSABLE, due_at__lte=now)


class IssueMixin(models.Model):
    """What an issue is made of (2.6, 3.1). Written only by the actions, never by a page editor."""

    number = models.PositiveIntegerField(_("number"), unique=True, editable=False)
    city = models.ForeignKey(IssueIndexPage, on_delete=models.PROTECT, related_name="issues", editable=False)
    description = models.TextField(_("description"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="opencity_issues",
    )
    show_author = models.BooleanField(_("author's name is public"), default=False)
    categories = models.ManyToManyField(
        Category, through="IssueCategory", related_name="issues", verbose_name=_("categories")
    )

    lng = models.FloatField(_("longitude, degrees"), null=True, blank=True)
    lat = models.FloatField(_("latitude, degrees"), null=True, blank=True)
    address = models.CharField(_("address in words"), max_length=250, blank=True)
    district = models.ForeignKey(
        "opencity_issues.District",
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="issues",
        editable=False,
    )
    by_phone = models.BooleanField(_("recorded by the control body from a call"), default=False, editable=False)
    duplicate_of = models.ForeignKey(
        "self",
        verbose_name=_("merged with"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duplicates",
        editable=False,
    )
    mx = models.IntegerField(null=True, editable=False)
    my = models.IntegerField(null=True, editable=False)

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    again = models.BooleanField(_("again"), default=False, editable=False)
    reopening = models.CharField(
        _("origin of the latest reopening"),
        max_length=10,
        choices=Reopening,
        default=Reopening.NEVER,
        blank=True,
        editable=False,
    )
    publication = models.CharField(
        _("publication"), max_length=12, choices=Publication, default=Publication.HELD, editable=False
    )
    refusal_ground = models.CharField(_("ground of refusal (5.2)"), max_length=20, blank=True, editable=False)
    refusal_reason = models.TextField(_("moderator's words"), blank=True, editable=False)
    explained = models.BooleanField(_("explained, not solved (4.4)"), default=False, editable=False)

    submitted_at = models.DateTimeField(_("registered"), editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    opened_at = models.DateTimeField(_("last became open"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)
    repeated_at = models.DateTimeField(_("latest repeated message"), null=True, editable=False)

    duplicate_count = models.PositiveIntegerField(_("other reports of the same"), default=0, editable=False)
    event_count = models.PositiveIntegerField(default=0, editable=False)
    comment_count = models.PositiveIntegerField(default=0, editable=False)
    support_count = models.PositiveIntegerField(_("residents who say “me too”"), default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def location(self) -> tuple[float, float] | None:
        """(lng, lat) in WGS 84 degrees, or None where the author gave no place."""
        if self.lng is None or self.lat is None:
            return None
        return self.lng, self.lat

    @property
    def place_words(self) -> str:
        """Where it is, for lists: the address, or that there is a point on the map, or that the place is not known."""
        return self.address or str(_("Shown on the map") if self.location else _("No exact place"))

    def place_at(self, location: tuple[float, float] | None) -> None:
        """Set the place, (lng, lat) in WGS 84 degrees, and its cell of the map's grid."""
        self.lng, self.lat = location or (None, None)
        self.mx, self.my = grid_cell(*location) if location else (None, None)

    @property
    def is_published(self) -> bool:
        return self.publication == Publication.PUBLISHED

    @property
    def is_public(self) -> bool:
        """Published, or merged with an issue that is: its page then leads there."""
        if self.publication == Publication.MERGED and self.duplicate_of is not None:
            return bool(self.duplicate_of.is_published)
        return self.is_published

    def is_by(self, user_id: int | None) -> bool:
        """Whether this person reported the issue, or a duplicate that was merged into it and so has the author's rights."""
        return user_id is not None and user_id in self.author_ids()

    def author_ids(self) -> list[int]:
        """The author and the authors of duplicates, those whose accounts are erased left out."""
        joined = [one.user_id for one in self.co_authors.all()] if self.duplicate_count else []
        return [key for key in dict.fromkeys([self.author_id, *joined]) if key is not None]

    @property
    def public_author_name(self) -> str:
        """The author's name where he or she chose to show it, otherwise empty."""
        if not self.show_author or self.author is None:
            return ""
        return self.author.get_full_name()


class IssuePage(IssueMixin, Page):
    """An issue as a Wagtail page: found in choosers, search and sitemap; read-only to editors (see permissions.py)."""

    parent_page_types = ["opencity_issues.IssueIndexPage"]
    subpage_types: list[str] = []
    # Indexed after commit in batches by our own task: a page's save must not wait for it.
    search_auto_update = False
    # An issue's text links to nothing; pages that link to issues are still found from the issue.
    wagtail_reference_index_ignore = True
    search_fields = [
        *Page.search_fields,
        index.SearchField("description"),
        index.SearchField("address"),
        index.SearchField("search_forms"),
        index.FilterField("number"),
        index.FilterField("city_id"),
        index.FilterField("publication"),
        index.FilterField("status"),
    ]

    objects = PageManager.from_queryset(IssueQuerySet)()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="issue_status_of_3_2"),
            models.CheckConstraint(
                condition=models.Q(publication__in=Publication.values), name="issue_publication_known"
            ),
        ]
        indexes = [
            models.Index(fields=["city", "publication", "-number"], name="issue_list"),
            models.Index(fields=["city", "publication", "status", "-number"], name="issue_by_status"),
            models.Index(fields=["city", "publication", "-support_count", "-number"], name="issue_by_support"),
            models.Index(fields=["author", "-number"], name="issue_by_author"),
            models.Index(fields=["mx", "my"], name="issue_on_grid"),
            models.Index(fields=["closed_at"], condition=models.Q(status=Status.CLOSED), name="issue_to_archive"),
            models.Index(fields=["city", "submitted_at"], name="issue_by_period"),
            models.Index(fields=["city", "closed_at"], name="issue_by_closing"),
            models.Index(fields=["district", "publication", "-number"], name="issue_by_district"),
            models.Index(fields=["city", "status"], condition=models.Q(again=True), name="issue_again"),
            models.Index(fields=["repeated_at"], condition=models.Q(repeated_at__isnull=False), name="issue_repeated"),
        ]

    def __str__(self) -> str:
        return f"№ {self.number} {self.title}"

    def save(self, clean: bool = False, user: Any = None, log_action: Any = None, **kwargs: Any) -> Any:
        """Saved lean: the actions have checked what they write, and the events are the log.

        `live` follows the publication, whatever an editor's action on a page above tried. A new row that brings events
        along is a copy, an alias or a translation made of an issue: raises PermissionDenied.
        """
        if self._state.adding and self.event_count:
            raise PermissionDenied(_("An issue is not copied: it stays one, with one history."))
        self.live = self.publication == Publication.PUBLISHED
        # Wagtail, which takes these arguments, has no type stubs.
        return super().save(clean=clean, user=user, log_action=log_action, **kwargs)  # type: ignore[call-arg]

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raises PermissionDenied: what was registered stays on record (3.3); the moderator takes down what must go (5.1)."""
        raise PermissionDenied(_("An issue is never deleted. The moderator can take it down."))

    delete.alters_data = True  # type: ignore[attr-defined] # templates must not call it

    @property
    def search_forms(self) -> str:
        """Title, description and address by dictionary forms, for the search index."""
        return index_text(self.title, self.description, self.address)

    @classmethod
    def get_indexed_objects(cls) -> Any:
        """The search index holds what the public may find."""
        return super().get_indexed_objects().filter(publication=Publication.PUBLISHED)

    def get_indexed_instance(self) -> Any:
        return super().get_indexed_instance() if self.is_published else None

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        return with_path(super().get_url_parts(request), self.get_absolute_url())

    def is_site_root(self) -> bool:
        """Never: spares the question at each save."""
        return False

    def get_absolute_url(self) -> str:
        return reverse("opencity_issues:card", args=[self.number])

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.get_absolute_url())

    def permissions_for_user(self, user: Any) -> Any:
        from opencity_issues.permissions import IssuePagePermissionTester  # a door above models

        return IssuePagePermissionTester(user, self)

    def with_content_json(self, content: dict[str, Any]) -> IssuePage:
        """A revision never brings back old columns of the procedure: they stay as they are in the database."""
        page = super().with_content_json(content)
        for field in IssueMixin._meta.local_fields:
            setattr(page, field.attname, getattr(self, field.attname))
        return page


class IssueCategory(models.Model):
    """The categories an issue belongs to (3.1), one or several."""

    issue = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="issue_categories")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "category"], name="issue_category_once")]
        indexes = [models.Index(fields=["category", "issue"], name="issues_of_category")]

    def __str__(self) -> str:
        return f"{self.issue_id} · {self.category_id}"


class CoAuthor(models.Model):
    """The author of a duplicate follows the issue that it was merged with, with the author's rights there."""

    issue = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="co_authors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    duplicate = models.ForeignKey(IssuePage, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "duplicate"], name="co_author_once")]

    def __str__(self) -> str:
        return f"{self.issue_id} · {self.duplicate_id}"


class Caller(models.Model):
    """Who telephoned an issue in; the control body's own note, apart from the issue so that no list carries it along."""

    issue = models.OneToOneField(IssuePage, on_delete=models.CASCADE, related_name="caller")
    name = models.CharField(_("caller's name"), max_length=150)
    phone = models.CharField(_("telephone"), max_length=60)
    consent_at = models.DateTimeField(_("agreed to the recording of these data"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("recorded by")
    )
    told_at = models.DateTimeField(_("told the result"), null=True, blank=True)

    class Meta:
        verbose_name = _("caller")
        verbose_name_plural = _("callers")

    def __str__(self) -> str:
        return f"№ {self.issue_id}"

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it: digits, and a plus where it begins with one."""
        plus = "+" if self.phone.strip().startswith("+") else ""
        return plus + "".join(sign for sign in self.phone if sign.isdigit())


class Correction(models.Model):
    """What a field said before it was corrected. Apart from the event, so that erasure can reach people's words."""

    event = models.ForeignKey(
        "opencity_issues.Event", on_delete=models.CASCADE, related_name="corrections", db_constraint=False
    )
    field = models.CharField(max_length=30)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.field
