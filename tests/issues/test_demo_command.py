"""`opencity_demo`: the same seed gives the same town, a second run adds only what is missing."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from wagtail.models import Site

from opencity_issues.actions.city.set_up_city import set_up_city
from opencity_issues.demo.bulk import make_many
from opencity_issues.demo.load import load_demo
from opencity_issues.demo.material import Material
from opencity_issues.demo.town import load_town
from opencity_issues.models import IssuePage, Notice, Report

NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def portrait():
    """What a load has made, without the numbers and tokens that the database and chance give."""
    return [
        (
            issue.title,
            issue.status,
            issue.publication,
            issue.submitted_at,
            issue.lng,
            issue.author.email,
            list(issue.events.values_list("kind", "at")),
        )
        for issue in IssuePage.objects.order_by("number").select_related("author")
    ]


def test_the_same_seed_gives_the_same_town_and_another_seed_another():
    material, portraits = Material.read(), []
    for seed in (7, 7, 8):
        with transaction.atomic():
            city = set_up_city(Site.objects.get(is_default_site=True))
            load_demo(city, material, 4, seed=seed, now=NOW)
            town = load_town(city, material, NOW)
            make_many(town, 20, seed=seed, now=NOW)
            portraits.append(portrait())
            transaction.set_rollback(True)
    assert portraits[0] == portraits[1] != portraits[2]


def test_a_second_run_adds_nothing_and_says_so_and_a_larger_number_adds_the_rest():
    def run(count):
        said = StringIO()
        call_command("opencity_demo", "--issues", str(count), stdout=said)
        return said.getvalue()

    assert "3 issues" in run(3)
    assert "here already, with 3 issues" in run(3)
    assert IssuePage.objects.count() == 3
    run(10)
    assert IssuePage.objects.count() == 10


def test_an_empty_town_can_be_filled_later():
    """The city's stops and questions come with the issues, of which some were reported before there were any."""
    city, material = set_up_city(Site.objects.get(is_default_site=True)), Material.read()
    load_demo(city, material, 0, seed=1, now=NOW)
    assert not city.category_stops.exists()
    load_demo(city, material, 4, seed=1, now=NOW)
    assert city.category_stops.exists()


def test_the_moderators_reports_are_signed_and_passed_and_the_latest_is_new_to_the_control_body():
    city = set_up_city(Site.objects.get(is_default_site=True))
    for _run in range(2):
        load_demo(city, Material.read(), 4, seed=1, now=NOW)
    weekly = Report.objects.filter(kind="weekly").order_by("-first_day")
    assert [(one.is_frozen, one.passed_at is None, one.received_at is None) for one in weekly] == [
        (True, False, True),
        *[(True, False, False)] * 3,
    ]
    assert weekly[0].first_day == date(2026, 6, 1)
    assert [one.is_frozen for one in Report.objects.filter(kind="monthly")] == [False]
    assert Notice.objects.filter(report__isnull=False, sent_at=None).count() == 1


def test_without_the_towns_data_the_command_says_where_they_are(tmp_path):
    with pytest.raises(CommandError, match="fixtures/"):
        call_command("opencity_demo", "--from", str(tmp_path))
