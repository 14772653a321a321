"""Issues of a former system: with their past, again and again without doubling, and nothing of the past is missed or mailed."""

import csv
import io
import json
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opencity_issues.actions.city.imports.plan import State
from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.actions.keep_statistics import count_waiting
from opencity_issues.actions.past_issues.import_past import import_past
from opencity_issues.actions.past_issues.read_past import read_past_table
from opencity_issues.actions.past_issues.vocabulary import Vocabulary
from opencity_issues.models import Correction, Deadline, Event, IssuePage, Media, Notice
from opencity_issues.queries.verification import issue_differences, map_differences, statistics_differences
from tests.factories import NOON, PLACE, Town
from tests.issues.media_samples import photo

HEAD = ["номер", "заголовок", "опис", "категорія", "статус", "зареєстровано", "прийнято", "закрито"]
HEAD += ["довгота", "широта", "організація", "відповідь"]
ROWS = [
    ["A-1", "Яма", "Стара яма", "Ями на дорогах", "нова", "2025-11-03 10:00", "", "", "25,853", "51,344", "", ""],
    ["A-2", "Ліхтар", "Темно", "2.2", "в роботі", "2025-11-03", "05.11.2025 09:30", "", "", "", "", ""],
    [
        "A-3",
        "Дах",
        "Тече",
        "7",
        "закрита",
        "2025-11-03",
        "2025-11-05",
        "2025-12-01",
        "25.85",
        "51.34",
        "",
        "Полагодили",
    ],
    ["A-4", "Люк", "Відкритий", "8", "Закрита", "2026-02-10", "", "2026-02-25", "25.85", "51.34", "Дорожня служба", ""],
    ["A-5", "Шум", "Гучно", "8", "закрита", "2025-10-01", "", "2025-10-20", "", "", "", ""],
]
WORDS = "вид;чуже;наше\nкатегорія;Ями на дорогах;3.8\nстатус;нова;open\nстатус;В роботі;accepted\n"


def table(rows, head=HEAD):
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([head, *rows])
    return out.getvalue().encode("cp1251")


def bring(town, rows=ROWS, *, content=None, now=NOON, words=WORDS, **options):
    vocabulary = Vocabulary(town.city)
    assert not vocabulary.learn(words.encode()).faults
    read = read_past_table(content if content is not None else table(rows))
    return import_past(town.city, read, source="old", words=vocabulary, now=now, **options)


def agrees():
    count_waiting()
    return [str(one) for kind in (issue_differences, map_differences, statistics_differences) for one in kind()]


def story(external_id):
    events = Event.objects.filter(issue__imported__external_id=external_id).order_by("sequence")
    return [(one.transition, str(one.at.date())) for one in events if one.kind == "status"]


def test_issues_come_with_their_past_and_agree_with_it(town: Town, client):
    assert bring(town, dry_run=True).counts == {State.NEW: 5}
    assert not IssuePage.objects.exists()
    made = bring(town)
    assert [str(fault) for fault in made.faults] == []
    got = {one.imported.external_id: one for one in IssuePage.objects.all()}
    assert [got[f"A-{number}"].status for number in range(1, 6)] == [
        "open",
        "accepted",
        "archived",
        "closed",
        "archived",
    ]
    assert story("A-2") == [("T1", "2025-11-03"), ("T2", "2025-11-05")]
    assert story("A-3") == [("T1", "2025-11-03"), ("T2", "2025-11-05"), ("T5", "2025-12-01"), ("T8", "2025-12-21")]
    assert [one for one, _day in story("A-5")] == ["T1", "T4", "T6", "T8"]
    assert got["A-3"].contributions.get().text == "Полагодили"
    assert got["A-4"].assignments.get().organisation == town.roads
    assert got["A-1"].location == PLACE
    assert agrees() == []
    page = client.get(got["A-3"].get_absolute_url()).content.decode()
    assert "Полагодили" in page
    assert client.get("/issues/").content.decode().count("Яма") >= 1
    # Nothing of the past is mailed or missed; unsolved issues have their terms from the day of the import on.
    record_missed(NOON + timedelta(minutes=5))
    assert not Notice.objects.exists()
    assert not Event.objects.filter(kind="missed").exists()
    clocks = Deadline.objects.running().filter(issue=got["A-1"])
    assert {(one.clause, one.started_at) for one in clocks} == {("4.2", NOON), ("4.3", NOON), ("4.4", NOON)}
    archive_due(NOON + timedelta(days=30))
    assert IssuePage.objects.get(pk=got["A-4"].pk).status == "archived"
    # Whose issue it is goes on as with any other.
    town.accept(got["A-1"], town.roads, now=NOON + timedelta(days=1))
    assert agrees() == []


def test_second_time_changes_nothing_and_what_went_on_there_goes_on_here(town: Town):
    bring(town)
    events = Event.objects.count()
    assert bring(town, now=NOON + timedelta(days=1)).counts == {State.SAME: 5}
    assert Event.objects.count() == events
    first, second, *rest = [list(row) for row in ROWS]
    first[2], first[4], first[6], first[7] = "Дуже стара яма", "закрита", "2026-02-20", "2026-02-28"
    second[1] = "Ліхтар не світить"
    made = bring(town, [first, second, *rest], now=NOON + timedelta(days=2))
    assert made.counts == {State.CHANGED: 2, State.SAME: 3}
    pit = IssuePage.objects.get(imported__external_id="A-1")
    assert (pit.status, pit.description) == ("closed", "Дуже стара яма")
    assert [one for one, _day in story("A-1")] == ["T1", "T2", "T5"]
    assert {one.clause for one in Deadline.objects.running().filter(issue=pit)} == {"4.6", "4.7"}
    assert Correction.objects.get(event__issue=pit).after == "Дуже стара яма"
    assert agrees() == []
    # A person has acted here: the former system has no say any more.
    lamp = IssuePage.objects.get(imported__external_id="A-2")
    town.finish(lamp, town.lighting, now=NOON + timedelta(days=3))
    second[1] = "Ще інакше"
    made = bring(town, [first, second, *rest], now=NOON + timedelta(days=4))
    assert "A-2" in made.notes[-1]
    assert IssuePage.objects.get(pk=lamp.pk).title == "Ліхтар не світить"
    assert not Notice.objects.filter(issue=pit).exists()


def test_faults_are_told_by_line_and_nothing_is_half_imported(town: Town):
    wrong = [
        ["B-1", "Добра", "", "3.8", "open", "2025-01-01", "", "", "", "", "", ""],
        ["B-1", "Двійник", "", "3.8", "open", "2025-01-01", "", "", "", "", "", ""],
        ["B-3", "", "", "Невідома", "дивний", "учора", "", "", "30", "50", "Ніхто", ""],
        ["B-4", "Х", "", "3.8", "closed", "2025-01-01", "", "", "", "", "", ""],
        ["B-5", "Х", "", "3.8", "closed", "2025-01-05", "", "2025-01-01", "", "", "", ""],
        ["", "Х", "", "3.8", "open", "2035-01-05", "", "", "", "", "", ""],
    ]
    made = bring(town, wrong)
    assert {(fault.line, fault.column) for fault in made.faults} == {
        (3, "номер"),
        *((4, column) for column in ("опис", "категорія", "статус", "зареєстровано", "довгота", "організація")),
        (5, "закрито"),
        (6, "прийнято"),
        (7, "номер"),
        (7, "зареєстровано"),
    }
    assert not IssuePage.objects.exists()
    words = Vocabulary(town.city).learn("вид;чуже;наше\nколір;а;б\nстатус;а;зелений\n".encode())
    assert [(fault.line, fault.column) for fault in words.faults] == [(2, "вид"), (3, "наше")]


def test_photos_come_through_the_gate_or_nothing_comes(town: Town, private_media, tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    (folder / "a.jpg").write_bytes(photo())
    (folder / "b.jpg").write_bytes(b"no photo")
    row = ["P-1", "Яма", "", "3.8", "open", "2025-11-03", "", "", "", "", "", ""]

    def with_photos(names):
        return table([[*row, names]], [*HEAD, "фото"])

    for names in ("a.jpg;none.jpg", "a.jpg;../secret", "a.jpg;b.jpg"):
        assert bring(town, content=with_photos(names), photos=folder).faults
        assert not IssuePage.objects.exists()
    assert not bring(town, content=with_photos("a.jpg"), photos=folder).faults
    assert Media.objects.get(issue__imported__external_id="P-1").file_names


def test_a_thousand_issues_cost_a_few_statements_a_batch(town: Town):
    def statements(first, count):
        rows = [
            [
                f"N-{first + number}",
                "Яма",
                "Яма",
                "3.8",
                "закрита",
                "2025-11-03",
                "",
                "2025-11-20",
                "25.85",
                "51.34",
                "",
                "",
            ]
            for number in range(count)
        ]
        with CaptureQueriesContext(connection) as queries:
            assert not bring(town, rows).faults
        return len(queries)

    small = statements(0, 10)
    assert statements(10, 1000) <= small * 8


def test_geojson_and_a_server_of_open311(town: Town, tmp_path):
    features = [
        {
            "id": 7,
            "properties": {"title": "Яма", "category": "3.8", "status": "open", "created_at": "2025-11-03T10:00:00Z"},
            "geometry": {"type": "Point", "coordinates": list(PLACE)},
        }
    ]
    file = tmp_path / "old.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    said = StringIO()
    call_command("opencity_import_issues", file.as_posix(), stdout=said)
    assert "нове: 1" in said.getvalue()
    assert IssuePage.objects.get().location == PLACE

    asked = []
    requests = [
        {
            "service_request_id": f"R{number}",
            "status": "closed" if number else "open",
            "status_notes": "Done",
            "service_name": "Pothole",
            "service_code": "3.8",
            "description": "Hole",
            "requested_datetime": "2025-11-03T10:00:00+02:00",
            "updated_datetime": "2025-11-20T10:00:00+02:00",
            "lat": PLACE[1],
            "long": PLACE[0],
            "media_url": "http://elsewhere.example/x.jpg",
        }
        for number in range(2)
    ]

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            query = parse_qs(urlsplit(self.path).query)
            start, end = (datetime.fromisoformat(query[name][0]) for name in ("start_date", "end_date"))
            asked.append((urlsplit(self.path).path, end - start))
            inside = [one for one in requests if start <= datetime.fromisoformat(one["requested_datetime"]) < end]
            body = json.dumps(inside).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/open311/v2"
    words = tmp_path / "words.csv"
    words.write_text("kind,foreign,ours\ncategory,Pothole,3.8\n")
    try:
        with pytest.raises(CommandError, match="Pothole"):
            call_command("opencity_import_issues", address, "--since", "2025-10-01")
        for counts in ("нове: 2", "без змін: 2"):
            said = StringIO()
            arguments = ("--since", "2025-10-01", "--words", words, "--name", "neighbours")
            call_command("opencity_import_issues", address, *arguments, stdout=said)
            assert counts in said.getvalue()
    finally:
        server.shutdown()
        server.server_close()
    assert {path for path, _span in asked} == {"/open311/v2/requests.json"}
    assert max(span for _path, span in asked) <= timedelta(days=30)
    assert {
        one.imported.external_id: one.status for one in IssuePage.objects.filter(imported__source="neighbours")
    } == {
        "R0": "open",
        "R1": "archived",
    }
    with pytest.raises(CommandError, match="127"):
        call_command("opencity_import_issues", address)
