"""What the demonstration shows of consultation and of calls is there once, lawful, and small."""

from datetime import UTC, datetime, timedelta

import pytest
from wagtail.models import Site

from opencity_issues.actions.city.set_up_city import set_up_city
from opencity_issues.actions.record_call import awaits_a_call
from opencity_issues.demo.consultation import play_call, play_consultation
from opencity_issues.demo.material import Material
from opencity_issues.demo.town import load_town
from opencity_issues.models import Attendance, Consultation, Instruction, IssuePage, Notice, Seminar
from opencity_issues.queries.consultation import consultation_figures, plans_of
from opencity_issues.queries.verification import issue_differences

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)


@pytest.fixture
def town():
    city = set_up_city(Site.objects.get(is_default_site=True), name="Відкрите")
    return load_town(city, Material.read(), NOW)


def test_one_of_each_is_there_and_a_second_run_adds_nothing(town):
    for _time in range(2):
        play_consultation(town, NOW)
        (plan,) = plans_of(town.organisations["roads"])
        assert (plan.state, plan.measures, plan.done) == ("agreed", 5, 2)
        assert (
            Seminar.objects.filter(starts_at__lt=NOW).count() == Seminar.objects.filter(starts_at__gt=NOW).count() == 1
        )
        assert Attendance.objects.filter(came=True).count() == 4
        assert Consultation.objects.count() == 2
        assert Consultation.objects.filter(answered_at=None).count() == 1
        with Instruction.objects.get().file.open("rb") as file:
            assert file.read(5) == b"%PDF-"
    figures = consultation_figures(town.city, (NOW - timedelta(days=30)).date(), NOW.date())
    assert (figures.asked, figures.answered, figures.seminars, figures.instructions) == (2, 1, 1, 1)


def test_few_letters_of_it_are_still_to_be_sent(town):
    play_consultation(town, NOW)
    play_call(town, NOW)
    waiting = Notice.objects.waiting()
    assert [one.template for one in waiting] == ["consultation_asked"]


def test_the_call_waits_for_its_caller_to_be_told(town):
    play_call(town, NOW)
    issue = IssuePage.objects.get()
    assert issue.by_phone
    assert awaits_a_call(issue)
    assert not list(issue_differences())
    assert max(event.at for event in issue.events.all()) < NOW
