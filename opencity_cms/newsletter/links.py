"""The links of letters about news: one confirms an address, the other chooses or ends the letters. Both do nothing else."""

from datetime import timedelta

from django.core.signing import BadSignature, Signer, TimestampSigner

from opencity_cms.models import NewsSubscription, NewsTiming

CONFIRM_WITHIN = timedelta(days=7)


def choice_token(subscription: NewsSubscription) -> str:
    """It does not expire: whoever keeps an old letter can still end the letters."""
    return Signer(salt="opencity_cms.news", sep=".").sign(subscription.key)


def read_choice(token: str) -> str | None:
    """The key of the subscription, which may be gone; None for a link that was not given here."""
    try:
        return Signer(salt="opencity_cms.news", sep=".").unsign(token)
    except BadSignature:
        return None


def confirm_token(subscription: NewsSubscription, timing: str) -> str:
    return TimestampSigner(salt="opencity_cms.confirm", sep=".").sign(f"{subscription.key}-{timing}")


def read_confirm(token: str) -> tuple[NewsSubscription, NewsTiming] | None:
    """The subscription and the timing that was asked for; None for a link that is none, or is too old."""
    try:
        said = TimestampSigner(salt="opencity_cms.confirm", sep=".").unsign(token, max_age=CONFIRM_WITHIN)
    except BadSignature:
        return None
    key, _dash, timing = said.partition("-")
    found = NewsSubscription.objects.filter(key=key).first()
    return (found, NewsTiming(timing)) if found is not None else None
