"""What the map shows of a view: how much, how exactly, and at what cost."""

import json
from datetime import timedelta

import pytest
from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse

from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.actions.correct_issue import withdraw
from opencity_issues.actions.merge_duplicates import merge
from opencity_issues.actions.moderate_issue import refuse, take_down
from opencity_issues.enums import Publication, Status
from opencity_issues.models import CityScheme, District, IssueCategory, IssuePage, MapCell
from opencity_issues.models.map_cell import recount
from opencity_issues.models.place import CELL_ZOOM
from opencity_issues.procedure.moderation import GROUNDS
from opencity_issues.queries import map as map_queries
from opencity_issues.queries.issue_filter import IssueFilter
from opencity_issues.queries.map import AGAIN, OVERDUE, map_data
from opencity_issues.queries.viewport import Viewport
from tests.factories import NOON, PLACE, Town

pytestmark = pytest.mark.django_db

CITY = "25.80,51.31,25.90,51.375"
LATER = NOON + timedelta(days=60)


def data_of(town: Town, query: str = "", bbox: str = CITY, zoom: int = 13, now=NOON):
    filters = IssueFilter(QueryDict(query), city=town.city, now=now)
    assert not filters.errors
    return map_data(town.city, Viewport.parse(bbox), zoom, filters, now)


def scatter(town: Town, columns: int, rows: int, status: str = Status.OPEN) -> None:
    """Many published issues on a lattice over the city, written as rows; the counts are made anew."""
    model = town.issue(location=None)
    first = IssuePage.objects.get(pk=model.pk)
    west, south, east, north = town.city.config.bounds
    category = first.issue_categories.get().category
    children = []
    for position in range(columns * rows):
        column, row = position % columns, position // columns
        issue = IssuePage(
            title=f"Ямка {position}",
            draft_title="",
            slug=f"many-{position}",
            path=f"{town.city.path}Z{position:03d}",
            depth=town.city.depth + 1,
            url_path="/",
            content_type=first.content_type,
            locale=first.locale,
            number=1_000_000 + position,
            city=town.city,
            description="Опис",
            submitted_at=NOON,
            published_at=NOON,
            publication=Publication.PUBLISHED,
            status=status,
        )
        issue.place_at((west + (east - west) * (column + 0.5) / columns, south + (north - south) * (row + 0.5) / rows))
        issue.save(clean=False)
        children.append(IssueCategory(issue=issue, category=category))
    IssueCategory.objects.bulk_create(children)
    recount(town.city)


def test_few_issues_are_shown_one_by_one(town):
    issue = town.issue()
    town.issue(location=None)
    assert data_of(town) == {"total": 1, "clusters": [], "issues": [[issue.number, *PLACE, "open", 0]]}


def test_flags_tell_again_and_overdue(town):
    issue = town.close(town.issue())
    issue = town.move(issue, "T14", town.author, now=NOON + timedelta(days=1))
    assert data_of(town)["issues"][0][3:] == ["open", AGAIN]
    assert data_of(town, now=LATER)["issues"][0][3:] == ["open", AGAIN | OVERDUE]


def test_many_issues_are_counted_in_groups_that_add_up(town, monkeypatch):
    monkeypatch.setattr(map_queries, "SINGLE_AT_MOST", 20)
    scatter(town, 10, 8)
    data = data_of(town)
    assert data["total"] == 80
    assert data["issues"] == []
    assert sum(group[2] for group in data["clusters"]) == 80
    assert all(group[2] == sum(group[3:]) for group in data["clusters"])
    west, south, east, north = town.city.config.bounds
    assert all(west <= lng <= east and south <= lat <= north for lng, lat, *_ in data["clusters"])


def test_kept_counts_and_rows_agree_at_each_zoom(town, monkeypatch):
    monkeypatch.setattr(map_queries, "SINGLE_AT_MOST", 5)
    scatter(town, 6, 5)
    for query in ("", "status=open", "category=3", "organisation=roads", "from=2026-01-01", "q=Ямка", "category=3,2"):
        plain = IssueFilter(QueryDict(query), city=town.city).qs.filter(mx__isnull=False).count()
        for zoom in (0, 11, 13, 16, 17, 19, 22):
            data = data_of(town, query, zoom=zoom)
            shown = sum(group[2] for group in data["clusters"]) + len(data["issues"])
            assert (data["total"], shown) == (plain, plain), (query, zoom)


@pytest.mark.parametrize("looked_up_at_once", [1_000, 1])
def test_groups_show_what_is_overdue_before_and_after_the_worker_records_it(town, monkeypatch, looked_up_at_once):
    """The worker may be away: a term that has run out is overdue from that moment, and counted once."""
    monkeypatch.setattr(map_queries, "SINGLE_AT_MOST", 0)
    monkeypatch.setattr(map_queries, "UNRECORDED_AT_ONCE", looked_up_at_once)
    for person_of_the_town in (town.author, town.neighbour, town.housing_worker):
        town.issue(author=person_of_the_town)
    town.close(town.issue(categories=["2.2"], author=town.controller))

    def overdue(query: str, zoom: int, now=LATER) -> tuple[int, int]:
        data = data_of(town, query, zoom=zoom, now=now)
        return data["total"], sum(group[7] for group in data["clusters"])

    assert overdue("", 13, NOON) == (4, 0)
    # Nothing is recorded; the terms of the first days are, and that of 4.4 is not; all are.
    for recorded in (None, NOON + timedelta(days=7), LATER):
        if recorded:
            record_missed(recorded)
        for zoom in (5, 13, 16, 22):
            assert overdue("", zoom) == (4, 3), (zoom, recorded)
            assert overdue("overdue=1", zoom) == (3, 3), (zoom, recorded)
            assert overdue("overdue=1&organisation=lighting", zoom) == (0, 0), (zoom, recorded)


def test_branch_counts_an_issue_of_two_of_its_categories_once(town, monkeypatch):
    monkeypatch.setattr(map_queries, "SINGLE_AT_MOST", 0)
    town.issue(categories=["3.8", "3.1"])
    assert data_of(town, "category=3")["total"] == 1
    assert data_of(town, "category=3.1,3.8")["total"] == 1
    assert data_of(town, "category=2")["total"] == 0


def test_answer_is_bound_by_the_screen_not_by_the_city(town, monkeypatch):
    monkeypatch.setattr(map_queries, "SINGLE_AT_MOST", 20)
    monkeypatch.setattr(map_queries, "MOST_GROUPS", 50)
    scatter(town, 20, 15)
    for zoom in range(23):
        data = data_of(town, zoom=zoom)
        assert len(data["clusters"]) <= 50, zoom
        assert data["total"] == 300, zoom


def test_largest_answer_is_within_forty_kilobytes():
    singles = [[4_000_000_000, 25.85123, 51.34123, "accepted", 3]] * map_queries.SINGLE_AT_MOST
    groups = [[25.85123, 51.34123, 10_000, 2500, 2500, 2500, 2500]] * map_queries.MOST_GROUPS
    for issues, clusters in ((singles, []), ([], groups)):
        text = json.dumps({"total": 10_000_000, "clusters": clusters, "issues": issues}, separators=(",", ":"))
        assert len(text) <= 40_960
    assert map_queries.SINGLE_AT_MOST + map_queries.MOST_GROUPS <= 2_000


def test_costs_at_most_four_queries(town, django_assert_max_num_queries):
    town.issue()
    for query in ("", "status=open", "category=3", "organisation=roads", "overdue=1"):
        filters = IssueFilter(QueryDict(query), city=town.city)
        with django_assert_max_num_queries(4):
            map_data(town.city, Viewport.parse(CITY), 13, filters, NOON)


# The address


def ask(client, query: str = "", **headers):
    return client.get(f"{reverse('opencity_issues:map_data')}?{query}", headers=headers)


def test_answer_may_be_kept_by_all_for_some_seconds(town, client):
    town.issue()
    answer = ask(client, f"bbox={CITY}&zoom=13")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["total"] == 1
    assert "max-age=10" in answer["Cache-Control"]
    assert "public" in answer["Cache-Control"]
    assert "Cookie" not in answer.get("Vary", "")
    same = ask(client, f"bbox={CITY}&zoom=13", **{"if-none-match": answer["ETag"]})
    assert same.status_code == 304
    town.issue()
    assert ask(client, f"bbox={CITY}&zoom=13", **{"if-none-match": answer["ETag"]}).status_code == 200


def test_own_issues_are_kept_by_nobody_else(town, client):
    town.issue()
    client.force_login(town.author)
    answer = ask(client, f"bbox={CITY}&zoom=13&author=me")
    assert answer.json()["total"] == 1
    assert "private" in answer["Cache-Control"]


def test_without_a_view_the_whole_city_is_meant(town, client):
    town.issue()
    assert ask(client).json()["total"] == 1


BAD = [
    ("bbox=nan,nan,nan,nan&zoom=13", "bbox"),
    ("bbox=26,51,25,52&zoom=13", "bbox"),
    ("bbox=25,51,26,1e9&zoom=13", "bbox"),
    ("bbox=25.8,51.3,25.9&zoom=13", "bbox"),
    (f"bbox={CITY}&zoom=23", "zoom"),
    (f"bbox={CITY}&zoom=-1", "zoom"),
    (f"bbox={CITY}&zoom=13.5", "zoom"),
    (f"bbox={CITY}&zoom=1e3", "zoom"),
    (f"bbox={CITY}&zoom=٣", "zoom"),
    (f"bbox={CITY}&status=held", "status"),
    (f"bbox={CITY}&author=me", "author"),
    (f"bbox={CITY}&q=%00", "q"),
    ("bbox=25.8,51.3,25.9,51.4,9&zoom=13", "bbox"),
]


def test_bad_address_is_answered_with_a_problem(town, client):
    for query, parameter in BAD:
        answer = ask(client, query)
        assert answer.status_code == 400, query
        assert answer["Content-Type"] == "application/problem+json", query
        assert list(answer.json()["errors"]) == [parameter], query


def test_only_reading_is_answered(town, client):
    for method in (client.post, client.put, client.delete):
        assert method(reverse("opencity_issues:map_data")).status_code == 405


# What is not public


def hidden_issues(town: Town) -> list[IssuePage]:
    """One issue in each state that only its author and the staff see."""
    ground = next(iter(GROUNDS))
    held = town.issue(title="held-secret", description="Це сука", now=NOON)
    refused = town.issue(title="refused-secret", description="Це сука", now=NOON)
    refuse(refused, actor=town.moderator, organisation=town.ngo, ground=ground, reason="Причина", now=NOON)
    taken = town.issue(title="taken-secret", now=NOON)
    take_down(taken, actor=town.moderator, organisation=town.ngo, ground=ground, reason="Причина", now=NOON)
    gone = town.issue(title="withdrawn-secret", now=NOON)
    withdraw(gone, actor=town.author, now=NOON)
    main, merged = town.issue(title="main-secret", now=NOON), town.issue(title="merged-secret", now=NOON)
    merge(merged, main, actor=town.moderator, organisation=town.ngo, now=NOON)
    take_down(main, actor=town.moderator, organisation=town.ngo, ground=ground, reason="Причина", now=NOON)
    return [IssuePage.objects.get(pk=one.pk) for one in (held, refused, taken, gone, merged, main)]


PUBLIC_ADDRESSES = [
    "/map/",
    "/map/rows/",
    f"/map/data/?bbox={CITY}&zoom=18",
    f"/map/data/?bbox={CITY}&zoom=13&q=secret",
    "/issues/",
    "/issues/?q=secret",
    "/issues.geojson",
    "/issues.csv",
    "/issues.rss",
    "/statistics/",
]


@pytest.mark.parametrize("visitor", ["nobody", "author", "moderator"])
def test_nothing_hidden_is_on_any_surface(town, client, visitor):
    issues = hidden_issues(town)
    assert {issue.publication for issue in issues} == set(Publication.values) - {Publication.PUBLISHED}
    assert not MapCell.objects.filter(count__gt=0).exists()
    if visitor != "nobody":
        client.force_login(getattr(town, visitor))
    addresses = [*PUBLIC_ADDRESSES, *(["/issues/?author=me", "/map/rows/?author=me"] if visitor != "nobody" else [])]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()
        assert "-secret" not in text, address
        if "data" in address:
            assert answer.json() == {"total": 0, "clusters": [], "issues": []}


# The base map


def test_scheme_is_the_citys_own_or_its_frame(town, client):
    address = reverse("opencity_issues:map_scheme")
    frame = client.get(address)
    assert frame["Content-Type"] == "application/geo+json"
    assert frame.json()["features"][0]["properties"] == {"kind": "outline"}
    CityScheme.objects.create(
        city=town.city, features={"type": "FeatureCollection", "features": [{"type": "Feature", "name": "Ріка"}]}
    )
    scheme = client.get(address, headers={"if-none-match": frame["ETag"]})
    assert scheme.json()["features"][0]["name"] == "Ріка"
    assert "max-age=86400" in scheme["Cache-Control"]
    assert client.get(address, headers={"if-none-match": scheme["ETag"]}).status_code == 304


def test_counts_of_every_issue_are_by_status(town):
    """The kept counts after some life agree with the rows, see test_map_cells.py for any life."""
    town.accept(town.issue(), town.roads)
    town.close(town.issue())
    town.issue(categories=["2.2"])
    kept = dict(MapCell.objects.filter(category_id=0, zoom=CELL_ZOOM, count__gt=0).values_list("status", "count"))
    assert kept == dict(IssuePage.objects.order_by().values_list("status").annotate(Count("number")))


def test_outline_of_a_district_is_told_to_the_map_of_its_city_alone(town, client):
    ring = [[25.85, 51.34], [25.86, 51.34], [25.86, 51.35], [25.85, 51.34]]
    district = District.objects.create(
        city=town.city, name_uk="Центр", outline={"type": "Polygon", "coordinates": [ring]}
    )
    answer = client.get(f"/map/districts/{district.pk}/")
    assert answer.json()["geometry"]["coordinates"] == [ring]
    assert client.get("/map/districts/999/").status_code == 404
    other = town.city.get_parent().add_child(instance=type(town.city)(title="Інше", slug="other"))
    District.objects.filter(pk=district.pk).update(city=other)
    assert client.get(f"/map/districts/{district.pk}/").status_code == 404


def test_district_and_circle_stay_in_the_address_and_can_be_taken_back(town, client):
    ring = [[25.85, 51.34], [25.86, 51.34], [25.86, 51.35], [25.85, 51.35], [25.85, 51.34]]
    district = District.objects.create(
        city=town.city, name_uk="Центр", outline={"type": "Polygon", "coordinates": [ring]}
    )
    town.issue(title="У центрі", location=(25.853, 51.344))
    town.issue(title="За річкою", location=(25.82, 51.33))
    for address in ("/map/", "/issues/"):
        page = client.get(f"{address}?district={district.pk}&near=25.853,51.344,400").content.decode()
        assert "У центрі" in page
        assert "За річкою" not in page
        assert f'<option value="{district.pk}" selected>Центр</option>' in page
        assert f"?district={district.pk}" in page  # without the circle
        assert "?near=25.85300,51.34400,400" in page or "?near=25.853,51.344,400" in page  # without the district
        assert 'name="near" value="25.85300,51.34400,400"' in page


def test_houses_come_apart_from_the_rest_of_the_scheme(town, client):
    street, house = ({"properties": {"kind": kind}, "geometry": None} for kind in ("street", "building"))
    scheme = {"type": "FeatureCollection", "bbox": [1, 2, 3, 4], "features": [street, house]}
    CityScheme.objects.create(city=town.city, features=scheme)
    address = reverse("opencity_issues:map_scheme")
    base, houses = (client.get(address, {"part": part}) for part in ("base", "houses"))
    assert base.json() == {**scheme, "features": [street]}
    assert houses.json()["features"] == [house]
    assert client.get(address, {"part": "x"}).json() == scheme
    assert len({base["ETag"], houses["ETag"], client.get(address)["ETag"]}) == 3
