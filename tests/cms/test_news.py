"""News of the press office with living parts of the issues in them (decision, 3.2)."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import ReferenceIndex

from opencity_cms.editors import GROUP
from opencity_cms.models import MediaCoveragePage, NewsIndexPage, NewsPage, Publication
from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.models import IssuePage
from tests.factories import Town, person


@pytest.fixture
def town(db) -> Town:
    return Town(content=True)


@pytest.fixture
def index(town) -> NewsIndexPage:
    return NewsIndexPage.objects.get(locale__language_code="uk")


@pytest.fixture
def editor(town):
    user = person("editor@town.example", name="Оксана Редакторка")
    user.groups.add(Group.objects.get(name=GROUP))
    return user


def hide(town: Town, issue: IssuePage) -> None:
    take_down(issue, ground="off_topic", reason="", actor=town.moderator, organisation=town.ngo)


def publish(index: NewsIndexPage, *body, title="Переходи відремонтовано") -> NewsPage:
    page = index.add_child(instance=NewsPage(title=title, body=list(body), locale=index.locale))
    ReferenceIndex.create_or_update_for_object(page)
    return page


def test_a_living_card_is_the_issue_of_this_moment(town, index, client):
    issue = town.issue(title="Яма біля школи")
    page = publish(index, ("issue", {"issue": issue, "pictures": False}))
    assert "Відкрита" in client.get(page.url).content.decode()
    town.accept(issue, town.roads)
    assert "Прийнята" in client.get(page.url).content.decode()


def test_what_is_taken_down_leaves_the_news_too(town, index, client):
    issue = town.issue(title="Яма біля школи")
    page = publish(
        index,
        ("issue", {"issue": issue, "pictures": True}),
        ("issue_list", {"heading": "", "status": "", "category": None, "count": 5}),
    )
    assert "Яма біля школи" in client.get(page.url).content.decode()
    hide(town, issue)
    assert "Яма біля школи" not in client.get(page.url).content.decode()


def test_the_card_tells_of_the_news_about_it(town, index, client):
    issue = town.issue()
    page = publish(index, ("issue", {"issue": issue, "pictures": False}))
    around = client.get(reverse("opencity_issues:card_around", args=[issue.number])).content.decode()
    assert page.title in around


def test_a_map_and_figures_stand_in_an_article(town, index, client):
    town.issue()
    page = publish(
        index,
        ("map", {"issue": None, "status": "open", "category": None, "caption": "Відкриті"}),
        ("map", {"issue": None, "status": "", "category": None, "caption": ""}),
        ("statistics", {"heading": "Тиждень"}),
    )
    shown = client.get(page.url).content.decode()
    assert shown.count("data-issue-map") == 2
    assert "?status=open" in shown
    assert "issue-map.js" in shown
    assert "Тиждень" in shown


def test_a_page_without_a_map_loads_none(index, client):
    page = publish(index, ("text", "<p>Слова.</p>"))
    assert "issue-map.js" not in client.get(page.url).content.decode()


def test_news_are_read_by_rss(index, client):
    publish(index, ("text", "<p>Слова.</p>"))
    answer = client.get(f"{index.url}?format=rss")
    assert answer["Content-Type"].startswith("application/rss+xml")
    assert "Переходи відремонтовано" in answer.content.decode()


def test_an_editor_begins_news_from_the_card(town, index, client, editor):
    issue = town.issue(title="Яма біля школи")
    client.force_login(editor)
    around = client.get(reverse("opencity_issues:card_around", args=[issue.number])).content.decode()
    address = reverse("opencity_cms_write_news", args=[issue.number])
    assert address in around
    answer = client.post(address)
    page = NewsPage.objects.get()
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert not page.live
    assert page.body[0].value["issue"].pk == issue.pk
    assert client.get(answer["Location"]).status_code == 200


def test_the_admins_home_leads_who_writes_to_a_new_piece(town, index, client, editor):
    client.force_login(editor)
    client.cookies["django_language"] = "uk"
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    address = reverse("wagtailadmin_pages:add", args=["opencity_cms", "newspage", index.pk])
    assert address in home
    assert client.get(address).status_code == 200
    editor.groups.clear()
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert address not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_nobody_else_begins_news(town, index, client):
    issue = town.issue()
    address = reverse("opencity_cms_write_news", args=[issue.number])
    client.force_login(town.moderator)
    assert address not in client.get(reverse("opencity_issues:card_around", args=[issue.number])).content.decode()
    assert client.post(address).status_code in (302, 403)
    assert not NewsPage.objects.exists()


def test_an_editor_finds_an_issue_by_number_and_by_words(town, client, editor):
    found, other = town.issue(title="Яма біля школи"), town.issue(title="Темний ліхтар")
    held = town.issue(title="Яма прихована")
    hide(town, held)
    client.force_login(editor)
    results = reverse("opencity_cms_issue_chooser:choose_results")
    by_number = client.get(results, {"q": f"№ {found.number}"}).content.decode()
    assert found.title in by_number
    assert other.title not in by_number
    by_words = client.get(results, {"q": "яма школи"}).content.decode()
    assert found.title in by_words
    assert other.title not in by_words
    assert held.title not in by_words


def test_media_coverage_is_listed_newest_first(town, client):
    page = MediaCoveragePage.objects.get(locale__language_code="uk")
    for title, date in (("Давня", "2026-01-05"), ("Нова", "2026-11-05")):
        Publication.objects.create(page=page, title=title, outlet="Міська газета", date=date)
    shown = client.get(page.url).content.decode()
    assert shown.index("Нова") < shown.index("Давня")
    assert "Міська газета" in shown


def test_a_link_to_an_issue_is_kept_by_reference(town, index, client, editor):
    issue, hidden = town.issue(title="Яма біля школи"), town.issue(title="Прихована")
    body = f'<p><a linktype="issue" id="{issue.pk}">тут</a> і <a linktype="issue" id="{hidden.pk}">там</a></p>'
    page = publish(index, ("text", body))
    hide(town, hidden)
    shown = client.get(page.url).content.decode()
    assert f'<a href="/issues/{issue.number}/">тут</a>' in shown
    assert "<a>там</a>" in shown
    around = client.get(reverse("opencity_issues:card_around", args=[issue.number])).content.decode()
    assert page.title in around
    client.force_login(editor)
    edited = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "ISSUE" in edited
    assert "opencity_cms/js/issue-link.js" in edited
    chosen = client.get(reverse("opencity_cms_issue_chooser:chosen", args=[issue.pk])).json()["result"]
    assert (chosen["title"], chosen["url"]) == (issue.title, issue.get_absolute_url())
