"""What the reference site adds when a city is set up."""

from typing import Any

from django.conf import settings
from django.dispatch import receiver
from wagtail.models import Site

from opencity_issues.signals import city_set_up

WAGTAILS_FIRST_HOST = "localhost"


@receiver(city_set_up)
def name_the_host(site: Site, **_kwargs: Any) -> None:
    """Give the Wagtail site the first of ALLOWED_HOSTS, where it still has the host that Wagtail's migrations gave it.

    Sitemap and feeds name their pages by it. In the demonstration any host may be asked, so there is none to take.
    """
    if settings.DEMONSTRATION or site.hostname != WAGTAILS_FIRST_HOST:
        return
    site.hostname, site.port = settings.ALLOWED_HOSTS[0].lstrip("."), 443
    site.save()
