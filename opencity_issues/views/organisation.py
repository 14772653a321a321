"""The public page of an organisation: what it answers for, how to reach it, and how it stands with its issues."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opencity_issues.models import Organisation
from opencity_issues.queries.community.projects import of_organisation
from opencity_issues.queries.follows import follow_buttons
from opencity_issues.queries.organisation import figures_of, open_issues_of, sphere_of
from opencity_issues.views.visit import city_of, roles_of


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Open to all; a member finds the way to the cabinet."""
    city = city_of(request)
    found = get_object_or_404(Organisation.objects.active().filter(city=city), slug=slug)
    now = timezone.now()
    context = {
        "organisation": found,
        "config": city.config,
        "sphere": sphere_of(found),
        "figures": figures_of(found, now),
        "issues": open_issues_of(found, now),
        "projects": of_organisation(found),
        "is_member": roles_of(request).belongs_to(found),
        "follow": follow_buttons(city, roles_of(request).user_id, organisations=[found])[0],
    }
    return render(request, "opencity_issues/organisation/organisation.html", context)
