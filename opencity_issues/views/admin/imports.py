"""The operator brings files into a city: first shown line by line, then imported from the same kept file (2.7)."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import LogFormatter

from opencity_issues.actions.city.imports.plan import Plan, State
from opencity_issues.actions.city.imports.run import KINDS, run_import
from opencity_issues.forms.imports import ImportForm
from opencity_issues.models import ImportFile
from opencity_issues.tables.read_table import Column
from opencity_issues.views.admin.operators_page import OperatorsMenuItem, OperatorsPage

SHOWN = 200
MARK = "\ufeff"


class ImportView(OperatorsPage):
    """GET asks for a file. POST with a file shows what it would do; POST with `key` imports the file that was shown."""

    template_name = "opencity_issues/admin/import.html"
    page_title = gettext_lazy("Import")
    header_icon = "upload"
    http_method_names = ["get", "head", "options", "post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if "key" in request.POST:
            return self._import()
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        given = form.cleaned_data
        content = given["file"].read()
        file = ImportFile(
            city=given["city"],
            kind=given["kind"],
            name=given["file"].name[:150],
            content=content,
            replace=given["replace"],
            uploaded_by=request.user,
        )
        plan = run_import(file.kind, file.city, content, replace=file.replace, dry_run=True)
        if plan.faults:
            return self.render_to_response(self.get_context_data(form=form, file=file, **shown(plan)), status=400)
        file.save()
        return self.render_to_response(self.get_context_data(form=form, file=file, key=file.pk, **shown(plan)))

    def _import(self) -> HttpResponse:
        file = self._kept_file()
        if file is None:
            messages.error(self.request, _("This file is not kept any more. Please choose it once more."))
            return redirect(self.request.path)
        plan = run_import(file.kind, file.city, bytes(file.content), replace=file.replace, actor=self.request.user)
        if plan.faults:
            messages.error(self.request, _("The city has changed since the file was tried. Nothing was written."))
            return self.render_to_response(
                self.get_context_data(form=ImportForm(), file=file, **shown(plan)), status=409
            )
        file.delete()
        counts = ", ".join(f"{state.label}: {count}" for state, count in plan.counts.items())
        said = {"name": file.name, "counts": counts}
        messages.success(self.request, _("“%(name)s” was imported – %(counts)s.") % said)
        return redirect(self.request.path)

    def _kept_file(self) -> ImportFile | None:
        try:
            return ImportFile.objects.filter(pk=self.request.POST["key"], uploaded_by=self.request.user).first()
        except ValidationError:  # no key at all
            return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = [
            {"name": name, "label": one.label, "columns": one.columns, "replaces": one.replaces}
            for name, one in KINDS.items()
        ]
        return {**super().get_context_data(**{"form": ImportForm(), **kwargs}), "kinds": kinds}


class ImportTemplateView(OperatorsPage):
    """An empty table with the headings of a kind, in the reader's language."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = KINDS.get(kwargs["kind"])
        if kind is None or not kind.columns:
            raise Http404
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerow([heading(column) for column in kind.columns])
        response = HttpResponse(MARK + out.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{kwargs["kind"]}.csv"'
        return response


def heading(column: Column) -> str:
    """A column's heading as the reader would write it."""
    return column.also[0] if get_language() == "uk" and column.also else column.name


def shown(plan: Plan) -> dict[str, Any]:
    """What the page shows of a plan: the counts, and the first lines that change something."""
    lines = [one for one in plan.outcomes if one.state != State.SAME]
    return {
        "plan": plan,
        "counts": [(state.label, count) for state, count in plan.counts.items()],
        "lines": lines[:SHOWN],
        "more": max(0, len(lines) - SHOWN),
        "changes_nothing": not lines,
        "faults_title": ngettext(
            "%(count)d fault. Nothing was written.", "%(count)d faults. Nothing was written.", len(plan.faults)
        )
        % {"count": len(plan.faults)},
    }


class ImportTrace(LogFormatter):
    """What the history of a city's settings says about a file that was imported."""

    label = gettext_lazy("Import")

    def format_message(self, log_entry: Any) -> str:
        kind = KINDS.get(log_entry.data.get("kind", ""))
        counts = log_entry.data.get("counts", {})
        words = ", ".join(f"{State(state).label}: {count}" for state, count in counts.items())
        return f"{kind.label if kind else ''} – {words}"


class ImportViewSet(ViewSet):
    name = "opencity_admin_import"
    url_prefix = "opencity/import"
    icon = "upload"
    menu_label = gettext_lazy("Import")
    menu_item_class = OperatorsMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", ImportView.as_view(), name="index"),
            path("<slug:kind>.csv", ImportTemplateView.as_view(), name="template"),
        ]
