"""The history of an issue and "what happens now" in plain words, in both languages."""

from datetime import timedelta

import pytest
from django.utils import translation

from opencity_issues.actions import contribute, correct_issue, message_organisation, moderate_issue, route_issue
from opencity_issues.actions import work_on_assignment as work
from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.models import Category, IssuePage
from opencity_issues.queries.card.card import read_card
from opencity_issues.rules import NOBODY, Roles
from tests.factories import NOON

DAY = timedelta(days=1)


def card_of(issue, visitor=None, now=NOON, language="en"):
    """The card as it is now, told in a language."""
    issue = (
        IssuePage.objects.select_related("city__city_settings", "author")
        .prefetch_related("assignments__organisation", "deadlines", "categories")
        .get(pk=issue.pk)
    )
    with translation.override(language):
        return read_card(issue, Roles.of(visitor) if visitor else NOBODY, now)


def titles(issue, visitor=None, **options):
    return [entry.title for entry in card_of(issue, visitor, **options).entries]


def test_the_whole_way_is_told_from_newest_to_oldest(town):
    issue = town.issue()
    town.accept(issue, town.roads, now=NOON + timedelta(hours=1))
    town.finish(issue, town.roads, now=NOON + DAY)
    archive_due(NOON + 22 * DAY)
    told = titles(issue, now=NOON + 22 * DAY)
    assert told == [
        "20 days have passed since closing (cl. 4.6). Status: Archived.",
        "Дорожня служба: the work is done. Status: Closed.",
        "Дорожня служба: the issue was accepted, to solve. Executor: Майстер дільниці. Answer by 1 April (cl. 4.4). Status: Accepted.",
        "Дорожня служба: the issue was sent to the mailbox and the cabinet. To be accepted and an executor named by 5 March"
        " (cl. 4.3), to be answered by 1 April (cl. 4.4).",
        "The issue was published. Status: Open.",
        "The issue was registered in the System.",
    ]


def test_ukrainian_words_have_ukrainian_dates_and_clauses(town):
    issue = town.issue()
    town.accept(issue, town.roads)
    accepted = titles(issue, language="uk")[0]
    assert "Дорожня служба: проблему прийнято" in accepted
    assert "Виконавець: Майстер дільниці." in accepted
    assert "Відповідь до 1 квітня (п. 4.4)." in accepted


def test_organisations_that_got_it_together_share_a_sentence(town):
    issue = town.issue(categories=["3.8", "2.2"])
    sent = [title for title in titles(issue) if "was sent" in title]
    assert len(sent) == 1
    assert sent[0].startswith("Дорожня служба, Міськсвітло:")


def test_every_change_of_status_is_an_entry(town):
    issue = town.close(town.issue())
    town.move(issue, "T14", town.author, now=NOON + DAY)
    statuses = [entry.status for entry in card_of(issue, now=NOON + DAY).entries if entry.status]
    assert statuses == ["open", "closed", "accepted", "open"]


def test_words_of_the_answer_stand_with_it(town):
    issue = town.issue()
    town.accept(issue, town.roads)
    answer = work.Answer("Немає асфальту до весни.", planned_date=(NOON + 40 * DAY).date(), explains=True)
    work.give_answer(issue, answer, actor=town.roads_worker, organisation=town.roads, now=NOON + DAY)
    entry = card_of(issue, now=NOON + DAY).entries[0]
    assert entry.text == "Немає асфальту до весни."
    assert "cannot be solved now (cl. 4.4)" in entry.title
    assert "Planned date: 11 April." in entry.title


def test_only_the_latest_naming_shows_the_executor(town):
    issue = town.issue()
    town.accept(issue, town.roads, executor="Перший")
    work.name_executor(issue, "Другий", actor=town.roads_worker, organisation=town.roads, now=NOON + DAY)
    newest, accepted = card_of(issue, now=NOON + DAY).entries[:2]
    assert "Executor: Другий." in newest.title
    assert "Executor" not in accepted.title


def test_a_return_names_reason_and_next_addressee(town):
    issue = town.issue()
    work.return_assignment(
        issue, "Це двір, не дорога.", actor=town.roads_worker, organisation=town.roads, now=NOON + DAY
    )
    waiting = card_of(issue, now=NOON + DAY)
    assert waiting.entries[0].title.endswith("The control body chooses the next addressee.")
    assert waiting.entries[0].text == "Це двір, не дорога."
    assert waiting.now.sentence == "The control body chooses the organisation that will answer for the issue."
    route_issue.assign(issue, town.housing, actor=town.controller, organisation=town.control, now=NOON + 2 * DAY)
    sent, returned = titles(issue, now=NOON + 2 * DAY)[:2]
    assert returned.endswith("Next addressee: Житлове господарство.")
    assert sent.startswith("The control body sent the issue to: Житлове господарство.")


@pytest.mark.parametrize(
    ("deed", "words"), [("warn", "warned about a missed deadline"), ("repeat", "sent a repeated message")]
)
def test_messages_of_control_are_facts_without_their_text(town, deed, words):
    issue = town.issue()
    if deed == "warn":
        message_organisation.send_warning(
            issue, town.roads, "СЛУЖБОВЕ", actor=town.controller, organisation=town.control, now=NOON + DAY
        )
    else:
        message_organisation.repeat_message(
            issue, town.roads, "СЛУЖБОВЕ", actor=town.moderator, organisation=town.ngo, now=NOON + DAY
        )
    public = card_of(issue).entries[0]
    assert words in public.title
    assert "Дорожня служба" in public.title
    assert public.text == ""
    assert not public.internal
    desk = card_of(issue, town.roads_worker).entries[0]
    assert desk.text == "СЛУЖБОВЕ"
    assert desk.internal


def test_flags_are_facts_whose_words_only_desks_read(town):
    issue = town.close(town.issue())
    contribute.flag_unsolved(issue, "Яма на місці", actor=town.neighbour, now=NOON + DAY)
    assert "still not solved" in card_of(issue).entries[0].title
    assert card_of(issue).entries[0].text == ""
    assert card_of(issue, town.moderator).entries[0].text == "Яма на місці"


def test_comments_in_a_row_are_told_together(town):
    issue = town.issue()
    for number in range(3):
        contribute.comment(issue, f"Слово {number}", actor=town.neighbour, now=NOON + number * timedelta(hours=1))
    entry = card_of(issue).entries[0]
    assert (entry.title, entry.comments) == ("3 comments were written.", 3)
    assert titles(issue, language="uk")[0] == "Додано 3 коментарі."
    contribute.comment(issue, "Ще", actor=town.neighbour, now=NOON + DAY)
    contribute.comment(issue, "І ще", actor=town.neighbour, now=NOON + DAY)
    assert titles(issue, language="uk")[0] == "Додано 5 коментарів."


def corrected(town, issue, now=NOON + timedelta(hours=1), **changes):
    present = correct_issue.Changes.of(IssuePage.objects.get(pk=issue.pk))
    wished = {name: getattr(present, name) for name in ("title", "description", "categories", "location", "address")}
    return correct_issue.correct_own(issue, correct_issue.Changes(**{**wished, **changes}), actor=town.author, now=now)


def test_a_correction_tells_field_before_and_after(town):
    issue = town.issue()
    corrected(town, issue, title="Яма біля школи", categories=[Category.objects.get(code="2.2")])
    entry = next(one for one in card_of(issue).entries if one.kind == "corrected")
    assert entry.title == "The issue was corrected: title, categories."
    changes = {one.part: (one.before, one.after) for one in entry.changes}
    assert changes["title"] == ("Яма біля переходу", "Яма біля школи")
    with translation.override("en"):
        names = tuple(Category.objects.get(code=code).name for code in ("3.8", "2.2"))
    assert changes["categories"] == names


def test_what_was_refused_or_taken_down_is_not_told_to_the_public_afterwards(town):
    issue = town.issue()
    corrected(town, issue, title="Образа у заголовку")
    moderate_issue.take_down(
        issue, ground="obscene", reason="", actor=town.moderator, organisation=town.ngo, now=NOON + DAY
    )
    corrected(town, issue, now=NOON + 2 * DAY, title="Яма")
    moderate_issue.publish_held(issue, actor=town.moderator, organisation=town.ngo, now=NOON + 3 * DAY)
    public = [entry for entry in card_of(issue).entries if entry.kind == "corrected"]
    assert len(public) == 2
    assert not any(entry.changes for entry in public)
    assert all(entry.changes for entry in card_of(issue, town.author).entries if entry.kind == "corrected")


def test_a_ground_is_told_in_words_with_its_clause(town):
    issue = town.issue()
    moderate_issue.take_down(
        issue, ground="terms", reason="", actor=town.moderator, organisation=town.ngo, now=NOON + DAY
    )
    assert "a breach of the published terms of use (cl. 5.1)" in titles(issue, town.author)[0]


def test_hidden_words_are_named_and_gone(town):
    issue = town.issue()
    question = work.ask_author(issue, "ЛАЙКА", actor=town.roads_worker, organisation=town.roads, now=NOON + DAY)
    moderate_issue.hide(question, reason="образа", actor=town.moderator, organisation=town.ngo, now=NOON + 2 * DAY)
    entries = card_of(issue).entries
    assert entries[0].title == "The moderator hid what somebody wrote."
    assert entries[1].hidden
    assert entries[1].text == ""


NOW_SENTENCES = [
    ("open", NOON, "Дорожня служба: to accept the issue and to name an executor by 5 March.", "4.3", False),
    (
        "open",
        NOON + 4 * DAY,
        "Дорожня служба: the issue was to be accepted and an executor named by 5 March. This has not been done yet.",
        "4.3",
        True,
    ),
    ("accepted", NOON + DAY, "Дорожня служба: works on the issue, an answer is due by 1 April.", "4.4", False),
    ("accepted", NOON + 31 * DAY, "Дорожня служба: an answer was due by 1 April. There is none yet.", "4.4", True),
    (
        "closed",
        NOON + DAY,
        "Solved on 2 March. Until 22 March the author or the moderator can open it again; then it goes to the archive.",
        "4.7",
        False,
    ),
    (
        "archived",
        NOON + 21 * DAY,
        "In the archive. If the problem is still there, the author can return it to work until 11 April.",
        "3.2",
        False,
    ),
    (
        "archived",
        NOON + 60 * DAY,
        "Solved and in the archive. Whoever sees that the problem is still there can tell the moderator.",
        "4.6",
        False,
    ),
]


@pytest.mark.parametrize(("state", "now", "sentence", "clause", "late"), NOW_SENTENCES)
def test_what_happens_now(town, state, now, sentence, clause, late):
    issue = town.issue()
    if state == "accepted":
        town.accept(issue, town.roads)
    elif state == "closed":
        town.close(issue)
    elif state == "archived":
        town.archive(issue)
    told = card_of(issue, now=now).now
    assert (told.sentence, told.clause, told.late) == (sentence, clause, late)


def test_what_happens_now_after_4_7_says_who_closes(town):
    issue = town.close(town.issue())
    town.move(issue, "T14", town.author, now=NOON + DAY)
    told = card_of(issue, now=NOON + DAY).now
    assert told.sentence.endswith("so only the moderator or the control body can close it.")


def test_a_planned_date_is_told_while_it_lies_ahead(town):
    issue = town.issue()
    town.accept(issue, town.roads)
    planned = (NOON + 5 * DAY).date()
    work.give_answer(
        issue, work.Answer("Скоро", planned_date=planned), actor=town.roads_worker, organisation=town.roads, now=NOON
    )
    assert "plans to solve the issue by 7 March." in card_of(issue).now.sentence
    assert "an answer is due by" in card_of(issue, now=NOON + 10 * DAY).now.sentence
