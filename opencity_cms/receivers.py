from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from opencity_cms.content import lay_out_content
from opencity_cms.editors import make_editors_group
from opencity_cms.models import GroupMember, HomePage, NewsSubscription, TextPage
from opencity_cms.schedules import install
from opencity_issues.models import IssueIndexPage
from opencity_issues.queries.first_run import Item
from opencity_issues.signals import account_erased, city_set_up, data_copied, first_run_items


@receiver(city_set_up)
def lay_out_with_the_city(sender: type[IssueIndexPage], city: IssueIndexPage, site: Any, **kwargs: Any) -> None:
    """A city's content pages come with the city, the group of those who write them, and the work that time brings."""
    make_editors_group(lay_out_content(city, site))
    install()


@receiver(account_erased)
def forget_address(sender: type[Any], user: Any, **kwargs: Any) -> None:
    """News asked for without the account end with it too; those of the account go with its row."""
    if email := getattr(user, user.get_email_field_name(), ""):
        NewsSubscription.objects.filter(email__iexact=email).delete()


@receiver(data_copied)
def tell_of_subscriptions(sender: type[Any], user: Any, data: dict[str, Any], **kwargs: Any) -> None:
    """Whether and when the person gets news by e-mail."""
    data["news_by_email"] = [one.told() for one in NewsSubscription.objects.filter(user=user)]


@receiver(first_run_items)
def what_the_content_needs(sender: type[IssueIndexPage], city: IssueIndexPage, **kwargs: Any) -> list[Item]:
    """The page about people's data, and the composition of the working group, which the council's decision asks for."""
    home = HomePage.objects.ancestor_of(city).first()
    if home is None:
        return []
    pages = reverse("wagtailadmin_explore", args=[home.pk])
    privacy = TextPage.objects.child_of(home).live().filter(slug="privacy").exists()
    members = GroupMember.objects.filter(page__in=home.get_descendants()).exists()
    return [
        Item("privacy", _("The page about personal data is published"), privacy, _("Publish it."), pages),
        Item(
            "working_group",
            _("The working group's composition is published"),
            members,
            _("Enter its members on its page."),
            pages,
        ),
    ]
