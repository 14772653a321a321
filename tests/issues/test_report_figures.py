"""The figures of reports on effectiveness (5.4, 2.9): each by its definition, and as of the end of the period."""

from collections import Counter
from datetime import date, timedelta

import pytest

from opencity_issues.actions.contribute import flag_unsolved
from opencity_issues.actions.correct_issue import correct_place_or_category, withdraw
from opencity_issues.actions.message_organisation import repeat_message, send_warning
from opencity_issues.actions.moderate_issue import publish_held, refuse, take_down
from opencity_issues.actions.work_on_assignment import Answer, give_answer, return_assignment
from opencity_issues.enums import Publication
from opencity_issues.models import Category, District, Event, IssuePage
from opencity_issues.procedure.report_periods import Period, fits, month_of, periods_due, week_of
from opencity_issues.queries.reports.clocks import MEDIAN_FROM
from opencity_issues.queries.reports.events import statuses_at
from opencity_issues.queries.reports.figures import figures_of
from tests.factories import NOON, PLACE

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WEEK = Period(date(2026, 3, 2), date(2026, 3, 8))
WEEK_AFTER = Period(date(2026, 3, 9), date(2026, 3, 15))
LATE_ON_SUNDAY = NOON + 6 * DAY + timedelta(hours=11, minutes=30)
"""23:30 in Kyiv on the last day of the week: 21:30 in UTC."""
ROADS, LIGHTING, HOUSING = "3.8", "2.2", "7.1"


@pytest.fixture
def told(town):
    """A week in the town: what its issues are called says what becomes of them."""
    lng, lat = PLACE
    square = [[lng - 0.01, lat - 0.01], [lng + 0.01, lat - 0.01], [lng + 0.01, lat + 0.01], [lng - 0.01, lat + 0.01]]
    District.objects.create(
        city=town.city,
        name_uk="Центр",
        name_en="Centre",
        outline={"type": "Polygon", "coordinates": [[*square, square[0]]]},
    )
    found = {}
    found["before"] = town.issue(now=NOON - 13 * HOUR)  # Sunday, 23:00 in Kyiv
    found["solved"] = town.issue(categories=[ROADS], now=NOON)
    town.accept(found["solved"], town.roads, NOON + DAY)
    town.finish(found["solved"], town.roads, NOON + 2 * DAY)
    found["late"] = town.issue(categories=[ROADS], now=NOON + MINUTE)
    town.accept(found["late"], town.roads, NOON + 4 * DAY)
    explained = Answer("Немає коштів до літа.", explains=True)
    give_answer(found["late"], explained, actor=town.roads_worker, organisation=town.roads, now=NOON + 4 * DAY)
    found["forgotten"] = town.issue(categories=[LIGHTING], location=None, now=NOON + HOUR)
    send_warning(
        found["forgotten"],
        town.lighting,
        "Строк минув.",
        actor=town.controller,
        organisation=town.control,
        now=NOON + 4 * DAY,
    )
    repeat_message(
        found["forgotten"], town.lighting, "Ще раз.", actor=town.moderator, organisation=town.ngo, now=NOON + 4 * DAY
    )
    found["fresh"] = town.issue(categories=[HOUSING], author=town.neighbour, now=LATE_ON_SUNDAY)
    found["after"] = town.issue(author=town.neighbour, now=LATE_ON_SUNDAY + HOUR)
    return found


def figures(town, period=WEEK):
    return figures_of(town.city, town.ngo, period)


def now_and_before(town, name, period=WEEK):
    return figures(town, period)["totals"][name]


# --- one figure, one definition ------------------------------------------------------------------------------------------


def test_received_are_those_published_within_the_local_days(town, told):
    assert now_and_before(town, "received") == [4, 1]
    assert now_and_before(town, "received", WEEK_AFTER) == [1, 4]


def test_registered_counts_what_was_refused_too_and_the_ground_is_named(town, told):
    town.city.config.hold_everything = True
    town.city.config.save()
    held = town.issue(author=town.neighbour, now=NOON + 3 * DAY)
    refuse(held, ground="obscene", reason="Лайка", actor=town.moderator, organisation=town.ngo, now=NOON + 3 * DAY)
    counted = figures(town)
    assert counted["totals"]["registered"] == [5, 1]
    assert counted["totals"]["received"] == [4, 1]
    assert counted["totals"]["refused"] == [1, 0]
    assert counted["grounds"] == {"refused": {"obscene": [1, 0]}, "taken_down": {}}


def test_accepted_in_time_late_not_yet_and_overdue(town, told):
    kept = figures(town)["terms"]["4.3"][0]
    # `before` and `forgotten` have run out, `fresh` has not.
    assert (kept["in_time"], kept["late"], kept["waiting"], kept["overdue"]) == (1, 1, 3, 2)


def test_an_explanation_meets_4_4_and_is_counted_apart_from_closing(town, told):
    counted = figures(town)
    assert counted["terms"]["4.4"][0]["in_time"] == 2
    assert counted["totals"]["explained"] == [1, 0]
    assert counted["totals"]["closed"] == [1, 0]
    assert counted["totals"]["closed_by_workers"] == [1, 0]


def test_overdue_are_the_issues_with_a_term_that_ran_out_by_the_end_of_the_last_day(town, told):
    assert now_and_before(town, "overdue") == [2, 0]
    # Its 4.3 ends with Thursday; that evening it is not overdue, when the day is over it is.
    until_thursday = Period(date(2026, 3, 2), date(2026, 3, 5))
    until_wednesday = Period(date(2026, 3, 2), date(2026, 3, 4))
    overdue = [figures(town, period)["terms"]["4.3"][0]["overdue"] for period in (until_wednesday, until_thursday)]
    assert overdue == [1, 3]


def test_who_was_reminded_and_who_reminded(town, told):
    counted = figures(town)
    assert counted["totals"]["warnings"] == [1, 0]
    assert counted["totals"]["repeated"] == [1, 0]
    lighting = next(one for one in counted["organisations"] if one["slug"] == "lighting")
    assert (lighting["sent"], lighting["warnings"], lighting["repeated"]) == ([1, 0], [1, 0], [1, 0])
    assert lighting["terms"]["4.3"][0]["overdue"] == 1


def test_reopenings_are_told_apart_by_their_row_of_the_table(town):
    def story(start):
        one, two, three = (town.issue(author=town.neighbour, now=start) for _ in range(3))
        town.close(one, start)
        town.move(one, "T14", town.neighbour, now=start + DAY)
        for issue, transition, actor, organisation in (
            (two, "T9", town.neighbour, None),
            (three, "T10", town.moderator, town.ngo),
        ):
            town.move(town.archive(issue, start), transition, actor, organisation, now=start + 21 * DAY)

    story(NOON)
    march = figures(town, month_of(NOON.date()))["totals"]
    assert [march[name] for name in ("T14", "T9", "T10", "reopened", "T8", "closed")] == [
        [1, 0],
        [1, 0],
        [1, 0],
        [3, 0],
        [2, 0],
        [3, 0],
    ]


def test_flags_returns_withdrawals_and_what_was_taken_down(town, told):
    flag_unsolved(told["solved"], "Яма на місці.", actor=town.neighbour, now=NOON + 3 * DAY)
    return_assignment(
        told["fresh"], "Не наше.", actor=town.housing_worker, organisation=town.housing, now=LATE_ON_SUNDAY + MINUTE
    )
    withdraw(told["before"], actor=town.author, now=NOON + 5 * DAY)
    take_down(
        told["late"], ground="terms", reason="Реклама", actor=town.moderator, organisation=town.ngo, now=NOON + 5 * DAY
    )
    counted = figures(town)
    assert [counted["totals"][name] for name in ("flags", "returned", "withdrawn", "taken_down")] == [[1, 0]] * 4
    assert counted["grounds"]["taken_down"] == {"terms": [1, 0]}
    assert counted["totals"]["received"] == [4, 1], "what was taken down later had been received"
    assert counted["terms"]["4.3"][0]["waiting"] == 1, "cancelled and returned terms wait for nobody"


def test_an_issue_counts_once_in_each_category_and_once_in_the_branch(town):
    town.issue(categories=["2.2", "2.1", "3.8"], now=NOON)
    rows = {one["code"]: one["received"] for one in figures(town)["categories"]}
    assert rows == {"2": [1, 0], "2.1": [1, 0], "2.2": [1, 0], "3": [1, 0], "3.8": [1, 0]}


def test_districts_with_a_row_for_what_lies_in_none(town, told):
    rows = {one["uk"]: (one["received"], one["closed"], one["overdue"]) for one in figures(town)["districts"]}
    assert rows == {"Центр": ([3, 1], [1, 0], [1, 0]), "": ([1, 0], [0, 0], [1, 0])}


def test_a_median_needs_its_number_of_cases_and_counts_overdue_ones_by_their_age(town):
    for number in range(MEDIAN_FROM - 1):
        issue = town.issue(now=NOON + number * MINUTE)
        town.accept(issue, town.roads, NOON + number * MINUTE + DAY)
    assert figures(town)["terms"]["4.3"][0]["median"] == {"days": None, "cases": MEDIAN_FROM - 1, "waiting": 0}
    for number in range(MEDIAN_FROM):
        town.issue(author=town.neighbour, now=NOON + number * MINUTE)
    median = figures(town)["terms"]["4.3"][0]["median"]
    assert (median["cases"], median["waiting"]) == (2 * MEDIAN_FROM - 1, MEDIAN_FROM)
    assert median["days"] == 6.5, "five of nine wait since Monday noon, so the week looks as slow as it was"


def test_days_are_those_of_the_city(town, told):
    days = {day: (received, closed) for day, received, closed in figures(town)["days"]}
    assert len(days) == 7
    assert days["2026-03-02"] == (3, 0)
    assert days["2026-03-04"] == (0, 1)
    assert days["2026-03-08"] == (1, 0)


def test_the_list_holds_numbers_days_and_keys_but_nobodys_words(town, told):
    listed = figures(town)["issues"]
    assert [row[0] for row in listed["rows"]] == sorted(
        told[name].number for name in ("solved", "late", "forgotten", "fresh")
    )
    solved = next(row for row in listed["rows"] if row[0] == told["solved"].number)
    assert solved[1:5] == ["closed", "2026-03-02", "2026-03-03", "2026-03-04"]
    assert solved[8] is False
    assert "Яма" not in str(listed)


# --- as of the end of the period ------------------------------------------------------------------------------------------


def test_what_happens_later_changes_no_figure_of_the_past(town, told):
    before = figures(town)
    later = NOON + 8 * DAY
    town.close(told["forgotten"], later)
    town.accept(told["fresh"], town.housing, later)
    town.move(told["solved"], "T14", town.author, now=later)
    take_down(told["late"], ground="terms", reason="Реклама", actor=town.moderator, organisation=town.ngo, now=later)
    correct_place_or_category(
        told["fresh"],
        actor=town.moderator,
        organisation=town.ngo,
        now=later,
        categories=[Category.objects.get(code="2.2")],
        location=(PLACE[0] + 0.02, PLACE[1]),
    )
    assert figures(town) == before
    assert figures(town, WEEK_AFTER)["totals"]["received"] == [1, 4]


def test_statuses_by_the_events_are_those_of_the_issues(town, told):
    later = NOON + 8 * DAY
    withdraw(told["before"], actor=town.author, now=later)
    take_down(told["late"], ground="terms", reason="Ні", actor=town.moderator, organisation=town.ngo, now=later)
    take_down(told["solved"], ground="terms", reason="Ні", actor=town.moderator, organisation=town.ngo, now=later)
    publish_held(told["solved"], actor=town.moderator, organisation=town.ngo, now=later + MINUTE)
    town.city.config.hold_everything = True
    town.city.config.save()
    withdraw(town.issue(author=town.neighbour, now=later), actor=town.neighbour, now=later)
    [counted] = statuses_at(town.city, [later + HOUR])
    kept = Counter(IssuePage.objects.filter(publication=Publication.PUBLISHED).values_list("status", flat=True))
    assert +counted == kept
    assert not -counted


def test_another_citys_issues_are_not_counted(town, told):
    before = figures(town)
    # The same rows, of a city that is not this one.
    foreign = type(town.city)(title="Інше", slug="other")
    town.city.get_parent().add_child(instance=foreign)
    assert figures_of(foreign, town.ngo, WEEK)["totals"]["received"] == [0, 0]
    assert figures(town) == before


def test_an_empty_period_has_all_figures_and_no_rows(town):
    counted = figures(town)
    assert not any(any(pair) for pair in counted["totals"].values())
    assert counted["organisations"] == []
    assert counted["issues"]["rows"] == []


def test_the_number_of_queries_does_not_grow_with_the_issues(town, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as few:
        figures(town)
    for number in range(12):
        town.close(town.issue(author=town.neighbour, now=NOON + number * MINUTE), NOON + DAY)
    with django_assert_max_num_queries(60) as many:
        figures(town)
    assert len(many) <= len(few) + 12, [one["sql"][:80] for one in many.captured_queries]
    assert Event.objects.count() > 60


# --- periods --------------------------------------------------------------------------------------------------------------


def test_weeks_run_from_monday_and_the_month_before_a_month_is_a_month():
    assert week_of(date(2026, 3, 8)) == WEEK
    assert WEEK.previous() == Period(date(2026, 2, 23), date(2026, 3, 1))
    assert month_of(date(2026, 3, 31)).previous() == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert month_of(date(2024, 3, 1)).previous().days == 29
    assert Period(date(2026, 3, 3), date(2026, 3, 12)).previous() == Period(date(2026, 2, 21), date(2026, 3, 2))


def test_a_period_is_not_reversed_and_a_kind_asks_for_its_own():
    with pytest.raises(ValueError, match="before it begins"):
        Period(date(2026, 3, 2), date(2026, 3, 1))
    assert fits("weekly", WEEK)
    assert not fits("weekly", Period(date(2026, 3, 3), date(2026, 3, 9)))
    assert not fits("monthly", WEEK)
    assert fits("general", Period(date(2026, 3, 3), date(2026, 3, 3)))


def test_days_begin_at_local_midnight_through_both_clock_changes(town):
    zone = town.city.config.zone
    spring, autumn = Period(date(2026, 3, 29), date(2026, 3, 29)), Period(date(2026, 10, 25), date(2026, 10, 25))
    lengths = [end - start for start, end in (one.instants(zone) for one in (spring, autumn))]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


@pytest.mark.parametrize(
    ("today", "latest"),
    [
        (date(2026, 3, 8), {("weekly", date(2026, 2, 23)), ("monthly", date(2026, 2, 1))}),
        (date(2026, 3, 9), {("weekly", date(2026, 3, 2)), ("monthly", date(2026, 2, 1))}),
        (date(2027, 1, 1), {("weekly", date(2026, 12, 21)), ("monthly", date(2026, 12, 1))}),
    ],
)
def test_due_are_the_last_four_weeks_and_two_months_that_are_over(today, latest):
    due = periods_due(today)
    assert Counter(kind for kind, _period in due) == {"weekly": 4, "monthly": 2}
    assert latest == {
        (kind, max(period.first_day for other, period in due if other == kind)) for kind in ("weekly", "monthly")
    }
    assert all(period.is_over(today) for _kind, period in due)
