from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import connection, models, transaction

from opencity_issues.enums import Publication
from opencity_issues.models.category import Category
from opencity_issues.models.issue import IssueCategory, IssueIndexPage, IssuePage
from opencity_issues.models.place import CELL_ZOOM, GRID_ZOOM

EVERY_CATEGORY = 0
SHIFT = GRID_ZOOM - CELL_ZOOM


class MapCell(models.Model):
    """Kept count of published issues in a cell of about 95 m, by status and category (0: whatever category).

    A category counts the issues of its whole branch, each once, however many of the branch's categories it has.
    Rolled up for every lower zoom, so that the map costs the same at a thousand issues and at a million.
    """

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10)
    category_id = models.PositiveBigIntegerField(default=EVERY_CATEGORY)
    cx = models.IntegerField()
    cy = models.IntegerField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "category_id", "status", "cx", "cy"], name="map_cell_once")
        ]
        indexes = [models.Index(fields=["city", "category_id", "cx", "cy"], name="map_cell_place")]

    def __str__(self) -> str:
        return f"{self.status} {self.category_id} {self.cx}/{self.cy}: {self.count}"


def count_moves(
    issue: IssuePage,
    category_ids: Iterable[int],
    steps: Mapping[str, int],
    lineages: Iterable[Iterable[int]] | None = None,
) -> None:
    """Add to the cells of an issue: `steps` gives +1 or −1 by status. Called within the transaction of the change.

    `lineages`: those of the categories, where the caller has read them already.
    """
    if issue.mx is None:
        return
    if lineages is None:
        lineages = Category.objects.filter(pk__in=list(category_ids)).lineages()
    _add(_cells_of(issue, {pk for lineage in lineages for pk in lineage}, steps))


def count_moves_of(issues: Iterable[IssuePage], steps: Mapping[str, int]) -> None:
    """The same for issues that all make the same step, in three queries however many they are."""
    placed = [issue for issue in issues if issue.mx is not None]
    branches: dict[int, set[int]] = {issue.pk: set() for issue in placed}
    rows = IssueCategory.objects.filter(issue_id__in=list(branches)).values_list(
        "issue_id", "category_id", "category__parent_id", "category__parent__parent_id"
    )
    for issue_id, *lineage in rows:
        branches[issue_id].update(pk for pk in lineage if pk is not None)
    total: Counter[Cell] = Counter()
    for issue in placed:
        total.update(_cells_of(issue, branches[issue.pk], steps))
    _add(total)


Cell = tuple[int, str, int, int, int]
"""City, status, category, and the place on the grid."""


def _cells_of(issue: IssuePage, branches: Iterable[int], steps: Mapping[str, int]) -> Counter[Cell]:
    if issue.mx is None or issue.my is None:
        return Counter()
    place = issue.mx >> SHIFT, issue.my >> SHIFT
    return Counter(
        {
            (issue.city_id, str(status), branch, *place): step
            for status, step in steps.items()
            for branch in {EVERY_CATEGORY, *branches}
        }
    )


def _add(steps: Mapping[Cell, int]) -> None:
    """One statement for all cells, its rows in one fixed order, so that two changes in the same cells never wait for each
    other in a ring.
    """
    rows = [(*cell, step) for cell, step in sorted(steps.items()) if step]
    if not rows:
        return
    places = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    table = MapCell._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} (city_id, status, category_id, cx, cy, "count") VALUES {places} '  # noqa: S608 no value in it
            "ON CONFLICT (city_id, category_id, status, cx, cy) "
            f'DO UPDATE SET "count" = {table}."count" + excluded."count"',
            [value for row in rows for value in row],
        )


def recount(city: IssueIndexPage) -> None:
    """Make a city's cells anew from its issues: after a bulk load, or when a category went to another parent."""
    table, issues = MapCell._meta.db_table, IssuePage._meta.db_table
    of_issue, categories = IssueCategory._meta.db_table, Category._meta.db_table
    levels = (
        f"SELECT id, id AS branch FROM {categories}",  # noqa: S608 names of tables, no value
        f"SELECT id, parent_id FROM {categories} WHERE parent_id IS NOT NULL",  # noqa: S608
        f"SELECT c.id, p.parent_id FROM {categories} c JOIN {categories} p ON p.id = c.parent_id "  # noqa: S608
        "WHERE p.parent_id IS NOT NULL",
    )
    counted = (
        f"SELECT issue.city_id, issue.status, {EVERY_CATEGORY} AS branch, issue.mx, issue.my FROM {issues} issue",  # noqa: S608
        "SELECT DISTINCT issue.city_id, issue.status, tree.branch, issue.mx, issue.my, issue.page_ptr_id "  # noqa: S608
        f"FROM {issues} issue JOIN {of_issue} own ON own.issue_id = issue.page_ptr_id "
        f"JOIN ({' UNION ALL '.join(levels)}) tree ON tree.id = own.category_id",
    )
    with transaction.atomic(), connection.cursor() as cursor:
        MapCell.objects.filter(city=city).delete()
        for rows in counted:
            cursor.execute(
                f'INSERT INTO {table} (city_id, status, category_id, cx, cy, "count") '  # noqa: S608
                f"SELECT city_id, status, branch, mx >> {SHIFT}, my >> {SHIFT}, COUNT(*) "
                f"FROM ({rows} WHERE issue.city_id = %s AND issue.publication = %s AND issue.mx IS NOT NULL) place "
                f"GROUP BY city_id, status, branch, mx >> {SHIFT}, my >> {SHIFT}",
                [city.pk, Publication.PUBLISHED.value],
            )
