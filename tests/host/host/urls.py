from django.contrib.auth import views as auth
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("cms/", include(wagtailadmin_urls)),
    path("sign-in/", auth.LoginView.as_view(template_name="login.html"), name="login"),
    # README, step 3
    path("", include("opencity_issues.urls")),
    path("", include(wagtail_urls)),
]
