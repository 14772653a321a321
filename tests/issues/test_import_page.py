"""The operator's page for files: tried first, imported from the kept file, and nobody else's."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from opencity_issues.models import ImportFile, Organisation
from tests.factories import Town, person

PAGE = "/admin/opencity/import/"
TABLE = "коротка назва;назва;скринька\nwater;Водоканал;water@city.example\nroads;Дорожня служба;\n"


@pytest.fixture
def operator(town: Town, client: Client) -> Any:
    user = person("operator@city.example", is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


def choose(client: Client, content: str | bytes, kind: str = "organisations", **more: Any) -> Any:
    content = content.encode() if isinstance(content, str) else content
    city = client.get(PAGE).context["form"]["city"].initial.pk
    file = SimpleUploadedFile("Організації.csv", content)
    return client.post(PAGE, {"city": city, "kind": kind, "file": file, **more})


def test_file_is_shown_line_by_line_and_then_imported_as_it_was_kept(town: Town, operator: Any, client: Client) -> None:
    answer = choose(client, TABLE.encode("cp1251"))
    page = answer.content.decode()
    assert "Windows-1251" in page
    assert "Водоканал" in page
    assert [(one.line, str(one.state)) for one in answer.context["lines"]] == [(2, "new")]
    assert not Organisation.objects.filter(slug="water").exists()
    key = ImportFile.objects.get().pk
    client.force_login(person("second@city.example", is_superuser=True, is_staff=True))
    assert "Виберіть його ще раз" in client.post(PAGE, {"key": key}, follow=True).content.decode()
    client.force_login(operator)
    answer = client.post(PAGE, {"key": key}, follow=True)
    assert "імпортовано – нове: 1, без змін: 1" in answer.content.decode()
    assert Organisation.objects.get(slug="water").mailbox == "water@city.example"
    assert not ImportFile.objects.exists()
    entry = ModelLogEntry.objects.get(action="opencity.import")
    assert (entry.user, entry.data["counts"]) == (operator, {"new": 1, "same": 1})
    assert "Організації – нове: 1" in entry.formatter.format_message(entry)
    assert "вже є" in choose(client, TABLE).content.decode()
    assert client.post(PAGE, {"key": "none"}).status_code == 302


def test_faults_stand_by_line_and_column_and_the_choice_is_kept(town: Town, operator: Any, client: Client) -> None:
    answer = choose(client, TABLE + "housing;Житло;roads@city.example\n")
    assert answer.status_code == 400
    assert "<td>4</td><td>скринька</td>" in answer.content.decode()
    assert 'value="organisations" selected' in answer.content.decode()
    assert not ImportFile.objects.exists()
    answer = choose(client, "")
    assert "Цей файл порожній" in answer.content.decode()
    assert "Такий файл ніколи нічого не вилучає" in choose(client, TABLE, replace="on").content.decode()


def test_city_that_changed_meanwhile_is_not_half_imported(town: Town, operator: Any, client: Client) -> None:
    choose(client, TABLE)
    Organisation.objects.filter(slug="housing").update(mailbox="water@city.example")
    answer = client.post(PAGE, {"key": ImportFile.objects.get().pk})
    assert answer.status_code == 409
    assert not Organisation.objects.filter(slug="water").exists()


def test_empty_tables_have_the_readers_headings_and_the_page_is_the_operators(
    town: Town, operator: Any, client: Client
) -> None:
    table = client.get(reverse("opencity_admin_import:template", args=["people"])).content.decode()
    assert table.startswith("\ufeffe-mail;ім'я;організація")
    assert client.get(reverse("opencity_admin_import:template", args=["districts"])).status_code == 404
    for who in (town.moderator, town.controller, town.roads_worker):
        client.force_login(who)
        assert client.get(PAGE).status_code == 302
        assert client.post(PAGE, {"kind": "organisations"}).status_code == 302
