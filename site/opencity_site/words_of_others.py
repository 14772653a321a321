"""Words of the libraries in use that reach our readers untranslated. Named here, they are in our catalogue, which is asked first."""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Email"),  # Wagtail's own Ukrainian, which leaves it in English, comes before allauth's
    # What the press office meets in Wagtail's editor.
    _("Saving…"),
    _("Saved"),
    _("Autosave is paused"),
    _("Visible to all"),
    _("Once live anyone can view"),
    _("Change privacy"),
    _("No other translations"),
    _("Schedule to publish"),
    _('This publishing schedule will only take effect after you select the "Schedule to publish" option'),
    _("Anyone with editing permissions can create schedules"),
    _("But only those with publishing permissions can make them effective."),
    _("Search all pages…"),
    _("Preview in mobile size"),
    _("Preview in tablet size"),
    _("Preview in desktop size"),
)
