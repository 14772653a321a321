"""The one gate that photos and videos come through.

A photo is judged by its header before anything is decoded, decoded in a limited process, and made anew as bare
JPEG files: nothing of the file that was sent is kept. A video is stored as it is, but for what may tell where and
by whom it was taken. The position of a photo is handed back beside it, so that its author can be asked.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opencity_issues import video_mp4, video_webm
from opencity_issues.photo_headers import BadHeader, Header, read_header
from opencity_issues.photo_sandbox import DecodingFailed, sandbox
from opencity_issues.video_mp4 import BadVideo

MEGABYTE = 1024 * 1024
MAX_PHOTO_BYTES = 10 * MEGABYTE
MAX_PHOTO_PIXELS = 40_000_000
MAX_PHOTO_SIDE = 30_000
MAX_VIDEO_BYTES = 50 * MEGABYTE
SIZES: Mapping[str, int] = MappingProxyType({"original": 2560, "large": 1600, "medium": 800, "thumb": 240})
"""Longest side in pixels of each file that is made of a photo."""

_REASONS: Mapping[str, Promise | str] = {
    "empty": _("The file is empty."),
    "photo_too_big": _("The photo is larger than 10 MB. Please choose a smaller one."),
    "video_too_big": _("The video is larger than 50 MB. Please choose a shorter one."),
    "not_a_photo": _("This is not a photo in the format JPEG, PNG, WebP or HEIC."),
    "not_a_video": _("This is not a video in the format MP4 or WebM."),
    "too_many_pixels": _("The photo has more than 40 megapixels. Please choose a smaller one."),
    "animated": _("Animated pictures cannot be accepted. Please choose a still photo or a video."),
    "damaged": _("The file is damaged. Please choose another one."),
}


class MediaRefused(Exception):
    """A file that did not pass. ``code`` is for programs, ``message`` (translated when shown) for its sender."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = _REASONS[code]

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, slots=True)
class Rendition:
    """One JPEG file made of a photo, without any metadata; sides in pixels."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SanitisedPhoto:
    """position: longitude and latitude from the photo's EXIF, not in any of the files; ask before using it."""

    renditions: Mapping[str, Rendition]
    position: tuple[float, float] | None
    content_type: str = "image/jpeg"

    def __getitem__(self, size: str) -> Rendition:
        return self.renditions[size]


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A video to store. data: the file, as long as it was, with what could tell a place overwritten."""

    data: bytes
    content_type: str
    extension: str


def sanitise_photo(source: bytes | IO[bytes], sizes: Mapping[str, int] = SIZES) -> SanitisedPhoto:
    """Make bare JPEG files of a photo in the given sizes (trust: nothing hidden in it survives).

    Raises MediaRefused: empty, photo_too_big, not_a_photo, too_many_pixels, animated, damaged.
    """
    header = _photo_header(_read(source, MAX_PHOTO_BYTES, "photo_too_big"))
    if header.animated:
        raise MediaRefused("animated")
    if not header.width or not header.height:
        raise MediaRefused("damaged")
    if header.width * header.height > MAX_PHOTO_PIXELS or max(header.width, header.height) > MAX_PHOTO_SIDE:
        raise MediaRefused("too_many_pixels")
    try:
        decoded = sandbox.decode(header.data, header.format, sizes, MAX_PHOTO_PIXELS)
    except DecodingFailed as error:
        raise MediaRefused("damaged") from error
    renditions = {name: Rendition(data, width, height) for name, (width, height, data) in decoded.files.items()}
    return SanitisedPhoto(MappingProxyType(renditions), decoded.position)


def check_video(source: bytes | IO[bytes]) -> VideoInfo:
    """Check a video by its content and blank in place what could tell where or by whom it was taken.

    Of MP4 (and QuickTime, its parent) stay the boxes that playing needs and the pictures and sound they point
    at; of WebM the tags, chapters, attachments and title go. What a camera hides inside the compressed
    pictures themselves is not looked for. Raises MediaRefused: empty, video_too_big, not_a_video, damaged.
    """
    data = bytearray(_read(source, MAX_VIDEO_BYTES, "video_too_big"))
    try:
        if video_mp4.is_mp4(data):
            video_mp4.clean(data)
            return VideoInfo(bytes(data), "video/mp4", "mp4")
        if video_webm.is_webm(data):
            video_webm.clean(data)
            return VideoInfo(bytes(data), "video/webm", "webm")
    except BadVideo as error:
        raise MediaRefused("damaged") from error
    raise MediaRefused("not_a_video")


def _photo_header(data: bytes) -> Header:
    try:
        header = read_header(data)
    except BadHeader as error:
        raise MediaRefused("damaged") from error
    if header is None:
        raise MediaRefused("not_a_photo")
    return header


def _read(source: bytes | IO[bytes], most: int, too_big: str) -> bytes:
    """The whole file, of which never more than one byte too many is read."""
    stream = io.BytesIO(source) if isinstance(source, bytes | bytearray | memoryview) else source
    if stream.seekable():
        stream.seek(0)
    data = stream.read(most + 1)
    if not data:
        raise MediaRefused("empty")
    if len(data) > most:
        raise MediaRefused(too_big)
    return data
