from django.apps import AppConfig


class DemoMailConfig(AppConfig):
    """The demonstration's mailbox: every message that the site sends, readable at /demo/mail/."""

    name = "opencity_site.demo_mail"
    label = "demo_mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from opencity_issues.signals import account_erased
        from opencity_site.demo_mail.backend import forget_letters_to  # models, which are ready only now

        account_erased.connect(forget_letters_to)
