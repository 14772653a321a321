"""Pages go live and are taken back at the moments that their editors have set.

Wagtail's command `publish_scheduled` does the same, but looks for expired pages among all pages, a city's issues included:
with a million of them too much for each minute. Issues have no such moments.
"""

import logging
from datetime import datetime

from django.utils import timezone
from wagtail.models import Page, Revision

from opencity_cms.queries import editors_kinds

logger = logging.getLogger(__name__)


def publish_scheduled(now: datetime | None = None) -> int:
    """Publish the revisions whose moment has come and take expired pages back; returns how many pages that were.

    A page that cannot be published is logged, and holds up no other.
    """
    now = now or timezone.now()
    count = 0
    for page in _expired(now):
        try:
            page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
            count += 1
        except Exception:
            logger.exception("Page %s could not be taken back.", page.pk)
    for revision in Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at"):
        try:
            revision.publish(log_action="wagtail.publish.scheduled")
            count += 1
        except Exception:
            logger.exception("Revision %s could not be published.", revision.pk)
    return count


def _expired(now: datetime) -> list[Page]:
    return list(Page.objects.exact_type(*editors_kinds()).filter(live=True, expire_at__lt=now).order_by("expire_at"))
