from typing import Any

from django.dispatch import receiver

from opencity_cms.content import lay_out_content
from opencity_issues.models import IssueIndexPage
from opencity_issues.signals import city_set_up


@receiver(city_set_up)
def lay_out_with_the_city(sender: type[IssueIndexPage], city: IssueIndexPage, site: Any, **kwargs: Any) -> None:
    """A city's content pages come with the city."""
    lay_out_content(city, site)
