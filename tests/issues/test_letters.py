"""What letters say, to whom, in which language, and where they lead (2.6, 3.4, 4.3, 4.5)."""

from datetime import date, timedelta
from email import message_from_bytes

import pytest
import time_machine
from django.core import mail

from opencity_issues.actions.cabinet import work_as_executor
from opencity_issues.actions.contribute import comment
from opencity_issues.actions.letters.envelope import one_line
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.actions.message_organisation import repeat_message, send_warning
from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.actions.work_on_assignment import Answer, ask_author, give_answer
from opencity_issues.models import Assignment, Citizen, ExecutorLink, Media, Membership, Notice
from opencity_issues.procedure.letters.letter import Audience
from opencity_issues.procedure.letters.notices import LETTERS
from tests.factories import NOON, person

LATER = NOON + timedelta(hours=1)


def sent_to(address):
    """The one letter that the outbox sends to an address now."""
    mail.outbox.clear()
    send_waiting()
    found = [one for one in mail.outbox if one.to == [address]]
    assert len(found) == 1, [(one.to, one.subject) for one in mail.outbox]
    return found[0]


def everything():
    mail.outbox.clear()
    send_waiting()
    return list(mail.outbox)


def addresses():
    mail.outbox.clear()
    send_waiting()
    return sorted(one.to[0] for one in mail.outbox)


def html_of(message):
    return next(str(content) for content, kind in message.alternatives if kind == "text/html")


@pytest.fixture
def issue(town):
    with time_machine.travel(NOON, tick=False):
        issue = town.issue(address="вул. Шевченка, 14", title="Яма <b>біля</b> переходу")
        yield issue


@pytest.fixture
def quiet(issue):
    """The same with the letters of its registration sent."""
    send_waiting()
    return issue


# --- what they say and where they lead -----------------------------------------------------------------------------------------


def test_an_organisation_reads_the_whole_issue_with_its_deadlines_and_comes_to_its_cabinet(issue):
    letter = sent_to("roads@city.example")
    for said in (
        "Глибока яма, небезпечно.",
        "вул. Шевченка, 14 (51.34400, 25.85300)",
        "Ями на дорогах",
        "Ганна Авторка",
        "Дорожня служба",
        "3 березня 2026",
        "4.2",
        "5 березня 2026",
        "4.3",
        "1 квітня 2026",
        "4.4",
        f"http://localhost/organisations/roads/cabinet/?issue={issue.number}",
        f"http://localhost/issues/{issue.number}/",
    ):
        assert said in letter.body, said
        assert said in html_of(letter), said
    assert "Яма <b>біля</b> переходу" in letter.body
    assert "Яма &lt;b&gt;біля&lt;/b&gt; переходу" in html_of(letter)
    assert letter.subject == f"Нове повідомлення № {issue.number}: Яма <b>біля</b> переходу"


def test_the_control_department_reads_everybodys_deadlines_and_comes_to_its_cabinet(issue):
    letter = sent_to("control-department@city.example")
    assert f"http://localhost/organisations/control/cabinet/?issue={issue.number}" in letter.body
    assert "4.3" in letter.body
    assert "Дорожня служба" in letter.body


def test_the_author_reads_the_deadlines_that_concern_the_answer_and_comes_to_the_card(issue):
    letter = sent_to("author@people.example")
    assert f"http://localhost/issues/{issue.number}/" in letter.body
    assert "cabinet" not in letter.body
    assert "5 березня 2026" in letter.body
    assert "4.2" not in letter.body


def test_a_letter_speaks_its_readers_language(town, issue):
    Citizen.objects.filter(user=town.author).update(language="en")
    town.roads.language, town.roads.name_en = "en", "Road Service"
    town.roads.save()
    send_waiting()
    by_address = {one.to[0]: one for one in mail.outbox}
    author, roads = by_address["author@people.example"], by_address["roads@city.example"]
    assert author.subject.startswith(f"Your issue No. {issue.number} is published")
    assert 'lang="en"' in html_of(author)
    assert "This issue has come to Road Service" in roads.body
    assert "5 March 2026" in roads.body
    assert "Відкрита" in by_address["control-department@city.example"].body


def test_words_and_photos_of_the_event_come_along(town, quiet):
    give_answer(
        quiet,
        Answer("Зробимо.\nЧекайте.", planned_date=date(2026, 3, 20)),
        actor=town.roads_worker,
        organisation=town.roads,
    )
    letter = sent_to("author@people.example")
    assert "Зробимо.\nЧекайте." in letter.body
    assert "20 березня 2026" in letter.body
    assert "Зробимо.<br>Чекайте." in html_of(letter)


def test_photos_come_as_links_those_hidden_or_not_public_do_not(town, quiet):
    shown, hidden = (Media.objects.create(issue=quiet) for _ in range(2))
    Media.objects.filter(pk=hidden.pk).update(hidden_at=NOON)
    ask_author(quiet, "Де саме?", actor=town.roads_worker, organisation=town.roads)
    letter = sent_to("author@people.example")
    for said in (letter.body, html_of(letter)):
        assert f"http://localhost/files/{shown.token}/large/" in said
        assert hidden.token not in said
    take_down(quiet, ground="incorrect", reason="Ні.", actor=town.moderator, organisation=town.ngo)
    assert all(shown.token not in one.body + html_of(one) for one in everything())


def test_a_ground_is_told_to_the_author(town, quiet):
    take_down(quiet, ground="incorrect", reason="Яму вже засипано.", actor=town.moderator, organisation=town.ngo)
    mail.outbox.clear()
    send_waiting()
    author = next(one for one in mail.outbox if one.to == ["author@people.example"])
    assert "Яму вже засипано." in author.body
    assert "/files/" not in author.body  # what is not public has no public address


def test_what_is_not_for_the_public_stays_out_of_citizens_letters(town, quiet):
    send_warning(quiet, town.roads, "Негайно!", actor=town.controller, organisation=town.control)
    assert "author@people.example" not in addresses()


def test_the_authors_name_reaches_offices_and_nobody_else(town, issue):
    comment(issue, "Так.", actor=town.neighbour)
    send_waiting()
    for one in mail.outbox:
        to_citizen = one.to[0].endswith("people.example")
        assert ("Ганна Авторка" in one.body) is not to_citizen, one.subject
        assert "author@people.example" not in one.body + html_of(one)
        assert "neighbour@people.example" not in one.body + html_of(one)


# --- to whom -------------------------------------------------------------------------------------------------------------------


def warn(town, issue, now=LATER):
    with time_machine.travel(now, tick=False):
        send_warning(issue, town.roads, "Термін минув.", actor=town.controller, organisation=town.control, now=now)
        return addresses()


def second_worker(town):
    colleague = person("second.roads@city.example", name="Колега Доріг")
    return town.join(town.roads, colleague)


def test_a_warning_goes_to_the_responsible_worker_and_the_mailbox(town, quiet):
    second_worker(town)
    Assignment.objects.update(worker=town.roads_worker)
    assert warn(town, quiet) == ["roads@city.example", "worker.roads@city.example"]
    letter = next(one for one in mail.outbox if one.to == ["worker.roads@city.example"])
    assert f"/organisations/roads/cabinet/?issue={quiet.number}" in letter.body
    assert "Термін минув." in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers


def test_without_a_named_worker_all_who_are_present_are_warned(town, quiet):
    second_worker(town)
    assert warn(town, quiet) == ["roads@city.example", "second.roads@city.example", "worker.roads@city.example"]


def test_a_former_worker_is_not_warned_but_the_colleagues_are(town, quiet):
    second_worker(town)
    Assignment.objects.update(worker=town.roads_worker)
    Membership.objects.filter(user=town.roads_worker).update(left_at=NOON)
    assert warn(town, quiet) == ["roads@city.example", "second.roads@city.example"]


@pytest.mark.parametrize(
    ("from_day", "until", "warned"),
    [
        (date(2026, 3, 2), None, "second"),
        (date(2026, 3, 1), date(2026, 3, 2), "second"),
        (date(2026, 2, 1), date(2026, 3, 1), "worker"),
        (date(2026, 3, 3), None, "worker"),
    ],
)
def test_the_deputy_is_warned_while_the_worker_is_absent(town, quiet, from_day, until, warned):
    deputy = second_worker(town)
    Assignment.objects.update(worker=town.roads_worker)
    Membership.objects.filter(user=town.roads_worker).update(away_from=from_day, away_until=until, deputy=deputy)
    assert warn(town, quiet) == ["roads@city.example", f"{warned}.roads@city.example"]


def test_absence_is_counted_in_the_citys_day(town, quiet):
    """23:30 in Kyiv is another day than in London."""
    deputy = second_worker(town)
    Assignment.objects.update(worker=town.roads_worker)
    Membership.objects.filter(user=town.roads_worker).update(
        away_from=date(2026, 3, 3), away_until=date(2026, 3, 3), deputy=deputy
    )
    midnight = NOON.replace(hour=22, minute=30)
    assert warn(town, quiet, midnight) == ["roads@city.example", "second.roads@city.example"]


def test_with_nobody_present_the_mailbox_is_warned_once(town, quiet):
    Membership.objects.filter(organisation=town.roads).update(away_from=date(2026, 3, 1))
    assert warn(town, quiet) == ["roads@city.example"]


def test_the_repeated_message_goes_to_the_mailbox_and_to_control(town, quiet):
    repeat_message(quiet, town.roads, "Ще раз.", actor=town.moderator, organisation=town.ngo)
    assert addresses() == ["control-department@city.example", "roads@city.example"]


@pytest.fixture
def executor(town, quiet):
    """The issue accepted, its executor with a private link."""
    town.accept(quiet, town.roads, executor="Іван Майстер", executor_email="master@people.example")
    return ExecutorLink.objects.get()


def test_the_executor_gets_the_private_address_and_nobody_else_does(executor):
    from opencity_issues.queries.executor_links import token_of

    send_waiting()
    carrying = [one for one in mail.outbox if token_of(executor) in one.body + html_of(one)]
    assert [one.to for one in carrying] == [["master@people.example"]]
    letter = carrying[0]
    assert "Глибока яма, небезпечно." in letter.body
    assert "Ганна" not in letter.body
    assert "/cabinet/" not in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers


def test_the_executors_report_reaches_head_organisation_and_control(executor):
    send_waiting()
    work_as_executor.report_done(executor, "Засипано.")
    assert addresses() == ["control-department@city.example", "head.roads@city.example", "roads@city.example"]
    assert all("Засипано." in one.body for one in mail.outbox)
    head = next(one for one in mail.outbox if one.to == ["head.roads@city.example"])
    assert f"http://localhost/issues/{executor.assignment.issue.number}/" in head.body  # a head needs no account
    assert "/cabinet/" not in head.body


def test_a_head_without_an_address_is_left_out(town, executor):
    send_waiting()
    town.roads.head_email = ""
    town.roads.save()
    work_as_executor.report_done(executor, "Засипано.")
    assert addresses() == ["control-department@city.example", "roads@city.example"]


# --- the outside ---------------------------------------------------------------------------------------------------------------


def test_replies_reach_the_support_address_and_the_letter_says_so(issue):
    letter = sent_to("author@people.example")
    assert letter.reply_to == ["support@city.example"]
    assert "support@city.example" in letter.body
    assert "support@city.example" in html_of(letter)


def test_without_a_support_address_the_letter_says_that_nobody_reads_replies(town, issue):
    town.city.config.support_email = ""
    town.city.config.save()
    letter = sent_to("author@people.example")
    assert letter.reply_to == []
    assert "Відповіді на цей лист ніхто не читає" in letter.body or "Nobody reads replies" in letter.body


def test_letters_of_one_issue_make_one_thread_each_with_its_own_id(town, issue):
    ask_author(issue, "Де саме?", actor=town.roads_worker, organisation=town.roads)
    send_waiting()
    threads = {one.extra_headers["References"] for one in mail.outbox}
    assert threads == {f"<issue-{issue.number}@demo.opencity.example>"}
    ids = [one.extra_headers["Message-ID"] for one in mail.outbox]
    assert len(ids) == len(set(ids)) == Notice.objects.count()


def test_only_citizens_letters_can_be_stopped(issue):
    send_waiting()
    for one in mail.outbox:
        to_citizen = one.to[0].endswith("people.example")
        assert ("List-Unsubscribe" in one.extra_headers) is to_citizen
        if to_citizen:
            assert one.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert one.extra_headers["List-Unsubscribe"].strip("<>") in one.body


def test_every_letter_to_an_author_can_be_stopped_and_no_other():
    for letter in LETTERS:
        assert letter.may_be_stopped == (letter.audience == Audience.AUTHOR), letter.template


@pytest.mark.parametrize(
    "evil",
    [
        "Яма\r\nBcc: all@people.example",
        "Яма\nContent-Type: text/html",
        "Яма\r\n\r\n<html>",
        "Яма\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029Bcc: x@y.example",
        "Яма\x01\x08",
        "Яма \u202etxt.exe",
    ],
)
def test_no_words_of_a_citizen_or_an_office_add_a_header(town, issue, evil):
    def names(message):
        return sorted(name for name, _value in message_from_bytes(message.message().as_bytes()).items())

    send_waiting()
    plain = {one.to[0]: names(one) for one in mail.outbox}
    mail.outbox.clear()
    type(issue).objects.filter(pk=issue.pk).update(title=evil)
    town.roads.name_uk = evil
    town.roads.save()
    town.city.config.city_name = evil
    town.city.config.save()
    town.author.first_name = evil
    town.author.save()
    Notice.objects.update(sent_at=None, attempts=0)
    send_waiting()
    assert {one.to[0]: names(one) for one in mail.outbox} == plain
    for one in mail.outbox:
        assert one.subject.isprintable()
        assert one.from_email.isprintable()


def test_a_subject_is_one_line_of_bearable_length():
    assert one_line(" Яма \r\n на\tдорозі ") == "Яма на дорозі"
    assert len(one_line("а" * 1000)) == 200
