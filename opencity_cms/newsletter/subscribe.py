"""Somebody wants the news by e-mail, otherwise than before, or no more.

An address without an account is asked first whether it wants them (nobody signs up another). What is said and done for
an address is the same whether it is known or not, so that nobody learns who reads the news.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from opencity_cms.models import NewsSubscription, NewsTiming
from opencity_cms.newsletter.links import CONFIRM_WITHIN
from opencity_issues.actions.record_event import ring_doorbell
from opencity_issues.models import IssueIndexPage, Notice

CONFIRM = "news_confirm"
LETTERS_A_DAY = 3
"""So many letters that ask for confirmation go to one address within a day, whoever asks for them."""


def recipient_of(subscription: NewsSubscription) -> str:
    """How the outbox names it."""
    return f"news:{subscription.key}"


def subscription_of(city: IssueIndexPage, user: Any) -> NewsSubscription | None:
    """What an account gets, asked for with it or before there was one."""
    own = NewsSubscription.objects.filter(city=city, confirmed_at__isnull=False)
    email = getattr(user, user.get_email_field_name(), "")
    return own.filter(user=user).first() or (own.filter(email=email.lower()).first() if email else None)


def ask_to_subscribe(
    city: IssueIndexPage, email: str, timing: NewsTiming, language: str, *, now: datetime | None = None
) -> None:
    """Send the letter with the link that confirms; what was confirmed before stays as it is until then."""
    now = now or timezone.now()
    with transaction.atomic():
        own, _made = NewsSubscription.objects.get_or_create(
            city=city,
            email=email.lower(),
            defaults={"timing": timing, "language": language, "told_until": now, "created_at": now},
        )
        lately = Notice.objects.filter(
            recipient=recipient_of(own), template=CONFIRM, created_at__gt=now - timedelta(days=1)
        )
        if lately.count() >= LETTERS_A_DAY:
            return
        asked = Notice(
            template=CONFIRM,
            recipient=recipient_of(own),
            key=f"{timing}:{now:%Y%m%d%H%M}",
            city=city,
            created_at=now,
            send_after=now,
        )
        Notice.objects.bulk_create([asked], ignore_conflicts=True)
        transaction.on_commit(ring_doorbell, robust=True)


def confirm(subscription: NewsSubscription, timing: NewsTiming, *, now: datetime | None = None) -> None:
    """The address wants the news: those from now on. That of an account becomes the account's own choice."""
    now = now or timezone.now()
    with transaction.atomic():
        own = NewsSubscription.objects.select_for_update().get(pk=subscription.pk)
        model: Any = get_user_model()
        account = model.objects.filter(
            **{f"{model.get_email_field_name()}__iexact": own.email},
            is_active=True,
            opencity_news_subscriptions__city=own.city,
        ).first()
        if account is not None:
            choose(own.city, account, timing, now=now)
            return
        if own.confirmed_at is None:
            own.confirmed_at = own.told_until = now
        own.timing = timing
        own.save(update_fields=["confirmed_at", "told_until", "timing"])


def choose(city: IssueIndexPage, user: Any, timing: NewsTiming | None, *, now: datetime | None = None) -> None:
    """An account's own choice; None ends it. The same address without the account gets no second letter."""
    now = now or timezone.now()
    email = getattr(user, user.get_email_field_name(), "")
    with transaction.atomic():
        if email:
            NewsSubscription.objects.filter(city=city, email__iexact=email).delete()
        if timing is None:
            NewsSubscription.objects.filter(city=city, user=user).delete()
            return
        NewsSubscription.objects.update_or_create(
            city=city,
            user=user,
            defaults={"timing": timing},
            create_defaults={"timing": timing, "confirmed_at": now, "told_until": now, "created_at": now},
        )


def choose_by_link(subscription: NewsSubscription, timing: NewsTiming | None) -> None:
    """By the link of a letter; None ends it, and nothing of an address without an account is kept."""
    if timing is None:
        subscription.delete()
        return
    subscription.timing = timing
    subscription.save(update_fields=["timing"])


def forget_unconfirmed(now: datetime | None = None) -> int:
    """Addresses that never said yes are not kept; returns how many went."""
    before = (now or timezone.now()) - CONFIRM_WITHIN
    return NewsSubscription.objects.filter(confirmed_at=None, created_at__lt=before).delete()[0]
