"""Addresses of an organisation's own rooms: templates, absences, work orders, and the executor's private link."""

from django.urls import URLPattern, path

from opencity_issues.views import executor
from opencity_issues.views.desk import absences, templates, work_order

urlpatterns: list[URLPattern] = [
    path("executor/<str:token>/", executor.executor, name="executor"),
    path("organisations/<slug:slug>/cabinet/templates/", templates.templates, name="templates"),
    path("organisations/<slug:slug>/cabinet/absences/", absences.absences, name="absences"),
    path("organisations/<slug:slug>/cabinet/work-orders/", work_order.work_orders, name="work_orders"),
    path("organisations/<slug:slug>/cabinet/work-orders.pdf", work_order.work_orders_pdf, name="work_orders_pdf"),
]
