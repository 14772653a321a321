"""Pages for what goes wrong: in the site's own look, in both languages, with a way on."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.utils import translation
from django.views import defaults

from tests.factories import Town, person


@pytest.fixture
def town() -> Town:
    return Town(content=True)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("uk", "Такої сторінки немає"), ("en", "There is no such page")])
def test_a_page_that_is_not_there_offers_a_search(client, town, language, words):
    client.cookies["django_language"] = language
    answer = client.get("/issues/no-such/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert words in page
    assert 'action="/search/"' in page
    assert 'content="noindex"' in page


@pytest.mark.django_db
def test_what_is_not_open_to_this_person_says_so(client, town):
    client.force_login(person("someone@people.example"))
    answer = client.get(f"/organisations/{town.roads.slug}/cabinet/templates/")
    assert answer.status_code == 403
    assert "<main" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_keeps_its_look(town):
    from django.test import Client  # one that checks the token

    answer = Client(enforce_csrf_checks=True).post("/look/", {"look": "dark"})
    assert answer.status_code == 403
    assert "Форма була відкрита надто довго" in answer.content.decode()


@pytest.mark.django_db
def test_a_mistake_of_the_site_is_told_without_the_database(django_assert_num_queries):
    with translation.override("uk"), django_assert_num_queries(0):
        page = defaults.server_error(RequestFactory().get("/")).content.decode()
    assert "На сайті сталася помилка" in page
    assert "<main" in page


@pytest.mark.django_db
def test_a_bad_request_is_told(rf):
    page = defaults.bad_request(rf.get("/"), PermissionDenied()).content.decode()
    assert "<main" in page
