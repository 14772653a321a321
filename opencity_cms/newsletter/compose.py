"""The letters about news, from their rows in the outbox."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opencity_cms.models import NewsSubscription, NewsTiming
from opencity_cms.newsletter.links import choice_token, confirm_token
from opencity_cms.newsletter.pieces import pieces
from opencity_cms.newsletter.subscribe import CONFIRM
from opencity_cms.newsletter.tell_news import NEWS, read_window
from opencity_issues.actions.letters.envelope import Envelope, absolute, fill
from opencity_issues.actions.letters.host_letters import register
from opencity_issues.actions.letters.letter_readers import Unwanted
from opencity_issues.models import Citizen, Notice


def register_letters() -> None:
    """Tell the outbox who composes these letters."""
    register(CONFIRM, _confirmation)
    register(NEWS, _news)


def _news(notice: Notice) -> EmailMultiAlternatives:
    """Raises Unwanted where the reader wants none any more, or the pieces were taken back."""
    own = _subscription(notice)
    if own is None or own.confirmed_at is None:
        raise Unwanted
    address, language = _reader(own)
    city = own.city
    with translation.override(language), timezone.override(city.config.zone):
        told = pieces(city, *read_window(notice.key), language)
        if not told:
            raise Unwanted
        stop = absolute(city, reverse("opencity_cms:news_choice", args=[choice_token(own)]))
        why = _("You get this letter because you asked for the news of the project.")
        envelope = Envelope(city, address, language, notice.message_id, stop_url=stop, why=why)
        more = ngettext("and %(count)d more", "and %(count)d more", len(told) - 1) % {"count": len(told) - 1}
        subject = told[0].title if len(told) == 1 else f"{told[0].title} ({more})"
        return fill(envelope, subject, "news", {"pieces": told})


def _confirmation(notice: Notice) -> EmailMultiAlternatives:
    """The question whether the address wants the news; nothing else is in it that a stranger could have written."""
    own = _subscription(notice)
    if own is None or not own.email:
        raise Unwanted
    timing = NewsTiming(notice.key.partition(":")[0])
    with translation.override(own.language):
        path = reverse("opencity_cms:news_confirm", args=[confirm_token(own, timing)])
        context: dict[str, Any] = {"timing": timing.label, "action_url": absolute(own.city, path)}
        envelope = Envelope(own.city, own.email, own.language, notice.message_id)
        return fill(envelope, _("Please confirm that you want the news by e-mail"), "news_confirm", context)


def _subscription(notice: Notice) -> NewsSubscription | None:
    key = notice.recipient.partition(":")[2]
    found = NewsSubscription.objects.select_related("city__city_settings", "user")
    return found.filter(key=key).first()


def _reader(own: NewsSubscription) -> tuple[str, str]:
    """Address and language as they are now. Raises Unwanted where nobody can be written to."""
    user: Any = own.user
    if user is None:
        return own.email, own.language
    address = getattr(user, user.get_email_field_name(), "")
    if not user.is_active or not address:
        raise Unwanted
    citizen = Citizen.objects.filter(user=user).first()
    return address, citizen.language if citizen else settings.LANGUAGE_CODE
