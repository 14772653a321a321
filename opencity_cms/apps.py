from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpenCityCmsConfig(AppConfig):
    name = "opencity_cms"
    label = "opencity_cms"
    verbose_name = _("Open City: content")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported for the receivers that it registers.
        from opencity_cms import receivers  # noqa: F401
        from opencity_cms.newsletter.compose import register_letters

        register_letters()
