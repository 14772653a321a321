"""The text of a file, whichever of the encodings in use here it is in, and whether its letters are whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from opencity_issues.tables.fault import Fault

UTF8, UTF16, WINDOWS = "UTF-8", "UTF-16", "Windows-1251"

LOST = "\ufffd"
"""What programs put where a letter could not be kept."""

_TWO_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]")
_CYRILLIC = re.compile("[Ѐ-ӿ]")


@dataclass(frozen=True)
class Text:
    """The text, the encoding that it was in, and what is broken in it."""

    text: str
    encoding: str
    faults: list[Fault]


def decode(content: bytes) -> Text:
    """Read UTF-8 with or without its mark, UTF-16, or else Windows-1251; never raises."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_like_utf16(content):
        return _utf16(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _broken_utf8(content, error.start) if _is_mostly_utf8(content) else _windows(content)
    return Text(text, UTF8, _lost_letters(text))


def is_mangled(words: str) -> bool:
    """Whether Cyrillic letters in UTF-8 were once read as Windows-1251 and kept so: "РџР°СЂРє" for "Парк"."""
    try:
        raw = words.encode("cp1251")
        meant = raw.decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return False
    return len(_CYRILLIC.findall(meant)) >= 3


def _looks_like_utf16(content: bytes) -> bool:
    """Without a mark: every other byte of a table's commas, digits and line ends is nought."""
    head = content[:2000]
    return head.count(0) > len(head) // 5


def _utf16(content: bytes) -> Text:
    name = "utf-16"
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16-le" if content[1:2000:2].count(0) > content[0:2000:2].count(0) else "utf-16-be"
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        return Text("", UTF16, [Fault(0, "", _("the file is in UTF-16 and cut off or broken: save it anew"))])
    return Text(text, UTF16, _lost_letters(text))


def _is_mostly_utf8(content: bytes) -> bool:
    """Whether the letters that are whole in UTF-8 are far more than the bytes that fit nowhere."""
    whole = len(_TWO_BYTES.findall(content))
    return whole > 4 * sum(byte >= 0x80 for byte in _TWO_BYTES.sub(b"", content))


def _broken_utf8(content: bytes, start: int) -> Text:
    line = content.count(b"\n", 0, start) + 1
    fault = Fault(line, "", _("the file is in UTF-8 and broken here: some letters are lost; save it anew"))
    return Text(content.decode("utf-8", errors="replace"), UTF8, [fault])


def _windows(content: bytes) -> Text:
    text = content.decode("cp1251", errors="replace")
    return Text(text, WINDOWS, _lost_letters(text))


def _lost_letters(text: str) -> list[Fault]:
    place = text.find(LOST)
    if place < 0:
        return []
    line = text.count("\n", 0, place) + 1
    return [Fault(line, "", _("a letter is lost here (“%(sign)s”): save the file anew in UTF-8") % {"sign": LOST})]
