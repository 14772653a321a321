"""Whether the site lives and is ready, for a monitor or a load balancer."""

import logging
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from opencity_issues.queries.desk.outbox import late_letters
from opencity_issues.queries.operation import outbox_pause, runs

logger = logging.getLogger(__name__)


def database_answers() -> bool:
    """Whether the database answers a query; the reason of a failure goes to the log, not to the visitor."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except DatabaseError:
        logger.exception("The database does not answer")
        return False


def warnings() -> dict[str, dict[str, Any]]:
    """What a monitor should tell somebody of, while people are served nevertheless."""
    now = timezone.now()
    found: dict[str, dict[str, Any]] = {}
    try:
        if (late := late_letters(now)).count:
            found["letters"] = {"waiting": late.count, "since": late.since}
        if pause := outbox_pause():
            found["outbox"] = {"paused_since": pause.since}
        # What `opencity_setup` has not installed yet is late to nobody.
        if behind := [run.name for run in runs(now) if run.is_late and run.next_run]:
            found["worker"] = {"behind": behind}
    except DatabaseError:
        logger.exception("The outbox cannot be read")
        return {"letters": {"unreadable": True}}
    return found


@never_cache
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """`live`: the process answers. `ready`: it can serve people; 503 where it cannot.

    `warnings` is there only with one in it: letters that have waited for more than 15 minutes, how many and since when;
    an outbox that is paused after a restore; a worker that does not begin its runs.
    """
    ready = database_answers()
    state: dict[str, Any] = {"live": True, "ready": ready}
    if ready and (found := warnings()):
        state["warnings"] = found
    return JsonResponse(state, status=200 if ready else 503)
