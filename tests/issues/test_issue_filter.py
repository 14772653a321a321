"""Which issues each parameter of map, list, feeds and REST finds, and what a bad value is answered."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from opencity_issues.actions.work_on_assignment import return_assignment
from opencity_issues.queries.issue_filter import IssueFilter
from tests.factories import NOON, PLACE, Town

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=60)


@pytest.fixture
def titles(town: Town) -> Town:
    """Issues named after what is particular about them."""
    town.issue(title="road", now=NOON)
    town.issue(
        title="lamp", categories=["2.2"], description="Не світить Ліхтар біля школи", now=NOON + timedelta(days=1)
    )
    town.issue(title="both", categories=["3.8", "2.2"], author=town.neighbour, now=NOON + timedelta(days=2))
    town.accept(town.issue(title="accepted road", now=NOON + timedelta(days=3)), town.roads, NOON + timedelta(days=3))
    town.close(
        town.issue(title="closed lamp", categories=["2.2"], now=NOON + timedelta(days=4)), NOON + timedelta(days=4)
    )
    town.issue(title="nowhere", categories=["8"], location=None, now=NOON + timedelta(days=5))
    town.issue(title="far", location=(25.895, 51.37), now=NOON + timedelta(days=6))
    return town


def found(town: Town, query: str, person: object = None, now: datetime = NOON + timedelta(days=7)) -> set[str]:
    filters = IssueFilter(QueryDict(query), city=town.city, person=person, now=now)
    assert not filters.errors, filters.errors
    return set(filters.qs.values_list("title", flat=True))


EVERYTHING = {"road", "lamp", "both", "accepted road", "closed lamp", "nowhere", "far"}


FINDS = {
    "": EVERYTHING,
    "status=&category=&organisation=&from=&to=&overdue=&q=&author=&bbox=": EVERYTHING,
    "status=open": EVERYTHING - {"accepted road", "closed lamp"},
    "status=accepted&status=closed": {"accepted road", "closed lamp"},
    "status=accepted,closed": {"accepted road", "closed lamp"},
    "status=archived": set(),
    "category=3.8": {"road", "both", "accepted road", "far"},
    "category=3": {"road", "both", "accepted road", "far"},
    "category=2": {"lamp", "both", "closed lamp"},
    "category=3,2.2": EVERYTHING - {"nowhere"},
    "category=3&category=3.8": {"road", "both", "accepted road", "far"},
    "organisation=lighting": {"lamp", "both", "closed lamp"},
    "organisation=roads,lighting": EVERYTHING - {"nowhere"},
    "organisation=housing": set(),
    "from=2026-03-07": {"nowhere", "far"},
    "to=2026-03-02": {"road"},
    "from=2026-03-03&to=2026-03-04": {"lamp", "both"},
    "from=03.03.2026&to=04.03.2026": {"lamp", "both"},
    "q=lamp": {"lamp", "closed lamp"},
    "q=ліхтар+школи": {"lamp"},
    "q=ЛІХТАР": {"lamp"},
    "q=ліхтар+яма": set(),
    "q=%25": set(),
    "bbox=25.85,51.34,25.86,51.35": EVERYTHING - {"nowhere", "far"},
    "bbox=25.89,51.36,25.90,51.38": {"far"},
    "status=open&category=3&organisation=lighting": {"both"},
    "unknown=1&page=3": EVERYTHING,
}


def test_each_parameter_finds_its_issues(titles):
    seen = {query: found(titles, query) for query in FINDS}
    assert seen == FINDS


def test_words_find_a_number(titles):
    issue = titles.issue(title="numbered")
    assert found(titles, f"q={issue.number}") == {"numbered"}
    assert found(titles, f"q=%E2%84%96+{issue.number}") == {"numbered"}


def test_overdue_are_those_with_a_term_that_ran_out(titles):
    assert found(titles, "overdue=1", now=NOON) == set()
    assert found(titles, "overdue=1", now=LATER) == EVERYTHING - {"closed lamp", "nowhere"}
    assert found(titles, "overdue=0", now=LATER) == EVERYTHING


def test_own_issues_are_for_who_is_signed_in(titles):
    assert found(titles, "author=me", titles.neighbour) == {"both"}
    assert found(titles, "author=me", titles.moderator) == set()


def test_day_of_the_period_is_the_citys(titles):
    """21:30 in UTC is the next day in Kyiv."""
    titles.issue(title="late evening", now=datetime(2026, 3, 20, 22, 30, tzinfo=UTC))
    assert found(titles, "from=2026-03-21&to=2026-03-21") == {"late evening"}
    assert found(titles, "from=2026-03-20&to=2026-03-20") == set()


def test_organisation_that_returned_an_issue_has_it_no_more(titles):
    issue = titles.issue(title="returned")
    assert "returned" in found(titles, "organisation=roads")
    return_assignment(issue, actor=titles.roads_worker, organisation=titles.roads, reason="Не наше", now=NOON)
    assert "returned" not in found(titles, "organisation=roads")


BAD = [
    ("status", "held"),
    ("status", "open,broken"),
    ("status", "open\x00"),
    ("status", ",".join(map(str, range(100)))),
    ("category", "99.9"),
    ("category", "3'; DROP TABLE"),
    ("category", "\x00"),
    ("category", "9" * 500),
    ("organisation", "nobody"),
    ("organisation", "\x00"),
    ("from", "yesterday"),
    ("from", "2026-02-31"),
    ("to", "0001-01-01"),
    ("to", "9999-12-31"),
    ("from", "\x00"),
    ("overdue", "perhaps"),
    ("author", "author@people.example"),
    ("author", "me"),
    ("q", "я" * 101),
    ("q", "яма\x00"),
    ("bbox", "nan,nan,nan,nan"),
    ("bbox", "25,51,26"),
    ("bbox", "26,51,25,52"),
    ("bbox", "25,52,26,51"),
    ("bbox", "inf,51,26,52"),
    ("bbox", "1e300,51,1e301,52"),
    ("bbox", "25,-91,26,91"),
    ("bbox", "a,b,c,d"),
    ("bbox", "1," * 5000),
]


def test_bad_value_is_told_at_its_parameter_and_filters_nothing(titles):
    for parameter, value in BAD:
        query = QueryDict(mutable=True)
        query[parameter] = value
        filters = IssueFilter(query, city=titles.city, person=AnonymousUser())
        assert list(filters.errors) == [parameter], (parameter, value)
        assert filters.qs.count() == len(EVERYTHING), (parameter, value)


def test_period_that_ends_before_it_begins_is_told(titles):
    filters = IssueFilter(QueryDict("from=2026-03-05&to=2026-03-04"), city=titles.city)
    assert list(filters.errors) == ["to"]


def test_other_citys_organisation_is_unknown(titles):
    other = titles.city.get_parent().add_child(instance=type(titles.city)(title="Інше", slug="other"))
    assert list(IssueFilter(QueryDict("organisation=roads"), city=other).errors) == ["organisation"]
    assert not IssueFilter(QueryDict(""), city=other).qs.exists()


def test_views_over_the_edge_of_the_world_are_cut_to_it(titles):
    for query in ("bbox=-180,-85,180,85", "bbox=179,-10,190,10", f"bbox={PLACE[0]},51,{PLACE[0] + 400},52"):
        assert IssueFilter(QueryDict(query), city=titles.city).is_valid(), query
