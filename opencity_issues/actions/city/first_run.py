"""What the operator does on the list of what a new city needs: ticks, and a letter of trial."""

from typing import Any

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from opencity_issues.models import FirstRunTick, IssueIndexPage
from opencity_issues.procedure.refusals import NotPermitted, NotPossible
from opencity_issues.queries.first_run import MAIL, TICKED
from opencity_issues.rules import Roles


def tick(city: IssueIndexPage, key: str, *, done: bool, actor: Any) -> None:
    """Say that something of TICKED is done, or not any more. Raises NotPermitted, NotPossible (no such thing)."""
    _check(actor)
    if key not in TICKED:
        raise NotPossible(_("There is no such thing on the list."), clause="2.7")
    if done:
        FirstRunTick.objects.get_or_create(city=city, key=key, defaults={"ticked_by_id": actor.pk})
    else:
        FirstRunTick.objects.filter(city=city, key=key).delete()


def try_mail(city: IssueIndexPage, *, actor: Any) -> str:
    """Send a letter to the operator's own address and return that address.

    Raises NotPermitted, and NotPossible with the mail server's own words where it did not take the letter.
    """
    _check(actor)
    if not actor.email:
        raise NotPossible(_("Your account has no e-mail address."), clause="2.7")
    said = {"city": city.config.city_name}
    try:
        send_mail(
            _("A letter of trial from %(city)s") % said,
            _("The System of %(city)s can send letters. Nothing needs to be done.") % said,
            None,
            [actor.email],
        )
    # SMTP's errors are errors of the system too.
    except OSError as error:
        raise NotPossible(_("The mail server did not take it: %(error)s") % {"error": error}, clause="2.7") from error
    FirstRunTick.objects.get_or_create(city=city, key=MAIL, defaults={"ticked_by_id": actor.pk})
    return str(actor.email)


def _check(actor: Any) -> None:
    if not Roles.of(actor).is_operator:
        raise NotPermitted(_("This page is the operator's."), clause="2.7")
