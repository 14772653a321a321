"""The map's kept counts stay equal to a plain count of the published issues, whatever happens to the issues."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from opencity_issues.actions.change_status import offers
from opencity_issues.actions.clock.miss_deadlines import record_missed
from opencity_issues.actions.correct_issue import Changes, correct_own, correct_place_or_category, withdraw
from opencity_issues.actions.moderate_issue import publish_held, refuse, take_down
from opencity_issues.actions.route_issue import assign
from opencity_issues.actions.work_on_assignment import return_assignment
from opencity_issues.models import Category, District, IssuePage, MapCell
from opencity_issues.models.map_cell import (
    EVERY_CATEGORY,
    LATE,
    LEAST_ZOOM,
    OF_DISTRICT,
    OF_ORGANISATION,
    SHIFT,
    recount,
)
from opencity_issues.models.place import CELL_ZOOM
from opencity_issues.procedure.moderation import GROUNDS
from opencity_issues.procedure.refusals import Refusal
from opencity_issues.rules import Roles
from tests.factories import NOON, Town

PLACES = [(25.853, 51.344), (25.8531, 51.344), (25.82, 51.33), None]
CODES = [["3.8"], ["3.8", "3.1"], ["2.2", "3"], ["8"], ["2.1.3", "2.2"]]
GROUND = next(iter(GROUNDS))

VERBS = ["report", "move", "move", "move", "correct", "withdraw", "place", "take_down", "refuse", "publish"]
VERBS += ["wait", "give_back", "hand"]

steps = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.integers(0, 5),
        st.sampled_from(PLACES),
        st.sampled_from(CODES),
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


def kept() -> dict[tuple[int, str, int, int], int]:
    rows = MapCell.objects.exclude(count=0).values_list(
        "category_id", "status", "zoom", "cx", "cy", "count", "sum_x", "sum_y"
    )
    found = {tuple(key): sums for *key, sums in ((*row[:5], row[5:]) for row in rows)}
    finest = {key: sums for key, sums in found.items() if key[2] == CELL_ZOOM}
    assert found == rolled_up(finest)
    return {(part, status, cx, cy): count for (part, status, _zoom, cx, cy), (count, *_sums) in finest.items()}


def rolled_up(finest: dict[tuple[int, str, int, int, int], tuple[int, int, int]]) -> dict[tuple, tuple[int, int, int]]:
    """All zooms that follow from the finest, in plain words."""
    found = {}
    for (part, status, _zoom, cx, cy), (count, _x, _y) in finest.items():
        for zoom in range(LEAST_ZOOM, CELL_ZOOM + 1):
            wide = 2 ** (CELL_ZOOM - zoom)
            key = (part, status, zoom, cx // wide, cy // wide)
            before = found.get(key, (0, 0, 0))
            found[key] = (before[0] + count, before[1] + count * cx, before[2] + count * cy)
    return found


def counted() -> dict[tuple[int, str, int, int], int]:
    """The same from the issues themselves, in plain words."""
    parents = dict(Category.objects.values_list("pk", "parent_id"))
    cells: dict[tuple[int, str, int, int], int] = {}
    for issue in IssuePage.objects.published().filter(mx__isnull=False):
        branches = {EVERY_CATEGORY}
        for pk in issue.issue_categories.values_list("category_id", flat=True):
            above = pk
            while above:
                branches.add(above)
                above = parents[above]
        theirs = issue.assignments.exclude(state__in=["withdrawn", "returned"])
        branches |= {OF_ORGANISATION + one.organisation_id for one in theirs}
        if issue.district_id:
            branches.add(OF_DISTRICT + issue.district_id)
        late = issue.deadlines.running().filter(missed_at__isnull=False, clause__in=["4.2", "4.3", "4.4"]).exists()
        for branch in branches:
            for status in [str(issue.status), *([LATE + issue.status] if late else [])]:
                key = (branch, status, issue.mx >> SHIFT, issue.my >> SHIFT)
                cells[key] = cells.get(key, 0) + 1
    return cells


def draw_quarter(town: Town) -> None:
    """A district that two of the PLACES lie in."""
    ring = [[25.85, 51.34], [25.86, 51.34], [25.86, 51.35], [25.85, 51.35], [25.85, 51.34]]
    District.objects.create(city=town.city, name_uk="Центр", outline={"type": "Polygon", "coordinates": [ring]})


class Life:
    """Carries out random steps on a town's issues; what the procedure refuses leaves everything as it is."""

    def __init__(self) -> None:
        self.town = Town()
        draw_quarter(self.town)
        self.now = NOON
        self.numbers: list[int] = []

    def do(self, verb: str, which: int, place: tuple[float, float] | None, codes: list[str], flag: bool) -> None:
        self.now += timedelta(hours=30)
        if verb == "report" or not self.numbers:
            text = "Це сука" if flag and verb == "report" else "Опис"
            issue = self.town.issue(
                categories=codes, location=place, description=text, now=self.now, author=self.author()
            )
            self.numbers.append(issue.number)
            return
        issue = IssuePage.objects.get(number=self.numbers[which % len(self.numbers)])
        try:
            getattr(self, verb)(SimpleNamespace(issue=issue, which=which, place=place, codes=codes))
        except Refusal:
            return

    def author(self):
        """A different person each time: many reports of one would be held."""
        return [self.town.author, self.town.neighbour, self.town.housing_worker][len(self.numbers) % 3]

    def move(self, step) -> None:
        """Any transition that anybody may do now."""
        people = [
            self.town.roads_worker,
            self.town.lighting_worker,
            self.town.controller,
            self.town.moderator,
            step.issue.author,
        ]
        found = [(person, offer) for person in people for offer in offers(step.issue, Roles.of(person), self.now)]
        if found:
            person, offer = found[step.which % len(found)]
            self.town.move(step.issue, offer.transition.id, person, offer.organisation, self.now)

    def correct(self, step) -> None:
        changes = Changes.of(step.issue)
        categories = [Category.objects.get(code=code) for code in step.codes]
        changed = type(changes)(**{**vars(changes), "location": step.place, "categories": categories})
        correct_own(step.issue, changed, actor=step.issue.author, now=self.now)

    def place(self, step) -> None:
        correct_place_or_category(
            step.issue,
            actor=self.town.controller,
            organisation=self.town.control,
            location=step.place,
            categories=[Category.objects.get(code=code) for code in step.codes],
            now=self.now,
        )

    def withdraw(self, step) -> None:
        withdraw(step.issue, actor=step.issue.author, now=self.now)

    def take_down(self, step) -> None:
        take_down(
            step.issue, actor=self.town.moderator, organisation=self.town.ngo, ground=GROUND, reason="Є", now=self.now
        )

    def refuse(self, step) -> None:
        refuse(
            step.issue, actor=self.town.moderator, organisation=self.town.ngo, ground=GROUND, reason="Є", now=self.now
        )

    def wait(self, step) -> None:
        """Terms pass, and the clock's work is done or not before somebody acts."""
        self.now += timedelta(days=35)
        if step.which % 2:
            record_missed(self.now)

    def give_back(self, step) -> None:
        for worker, own in ((self.town.roads_worker, self.town.roads), (self.town.lighting_worker, self.town.lighting)):
            if step.issue.assignments.active().filter(organisation=own).exists():
                return_assignment(step.issue, "Не наше", actor=worker, organisation=own, now=self.now)

    def hand(self, step) -> None:
        target = [self.town.roads, self.town.housing][step.which % 2]
        assign(step.issue, target, actor=self.town.controller, organisation=self.town.control, now=self.now)

    def publish(self, step) -> None:
        publish_held(step.issue, actor=self.town.moderator, organisation=self.town.ngo, now=self.now)


class KeptCounts(TestCase):
    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes a second: shrinking would take minutes
    )
    @given(steps)
    def test_equal_a_plain_count_after_any_life(self, story):
        life = Life()
        for step in story:
            life.do(*step)
        assert kept() == counted()


def test_life_of_the_steps_really_moves_issues(town):
    """The steps above are not all refused: this story publishes, accepts, closes, corrects, and takes away."""
    life = Life.__new__(Life)
    life.town, life.now, life.numbers = town, NOON, []
    draw_quarter(town)
    statuses = set()
    kinds = set()
    for verb, which, flag in [
        ("report", 0, False),
        ("wait", 1, False),
        ("move", 0, False),
        ("give_back", 0, False),
        ("hand", 0, False),
        ("wait", 0, False),
        ("move", 0, False),
        ("move", 0, False),
        ("report", 0, True),
        ("publish", 1, False),
        ("place", 1, False),
        ("report", 0, False),
        ("correct", 2, False),
        ("withdraw", 2, False),
        ("take_down", 1, False),
    ]:
        life.do(verb, which, PLACES[2 if verb in {"correct", "place"} else 0], CODES[0], flag)
        statuses |= set(IssuePage.objects.values_list("status", "publication"))
        assert kept() == counted(), verb
        kinds |= {(part // OF_ORGANISATION, status[0] == LATE) for part, status, _x, _y in kept()}
    assert {publication for _, publication in statuses} >= {"published", "held", "withdrawn", "taken_down"}
    assert {status for status, _ in statuses} >= {"open", "accepted", "closed"}
    assert kinds == {(part, late) for part in (0, 1, 2) for late in (False, True)}


@pytest.mark.django_db
def test_recount_makes_the_same_from_nothing(town):
    draw_quarter(town)
    town.issue(categories=["3.8", "3.1"])
    record_missed(NOON + timedelta(days=20))
    town.close(town.issue(categories=["2.1.3"], location=(25.82, 51.33)))
    town.issue(categories=["8"], location=None)
    before = kept()
    MapCell.objects.update(count=77)
    recount(town.city)
    assert kept() == before == counted()


def test_cells_of_another_city_are_left_alone(town):
    town.issue()
    before = kept()
    other = town.city.get_parent().add_child(instance=type(town.city)(title="Інше", slug="other"))
    recount(other)
    assert kept() == before
