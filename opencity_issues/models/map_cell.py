"""Kept counts of the map: what a view shows at any number of issues costs no more than the screen has room for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, models, transaction

from opencity_issues.enums import NOT_THEIRS, Publication
from opencity_issues.models.assignment import Assignment
from opencity_issues.models.category import Category
from opencity_issues.models.city import IssueIndexPage
from opencity_issues.models.deadline import Deadline
from opencity_issues.models.issue import IssueCategory, IssuePage
from opencity_issues.models.place import CELL_ZOOM, GRID_ZOOM
from opencity_issues.procedure.deadlines import MISSABLE

EVERY_CATEGORY = 0
OF_ORGANISATION = 10**12
"""Added to an organisation's key, it stands where a category's does: the issues that are this organisation's."""
OF_DISTRICT = 2 * 10**12
"""The same for the issues of a district."""

LATE = "!"
"""Before a status: how many of its issues have a recorded miss of 4.2–4.4 that still runs. They are counted under the
status itself as well."""

SHIFT = GRID_ZOOM - CELL_ZOOM

LEAST_ZOOM = 11
"""The widest cells that are kept, of about 12 km: a whole country has few of them."""


class MapCell(models.Model):
    """Kept count of published issues in a cell of the grid, by status and by what they belong to (`category_id`).

    That is 0 for every issue, a category's key for the issues of its whole branch, each once, however many of the branch's
    categories it has, and beyond OF_ORGANISATION and OF_DISTRICT those of an organisation or a district. Kept for each zoom
    from CELL_ZOOM, where a cell is about 95 m wide, to LEAST_ZOOM, so that the map costs the same at a thousand issues and
    at a million: a group on the screen is a cell.
    """

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10)
    category_id = models.PositiveBigIntegerField(default=EVERY_CATEGORY)
    zoom = models.PositiveSmallIntegerField(default=CELL_ZOOM)
    cx = models.IntegerField()
    cy = models.IntegerField()
    count = models.IntegerField(default=0)
    sum_x = models.BigIntegerField(default=0)
    """Of its issues' `cx` at CELL_ZOOM: where in the cell they lie on average."""
    sum_y = models.BigIntegerField(default=0)

    class Meta:
        # In the order that a view asks by: what belongs where, then the columns of the grid.
        constraints = [
            models.UniqueConstraint(fields=["city", "category_id", "zoom", "cx", "cy", "status"], name="map_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.category_id} {self.zoom}/{self.cx}/{self.cy}: {self.count}"


Cell = tuple[int, str, int, int, int]
"""City, status, what the issues belong to, and the place on the grid of CELL_ZOOM."""


def count_moves(
    issue: IssuePage,
    category_ids: Iterable[int],
    steps: Mapping[str, int],
    lineages: Iterable[Iterable[int]] | None = None,
) -> None:
    """Add to the cells of an issue: `steps` gives +1 or −1 by status. Called in the transaction of the change, right
    beside the line that writes it: what else the issue belongs to is read as it is at that moment.

    `lineages`: those of the categories of a new issue, where the caller has read them already; it is with nobody yet.
    """
    if issue.mx is None:
        return
    if lineages is not None:
        parts, late = {pk for lineage in lineages for pk in lineage}, False
    else:
        found = Category.objects.filter(pk__in=list(category_ids)).lineages()
        parts = {pk for lineage in found for pk in lineage} | _organisations_of([issue.pk])[issue.pk]
        late = bool(late_ids([issue.pk]))
    _add(_cells_of(issue, _everything(issue, parts), steps, late))


def count_moves_of(issues: Iterable[IssuePage], steps: Mapping[str, int]) -> None:
    """The same for issues that all make the same step, in a few queries however many they are."""
    placed = [issue for issue in issues if issue.mx is not None]
    keys = [issue.pk for issue in placed]
    parts, late, total = _parts_of(placed), late_ids(keys), Counter[Cell]()
    for issue in placed:
        total.update(_cells_of(issue, parts[issue.pk], steps, issue.pk in late))
    _add(total)


def count_organisations(issue: IssuePage, organisation_ids: Iterable[int], step: int) -> None:
    """The issue became (+1) or is no longer (−1) these organisations'. Called right beside the change of the assignment."""
    parts = {OF_ORGANISATION + key for key in organisation_ids}
    if parts and _is_counted(issue):
        _add(_cells_of(issue, parts, {issue.status: step}, bool(late_ids([issue.pk]))))


def count_late(issues: Iterable[IssuePage], step: int) -> None:
    """These issues became late (+1) or are late no more (−1), see LATE."""
    counted = [issue for issue in issues if _is_counted(issue)]
    if not counted:
        return
    parts, total = _parts_of(counted), Counter[Cell]()
    for issue in counted:
        total.update(_cells_of(issue, parts[issue.pk], {LATE + issue.status: step}, False))
    _add(total)


def late_ids(issue_ids: Iterable[int]) -> set[int]:
    """Which of these issues have a recorded miss that still runs."""
    missed = Deadline.objects.running().filter(
        issue_id__in=list(issue_ids), clause__in=MISSABLE, missed_at__isnull=False
    )
    return set(missed.order_by().values_list("issue_id", flat=True))


def _is_counted(issue: IssuePage) -> bool:
    return issue.publication == Publication.PUBLISHED and issue.mx is not None


def _parts_of(issues: Sequence[IssuePage]) -> dict[int, set[int]]:
    """What each of these issues belongs to."""
    keys = [issue.pk for issue in issues]
    parts = _organisations_of(keys)
    rows = IssueCategory.objects.filter(issue_id__in=keys).values_list(
        "issue_id", "category_id", "category__parent_id", "category__parent__parent_id"
    )
    for issue_id, *lineage in rows:
        parts[issue_id].update(pk for pk in lineage if pk is not None)
    return {issue.pk: _everything(issue, parts[issue.pk]) for issue in issues}


def _organisations_of(keys: Sequence[int]) -> dict[int, set[int]]:
    """Whose each of these issues is."""
    parts: dict[int, set[int]] = {key: set() for key in keys}
    rows = Assignment.objects.filter(issue_id__in=keys).exclude(state__in=NOT_THEIRS).order_by()
    for issue_id, organisation_id in rows.values_list("issue_id", "organisation_id"):
        parts[issue_id].add(OF_ORGANISATION + organisation_id)
    return parts


def _everything(issue: IssuePage, parts: Iterable[int]) -> set[int]:
    own = {EVERY_CATEGORY, *parts}
    return own if issue.district_id is None else own | {OF_DISTRICT + issue.district_id}


def _cells_of(issue: IssuePage, parts: Iterable[int], steps: Mapping[str, int], late: bool) -> Counter[Cell]:
    if issue.mx is None or issue.my is None:
        return Counter()
    place = issue.mx >> SHIFT, issue.my >> SHIFT
    all_steps = {str(status): step for status, step in steps.items()}
    if late:
        all_steps |= {LATE + status: step for status, step in all_steps.items()}
    return Counter(
        {(issue.city_id, status, part, *place): step for status, step in all_steps.items() for part in parts}
    )


def _add(steps: Mapping[Cell, int]) -> None:
    """A statement for some thousand cells, all rows in one fixed order, so that two changes in the same cells never wait for
    each other in a ring.
    """
    rows = sorted((*cell, *sums) for cell, sums in _rolled_up(steps).items() if any(sums))
    table = MapCell._meta.db_table
    with connection.cursor() as cursor:
        for first in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[first : first + ROWS_AT_ONCE]
            places = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s, %s)"] * len(some))
            cursor.execute(
                f"INSERT INTO {table} ({_COLUMNS}) VALUES {places} "  # noqa: S608 no value in it
                "ON CONFLICT (city_id, category_id, zoom, cx, cy, status) "
                f'DO UPDATE SET "count" = {table}."count" + excluded."count", '
                f"sum_x = {table}.sum_x + excluded.sum_x, sum_y = {table}.sum_y + excluded.sum_y",
                [value for row in some for value in row],
            )


def _rolled_up(steps: Mapping[Cell, int]) -> dict[tuple[int, int, int, int, int, str], list[int]]:
    """What a change adds to the cells of each zoom: [count, sum_x, sum_y] by the columns of the key."""
    found: dict[tuple[int, int, int, int, int, str], list[int]] = {}
    for (city, status, part, cx, cy), step in steps.items():
        if not step:
            continue
        for shift in range(CELL_ZOOM - LEAST_ZOOM + 1):
            sums = found.setdefault((city, part, CELL_ZOOM - shift, cx >> shift, cy >> shift, status), [0, 0, 0])
            sums[0] += step
            sums[1] += step * cx
            sums[2] += step * cy
    return found


_COLUMNS = 'city_id, category_id, zoom, cx, cy, status, "count", sum_x, sum_y'

ROWS_AT_ONCE = 3_000
"""SQLite takes 32,766 values in a statement."""


def recount(city: IssueIndexPage) -> None:
    """Make a city's cells anew from its issues: after a bulk load, or when a category went to another parent."""
    table, issues = MapCell._meta.db_table, IssuePage._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        MapCell.objects.filter(city=city).delete()
        for part, joined in _memberships():
            for status, only in (("issue.status", ""), (f"'{LATE}' || issue.status", f"AND {_LATE_ISSUE}")):
                number, cx, cy = "COUNT(DISTINCT issue.page_ptr_id)", f"(issue.mx >> {SHIFT})", f"(issue.my >> {SHIFT})"
                cursor.execute(
                    f"INSERT INTO {table} ({_COLUMNS}) "  # noqa: S608
                    f"SELECT issue.city_id, {part}, {CELL_ZOOM}, {cx}, {cy}, {status}, {number}, "
                    f"{number} * {cx}, {number} * {cy} FROM {issues} issue {joined} "
                    f"WHERE issue.city_id = %s AND issue.publication = %s AND issue.mx IS NOT NULL {only} "
                    f"GROUP BY 1, 2, 4, 5, 6",
                    [city.pk, Publication.PUBLISHED.value],
                )
        for zoom in range(CELL_ZOOM - 1, LEAST_ZOOM - 1, -1):
            cursor.execute(
                f"INSERT INTO {table} ({_COLUMNS}) "  # noqa: S608
                f'SELECT city_id, category_id, {zoom}, cx >> 1, cy >> 1, status, SUM("count"), SUM(sum_x), SUM(sum_y) '
                f"FROM {table} WHERE city_id = %s AND zoom = {zoom + 1} GROUP BY 1, 2, 4, 5, 6",
                [city.pk],
            )


_LATE_ISSUE = (
    f"issue.page_ptr_id IN (SELECT issue_id FROM {Deadline._meta.db_table} WHERE met_at IS NULL "  # noqa: S608 no value
    f"AND cancelled_at IS NULL AND missed_at IS NOT NULL AND clause IN ({', '.join(repr(one) for one in MISSABLE)}))"
)


def _memberships() -> list[tuple[str, str]]:
    """What an issue belongs to, as SQL: the key of a cell, and the tables that it takes."""
    of_issue, categories = IssueCategory._meta.db_table, Category._meta.db_table
    levels = (
        f"SELECT id, id AS branch FROM {categories}",  # noqa: S608 names of tables, no value
        f"SELECT id, parent_id FROM {categories} WHERE parent_id IS NOT NULL",  # noqa: S608
        f"SELECT c.id, p.parent_id FROM {categories} c JOIN {categories} p ON p.id = c.parent_id "  # noqa: S608
        "WHERE p.parent_id IS NOT NULL",
    )
    not_theirs = ", ".join(repr(str(state)) for state in sorted(NOT_THEIRS))
    return [
        (str(EVERY_CATEGORY), ""),
        (
            "tree.branch",
            f"JOIN {of_issue} own ON own.issue_id = issue.page_ptr_id "
            f"JOIN ({' UNION ALL '.join(levels)}) tree ON tree.id = own.category_id",
        ),
        (
            f"{OF_ORGANISATION} + given.organisation_id",
            f"JOIN {Assignment._meta.db_table} given ON given.issue_id = issue.page_ptr_id "
            f"AND given.state NOT IN ({not_theirs})",
        ),
        (
            f"{OF_DISTRICT} + part.id",
            f"JOIN {IssuePage._meta.get_field('district').related_model._meta.db_table} part ON part.id = issue.district_id",
        ),
    ]
