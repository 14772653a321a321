"""Signals for host code."""

from django.dispatch import Signal

city_set_up = Signal()
"""A city was set up, or set up again. Arguments: `city` (IssueIndexPage), `site` (wagtail Site). Sent in the transaction."""
