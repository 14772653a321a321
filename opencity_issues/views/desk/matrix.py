"""The control body's room with the responsibility matrix, to be read: it routes by hand what the matrix does not (2.9)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opencity_issues import rules
from opencity_issues.forms.matrix import WhereToForm
from opencity_issues.forms.report import category_tree
from opencity_issues.models import Organisation
from opencity_issues.queries.matrix.checks import check_matrix
from opencity_issues.queries.matrix.matrix import Matrix, read_matrix
from opencity_issues.queries.matrix.route import where_to
from opencity_issues.views.desk.members_only import for_members, not_a_member
from opencity_issues.views.desk.menu import menu
from opencity_issues.views.visit import city_of, private, roles_of


@private
@require_safe
@for_members
def matrix(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Who receives what, what is wrong with it, and where an issue with these categories would go."""
    if not rules.allows("assign", roles_of(request), organisation=organisation):
        return not_a_member(request, organisation)
    asked = "categories" in request.GET or "place" in request.GET
    form = WhereToForm(request.GET if asked else None)
    stands = read_matrix(city_of(request))
    route = None
    if form.is_valid():
        given = form.cleaned_data
        route = where_to(stands, given["categories"], timezone.now(), given["place"])
    context = {
        "organisation": organisation,
        "rooms": menu(organisation, "matrix"),
        "city": stands.city,
        "form": form,
        "nodes": category_tree(request.GET.getlist("categories")),
        "route": route,
        "findings": check_matrix(stands),
        "branches": _branches(stands),
        "organisations": stands.columns(),
    }
    return render(request, "opencity_issues/cabinet/matrix.html", context)


def _branches(stands: Matrix) -> list[dict[str, object]]:
    """The tree, branch by branch, each category with its receivers and the category whose rows name them."""
    branches: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    for category in stands.categories:
        decider = stands.decider(category.pk)
        receivers = stands.receivers(category.pk)
        if category.parent_id is None:
            rows = []
            branches.append({"category": category, "receivers": receivers, "rows": rows})
        rows.append(
            {
                "category": category,
                "receivers": receivers,
                "decider": decider,
                "is_inherited": decider is not None and decider.pk != category.pk,
            }
        )
    return branches
