"""Registration and sign-in: by a code from the mailbox, with the agreement recorded, and nothing told to strangers."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse

from opencity_issues import conf
from opencity_issues.actions.city.imports.run import run_import
from opencity_issues.models import Citizen
from tests.factories import Town, person
from tests.issues.account_steps import sign_in_by_form, with_password

pytestmark = pytest.mark.django_db

NEW = {"email": "new@people.example", "name": "Ірина Нова", "terms": "on", "consent": "on"}


@pytest.fixture
def town(db: None) -> Town:
    return Town(content=True)


def code_in_mail() -> str:
    """The code in the newest letter: a line of its own."""
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,}|\d{6})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def test_a_citizen_registers_with_a_code_and_the_agreement_is_kept_with_its_version(town: Town, client: Client) -> None:
    answer = client.post("/accounts/signup/?next=/report/", {**NEW, "next": "/report/"}, follow=True)
    assert answer.status_code == 200
    answer = client.post(answer.request["PATH_INFO"], {"code": code_in_mail(), "next": "/report/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/report/"
    user = get_user_model().objects.get(email=NEW["email"])
    citizen = Citizen.objects.get(user=user)
    assert citizen.terms_version == conf.get("OPENCITY_TERMS_VERSION")
    assert citizen.consent_at is not None
    assert user.get_full_name() == "Ірина Нова"
    assert client.get("/accounts/").status_code == 200


@pytest.mark.parametrize("missing", ["terms", "consent", "email"])
def test_registration_needs_address_terms_and_consent_and_keeps_what_was_typed(
    town: Town, client: Client, missing: str
) -> None:
    answer = client.post("/accounts/signup/", {**NEW, missing: ""})
    assert answer.status_code == 200
    assert "Ірина Нова" in answer.content.decode()
    assert not get_user_model().objects.filter(email=NEW["email"]).exists()


def test_signing_in_by_code_keeps_the_way_on(town: Town, client: Client) -> None:
    EmailAddress.objects.create(user=town.author, email=town.author.email, verified=True, primary=True)
    answer = client.post("/accounts/login/code/", {"email": town.author.email, "next": "/my/"}, follow=True)
    answer = client.post(answer.request["PATH_INFO"], {"code": code_in_mail(), "next": "/my/"})
    assert answer["Location"] == "/my/"
    assert int(client.session["_auth_user_id"]) == town.author.pk


def test_five_wrong_codes_end_the_attempt(town: Town, client: Client) -> None:
    answer = client.post("/accounts/login/code/", {"email": town.author.email}, follow=True)
    right, address = code_in_mail(), answer.request["PATH_INFO"]
    for _attempt in range(6):
        client.post(address, {"code": "WRONG1"})
    client.post(address, {"code": right})
    assert "_auth_user_id" not in client.session


def test_a_code_ends_after_ten_minutes(town: Town, client: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 2, 9, 0, tzinfo=UTC), tick=False) as clock:
        answer = client.post("/accounts/login/code/", {"email": town.author.email}, follow=True)
        right = code_in_mail()
        clock.shift(601)
        client.post(answer.request["PATH_INFO"], {"code": right})
    assert "_auth_user_id" not in client.session


def test_a_stranger_does_not_learn_whether_an_address_is_registered(town: Town) -> None:
    def body(address: str) -> str:
        answer = Client().post("/accounts/login/code/", {"email": address}, follow=True)
        text = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', "", answer.content.decode())
        return re.sub(r'nonce="[^"]+"', "", text.replace(address, "ADDRESS"))

    assert body(town.author.email) == body("nobody@people.example")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_way_on_leads_to_a_foreign_host(town: Town, client: Client, target: str) -> None:
    user = person("with-password@people.example")
    user.set_password("correct horse battery")
    user.save()
    answer = client.post("/accounts/login/", {"login": user.email, "password": "correct horse battery", "next": target})
    assert "evil" not in answer.get("Location", "")
    assert "javascript" not in answer.get("Location", "")


def test_signing_out_clears_the_cache_of_the_browser(town: Town, client: Client) -> None:
    client.force_login(town.author)
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache"'


def test_a_worker_sets_up_a_second_factor_first_where_the_site_asks_for_one(
    town: Town, client: Client, settings: Any
) -> None:
    settings.OPENCITY_REQUIRE_SECOND_FACTOR = True
    client.force_login(town.roads_worker)
    assert client.get("/")["Location"] == "/accounts/2fa/totp/activate/"
    client.force_login(town.author)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/signup/", "/accounts/login/code/", "/accounts/password/reset/"]
)
def test_the_doors_stand_open_in_both_languages(town: Town, client: Client, address: str, language: str) -> None:
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_the_own_page_changes_name_and_language(town: Town, client: Client) -> None:
    client.force_login(town.author)
    client.post("/my/profile/", {"name": "Ганна Нова", "language": "en", "show_name": "on"})
    town.author.refresh_from_db()
    citizen = Citizen.objects.get(user=town.author)
    assert (town.author.get_full_name(), citizen.language, citizen.show_name) == ("Ганна Нова", "en", True)


def test_person_from_an_imported_table_signs_in_by_code_and_only_then_has_the_address(
    town: Town, client: Client
) -> None:
    table = "email,name,organisation\nworker@new.example,Марія Нова,roads\n"
    assert not run_import("people", town.city, table.encode()).faults
    assert mail.outbox == []
    assert not EmailAddress.objects.get(email="worker@new.example").verified
    answer = client.post("/accounts/login/code/", {"email": "worker@new.example"}, follow=True)
    client.post(answer.request["PATH_INFO"], {"code": code_in_mail()})
    assert get_user_model().objects.get(pk=client.session["_auth_user_id"]).email == "worker@new.example"
    assert EmailAddress.objects.get(email="worker@new.example").verified
    assert client.get("/organisations/roads/cabinet/").status_code == 200


def test_each_comes_from_signing_in_to_where_his_or_her_work_waits(town: Town) -> None:
    """Workers to their cabinet (4.1), editors to the admin, citizens home; in the demonstration each by one touch."""
    editor = person("editor@people.example")
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    cabinet = reverse("opencity_issues:cabinet", args=[town.roads.slug])
    for user, place in ((town.roads_worker, cabinet), (editor, reverse("wagtailadmin_home")), (town.author, "/")):
        client = Client()
        assert sign_in_by_form(client, with_password(user)).session["_auth_user_id"] == str(user.pk)
        page = client.get("/accounts/login/")
        assert page["Location"] == place


def test_letters_about_accounts_are_in_the_name_of_the_site_and_in_plain_words(town: Town, client: Client) -> None:
    client.cookies["django_language"] = "uk"
    client.post("/accounts/signup/", NEW)
    letter = mail.outbox[-1]
    assert letter.subject == "Код для підтвердження електронної адреси"
    assert letter.body.startswith("Вітаємо! Це Відкрите Місто.")


def test_only_the_demonstration_shows_its_accounts(town: Town, client: Client, settings: Any) -> None:
    settings.DEMONSTRATION = True
    assert 'value="roads@demo.opencity.example"' in client.get("/accounts/login/").content.decode()
    settings.DEMONSTRATION = False
    assert "demo.opencity.example" not in client.get("/accounts/login/").content.decode()
