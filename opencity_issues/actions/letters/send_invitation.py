"""The letter that brings somebody into an organisation (2.4): sent at once, for its secret is kept nowhere."""

import logging
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from opencity_issues.actions.letters.envelope import Envelope, absolute, fill
from opencity_issues.models import Invitation

logger = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, secret: str) -> bool:
    """Send the link in the organisation's language; False where the mail server did not take it.

    Call it after the invitation is committed. The secret is in the letter alone, so a failed letter needs a new invitation.
    """
    organisation = invitation.organisation
    city = organisation.city
    context = {
        "invitation": invitation,
        "organisation": organisation,
        "link": absolute(city, reverse("opencity_issues:invitation", args=[secret])),
    }
    envelope = Envelope(city, invitation.email, organisation.language, uuid4().hex)
    with translation.override(organisation.language), timezone.override(city.config.zone):
        subject = _("Invitation to the cabinet of %(name)s") % {"name": organisation.name}
        message = fill(envelope, subject, "invitation", context)
    try:
        message.send()
    except OSError:  # smtplib's errors are OSErrors too
        logger.warning("The letter of invitation %s could not be sent", invitation.pk, exc_info=True)
        return False
    return True
