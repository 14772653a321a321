from django.apps import AppConfig


class DemoMailConfig(AppConfig):
    """The demonstration's mailbox: every message that the site sends, readable at /demo/mail/."""

    name = "opencity_site.demo_mail"
    label = "demo_mail"
    default_auto_field = "django.db.models.BigAutoField"
