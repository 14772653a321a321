"""`opencity_verify` finds what disagrees with the events, `opencity_import_matrix` takes a table whole, search follows."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from opencity_issues.actions.index_issues import index_issues
from opencity_issues.actions.moderate_issue import take_down
from opencity_issues.models import IssuePage, MapCell, Responsibility
from opencity_issues.tasks import sweep
from tests.factories import NOON

LATER = NOON + timedelta(days=1)


def verify(*options):
    """What the command prints, and whether it found everything in order."""
    out = StringIO()
    try:
        call_command("opencity_verify", *options, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code == 0
    return out.getvalue(), True


@pytest.fixture
def whole_life(town):
    """Issues held, open, accepted, closed, archived, reopened in each way, taken down."""
    town.issue(description="Тут блядь яма", now=NOON)
    town.issue(now=NOON + timedelta(minutes=1))
    town.accept(town.issue(categories=["3.8", "2.2"], now=NOON + timedelta(minutes=2)), town.roads)
    town.move(town.close(town.issue(now=NOON + timedelta(minutes=3))), "T14", town.author, now=LATER)
    archived = town.archive(town.issue(now=NOON + timedelta(minutes=4)), now=NOON + timedelta(minutes=4))
    town.move(archived, "T9", town.author, now=NOON + timedelta(days=22))
    again = town.archive(town.issue(now=NOON + timedelta(hours=2)), now=NOON + timedelta(hours=3))
    again = town.move(again, "T10", town.moderator, now=NOON + timedelta(days=30))
    town.move(again, "T11", town.roads_worker, now=NOON + timedelta(days=31))
    down = town.issue(now=NOON + timedelta(hours=3))
    take_down(down, ground="obscene", reason="Образа", actor=town.moderator, organisation=town.ngo, now=LATER)
    return town


def test_what_the_actions_write_agrees(whole_life):
    assert verify() == ("Everything agrees.\n", True)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "accepted"),
        ("again", True),
        ("reopening", "closed"),
        ("publication", "refused"),
        ("event_count", 99),
        ("live", False),
    ],
)
def test_each_column_written_past_the_door_is_found(town, column, value):
    issue = town.issue()
    setattr(issue, column, value)
    type(issue).objects.filter(pk=issue.pk).update(**{column: value})
    told, fine = verify()
    assert not fine
    assert f"№ {issue.number}: {column.replace('event_count', 'number of events')} is {value!r}" in told


def test_cells_of_the_map_are_repaired_on_request_only(town):
    town.issue()
    MapCell.objects.update(count=7)
    assert not verify()[1]
    assert set(MapCell.objects.values_list("count", flat=True)) == {7}
    told, fine = verify("--repair-map-cells")
    assert fine
    assert "(repaired)" in told
    assert verify() == ("Everything agrees.\n", True)


@pytest.mark.parametrize("count", [1, 12])
def test_verifying_asks_by_the_batch(town, count, django_assert_max_num_queries):
    for number in range(count):
        town.issue(now=NOON + timedelta(days=number))
    with django_assert_max_num_queries(28):
        verify()


def table(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "matrix.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


def bring_in(*arguments):
    out = StringIO()
    call_command("opencity_import_matrix", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("comma", [",", ";"])
def test_table_is_taken_in_each_form_that_spreadsheets_save(town, tmp_path, encoding, comma):
    text = f"category{comma}organisation{comma}примітка\r\n8{comma}control{comma}Органові\r\n3{comma}roads{comma}\r\n"
    assert "Записано – нове: 1, без змін: 1." in bring_in(table(tmp_path, text, encoding))
    assert Responsibility.objects.filter(category__code="8", organisation=town.control).exists()


def test_dry_run_changes_nothing(town, tmp_path):
    path = table(tmp_path, "category,organisation\n8,control\n")
    before = Responsibility.objects.count()
    assert "Було б записано – нове: 1." in bring_in(path, "--dry-run")
    assert Responsibility.objects.count() == before


def test_all_faults_are_told_by_line_and_nothing_is_half_imported(town, tmp_path):
    path = table(tmp_path, "category,organisation\n8,control\n99,roads\n\n3.8,nobody\n77,nothing\n")
    before = Responsibility.objects.count()
    with pytest.raises(CommandError) as told:
        bring_in(path)
    lines = str(told.value).splitlines()
    assert [line.split()[2].strip(",") for line in lines[:4]] == ["3", "5", "6", "6"]
    assert all(word in line for word, line in zip(["«99»", "«nobody»", "«77»", "«nothing»"], lines, strict=False))
    assert Responsibility.objects.count() == before


def test_table_without_a_column_is_refused(town, tmp_path):
    with pytest.raises(CommandError, match="organisation"):
        bring_in(table(tmp_path, "category,organization\n8,control\n"))


def test_missing_file_is_told(town, tmp_path):
    with pytest.raises(CommandError):
        bring_in(str(tmp_path / "none.csv"))


def found(words):
    return {issue.pk for issue in IssuePage.objects.search(words, operator="and")}


def test_search_follows_what_is_published(town):
    issue = town.issue(title="Провалений люк")
    held = town.issue(title="Провалений місток", description="блядь", now=NOON + timedelta(minutes=1))
    assert found("Провалений") == set()
    assert sweep()["indexed"] >= 1
    assert found("Провалений") == {issue.pk}
    assert held.publication == "held"
    take_down(issue, ground="obscene", reason="Образа", actor=town.moderator, organisation=town.ngo, now=LATER)
    index_issues()
    assert found("Провалений") == set()


def test_quiet_round_of_the_index_is_free(town, django_assert_max_num_queries):
    town.issue()
    index_issues()
    with django_assert_max_num_queries(1):
        assert index_issues() == 0
