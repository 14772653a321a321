from django.urls import path

from opencity_site.demo_mail import views

app_name = "demo_mail"

urlpatterns = [
    path("", views.message_list, name="list"),
    path("<int:pk>/", views.message_detail, name="detail"),
    path("<int:pk>/html/", views.message_html, name="html"),
]
