"""The tables of a report on effectiveness, out of its kept figures, in the active language."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from opencity_issues.enums import CheckOutcome, Status, Way
from opencity_issues.paper.structure import Cell, Link, Row, Share, Table, Text
from opencity_issues.procedure.moderation import GROUNDS, Ground

Pair = list[int]


def name_of(names: dict[str, Any]) -> str:
    """A kept name in the active language."""
    return str(names["en" if get_language() == "en" else "uk"])


def share_in_time(kept: dict[str, Any]) -> Share:
    """Kept in time, of all that was kept or should have been: who leaves issues overdue does not look better for it."""
    return Share.of(kept["in_time"], kept["in_time"] + kept["late"] + kept["overdue"])


def main_figures(figures: dict[str, Any]) -> Table:
    totals = figures["totals"]
    rows = [
        _row(_("Received (published)"), totals["received"], strong=True),
        _row(_("registered, whether published or not"), totals["registered"], level=1),
        _row(pgettext("report", "Closed"), totals["closed"], strong=True),
        _row(_("by responsible workers"), totals["closed_by_workers"], level=1),
        _row(_("by the control body"), totals["closed_by_control"], level=1),
        _row(_("by the moderator"), totals["closed_by_moderator"], level=1),
        _row(_("Explained, not solved (cl. 4.4)"), totals["explained"]),
        _row(pgettext("report", "Opened again"), totals["reopened"], strong=True),
        _row(_("from closed, within 20 days (cl. 4.7)"), totals["T14"], level=1),
        _row(_("from the archive, by the author"), totals["T9"], level=1),
        _row(_("from the archive, by the moderator"), totals["T10"], level=1),
        _row(pgettext("report", "Archived"), totals["T8"]),
        _row(_("Overdue when the period ended"), totals["overdue"], strong=True),
        _row(_("Urgent warnings of the control body"), totals["warnings"]),
        _row(_("Repeated messages of the moderator"), totals["repeated"]),
        _row(_("Returned by organisations as not theirs"), totals["returned"]),
        _row(_("Closed issues checked by the moderator"), _sum(figures["checks"].values())),
        *[
            _row(str(CheckOutcome(outcome).label).lower(), pair, level=1)
            for outcome, pair in figures["checks"].items()
            if any(pair)
        ],
        _row(_("Marked by residents as still not solved"), totals["flags"]),
        _row(_("Complaints of responsible workers to the moderator (cl. 5.3)"), totals["complaints"]),
        *_refusals(figures),
        _row(_("Withdrawn by their authors"), totals["withdrawn"]),
        _row(_("Merged with another issue"), totals["merged"]),
    ]
    return Table(
        _("Main figures and those of the period before"),
        (pgettext("report", "Figure"), pgettext("report", "Period"), pgettext("report", "Before")),
        tuple(row for row in rows if not row.level or any(row.cells[1:])),
        sheet=pgettext("report", "Summary"),
        widths=(8, 2, 2),
    )


def _refusals(figures: dict[str, Any]) -> Iterable[Row]:
    totals, grounds = figures["totals"], figures["grounds"]
    for decision, words in (("refused", _("Refused publication (cl. 5.2)")), ("taken_down", _("Taken down (cl. 5.1)"))):
        yield _row(words, totals[decision])
        for ground, pair in grounds[decision].items():
            yield _row(str(GROUNDS[Ground(ground)].words), pair, level=1)


def terms(figures: dict[str, Any]) -> Table:
    names = {
        "4.2": _("Head informed within 1 working day (4.2)"),
        "4.3": _("Accepted, executor named within 3 working days (4.3)"),
        "4.4": _("Solved or answered within 30 days (4.4)"),
    }
    rows = tuple(Row((names[clause], *_kept(figures["terms"][clause]))) for clause in names)
    return Table(
        _("How the terms were kept"),
        (pgettext("report", "Term"), *_kept_head()),
        rows,
        sheet=pgettext("report", "Summary"),
        widths=_KEPT_WIDTHS,
    )


_KEPT_WIDTHS = (4.4, 1.6, 1.7, 1.7, 2.1, 1.6, 1.6)


def _kept_head() -> tuple[str, ...]:
    return (
        pgettext("report", "In time"),
        pgettext("report", "Late"),
        pgettext("report", "Still to do"),
        pgettext("report", "of them overdue"),
        pgettext("report", "In time, %"),
        pgettext("report", "Before, %"),
    )


def _kept(pair: list[dict[str, Any]]) -> tuple[Cell, ...]:
    now, before = pair
    return (
        now["in_time"],
        now["late"],
        now["waiting"],
        now["overdue"],
        share_in_time(now),
        share_in_time(before),
    )


def medians(figures: dict[str, Any]) -> Table:
    rows = (
        Row((_("From sending to acceptance (4.3)"), *_median([one["median"] for one in figures["terms"]["4.3"]]))),
        Row(
            (
                _("From sending to solution or answer (4.4)"),
                *_median([one["median"] for one in figures["terms"]["4.4"]]),
            )
        ),
        Row((_("From publication to closing"), *_median(figures["to_closing"]))),
    )
    head = (
        pgettext("report", "Median time"),
        pgettext("report", "Days"),
        pgettext("report", "Cases"),
        pgettext("report", "of them still waiting"),
        pgettext("report", "Before, days"),
        pgettext("report", "Before, cases"),
    )
    return Table(
        pgettext("report", "Median times"),
        head,
        rows,
        sheet=pgettext("report", "Summary"),
        widths=(5, 1.5, 1.5, 2, 1.7, 1.7),
    )


def _median(pair: list[dict[str, Any]]) -> tuple[Cell, ...]:
    now, before = pair
    return now["days"], now["cases"], now["waiting"], before["days"], before["cases"]


def statuses(figures: dict[str, Any]) -> Table:
    rows = [_row(str(Status(status).label), pair) for status, pair in figures["statuses"].items()]
    return Table(
        _("Where all public issues stood when the period ended"),
        (_("Status"), pgettext("report", "Period"), pgettext("report", "Before")),
        (*rows, _row(pgettext("report", "Together"), _sum(figures["statuses"].values()), strong=True)),
        sheet=pgettext("report", "Summary"),
        widths=(8, 2, 2),
    )


def by_category(figures: dict[str, Any]) -> Table | None:
    rows = tuple(
        Row(
            (f"{one['code']} {name_of(one)}", *one["received"], *one["closed"], *one["overdue"]),
            level=min(one["level"], 1),
            strong=one["level"] == 0,
        )
        for one in figures["categories"]
    )
    return _places(_("Issues by category"), _("Category"), rows, pgettext("report", "By category"))


def by_district(figures: dict[str, Any]) -> Table | None:
    rows = tuple(
        Row((name_of(one) or _("No exact place"), *one["received"], *one["closed"], *one["overdue"]))
        for one in figures["districts"]
    )
    return _places(_("Issues by district"), pgettext("report", "District"), rows, pgettext("report", "By district"))


def _places(caption: str, first: str, rows: tuple[Row, ...], sheet: str) -> Table | None:
    if not rows:
        return None
    before = pgettext("report", "before")
    head = (
        first,
        pgettext("report", "Received"),
        before,
        pgettext("report", "Closed"),
        before,
        pgettext("report", "Overdue"),
        before,
    )
    return Table(caption, head, rows, sheet=sheet, widths=(6, 1.7, 1.3, 1.7, 1.3, 2, 1.3))


def by_organisation(figures: dict[str, Any]) -> tuple[Table, ...]:
    """How each organisation kept 4.3 and 4.4, and what was sent, returned and reminded of. None without organisations."""
    bodies = figures["organisations"]
    if not bodies:
        return ()
    sheet, organisation = pgettext("report", "By organisation"), _("Organisation")
    tables = [
        Table(
            caption,
            (organisation, *_kept_head(), pgettext("report", "Median, days"), pgettext("report", "Cases")),
            tuple(
                Row(
                    (
                        name_of(one),
                        *_kept(one["terms"][clause]),
                        *_median([kept["median"] for kept in one["terms"][clause]])[:2],
                    )
                )
                for one in bodies
            ),
            sheet=sheet,
            widths=(*_KEPT_WIDTHS, 1.7, 1.8),
        )
        for clause, caption in (
            ("4.3", _("Acceptance: 3 working days (cl. 4.3)")),
            ("4.4", _("Solution or justified answer: 30 days (cl. 4.4)")),
        )
    ]
    before = pgettext("report", "before")
    rows = tuple(
        Row(
            (
                name_of(one),
                *one["sent"],
                one["explained"][0],
                one["returned"][0],
                one["warnings"][0],
                one["repeated"][0],
            )
        )
        for one in bodies
    )
    head = (
        organisation,
        pgettext("report", "Sent to it"),
        before,
        pgettext("report", "Explained"),
        pgettext("report", "Returned"),
        pgettext("report", "Warnings"),
        pgettext("report", "Repeated messages"),
    )
    sent = Table(
        _("Sent, explained, returned, reminded"), head, rows, sheet=sheet, widths=(5, 1.8, 1.3, 1.8, 1.8, 2, 2)
    )
    return (*tables, sent)


def consultation(figures: dict[str, Any]) -> Table | None:
    """Consultation of responsible workers (5.5, 5.6); None where there was none in either period."""
    kept = figures.get("consultation") or {}
    if not any(any(pair) for pair in kept.values()):
        return None
    names = {
        "asked": _("Questions asked"),
        "answered": _("Consultations given"),
        **{f"way_{way.value}": str(way.label) for way in Way},
        "median_days": _("Median time to an answer in the System, days"),
        "waiting": _("Waiting for an answer when the period ended"),
        "seminars": _("Training seminars held"),
        "attended": _("people who came"),
        "organisations": _("organisations they came from"),
        "instructions": _("Instructions and materials published"),
        "measures_due": _("Measures of the agreed plan that fell due"),
        "measures_done": _("of them carried out"),
    }
    under = {"attended", "organisations", "measures_done", *(f"way_{way.value}" for way in Way)}
    rows = tuple(
        Row((words, *kept[name]), level=int(name in under))
        for name, words in names.items()
        if name in kept and (name not in under or any(kept[name]))
    )
    head = (pgettext("report", "Figure"), pgettext("report", "Period"), pgettext("report", "Before"))
    return Table(_("Consultation (cl. 5.5, 5.6)"), head, rows, sheet=pgettext("report", "Summary"), widths=(8, 2, 2))


def issues(figures: dict[str, Any], base_url: str) -> tuple[Table | Text, ...]:
    """The list of issues for the workbook: numbers, days and names, nobody's words."""
    listed = figures["issues"]
    if listed["left_out"]:
        words = _("The list of %(count)d issues is left out of the workbook: it is too long.")
        return (Text((words % {"count": listed["left_out"]},), small=True),)
    names = listed["names"]
    rows = tuple(_issue(row, names, base_url) for row in listed["rows"])
    head = (
        pgettext("report", "No."),
        _("Status when the period ended"),
        pgettext("report", "Published"),
        pgettext("report", "Accepted"),
        pgettext("column", "Closed"),
        _("Categories"),
        pgettext("report", "District"),
        _("Organisations"),
        pgettext("report", "Overdue"),
    )
    return (
        Table(
            _("Issues received in the period"),
            head,
            rows,
            sheet=pgettext("report", "Issues"),
            widths=(1, 2, 1.5, 1.5, 1.5, 4, 2, 4, 1.2),
            text_columns=frozenset(range(1, 9)),
            only_in_workbook=True,
        ),
    )


def _issue(row: list[Any], names: dict[str, Any], base_url: str) -> Row:
    number, status, published, accepted, closed, codes, district, bodies, overdue = row
    address = f"{base_url}{reverse('opencity_issues:card', args=[number])}"
    return Row(
        (
            Link(number, address if base_url else ""),
            str(Status(status).label),
            _date(published),
            _date(accepted),
            _date(closed),
            "; ".join(f"{code} {name_of(names['categories'][code])}" for code in codes),
            name_of(names["districts"][str(district)]) if district else "",
            "; ".join(name_of(names["organisations"][str(key)]) for key in bodies),
            pgettext("report", "yes") if overdue else "",
        )
    )


def _date(day: str) -> date | None:
    return date.fromisoformat(day) if day else None


def _row(words: str, pair: Pair, *, level: int = 0, strong: bool = False) -> Row:
    return Row((words, *pair), level, strong)


def _sum(pairs: Iterable[Pair]) -> Pair:
    columns = list(zip(*pairs, strict=True))
    return [sum(column) for column in columns] or [0, 0]
