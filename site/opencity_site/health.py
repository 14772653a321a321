"""Whether the site lives and is ready, for a monitor or a load balancer."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

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


@never_cache
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """`live`: the process answers. `ready`: it can serve people; 503 where it cannot."""
    ready = database_answers()
    return JsonResponse({"live": True, "ready": ready}, status=200 if ready else 503)
