"""The letter that brings somebody into an organisation (2.4): sent at once, for its secret is kept nowhere."""

import logging
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from opencity_issues.models import Invitation

logger = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, secret: str) -> bool:
    """Send the link in the organisation's language; False where the mail server did not take it.

    Call it after the invitation is committed. The secret is in the letter alone, so a failed letter needs a new invitation.
    """
    organisation = invitation.organisation
    city = organisation.city
    site = city.get_site()
    path = reverse("opencity_issues:invitation", args=[secret])
    with translation.override(organisation.language):
        context = {
            "invitation": invitation,
            "organisation": organisation,
            "city": city.config,
            "language": organisation.language,
            "link": f"{site.root_url if site else ''}{path}",
        }
        subject = " ".join((_("Invitation to the cabinet of %(name)s") % {"name": organisation.name}).split())
        message = EmailMultiAlternatives(
            subject,
            render_to_string("opencity_issues/mail/invitation.txt", context),
            formataddr((city.config.city_name, settings.DEFAULT_FROM_EMAIL)),
            [invitation.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("opencity_issues/mail/invitation.html", context), "text/html")
    try:
        message.send()
    except OSError:  # smtplib's errors are OSErrors too
        logger.warning("The letter of invitation %s could not be sent", invitation.pk, exc_info=True)
        return False
    return True
