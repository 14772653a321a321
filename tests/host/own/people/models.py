from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    """The account of a host that keeps more of people than Django does."""

    street = models.CharField(max_length=100, blank=True)
