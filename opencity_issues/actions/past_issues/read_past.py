"""Past issues out of a table, a GeoJSON file or an Open311 server's answer, each fault by its line and column."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from opencity_issues.actions.city.imports.plan import number
from opencity_issues.actions.past_issues.past_issue import PastIssue
from opencity_issues.actions.past_issues.vocabulary import Vocabulary
from opencity_issues.actions.submit_issue import ADDRESS_LENGTH, DESCRIPTION_LENGTH, TITLE_LENGTH
from opencity_issues.enums import Status
from opencity_issues.models import IssueIndexPage
from opencity_issues.tables.decode import decode
from opencity_issues.tables.read_table import Column, Row, Table, read_table

COLUMNS = (
    Column("id", ("номер", "service_request_id", "external_id", "ідентифікатор"), required=True),
    Column("title", ("назва", "заголовок")),
    Column("description", ("опис",)),
    Column("category", ("категорія", "service_name", "service_code"), required=True),
    Column("status", ("статус",), required=True),
    Column("submitted_at", ("зареєстровано", "requested_datetime", "created_at", "дата"), required=True),
    Column("accepted_at", ("прийнято",)),
    Column("closed_at", ("закрито", "updated_datetime", "updated_at")),
    Column("lng", ("довгота", "long", "lon", "longitude")),
    Column("lat", ("широта", "latitude")),
    Column("address", ("адреса",)),
    Column("organisation", ("організація", "agency_responsible")),
    Column("answer", ("відповідь", "status_notes")),
    Column("photos", ("фото", "photo")),
)
BY_HEADING = {heading: column.name for column in COLUMNS for heading in (column.name, *column.also)}
NUMBERS_LENGTH = 100
LOCAL_DAY = ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y", "%d/%m/%Y")


def read_past_table(content: bytes) -> Table:
    """Rows of a table, or of a GeoJSON file, whose lines then count the features."""
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return read_table(content, COLUMNS)
    table = Table()
    read = decode(content)
    table.faults += read.faults
    try:
        features = list(json.loads(read.text)["features"])
    except (ValueError, KeyError, TypeError, RecursionError):
        table.fault(0, "", _("this is no GeoJSON collection of features"))
        return table
    records = []
    for one in features:
        feature = one if isinstance(one, dict) else {}
        properties, geometry = feature.get("properties"), feature.get("geometry")
        said = {"id": feature.get("id"), **(properties if isinstance(properties, dict) else {})}
        point = geometry.get("coordinates") if isinstance(geometry, dict) else None
        if isinstance(point, list) and len(point) > 1 and not isinstance(point[0], list):
            said |= {"lng": point[0], "lat": point[1]}
        records.append(said)
    return records_as_table(records, table)


def records_as_table(records: Iterable[Any], table: Table | None = None) -> Table:
    """Rows of records with the columns' names or Open311's; "line" counts the records."""
    table = table or Table()
    for line, record in enumerate(records, 1):
        cells: dict[str, str] = {}
        for name, value in record.items() if isinstance(record, dict) else ():
            column = BY_HEADING.get(str(name).lower())
            words = ";".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "")
            if column and words.strip() and not (column == "category" and cells.get("category")):
                cells[column] = words.strip()
        table.rows.append(Row(line, cells))
    return table


def resolve(city: IssueIndexPage, table: Table, words: Vocabulary, now: datetime) -> list[PastIssue]:
    """The issues of a table in this System's words; what is wrong goes to the table's faults."""
    found: dict[str, PastIssue] = {}
    for row in table.rows:
        issue = _Reader(city, table, words, row, now).read()
        if issue is None:
            continue
        if issue.external_id in found:
            said = {"value": issue.external_id, "line": found[issue.external_id].line}
            table.fault(row.line, "id", _("“%(value)s” is on line %(line)d already") % said)
        found.setdefault(issue.external_id, issue)
    return list(found.values())


class _Reader:
    """One line."""

    def __init__(self, city: IssueIndexPage, table: Table, words: Vocabulary, row: Row, now: datetime) -> None:
        self.city, self.table, self.words, self.row, self.now = city, table, words, row, now
        self.is_right = True

    def fault(self, column: str, words: str) -> None:
        self.is_right = False
        self.table.fault(self.row.line, column, words)

    def read(self) -> PastIssue | None:
        """The issue, or None where the line has faults."""
        external_id = self.row.get("id")
        if not external_id or len(external_id) > NUMBERS_LENGTH:
            self.fault("id", _("there is no number, or one of more than 100 characters"))
        title, description = self._texts()
        category, status = self._word("category"), self._word("status")
        organisation = self._word("organisation") if self.row.get("organisation") else None
        submitted, accepted, closed = self._moments(status)
        location = self._location()
        if not self.is_right or submitted is None:
            return None
        return PastIssue(
            self.row.line,
            external_id,
            title,
            description,
            category,
            status,
            submitted,
            accepted,
            closed,
            location,
            self.row.get("address")[:ADDRESS_LENGTH],
            organisation,
            self.row.get("answer")[:DESCRIPTION_LENGTH],
            tuple(name.strip() for name in self.row.get("photos").split(";") if name.strip()),
        )

    def _texts(self) -> tuple[str, str]:
        title, description = self.row.get("title"), self.row.get("description")
        if not title and not description:
            self.fault("description", _("please fill this in"))
        if len(description) > DESCRIPTION_LENGTH:
            self.fault("description", _("it is longer than %(count)d characters") % {"count": DESCRIPTION_LENGTH})
        title = title or description.splitlines()[0] if title or description else ""
        short = title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1].rstrip()}…"
        return short, description or title

    def _word(self, kind: str) -> Any:
        word = self.row.get(kind)
        ours = self.words.find(kind, word)
        if ours is None:
            self.fault(kind, _("“%(value)s” is not known here: name it in the table of words") % {"value": word})
        return ours

    def _moments(self, status: Status | None) -> tuple[datetime | None, datetime | None, datetime | None]:
        submitted, accepted, closed = (self._moment(name) for name in ("submitted_at", "accepted_at", "closed_at"))
        if submitted is None:
            if self.is_right:
                self.fault("submitted_at", _("please fill this in"))
            return None, None, None
        if status is None or status == Status.OPEN:
            return submitted, None, None
        accepted = accepted or closed or submitted
        if status == Status.ACCEPTED:
            closed = None
        elif closed is None:
            self.fault("closed_at", _("please fill this in"))
        if not submitted <= accepted <= (closed or accepted):
            self.fault("accepted_at", _("the moments are not in their order"))
        return submitted, accepted, closed

    def _moment(self, name: str) -> datetime | None:
        words = self.row.get(name)
        if not words:
            return None
        moment = _read_moment(words)
        if moment is None:
            self.fault(name, _("“%(value)s” is no date: write 2024-05-31 14:20") % {"value": words})
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.city.config.zone)
        if moment > self.now:
            self.fault(name, _("this moment has not come yet"))
        return moment.astimezone(UTC)

    def _location(self) -> tuple[float, float] | None:
        if not self.row.get("lng") and not self.row.get("lat"):
            return None
        lng, lat = number(self.row.get("lng")), number(self.row.get("lat"))
        if lng is None or lat is None:
            self.fault("lng", _("the place is not two numbers in degrees"))
        elif not self.city.config.contains(lng, lat):
            self.fault("lng", _("the place lies outside the city's bounds"))
        else:
            return lng, lat
        return None


def _read_moment(words: str) -> datetime | None:
    """A moment in ISO 8601 or as it is written here; a day alone is its noon."""
    try:
        moment = parse_datetime(words)
        day: date | None = parse_date(words) if moment is None or len(words) <= 10 else None
    except ValueError:
        return None
    if day is not None:
        return datetime.combine(day, time(12))
    if moment is not None:
        return moment
    for form in LOCAL_DAY:
        try:
            found = datetime.strptime(words, form)  # noqa: DTZ007 -- the city's time zone is put to it by the caller
        except ValueError:
            continue
        return found if "%H" in form else found.replace(hour=12)
    return None
