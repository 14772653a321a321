"""What the pages of self-organisation and projects share: one's way through sign-in, and files that come with a result."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from opencity_issues import rules
from opencity_issues.actions import take_media
from opencity_issues.actions.submit_issue import MEDIA_AT_MOST
from opencity_issues.forms.card import FILES, KEPT_FILES
from opencity_issues.models import Media, Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, Refusal
from opencity_issues.views.limits import count_against_limit
from opencity_issues.views.visit import roles_of


def files_of(request: HttpRequest) -> tuple[list[Media], Refusal | None]:
    """The files that come with a form: those that waited, then new ones; and why one was not taken, if one was not."""
    if not rules.allows("comment", roles_of(request)):
        return [], None
    kept = take_media.waiting_for(request.user, request.POST.getlist(KEPT_FILES))
    for upload in request.FILES.getlist(FILES):
        if len(kept) >= MEDIA_AT_MOST:
            message = _("Add at most %(count)d photos and videos.") % {"count": MEDIA_AT_MOST}
            return kept, Missing(message, fields={"files": message}, clause="2.6")
        try:
            count_against_limit(request, "uploads")
            kept.append(take_media.take(upload, uploader=request.user).media)
        except Missing as refusal:
            message = f"{upload.name}: {refusal.message}"
            return kept, Missing(message, fields={"files": message}, clause="2.6")
        except Refusal as refusal:
            return kept, refusal
    return kept, None


def moderator_of(request: HttpRequest, city_id: int) -> Organisation:
    """The organisation that the visitor moderates the city for. Raises NotPermitted for anybody else."""
    found: Iterable[Any] = roles_of(request).moderators(city_id)
    for organisation in found:
        return organisation  # type: ignore[no-any-return]
    raise NotPermitted(_("This is not for your role."), clause="5.1")
