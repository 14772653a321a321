"""Statistics: each figure exactly what the issues' own history makes it, read from kept counts alone."""

import csv
import io
from collections import Counter
from datetime import date, timedelta
from statistics import median_low

import pytest
from django.http import QueryDict
from django.urls import reverse
from openpyxl import load_workbook

from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.actions.keep_statistics import count_all, count_waiting
from opencity_issues.models import Category, PeriodCount, Uncounted
from opencity_issues.models.period_count import Grain
from opencity_issues.queries.statistics.asked import read_asked, spans
from opencity_issues.queries.statistics.figures import statistics_of
from opencity_issues.queries.statistics.medians import MEDIAN_FROM, Duration
from opencity_issues.queries.verification import statistics_differences
from tests.factories import NOON

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=60)


def figures(town, query="", now=LATER):
    count_waiting(now)
    asked = read_asked(QueryDict(query), town.city)
    assert not asked.errors
    return statistics_of(asked, now)


def table(lines) -> dict[str, tuple[int, int, int]]:
    return {line.key: (line.total, line.unsolved, line.overdue) for line in lines}


def test_issues_are_counted_by_status_branch_and_organisation(town):
    town.issue(categories=["3.8", "3.1", "2.2"])
    town.close(town.issue(categories=["3.8"]))
    town.issue(categories=["8"])
    record_missed(LATER)
    counted = figures(town)
    assert (counted.whole.total, counted.whole.solved, counted.whole.overdue) == (3, 1, 1)
    assert dict(counted.statuses) == {"open": 2, "accepted": 0, "closed": 1, "archived": 0}
    assert table(counted.lines["category"]) == {"3": (2, 1, 1), "2": (1, 1, 1), "8": (1, 1, 0)}
    assert table(counted.lines["organisation"]) == {"roads": (2, 1, 1), "lighting": (1, 1, 1)}


def test_a_part_is_told_alone_with_what_is_under_it(town):
    town.issue(categories=["3.8", "2.2"])
    town.issue(categories=["3.1"])
    counted = figures(town, "category=3")
    assert (counted.whole.key, counted.whole.total) == ("3", 2)
    assert table(counted.lines["category"]) == {"3.8": (1, 1, 0), "3.1": (1, 1, 0)}
    assert figures(town, "organisation=lighting").whole.total == 1


def test_half_is_of_the_first_time_and_of_enough_cases(town):
    for day in range(MEDIAN_FROM - 1):
        town.close(town.issue(), NOON + timedelta(days=day))
    assert figures(town).whole.to_closing == Duration(None, MEDIAN_FROM - 1)
    reopened = town.close(town.issue(), NOON + timedelta(days=10))
    town.move(reopened, "T14", town.author, now=NOON + timedelta(days=11))
    assert figures(town).whole.to_closing == Duration(2, MEDIAN_FROM)
    assert figures(town).whole.to_acceptance == Duration(2, MEDIAN_FROM)


def test_what_is_overdue_counts_with_the_days_it_has_waited(town):
    for _number in range(MEDIAN_FROM):
        town.issue(categories=["3.8"])
    record_missed(LATER)
    counted = figures(town)
    assert counted.whole.to_closing == Duration(60, MEDIAN_FROM, MEDIAN_FROM)
    assert counted.lines["organisation"][0].to_acceptance == Duration(60, MEDIAN_FROM, MEDIAN_FROM)
    assert figures(town, now=LATER + timedelta(days=2)).whole.to_closing.days == 62


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), 1),
        (date(2025, 12, 31), date(2027, 1, 1), 3),
        (date(2026, 2, 27), date(2026, 4, 1), 2 + 1 + 1),
        (date(2026, 3, 5), date(2026, 3, 5), 1),
    ],
)
def test_a_period_is_the_fewest_years_months_and_days(first, last, count):
    pieces = list(spans(first, last))
    assert len(pieces) == count
    assert pieces[0][1] == first


def test_a_day_in_its_city_and_a_day_of_another_period(town):
    town.issue(now=NOON.replace(hour=0, minute=30))
    town.issue(now=NOON - timedelta(days=1))
    assert figures(town, f"from={NOON.date()}&to={NOON.date()}").whole.total == 1
    assert figures(town, "to=2020-01-01").whole.total == 0


def test_a_correction_counts_elsewhere_and_what_is_taken_down_nowhere(town):
    issue = town.close(town.issue(categories=["3.8"]), NOON)
    assert table(figures(town).lines["category"]) == {"3": (1, 0, 0)}
    issue.issue_categories.update(category=Category.objects.get(code="2.2"))
    Uncounted.objects.create(city=town.city, issue=issue)
    assert table(figures(town).lines["category"]) == {"2": (1, 0, 0)}
    type(issue).objects.filter(pk=issue.pk).update(publication="taken_down")
    Uncounted.objects.create(city=town.city, issue=issue)
    assert figures(town).whole.total == 0
    assert not PeriodCount.objects.exists()


def test_what_opens_again_is_solved_on_no_day(town):
    issue = town.close(town.issue(), NOON + timedelta(days=3))
    assert sum(step.solved for step in figures(town).steps) == 1
    town.move(issue, "T14", town.author, now=NOON + timedelta(days=9))
    assert sum(step.solved for step in figures(town).steps) == 0
    assert not list(statistics_differences())


def test_a_branch_that_moves_is_counted_anew(town):
    town.issue(categories=["3.8"])
    assert set(table(figures(town).lines["category"])) == {"3"}
    child = Category.objects.get(code="3.8")
    child.parent = Category.objects.get(code="2")
    child.save()
    assert set(table(figures(town).lines["category"])) == {"2"}


def test_counting_again_changes_nothing(town):
    town.close(town.issue(), NOON)
    count_waiting(LATER)
    before = set(PeriodCount.objects.values_list("grain", "first_day", "part", "measure", "bucket", "count"))
    assert count_waiting(LATER) == 0
    count_all(town.city, LATER)
    assert set(PeriodCount.objects.values_list("grain", "first_day", "part", "measure", "bucket", "count")) == before
    assert not Uncounted.objects.exists()


def test_wrong_counts_are_found_and_put_right(town):
    town.issue()
    count_waiting(LATER)
    assert not list(statistics_differences())
    PeriodCount.objects.filter(grain=Grain.MONTH, measure="open", part=0).update(count=7)
    assert [(one.kept, one.computed) for one in statistics_differences()] == [(7, 1), (1, 7)]  # the month, and its year
    count_all(town.city, LATER)
    assert not list(statistics_differences())


def test_queries_are_few_and_constant(town, client, django_assert_max_num_queries):
    for day in range(12):
        town.close(town.issue(categories=["3.8", "2.2"]), NOON + timedelta(days=day))
    figures(town)
    client.get(reverse("opencity_issues:statistics"))
    with django_assert_max_num_queries(15):
        client.get(reverse("opencity_issues:statistics"))


def test_page_shows_figures_that_lead_to_the_list(town, client):
    town.issue()
    count_waiting()
    text = client.get(reverse("opencity_issues:statistics")).content.decode()
    for query in ("status=open", "category=3", "organisation=roads"):
        assert f'href="/issues/?{query}"' in text
    assert text.count("<caption") >= 4
    assert 'href="/statistics/category.csv"' in text


def test_files_hold_the_same_figures(town, client):
    town.issue(categories=["3.8"])
    count_waiting()
    answer = client.get("/statistics/category.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][1:5] == ["1", "0", "1", "0"]
    book = load_workbook(io.BytesIO(client.get("/statistics/all.xlsx").content))
    assert len(book.sheetnames) == 4
    for address in ("/statistics/nothing.csv", "/statistics/category.csv?from=x"):
        assert client.get(address).status_code == 404


def test_programs_get_the_same_figures(town, client):
    town.issue(categories=["3.8"])
    count_waiting()
    found = client.get("/api/v1/statistics/?category=3").json()
    assert (found["total"], found["statuses"]["open"]) == (1, 1)
    assert [line["key"] for line in found["categories"]] == ["3.8"]
    assert client.get("/api/v1/statistics/?from=x").status_code == 400


def test_bad_period_is_told(town, client):
    town.issue()
    answer = client.get("/statistics/?from=x&to=9999-12-31&status=nonsense")
    assert answer.status_code == 200
    assert answer.content.decode().count("notice--error") == 2
    assert client.get("/statistics/?category=3&organisation=roads").content.decode().count("notice--error") == 1


def test_half_is_the_least_number_of_days_that_holds_half():
    for cases in ([0, 0, 1, 5, 9], [1, 1, 2, 2, 3, 3], [4] * 7):
        assert Duration.of(Counter(cases), Counter()).days == median_low(cases)
