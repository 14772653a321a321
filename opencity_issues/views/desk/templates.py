"""Room «Шаблони»: texts that an organisation often answers with (4.4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opencity_issues.actions.cabinet.keep_templates import drop_template, keep_template
from opencity_issues.forms.work import AnswerTemplateForm
from opencity_issues.models import AnswerTemplate, Organisation
from opencity_issues.procedure.letters.answer_templates import unknown
from opencity_issues.procedure.refusals import Missing, Refusal
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import private, status_of


@private
@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def templates(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The list and the form of one (`?template=3`, or a new one); POST keeps it, or removes it (`do=remove`)."""
    key = request.GET.get("template", "")
    chosen = None
    if key:
        chosen = get_object_or_404(
            organisation.answer_templates, pk=int(key) if key.isdecimal() and len(key) < 18 else 0
        )
    if request.method != "POST":
        form = AnswerTemplateForm(initial={"title": chosen.title, "text": chosen.text} if chosen else None)
        return _page(request, organisation, form, chosen)
    form = AnswerTemplateForm(request.POST)
    try:
        if request.POST.get("do") == "remove" and chosen is not None:
            drop_template(chosen, actor=request.user)
            messages.success(request, _("The template is removed."))
            return _back(organisation)
        if not form.is_valid():
            return _page(request, organisation, form, chosen, status=400)
        given = form.cleaned_data
        kept = keep_template(organisation, given["title"], given["text"], actor=request.user, template=chosen)
    except Refusal as refusal:
        for name, words in (refusal.fields if isinstance(refusal, Missing) else {}).items():
            form.add_error(name, str(words))
        return _page(request, organisation, form, chosen, refusal=refusal, status=status_of(refusal))
    messages.success(request, _("The template is kept."))
    strange = unknown(kept.text)
    if strange:
        messages.warning(
            request,
            _("No issue fills in %(blanks)s: it will stay in the text as it is.") % {"blanks": ", ".join(strange)},
        )
    return _back(organisation)


def _back(organisation: Organisation) -> HttpResponse:
    return HttpResponseRedirect(reverse("opencity_issues:templates", args=[organisation.slug]))


def _page(
    request: HttpRequest,
    organisation: Organisation,
    form: AnswerTemplateForm,
    chosen: AnswerTemplate | None,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "templates"),
        "form": form,
        "chosen": chosen,
        "refusal": refusal,
        "templates": [(one, unknown(one.text)) for one in organisation.answer_templates.all()],
    }
    return render(request, "opencity_issues/work/templates.html", context, status=status)
