from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageManager, Site
from wagtail.query import PageQuerySet

from opencity_issues import conf


class FewPagesManager(PageManager):
    """Pages of a kind that is rare among all the issues: a database that begins with the tree of pages walks through all."""

    def get_queryset(self) -> PageQuerySet:
        """By their keys first."""
        few = self.model._base_manager.order_by().values("pk")
        return super().get_queryset().filter(pk__in=few)


class IssueIndexPage(Page):
    """A city: organisations, matrix, settings and issues belong to one of these."""

    objects = FewPagesManager()

    subpage_types = ["opencity_issues.IssuePage"]

    class Meta:
        verbose_name = _("city's issues")
        verbose_name_plural = _("cities' issues")

    @classmethod
    def of_site(cls, site: Site | None, *, published: bool = True) -> IssueIndexPage | None:
        """The city of a site: the uppermost below its root, but none that stands below another site's own root."""
        if site is None:
            return None
        root = site.root_page
        deeper = Site.objects.filter(root_page__path__startswith=root.path, root_page__depth__gt=root.depth)
        of_another = deeper.alias(place=ExpressionWrapper(OuterRef("path"), CharField())).filter(
            place__startswith=F("root_page__path")
        )
        cities = (
            (cls.objects.live() if published else cls.objects.all())
            .descendant_of(root, inclusive=True)
            .filter(~Exists(of_another))
        )
        found: IssueIndexPage | None = cities.select_related("city_settings").order_by("depth", "path").first()
        return found

    @cached_property
    def base_url(self) -> str:
        """Scheme, host and port of the city's site, as letters and papers name it; "" for a city that no site shows.

        OPENCITY_BASE_URL speaks for the default site: other cities have hosts of their own.
        """
        site = self.get_site()
        own = str(conf.get("OPENCITY_BASE_URL"))
        return own if own and (site is None or site.is_default_site) else (site.root_url if site else "")

    @cached_property
    def config(self) -> Any:
        """The city's settings, made with their defaults where the host has none yet."""
        from opencity_issues.models.settings import CitySettings  # settings.py refers to this class

        try:
            return self.city_settings
        except CitySettings.DoesNotExist:
            return CitySettings.objects.get_or_create(city=self)[0]

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Raises PermissionDenied for a translation or alias: a city's issues are one tree, shown in every language."""
        if self._state.adding and IssueIndexPage.objects.filter(translation_key=self.translation_key).exists():
            raise PermissionDenied(_("A city's issues are one for all languages: this page is not translated."))
        return super().save(*args, **kwargs)

    def permissions_for_user(self, user: Any) -> Any:
        from opencity_issues.permissions import IssueIndexPermissionTester  # a door above models

        return IssueIndexPermissionTester(user, self)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("opencity_issues:issue_list"))

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        return with_path(super().get_url_parts(request), reverse("opencity_issues:issue_list"))


def with_path(parts: tuple[int, str, str] | None, path: str) -> tuple[int, str, str] | None:
    """The parts of a page's address with the path at which the package shows it; None for a page that no site shows."""
    return (parts[0], parts[1], path) if parts else None
