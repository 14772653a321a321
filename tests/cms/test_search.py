"""One search over issues, news and pages, in any form of the words; nothing that the public cannot see."""

import pytest

from opencity_cms.models import NewsIndexPage, NewsPage, TextPage
from opencity_issues.actions.index_issues import index_issues
from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.language.search_text import index_text, query_text
from tests.factories import Town


@pytest.fixture
def town(db) -> Town:
    return Town(content=True)


def looked_for(client, text: str, **more: str) -> str:
    answer = client.get("/search/", {"q": text, **more})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("Глибокі ями на дорозі", "яма дороги"),
        ("Яма біля школи", "ями біля шкіл"),
        ("Розбите подвір’я", "подвір'ям"),
        ("Темно: не горять ліхтарі", "ліхтаря"),
    ],
)
def test_any_form_of_a_word_finds_every_other(written, sought):
    indexed = index_text(written).split()
    assert all(word in indexed for word in query_text(sought).split())


def test_issues_news_and_pages_are_found_in_one_box(town, client):
    town.issue(title="Глибока яма на мосту")
    index_issues()
    news = NewsIndexPage.objects.get(locale__language_code="uk")
    news.add_child(
        instance=NewsPage(title="Відремонтовано мости", body=[("text", "<p>Без ям.</p>")], locale=news.locale)
    )
    home = news.get_parent()
    home.add_child(instance=TextPage(title="Про мости", body=[("text", "<p>Міст і яма.</p>")], locale=news.locale))
    page = looked_for(client, "ями мостом")
    assert "Глибока яма на мосту" in page
    assert "Відремонтовано мости" in page
    assert "Про мости" in page
    only = looked_for(client, "ями мостом", kind="news")
    assert "Відремонтовано мости" in only
    assert "Глибока яма на мосту" not in only


def test_a_number_leads_to_its_issue(town, client):
    issue = town.issue(title="Яма біля школи")
    for text in (str(issue.number), f"№ {issue.number}"):
        assert issue.get_absolute_url() in looked_for(client, text)
    assert "Нічого не знайдено" in looked_for(client, "99999")


def test_what_is_not_public_is_not_found(town, client):
    issue = town.issue(title="Прихована яма")
    index_issues()
    take_down(issue, ground="off_topic", reason="", actor=town.moderator, organisation=town.ngo)
    for text in ("яма", str(issue.number)):
        assert "Прихована яма" not in looked_for(client, text)
    draft = NewsIndexPage.objects.get(locale__language_code="uk")
    draft.add_child(instance=NewsPage(title="Чернетка про яму", live=False, locale=draft.locale))
    assert "Чернетка" not in looked_for(client, "яма")


def test_an_issue_is_found_by_its_status_alone_where_that_is_asked(town, client):
    town.close(town.issue(title="Закрита яма"))
    town.issue(title="Відкрита яма")
    index_issues()
    page = looked_for(client, "яма", status="closed")
    assert "Закрита яма" in page
    assert "Відкрита яма" not in page


@pytest.mark.parametrize("text", ['"', "' OR 1=1 --", "яма*", "NEAR(", "(" * 50, "\x00", "–", "a" * 500])
def test_no_words_break_the_search(town, client, text):
    looked_for(client, text)


def test_a_page_without_words_asks_for_some(town, client):
    assert 'name="q"' in client.get("/search/").content.decode()
