"""Views of a desk that a member keeps: a queue with what narrows it, under a name; each person's own."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opencity_issues import rules
from opencity_issues.models import Organisation, SavedFilter
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.rules import Roles

AT_MOST = 30
NAME_LENGTH, QUERY_LENGTH = 80, 500


def keep_view(organisation: Organisation, name: str, query: str, *, actor: Any) -> SavedFilter:
    """Keep the part of a desk's address after the question mark; the same name is written over.

    Raises NotPermitted for who is no member, Missing without a name, NotPossible beyond AT_MOST views.
    """
    _require_member(organisation, actor)
    name = " ".join(name.split())[:NAME_LENGTH]
    if not name:
        raise Missing(_("Give the view a name."), fields={"name": _("Give the view a name.")})
    said = urlencode([(key, value) for key, value in parse_qsl(query) if key not in ("page", "issue", "do", "part")])
    if len(said) > QUERY_LENGTH:
        raise NotPossible(_("This view is too long to be kept."))
    with transaction.atomic():
        own = SavedFilter.objects.filter(organisation=organisation, user_id=actor.pk)
        if own.exclude(name=name).count() >= AT_MOST:
            raise NotPossible(_("At most %(count)d views are kept. Delete one first.") % {"count": AT_MOST})
        view, _created = SavedFilter.objects.update_or_create(
            organisation=organisation, user_id=actor.pk, name=name, defaults={"query": said}
        )
    return view


def forget_view(organisation: Organisation, key: int, *, actor: Any) -> None:
    """Delete one's own view. Raises NotPermitted for who is no member; another's is not touched."""
    _require_member(organisation, actor)
    SavedFilter.objects.filter(pk=key, organisation=organisation, user_id=actor.pk).delete()


def _require_member(organisation: Organisation, actor: Any) -> None:
    if not rules.allows("enter_cabinet", Roles.of(actor), organisation=organisation):
        raise NotPermitted(_("Only members of the organisation keep views of its cabinet."))
