"""The daily letter of a cabinet (4.1), with what waits at the moment it is sent."""

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import formats, timezone

from opencity_issues.actions.letters.envelope import Envelope, absolute, fill
from opencity_issues.actions.letters.letter_readers import Unwanted
from opencity_issues.models import Notice
from opencity_issues.procedure.letters.notices import BY_TEMPLATE
from opencity_issues.queries.desk.digest import digest_of


def compose_digest(notice: Notice, envelope: Envelope) -> EmailMultiAlternatives:
    """Call it with the reader's language and the city's time zone active. Raises Unwanted where nothing waits any more."""
    organisation = notice.organisation
    if organisation is None:
        raise Unwanted
    now = timezone.now()
    digest = digest_of(organisation, now)
    if not digest.count:
        raise Unwanted
    values = {
        "organisation": organisation.name,
        "day": formats.date_format(timezone.localdate(now), "j E"),
        "count": digest.count,
    }
    letter = BY_TEMPLATE["digest"]
    cabinet = absolute(envelope.city, reverse("opencity_issues:cabinet", args=[organisation.slug]))
    context = {
        "letter": letter,
        "lead": str(letter.lead) % values,
        "heading": organisation.name,
        "digest": digest,
        "action_url": cabinet,
    }
    return fill(envelope, str(letter.subject) % values, "digest", context)
