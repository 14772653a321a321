"""What the site does its own way in django-allauth: where one comes to after signing in, and whose letters these are."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.models import Site

from opencity_issues.models import IssueIndexPage, Membership


@dataclass(frozen=True)
class NamedSite:
    """The site as its letters about accounts name it: they know a host's address alone, which tells people nothing."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):
    """Named by the setting ACCOUNT_ADAPTER."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Workers come to their cabinet, where issues wait for them every day (4.1), editors to the admin, others to the map's home."""
        city = IssueIndexPage.of_site(Site.find_for_request(request))
        own = Membership.objects.live().filter(user_id=request.user.pk, organisation__city=city)
        if membership := own.select_related("organisation").order_by("pk").first():
            return reverse("opencity_issues:cabinet", args=[membership.organisation.slug])
        if request.user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        return super().get_login_redirect_url(request)

    def send_mail(self, template_prefix: str, email: str, context_of_letter: dict[str, Any]) -> None:
        """As allauth does, but in the name of the site."""
        site = NamedSite(gettext("Open City"), context.request.get_host())
        super().send_mail(template_prefix, email, {**context_of_letter, "current_site": site})
