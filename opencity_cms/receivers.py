from typing import Any

from django.dispatch import receiver
from django_q.models import Schedule

from opencity_cms.content import lay_out_content
from opencity_cms.editors import make_editors_group
from opencity_issues.models import IssueIndexPage
from opencity_issues.signals import city_set_up


@receiver(city_set_up)
def lay_out_with_the_city(sender: type[IssueIndexPage], city: IssueIndexPage, site: Any, **kwargs: Any) -> None:
    """A city's content pages come with the city, and the group of those who write them."""
    make_editors_group(lay_out_content(city, site))
    run = {"func": "opencity_cms.tasks.remind", "schedule_type": Schedule.DAILY}
    Schedule.objects.update_or_create(name="opencity: remind secretaries", defaults=run)
