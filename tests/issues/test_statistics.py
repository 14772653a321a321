"""Figures: counted once each, medians with their cases, none from too few."""

from datetime import timedelta

import pytest
from django.urls import reverse

from opencity_issues.queries.issue_filter import IssueFilter
from opencity_issues.queries.statistics import MEDIAN_FROM, Duration, statistics_of
from tests.factories import NOON

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=60)


def figures(town, now=LATER, **period):
    filters = IssueFilter(period, city=town.city, now=now)
    assert not filters.errors
    return statistics_of(filters.qs, now)


def table(rows) -> dict[str, tuple[int, int, int]]:
    return {row.key: (row.total, row.unsolved, row.overdue) for row in rows}


def test_issues_are_counted_by_status_branch_and_organisation(town):
    town.issue(categories=["3.8", "3.1", "2.2"])
    town.close(town.issue(categories=["3.8"]))
    town.issue(categories=["8"])
    counted = figures(town)
    assert counted.total == 3
    assert counted.overdue == 1
    assert table(counted.statuses) == {
        "open": (2, 0, 0),
        "accepted": (0, 0, 0),
        "closed": (1, 0, 0),
        "archived": (0, 0, 0),
    }
    assert table(counted.categories) == {"3": (2, 1, 0), "2": (1, 1, 0), "8": (1, 1, 0)}
    assert table(counted.organisations) == {"roads": (2, 1, 1), "lighting": (1, 1, 1)}


def test_median_is_of_the_first_time_and_of_enough_cases(town):
    for day in range(MEDIAN_FROM - 1):
        town.close(town.issue(), NOON + timedelta(days=day))
    assert figures(town).to_closing == Duration(None, MEDIAN_FROM - 1)
    reopened = town.close(town.issue(), NOON + timedelta(days=10))
    town.move(reopened, "T14", town.author, now=NOON + timedelta(days=11))
    assert figures(town).to_closing == Duration(2.0, MEDIAN_FROM)
    assert figures(town).to_acceptance == Duration(2.0, MEDIAN_FROM)


def test_period_is_of_registration(town):
    town.issue()
    town.issue(now=NOON + timedelta(days=30))
    assert figures(town, **{"from": "2026-03-20", "to": ""}).total == 1


def test_queries_are_few_and_constant(town, client, django_assert_max_num_queries):
    for day in range(12):
        town.close(town.issue(categories=["3.8", "2.2"]), NOON + timedelta(days=day))
    with django_assert_max_num_queries(10):
        figures(town)


def test_page_shows_tables_that_lead_to_the_list(town, client):
    town.issue()
    text = client.get(reverse("opencity_issues:statistics")).content.decode()
    for query in ("status=open", "category=3", "organisation=roads"):
        assert f'href="/issues/?{query}"' in text
    assert "<caption>" in text


def test_bad_period_is_told(town, client):
    town.issue()
    answer = client.get("/statistics/?from=x&to=9999-12-31&status=nonsense")
    assert answer.status_code == 200
    assert answer.content.decode().count("notice--error") == 2
