"""Addresses of the reference site. Django's own admin has none: Wagtail's is the only one."""

from django.conf import settings
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps import views as sitemap_views
from wagtail.documents import urls as wagtaildocs_urls

from opencity_cms import sitemap as content
from opencity_issues.views import sitemaps as issues
from opencity_issues.views.style_guide import style_guide
from opencity_site.accounts.views import overview
from opencity_site.admin_login import admin_login
from opencity_site.health import health
from opencity_site.media import public_media
from opencity_site.robots import robots

SITEMAPS = {"sitemaps": content.SITEMAPS | issues.SITEMAPS}

urlpatterns = [
    path("health/", health, name="health"),
    # Before Wagtail's own: its sign-in form asks for no second factor.
    path("admin/login/", admin_login, name="admin_login"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", overview, name="account_overview"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("robots.txt", robots),
    path("sitemap.xml", sitemap_views.index, {**SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", sitemap_views.sitemap, SITEMAPS, name="sitemap"),
    # Browsers ask for it by this name whatever the page says. The address is worked out when it is asked for,
    # since the static files' own names are known only then.
    path("favicon.ico", lambda _request: redirect(static("opencity_issues/images/favicon-48.png"))),
    re_path(r"^media/(?P<path>.+)$", public_media, name="media"),
]

if settings.DEMONSTRATION:
    urlpatterns += [
        path("demo/mail/", include("opencity_site.demo_mail.urls")),
        path("style-guide/", style_guide),
    ]

urlpatterns += [
    path("", include("opencity_cms.urls")),
    path("", include("opencity_issues.urls")),
    path("", include(wagtail_urls)),
]
