"""The editor's chooser of issues with its map: the view narrows the list, and the city is the edited page's."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site

from opencity_cms.editors import GROUP
from opencity_cms.models import NewsIndexPage
from tests.factories import Town, person

CHOOSE = "opencity_cms_issue_chooser:choose"
RESULTS = "opencity_cms_issue_chooser:choose_results"
NORTH, SOUTH = (25.853, 51.350), (25.853, 51.340)
NORTHERN_VIEW = "25.85000,51.34800,25.86000,51.35200"
QUERIES = 20


@pytest.fixture
def town(db) -> Town:
    return Town(content=True)


@pytest.fixture
def client(town) -> Client:
    editor = person("editor@town.example", name="Оксана Редакторка")
    editor.groups.add(Group.objects.get(name=GROUP))
    client = Client()
    client.force_login(editor)
    return client


def second_city() -> Town:
    root = Page.get_first_root_node().add_child(instance=Page(title="Друге", slug="second"))
    return Town(content=True, site=Site.objects.create(hostname="second.example", root_page=root), mark="dzvinka")


def test_the_view_of_the_map_narrows_the_list(town, client, django_assert_max_num_queries):
    northern = town.issue(title="Яма на півночі", location=NORTH)
    southern = town.issue(title="Яма на півдні", location=SOUTH)

    def found(**asked: str) -> str:
        with django_assert_max_num_queries(QUERIES):
            return client.get(reverse(RESULTS), asked).content.decode()

    everything = found(bbox="")
    assert northern.title in everything
    assert southern.title in everything
    in_view = found(bbox=NORTHERN_VIEW)
    assert northern.title in in_view
    assert southern.title not in in_view
    assert northern.title not in found(bbox=NORTHERN_VIEW, q="півдні")
    whole = "25.0,51.0,26.5,52.0"
    newest_first, pressed_first = found(bbox=whole), found(bbox=whole, pressed=str(northern.number))
    assert newest_first.index(southern.title) < newest_first.index(northern.title)
    assert pressed_first.index(northern.title) < pressed_first.index(southern.title)
    assert northern.title in found(bbox=NORTHERN_VIEW, q="півдні", pressed=str(northern.number))
    assert "Посуньте карту" in found(bbox="25.0,51.0,25.1,51.1")
    for bad in ("north", "1,2,3", "25.9,51.3,25.8,51.4", "25.8,51.3,25.9,nan"):
        told = found(bbox=bad)
        assert 'role="alert"' in told
        assert northern.title not in told


def test_the_city_is_that_of_the_edited_page(town, client):
    own = town.issue(title="Яма у першому", location=NORTH)
    other_town = second_city()
    other = other_town.issue(title="Яма у другому", location=NORTH)
    index = NewsIndexPage.objects.descendant_of(other_town.city.get_site().root_page).first()
    here = reverse("wagtailadmin_home")
    there = reverse("wagtailadmin_pages:add", args=["opencity_cms", "newspage", index.pk])
    edited = reverse("wagtailadmin_pages:edit", args=[index.pk])
    for address, city, shown, hidden in (
        ("", town.city, own, other),
        (here, town.city, own, other),
        (there, other_town.city, other, own),
        (edited, other_town.city, other, own),
    ):
        dialog = client.get(reverse(CHOOSE), headers={"Referer": f"http://testserver{address}"}).json()["html"]
        assert shown.title in dialog
        assert hidden.title not in dialog
        points = reverse("opencity_cms_issue_chooser:points", args=[city.pk])
        assert f'data-data-url="{points}"' in dialog
        numbers = [one[0] for one in client.get(points, {"bbox": NORTHERN_VIEW, "zoom": 15}).json()["issues"]]
        assert numbers == [shown.number]
        assert client.get(reverse("opencity_cms_issue_chooser:scheme", args=[city.pk])).status_code == 200
    assert client.get(reverse("opencity_cms_issue_chooser:points", args=[index.pk])).status_code == 404
    assert Client().get(points).status_code == 302
