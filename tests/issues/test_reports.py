"""Reports on effectiveness: drafted by schedule exactly once, signed for good, passed to the control body (5.4, 2.9)."""

from datetime import date, datetime, timedelta
from io import BytesIO
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.actions.reports import compile_report
from opencity_issues.actions.reports.compile_report import draft_due
from opencity_issues.actions.reports.report_files import attachments, pdf_of, xlsx_of
from opencity_issues.models import Category, Contribution, Notice, Organisation, Report
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.procedure.report_periods import Period, month_of
from opencity_issues.queries.reports.figures import figures_of
from tests.factories import NOON, Town, person
from tests.pdf_text import words_of

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WEEK = Period(date(2026, 3, 2), date(2026, 3, 8))
MONDAY = NOON + 7 * DAY
MIDNIGHT = datetime.fromisoformat("2026-03-09T00:00:00+02:00")
"""The Monday's first moment in Kyiv."""


@pytest.fixture
def drafted(town):
    """A draft about a week with two issues, one of them solved."""
    town.close(town.issue(now=NOON), NOON + DAY)
    town.issue(author=town.neighbour, categories=["2.2"], now=NOON + HOUR)
    return compile_report.draft(town.ngo, "weekly", WEEK, actor=town.moderator, now=MONDAY)[0]


@pytest.fixture
def signed(town, drafted):
    words = "Дорожня служба впоралася.\nПропонуємо заслухати «Міськсвітло»."
    return compile_report.sign(drafted, "Голова правління, Олена ТКАЧЕНКО", words, actor=town.moderator, now=MONDAY)


def address(report, organisation, name="report_page"):
    return reverse(f"opencity_issues:{name}", args=[organisation.slug, report.pk])


def people(town):
    """Everybody who may try."""
    citizen = person("citizen@people.example")
    operator = person("operator@city.example", is_superuser=True, is_staff=True)
    return {
        "citizen": citizen,
        "author": town.author,
        "neighbour": town.neighbour,
        "assigned": town.roads_worker,
        "foreign": town.housing_worker,
        "control": town.controller,
        "moderator": town.moderator,
        "operator": operator,
        "anonymous": None,
    }


EVERYBODY = ("citizen", "author", "neighbour", "assigned", "foreign", "control", "moderator", "operator", "anonymous")


# --- by schedule ----------------------------------------------------------------------------------------------------------


def test_the_week_is_drafted_once_when_monday_begins_in_the_city(town):
    town.issue(now=NOON)
    assert draft_due(MIDNIGHT - MINUTE) == 0
    assert draft_due(MIDNIGHT) == 1
    assert draft_due(MIDNIGHT) == draft_due(MIDNIGHT + HOUR) == 0
    report = Report.objects.get()
    assert (report.organisation, report.kind, report.first_day, report.last_day) == (
        town.ngo,
        "weekly",
        WEEK.first_day,
        WEEK.last_day,
    )
    assert report.figures["totals"]["received"] == [1, 0]


def test_the_month_is_drafted_on_the_1st(town):
    town.issue(now=NOON)
    assert draft_due(datetime.fromisoformat("2026-03-31T23:59:00+03:00")) == 4
    assert draft_due(datetime.fromisoformat("2026-04-01T00:00:00+03:00")) == 1
    assert Report.objects.get(kind="monthly").first_day == date(2026, 3, 1)


def test_after_days_off_it_catches_up_with_four_weeks_and_two_months_and_no_further(town):
    town.issue(now=NOON)
    later = NOON + 120 * DAY  # Tuesday, 30 June
    assert draft_due(later) == 6
    assert sorted(Report.objects.values_list("kind", "first_day")) == [
        ("monthly", date(2026, 4, 1)),
        ("monthly", date(2026, 5, 1)),
        *[("weekly", date(2026, 6, day)) for day in (1, 8, 15, 22)],
    ]
    assert draft_due(later) == 0


def test_nothing_is_drafted_about_the_time_before_the_first_issue(town):
    assert draft_due(MONDAY) == 0
    town.issue(now=NOON)
    assert draft_due(MONDAY) == 1


def test_a_draft_by_hand_stands_for_the_one_of_the_schedule(town, drafted):
    assert draft_due(MONDAY) == 0
    again, new = compile_report.draft(town.ngo, "weekly", WEEK, actor=town.moderator, now=MONDAY)
    assert (again.pk, new) == (drafted.pk, False)


def test_the_moderator_is_told_of_a_draft_of_the_schedule(town):
    town.issue(now=NOON)
    Notice.objects.all().delete()
    draft_due(MONDAY)
    notice = Notice.objects.get()
    assert (notice.template, notice.recipient, notice.report) == (
        "report_drafted",
        f"organisation:{town.ngo.pk}",
        Report.objects.get(),
    )
    send_waiting(MONDAY + DAY)
    [letter] = mail.outbox
    assert letter.to == ["ngo@city.example"]
    assert letter.subject == "Щотижневий звіт, 2–8 березня 2026 року: чернетка готова"
    assert letter.attachments == []
    assert address(Report.objects.get(), town.ngo) in letter.body


def test_a_moderator_without_the_function_any_more_gets_no_draft(town):
    town.issue(now=NOON)
    Organisation.objects.filter(pk=town.ngo.pk).update(is_moderator=False)
    assert draft_due(MONDAY) == 0


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_make_one_draft_and_one_letter():
    town = Town()
    town.issue(now=NOON)
    start, made = Barrier(4), []

    def work():
        try:
            start.wait(timeout=20)
            made.append(draft_due(MONDAY))
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(made) == [0, 0, 0, 1]
    assert Report.objects.count() == Notice.objects.filter(template="report_drafted").count() == 1


# --- drafts ---------------------------------------------------------------------------------------------------------------


def test_a_period_that_is_not_over_or_no_week_or_month_is_refused_at_its_field(town):
    with pytest.raises(Missing) as refused:
        compile_report.draft(town.ngo, "weekly", WEEK, actor=town.moderator, now=NOON + 6 * DAY)
    assert set(refused.value.fields) == {"last_day"}
    with pytest.raises(Missing) as refused:
        compile_report.draft(
            town.ngo, "weekly", Period(date(2026, 2, 3), date(2026, 2, 9)), actor=town.moderator, now=MONDAY
        )
    assert set(refused.value.fields) == {"first_day"}
    assert not Report.objects.exists()


def test_figures_can_be_counted_anew_and_words_stay(town, drafted):
    town.issue(author=town.neighbour, now=NOON + 2 * DAY)
    counted = compile_report.count_anew(drafted, "Слова", actor=town.moderator, now=MONDAY + HOUR)
    assert counted.figures["totals"]["received"] == [3, 0]
    assert (counted.words, counted.counted_at) == ("Слова", MONDAY + HOUR)


def test_a_draft_that_5_4_asks_for_is_not_discarded_another_one_is(town, drafted):
    with pytest.raises(NotPossible):
        compile_report.discard(drafted, actor=town.moderator, now=MONDAY)
    compile_report.discard(drafted, actor=town.moderator, now=MONDAY + 60 * DAY)
    assert not Report.objects.exists()


# --- signing --------------------------------------------------------------------------------------------------------------


def test_signing_asks_for_the_signer_and_changes_nothing_without(town, drafted):
    with pytest.raises(Missing) as refused:
        compile_report.sign(drafted, "  ", "Слова", actor=town.moderator, now=MONDAY)
    assert set(refused.value.fields) == {"signer"}
    drafted.refresh_from_db()
    assert not drafted.is_frozen
    assert drafted.words == ""


def test_nothing_changes_a_signed_report(town, signed):
    pdf, book, figures = pdf_of(signed), sheets(xlsx_of(signed)), signed.figures
    town.issue(author=town.neighbour, now=NOON + 3 * DAY)
    Organisation.objects.filter(pk=town.ngo.pk).update(name_uk="ГО Перейменована", language="en")
    Organisation.objects.filter(pk=town.roads.pk).update(name_uk="Служба доріг")
    Organisation.objects.filter(pk=town.control.pk).update(name_uk="Новий відділ")
    Category.objects.filter(code="3").update(name_uk="Шляхи")
    config = town.city.config
    config.city_name, config.time_zone = "Нове Місто", "Europe/Lisbon"
    config.save()
    for deed in (
        lambda: compile_report.count_anew(signed, "Інше", actor=town.moderator),
        lambda: compile_report.write_words(signed, "Інше", actor=town.moderator),
        lambda: compile_report.sign(signed, "Інша", "Інше", actor=town.moderator),
        lambda: compile_report.discard(signed, actor=town.moderator, now=MONDAY + 99 * DAY),
    ):
        with pytest.raises(NotPossible):
            deed()
    with pytest.raises(PermissionDenied):
        signed.delete()
    again = Report.objects.get(pk=signed.pk)
    assert (again.figures, again.words) == (figures, signed.words)
    assert pdf_of(again) == pdf
    assert sheets(xlsx_of(again)) == book
    text = words_of(pdf)
    assert "ГО Модератор" in text
    assert "ГО Перейменована" not in text
    assert figures_of(town.city, town.ngo, WEEK) != figures


def test_the_schedule_does_not_draft_a_signed_period_again(town, signed):
    assert draft_due(MONDAY) == 0
    assert Report.objects.count() == 1


# --- passing --------------------------------------------------------------------------------------------------------------


def test_passing_needs_the_signature_and_happens_once(town, drafted):
    with pytest.raises(NotPossible):
        compile_report.pass_on(drafted, actor=town.moderator, now=MONDAY)
    compile_report.sign(drafted, "Голова", actor=town.moderator, now=MONDAY)
    compile_report.pass_on(drafted, actor=town.moderator, now=MONDAY)
    with pytest.raises(NotPossible):
        compile_report.pass_on(drafted, actor=town.moderator, now=MONDAY)
    assert Notice.objects.filter(template="report").count() == 1


def test_the_control_departments_mailbox_gets_the_report_to_print_and_to_count_on(town, signed):
    send_waiting(MONDAY + DAY)
    mail.outbox.clear()
    compile_report.pass_on(signed, actor=town.moderator, now=MONDAY)
    send_waiting(MONDAY + DAY)
    [letter] = mail.outbox
    assert letter.to == ["control-department@city.example"]
    names = [attachment[0] for attachment in letter.attachments]
    assert names == [
        "report-weekly-2026-03-02-2026-03-08.pdf",
        "report-weekly-2026-03-02-2026-03-08.xlsx",
    ]
    assert attachments(signed)[0][1] == letter.attachments[0][1]


def test_the_control_body_sees_a_report_when_it_is_passed_and_confirms_it_once(town, signed, client):
    client.force_login(town.controller)
    page = address(signed, town.control)
    assert client.get(page).status_code == 404
    compile_report.pass_on(signed, actor=town.moderator, now=MONDAY)
    listed = client.get(reverse("opencity_issues:reports", args=["control"]))
    assert [row["is_new"] for row in listed.context["rows"]] == [True]
    assert client.get(page).status_code == 200
    assert client.post(page, {"do": "receive"}).status_code == 302
    assert client.post(page, {"do": "receive"}).status_code == 409
    signed.refresh_from_db()
    assert signed.received_by == town.controller
    listed = client.get(reverse("opencity_issues:reports", args=["control"]))
    assert [row["is_new"] for row in listed.context["rows"]] == [False]


def test_looking_at_a_report_changes_nothing(town, signed, client):
    compile_report.pass_on(signed, actor=town.moderator, now=MONDAY)
    before = Report.objects.values().get()
    client.force_login(town.controller)
    for name in ("report_page", "report_pdf", "report_xlsx"):
        assert client.get(address(signed, town.control, name)).status_code == 200
    assert Report.objects.values().get() == before


# --- the control body's own (2.9) ------------------------------------------------------------------------------------------


def test_the_control_body_makes_general_reports_for_any_period(town):
    town.issue(now=NOON)
    some = Period(date(2026, 2, 20), date(2026, 3, 5))
    report, _new = compile_report.draft(town.control, "general", some, actor=town.controller, now=MONDAY)
    assert report.figures["totals"]["received"] == [1, 0]
    compile_report.sign(report, "Начальник відділу, Іван Контроль", actor=town.controller, now=MONDAY)
    with pytest.raises(NotPossible):
        compile_report.pass_on(report, actor=town.controller, now=MONDAY)
    assert "за період" in words_of(pdf_of(report)) or "for the period" in words_of(pdf_of(report))


def test_each_writes_its_own_kind_alone(town):
    month = month_of(date(2026, 2, 1))
    with pytest.raises(NotPermitted):
        compile_report.draft(town.control, "weekly", WEEK, actor=town.controller, now=MONDAY)
    with pytest.raises(NotPermitted):
        compile_report.draft(town.ngo, "general", month, actor=town.moderator, now=MONDAY)


# --- who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_moderator_writes_signs_and_passes_its_reports(town, drafted, who):
    actor, may = people(town)[who], who == "moderator"
    deeds = (
        lambda: compile_report.draft(town.ngo, "monthly", month_of(date(2026, 2, 1)), actor=actor, now=MONDAY),
        lambda: compile_report.write_words(drafted, "Слова", actor=actor),
        lambda: compile_report.count_anew(drafted, actor=actor, now=MONDAY),
        lambda: compile_report.sign(drafted, "Хтось", actor=actor, now=MONDAY),
        lambda: compile_report.pass_on(drafted, actor=actor, now=MONDAY),
    )
    before = list(Report.objects.values())
    for deed in deeds:
        if may:
            deed()
        else:
            with pytest.raises(NotPermitted):
                deed()
    assert (list(Report.objects.values()) == before) is not may


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_moderator_discards(town, drafted, who):
    actor = people(town)[who]
    if who == "moderator":
        compile_report.discard(drafted, actor=actor, now=MONDAY + 60 * DAY)
    else:
        with pytest.raises(NotPermitted):
            compile_report.discard(drafted, actor=actor, now=MONDAY + 60 * DAY)
    assert Report.objects.exists() is (who != "moderator")


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_control_body_confirms_and_writes_general_reports(town, signed, who):
    actor = people(town)[who]
    compile_report.pass_on(signed, actor=town.moderator, now=MONDAY)
    deeds = (
        lambda: compile_report.take_note(signed, actor=actor, organisation=town.control, now=MONDAY),
        lambda: compile_report.draft(town.control, "general", WEEK, actor=actor, now=MONDAY),
    )
    for deed in deeds:
        if who == "control":
            deed()
        else:
            with pytest.raises(NotPermitted):
                deed()


def test_the_moderator_does_not_confirm_its_own_report(town, signed):
    compile_report.pass_on(signed, actor=town.moderator, now=MONDAY)
    with pytest.raises(NotPermitted):
        compile_report.take_note(signed, actor=town.moderator, organisation=town.ngo, now=MONDAY)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sees_the_moderators_room(town, signed, client, who):
    actor = people(town)[who]
    if actor is not None:
        client.force_login(actor)
    expected = {"moderator": 200, "anonymous": 302}.get(who, 403)
    for name in ("report_page", "report_pdf", "report_xlsx"):
        assert client.get(address(signed, town.ngo, name)).status_code == expected
    assert client.get(reverse("opencity_issues:reports", args=["ngo"])).status_code == expected


def test_other_organisations_have_no_such_room(town, client):
    client.force_login(town.roads_worker)
    room = reverse("opencity_issues:reports", args=["roads"])
    assert client.get(room).status_code == 404
    assert client.post(room, {"kind": "weekly", "first_day": "2026-03-02"}).status_code == 404
    assert room not in client.get(reverse("opencity_issues:members", args=["roads"])).content.decode()


def test_who_left_between_the_page_and_the_deed_signs_nothing(town, drafted):
    town.ngo.memberships.update(left_at=MONDAY)
    with pytest.raises(NotPermitted):
        compile_report.sign(drafted, "Голова", actor=town.moderator, now=MONDAY)


# --- the room -------------------------------------------------------------------------------------------------------------


def test_words_typed_survive_every_error(town, drafted, client):
    client.force_login(town.moderator)
    typed = "Довгі висновки, які шкода втратити."
    answer = client.post(address(drafted, town.ngo), {"do": "sign", "words": typed, "signer": "", "confirmed": "on"})
    assert answer.status_code == 400
    assert typed in answer.content.decode()
    answer = client.post(address(drafted, town.ngo), {"do": "sign", "words": typed, "signer": "Голова"})
    assert answer.status_code == 400
    assert "confirmed" in answer.context["form"].errors
    answer = client.post(address(drafted, town.ngo), {"do": "nonsense", "words": typed})
    assert answer.status_code == 400
    assert typed in answer.content.decode()
    assert not Report.objects.get().is_frozen


def test_the_whole_way_through_the_room(town, client):
    town.issue(now=NOON)
    client.force_login(town.moderator)
    room = reverse("opencity_issues:reports", args=["ngo"])
    page = client.post(room, {"kind": "weekly", "first_day": "2026-03-04"})["Location"]
    assert client.post(room, {"kind": "weekly", "first_day": "2026-03-08"})["Location"] == page
    for given in (
        {"do": "save", "words": "Перші слова"},
        {"do": "count", "words": "Другі слова"},
        {"do": "sign", "words": "Останні слова", "signer": "Голова, Олена", "confirmed": "on"},
        {"do": "pass"},
    ):
        assert client.post(page, given).status_code == 302, given
    report = Report.objects.get()
    assert (report.words, report.signer) == ("Останні слова", "Голова, Олена")
    assert report.passed_at
    assert client.post(page, {"do": "save", "words": "Пізні слова"}).status_code == 409
    shown = client.get(page).content.decode()
    assert "Останні слова" in shown
    assert "<textarea" not in shown


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "weekly", "first_day": "nonsense"}, "first_day"),
        ({"kind": "weekly", "first_day": "2999-01-01"}, "last_day"),
        ({"kind": "general", "first_day": "2026-03-04"}, "kind"),
        ({"first_day": "2026-03-04"}, "kind"),
    ],
)
def test_a_wrong_period_is_told_and_drafts_nothing(town, client, given, field):
    client.force_login(town.moderator)
    answer = client.post(reverse("opencity_issues:reports", args=["ngo"]), given)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors or answer.context["form"].non_field_errors()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"first_day": "2026-03-04"},
        {"first_day": "2026-03-04", "last_day": "2026-03-01"},
        {"first_day": "1999-03-04", "last_day": "2026-03-01"},
    ],
)
def test_a_general_report_needs_both_days_in_order_and_not_too_far_apart(town, client, given):
    client.force_login(town.controller)
    answer = client.post(reverse("opencity_issues:reports", args=["control"]), {"kind": "general", **given})
    assert answer.status_code == 400
    assert "last_day" in answer.context["form"].errors


def test_plots_are_figures_with_names_and_tables_and_no_inline_style(town, drafted, client):
    client.force_login(town.moderator)
    page = client.get(address(drafted, town.ngo)).content.decode()
    assert page.count('<figure class="plot">') == 3
    assert page.count("<title id=") == page.count("<desc id=") == page.count('<details class="plot__table">') == 3
    assert "style=" not in page[page.index("<main") : page.index("</main")]
    assert 'width="0,' not in page, "a drawing's numbers know no language"


def test_the_room_costs_the_same_for_one_report_and_for_fifteen(town, drafted, client, django_assert_max_num_queries):
    client.force_login(town.moderator)
    room = reverse("opencity_issues:reports", args=["ngo"])
    client.get(room)
    with django_assert_max_num_queries(20) as one:
        client.get(room)
    for number in range(1, 15):
        first = WEEK.first_day - number * timedelta(days=7)
        Report.objects.create(
            city=town.city, organisation=town.ngo, kind="weekly", first_day=first, last_day=first + timedelta(days=6)
        )
    with django_assert_max_num_queries(20) as many:
        client.get(room)
    assert len(one) == len(many)
    with django_assert_max_num_queries(20):
        client.get(address(drafted, town.ngo))


# --- the files ------------------------------------------------------------------------------------------------------------


def sheets(book):
    """Every sheet's rows of values and their types."""
    return {
        sheet.title: [[(cell.data_type, cell.value) for cell in row] for row in sheet.iter_rows()]
        for sheet in load_workbook(BytesIO(book))
    }


def test_the_workbook_has_its_sheets_and_figures_are_figures(town, signed):
    read = sheets(xlsx_of(signed))
    assert len(read) == 5
    summary = next(iter(read.values()))
    received = next(row for row in summary if row[1][0] == "n" and row[1][1] == 2)
    assert received[2] == ("n", 0)
    issues = list(read.values())[-2]
    numbers = {row[0][1] for row in issues}
    assert {issue.number for issue in town.city.issues.all()} <= numbers
    published = [row[2] for row in issues if row[0][0] == "n" and row[0][1]]
    assert [(kind, moment.date()) for kind, moment in published] == [("d", date(2026, 3, 2))] * 2


@pytest.mark.parametrize(
    "payload", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://evil.example","x")', "#N/A"]
)
def test_no_text_becomes_a_formula(town, payload):
    town.close(town.issue(now=NOON), NOON + DAY)
    Organisation.objects.filter(pk=town.roads.pk).update(name_uk=payload)
    Category.objects.filter(code="3.8").update(name_uk=payload)
    report, _new = compile_report.draft(town.ngo, "weekly", WEEK, actor=town.moderator, now=MONDAY)
    report = compile_report.sign(report, payload, payload, actor=town.moderator, now=MONDAY)
    cells = [cell for rows in sheets(xlsx_of(report)).values() for row in rows for cell in row]
    assert {kind for kind, _value in cells} <= {"s", "inlineStr", "n", "d"}
    assert payload in [value for _kind, value in cells] or payload.strip() in [value for _kind, value in cells]


def test_the_workbook_has_nobodys_words_and_names(town, signed):
    everything = str(sheets(xlsx_of(signed))) + words_of(pdf_of(signed))
    for private in ("Яма", "небезпечно", "Ганна", "Авторка", "author@people.example"):
        assert private not in everything


def test_the_pdf_says_what_an_official_paper_says(town, signed):
    text = words_of(pdf_of(signed))
    for said in (
        "2–8",
        "2026",
        "ГО Модератор",
        "Відділ контролю",
        "Пропонуємо заслухати «Міськсвітло».",
        "Олена ТКАЧЕНКО",
    ):
        assert said in text
    raw = pdf_of(signed)
    assert b"/Lang" in raw
    assert b"/Title" in raw


def test_the_pdf_is_in_the_language_of_who_writes_it(town):
    town.issue(now=NOON)
    Organisation.objects.filter(pk=town.ngo.pk).update(language="en", name_en="Moderator NGO")
    report, _new = compile_report.draft(
        Organisation.objects.get(pk=town.ngo.pk), "weekly", WEEK, actor=town.moderator, now=MONDAY
    )
    text = words_of(pdf_of(report))
    assert "for the week of 2–8 March 2026" in text
    assert "Moderator NGO" in text


def test_a_draft_says_so_on_paper_and_a_signed_report_does_not(town, drafted):
    Report.objects.update(figures={**drafted.figures, "language": "en"})
    drafted.refresh_from_db()
    assert words_of(pdf_of(drafted)).startswith("DRAFT")
    signed = compile_report.sign(drafted, "Head", actor=town.moderator, now=MONDAY)
    assert "DRAFT" not in words_of(pdf_of(signed))


def test_a_paper_bears_thirty_organisations_long_names_and_long_words(town):
    long = "Комунальне підприємство «" + "Спеціалізоване управління благоустрою та озеленення " * 3 + "»"
    for number in range(30):
        town.organisation(f"body-{number}", f"{long[:190]} {number}")
    issue = town.issue(now=NOON)
    report, _new = compile_report.draft(town.ngo, "weekly", WEEK, actor=town.moderator, now=MONDAY)
    body = report.figures["organisations"][0]
    report.figures["organisations"] = [{**body, "uk": f"{long[:190]} {number}"} for number in range(30)]
    report.words = ("а" * 500 + "\n") * 3 + "слово " * 3000
    text = words_of(pdf_of(report))
    assert all(f"{number}" in text for number in (issue.number, 29) if number != issue.number)
    assert text.count("слово") == 3000


def test_an_empty_period_gives_whole_files(town):
    report, _new = compile_report.draft(town.ngo, "weekly", WEEK, actor=town.moderator, now=MONDAY)
    assert "ГО Модератор" in words_of(pdf_of(report))
    assert len(sheets(xlsx_of(report))) >= 1
    assert Contribution.objects.count() == 0
