"""What a photo says of itself before anything is decoded: its format by content, its pixels, whether it moves.

Pure reading of bytes, bounded by the length of the file, so that a bomb is refused without being set off.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Chunks a picture needs; text chunks can unfold to gigabytes and are nobody's business anyway.
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"iCCP", b"eXIf", b"IDAT", b"IEND"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis"})
# FF 00 is a stuffed byte and FF D0–D7 a restart; any other FF xx inside the entropy-coded data is a marker.
_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_SCAN, _JPEG_END, _JPEG_ALONE = 0xDA, 0xD9, frozenset({0x01, 0xD8})
# A progressive file of a camera has about ten scans; each one more costs a pass over the whole picture.
_MOST_SCANS = 32
_MOST_PARTS = 20_000


class BadHeader(ValueError):
    """The file is cut off, contradicts itself, or is not one of the formats."""


@dataclass(frozen=True, slots=True)
class Header:
    """format: a name that Pillow knows. data: the bytes worth decoding."""

    format: str
    width: int
    height: int
    animated: bool
    data: bytes


def read_header(data: bytes) -> Header | None:
    """The header of a JPEG, PNG, WebP or HEIC file, None for anything else; raises BadHeader for a broken one."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(PNG_SIGNATURE):
            return _png(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        if data[4:8] == b"ftyp":
            return _heic(data)
    except (struct.error, IndexError) as error:
        raise BadHeader("the file ends too early") from error
    return None


def _jpeg(data: bytes) -> Header:
    size: tuple[int, int] | None = None
    scans, at = 0, 2
    for _ in range(_MOST_PARTS):
        marker = _JPEG_MARKER.search(data, at)
        if marker is None:
            raise BadHeader("no end of image")
        kind, at = marker.group(1)[0], marker.end()
        if kind == _JPEG_END:
            break
        if kind in _JPEG_ALONE:
            continue
        if kind in _JPEG_SIZES:
            if size is not None:
                raise BadHeader("two sizes")
            height, width = struct.unpack_from(">HH", data, at + 3)
            size = (width, height)
        scans += kind == _JPEG_SCAN
        at += struct.unpack_from(">H", data, at)[0]
    if size is None or not 0 < scans <= _MOST_SCANS:
        raise BadHeader("no size, no scan or too many scans")
    # What follows the end of the image, such as an archive or a video, is not part of the photo.
    return Header("JPEG", *size, animated=False, data=data[:at])


def _png(data: bytes) -> Header:
    width, height = struct.unpack_from(">II", data, 16)
    animated, kept = False, [PNG_SIGNATURE]
    for kind, chunk in _png_chunks(data):
        animated = animated or kind == b"acTL"
        if kind in _PNG_KEPT:
            kept.append(chunk)
    return Header("PNG", width, height, animated=animated, data=b"".join(kept))


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG_SIGNATURE)
    if data[at + 4 : at + 8] != b"IHDR":
        raise BadHeader("IHDR is not first")
    for _ in range(_MOST_PARTS):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise BadHeader("a chunk is longer than the file")
        yield kind, data[at:end]
        if kind == b"IEND":
            return
        at = end
    raise BadHeader("too many chunks")


def _webp(data: bytes) -> Header:
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        return Header("WEBP", width, height, animated=bool(data[20] & 0x02) or b"ANIM" in data[:4096], data=data)
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return Header("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, animated=False, data=data)
    if kind == b"VP8 ":
        width, height = (value & 0x3FFF for value in struct.unpack_from("<HH", data, 26))
        return Header("WEBP", width, height, animated=False, data=data)
    raise BadHeader("neither VP8, VP8L nor VP8X")


def _heic(data: bytes) -> Header | None:
    length = struct.unpack_from(">I", data)[0]
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(length, 256), 4))}
    if not brands & _HEIC_BRANDS:
        return None
    sizes = [(width, height) for width, height in _heic_sizes(data, 0, len(data), (b"meta", b"iprp", b"ipco"))]
    if not sizes:
        raise BadHeader("no size")
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Header("HEIF", width, height, animated=False, data=data)


def _heic_sizes(data: bytes, start: int, end: int, path: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
    """The sizes of all pictures and tiles that the boxes along ``path`` declare."""
    at = start
    for _ in range(_MOST_PARTS):
        if at + 8 > end:
            return
        length, kind = struct.unpack_from(">I4s", data, at)
        if length < 8:  # to the end of the file or with a 64-bit length: only media data, which comes last
            return
        if path and kind == path[0]:
            # "meta" is a full box: version and flags come before its children.
            yield from _heic_sizes(data, at + (12 if kind == b"meta" else 8), min(at + length, end), path[1:])
        elif not path and kind == b"ispe":
            yield struct.unpack_from(">II", data, at + 12)
        at += length
    raise BadHeader("too many boxes")
