"""The situations an issue can be in, and who may do which transition there: written from the procedure, not from the code.

Each situation is brought about by the real actions. `ALLOWED` is the table of clause 3.2 with 4.6 and 4.7 read situation
by situation; whatever is not named there is refused.
"""

from collections.abc import Callable
from datetime import timedelta

from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.actions.correct_issue import withdraw
from opencity_issues.actions.message_organisation import repeat_message
from opencity_issues.actions.moderate_issue import refuse, take_down
from opencity_issues.actions.work_on_assignment import report_rework_done, return_assignment
from opencity_issues.models import IssuePage
from tests.factories import NOON, Town

Situation = Callable[[Town], IssuePage]
TWO = ("3.8", "2.2.1")
DAY = timedelta(days=1)
NOW = NOON + 10 * DAY
"""When the attempts are made, unless the situation says otherwise in LATER."""


def hold(town: Town) -> IssuePage:
    town.city.config.hold_everything = True
    town.city.config.save()
    return town.issue()


def refused(town: Town) -> IssuePage:
    return refuse(hold(town), ground="obscene", reason="", actor=town.moderator, organisation=town.ngo, now=NOON)


def taken_down(town: Town) -> IssuePage:
    return take_down(town.issue(), ground="terms", reason="", actor=town.moderator, organisation=town.ngo, now=NOON)


def repeated(town: Town) -> IssuePage:
    issue = town.issue()
    repeat_message(issue, town.roads, "Просимо прийняти.", actor=town.moderator, organisation=town.ngo, now=NOON)
    return issue


def returned(town: Town) -> IssuePage:
    issue = town.issue()
    return_assignment(issue, "Не наше.", actor=town.roads_worker, organisation=town.roads, now=NOON)
    return issue


def one_of_two(town: Town) -> IssuePage:
    return town.accept(town.issue(categories=TWO), town.roads)


def one_of_two_done(town: Town) -> IssuePage:
    issue = town.accept(one_of_two(town), town.lighting)
    return town.finish(issue, town.roads)


def one_to_control(town: Town) -> IssuePage:
    issue = town.accept(town.issue(categories=TWO), town.roads, kind="control")
    return town.accept(issue, town.lighting)


def self_organised(town: Town) -> IssuePage:
    return town.move(town.issue(), "T3", town.moderator, town.ngo)


def accepted_by_control(town: Town) -> IssuePage:
    return town.move(repeated(town), "T4", town.controller, town.control)


def archived(town: Town) -> IssuePage:
    issue = town.close(town.issue(), NOON - 15 * DAY)
    archive_due(NOW)
    return IssuePage.objects.get(pk=issue.pk)


def reopened_4_7(town: Town) -> IssuePage:
    return town.move(town.close(town.issue()), "T14", town.author, now=NOON + DAY)


def reopened_4_7_by_moderator(town: Town) -> IssuePage:
    return town.move(town.close(town.issue()), "T14", town.moderator, town.ngo, NOON + DAY)


def reopened_4_7_rework_done(town: Town) -> IssuePage:
    issue = town.accept(reopened_4_7(town), town.roads, NOON + 2 * DAY)
    report_rework_done(issue, "Доопрацьовано.", actor=town.roads_worker, organisation=town.roads, now=NOON + 3 * DAY)
    return issue


def reopened_from_archive(town: Town) -> IssuePage:
    return town.move(archived(town), "T10", town.moderator, town.ngo, NOW)


def returned_by_author(town: Town) -> IssuePage:
    return town.move(archived(town), "T9", town.author, now=NOW)


def repeated_before_reopening(town: Town) -> IssuePage:
    issue = town.close(repeated(town), NOON + DAY)
    return town.move(issue, "T14", town.author, now=NOON + 2 * DAY)


def reopened_4_7_after_archive(town: Town) -> IssuePage:
    """Reopened from the archive first, closed, then reopened by 4.7: the latest reopening counts."""
    issue = town.move(reopened_from_archive(town), "T11", town.roads_worker, town.roads, NOW)
    return town.move(issue, "T14", town.author, now=NOW)


SITUATIONS: dict[str, Situation] = {
    "held": hold,
    "refused": refused,
    "taken down": taken_down,
    "withdrawn": lambda town: withdraw(town.issue(), actor=town.author, now=NOON),
    "open": lambda town: town.issue(),
    "open, with both organisations": lambda town: town.issue(categories=TWO),
    "open, nobody's by the matrix": lambda town: town.issue(categories=["8"]),
    "open, message repeated": repeated,
    "open, returned by the only organisation": returned,
    "accepted": lambda town: town.accept(town.issue(), town.roads),
    "accepted by one of two": one_of_two,
    "one of two done": one_of_two_done,
    "one of two accepted only to control": one_to_control,
    "accepted by self-organisation": self_organised,
    "accepted by the control body": accepted_by_control,
    "closed": lambda town: town.close(town.issue()),
    "closed 20 days ago, not yet archived": lambda town: town.close(town.issue(), NOW - 20 * DAY),
    "closed 20 days ago less a second": lambda town: town.close(town.issue(), NOW - 20 * DAY + timedelta(seconds=1)),
    "archived": archived,
    "archived 20 days ago": lambda town: town.archive(town.issue(), NOW - 40 * DAY),
    "archived 20 days ago less a second": lambda town: town.archive(
        town.issue(), NOW - 40 * DAY + timedelta(seconds=1)
    ),
    "open again by 4.7": reopened_4_7,
    "open again by 4.7, by the moderator": reopened_4_7_by_moderator,
    "open again by 4.7, message repeated before": repeated_before_reopening,
    "accepted again after 4.7": lambda town: town.accept(reopened_4_7(town), town.roads, NOON + 2 * DAY),
    "accepted again after 4.7, rework done": reopened_4_7_rework_done,
    "open again from the archive": reopened_from_archive,
    "accepted again after the archive": lambda town: town.accept(reopened_from_archive(town), town.roads, NOW),
    "returned to work by the author": returned_by_author,
    "open again by 4.7 after the archive": reopened_4_7_after_archive,
}

OPEN = {"T2": {"roads"}, "T3": {"moderator"}}
WHOLE = {"T6": {"control"}, "T7": {"moderator"}}
AGAIN_4_7 = {"T2": {"roads"}, "T3": {"moderator"}, "T12": {"control"}, "T13": {"moderator"}}

ALLOWED: dict[str, dict[str, set[str]]] = {
    "held": {},
    "refused": {},
    "taken down": {},
    "withdrawn": {},
    "open": OPEN,
    "open, with both organisations": {"T2": {"roads", "lighting"}, "T3": {"moderator"}},
    "open, nobody's by the matrix": {"T3": {"moderator"}},
    "open, message repeated": {**OPEN, "T4": {"control"}},
    "open, returned by the only organisation": {"T3": {"moderator"}},
    "accepted": {"T5": {"roads"}, **WHOLE},
    "accepted by one of two": {"T2": {"lighting"}, "T5": {"roads"}, **WHOLE},
    "one of two done": {"T5": {"lighting"}, **WHOLE},
    "one of two accepted only to control": {"T5": {"roads", "lighting"}, **WHOLE},
    "accepted by self-organisation": {"T2": {"roads"}, **WHOLE},
    "accepted by the control body": {"T2": {"roads"}, **WHOLE},
    "closed": {"T14": {"author", "moderator"}},
    "closed 20 days ago, not yet archived": {"T9": {"author"}, "T10": {"moderator"}},
    "closed 20 days ago less a second": {"T14": {"author", "moderator"}},
    "archived": {"T9": {"author"}, "T10": {"moderator"}},
    "archived 20 days ago": {"T10": {"moderator"}},
    "archived 20 days ago less a second": {"T9": {"author"}, "T10": {"moderator"}},
    "open again by 4.7": AGAIN_4_7,
    "open again by 4.7, by the moderator": AGAIN_4_7,
    "open again by 4.7, message repeated before": AGAIN_4_7,
    "accepted again after 4.7": WHOLE,
    "accepted again after 4.7, rework done": WHOLE,
    "open again from the archive": {**AGAIN_4_7, "T11": {"roads"}},
    "accepted again after the archive": {"T5": {"roads"}, **WHOLE},
    "returned to work by the author": {"T5": {"roads"}, **WHOLE},
    "open again by 4.7 after the archive": AGAIN_4_7,
}

PARTY: dict[str, set[str]] = {
    "T2": {"worker"},
    "T3": {"moderator"},
    "T4": {"control"},
    "T5": {"worker"},
    "T6": {"control"},
    "T7": {"moderator"},
    "T9": {"author"},
    "T10": {"moderator"},
    "T11": {"worker"},
    "T12": {"control"},
    "T13": {"moderator"},
    "T14": {"author", "moderator"},
}
"""Column «Хто може виконати?»: whoever is not of the party is told so (403), the party itself that it is not the moment (409)."""
