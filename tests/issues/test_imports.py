"""Tables of a new city: read in every encoding in use, faults by line and column, all of a file or nothing of it."""

import csv
import io
import json
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import Workbook

from opencity_issues.actions.city.imports.plan import State
from opencity_issues.actions.city.imports.run import KINDS, run_import
from opencity_issues.models import Category, CityScheme, District, IssuePage, Membership, Organisation
from opencity_issues.tables.read_table import Column, read_table
from tests.factories import PLACE, Town, person

COLUMNS = (Column("code", ("код",), required=True), Column("name", ("назва",)))
WORDS = [["Код", "Назва", "Примітка"], ["1", "Їжак; і „вулик“, так", "а"], [], ["2.10", "Ні", ""]]


def as_csv(rows, sign=";"):
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(rows)
    return out.getvalue()


def as_xlsx(rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def faults(kind, city, content, **options):
    content = content.encode() if isinstance(content, str) else content
    return [(fault.line, fault.column) for fault in run_import(kind, city, content, **options).faults]


# --- one reader -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", ""), ("utf-8-sig", ""), ("cp1251", "Windows-1251"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16")],
)
def test_table_is_read_as_spreadsheets_save_it_here(encoding, told, sign):
    table = read_table(as_csv(WORDS, sign).encode(encoding), COLUMNS)
    assert not table.faults
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, {"code": "1", "name": "Їжак; і „вулик“, так"}),
        (4, {"code": "2.10", "name": "Ні"}),
    ]
    assert [told in note for note in table.notes[:-1]] == [True] * bool(told)
    assert "Примітка" in table.notes[-1]


def test_workbook_is_read_with_its_numbers_as_people_see_them():
    book = Workbook()
    for row in (["код", "назва"], [3, "Дороги"], [None, None], [2.1, "Двори"]):
        book.active.append(row)
    book.active["A4"].number_format = "0.00"
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue(), COLUMNS)
    assert [(row.line, row.get("code")) for row in table.rows] == [(2, "3"), (4, "2.10")]


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("назва\nх\n".encode(), 1, "code (код)"),
        (b"code,code\n1,1\n", 1, "двічі"),
        (b"code,name\n1,2,3\n", 2, "клітинок більше"),
        (b'code,name\n1,a\n2,"b\n3,c\n', 3, "лапки"),
        ("code,name\n1,Вулиця й проспект\n".encode().replace("й".encode(), b"\xd0"), 2, "UTF-8"),
        ("code,name\n1,вул\ufffdця\n".encode(), 2, "втрачено"),
        (f"code,name\n1,а\n2,{'Вулиця'.encode().decode('cp1251', 'ignore')}\n".encode(), 3, "спотворені"),
        (b"\xd0\xcf\x11\xe0 an old workbook", 0, ".xls"),
        (b"PK\x03\x04 no workbook", 0, "книгу"),
        (b"", 1, "code"),
    ],
)
def test_fault_is_told_in_plain_words_with_its_place(content, line, word):
    with override("uk"):
        told = [(fault.line, str(fault)) for fault in read_table(content, COLUMNS).faults]
    assert [words for place, words in told if place == line and word in words], told


# --- each kind --------------------------------------------------------------------------------------------------------

ORGANISATIONS = """коротка назва;назва;функції;скринька;довгота;широта;керівник
water;Водоканал;виконавець;water@city.example;25,85;51,34;Директор
roads;Дорожня служба;executor;roads@city.example;;;Новий директор
lawyers;Юристи;executor, control;lawyers@city.example;;;
"""


def test_organisations_are_added_and_renewed_and_a_second_time_changes_nothing(town: Town):
    tried = run_import("organisations", town.city, ORGANISATIONS.encode(), dry_run=True)
    assert tried.counts == {State.NEW: 2, State.CHANGED: 1}
    assert "Новий директор" in next(one.detail for one in tried.outcomes if one.state == State.CHANGED)
    assert Organisation.objects.count() == 5
    run_import("organisations", town.city, ORGANISATIONS.encode("cp1251"))
    water, lawyers = (Organisation.objects.get(slug=slug) for slug in ("water", "lawyers"))
    assert (water.point, water.mailbox) == ((25.85, 51.34), "water@city.example")
    assert (lawyers.is_executor, lawyers.is_control_body, lawyers.is_moderator) == (True, True, False)
    assert Organisation.objects.get(slug="roads").head_email == "head.roads@city.example"
    assert run_import("organisations", town.city, ORGANISATIONS.encode()).counts == {State.SAME: 3}


def test_faults_of_organisations_are_told_and_nothing_is_half_imported(town: Town):
    table = (
        "slug,name_uk,mailbox,functions,is_active,lng,language\n"
        "one,Перша,one@city.example,executor,yes,,\n"
        "two,Друга,One@city.example,,,,\n"
        "three,Третя,roads@city.example,,,,\n"
        "one,Ще раз,x@city.example,,,,\n"
        "five,,no mailbox,boss,maybe,25,de\n"
        "six six,Шоста,,,,,\n"
    )
    assert set(faults("organisations", town.city, table)) == {
        (3, "mailbox"),
        (4, "mailbox"),
        (5, "slug"),
        (6, "name_uk"),
        (6, "mailbox"),
        (6, "functions"),
        (6, "is_active"),
        (6, "lng"),
        (6, "language"),
        (7, "slug"),
    }
    assert Organisation.objects.count() == 5


def test_people_get_accounts_without_password_or_letter_and_join(town: Town):
    town.join(town.roads, person("both@city.example", name="Має Уже"))
    table = (
        "Пошта;ПІБ;Організація;Роль;Посада\n"
        "New@City.example;Марія Нова;roads; Відповідальний працівник;диспетчерка\n"
        "both@city.example;Інше Ім’я;Дорожня служба;lighting;\n"
    ).replace("Дорожня служба;lighting", "Дорожня служба; lighting;")
    made = run_import(
        "people", town.city, table.replace("Дорожня служба; lighting;", '"Дорожня служба; lighting"').encode()
    )
    assert [str(fault) for fault in made.faults] == []
    assert made.counts == {State.NEW: 1, State.CHANGED: 1}
    new = get_user_model().objects.get(email="new@city.example")
    assert (new.get_full_name(), new.has_usable_password(), new.is_staff) == ("Марія Нова", False, False)
    assert new.opencity_memberships.get().position == "диспетчерка"
    both = get_user_model().objects.get(email="both@city.example")
    assert both.get_full_name() == "Має Уже"
    assert {one.organisation for one in Membership.objects.live().filter(user=both)} == {town.roads, town.lighting}
    again = table.replace("Дорожня служба; lighting;", '"Дорожня служба; lighting"').encode()
    assert run_import("people", town.city, again).counts == {State.SAME: 2}
    assert mail.outbox == []


def test_faults_of_people(town: Town):
    person("gone@city.example", is_active=False)
    table = (
        "email,name,organisation,role\n"
        "a@city.example,Перша,roads,worker\n"
        "A@city.example,Перша знову,lighting,worker\n"
        "mailbox,Без Скриньки,roads,\n"
        "b@city.example,,nobody,\n"
        "c@city.example,Хтось,roads,control\n"
        "d@city.example,Хтось,,boss\n"
        "gone@city.example,Хтось,roads,\n"
        "e@city.example,Хтось,,\n"
    )
    assert faults("people", town.city, table) == [
        (3, "email"),
        (4, "email"),
        (5, "name"),
        (5, "organisation"),
        (6, "role"),
        (7, "role"),
        (8, "email"),
        (9, "organisation"),
    ]
    assert not get_user_model().objects.filter(email="a@city.example").exists()


def test_ten_thousand_people_cost_a_few_statements_a_batch(town: Town):
    def table(count, first=0):
        rows = [[f"p{number}@city.example", f"Людина {number}", "roads"] for number in range(first, first + count)]
        return as_csv([["email", "name", "organisation"], *rows]).encode()

    def statements(content):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert not run_import("people", town.city, content).faults
        return len(queries)

    small = statements(table(10))
    large = statements(table(10_000, first=10))
    assert Membership.objects.filter(organisation=town.roads).count() == 10_011
    assert large <= small * 10_000 / 500 * 2
    broken = table(10_000) + "p9@city.example;Двійник;roads\n".encode()
    assert faults("people", town.city, broken) == [(10_002, "email")]


def test_categories_of_ones_own(town: Town):
    issue = town.issue(categories=["3.8"])
    table = "код;назва;слова\n9.1;Кладовища;могила\n9;Поховання;\n9.1.2;Доріжки;\n3.8;Ями;\n"
    assert run_import("categories", town.city, table.encode()).counts == {State.NEW: 3, State.CHANGED: 1}
    assert Category.objects.get(code="9.1.2").parent.parent.code == "9"
    assert Category.objects.get(code="3.8").name_uk == "Ями"
    assert run_import("categories", town.city, table.encode()).counts == {State.SAME: 4}
    run_import("categories", town.city, table.encode(), replace=True)
    assert set(Category.objects.active().values_list("code", flat=True)) == {"9", "9.1", "9.1.2", "3.8"}
    assert issue.categories.get().code == "3.8"
    wrong = "code,name_uk,parent,is_active\n8.9.1,А,,\n9,Б,,\n9,В,,\n10.1,Г,3,\n3.1,,,so\n9.1.2.3,Ґ,,\n"
    assert {line for line, _column in faults("categories", town.city, wrong)} == {2, 4, 5, 6, 7}


def square(west, south, size=0.02):
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_districts_come_into_the_scheme_and_issues_into_districts(town: Town):
    river = {"type": "Feature", "properties": {"kind": "water", "name": "Річка"}, "geometry": square(25.8, 51.3)}
    CityScheme.objects.create(city=town.city, features={"type": "FeatureCollection", "features": [river]})
    issue = town.issue(location=PLACE)
    features = [
        {"properties": {"name": "Центр", "name_en": "Centre"}, "geometry": square(25.84, 51.34)},
        {"properties": {"назва": "Околиця"}, "geometry": square(25.86, 51.34)},
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    assert run_import("districts", town.city, content).counts == {State.NEW: 2}
    assert IssuePage.objects.get(pk=issue.pk).district.name_en == "Centre"
    assert river in CityScheme.objects.get(city=town.city).features["features"]
    assert run_import("districts", town.city, content).counts == {State.SAME: 2}
    one = json.dumps({"features": features[:1]}).encode()
    assert run_import("districts", town.city, one, replace=True).counts == {State.SAME: 1, State.REMOVED: 1}
    assert District.objects.get().name_uk == "Центр"
    crossed = {
        "type": "Polygon",
        "coordinates": [[[25.84, 51.34], [25.85, 51.35], [25.85, 51.34], [25.84, 51.35], [25.84, 51.34]]],
    }
    wrong = [
        {"properties": {"name": "Х"}, "geometry": crossed},
        {"properties": {}, "geometry": square(25.84, 51.34)},
        {"properties": {"name": "Далеко"}, "geometry": square(10, 10)},
        {"properties": {"name": "Центр"}, "geometry": square(25.84, 51.34)},
        {"properties": {"name": "Центр"}, "geometry": square(25.84, 51.34)},
    ]
    assert [line for line, _column in faults("districts", town.city, json.dumps({"features": wrong}))] == [1, 2, 3, 5]
    assert faults("districts", town.city, "{") == [(0, "")]


def test_every_kind_answers_any_file_in_words_and_writes_nothing(town: Town):
    before = (Organisation.objects.count(), Category.objects.count(), Membership.objects.count())
    for kind in KINDS:
        for content in (b"", b"{", b"\x00\xff", b"a,b\n1,2\n", "код;назва\n".encode("cp1251"), as_xlsx([["x"], [1]])):
            made = run_import(kind, town.city, content, dry_run=True)
            assert made.faults or not made.outcomes
    assert before == (Organisation.objects.count(), Category.objects.count(), Membership.objects.count())


def test_command_tells_what_it_would_do_and_every_fault_with_its_file(town: Town, tmp_path):
    file, said = tmp_path / "organisations.csv", StringIO()
    file.write_bytes(ORGANISATIONS.encode("cp1251"))
    call_command("opencity_import", "organisations", file, "--dry-run", stdout=said)
    assert "Windows-1251" in said.getvalue()
    assert "Було б записано – нове: 2, змінено: 1." in said.getvalue()
    file.write_text("slug,name\nx,Х\nroads roads,Й\n")
    with pytest.raises(CommandError, match=r"organisations\.csv: Рядок 3, стовпець «slug»"):
        call_command("opencity_import", "organisations", file)
    with pytest.raises(CommandError, match="--replace"):
        call_command("opencity_import", "organisations", file, "--replace")
