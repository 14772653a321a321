"""The reference site's own pages in a real browser."""

import re

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from playwright.sync_api import expect

from opencity_site.users.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_mailbox_shows_a_message_with_its_html(page, page_watch):
    message = EmailMultiAlternatives("Яма на дорозі", "Текст листа", to=["roads@demo.opencity.example"])
    message.attach_alternative("<p style='color: red'>Текст у HTML</p><script>alert(1)</script>", "text/html")
    get_connection("opencity_site.demo_mail.backend.EmailBackend").send_messages([message])
    # Chromium tells of the script that the frame's policy stopped: that it stopped is the point.
    page_watch.allow("Blocked script execution|script-src|sandboxed")
    page.goto("/demo/mail/")
    page.get_by_text("Яма на дорозі").click()
    expect(page.get_by_text("Текст листа")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Текст у HTML")).to_be_visible()


def test_admin_works_under_its_content_policy(page, sign_in):
    sign_in(page, User.objects.create_superuser("operator@city.example"))
    page.goto("/admin/")
    expect(page.get_by_role("main")).to_be_visible()
    page.goto("/admin/users/new/")
    expect(page.get_by_role("main")).to_be_visible()
    page.goto("/admin/pages/")
    expect(page.get_by_role("main")).to_be_visible()


def test_stranger_meets_the_sign_in_on_the_way_to_the_admin(page):
    page.goto("/admin/login/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/admin/"))
