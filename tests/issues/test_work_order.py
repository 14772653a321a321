"""The printable work order: what stands on it, for whom, and that nothing on it comes from elsewhere."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation

from opencity_issues import work_order
from opencity_issues.actions.cabinet import executor_links
from opencity_issues.models import CityScheme, ExecutorLink, IssuePage, Media
from opencity_issues.queries.desk.work_orders import ORDERS_AT_MOST, orders
from opencity_issues.queries.executor_links import url_of
from opencity_issues.queries.map_piece import map_piece
from opencity_issues.work_order import draw
from tests.factories import NOON, PLACE, person

LNG, LAT = PLACE
SCHEME = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"kind": "street", "rank": "main", "name": "вул. Київська", "name_en": "Kyivska Street"},
            "geometry": {"type": "LineString", "coordinates": [[LNG - 0.02, LAT + 0.0005], [LNG + 0.02, LAT + 0.0005]]},
        },
        {
            "type": "Feature",
            "properties": {"kind": "street", "rank": "local", "name": "вул. Далека"},
            "geometry": {"type": "LineString", "coordinates": [[LNG + 0.1, LAT], [LNG + 0.2, LAT]]},
        },
        {
            "type": "Feature",
            "properties": {"kind": "building", "use": "houses"},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [
                    [
                        [
                            [LNG - 0.001, LAT],
                            [LNG, LAT],
                            [LNG, LAT - 0.001],
                            [LNG - 0.001, LAT - 0.001],
                            [LNG - 0.001, LAT],
                        ]
                    ]
                ],
            },
        },
        {
            "type": "Feature",
            "properties": {"kind": "landmark", "sort": "school", "name": "Школа"},
            "geometry": {"type": "Point", "coordinates": [LNG - 0.002, LAT - 0.0004]},
        },
    ],
}


@pytest.fixture
def scheme(town):
    return CityScheme.objects.create(city=town.city, features=SCHEME)


@pytest.fixture
def issue(town):
    issue = town.issue(address="вул. Київська, 5")
    town.accept(issue, town.roads, executor="Майстер Іван", executor_email="ivan@works.example")
    return IssuePage.objects.get(pk=issue.pk)


@pytest.fixture
def order(town, issue, scheme):
    return orders(town.roads, [issue.number], NOON)[0]


def pages(pdf):
    return pdf.count(b"/Type /Page\n")


def pdf_of(organisation, *numbers):
    query = "&".join(f"issue={number}" for number in numbers)
    return f"{reverse('opencity_issues:work_orders_pdf', args=[organisation.slug])}?{query}"


# What stands on it


def test_it_says_what_where_by_when_and_by_whom(order, issue):
    assert (order.number, order.title, order.text) == (issue.number, issue.title, issue.description)
    assert (order.address, order.location, order.executor) == ("вул. Київська, 5", PLACE, "Майстер Іван")
    assert order.due.isoformat() == "2026-04-01"
    assert order.categories


def test_its_code_leads_to_the_executors_link_or_to_the_card(town, order, issue):
    assert order.is_private
    assert order.way_in == url_of(ExecutorLink.objects.get())
    executor_links.revoke(issue, actor=town.roads_worker, organisation=town.roads)
    plain = orders(town.roads, [issue.number], NOON)[0]
    assert not plain.is_private
    assert plain.way_in.endswith(f"/issues/{issue.number}/")


def test_hidden_photos_and_those_of_comments_are_not_printed(town, issue):
    Media.objects.create(issue=issue, hidden_at=NOON)
    assert orders(town.roads, [issue.number], NOON)[0].photos == []


def test_the_sheets_stand_in_the_order_asked_for(town, issue):
    other = town.issue(title="Друга")
    found = orders(town.roads, [other.number, issue.number, other.number], NOON)
    assert [one.number for one in found] == [other.number, issue.number]


def test_several_sheets_cost_few_queries_more(town, issue, scheme, django_assert_max_num_queries):
    numbers = [town.issue(title=f"Яма {number}").number for number in range(8)]
    with django_assert_max_num_queries(30):
        assert len(orders(town.roads, numbers, NOON)) == 8


# The drawing


@pytest.mark.parametrize("language", ["uk", "en"])
def test_it_is_a_pdf_of_one_page_with_its_own_letters(order, language):
    with translation.override(language):
        pdf = draw([order])
    assert pdf.startswith(b"%PDF")
    assert pages(pdf) == 1
    assert b"Roboto" in pdf
    assert b"/URI" not in pdf


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ({"text": "Довгий опис. " * 400}, 2),
        ({"location": None, "address": "", "piece": None}, 1),
        ({"photos": [b"no picture at all"]}, 1),
        ({"executor": "", "due": None, "categories": []}, 1),
        ({"title": "Дуже довга назва " * 7}, 1),
    ],
)
def test_nothing_that_is_long_or_missing_spoils_it(order, said, count):
    assert pages(draw([replace(order, **said)])) == count


def test_photos_are_drawn(order):
    from tests.issues.media_samples import photo

    plain, pictured = draw([order]), draw([replace(order, photos=[photo(), photo("PNG")])])
    assert pictured.count(b"/Subtype /Image") == plain.count(b"/Subtype /Image") + 2


def test_each_order_begins_a_page_with_its_own_foot(order, monkeypatch):
    feet = []
    monkeypatch.setattr(work_order._Paper, "footer", lambda paper: feet.append(paper.foot_words))
    with translation.override("en"):
        assert pages(draw([order, replace(order, number=77)])) == 2
    assert [f"No. {number} " in foot for number, foot in zip((order.number, 77), feet, strict=True)] == [True, True]


# The piece of the map


def test_the_piece_is_cut_around_the_place(town, scheme):
    piece = map_piece(town.city, PLACE, width=100, height=50, across=500)
    assert {shape.look for shape in piece.shapes} == {"street-main", "building"}
    assert piece.mark == (50, 25)
    for shape in piece.shapes:
        assert all(-4 <= x <= 104 and -4 <= y <= 54 for part in shape.parts for x, y in part)
    # 0.0005 degrees are 55.7 m north of the place, and a metre is a fifth of a unit.
    street = next(shape for shape in piece.shapes if shape.look == "street-main")
    assert street.parts[0][0][1] == pytest.approx(25 - 55.66 / 5, abs=0.1)


@pytest.mark.parametrize(("language", "name"), [("uk", "вул. Київська"), ("en", "Kyivska Street")])
def test_names_stand_along_their_streets_once(town, scheme, language, name):
    with translation.override(language):
        piece = map_piece(town.city, PLACE, width=100, height=50, across=500)
    assert [label.text for label in piece.labels if not label.is_landmark] == [name]
    assert abs(next(label for label in piece.labels if label.text == name).angle) < 1


def test_a_city_without_a_scheme_has_no_piece(town):
    assert map_piece(town.city, PLACE, width=100, height=50) is None


# Who


def people(town):
    return {
        "citizen": (person("someone@people.example"), 403),
        "author": (town.author, 403),
        "another": (town.lighting_worker, 403),
        "control": (town.controller, 403),
        "moderator": (town.moderator, 403),
        "operator": (person("operator@people.example", is_superuser=True), 403),
        "worker": (town.roads_worker, 200),
    }


@pytest.mark.parametrize("who", ["citizen", "author", "another", "control", "moderator", "operator", "worker"])
@pytest.mark.parametrize("room", ["work_orders", "work_orders_pdf"])
def test_only_members_print(client, town, issue, who, room):
    user, status = people(town)[who]
    client.force_login(user)
    url = f"{reverse(f'opencity_issues:{room}', args=[town.roads.slug])}?issue={issue.number}"
    answer = client.get(url)
    assert answer.status_code == status
    assert "no-store" in answer["Cache-Control"]
    assert client.post(url).status_code in (403, 405)


def test_the_anonymous_go_to_sign_in(client, town, issue):
    assert client.get(pdf_of(town.roads, issue.number)).status_code == 302


def test_another_organisations_issue_is_not_printed(client, town, issue):
    client.force_login(town.lighting_worker)
    assert client.get(pdf_of(town.lighting, issue.number)).status_code == 404
    client.force_login(town.roads_worker)
    answer = client.get(pdf_of(town.roads, issue.number))
    assert answer["Content-Type"] == "application/pdf"
    assert BytesIO(answer.content).read(4) == b"%PDF"


def test_nonsense_in_the_address_gives_no_page(client, town, issue):
    client.force_login(town.roads_worker)
    for asked in ("x", "-1", "99999999999999999999", "0"):
        assert client.get(pdf_of(town.roads, asked)).status_code == 404
    many = [issue.number, *range(100, 100 + ORDERS_AT_MOST * 2)]
    assert client.get(pdf_of(town.roads, *many)).status_code == 200


def test_the_room_lists_what_is_in_work_by_executor(client, town, issue, django_assert_max_num_queries):
    other = town.issue(title="Друга яма")
    town.accept(other, town.roads, executor="Майстриня Оля")
    waiting = town.issue(title="Ще не прийнята")
    client.force_login(town.roads_worker)
    room = reverse("opencity_issues:work_orders", args=[town.roads.slug])
    with django_assert_max_num_queries(20):
        body = client.get(room).content.decode()
    assert issue.title in body
    assert other.title in body
    assert waiting.title not in body
    body = client.get(room, {"executor": "Майстриня Оля"}).content.decode()
    assert other.title in body
    assert f'value="{issue.number}"' not in body
