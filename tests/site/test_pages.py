"""The reference site's own addresses."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import DatabaseError, connection

from opencity_site.demo_mail.models import DemoMessage
from opencity_site.users.models import User

pytestmark = pytest.mark.django_db


def test_health_is_live_and_ready(client):
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"live": True, "ready": True}


def test_health_without_its_database_is_not_ready(client, monkeypatch):
    def refuse():
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json() == {"live": True, "ready": False}


def test_stranger_reaches_the_sign_in_from_the_admin(client):
    for address in ("/admin/", "/admin/login/", "/admin/pages/"):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200
        assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/")


def test_citizen_is_refused_by_the_admin_without_running_in_circles(client):
    client.force_login(User.objects.create_user("citizen@city.example"))
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403


def test_operator_goes_straight_into_the_admin(client):
    client.force_login(User.objects.create_superuser("operator@city.example"))
    answer = client.get("/admin/login/", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == "/admin/"


def test_djangos_own_admin_has_no_address(client):
    assert client.get("/django-admin/").status_code == 404


def hosts_beside_tiles(policy: str) -> list[str]:
    """The directives that let a page ask another host, but for pictures: a visitor may choose tiles of the map."""
    return [part for part in policy.split("; ") if "http" in part and not part.startswith("img-src ")]


def test_pages_carry_a_strict_content_policy(client):
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not hosts_beside_tiles(policy)


def test_only_the_admin_runs_inline_scripts(client):
    client.force_login(User.objects.create_superuser("operator@city.example"))
    policy = client.get("/admin/").headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "unsafe-eval" not in policy
    assert not hosts_beside_tiles(policy)


def test_public_media_is_inert(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    name = default_storage.save("x.svg", ContentFile(b"<svg><script>alert(1)</script></svg>"))
    answer = client.get(f"/media/{name}")
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["../media-private/x.jpg", "%2e%2e/media-private/x.jpg", "..%2fsecret-key", ""])
def test_nothing_beside_public_media_has_an_address(client, settings, path):
    settings.OPENCITY_PRIVATE_MEDIA_ROOT.mkdir(exist_ok=True)
    (settings.OPENCITY_PRIVATE_MEDIA_ROOT / "x.jpg").write_bytes(b"held")
    assert client.get(f"/media/{path}").status_code == 404
    assert client.get("/media-private/x.jpg").status_code == 404


def send(count: int = 1, **fields) -> None:
    """Send messages through the demonstration's backend."""
    backend = get_connection("opencity_site.demo_mail.backend.EmailBackend")
    fields = {"subject": "Яма", "body": "Текст", "to": ["roads@demo.opencity.example"], **fields}
    messages = [EmailMultiAlternatives(**fields) for _ in range(count)]
    for message in messages:
        message.attach_alternative("<p style='color: red'>Текст</p>", "text/html")
    backend.send_messages(messages)


def test_mailbox_keeps_what_the_site_sends(client):
    send(subject="Перша")
    send(subject="Друга", to=["a@city.example"], bcc=["b@city.example"])
    newest, oldest = client.get("/demo/mail/?format=json").json()
    assert newest["subject"] == "Друга"
    assert newest["to"] == "a@city.example, b@city.example"
    assert oldest == {
        "to": "roads@demo.opencity.example",
        "subject": "Перша",
        "text": "Текст",
        "html": "<p style='color: red'>Текст</p>",
        "sent_at": oldest["sent_at"],
    }


def test_mailbox_answers_with_the_newest_500_at_once(client, django_assert_num_queries):
    send(600)
    with django_assert_num_queries(1):
        messages = json.loads(client.get("/demo/mail/?format=json").content)
    assert len(messages) == 500


def test_mailbox_pages(client):
    send(51)
    message = DemoMessage.objects.first()
    listed = client.get("/demo/mail/?to=roads")
    assert f"/demo/mail/{message.pk}/" in listed.content.decode()
    assert "page=2" in listed.content.decode()
    assert "Текст" in client.get(f"/demo/mail/{message.pk}/").content.decode()
    html = client.get(f"/demo/mail/{message.pk}/html/")
    assert "script-src 'none'" in html.headers["Content-Security-Policy"]
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert client.get("/demo/mail/999999/").status_code == 404


def test_language_is_switched_by_a_cookie(client):
    assert 'lang="uk"' in client.get("/demo/mail/").content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": "/demo/mail/"})
    assert 'lang="en"' in client.get("/demo/mail/").content.decode()


def test_pages_open_in_ukrainian_whatever_the_browser_prefers(client):
    answer = client.get("/demo/mail/", headers={"Accept-Language": "en-US,en;q=0.9"})
    assert 'lang="uk"' in answer.content.decode()


def test_interfaces_answer_in_the_language_that_is_asked_for(client):
    answer = client.get("/api/v1/nothing-here/", headers={"Accept-Language": "en"})
    assert answer.headers["Content-Language"] == "en"


def test_text_is_compressed_and_photos_are_not(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    name = default_storage.save("x.jpg", ContentFile(b"\0" * 5_000))
    gzip = {"Accept-Encoding": "gzip"}
    assert client.get("/accounts/login/", headers=gzip).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get(f"/media/{name}", headers=gzip).headers
