"""GeoJSON, CSV and RSS: the list's issues, described by the one allow-list, harmless to who opens them."""

import csv
import io
import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from opencity_issues.models import GivenAnswer
from opencity_issues.paper.list_xlsx import FORMULA_STARTS
from opencity_issues.queries.public_issue import public_issue
from opencity_issues.views import feeds
from tests.factories import NOON, PLACE, person

pytestmark = pytest.mark.django_db

FEEDS = ("/issues.geojson", "/issues.csv", "/issues.rss")
FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tтекст", "\rтекст"]


def text_of(answer) -> str:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


def test_geojson_holds_what_the_public_knows(town, client):
    issue, nowhere = town.issue(), town.issue(location=None)
    answer = client.get("/issues.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    collection = json.loads(text_of(answer))
    first, second = collection["features"]
    assert (first["id"], first["geometry"]) == (nowhere.number, None)
    assert second["geometry"] == {"type": "Point", "coordinates": list(PLACE)}
    assert set(second["properties"]) == set(public_issue(issue)) - {"location"}
    assert second["properties"]["url"] == f"http://testserver/issues/{issue.number}/"


def test_table_is_read_back_as_it_was_written(town, client):
    issue = town.issue(title='Яма; "глибока", друга', description="Рядок\nдругий")
    text = text_of(client.get("/issues.csv"))
    assert text.startswith("\ufeff")
    head, row = csv.reader(io.StringIO(text[1:]))
    assert len(head) == len(row)
    assert row[:3] == [str(issue.number), 'Яма; "глибока", друга', "Рядок\nдругий"]
    assert "2026-03-02 12:00" in row


def test_answers_to_the_citys_questions_are_in_table_and_map(town, client):
    issue = town.issue()
    for asked, answer in (("Якого розміру?", "велика"), ("Чи можна об’їхати?", "Ні")):
        GivenAnswer.objects.create(issue=issue, asked=asked, answer=answer)
    head, row = csv.reader(io.StringIO(text_of(client.get("/issues.csv"))[1:]))
    assert row[head.index("Відповіді")] == "Якого розміру? велика; Чи можна об’їхати? Ні"
    (feature,) = json.loads(text_of(client.get("/issues.geojson")))["features"]
    assert feature["properties"]["answers"][0] == {"question": "Якого розміру?", "answer": "велика"}


def test_no_cell_begins_as_a_formula(town, client):
    for formula in FORMULAS:
        issue = town.issue(
            title="Назва",
            description="Опис",
            show_author=True,
            author=person(f"{ord(formula[0])}@x.example", name=formula),
        )
        # The form strips blanks; a row of another door might not.
        type(issue).objects.filter(pk=issue.pk).update(title=formula, description=formula)
    rows = list(csv.reader(io.StringIO(text_of(client.get("/issues.csv"))[1:], newline="")))[1:]
    assert len(rows) == len(FORMULAS)
    for row in rows:
        assert not [cell for cell in row if cell.startswith(FORMULA_STARTS)]
        assert row[1] == row[2]


def test_rss_is_xml_whatever_people_wrote(town, client):
    issue = town.issue(
        title="<b>Яма</b> & \x0bінше", description="<script>alert(1)</script>\x00 ]]>".replace("\x00", "")
    )
    answer = client.get("/issues.rss")
    assert answer["Content-Type"].startswith("application/rss+xml")
    item = ET.fromstring(text_of(answer)).find("channel/item")
    assert item.findtext("title").startswith("<b>Яма</b> & інше (")
    assert item.findtext("link") == f"http://testserver/issues/{issue.number}/"
    assert "<script" not in item.findtext("description")


def test_each_feed_has_the_lists_filter(town, client):
    town.issue(title="відкрита")
    town.close(town.issue(title="зроблена"))
    for address in FEEDS:
        text = text_of(client.get(f"{address}?status=closed"))
        assert "зроблена" in text
        assert "відкрита" not in text
        refused = client.get(f"{address}?status=nonsense&from=x")
        assert refused.status_code == 400
        assert refused["Content-Type"] == "application/problem+json"
        assert list(refused.json()["errors"]) == ["status", "from"]


def test_author_is_named_only_where_he_chose_so_and_never_reached(town, client):
    town.issue(author=town.neighbour, show_author=True)
    town.issue(author=town.author, show_author=False)
    for address in FEEDS:
        text = text_of(client.get(address))
        assert "Авторка" not in text
        for someone in (town.author, town.neighbour, town.roads_worker):
            assert someone.email not in text
    assert "Петро Сусід" in text_of(client.get("/issues.csv"))


def test_rest_is_had_by_the_link_to_the_next(town, client, monkeypatch):
    monkeypatch.setattr(feeds, "ISSUES_AT_MOST", 4)
    monkeypatch.setattr(feeds, "CHUNK", 3)
    made = [town.issue(now=NOON + timedelta(days=day)).number for day in range(10)]
    address, found = "/issues.geojson?status=open", []
    while address:
        answer = client.get(address)
        found.append([feature["id"] for feature in json.loads(text_of(answer))["features"]])
        address = answer["Link"].partition(">")[0][1:] if "Link" in answer else ""
    assert [len(page) for page in found] == [4, 4, 2]
    assert [number for page in found for number in page] == made[::-1]
    assert client.get("/issues.csv?before=x").status_code == 400


def test_queries_are_as_many_for_thirty_issues_as_for_one(town, client, django_assert_max_num_queries):
    for day in range(30):
        town.issue(categories=["3.8", "2.2"], now=NOON + timedelta(days=day))
        if day not in (0, 29):
            continue
        for address in FEEDS:
            with django_assert_max_num_queries(14):
                text_of(client.get(address))
