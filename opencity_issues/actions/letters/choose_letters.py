"""A citizen chooses when letters come: at once, together each day or week, or never. By account, or by the link of a letter."""

from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from opencity_issues.actions.letters.address_letters import set_time
from opencity_issues.actions.record_event import ring_doorbell
from opencity_issues.enums import LetterChoice
from opencity_issues.models import Citizen, Notice
from opencity_issues.procedure.letters.notices import LETTERS

STOPPABLE = frozenset(letter.template for letter in LETTERS if letter.may_be_stopped)


def token_of(user_id: int) -> str:
    """What a letter's link carries: it lets one choose this reader's letters and do nothing else, and does not expire."""
    return _signer().sign(str(user_id))


def citizen_of(token: str) -> Citizen | None:
    """The reader whose letters a link chooses; None for a link that was not given here, or whose account is gone."""
    try:
        key = _signer().unsign(token)
    except BadSignature:
        return None
    return Citizen.objects.select_related("user").filter(user_id=int(key), user__is_active=True).first()


def choose_letters(citizen: Citizen, choice: LetterChoice, *, now: datetime | None = None) -> int:
    """Keep the choice, and set the letters that wait already to go by it; returns how many those are.

    Letters of the procedure to people who work with the System do not ask (3.4).
    """
    now = now or timezone.now()
    with transaction.atomic():
        citizen = Citizen.objects.select_for_update().get(pk=citizen.pk)
        citizen.letters = choice
        citizen.save(update_fields=["letters"])
        # What a sender has taken already goes as it was.
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        waiting = (
            Notice.objects.waiting()
            .filter(free, user_id=citizen.user_id, template__in=STOPPABLE, issue__isnull=False)
            .select_related("issue__city__city_settings")
            .select_for_update(of=("self",))
        )
        changed = list(waiting)
        for notice in changed:
            set_time(notice, choice, now)
        Notice.objects.bulk_update(changed, ["together", "send_after", "unwanted_at"])
        if changed and choice == LetterChoice.AT_ONCE:
            transaction.on_commit(ring_doorbell, robust=True)
    return len(changed)


def _signer() -> Signer:
    return Signer(salt="opencity_issues.letters", sep=".")
