"""A whole city from one file or from answers: faults by key, everything or nothing, and a second time changes nothing."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Locale

from opencity_issues.actions.city.city_file import read_city_file
from opencity_issues.management.commands import opencity_setup
from opencity_issues.management.questions import ask_for_city
from opencity_issues.models import (
    CitySettings,
    District,
    GazetteerPlace,
    IssueIndexPage,
    Membership,
    Organisation,
    Responsibility,
)
from tests.architecture.project import ROOT
from tests.factories import Town

EXAMPLE = ROOT / "fixtures" / "new_city" / "city.toml"


def set_up(file: Path, *arguments: str) -> str:
    said = StringIO()
    call_command("opencity_setup", "--file", file, *arguments, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_example_makes_a_city_that_can_begin_and_again_changes_nothing():
    told = set_up(EXAMPLE, "--dry-run")
    assert "Було б записано" in told
    assert not IssueIndexPage.objects.exists()
    set_up(EXAMPLE)
    settings = CitySettings.objects.get()
    assert (settings.city_name, settings.control_mailbox) == ("Відкрите", "control@demo.opencity.example")
    assert Organisation.objects.filter(is_control_body=True).get().memberships.count() == 1
    assert Responsibility.objects.count() == len((ROOT / "fixtures" / "matrix.csv").read_text().splitlines()) - 1
    assert District.objects.exists()
    assert GazetteerPlace.objects.exists()
    assert Locale.objects.filter(language_code="en").exists()
    counts = (Organisation.objects.count(), Membership.objects.count(), GazetteerPlace.objects.count())
    told = set_up(EXAMPLE)
    assert "нове" not in told
    assert "змінено" not in told
    assert counts == (Organisation.objects.count(), Membership.objects.count(), GazetteerPlace.objects.count())


FAULTS = """
name = 7
languages = ["uk", "xx"]
colour = "red"
[map]
bounds = [26, 51, 25, 52]
centre = "25.8"
zoom = true
[calendar]
country = "UA"
martial_law = "maybe"
days_off = ["24.08.2026"]
[files]
streets = "x.csv"
matrix = 5
"""


def test_faults_are_told_by_key():
    assert [fault.key for fault in read_city_file(FAULTS.encode()).faults] == [
        "name",
        "languages",
        "colour",
        "map.bounds",
        "map.centre",
        "map.zoom",
        "calendar.martial_law",
        "calendar.days_off",
        "files.streets",
        "files.matrix",
    ]
    for broken in (b"name = ", "name = 'Місто'".encode("cp1251"), b"\xff"):
        assert read_city_file(broken).faults


def test_what_only_the_settings_know_is_told_by_key_too_and_nothing_is_half_written(town: Town, tmp_path: Path):
    file = tmp_path / "city.toml"
    file.write_text(
        "[map]\nbounds = [30.1, 50.1, 30.9, 50.9]\ncentre = [25.8, 51.3]\n"
        '[calendar]\ntime_zone = "Kyiv"\n[mailboxes]\ncontrol = "no mailbox"\n'
    )
    with pytest.raises(CommandError) as told:
        set_up(file)
    assert [line.split(":")[0] for line in str(told.value).splitlines()[:-1]] == [
        "map.centre",
        "calendar.time_zone",
        "mailboxes.control",
    ]
    (tmp_path / "organisations.csv").write_text("slug,name_uk\nnew,Нова\n")
    (tmp_path / "matrix.csv").write_text("category,organisation\n99,new\n")
    file.write_text(
        'name = "Нове"\n[calendar]\ndays_off = [2026-09-14]\n'
        '[files]\norganisations = "organisations.csv"\nmatrix = "matrix.csv"\n'
    )
    with pytest.raises(CommandError, match=r"matrix\.csv: Рядок 2"):
        set_up(file)
    assert CitySettings.objects.get().city_name == "Тестове"
    assert not Organisation.objects.filter(slug="new").exists()
    (tmp_path / "matrix.csv").write_text("category,organisation\n1,new\n")
    set_up(file)
    assert CitySettings.objects.get().calendar_days.get().date == date(2026, 9, 14)
    file.write_text('[files]\nmatrix = "none.csv"\n')
    with pytest.raises(CommandError, match=r"none\.csv"):
        set_up(file)


def test_questions_are_asked_until_they_are_right_and_enter_leaves_things_alone(town: Town, monkeypatch):
    answers = iter(["Нове", "десь", "30.5, 50.4", "", "", "", "maybe", "ні", "", "", *[""] * 6])
    said: list[str] = []
    city = ask_for_city(said.append, lambda question: next(answers))
    assert city.fields == {"city_name": "Нове", "centre": "SRID=4326;POINT(30.5 50.4)", "martial_law": False}
    assert len(said) == 3
    monkeypatch.setattr(opencity_setup.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(opencity_setup, "ask_for_city", lambda say, ask: pytest.fail("asked"))
    call_command("opencity_setup", "--no-input", stdout=StringIO())
    call_command("opencity_setup", name="Тестове", stdout=StringIO())
