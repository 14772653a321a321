"""The one public description of an issue: exactly the contract's fields, nothing hidden, at a constant cost."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from opencity_issues.actions import moderate_issue, route_issue
from opencity_issues.actions import work_on_assignment as work
from opencity_issues.models import IssuePage, Media
from opencity_issues.queries.public_issue import public_issue, with_public_parts
from tests.factories import NOON, PLACE

FIELDS = {
    "number",
    "title",
    "description",
    "status",
    "again",
    "categories",
    "location",
    "author",
    "answers",
    "submitted_at",
    "accepted_at",
    "closed_at",
    "archived_at",
    "assignments",
    "photos",
    "url",
}
DAY = timedelta(days=1)


def described(issue, **options):
    return public_issue(with_public_parts(IssuePage.objects.all()).get(pk=issue.pk), **options)


def test_a_new_issue_in_full(town):
    issue = town.issue(categories=["3.8", "2.2"])
    assert described(issue, base_url="https://city.example") == {
        "number": issue.number,
        "title": "Яма біля переходу",
        "description": "Глибока яма, небезпечно.",
        "status": "open",
        "again": False,
        "categories": ["2.2", "3.8"],
        "location": {"lng": PLACE[0], "lat": PLACE[1]},
        "author": None,
        "answers": [],
        "submitted_at": "2026-03-02T10:00:00Z",
        "accepted_at": None,
        "closed_at": None,
        "archived_at": None,
        "assignments": [
            {
                "organisation": slug,
                "sent_at": "2026-03-02T10:00:00Z",
                "accepted_at": None,
                "executor": "",
                "due": {"4.2": "2026-03-03T22:00:00Z", "4.3": "2026-03-05T22:00:00Z", "4.4": "2026-04-01T21:00:00Z"},
                "done_at": None,
            }
            for slug in ("roads", "lighting")
        ],
        "photos": [],
        "url": f"https://city.example/issues/{issue.number}/",
    }


def test_only_terms_that_run_are_due(town):
    issue = town.issue()
    town.accept(issue, town.roads, now=NOON + DAY)
    (part,) = described(issue)["assignments"]
    assert part["executor"] == "Майстер дільниці"
    assert set(part["due"]) == {"4.4"}
    town.finish(issue, town.roads, now=NOON + 2 * DAY)
    whole = described(issue)
    assert whole["closed_at"] == "2026-03-04T10:00:00Z"
    assert whole["assignments"][0]["due"] == {}


def test_an_organisation_that_returned_it_answers_no_longer(town):
    issue = town.issue()
    work.return_assignment(issue, "Не наше", actor=town.roads_worker, organisation=town.roads, now=NOON)
    assert described(issue)["assignments"] == []
    route_issue.assign(issue, town.housing, actor=town.controller, organisation=town.control, now=NOON)
    assert [one["organisation"] for one in described(issue)["assignments"]] == ["housing"]


@pytest.mark.parametrize(("shown", "author"), [(True, {"name": "Ганна Авторка"}), (False, None)])
def test_the_author_is_named_only_by_choice_and_never_addressed(town, shown, author):
    issue = town.issue(show_author=shown)
    assert described(issue)["author"] == author
    assert "@" not in json.dumps(described(issue))


def test_no_place_and_no_hidden_photo(town):
    issue = town.issue(location=None)
    shown, hidden = (Media.objects.create(issue=issue, uploader=town.author) for _number in range(2))
    moderate_issue.hide(hidden, reason="обличчя", actor=town.moderator, organisation=town.ngo)
    whole = described(issue)
    assert whole["location"] is None
    assert whole["photos"] == [shown.url("large")]


@pytest.mark.parametrize("count", [1, 8])
def test_any_number_costs_seven_queries(town, count, django_assert_num_queries):
    for number in range(count):
        town.issue(categories=["3.8", "2.2"], now=timezone.now() - (number + 1) * DAY)
    with django_assert_num_queries(7):
        found = [public_issue(issue) for issue in with_public_parts(IssuePage.objects.all())]
    assert len(found) == count
    assert all(set(one) == FIELDS for one in found)
