"""A person erases the own account (law on personal data): what is the city's stays, who it was is gone.

Issues and words stay without an author, and a support stays counted. Gone are name, addresses, followings, letters,
sessions, keys, drafts, and the files that nobody but their owner could see. The number of the account stays in events and
in the ledger, so that a backup from before is erased again.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from opencity_issues import conf
from opencity_issues.actions.account.end_devices import end_other_devices
from opencity_issues.actions.take_media import delete_files
from opencity_issues.enums import Publication
from opencity_issues.models import Correction, Draft, Erasure, Initiative, Invitation, IssuePage, Media, Membership
from opencity_issues.procedure.refusals import NotPossible
from opencity_issues.signals import account_erased

NEVER_PUBLIC = (Publication.REFUSED, Publication.WITHDRAWN)
"""What nobody will publish any more once its author is gone: the words stay on record, the files go."""


def why_not_erased(user: Any) -> Any:
    """Why this account is not erased now, in words; empty where it can be."""
    if user.is_superuser or user.is_staff:
        return _("This account runs the installation. Another operator has to take its rights first.")
    if Membership.objects.live().filter(user_id=user.pk).exists():
        return _("You work for an organisation. Leave it first, so that what you hold goes to your colleagues.")
    return ""


def erase_account(user: Any, *, now: datetime | None = None) -> None:
    """Erase the account for good. Raises NotPossible for operators and members of organisations.

    The host's own data go by `signals.account_erased`, in the same transaction.
    """
    now = now or timezone.now()
    with transaction.atomic():
        user = get_user_model().objects.select_for_update().get(pk=user.pk)
        if why := why_not_erased(user):
            raise NotPossible(why)
        key = user.pk
        _erase(user, now)
        transaction.on_commit(lambda: _note_in_ledger(key, now))


def replay_erasures(accounts: Iterable[tuple[int, datetime]] = ()) -> list[int]:
    """Erase again what a restored backup has brought back, by the ledger in the database and those accounts named.

    An account that began after the erasure is another person's who got the number: it stays. Returns whose were erased.
    """
    ledger = dict(Erasure.objects.values_list("account", "erased_at"))
    for account, at in accounts:
        ledger.setdefault(account, at)
    erased: list[int] = []
    for user in get_user_model().objects.filter(pk__in=list(ledger)):
        began = getattr(user, "date_joined", None)
        if began is not None and began > ledger[user.pk]:
            continue
        with transaction.atomic():
            Membership.objects.filter(user_id=user.pk, left_at=None).update(left_at=ledger[user.pk])
            _erase(user, ledger[user.pk])
        erased.append(user.pk)
    return sorted(erased)


def read_ledger(path: Path) -> list[tuple[int, datetime]]:
    """Lines of "account moment", as `_note_in_ledger` writes them; what is no such line is passed over."""
    found = []
    for line in path.read_text().splitlines():
        account, _blank, moment = line.partition(" ")
        at = parse_datetime(moment) if account.isdigit() else None
        if at is not None:
            found.append((int(account), at))
    return found


def _erase(user: Any, now: datetime) -> None:
    key, email = user.pk, getattr(user, user.get_email_field_name(), "")
    Erasure.objects.get_or_create(account=key, defaults={"erased_at": now})
    account_erased.send(sender=type(user), user=user)
    IssuePage.objects.filter(author_id=key).update(show_author=False)
    # What was corrected may have been a name or a telephone too much.
    Correction.objects.filter(event__actor_id=key).delete()
    Initiative.objects.filter(organiser_id=key).update(contact="", show_organiser=False)
    if email:
        Invitation.objects.filter(email__iexact=email).delete()
    _remove_files(key)
    Draft.objects.filter(user_id=key).delete()
    end_other_devices(user)
    # Takes along or leaves without a name all that refers to the account.
    user.delete()


def _remove_files(user_id: int) -> None:
    loose = Q(issue=None, contribution=None) & (Q(uploader_id=user_id) | Q(draft__user_id=user_id))
    unseen = Q(issue__author_id=user_id, issue__publication__in=NEVER_PUBLIC)
    files = list(Media.objects.filter(loose | unseen))
    names = [name for one in files for name in one.file_names]
    Media.objects.filter(pk__in=[one.pk for one in files]).delete()
    transaction.on_commit(lambda: delete_files(names))


def _note_in_ledger(account: int, at: datetime) -> None:
    """Outside the database, which a restored backup replaces."""
    path = conf.get("OPENCITY_ERASURE_LEDGER")
    if path:
        with Path(path).open("a") as ledger:
            ledger.write(f"{account} {at.isoformat()}\n")
