"""Addresses of consultation (5.5, 5.6) and calls recorded by the control body."""

from django.urls import URLPattern, path

from opencity_issues.views.consultation import consultation, instructions, seminars
from opencity_issues.views.consultation import plan as consultation_plan
from opencity_issues.views.desk import calls

CABINET = "organisations/<slug:slug>/cabinet"

urlpatterns: list[URLPattern] = [
    path(f"{CABINET}/consultation/", consultation.consultation, name="consultation"),
    path(f"{CABINET}/consultation/plans/", consultation_plan.plans, name="consultation_plans"),
    path(f"{CABINET}/consultation/plans/new/", consultation_plan.new_plan, name="consultation_plan_new"),
    path(f"{CABINET}/consultation/plans/<int:pk>/", consultation_plan.plan, name="consultation_plan"),
    path(f"{CABINET}/consultation/plans/<int:pk>/change/", consultation_plan.change, name="consultation_plan_change"),
    path(f"{CABINET}/consultation/seminars/", seminars.seminars, name="seminars"),
    path(f"{CABINET}/consultation/seminars/<int:pk>/", seminars.seminar, name="seminar"),
    path(f"{CABINET}/consultation/seminars/<int:pk>/sheet/", seminars.sheet, name="seminar_sheet"),
    path(f"{CABINET}/consultation/seminars/<int:pk>.ics", seminars.calendar_file, name="seminar_calendar"),
    path(f"{CABINET}/instructions/", instructions.instructions, name="instructions"),
    path(f"{CABINET}/instructions/<int:pk>/file/", instructions.instruction_file, name="instruction_file"),
    path(f"{CABINET}/calls/", calls.calls, name="calls"),
    path(f"{CABINET}/calls/near/", calls.near, name="calls_near"),
]
