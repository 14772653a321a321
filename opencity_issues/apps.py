from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpenCityIssuesConfig(AppConfig):
    name = "opencity_issues"
    label = "opencity_issues"
    verbose_name = _("Open City: issues")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported for what they register: system checks, receivers, permission rules.
        from opencity_issues import checks, receivers, rules  # noqa: F401
        from opencity_issues.permissions import register_page_policy  # imports models, which are ready only now

        register_page_policy()
