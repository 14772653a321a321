"""Signals for host code."""

from django.dispatch import Signal

city_set_up = Signal()
"""A city was set up, or set up again. Arguments: `city` (IssueIndexPage), `site` (wagtail Site). Sent in the transaction."""

account_erased = Signal()
"""A person erases the own account. Arguments: `user`, still as it was. Sent in the transaction, just before the account
goes: the host deletes here what it keeps of the person itself. What raises an exception stops the erasure.
"""

data_copied = Signal()
"""A person takes a copy of the own data. Arguments: `user`, `data` (dict): the host adds under a name of its own what it
keeps of the person, as plain values for JSON.
"""

first_run_items = Signal()
"""What else a new city needs before people use it. Arguments: city. Receivers return a list of `queries.first_run.Item`."""

retention_rules = Signal()
"""What a host keeps of people, and how long. Receivers return a list of `actions.keep_retention.Rule`."""
