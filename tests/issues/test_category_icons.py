"""Icons of the categories: a set to choose from in the admin, shown wherever a category is chosen or named."""

import re

import pytest
from django.urls import reverse

from opencity_issues.forms.icon_choice import offered_icons
from opencity_issues.models import Category
from opencity_issues.templatetags.opencity_ui import icon
from tests.factories import person


@pytest.fixture
def operator(client):
    client.force_login(person("operator@people.example", is_superuser=True, is_staff=True))
    return client


@pytest.mark.once
def test_every_offered_icon_is_there_with_a_name_in_both_languages():
    plain = icon("tag")
    assert len(offered_icons()) >= 100
    assert not [name for name in offered_icons() if icon(name) == plain]
    assert not [name for name, words in offered_icons().items() if not words["uk"] or not words["en"]]


@pytest.mark.django_db
def test_the_operator_chooses_an_icon_by_looking_at_it(operator, town):
    category = Category.objects.get(code="2.10")
    edit = reverse("opencity_admin_categories:edit", args=[category.pk])
    page = operator.get(edit).content.decode()
    assert 'type="radio" name="icon" value="flower-2"' in page
    assert "Квіти" in page
    sent = {"code": "2.10", "parent": category.parent_id, "name_uk": "Фонтани", "name_en": "", "icon": "flower-2"}
    assert operator.post(edit, {**sent, "order": category.order, "is_active": "on"}).status_code == 302
    category.refresh_from_db()
    assert category.icon == "flower-2"
    assert icon("flower-2") in operator.get("/report/what/").content.decode().replace(" icon--l", "")
    town.issue(categories=["2.10"])
    for address in ("/issues/", "/map/"):
        assert icon("flower-2") in operator.get(address).content.decode()


@pytest.mark.django_db
def test_an_icon_from_elsewhere_can_be_kept(operator, town):
    category = Category.objects.get(code="2.10")
    Category.objects.filter(pk=category.pk).update(icon="of-another-set")
    page = operator.get(reverse("opencity_admin_categories:edit", args=[category.pk])).content.decode()
    assert re.search(r'value="of-another-set"[^>]* checked', page)
