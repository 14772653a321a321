"""Addresses of reports on effectiveness (5.4, 2.9)."""

from django.urls import path

from opencity_issues.views.desk import reports

_ROOM = "organisations/<slug:slug>/cabinet/reports/"

urlpatterns = [
    path(_ROOM, reports.reports, name="reports"),
    path(f"{_ROOM}<int:pk>/", reports.report_page, name="report_page"),
    path(f"{_ROOM}<int:pk>/report.pdf", reports.report_pdf, name="report_pdf"),
    path(f"{_ROOM}<int:pk>/report.xlsx", reports.report_xlsx, name="report_xlsx"),
]
