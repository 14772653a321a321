"""The first sheet of an XLSX workbook, line by line, its cells as the words that a person sees."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from opencity_issues.tables.fault import Fault

UNPACKED_AT_MOST = 200 * 1024 * 1024
"""A workbook is a zip file: one that would unpack to more than this is refused unread."""


def is_workbook(content: bytes) -> bool:
    """Whether a file begins as zip files do."""
    return content.startswith(b"PK\x03\x04")


def lines(content: bytes, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Each row's number and cells; where it is no workbook, nothing but a fault is left."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > UNPACKED_AT_MOST:
            raise ValueError(size)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        rows = [
            (number, [_words(cell) for cell in row])
            for number, row in enumerate(book.worksheets[0].iter_rows(), start=1)
        ]
    # The library raises whatever a broken archive or sheet makes it stumble over.
    except Exception:  # noqa: BLE001
        faults.append(Fault(0, "", _("this is no workbook that can be read: save it anew as .xlsx or as CSV")))
        return iter(())
    return iter(rows)


def _words(cell: Any) -> str:
    """A cell as it is shown: 3.0 is 3, and 2.1 with two decimals is 2.10, which is another category."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not isinstance(value, bool):
        decimals = str(cell.number_format).partition(".")[2]
        if decimals and set(decimals) == {"0"}:
            return f"{value:.{len(decimals)}f}"
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
