"""The process that decodes photos: it is told nothing, may use little, and hands plain JPEG files back.

Started as a script by `photo_sandbox.py` and never imported by the web process: it stands alone, without Django.
A request is ``>I`` the length of a JSON head, ``>Q`` the length of the file, the head and the file; an answer
is ``>I`` the length of a JSON head, the head, and the files one after another.
"""

import io
import json
import math
import select
import struct
import sys
from collections.abc import Iterator

from PIL import Image, ImageCms

try:
    import resource
except ImportError:  # not on Windows, where the limits below are left out
    resource = None

MEMORY = 1 << 30  # bytes of address space
SECONDS = 20  # of processor time for one photo
IDLE = 120  # seconds without work after which the process ends
BAND = 4_000_000  # pixels that are converted at once
ORIENTATION, GPS = 0x0112, 0x8825
JPEG_QUALITY = 84
THUMB_QUALITY = 54  # a list shows twenty of them, on telephones at half their size


def main() -> None:
    """Answer requests until the other side closes the pipe or nothing comes for a while."""
    if resource:
        for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
            resource.setrlimit(limit, (value, value))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while select.select([source], [], [], IDLE)[0] and (head := source.read(12)):
        head_length, length = struct.unpack(">IQ", head)
        request = json.loads(source.read(head_length))
        _allow_seconds()
        for part in _answer(request, source.read(length)):
            sink.write(part)
        sink.flush()


def _allow_seconds() -> None:
    if resource:
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = math.ceil(used.ru_utime + used.ru_stime) + SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def _answer(request: dict, data: bytes) -> Iterator[bytes]:
    problem, position, files = "", None, []
    try:
        position, files = convert(data, request["format"], request["sizes"], request["pixels"])
    except Exception as error:  # noqa: BLE001  whatever a decoder raises, the photo is refused
        problem = type(error).__name__
    listed = [(name, width, height, len(content)) for name, width, height, content in files]
    head = json.dumps({"problem": problem, "position": position, "files": listed}).encode()
    yield struct.pack(">I", len(head)) + head
    yield from (content for *_, content in files)


def convert(
    data: bytes, image_format: str, sizes: dict[str, int], most_pixels: int
) -> tuple[tuple[float, float] | None, list[tuple[str, int, int, bytes]]]:
    """The place (longitude, latitude) named in the photo, and the photo in each size, upright and bare.

    ``sizes`` gives the longest side in pixels for each name. A small photo is never enlarged.
    """
    Image.MAX_IMAGE_PIXELS = most_pixels
    if image_format == "HEIF":
        from pillow_heif import register_heif_opener  # memory and time that other photos need not pay

        register_heif_opener(thumbnails=False)
    largest = max(sizes.values())
    with Image.open(io.BytesIO(data), formats=[image_format]) as image:
        if image.width * image.height > most_pixels:
            raise ValueError("more pixels than the header said")
        share = min(1.0, largest / max(image.size))
        # A JPEG can be decoded at a half, a quarter or an eighth of its size.
        image.draft(None, (math.ceil(image.width * share), math.ceil(image.height * share)))
        image.load()
        exif = image.getexif()
        orientation, position = exif.get(ORIENTATION, 1), place(exif)
        small = in_srgb(shrunk(image, largest), image.info.get("icc_profile"))
    return position, list(_sized(turned(small, orientation), sizes))


def _sized(image: Image.Image, sizes: dict[str, int]) -> Iterator[tuple[str, int, int, bytes]]:
    for name, side in sorted(sizes.items(), key=lambda item: -item[1]):
        image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=THUMB_QUALITY if name == "thumb" else JPEG_QUALITY, optimize=name == "thumb")
        yield name, image.width, image.height, out.getvalue()


def shrunk(image: Image.Image, largest: int) -> Image.Image:
    """The image on white and without a palette, its longest side below twice ``largest``.

    It is taken band by band: whole, each step would cost four bytes a pixel.
    """
    factor = max(1, max(image.size) // largest)
    rows = factor * max(1, BAND // (image.width * factor))
    small = None
    for top in range(0, image.height, rows):
        band = flat(image.crop((0, top, image.width, min(top + rows, image.height)))).reduce(factor)
        if small is None:
            small = Image.new(band.mode, (band.width, math.ceil(image.height / factor)))
        small.paste(band, (0, top // factor))
    return small


def flat(image: Image.Image) -> Image.Image:
    """The same picture in mode L, RGB or CMYK: what is transparent becomes white."""
    if image.mode.startswith("I") or image.mode == "F":
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in {"LA", "La", "PA", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the web takes them; a profile that cannot be read is ignored. Nothing of ``info`` is kept."""
    result = None
    if profile:
        try:
            result = ImageCms.profileToProfile(
                image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            result = None
    result = result or image.convert("RGB")
    result.info = {}
    return result


def turned(image: Image.Image, orientation: object) -> Image.Image:
    """The picture as the camera was held, by the EXIF value 1–8."""
    method = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return image if method is None else image.transpose(method)


def place(exif: Image.Exif) -> tuple[float, float] | None:
    """Longitude and latitude in degrees; None where the camera wrote none, or no such place exists."""
    try:
        tags = exif.get_ifd(GPS)
        latitude, longitude = _degrees(tags[2], tags[1] == "S"), _degrees(tags[4], tags[3] == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError, SyntaxError):
        return None
    exists = abs(latitude) <= 90 and abs(longitude) <= 180  # false for NaN too
    # Cameras without a fix write zeros.
    return (round(longitude, 6), round(latitude, 6)) if exists and (latitude or longitude) else None


def _degrees(parts: tuple, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if negative else value


if __name__ == "__main__":
    main()
