"""The situations that the demonstration shows: each status in each of its moods, one row a situation.

A row says how old its issues are (days since registration), which text they need, how often they come (weight), and
what happened. The first round goes through all rows with citizen@ as the author, so that one account meets them all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from opencity_issues.demo import moderation, work
from opencity_issues.demo.story import Story
from opencity_issues.enums import AcceptanceKind

Play = Callable[[Story], object]


class Situation(NamedTuple):
    """`text`: "one", "many" or "none" organisations by the matrix, "any", "hands" (residents can do it), or a topic of talk.json."""

    name: str
    age: tuple[float, float]
    play: Play
    text: str = "one"
    weight: int = 2


# --- open --------------------------------------------------------------------------------------------------------------


def untouched(s: Story) -> None:
    """Published and sent; nobody has looked yet, and with time it becomes overdue."""
    s.submit()


def placeless(s: Story) -> None:
    """The author gave no place (2.6)."""
    s.submit(placed=False)


def seen(s: Story) -> None:
    s.submit().after(0.2).see()


def head_informed(s: Story) -> None:
    s.submit().after(0.3).see().inform_head()


def warned(s: Story) -> None:
    """Not accepted in three working days: warning and repeated message, so that T4 is open (4.3)."""
    s.submit().after(5.5).warn().repeat()
    s.later(2).comment()


def unrouted_assigned(s: Story) -> None:
    s.submit().after(0.5).assign("property")


def returned(s: Story) -> None:
    """The only organisation gave it back: it waits on the control body's desk."""
    s.submit().after(0.4).see().after(1.2).give_back()


def sent_on(s: Story) -> None:
    s.submit().after(0.8).give_back().after(1.6).assign("property" if _first(s) != "property" else "cleaning")


def asked_unanswered(s: Story) -> None:
    s.submit().after(0.4).see().after(0.8).ask()


def corrected(s: Story) -> None:
    s.submit().after(0.3).correct()


# --- accepted ------------------------------------------------------------------------------------------------------------


def in_work(s: Story) -> None:
    s.submit().after(0.4).see().inform_head().after(1.3).accept()
    _talk(s)


def planned(s: Story) -> None:
    s.submit().after(1).accept().after(2).plan(s.random.randint(20, 40))
    _talk(s)


def explained(s: Story) -> None:
    """Answered with justified reasons: accepted still, and counted apart (4.4)."""
    s.submit().after(1).accept().after(6).explain()
    s.later(2).comment()


def answer_overdue(s: Story) -> None:
    """Accepted, and nothing said for thirty days (4.4)."""
    s.submit().after(2).accept()
    s.after(20).comment()
    s.after(34).warn().repeat()


def question_waits(s: Story) -> None:
    s.submit().after(1).accept().after(1.6).ask()


def question_answered(s: Story) -> None:
    s.submit().after(1).accept().after(1.6).ask().after(2.2).reply()


def one_of_two_accepted(s: Story) -> None:
    s.submit().after(1).accept(of=s.organisations()[:1])


def one_of_two_done(s: Story) -> None:
    s.submit().after(1.2).accept().after(5).finish(of=s.organisations()[:1])


def accepted_to_control(s: Story) -> None:
    s.submit().after(1)
    s.accept(of=s.organisations()[:1]).accept(kind=AcceptanceKind.CONTROL)


def self_organised(s: Story) -> None:
    """T3: the yard does it itself, and meets soon."""
    s.submit().ago(2.5).gather(_days(s, 5, 12)).ago(1.2).moderator("T3", "self_organisation")
    s.later(1).comment()


def gathered(s: Story) -> None:
    """A meeting that the moderator has not seen yet."""
    s.submit().ago(0.4).gather(_days(s, 4, 9))


def done_by_neighbours(s: Story) -> None:
    """The meeting is over and its result told: T7 waits for the moderator."""
    s.submit().after(0.7).gather(3).after(1.5).moderator("T3", "self_organisation").ago(0.6).tell_result()


def taken_by_control(s: Story) -> None:
    """T4 after the moderator's repeated message."""
    s.submit().after(5.5).warn().repeat().after(6.5).control("T4")


def accepted_then_returned(s: Story) -> None:
    s.submit().after(1).accept().after(3).give_back()


def named(s: Story) -> None:
    """A resident's photo hidden by the moderator, the rest stays."""
    s.submit().after(1).accept()
    words = s.after(1.5).comment(pictured=bool(s.text.scene))
    for photo in words.media.all():
        s.hide(photo, "На фото видно номер чужого автомобіля.")


def comment_hidden(s: Story) -> None:
    s.submit().after(1).accept()
    s.hide(s.after(2).comment(), "Коментар не стосується проблеми.")


# --- closed --------------------------------------------------------------------------------------------------------------


def closed(s: Story) -> None:
    s.submit().after(0.5).see().after(1.4).accept()
    _talk(s)
    s.ago(_days(s, 0.5, 15)).finish()
    if s.random.random() < 0.4:
        s.later(2).comment("thanks")


def closed_by_control(s: Story) -> None:
    s.submit().after(1).accept().after(3).plan(14).ago(_days(s, 2, 12)).control("T6")


def closed_by_moderator(s: Story) -> None:
    s.submit().after(1).accept().after(3).plan(14).ago(_days(s, 2, 12)).moderator("T7", "closed_by_moderator")


def closed_by_neighbours(s: Story) -> None:
    s.submit().after(0.6).gather(4).after(1.4).moderator("T3", "self_organisation").ago(_days(s, 2, 9)).tell_result()
    s.later(2).moderator("T7", "closed_by_self_organisation")
    s.later(1.5).comment("thanks")


def closed_flagged(s: Story) -> None:
    """Closed, and a neighbour says it is not solved."""
    s.submit().after(1).accept().ago(9).finish().ago(3).flag()


def closed_nearly_archived(s: Story) -> None:
    """The last days of 4.7."""
    s.submit().after(2).accept().ago(19.3).finish()


def closed_after_rework(s: Story) -> None:
    """T14, reworked, closed by the control body (T12)."""
    s.submit().after(1).accept().ago(12).finish().ago(10).author_reopens("T14").ago(7).report_rework()
    s.ago(5).control("T12")


def closed_after_check(s: Story) -> None:
    """T14, accepted again, reworked, closed by the moderator whole."""
    s.submit().after(1).accept().ago(13).finish().ago(11).moderator("T14", "moderator_reopens").ago(9).report_rework()
    s.ago(4).moderator("T13", "closed_by_moderator")


# --- again ---------------------------------------------------------------------------------------------------------------


def reopened_by_author(s: Story) -> None:
    s.submit().after(1.5).accept().ago(6).finish().ago(0.8).author_reopens("T14")


def reopened_by_moderator(s: Story) -> None:
    s.submit().after(1.5).accept().ago(9).finish().ago(4).flag().ago(1.5).moderator("T14", "moderator_reopens")


def reopened_accepted(s: Story) -> None:
    """Accepted after T14: in work, but not for the responsible worker to close (4.7)."""
    s.submit().after(1).accept().ago(12).finish().ago(8).author_reopens("T14").ago(6.5).accept()


def rework_reported(s: Story) -> None:
    """The rework waits for moderator or control body."""
    s.submit().after(1).accept().ago(11).finish().ago(9).author_reopens("T14").ago(2).report_rework()


def back_from_archive(s: Story) -> None:
    """T9 by the author."""
    s.submit().after(1).accept().ago(30).finish().archive().ago(2).author_reopens("T9")


def back_and_closed(s: Story) -> None:
    s.submit().after(1).accept().ago(33).finish().archive().ago(11).author_reopens("T9").ago(4).finish()


def opened_from_archive(s: Story) -> None:
    """T10 by the moderator; the responsible worker may close it (T11)."""
    s.submit().after(1).accept().ago(37).finish().archive().ago(6).flag().ago(3).moderator("T10", "archive_reopens")


def opened_and_closed(s: Story) -> None:
    """T10 and T11."""
    s.submit().after(1).accept().ago(38).finish().archive().ago(12).moderator("T10", "archive_reopens")
    s.ago(5).finish("T11")


# --- archived ------------------------------------------------------------------------------------------------------------


def archived_in_window(s: Story) -> None:
    """Archived, and the author may still return it (T9)."""
    s.submit().after(1.2).accept().ago(_days(s, 24, 35)).finish().archive()


def archived_long_ago(s: Story) -> None:
    """Archived more than twenty days ago: only the moderator can open it (T10)."""
    s.submit().after(1.2).accept()
    _talk(s)
    s.ago(_days(s, 44, 52)).finish()
    if s.random.random() < 0.5:
        s.later(2).comment("thanks")
    s.archive()


def archived_flagged(s: Story) -> None:
    s.submit().after(1.2).accept().ago(46).finish().archive().ago(5).flag()


# --- publication -----------------------------------------------------------------------------------------------------------


def refused(s: Story) -> None:
    s.submit(pictured=False).after(0.5).refuse()


def sent_again(s: Story) -> None:
    """Refused, corrected by its author, and before the moderator again."""
    s.submit(pictured=False).after(0.5).refuse().after(1).correct(s.random.choice(s.town.material.talk["corrected"]))


def published_after_correction(s: Story) -> None:
    sent_again(s)
    s.after(1.6).publish().after(3).accept()


def published_after_hold(s: Story) -> None:
    """Held by a word, read, and published: rude, but about a real problem."""
    s.submit().after(0.6).publish().after(2).accept()


def taken_down(s: Story) -> None:
    s.submit(pictured=False).after(0.7).take_down()


def put_back(s: Story) -> None:
    s.submit().after(1).take_down("terms", s.random.choice(s.town.material.talk["taken_down"])).after(2.5).publish()


def withdrawn(s: Story) -> None:
    s.submit().after(0.6).withdraw()


def _days(s: Story, low: float, high: float) -> float:
    return s.random.uniform(low, high)


def _first(s: Story) -> str:
    organisations = s.town.receivers(s.text)
    return organisations[0].slug if organisations else ""


def _talk(s: Story) -> None:
    """Some neighbours join in."""
    for _ in range(s.random.choice((0, 0, 1, 1, 2, 3))):
        s.later(4).comment(pictured=s.random.random() < 0.2)


# fmt: off
SITUATIONS = (
    Situation("open", (0.05, 0.4), untouched, weight=7),
    Situation("in work", (3, 24), in_work, "any", weight=20),
    Situation("closed", (18, 40), closed, "any", weight=26),
    Situation("archived, may be returned", (40, 55), archived_in_window, "any", weight=12),
    Situation("archived long ago", (56, 75), archived_long_ago, "any", weight=18),
    Situation("overdue", (7, 13), untouched, weight=5),
    Situation("reopened by its author", (12, 30), reopened_by_author),
    Situation("reopened by the moderator", (14, 30), reopened_by_moderator),
    Situation("returned from the archive", (36, 50), back_from_archive),
    Situation("opened from the archive", (42, 60), opened_from_archive),
    Situation("held", (0.1, 1.2), untouched, "held", weight=3),
    Situation("refused", (3, 40), refused, "refused", weight=3),
    Situation("taken down", (4, 40), taken_down, "off_topic", weight=1),
    Situation("withdrawn", (3, 40), withdrawn, weight=1),
    Situation("unrouted", (0.3, 5), untouched, "none", weight=2),
    Situation("returned by its organisation", (2.2, 6), returned),
    Situation("explained, not solved", (10, 50), explained, weight=5),
    Situation("answer overdue", (40, 60), answer_overdue, weight=3),
    Situation("warned", (8, 13), warned, weight=3),
    Situation("seen", (0.6, 1.4), seen, weight=4),
    Situation("head informed", (0.9, 2), head_informed, weight=4),
    Situation("without a place", (0.4, 2), placeless),
    Situation("sent to two", (0.2, 1.5), untouched, "many", weight=3),
    Situation("question in the open", (1.2, 3), asked_unanswered),
    Situation("corrected", (0.6, 2), corrected),
    Situation("sent on by the control body", (2.4, 4), sent_on),
    Situation("assigned by hand", (1.4, 3), unrouted_assigned, "none", weight=1),
    Situation("planned", (5, 20), planned, weight=7),
    Situation("executor has a link", (4, 14), work.link_given, weight=2),
    Situation("executor reported", (5, 14), work.executor_reported, weight=2),
    Situation("executor's report sent back", (6, 14), work.sent_back, weight=1),
    Situation("question waits", (3, 9), question_waits),
    Situation("question answered", (4, 12), question_answered, weight=3),
    Situation("accepted by one of two", (2, 3.5), one_of_two_accepted, "many", weight=3),
    Situation("done by one of two", (9, 22), one_of_two_done, "many", weight=4),
    Situation("accepted to control", (4, 15), accepted_to_control, "many", weight=1),
    Situation("self-organised", (4, 20), self_organised, "hands", weight=2),
    Situation("neighbours gather", (2, 6), gathered, "hands", weight=1),
    Situation("done by the neighbours", (6, 9), done_by_neighbours, "hands", weight=1),
    Situation("taken by the control body", (11, 16), taken_by_control),
    Situation("accepted and returned", (6, 15), accepted_then_returned, weight=1),
    Situation("photo hidden", (5, 20), named, weight=1),
    Situation("comment hidden", (5, 20), comment_hidden, weight=1),
    Situation("closed by the control body", (18, 40), closed_by_control, weight=3),
    Situation("closed by the moderator", (18, 40), closed_by_moderator),
    Situation("closed by the neighbours", (14, 30), closed_by_neighbours, "hands"),
    Situation("closed, flagged as not solved", (14, 30), closed_flagged),
    Situation("closed, nearly archived", (24, 36), closed_nearly_archived),
    Situation("closed by all of two", (18, 40), closed, "many", weight=5),
    Situation("closed after rework", (20, 40), closed_after_rework),
    Situation("closed after a check", (20, 40), closed_after_check),
    Situation("reopened and accepted", (18, 35), reopened_accepted),
    Situation("rework reported", (18, 35), rework_reported, weight=3),
    Situation("returned and closed", (40, 60), back_and_closed),
    Situation("opened and closed", (44, 60), opened_and_closed),
    Situation("archived, flagged as not solved", (54, 70), archived_flagged),
    Situation("refused and sent again", (2, 4), sent_again, "refused", weight=1),
    Situation("published after correction", (7, 20), published_after_correction, "refused", weight=1),
    Situation("published after being held", (6, 20), published_after_hold, "held", weight=1),
    Situation("put back", (6, 20), put_back, weight=1),
    Situation("merged", (0.8, 3), moderation.merged, weight=1),
    Situation("reported again", (0.2, 1.5), moderation.reported_again, weight=1),
    Situation("complained of", (3, 8), moderation.complained, weight=1),
    Situation("complaint answered", (4, 12), moderation.complaint_answered, weight=1),
    Situation("closed and looked at", (14, 30), moderation.closed_and_looked_at),
    Situation("found not solved", (14, 30), moderation.found_not_solved, weight=1),
)
# fmt: on
