"""Words of the libraries in use that reach our readers untranslated. Named here, they are in our catalogue, which is asked first."""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Email"),  # Wagtail's own Ukrainian, which leaves it in English, comes before allauth's
)
