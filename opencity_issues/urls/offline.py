"""Addresses of the installed application: its manifest, its worker, and what works without a network."""

from django.urls import path

from opencity_issues.views import offline, report_queue

urlpatterns = [
    # The worker reaches no further than the folder of its own address: it stands at the root of the package.
    path("service-worker.js", offline.worker, name="worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("offline/", offline.offline, name="offline"),
    path("report/offline/", offline.report, name="report_offline"),
    path("report/queued/", report_queue.queued, name="report_queued"),
    path("report/queued/photos/", report_queue.photo, name="report_queued_photo"),
    path("report/queued/open/", report_queue.open_here, name="report_queued_open"),
]
