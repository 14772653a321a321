"""The responsibility matrix in the admin: a grid, a preview of what changes, tables in and out, and its checks (3.6)."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from opencity_issues.actions.city.change_matrix import change_matrix, may_change_matrix
from opencity_issues.actions.city.imports.matrix import read_matrix_table
from opencity_issues.forms.matrix import MatrixFileForm, WhereToForm
from opencity_issues.forms.place_field import PlaceField
from opencity_issues.models import Category, IssueIndexPage, Responsibility
from opencity_issues.procedure.refusals import NotPossible
from opencity_issues.queries.matrix.checks import check_matrix
from opencity_issues.queries.matrix.matrix import Changes, Matrix, read_changes, read_matrix, read_pairs, write_pair
from opencity_issues.queries.matrix.route import where_to
from opencity_issues.queries.matrix.table import matrix_table

UNDO = "opencity_matrix_undo"
"""Key of the session: what would bring back the matrix before the last save, and the version that this holds for."""

ADDRESSES = "opencity_admin_responsibilities"


class _MatrixPage(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page about one city's matrix; `?city=` says which where there are several."""

    permission_policy = ModelPermissionPolicy(Responsibility)
    any_permission_required = ["add", "change", "delete", "view"]
    header_icon = "list-ul"
    page_title = gettext_lazy("Responsibility matrix")
    tab = "grid"

    @cached_property
    def cities(self) -> list[IssueIndexPage]:
        return list(IssueIndexPage.objects.select_related("city_settings").order_by("pk"))

    @cached_property
    def city(self) -> IssueIndexPage:
        asked = self.request.GET.get("city", "")
        if not asked and self.cities:
            return self.cities[0]
        key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
        return next((one for one in self.cities if one.pk == key), None) or get_object_or_404(IssueIndexPage, pk=key)

    @cached_property
    def matrix(self) -> Matrix:
        return read_matrix(self.city)

    def address(self, view: str) -> str:
        query = f"?city={self.city.pk}" if len(self.cities) > 1 else ""
        return reverse(f"{ADDRESSES}:{view}") + query

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*super().get_breadcrumbs_items(), {"url": self.address("grid"), "label": _("Responsibility matrix")}]
        return items if self.tab == "grid" else [*items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "city": self.city,
            "cities": self.cities,
            "tab": self.tab,
            "addresses": {view: self.address(view) for view in ("grid", "import", "export", "where", "index")},
            "may_change": may_change_matrix(self.request.user),
        }

    def preview(self, changes: Changes, *, moved: bool = False, status: int = 200) -> HttpResponse:
        """What the changes would do to the present matrix, to be confirmed."""
        before, after = self.matrix, self.matrix.changed(changes)
        known = {finding.text for finding in check_matrix(before)}
        context = _MatrixPage.get_context_data(
            self,
            changes=changes,
            version=before.version,
            moved=moved,
            rows=_said(before, changes),
            effects=effects(before, after),
            new_findings=[one for one in check_matrix(after) if one.text not in known],
        )
        context["tab"] = "preview"
        return self.response_class(self.request, ["opencity_issues/admin/matrix_preview.html"], context, status=status)


class MatrixGridView(_MatrixPage):
    """Categories × organisations. POST `do`: preview what is ticked, go back to editing, or save what was previewed."""

    template_name = "opencity_issues/admin/matrix.html"
    http_method_names = ["get", "head", "options", "post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if not may_change_matrix(request.user):
            raise PermissionDenied
        asked = self._asked()
        if request.POST.get("do") == "save":
            return self._save(asked)
        changes = self.matrix.possible(asked)
        if request.POST.get("do") == "edit":
            return self.render_to_response(self.get_context_data(changes=changes))
        if not changes:
            messages.info(request, _("Nothing is different from the matrix as it stands."))
            return redirect(self.address("grid"))
        return self.preview(changes, moved=request.POST.get("version") not in (None, self.matrix.version))

    def _asked(self) -> Changes:
        """What the form wants: named outright, or the ticked cells against those that were ticked when it was made."""
        said = self.request.POST
        if "changes" in said:
            return read_changes(said["changes"])
        base = read_pairs(said.get("base", "").split())
        ticked = read_pairs([*said.getlist("cell"), *said.get("cells", "").split()])
        return Changes(added=ticked - base, removed=base - ticked)

    def _save(self, asked: Changes) -> HttpResponse:
        try:
            made = change_matrix(
                self.city, asked, version=self.request.POST.get("version", ""), actor=self.request.user
            )
        except NotPossible as refusal:
            messages.error(self.request, str(refusal.message))
            return self.preview(self.matrix.possible(asked), moved=True, status=409)
        self.request.session[UNDO] = {"changes": str(made.undone), "version": read_matrix(self.city).version}
        added, removed = len(made.added), len(made.removed)
        told = [
            ngettext("%(count)d row was added.", "%(count)d rows were added.", added) % {"count": added},
            ngettext("%(count)d row was taken out.", "%(count)d rows were taken out.", removed) % {"count": removed},
        ]
        messages.success(
            self.request, " ".join(words for words, count in zip(told, (added, removed), strict=True) if count)
        )
        return redirect(self.address("grid"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = kwargs.pop("changes", Changes())
        shown = self.matrix.changed(changes)
        branch = self._branch()
        categories = self.matrix.under(branch.pk) if branch else list(self.matrix.categories)
        kept = {category.pk for category in categories}
        undo = self.request.session.get(UNDO, {})
        return {
            **super().get_context_data(**kwargs),
            "matrix": shown,
            "columns": shown.columns(),
            "rows": grid_rows(shown, categories),
            "base": " ".join(write_pair(row) for row in sorted(self.matrix.rows) if row[0] in kept),
            "version": self.matrix.version,
            "branch": branch,
            "branches": [category for category in self.matrix.categories if category.parent_id is None],
            "findings": check_matrix(shown),
            "undo": undo.get("changes") if undo.get("version") == self.matrix.version and not changes else None,
        }

    def _branch(self) -> Category | None:
        code = self.request.GET.get("branch", "")
        return get_object_or_404(Category, code=code, parent=None) if code else None


class MatrixImportView(_MatrixPage):
    """A table is read whole, its faults told by line; what it would change is shown before anything is."""

    template_name = "opencity_issues/admin/matrix_import.html"
    page_title = gettext_lazy("Tables of the matrix")
    tab = "import"
    http_method_names = ["get", "head", "options", "post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if not may_change_matrix(request.user):
            raise PermissionDenied
        form = MatrixFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        table = read_matrix_table(self.city, form.cleaned_data["file"].read())
        if table.faults:
            return self.render_to_response(self.get_context_data(form=form, faults=table.faults), status=400)
        changes = table.changes(self.matrix, replace=form.cleaned_data["way"] == "replace")
        if not changes:
            messages.info(request, _("The table was read: nothing in it is different from the matrix as it stands."))
            return redirect(self.address("import"))
        return self.preview(changes)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": MatrixFileForm(), **kwargs})


class MatrixExportView(_MatrixPage):
    """The matrix as a table."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(matrix_table(self.matrix), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="matrix.csv"'
        return response


class WhereToView(_MatrixPage):
    """Where an issue with these categories would go if it were reported now."""

    template_name = "opencity_issues/admin/matrix_where.html"
    page_title = gettext_lazy("Where would this go?")
    tab = "where"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = WhereToForm(self.request.GET if "categories" in self.request.GET else None)
        form.fields["place"].widget = PlaceField()
        route = None
        if form.is_valid():
            given = form.cleaned_data
            route = where_to(self.matrix, given["categories"], timezone.now(), given["place"])
        return {**super().get_context_data(**kwargs), "form": form, "media": form.media, "route": route}


def grid_rows(matrix: Matrix, categories: Iterable[Category]) -> list[dict[str, Any]]:
    """The rows of the grid, each cell own, inherited or empty."""
    columns = matrix.columns()
    above = {category.parent_id for category in matrix.categories}
    rows = []
    for category in categories:
        decider = matrix.decider(category.pk)
        receiving = {organisation.pk for organisation in matrix.receivers(category.pk)}
        own = matrix.named.get(category.pk, frozenset())
        rows.append(
            {
                "category": category,
                "has_children": category.pk in above,
                "nobody": decider is None,
                "cells": [
                    {
                        "value": f"{category.pk}-{one.pk}",
                        "organisation": one,
                        "own": one.pk in own,
                        "inherited": one.pk in receiving and one.pk not in own,
                    }
                    for one in columns
                ],
            }
        )
    return rows


def effects(before: Matrix, after: Matrix) -> list[dict[str, Any]]:
    """The categories whose receivers would be others, with whom there was, who comes and who goes."""
    found = []
    for category in before.categories:
        was, comes = before.receivers(category.pk), after.receivers(category.pk)
        if was != comes:
            found.append(
                {
                    "category": category,
                    "after": comes,
                    "gained": [one for one in comes if one not in was],
                    "lost": [one for one in was if one not in comes],
                }
            )
    return found


def _said(matrix: Matrix, changes: Changes) -> list[dict[str, Any]]:
    """The changes in words, by category."""
    rows = []
    for category in matrix.categories:
        added, removed = (
            [one for one in matrix.organisations if (category.pk, one.pk) in pairs]
            for pairs in (changes.added, changes.removed)
        )
        if added or removed:
            rows.append({"category": category, "added": added, "removed": removed})
    return rows
