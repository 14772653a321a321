"""After a restore: the operator lets letters leave again (2.7), with or without those that were waiting in the backup."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from opencity_issues.models import Notice, OutboxPause
from opencity_issues.procedure.refusals import NotPossible


def resume_outbox(*, send_old: bool, now: datetime | None = None) -> int:
    """End the pause; returns how many letters were put aside.

    Args:
        send_old: whether letters that the backup holds as waiting go out. They may have gone before the loss; those
            written since the restore go in any case.
        now: the moment; the present one if not given.

    Raises:
        NotPossible: the outbox is not paused (any more).

    """
    with transaction.atomic():
        pause = OutboxPause.objects.select_for_update().first()
        if pause is None:
            raise NotPossible(_("The letters leave already."))
        put_aside = 0
        if not send_old:
            old = Notice.objects.waiting().filter(created_at__lte=pause.backup_of)
            put_aside = old.update(
                unwanted_at=now or timezone.now(), leased_until=None, last_error="put aside after a restore"
            )
        OutboxPause.objects.all().delete()
    return put_aside
