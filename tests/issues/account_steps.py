"""Signing in as people do, by the site's form."""

from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

PASSWORD = "ключ-від-міста"


def with_password(user: Any) -> Any:
    """The account with a confirmed address and the password above."""
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def sign_in_by_form(client: Client, user: Any) -> Client:
    """With the password above."""
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client
