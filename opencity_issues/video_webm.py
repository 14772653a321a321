"""WebM (EBML): checked element by element, and blanked in place.

Tags, chapters, attachments and the title become "Void" elements full of zeros, whatever else is not needed for
playing too; checksums go, since they no longer hold. Lengths do not change, so neither do positions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from opencity_issues.video_mp4 import BadVideo

EBML = 0x1A45DFA3
DOCTYPE = 0x4282
SEGMENT = 0x18538067
VOID = 0xEC
MOST_ELEMENTS = 400_000
_TRACKS, _TRACK, _TRACK_TYPE, _CLUSTER, _INFO = 0x1654AE6B, 0xAE, 0x83, 0x1F43B675, 0x1549A966
_PICTURE_AND_SOUND = frozenset({1, 2})
# SeekHead, Cues, Cluster; and what stands in a cluster, since one of unknown length is read as if it had no walls:
# Timecode, Position, PrevSize, SimpleBlock, BlockGroup.
_SEGMENT_KEPT = frozenset({0x114D9B74, 0x1C53BB6B, _CLUSTER, _TRACKS, _INFO, 0xE7, 0xA7, 0xAB, 0xA3, 0xA0})
# TimecodeScale, Duration, MuxingApp, WritingApp: of the information on a file no more is needed.
_INFO_KEPT = frozenset({0x2AD7B1, 0x4489, 0x4D80, 0x5741})


@dataclass(frozen=True, slots=True)
class Element:
    """id: with its length marker, as documents write it. end: None while the length is unknown."""

    id: int
    start: int
    body: int
    end: int | None


def is_webm(data: bytes | bytearray) -> bool:
    """Whether the file begins with an EBML head that says it is WebM."""
    if data[:4] != EBML.to_bytes(4):
        return False
    try:
        head = _element(data, 0, len(data))
        doctypes = [child for child in _elements(data, head.body, head.end or 0) if child.id == DOCTYPE]
    except BadVideo:
        return False
    return [bytes(data[child.body : child.end]).rstrip(b"\0") for child in doctypes] == [b"webm"]


def clean(data: bytearray) -> None:
    """Check the file and blank it in place; raises BadVideo."""
    top = [element for element in _elements(data, 0, len(data)) if element.id != VOID]
    if [element.id for element in top] != [EBML, SEGMENT]:
        raise BadVideo("not one segment")
    has_tracks = False
    for element in _elements(data, top[1].body, top[1].end or len(data)):
        if element.id not in _SEGMENT_KEPT:
            _blank(data, element)
        elif element.id == _TRACKS:
            has_tracks = True
            _check_tracks(data, element)
        elif element.id == _INFO:
            _keep(data, element, _INFO_KEPT)
    if not has_tracks:
        raise BadVideo("neither picture nor sound")


def _check_tracks(data: bytearray, tracks: Element) -> None:
    for track in _elements(data, tracks.body, _end(tracks)):
        if track.id != _TRACK:
            _blank(data, track)
            continue
        kinds = [child for child in _elements(data, track.body, _end(track)) if child.id == _TRACK_TYPE]
        if not {int.from_bytes(data[kind.body : _end(kind)]) for kind in kinds} <= _PICTURE_AND_SOUND or not kinds:
            raise BadVideo("a track that is neither picture nor sound")


def _keep(data: bytearray, parent: Element, kept: frozenset[int]) -> None:
    for child in _elements(data, parent.body, _end(parent)):
        if child.id not in kept:
            _blank(data, child)


def _blank(data: bytearray, element: Element) -> None:
    """Make a Void element of the same length: its head is one byte and a length of one or of eight bytes."""
    end = _end(element)
    short = end - element.start - 2
    long = end - element.start - 9
    head = bytes([VOID, 0x80 | short]) if short < 0x7F else bytes([VOID, 0x01]) + long.to_bytes(7)
    data[element.start : end] = head + bytes(end - element.start - len(head))


def _end(element: Element) -> int:
    if element.end is None:
        raise BadVideo("an element of unknown length that should have one")
    return element.end


def _elements(data: bytes | bytearray, start: int, end: int) -> Iterator[Element]:
    at = start
    for _ in range(MOST_ELEMENTS):
        if at >= end:
            return
        element = _element(data, at, end)
        yield element
        if element.end is not None:
            at = element.end
        elif element.id == _CLUSTER:
            at = element.body
        else:
            return
    raise BadVideo("too many elements")


def _element(data: bytes | bytearray, start: int, end: int) -> Element:
    id_length = _marked_length(data, start, end, 4)
    size_at = start + id_length
    size_length = _marked_length(data, size_at, end, 8)
    body = size_at + size_length
    # The highest bit set is the marker of the length's own length.
    size = int.from_bytes(data[size_at:body]) & ((1 << 7 * size_length) - 1)
    unknown = size == (1 << 7 * size_length) - 1
    number = int.from_bytes(data[start:size_at])
    if unknown and number not in {SEGMENT, _CLUSTER}:
        raise BadVideo("only a segment or a cluster may leave its length open")
    if not unknown and body + size > end:
        raise BadVideo("an element is longer than what holds it")
    return Element(number, start, body, None if unknown else body + size)


def _marked_length(data: bytes | bytearray, at: int, end: int, most: int) -> int:
    """How many bytes a number takes, by the zero bits it begins with."""
    length = 9 - data[at].bit_length() if at < end else most + 1
    if length > most or at + length > end:
        raise BadVideo("not an element")
    return length
