"""What the operator enters in the admin: categories, organisations with their members, the matrix, the city's settings."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, ProtectedError, Q, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, View
from wagtail.admin import messages as admin_messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from opencity_issues.actions.cabinet import manage_members
from opencity_issues.actions.clock.recount_deadlines import recount_deadlines
from opencity_issues.actions.letters.send_invitation import send_invitation
from opencity_issues.forms.admin import CalendarDays, InvitationForm, ResponsibilitiesForm
from opencity_issues.models import Category, CitySettings, IssueIndexPage, Membership, Organisation, Responsibility
from opencity_issues.models.map_cell import recount
from opencity_issues.procedure.refusals import Refusal


class KeepUsedMixin:
    """Deleting what issues still refer to is refused in words."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)  # type: ignore[misc]
        except ProtectedError:
            messages.error(request, _("This is in use and stays. Take away the tick that makes it active instead."))
            return redirect(self.index_url_name)  # type: ignore[attr-defined]


class CategoryEditMixin:
    """A category that goes under another parent takes its issues along on the map."""

    def save_instance(self) -> Category:
        before = Category.objects.values_list("parent_id", flat=True).get(pk=self.object.pk)
        category: Category = super().save_instance()  # type: ignore[misc]
        if category.parent_id != before:
            for city in IssueIndexPage.objects.all():
                recount(city)
        return category


class OrganisationIndexMixin:
    def get_base_queryset(self) -> QuerySet[Any]:
        return Organisation.objects.annotate(
            member_count=Count("memberships", filter=Q(memberships__left_at=None, memberships__user__is_active=True))
        )


class OrganisationEditMixin:
    """The organisation, and below it its members, who join by invitation and leave by one click (2.4)."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "members": Membership.objects.filter(organisation=self.object, left_at=None)
            .select_related("user")
            .order_by("joined_at"),
            "invitations": self.object.invitations.filter(accepted_at=None).order_by("-created_at")[:20],
            "invitation_form": InvitationForm(),
            "responsibilities": Responsibility.objects.filter(organisation=self.object).select_related("category"),
        }


class _OfOrganisation(PermissionCheckedMixin, View):
    """A deed for one organisation's members, by POST; the action says who may."""

    http_method_names = ["post"]
    permission_required = "change"
    permission_policy = ModelPermissionPolicy(Organisation)

    def back(self, organisation_id: int) -> HttpResponseRedirect:
        return redirect("opencity_admin_organisations:edit", organisation_id)


class InviteView(_OfOrganisation):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        organisation = get_object_or_404(Organisation, pk=pk)
        form = InvitationForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Write the e-mail address of the person to invite."))
            return self.back(pk)
        try:
            invitation, secret = manage_members.invite(
                organisation, form.cleaned_data["email"], actor=request.user, position=form.cleaned_data["position"]
            )
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return self.back(pk)
        if send_invitation(invitation, secret):
            messages.success(request, _("The invitation was sent to %(email)s.") % {"email": invitation.email})
        else:
            messages.error(request, _("The invitation could not be sent. Try again later."))
        return self.back(pk)


class EndMembershipView(_OfOrganisation):
    def post(self, request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
        membership = get_object_or_404(
            Membership.objects.select_related("organisation"), pk=membership_pk, organisation_id=pk
        )
        try:
            manage_members.leave(membership, actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("The membership has ended. What the person held went to the organisation."))
        return self.back(pk)


class ResponsibilityIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        return Responsibility.objects.select_related("category", "organisation")


class AddResponsibilitiesView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Several rows of the matrix at once."""

    form_class = ResponsibilitiesForm
    template_name = "opencity_issues/admin/responsibilities.html"
    page_title = gettext_lazy("Add to the responsibility matrix")
    header_icon = "list-ul"
    permission_required = "add"
    permission_policy = ModelPermissionPolicy(Responsibility)
    index_url_name = ""
    model = Responsibility

    def get_initial(self) -> dict[str, Any]:
        return {"organisation": self.request.GET.get("organisation")}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse(self.index_url_name), "label": _("Responsibility matrix")}
        return [*super().get_breadcrumbs_items(), index, {"url": "", "label": self.page_title}]

    def form_valid(self, form: ResponsibilitiesForm) -> HttpResponse:
        added = form.save()
        messages.success(
            self.request, ngettext("%(count)d row was added.", "%(count)d rows were added.", added) % {"count": added}
        )
        return redirect(f"{reverse(self.index_url_name)}?organisation={form.cleaned_data['organisation'].pk}")


class CitySettingsEditView(generic.EditView):
    """A city's settings and the days of its calendar, saved together or not at all."""

    @cached_property
    def days(self) -> Any:
        data = self.request.POST if self.request.method == "POST" else None
        return CalendarDays(data, instance=self.object, prefix="days")

    def is_valid(self, form: BaseModelForm) -> bool:
        self.object = form.instance
        fine = super().is_valid(form)
        if not self.days.is_valid():
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
            return False
        return fine

    def save_instance(self) -> Any:
        settings = super().save_instance()
        self.days.save()
        if self.days.has_changed() or {"time_zone", "country", "martial_law"} & set(self.form.changed_data):
            self._say_what_moves(settings)
        return settings

    def _say_what_moves(self, settings: CitySettings) -> None:
        """The calendar alone moves no running deadline: say where that is done."""
        count = recount_deadlines(settings.city, actor=self.request.user, dry_run=True).deadlines
        if count:
            text = ngettext(
                "%(count)d running deadline would end otherwise by this calendar.",
                "%(count)d running deadlines would end otherwise by this calendar.",
                count,
            )
            there = admin_messages.button(
                reverse("opencity_admin_city:calendar", args=[settings.pk]), _("Look and count anew")
            )
            admin_messages.warning(self.request, text % {"count": count}, buttons=[there])

    def get_success_url(self) -> str:
        return self.get_edit_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "days": self.days}
