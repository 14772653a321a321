"""What lies around an issue: neighbours, news that tells of it, its QR code, and the way it was before and after."""

import pytest
from django.urls import reverse
from wagtail.models import Page, Site

from opencity_cms.models import NewsIndexPage, NewsPage
from opencity_issues.enums import MediaKind, Publication
from opencity_issues.models import IssuePage, Media
from tests.factories import NOON
from tests.issues import situations

PLACE = (25.853, 51.344)


@pytest.fixture
def now():
    return NOON


def place(issue, metres: float) -> None:
    """Put an issue so far north of PLACE."""
    issue.place_at((PLACE[0], PLACE[1] + metres / 111_320))
    IssuePage.objects.filter(pk=issue.pk).update(lng=issue.lng, lat=issue.lat, mx=issue.mx, my=issue.my)


def around(client, issue, **headers):
    return client.get(reverse("opencity_issues:card_around", args=[issue.number]), headers=headers)


def news_about(issue, *, live: bool = True, title: str = "Як лагодили дорогу") -> NewsPage:
    """A piece of news whose text links to the issue's page."""
    root = Site.objects.get(is_default_site=True).root_page
    index = NewsIndexPage.objects.first() or root.add_child(instance=NewsIndexPage(title="Новини", slug="news"))
    text = f'<p>Про <a linktype="page" id="{issue.pk}">яму</a>.</p>'
    return index.add_child(instance=NewsPage(title=title, slug=f"n{live}", live=live, body=[("text", text)]))


def photo_of(issue, contribution=None) -> Media:
    return Media.objects.create(
        issue=issue, contribution=contribution, kind=MediaKind.PHOTO, uploader=issue.author, width=80, height=60
    )


def test_neighbours_come_nearest_first_and_none_that_is_not_public(town, client, now):
    issue, far, near, held, other = (town.issue(now=now) for _one in range(5))
    for one, metres in ((issue, 0), (far, 150), (near, 40), (held, 20), (other, 900)):
        place(one, metres)
    IssuePage.objects.filter(pk=held.pk).update(publication=Publication.HELD)
    answer = around(client, issue, x_requested_with="fetch")
    assert [row["number"] for row in answer.context["near"]] == [near.number, far.number]
    assert "<html" not in answer.content.decode()
    assert "<html" in around(client, issue).content.decode()


def test_an_issue_without_a_place_has_no_neighbours(town, client, now):
    issue = town.issue(now=now, location=None)
    answer = around(client, issue)
    assert answer.status_code == 200
    assert not answer.context["near"]


def test_news_that_link_to_the_issue_are_named_and_drafts_are_not(town, client, now):
    issue = town.issue(now=now)
    news_about(issue)
    news_about(issue, live=False, title="Ще не готова")
    page = around(client, issue).content.decode()
    assert "Як лагодили дорогу" in page
    assert "Ще не готова" not in page


def test_news_for_some_readers_only_are_not_named(town, client, now):
    issue = town.issue(now=now)
    page = news_about(issue)
    page.get_parent().view_restrictions.create(restriction_type="login")
    assert not around(client, issue).context["mentions"]
    assert Page.objects.filter(pk=page.pk, live=True).exists()


@pytest.mark.parametrize("many", [1, 12])
def test_what_is_around_costs_the_same_however_much_it_is(town, client, now, many, django_assert_max_num_queries):
    issue = town.issue(now=now)
    place(issue, 0)
    for number in range(many):
        place(town.issue(now=now), 10 + number)
    around(client, issue)
    with django_assert_max_num_queries(20):
        around(client, issue)


@pytest.mark.parametrize("name", ["card_around", "card_qr"])
def test_an_issue_that_is_not_published_has_none_of_it(town, client, now, name):
    held = situations.hold(town)
    client.force_login(town.author)
    assert client.get(reverse(f"opencity_issues:{name}", args=[held.number])).status_code == 404


def test_the_qr_code_is_a_picture_that_may_be_kept(town, client, now):
    issue = town.issue(now=now)
    answer = client.get(reverse("opencity_issues:card_qr", args=[issue.number]))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    assert "public" in answer["Cache-Control"]


def test_before_and_after_stand_side_by_side_once_it_is_solved(town, client, now):
    issue = town.issue(now=now)
    photo_of(issue)
    town.accept(issue, town.roads)
    assert client.get(issue.get_absolute_url()).context["card"].after is None
    town.finish(issue, town.roads)
    done = photo_of(issue, issue.contributions.get(kind="done"))
    answer = client.get(issue.get_absolute_url())
    assert answer.context["card"].after.pk == done.pk
    assert b"before-after" in answer.content
    Media.objects.filter(pk=done.pk).update(hidden_at=now)
    assert client.get(issue.get_absolute_url()).context["card"].after is None
