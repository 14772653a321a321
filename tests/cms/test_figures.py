"""The figures of the home page count what the public sees, of the last seven days and of now."""

from datetime import timedelta

import pytest
import time_machine

from opencity_cms.queries import city_in_figures
from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.procedure.moderation import GROUNDS
from tests.factories import NOON, Town


@pytest.mark.django_db
def test_the_week_in_figures(django_assert_max_num_queries):
    town = Town()
    long_ago = NOON - timedelta(days=30)
    town.close(town.issue(now=long_ago), long_ago)
    town.accept(town.issue(now=long_ago), town.roads)
    town.close(town.issue(location=None, author=town.neighbour))
    town.issue()
    hidden = town.issue(author=town.neighbour)
    take_down(hidden, actor=town.moderator, organisation=town.ngo, ground=next(iter(GROUNDS)), reason="Є", now=NOON)
    with time_machine.travel(NOON + timedelta(days=1), tick=False), django_assert_max_num_queries(3):
        figures = city_in_figures(town.city)
    assert figures == {"solved_this_week": 1, "reported_this_week": 2, "open": 1, "accepted": 1}
