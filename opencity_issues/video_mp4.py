"""MP4 (ISO base media) and its parent QuickTime: checked box by box, and blanked in place.

What is known to be needed for playing stays, everything else becomes a "free" box full of zeros. Lengths do not
change, so neither do the offsets that the file keeps of its own content. What becomes of a place: the boxes
"udta", "meta", "uuid" and "loci" go with whatever else is unknown; so do tracks that are neither picture nor
sound (telemetry, captions with coordinates), together with their samples; and bytes of media data that no kept
track points at.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

BRANDS = frozenset(
    {b"isom", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"dash", b"qt  "}
    | {b"iso%c" % digit for digit in b"23456789"}
)
MOST_BOXES = 100_000
MOST_SAMPLES = 1_000_000
MOST_MEDIA_BOXES = 64
_TOP = frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"mfra", b"sidx", b"ssix", b"pdin"})
# Which boxes may stand in which; those that are no key here are not looked into.
_CHILDREN = {
    b"moov": frozenset({b"mvhd", b"trak", b"mvex"}),
    b"mvex": frozenset({b"mehd", b"trex"}),
    b"trak": frozenset({b"tkhd", b"tref", b"edts", b"mdia"}),
    b"edts": frozenset({b"elst"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset(
        b"stsd stts ctts cslg stss stps stsc stsz stz2 stco co64 sgpd sbgp sdtp".split(),
    ),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset({b"tfhd", b"tfdt", b"trun", b"sgpd", b"sbgp", b"sdtp"}),
}
_PLAYED = frozenset({b"vide", b"soun"})

Stretch = tuple[int, int | None]
"""Start and end of a run of samples in the file; an open end reaches to the next stretch."""


class BadVideo(ValueError):
    """The file is cut off, contradicts itself, or points outside itself."""


@dataclass(frozen=True, slots=True)
class Box:
    """kind: four bytes. start: of its head; body: of its content; end: behind it."""

    kind: bytes
    start: int
    body: int
    end: int


def is_mp4(data: bytes | bytearray) -> bool:
    """Whether the file begins with the box that names a brand of MP4 or QuickTime."""
    return data[4:8] == b"ftyp" and bytes(data[8:12]) in BRANDS


def clean(data: bytearray) -> None:
    """Check the file and blank it in place; raises BadVideo."""
    try:
        boxes = list(_boxes(data, 0, len(data)))
        _check_top(boxes)
        fragmented = any(box.kind == b"moof" for box in boxes)
        kept: list[Stretch] = []
        for box in boxes:
            if box.kind == b"moov":
                kept += _clean_movie(data, box, fragmented)
            elif box.kind not in _TOP:
                _blank(data, box)
            else:
                _clean_children(data, box)
        if not fragmented:
            _blank_unused(data, [box for box in boxes if box.kind == b"mdat"], kept)
    except (struct.error, IndexError) as error:
        raise BadVideo("a table ends too early") from error


def _boxes(data: bytearray, start: int, end: int) -> Iterator[Box]:
    at = start
    for _ in range(MOST_BOXES):
        if at == end:
            return
        if end - at < 8:
            break
        length, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if length == 1:
            length, body = struct.unpack_from(">Q", data, body)[0], at + 16
        elif length == 0:
            length = end - at
        if length < body - at or length > end - at:
            raise BadVideo("a box is longer than what holds it")
        yield Box(kind, at, body, at + length)
        at += length
    # QuickTime ends some lists with four zero bytes.
    if any(data[at:end]) or end - at >= 8:
        raise BadVideo("something stands behind the last box, or there are too many")


def _check_top(boxes: list[Box]) -> None:
    kinds = [box.kind for box in boxes]
    if kinds.count(b"moov") != 1 or kinds.count(b"ftyp") != 1 or b"mdat" not in kinds:
        raise BadVideo("not one movie with media data")


def _clean_movie(data: bytearray, movie: Box, fragmented: bool) -> list[Stretch]:
    """Blank what is not played; the stretches of the file that the kept tracks point at."""
    kept: list[Stretch] = []
    played = False
    for box in _boxes(data, movie.body, movie.end):
        if box.kind != b"trak":
            continue
        if _handler(data, box) in _PLAYED:
            played = True
            _check_self_contained(data, box)
            kept += _stretches(data, box)
        elif fragmented:
            raise BadVideo("a fragmented file with more than picture and sound")
        else:
            _blank(data, box)
    if not played:
        raise BadVideo("neither picture nor sound")
    _clean_children(data, movie)
    return kept


def _clean_children(data: bytearray, parent: Box) -> None:
    allowed = _CHILDREN.get(parent.kind)
    if allowed is None:
        return
    for box in _boxes(data, parent.body, parent.end):
        if box.kind in allowed:
            _clean_children(data, box)
        else:
            _blank(data, box)


def _blank(data: bytearray, box: Box) -> None:
    data[box.start + 4 : box.start + 8] = b"free"
    data[box.body : box.end] = bytes(box.end - box.body)


def _blank_unused(data: bytearray, media: list[Box], kept: list[Stretch]) -> None:
    """Zero the media data between the stretches that are played."""
    if len(media) > MOST_MEDIA_BOXES:
        raise BadVideo("media data in too many pieces")
    kept = sorted(kept, key=lambda stretch: stretch[0])
    for box in media:
        at = box.body
        for index, (start, end) in enumerate(kept):
            if start >= box.end:
                break
            following = kept[index + 1][0] if index + 1 < len(kept) else box.end
            if start > at:
                data[at:start] = bytes(start - at)
            at = max(at, min(following if end is None else end, box.end))
        data[at : box.end] = bytes(box.end - at)


def _find(data: bytearray, parent: Box, *path: bytes) -> Box | None:
    """The first box along the path below ``parent``."""
    for box in _boxes(data, parent.body, parent.end):
        if box.kind == path[0]:
            return _find(data, box, *path[1:]) if path[1:] else box
    return None


def _handler(data: bytearray, track: Box) -> bytes:
    box = _find(data, track, b"mdia", b"hdlr")
    return bytes(data[box.body + 8 : box.body + 12]) if box else b""


def _check_self_contained(data: bytearray, track: Box) -> None:
    """Media that a player would have to fetch from elsewhere is refused."""
    references = _find(data, track, b"mdia", b"minf", b"dinf", b"dref")
    if references is None:
        return
    for box in _boxes(data, references.body + 8, references.end):
        if not data[box.body + 3] & 1:
            raise BadVideo("a reference to another file")


def _stretches(data: bytearray, track: Box) -> Iterator[Stretch]:
    """Each chunk of the track's samples."""
    table = _find(data, track, b"mdia", b"minf", b"stbl")
    if table is None:
        raise BadVideo("a track without samples")
    found = {box.kind: box for box in _boxes(data, table.body, table.end)}
    offsets, sizes = _offsets(data, found), _sizes(data, found)
    runs = _numbers(data, found[b"stsc"].body + 4, "III") if b"stsc" in found else []
    sample = 0
    for (first, count, _), following in pairwise([*runs, (len(offsets) + 1, 0, 0)]):
        if not 1 <= first <= following[0] <= len(offsets) + 1:
            raise BadVideo("chunks out of order")
        for offset in offsets[first - 1 : following[0] - 1]:
            yield offset, None if sizes is None else offset + sum(sizes[sample : sample + count])
            sample += count


def _offsets(data: bytearray, found: dict[bytes, Box]) -> list[int]:
    if b"co64" in found:
        return [offset for (offset,) in _numbers(data, found[b"co64"].body + 4, "Q")]
    if b"stco" in found:
        return [offset for (offset,) in _numbers(data, found[b"stco"].body + 4, "I")]
    raise BadVideo("samples without offsets")


def _sizes(data: bytearray, found: dict[bytes, Box]) -> list[int] | None:
    """Bytes of each sample; None where all are the same, since QuickTime then may count sound in other units."""
    if b"stsz" not in found:
        raise BadVideo("samples without sizes")
    same = struct.unpack_from(">I", data, found[b"stsz"].body + 4)[0]
    return None if same else [size for (size,) in _numbers(data, found[b"stsz"].body + 8, "I")]


def _numbers(data: bytearray, at: int, row: str) -> list[tuple[int, ...]]:
    """A table: a count and that many rows of big-endian numbers."""
    count = struct.unpack_from(">I", data, at)[0]
    layout = struct.Struct(">" + row)
    if count > MOST_SAMPLES or at + 4 + count * layout.size > len(data):
        raise BadVideo("a table is longer than the file")
    return list(layout.iter_unpack(memoryview(data)[at + 4 : at + 4 + count * layout.size]))
