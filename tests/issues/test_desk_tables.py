"""Lists and histories for a table program: complete, narrowed, harmless, and without citizens' contacts."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from opencity_issues.actions import contribute, work_on_assignment
from opencity_issues.actions.cabinet.write_note import write_note
from opencity_issues.enums import EventKind
from opencity_issues.queries.desk import table as desk_table
from tests.factories import person

pytestmark = pytest.mark.django_db
HOSTILE = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://evil.example")', "звичайний\x07 текст"]


@pytest.fixture
def now():
    return timezone.now()


def table_of(own, /, **query):
    return reverse("opencity_issues:desk_table", args=[own.slug], query=query)


def history_of(organisation, issue, kind="xlsx"):
    return reverse("opencity_issues:desk_history", args=[organisation.slug, issue.number, kind])


def sheet(answer):
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content)).active


def lines(answer):
    return [list(row) for row in sheet(answer).iter_rows(min_row=2, values_only=True)]


def test_any_narrowed_list_is_a_workbook(town, client, now):
    pit = town.accept(town.issue(now=now, title="Яма", address="вул. Садова, 3"), town.roads, now)
    town.issue(categories=["2.2"], now=now, title="Ліхтар")
    client.force_login(town.controller)
    answer = client.get(table_of(town.control, queue="all", organisation="roads"))
    assert answer["Content-Disposition"].startswith('attachment; filename="control-all-')
    assert answer["Cache-Control"] == "no-store, private"
    (row,) = lines(answer)
    head = [cell.value for cell in sheet(answer)[1]]
    assert len(head) == len(row) == len(desk_table.COLUMNS)
    assert row[0] == pit.number
    assert row[1] == "Яма"
    assert row[7] == "вул. Садова, 3"
    assert row[8] == town.roads.name
    assert row[9] == "Майстер дільниці"
    assert row[12].date() == timezone.localdate(now)
    assert len(lines(client.get(table_of(town.control, queue="all")))) == 2


@pytest.mark.parametrize(("who", "queue"), [("roads", "at-work"), ("control", "now"), ("ngo", "all")])
def test_every_cabinet_has_it(town, client, now, who, queue):
    organisation = getattr(town, who)
    town.issue(now=now)
    client.force_login(town.worker_of(organisation))
    assert sheet(client.get(table_of(organisation, queue=queue))).max_column == len(desk_table.COLUMNS)


@pytest.mark.parametrize("queue", ["", "nonsense", "blocked"])
def test_there_is_no_table_of_no_queue(town, client, queue):
    client.force_login(town.moderator)
    assert client.get(table_of(town.ngo, queue=queue)).status_code == 404


@pytest.mark.parametrize("words", HOSTILE)
def test_no_cell_is_a_formula(town, client, now, words):
    issue = town.issue(now=now, title=words.strip() or "х", description=words, address=words)
    town.accept(issue, town.roads, now, executor=words)
    contribute.comment(issue, words, actor=town.neighbour)
    client.force_login(town.controller)
    for address in (table_of(town.control, queue="all"), history_of(town.control, issue)):
        cells = [cell for row in sheet(client.get(address)).iter_rows() for cell in row if isinstance(cell.value, str)]
        assert cells
        assert {cell.data_type for cell in cells} == {"s"}
    content = client.get(history_of(town.control, issue, "csv")).content.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(content)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_no_contacts_of_citizens_leave(town, client, now):
    issue = town.issue(now=now)
    contribute.comment(issue, "Так", actor=town.neighbour)
    client.force_login(town.controller)
    for address in (table_of(town.control, queue="all"), history_of(town.control, issue)):
        told = str(list(sheet(client.get(address)).iter_rows(values_only=True)))
        assert town.author.email not in told
        assert town.neighbour.email not in told
        assert "Сусід" not in told
    assert "Авторка" not in str(lines(client.get(table_of(town.control, queue="all"))))


def test_a_list_has_an_end_and_costs_a_query_a_chunk(town, client, now, monkeypatch, django_assert_max_num_queries):
    for number in range(7):
        town.issue(now=now, author=person(f"p{number}@people.example"))
    monkeypatch.setattr(desk_table, "ROWS_AT_MOST", 5)
    client.force_login(town.controller)
    with django_assert_max_num_queries(14):
        rows = lines(client.get(table_of(town.control, queue="all")))
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), reverse=True)
    assert len(rows) == 5


def test_the_history_says_who_did_what_in_which_role(town, client, now):
    issue = town.accept(town.issue(now=now), town.roads, now)
    work_on_assignment.ask_author(issue, "Де саме?", actor=town.roads_worker, organisation=town.roads)
    client.force_login(town.controller)
    rows = lines(client.get(history_of(town.control, issue)))
    assert [row[0] for row in rows] == list(issue.events.order_by("sequence").values_list("sequence", flat=True))
    by_kind = {row[3]: row for row in rows}
    accepted = by_kind[str(EventKind.ACCEPTED.label)]
    assert accepted[4] == "T2"
    assert accepted[8] == "Працівник roads"
    assert accepted[9] == town.roads.name
    assert by_kind[str(EventKind.QUESTION.label)][11] == "Де саме?"
    assert by_kind[str(EventKind.SUBMITTED.label)][8] == "Ганна Авторка"


def test_internal_notes_stay_with_their_organisation(town, client, now):
    issue = town.issue(now=now)
    write_note(issue, "Лише для своїх", actor=town.roads_worker, organisation=town.roads)
    client.force_login(town.roads_worker)
    assert "Лише для своїх" in str(lines(client.get(history_of(town.roads, issue))))
    client.force_login(town.controller)
    assert "Лише для своїх" not in str(lines(client.get(history_of(town.control, issue))))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_history_is_for_those_who_see_the_desk_view(town, client, now, kind):
    issue = town.issue(now=now)
    allowed = {"roads_worker": town.roads, "controller": town.control, "moderator": town.ngo}
    for who in ("author", "neighbour", "lighting_worker", *allowed):
        client.force_login(getattr(town, who))
        for organisation in (town.roads, town.lighting, town.control, town.ngo):
            expected = 200 if allowed.get(who) == organisation else 403
            if who == "lighting_worker" and organisation == town.lighting:
                expected = 404
            assert client.get(history_of(organisation, issue, kind)).status_code == expected, (who, organisation)
    client.logout()
    assert client.get(history_of(town.control, issue, kind)).status_code == 302
    client.force_login(town.controller)
    assert client.get(history_of(town.control, issue, "pdf")).status_code == 404
