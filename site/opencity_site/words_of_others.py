"""Words of the libraries in use that reach our readers untranslated. Named here, they are in our catalogue, which is asked first."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

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
    # allauth's Ukrainian writes the subjects of letters in Title Case, and stiffly.
    _("Please Confirm Your Email Address"),
    _("Sign-In Code"),
    _("Enter Sign-In Code"),
    _("Enter Email Verification Code"),
    _("Unknown Account"),
    _("Account Already Exists"),
    _("Password Reset Email"),
    _("Password Changed"),
    _("Email Changed"),
    _("Use a different email address"),
    _("Hello from %(site_name)s!"),
    _("Thank you for using %(site_name)s!\n%(site_domain)s"),
    _(
        "You're receiving this email because user %(user_display)s has given your email address to register an account"
        " on %(site_domain)s."
    ),
    _("Your email verification code is listed below. Please enter it in your open browser window."),
    _("Your sign-in code is listed below. Please enter it in your open browser window."),
    _("This mail can be safely ignored if you did not initiate this action."),
    _("We've sent a code to %(recipient)s. The code expires shortly, so please enter it soon."),
    _(
        "You are receiving this email because you, or someone else, tried to access an account with email %(email)s."
        " However, we do not have any record of such an account in our database."
    ),
    _("If it was you, you can sign up for an account using the link below."),
    _("Successfully signed in as %(name)s."),
    _("Confirmation email sent to %(email)s."),
    # On the admin's home; and a name in the nominative after a verb is wrong in Ukrainian.
    ngettext_lazy(
        '%(total)s Page <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Pages <span class="w-sr-only">created in %(site_name)s</span>',
        "counter",
    ),
    ngettext_lazy(
        '%(total)s Image <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Images <span class="w-sr-only">created in %(site_name)s</span>',
        "counter",
    ),
    ngettext_lazy(
        '%(total)s Document <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Documents <span class="w-sr-only">created in %(site_name)s</span>',
        "counter",
    ),
    _("Add %(model_name)s"),
)
