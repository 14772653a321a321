"""Photos and videos made for tests of the gate: honest ones, ones that tell too much, and bombs."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pillow_heif import from_pillow

CANARY = b"+51.3416+025.8503/canary"
KNOWN_PLACE = (25.850278, 51.341667)
GPS_TAGS = {1: "N", 2: (51.0, 20.0, 30.0), 3: "E", 4: (25.0, 51.0, 1.0)}
ORIENTATION, SOFTWARE, MAKE, GPS = 0x0112, 0x0131, 0x010F, 0x8825


def exif_of(gps: Mapping[int, object] | None = None, orientation: int | None = None) -> Image.Exif:
    exif = Image.Exif()
    exif[MAKE] = CANARY.decode()
    if orientation:
        exif[ORIENTATION] = orientation
    if gps:
        exif.get_ifd(GPS).update(gps)
    return exif


def picture(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Image.Image:
    """Something with shapes, so that encoders have work to do."""
    grey = Image.radial_gradient("L").resize(size)
    return grey.convert("I").point(lambda value: value * 257).convert(mode) if mode == "I;16" else grey.convert(mode)


def encoded(image: Image.Image, image_format: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, image_format, **options)
    return out.getvalue()


def photo(
    image_format: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: object
) -> bytes:
    return encoded(picture(size, mode), image_format, **options)


def heic(size: tuple[int, int] = (640, 480), exif: Image.Exif | None = None) -> bytes:
    heif = from_pillow(picture(size))
    out = io.BytesIO()
    heif.save(out, format="HEIF", exif=exif.tobytes() if exif else None)
    return out.getvalue()


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("canary.html", CANARY)
    return out.getvalue()


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = (
        struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def png_head(width: int, height: int, depth: int = 8, colour: int = 2) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)


def small_png(*more: tuple[bytes, bytes]) -> bytes:
    """A white 8×8 picture with more chunks before its data."""
    rows = zlib.compress((b"\0" + b"\xff" * 24) * 8)
    return png(png_head(8, 8), *more, (b"IDAT", rows), (b"IEND", b""))


@lru_cache
def deflated_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


def jpeg_claiming(width: int, height: int) -> bytes:
    """A real JPEG whose head claims another size."""
    data = bytearray(photo(size=(64, 64)))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_of_many_scans(count: int) -> bytes:
    """A progressive JPEG that asks for the same scan again and again."""
    data = photo(size=(64, 64), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"


def heic_claiming(width: int, height: int) -> bytes:
    data = heic()
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def webp_head(width: int, height: int) -> bytes:
    body = (
        b"VP8X"
        + struct.pack("<I", 10)
        + bytes(4)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full_box(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", flags), *parts)


def table(kind: bytes, *rows: tuple[int, ...], letter: str = "I") -> bytes:
    packed = (struct.pack(f">{len(row)}{letter}", *row) for row in rows)
    return full_box(kind, struct.pack(">I", len(rows)), *packed)


def track(
    handler: bytes,
    chunks: list[tuple[int, list[int]]],
    *extra: bytes,
    same_size: int = 0,
    wide: bool = False,
    local: bool = True,
) -> bytes:
    """A track whose chunks are (offset in the file, sizes of its samples)."""
    sizes = [size for _, samples in chunks for size in samples]
    offsets = (
        table(b"co64", *((at,) for at, _ in chunks), letter="Q")
        if wide
        else table(b"stco", *((at,) for at, _ in chunks))
    )
    stsz = full_box(
        b"stsz", struct.pack(">II", same_size, len(sizes)), *(b"" if same_size else struct.pack(">I", s) for s in sizes)
    )
    stsc = table(b"stsc", *((number, len(samples), 1) for number, (_, samples) in enumerate(chunks, 1)))
    stbl = box(b"stbl", full_box(b"stsd", bytes(4)), table(b"stts"), stsc, stsz, offsets)
    dref = full_box(
        b"dref", struct.pack(">I", 1), full_box(b"url ", b"" if local else b"http://example.com/\0", flags=int(local))
    )
    minf = box(b"minf", full_box(b"vmhd", bytes(8)), box(b"dinf", dref), stbl)
    hdlr = full_box(b"hdlr", bytes(4), handler, bytes(12), b"name\0")
    return box(b"trak", full_box(b"tkhd", bytes(80)), box(b"mdia", full_box(b"mdhd", bytes(20)), hdlr, minf), *extra)


FTYP = box(b"ftyp", b"isom", struct.pack(">I", 512), b"isommp42")
PICTURES, SOUND = random.Random(1).randbytes(300), random.Random(2).randbytes(200)


def talkative_mp4() -> bytes:
    """A video that tells where it was made in every way that cameras are known to use."""
    at = len(FTYP) + 8
    pictures, gap, sound = at, at + 300, at + 300 + len(CANARY)
    telemetry = sound + 200
    rest = telemetry + len(CANARY)
    mdat = box(b"mdat", PICTURES, CANARY, SOUND, CANARY, CANARY)
    assert gap < sound < telemetry < rest
    udta = box(b"udta", box(b"\xa9xyz", CANARY), full_box(b"loci", CANARY), full_box(b"meta", box(b"ilst", CANARY)))
    movie = box(
        b"moov",
        full_box(b"mvhd", bytes(96)),
        track(b"vide", [(pictures, [100, 50]), (pictures + 150, [150])], udta, full_box(b"meta", CANARY)),
        track(b"soun", [(sound, [100, 100])], box(b"uuid", CANARY), wide=True),
        track(b"meta", [(telemetry, [len(CANARY)])]),
        track(b"text", [(rest, [len(CANARY)])]),
        udta,
        full_box(b"meta", box(b"keys", CANARY), box(b"ilst", CANARY)),
        box(b"gps ", CANARY),
    )
    return FTYP + mdat + box(b"free", CANARY) + movie + box(b"uuid", CANARY) + box(b"XMP_", CANARY)


def fragmented_mp4(handler: bytes = b"soun") -> bytes:
    movie = box(b"moov", full_box(b"mvhd", bytes(96)), track(b"vide", []), track(handler, []), box(b"udta", CANARY))
    moof = box(b"moof", full_box(b"mfhd", bytes(4)), box(b"traf", full_box(b"tfhd", bytes(4)), box(b"uuid", CANARY)))
    return FTYP + movie + moof + box(b"mdat", PICTURES) + box(b"emsg", CANARY)


def element(number: int, *parts: bytes, open_ended: bool = False, short: bool = False) -> bytes:
    body = b"".join(parts)
    name = number.to_bytes((number.bit_length() + 7) // 8)
    if open_ended:
        return name + b"\x01" + b"\xff" * 7 + body
    return name + (bytes([0x80 | len(body)]) if short else (1 << 56 | len(body)).to_bytes(8)) + body


def ebml_head(doctype: bytes = b"webm") -> bytes:
    return element(0x1A45DFA3, element(0x4286, b"\x01"), element(0x4282, doctype, short=True))


BLOCK = element(0xA3, b"\x81\0\0\x80", PICTURES)
TRACKS = element(0x1654AE6B, element(0xBF, bytes(4)), element(0xAE, element(0xD7, b"\1"), element(0x83, b"\1")))
INFO = element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40"), element(0x7BA9, CANARY, short=True))


def webm(*parts: bytes, open_ended: bool = False, doctype: bytes = b"webm") -> bytes:
    return ebml_head(doctype) + element(0x18538067, *parts, open_ended=open_ended)


def talkative_webm(*, open_ended: bool) -> bytes:
    """Tags, chapters, attachments, a title and leftovers, each with the place."""
    return webm(
        element(0xBF, bytes(4)),
        element(0x114D9B74, b"seek"),
        element(0xEC, CANARY * 10),
        INFO,
        TRACKS,
        element(0x1254C367, element(0x7373, element(0x67C8, CANARY))),
        element(0x1941A469, CANARY * 20),
        element(0x1043A770, CANARY, short=True),
        element(0x1F43B675, element(0xE7, b"\0"), BLOCK, open_ended=open_ended),
        element(0x1F43B675, element(0xE7, b"\1"), BLOCK, open_ended=open_ended),
        element(0x1254C367, CANARY),
        open_ended=open_ended,
    )


def uploaded(name: str = "photo.jpg") -> SimpleUploadedFile:
    """A photo as a browser sends it."""
    return SimpleUploadedFile(name, photo("JPEG"), content_type="image/jpeg")
