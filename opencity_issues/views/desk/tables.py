"""Tables for a table program: any list of a desk as it is narrowed, and the whole history of one issue."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opencity_issues import rules
from opencity_issues.models import Organisation
from opencity_issues.paper.list_xlsx import FORMULA_STARTS, list_as_xlsx
from opencity_issues.queries.desk import history as desk_history
from opencity_issues.queries.desk import table as desk_table
from opencity_issues.queries.desk.desk import issue_on_desk
from opencity_issues.queries.desk.history import HistoryOf, history_rows
from opencity_issues.queries.desk.queues import queues_of
from opencity_issues.queries.desk.table import TableOf, table_rows
from opencity_issues.views.desk.list import narrowing_of
from opencity_issues.views.desk.members_only import for_members
from opencity_issues.views.visit import private, roles_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIST_WIDTHS = (9, 40, 14, 10, 50, 30, 20, 30, 34, 30, 16, 16, 16, 12, 8, 12, 16, 12, 40)
HISTORY_WIDTHS = (6, 16, 16, 28, 10, 14, 14, 20, 24, 28, 60, 60)


@private
@require_safe
@for_members
def table(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The list of a queue, narrowed as the address says, as XLSX; at most `ROWS_AT_MOST` rows. Http404: no such queue."""
    queue = next((one for one in queues_of(organisation) if one.name == request.GET.get("queue")), None)
    if queue is None or queue.people:
        raise Http404
    narrowed = narrowing_of(request, organisation).chosen
    base = request.build_absolute_uri("/").rstrip("/")
    rows = table_rows(TableOf(organisation, queue, narrowed, timezone.now(), base))
    head = [str(words) for words in desk_table.COLUMNS]
    book = list_as_xlsx(str(queue.title), head, rows, LIST_WIDTHS)
    return _file(book, XLSX, f"{organisation.slug}-{queue.name}-{timezone.localdate():%Y-%m-%d}.xlsx")


@private
@require_safe
@for_members
def history(request: HttpRequest, organisation: Organisation, number: int, kind: str) -> HttpResponse:
    """Everything that happened to an issue, as XLSX or CSV, for who may see its desk view; otherwise Http404."""
    writers: dict[str, Callable[..., HttpResponse]] = {"xlsx": _history_xlsx, "csv": _history_csv}
    issue, roles = issue_on_desk(organisation, number), roles_of(request)
    if issue is None or kind not in writers or not rules.allows("see_desk_view", roles, issue):
        raise Http404
    rows = history_rows(HistoryOf(issue, organisation, roles, timezone.now()))
    head = [str(words) for words in desk_history.COLUMNS]
    return writers[kind](_("History of No. %(number)d") % {"number": number}, number, head, rows)


def _history_xlsx(title: str, number: int, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    return _file(list_as_xlsx(title, head, rows, HISTORY_WIDTHS), XLSX, f"history-{number}.xlsx")


def _history_csv(title: str, number: int, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    out = io.StringIO()
    out.write("\ufeff")  # table programs know UTF-8 by it
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
    return _file(out.getvalue().encode(), "text/csv; charset=utf-8", f"history-{number}.csv")


def _csv_cell(value: Any) -> Any:
    """A cell that no table program runs as a formula; figures and moments stay what they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
