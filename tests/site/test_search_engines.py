"""What search engines, shared links and lost visitors find: one address a page, data that says what it is, a sitemap, a way on."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.images import get_image_model

from opencity_cms.models import MeetingPage, NewsIndexPage, NewsPage, WorkingGroupPage
from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.views import sitemaps
from tests.factories import Town
from tests.issues.media_samples import photo

pytestmark = pytest.mark.django_db

HOST = "http://testserver"


@pytest.fixture
def town(settings, tmp_path) -> Town:
    settings.MEDIA_ROOT = tmp_path
    return Town(content=True)


@pytest.fixture
def news(town) -> NewsPage:
    index = NewsIndexPage.objects.get(locale__language_code="uk")
    image = get_image_model().objects.create(title="Перехід", file=ContentFile(photo(), name="p.jpg"))
    page = NewsPage(
        title="Міст </script> відкрито", slug="bridge", intro="Сьогодні.", lead_image=image, locale=index.locale
    )
    index.add_child(instance=page).save_revision().publish()
    return NewsPage.objects.get()


def data_of(page: str) -> dict:
    """The blocks of data in a page by their type."""
    blocks = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
    assert all(block["@context"] == "https://schema.org" for block in blocks)
    return {block["@type"]: block for block in blocks}


def canonical_of(page: str) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]*)">', page)


def test_a_page_has_one_address_whatever_narrows_it(town, client):
    for path, common in {
        "/": "/",
        "/issues/?status=open&q=яма": "/issues/",
        "/issues/?page=1&sort=old": "/issues/",
        "/news/?page=2&q=x": "/news/?page=2",
        "/map/?bbox=1,2,3,4": "/map/",
        "/statistics/?period=month": "/statistics/",
        "/news/?page=x": "/news/",
        "/terms/?lang=en": "/terms/?lang=en",
    }.items():
        client.cookies.clear()
        assert canonical_of(client.get(path, follow=True).content.decode()) == [HOST + common], path


def test_news_are_an_article_with_its_way_and_its_picture(news, client):
    page = client.get(news.url).content.decode()
    found = data_of(page)
    article = found["NewsArticle"]
    assert article["headline"] == "Міст </script> відкрито"
    assert article["url"] == f"{HOST}{news.url}"
    assert article["inLanguage"] == "uk"
    assert article["publisher"]["name"] == "Тестове"
    assert article["datePublished"] == news.first_published_at.isoformat()
    assert article["image"][0].startswith(f"{HOST}/media/images/")
    assert [one["name"] for one in found["BreadcrumbList"]["itemListElement"]] == ["Новини"]
    assert f'<meta property="og:image" content="{article["image"][0]}">' in page
    # Untranslated: read in English it is still the Ukrainian page, and says no other language.
    english = client.get(f"{news.url}?lang=en").content.decode()
    assert canonical_of(english) == [f"{HOST}{news.url}"]
    assert "hreflang" not in english


def test_a_meeting_is_an_event_and_the_home_page_a_site_with_a_search(town, client):
    group = WorkingGroupPage.objects.get(locale__language_code="uk")
    meeting = group.add_child(
        instance=MeetingPage(
            title="Засідання", starts_at=timezone.now() + timedelta(days=3), place="Мала зала", locale=group.locale
        )
    )
    event = data_of(client.get(meeting.url).content.decode())["Event"]
    assert (event["name"], event["location"]["name"]) == ("Засідання", "Мала зала")
    site = data_of(client.get("/").content.decode())["WebSite"]
    target = site["potentialAction"]["target"]["urlTemplate"]
    assert client.get(target.replace(HOST, "").replace("{search_term_string}", "міст")).status_code == 200


def test_a_card_says_what_and_where_and_never_who(town, client, django_assert_max_num_queries):
    issue = town.issue(show_author=True, title="Яма & провалля")
    with django_assert_max_num_queries(30):
        page = client.get(issue.get_absolute_url()).content.decode()
    report = data_of(page)["Report"]
    assert report["reportNumber"] == str(issue.number)
    assert report["name"] == "Яма & провалля"
    assert report["creativeWorkStatus"] == "Відкрита"
    assert report["contentLocation"]["geo"]["latitude"] == issue.lat
    assert "author" not in report
    assert "Ганна" not in json.dumps(report, ensure_ascii=False)
    take_down(issue, ground="off_topic", reason="", actor=town.moderator, organisation=town.ngo)
    assert "ld+json" not in client.get(issue.get_absolute_url()).content.decode()
    organisation = data_of(client.get("/organisations/roads/").content.decode())["Organization"]
    assert organisation["email"] == "roads@city.example"


def test_the_sitemap_names_what_is_public_by_the_thousand(
    town, news, client, monkeypatch, django_assert_max_num_queries
):
    issues = [town.issue() for _ in range(5)]
    take_down(issues[2], ground="off_topic", reason="", actor=town.moderator, organisation=town.ngo)
    monkeypatch.setattr(sitemaps, "NUMBERS_AT_ONCE", issues[-1].number // 2 + 1)
    index = client.get("/sitemap.xml").content.decode()
    assert re.findall(r"<loc>http://testserver/([^<]*)</loc>", index) == [
        "sitemap-pages.xml",
        "sitemap-issues.xml",
        "sitemap-issues.xml?p=2",
        "sitemap-screens.xml",
    ]
    with django_assert_max_num_queries(8):
        parts = [client.get(f"/sitemap-issues.xml?p={number}").content.decode() for number in (1, 2)]
    shown = re.findall(r"<loc>http://testserver/issues/(\d+)/</loc>", "".join(parts))
    assert shown == [str(one.number) for one in issues if one is not issues[2]]
    assert f"<lastmod>{timezone.localdate():%Y}" in parts[1]
    assert client.get("/sitemap-issues.xml?p=9").status_code == 404
    assert client.get("/sitemap-issues.xml?p=x").status_code == 404
    with django_assert_max_num_queries(12):
        pages = client.get("/sitemap-pages.xml").content.decode()
    assert pages.count(f"<loc>{HOST}/terms/</loc>") == 1
    assert f'hreflang="en" href="{HOST}/terms/?lang=en"' in pages
    assert f"<loc>{HOST}{news.url}</loc>" in pages
    assert "/issues/" not in pages
    screens = client.get("/sitemap-screens.xml").content.decode()
    assert f"<loc>{HOST}/map/</loc>" in screens
    assert f"<loc>{HOST}/organisations/roads/</loc>" in screens


def test_programs_are_told_what_to_leave_out(client):
    text = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {HOST}/sitemap.xml" in text
    assert "Disallow: /my/" in text
    assert "Disallow: /report/*/" in text  # the first screen is to be found, the others are somebody's way
    assert not [line for line in text.splitlines() if line.strip() in {"Disallow: /", "Disallow: /issues/"}]


def test_an_old_address_leads_to_the_new_one(town, news, client, django_capture_on_commit_callbacks):
    news.slug = "bridge-is-open"
    with django_capture_on_commit_callbacks(execute=True):
        news.save_revision().publish()
    answer = client.get("/news/bridge/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/news/bridge-is-open/")
    Redirect.add_redirect("/old/", redirect_to="/map/")
    assert client.get("/old/").headers["Location"] == "/map/"


def test_a_lost_visitor_finds_the_issue_that_was_meant(town, client):
    issue = town.issue(title="Яма біля школи")
    for path in (f"/problem/{issue.number}/", f"/issues/{issue.number}/photo/", f"/№{issue.number}/"):
        page = client.get(path)
        assert page.status_code == 404
        assert f'href="/issues/{issue.number}/"' in page.content.decode(), path
    page = client.get("/no-such-page/").content.decode()
    assert "ви шукали" not in page
    assert 'href="/map/"' in page
    take_down(issue, ground="off_topic", reason="", actor=town.moderator, organisation=town.ngo)
    assert "Яма біля школи" not in client.get(f"/problem/{issue.number}/").content.decode()
