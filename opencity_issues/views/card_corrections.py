"""Pages on which an issue is corrected, with a trace: by its author, or category and place by staff."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues.actions import correct_issue
from opencity_issues.actions.correct_answers import answerable
from opencity_issues.enums import EventKind, Publication
from opencity_issues.forms.card import CorrectionForm, PlaceForm
from opencity_issues.forms.report import category_tree
from opencity_issues.models import IssuePage
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible, Refusal
from opencity_issues.views.card import ground_of, refused
from opencity_issues.views.card_choices import corrector_of
from opencity_issues.views.visit import private, roles_of, status_of, visible_issue


@private
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """The author corrects the text, the category or the place, until an organisation accepts; a refused one is sent again."""
    issue = visible_issue(request, number)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if issue.author_id != roles_of(request).user_id:
        return refused(request, number, NotPermitted(_("Only the author corrects the text."), clause="3.1"))
    if not correct_issue.is_correctable(issue):
        message = _("An organisation has accepted the issue; write a comment instead.")
        return refused(request, number, NotPossible(message, clause="3.1", state=issue.status))

    def deed(form: CorrectionForm) -> None:
        correct_issue.correct_own(issue, form.changes(), actor=request.user)

    sends_again = issue.publication in (Publication.REFUSED, Publication.TAKEN_DOWN)
    said = _("Corrected and sent to the moderator again.") if sends_again else _("The issue is corrected.")
    return _page(
        request,
        issue,
        CorrectionForm,
        deed,
        said,
        {"own": True, "sends_again": sends_again, "ground": ground_of(issue)},
    )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def correct_place(request: HttpRequest, number: int) -> HttpResponse:
    """Staff correct a wrong category or pin; the matrix is asked again (3.6)."""
    issue = visible_issue(request, number)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    organisation = corrector_of(issue, roles_of(request))
    if organisation is None:
        return refused(
            request, number, NotPermitted(_("This is not for your role, or no longer possible."), clause="3.6")
        )

    def deed(form: PlaceForm) -> None:
        values = form.cleaned_data
        correct_issue.correct_place_or_category(
            issue,
            actor=request.user,
            organisation=organisation,
            categories=list(values["categories"]),
            location=form.location,
            address=values["address"],
            answers=form.answers,
        )

    said = _("Corrected. The responsibility matrix was asked again.")
    return _page(request, issue, PlaceForm, deed, said, {"own": False})


def _page(
    request: HttpRequest,
    issue: IssuePage,
    form_class: type[PlaceForm],
    deed: Callable[[Any], None],
    said: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The form, the deed, and the form again where it was refused, with all that was typed."""
    about = {"city": issue.city, "kept": list(issue.categories.all()), "asked": answerable(issue)}
    trace = issue.events.filter(kind=EventKind.CORRECTED).count()
    if request.method != "POST":
        form = form_class(initial=form_class.values_of(issue), **about)
        return _show(request, issue, form, trace, context)
    form = form_class(request.POST, **about)
    refusal: Refusal = Missing(_("Please correct what is marked."), fields={})
    if form.is_valid():
        try:
            if request.POST.get("trace", "") != str(trace):
                raise NotPossible(
                    _("Somebody else has corrected the issue meanwhile. Please look at it and try again."), clause="3.3"
                )
            deed(form)
        except Refusal as caught:
            refusal = caught
        else:
            messages.success(request, said)
            return redirect(issue)
    if isinstance(refusal, Missing):
        for name, message in refusal.fields.items():
            form.add_error(name if name in form.fields else None, str(message))
    return _show(request, issue, form, trace, {**context, "refusal": refusal}, status_of(refusal))


def _show(
    request: HttpRequest, issue: IssuePage, form: PlaceForm, trace: int, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    selected = form["categories"].value() or []
    nodes = category_tree(selected)
    page = {
        **context,
        "issue": issue,
        "form": form,
        "trace": trace,
        "city": issue.city,
        "nodes": nodes,
        "selected": list(selected),
        # Categories of the issue that are no longer offered stay unless they are taken off.
        "retired": [one for one in issue.categories.all() if not one.is_active],
        "trail": [{"text": f"№ {issue.number}", "url": issue.get_absolute_url()}],
    }
    return render(request, "opencity_issues/card/correct.html", page, status=status)
