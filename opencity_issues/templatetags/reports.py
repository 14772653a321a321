"""Tags of papers on a screen: cells as people read them, and units that no locale touches."""

from django import template

from opencity_issues.paper.structure import Cell, Plot
from opencity_issues.paper.structure import shown as shown_cell

register = template.Library()


@register.filter
def shown(cell: Cell) -> str:
    """A figure with its language's marks, a share in per cent, a dash for nothing."""
    return shown_cell(cell)


@register.filter
def units(value: float) -> str:
    """A length in a drawing, with a point whatever the language."""
    return f"{value:.1f}"


@register.filter
def by_label(plot: Plot) -> list[tuple[str, tuple[float, ...]]]:
    """The plot's values row by row, for the table beside it."""
    return list(zip(plot.labels, zip(*(series.values for series in plot.series), strict=True), strict=True))
