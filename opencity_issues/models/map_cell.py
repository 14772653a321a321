from collections.abc import Iterable, Mapping

from django.db import models
from django.db.models import F

from opencity_issues.models.issue import IssueIndexPage, IssuePage
from opencity_issues.models.place import CELL_ZOOM, GRID_ZOOM

EVERY_CATEGORY = 0
SHIFT = GRID_ZOOM - CELL_ZOOM


class MapCell(models.Model):
    """Kept count of published issues in a cell of about 95 m, by status and category (0: whatever category).

    Rolled up for every lower zoom, so that the map costs the same at a thousand issues and at a million.
    """

    city = models.ForeignKey(IssueIndexPage, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10)
    category_id = models.PositiveBigIntegerField(default=EVERY_CATEGORY)
    cx = models.IntegerField()
    cy = models.IntegerField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "category_id", "status", "cx", "cy"], name="map_cell_once")]
        indexes = [models.Index(fields=["city", "category_id", "cx", "cy"], name="map_cell_place")]

    def __str__(self) -> str:
        return f"{self.status} {self.category_id} {self.cx}/{self.cy}: {self.count}"


def count_moves(issue: IssuePage, category_ids: Iterable[int], steps: Mapping[str, int]) -> None:
    """Add to the cells of an issue: `steps` gives +1 or −1 by status. Called within the transaction of the change.

    Rows are taken in one fixed order, so that two changes in the same cell never wait for each other in a ring.
    """
    if issue.mx is None or issue.my is None:
        return
    place = {"city_id": issue.city_id, "cx": issue.mx >> SHIFT, "cy": issue.my >> SHIFT}
    for status, step in sorted(steps.items()):
        for category_id in (EVERY_CATEGORY, *sorted(category_ids)):
            cell = MapCell.objects.filter(status=status, category_id=category_id, **place)
            if not cell.update(count=F("count") + step):
                # Another transaction may insert the same cell meanwhile: then its row is the one updated.
                MapCell.objects.bulk_create([MapCell(status=status, category_id=category_id, **place)], ignore_conflicts=True)
                cell.update(count=F("count") + step)
