from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


def make_cache_table(using: str, verbosity: int, **_kwargs: object) -> None:
    """Make the table of the database cache, where one is set up, together with all the others."""
    call_command("createcachetable", database=using, verbosity=max(verbosity - 1, 0))


class OpenCitySiteConfig(AppConfig):
    """The reference site itself: its middleware, health page, checks and receivers."""

    name = "opencity_site"
    label = "opencity_site"

    def ready(self) -> None:
        """Connect the cache table's making and the receivers, and register the system checks."""
        from opencity_site import checks, receivers  # noqa: F401 - imported for what they register, once the apps are there

        # Sent for apps with models only, and this one has none.
        post_migrate.connect(make_cache_table, sender=apps.get_app_config("users"))
