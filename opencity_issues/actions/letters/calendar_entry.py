"""A meeting as a file for calendar programs (RFC 5545): moments in UTC, lines of 75 octets ended by CRLF."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone

LINE_OCTETS = 75


@dataclass(frozen=True)
class CalendarEntry:
    """`uid` stays the same, so that a second file of the same meeting replaces the first."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str = ""
    url: str = ""
    is_cancelled: bool = False


def calendar_file(entry: CalendarEntry, now: datetime | None = None) -> str:
    """One calendar with one event."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Open City//Meetings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{_utc(now or timezone.now())}",
        f"DTSTART:{_utc(entry.starts_at)}",
        f"DTEND:{_utc(entry.ends_at)}",
        f"SUMMARY:{_text(entry.summary)}",
        f"LOCATION:{_text(entry.location)}",
        *([f"DESCRIPTION:{_text(entry.description)}"] if entry.description else []),
        *([f"URL:{entry.url}"] if entry.url else []),
        f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """3.3.11: backslash, semicolon, comma and line breaks are escaped; other control characters are not allowed."""
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        words = words.replace(sign, escaped)
    return "".join(sign for sign in words if sign == "\t" or ord(sign) >= 32)


def _folded(line: str) -> str:
    """3.1: a long line goes on in the next one after a space; no character is cut in two."""
    parts, part, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LINE_OCTETS:
            parts.append(part)
            part, size = "", 1  # the space that begins a continued line
        part += sign
        size += octets
    return "\r\n ".join([*parts, part])
