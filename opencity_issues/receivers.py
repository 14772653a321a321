"""What follows when the admin changes something that is counted elsewhere, and when somebody signs in."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from django.http import Http404, HttpRequest
from django.utils import timezone

from opencity_issues.actions.account.end_devices import remember_device
from opencity_issues.actions.follow import follow
from opencity_issues.actions.keep_statistics import count_all_later
from opencity_issues.actions.support_issue import support
from opencity_issues.models import Category, CitySettings, Device, IssueIndexPage, IssuePage
from opencity_issues.models.map_cell import recount
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.queries.follows import find_thing
from opencity_issues.views.limits import count_by_address
from opencity_issues.views.visit import city_of

WISH = "opencity_me_too"
"""Of the session: what was pressed before signing in, and when."""

WISH_HOLDS = timedelta(hours=1)


@receiver(pre_save, sender=Category)
def remember_parent(sender: type[Category], instance: Category, **kwargs: Any) -> None:
    """Where the category hung before it is saved."""
    before = (
        Category.objects.filter(pk=instance.pk).values_list("parent_id", flat=True).first() if instance.pk else None
    )
    instance.parent_before = before  # type: ignore[attr-defined]


@receiver(post_save, sender=Category)
def count_branches_anew(sender: type[Category], instance: Category, created: bool, **kwargs: Any) -> None:
    """Map and statistics count a category's whole branch: one that moves to another parent changes the counts of both."""
    if not created and instance.parent_before != instance.parent_id:  # type: ignore[attr-defined]
        for city in IssueIndexPage.objects.all():
            transaction.on_commit(lambda city=city: recount(city))
            count_all_later(city)


@receiver(pre_save, sender=CitySettings)
def count_other_days(sender: type[CitySettings], instance: CitySettings, **kwargs: Any) -> None:
    """In another time zone days begin at other moments: the statistics are counted anew."""
    before = CitySettings.objects.filter(pk=instance.pk).values_list("time_zone", flat=True).first()
    if before not in (None, instance.time_zone):
        count_all_later(instance.city)


def remember_wish(request: HttpRequest, do: str, **what: Any) -> None:
    """Keep in the session what a visitor pressed before signing in: "support" an issue (key), or "follow" a thing (kind, key)."""
    request.session[WISH] = {"do": do, "at": timezone.now().timestamp(), **what}


@receiver(user_logged_in)
def carry_out_wish(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Who pressed "me too" or "follow" and was asked to sign in first does not have to press again."""
    wish = request.session.pop(WISH, None) if request is not None and hasattr(request, "session") else None
    if request is None or not wish or wish["at"] < (timezone.now() - WISH_HOLDS).timestamp():
        return
    try:
        thing = find_thing(city_of(request), wish.get("kind", "issue"), str(wish["key"]))
        if wish["do"] == "support" and isinstance(thing, IssuePage):
            count_by_address(request, "supports")
            support(thing, actor=user)
        elif wish["do"] == "follow" and thing is not None:
            count_by_address(request, "follows")
            follow(city_of(request), thing, actor=user)
    except (Refusal, Http404):
        return  # the page that the person comes back to says how it stands


@receiver(user_logged_in)
def note_device(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """For the person's own list of where he or she is signed in."""
    if request is not None and hasattr(request, "session"):
        remember_device(user, request.session, request.META.get("HTTP_USER_AGENT", ""), timezone.now().timestamp())


@receiver(user_logged_out)
def forget_device(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Signed out, the browser leaves the list."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        Device.objects.filter(session_key=key).delete()
