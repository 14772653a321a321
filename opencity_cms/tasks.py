"""Background work of the content: thin tasks that may run twice."""

from opencity_cms.remind_secretary import remind_secretaries


def remind() -> int:
    """Tell secretaries of working groups whose month has no meeting yet (decision, 2)."""
    return remind_secretaries()
