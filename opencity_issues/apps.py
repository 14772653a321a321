from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class OpenCityIssuesConfig(AppConfig):
    name = "opencity_issues"
    label = "opencity_issues"
    verbose_name = _("Open City: issues")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if not hasattr(settings, "WAGTAIL_PAGE_MODEL"):
            # Migrations made with Wagtail 8 name the page model by this setting, which 7.4 does not have.
            settings.WAGTAIL_PAGE_MODEL = "wagtailcore.Page"
        # Imported for what they register: system checks, receivers, permission rules.
        from opencity_issues import checks, receivers, rules  # noqa: F401
        from opencity_issues.permissions import register_page_policy  # imports models, which are ready only now

        register_page_policy()
