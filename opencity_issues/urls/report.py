"""Addresses of the way of reporting: its screens, and the uploads of files."""

from django.urls import path

from opencity_issues.views import report, report_files, report_guidance, report_review

urlpatterns = [
    path("report/", report.where, name="report"),
    path("report/what/", report.what, name="report_what"),
    path("report/guidance/", report_guidance.guidance, name="report_guidance"),
    path("report/photos/", report_files.photos, name="report_photos"),
    path("report/review/", report_review.review, name="report_review"),
    path("report/send/", report_review.send, name="report_send"),
    path("report/<int:number>/sent/", report_review.sent, name="report_sent"),
    path("report/discard/", report.discard, name="report_discard"),
    path("report/files/", report_files.upload, name="upload"),
    path("report/files/<str:token>/", report_files.change, name="upload_change"),
]
