"""Background work of the content: thin tasks that may run twice."""

from opencity_cms import publish_scheduled as scheduled
from opencity_cms.newsletter import subscribe, tell_news
from opencity_cms.remind_secretary import remind_secretaries


def remind() -> int:
    """Tell secretaries of working groups whose month has no meeting yet (decision, 2)."""
    return remind_secretaries()


def publish_scheduled() -> int:
    """Publish and take back what editors have set a moment for."""
    return scheduled.publish_scheduled()


def tell_of_news() -> int:
    """Write the letters about news that are due, and forget addresses that never confirmed."""
    subscribe.forget_unconfirmed()
    return tell_news.tell_news()
