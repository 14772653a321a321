"""The public page of an organisation: what it has in hand, what is overdue there, what it did lately."""

from datetime import timedelta

import pytest

from opencity_issues.queries.organisation import Figures, figures_of, open_issues_of
from tests.factories import NOON, Town


@pytest.mark.django_db
def test_an_organisations_figures_and_its_newest_issues(django_assert_max_num_queries):
    town = Town()
    later = NOON + timedelta(days=40)
    town.close(town.issue(), NOON)
    waits, works = town.issue(now=later), town.accept(town.issue(now=later), town.roads, later)
    late = town.accept(town.issue(author=town.neighbour), town.roads)
    town.close(town.issue(now=later, author=town.neighbour), later)
    town.issue(categories=["2.2"], now=later, author=town.housing_worker)
    with django_assert_max_num_queries(2):
        assert figures_of(town.roads, later) == Figures(sent=1, accepted=2, overdue=1, done=1)
    with django_assert_max_num_queries(4):
        rows = open_issues_of(town.roads, later)
    assert [row["number"] for row in rows] == sorted([waits.number, works.number, late.number], reverse=True)
