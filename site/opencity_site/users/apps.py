from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UsersConfig(AppConfig):
    """The accounts of the reference site."""

    name = "opencity_site.users"
    label = "users"
    verbose_name = _("Users")
