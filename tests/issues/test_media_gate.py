"""What comes through the gate, what does not, and that nothing hidden in a photo or a video comes with it."""

import io
import json
import os
import struct
import subprocess
import sys
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from opencity_issues.media_gate import SIZES, MediaRefused, sanitise_photo
from opencity_issues.photo_headers import BadHeader, read_header
from tests.issues import media_samples as samples
from tests.issues.media_samples import CANARY, KNOWN_PLACE, box, encoded, exif_of, photo, png, zipped

SMALL = {"large": 200, "thumb": 50}
# JFIF head, tables, frame and scan: what a picture needs, no EXIF (E1), XMP (E1), ICC (E2), IPTC (ED) or comment (FE).
BARE_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}


def opened(rendition):
    return Image.open(io.BytesIO(rendition.data), formats=["JPEG"])


def segments(data):
    """Kinds of the segments of a JPEG before its scan."""
    at, kinds = 2, set()
    while data[at + 1] != 0xDA:
        kinds.add(data[at + 1])
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return kinds | {0xDA}


TALKATIVE = {
    "JPEG": lambda: photo("JPEG", exif=exif_of(samples.GPS_TAGS), comment=CANARY, xmp=b"<x>" + CANARY + b"</x>"),
    "JPEG with pictures behind": lambda: encoded(
        samples.picture(),
        "MPO",
        save_all=True,
        append_images=[samples.picture()],
        exif=exif_of(samples.GPS_TAGS).tobytes(),
    ),
    "PNG": lambda: photo("PNG", exif=exif_of(samples.GPS_TAGS)),
    "WebP": lambda: photo("WEBP", exif=exif_of(samples.GPS_TAGS), xmp=CANARY),
    "HEIC": lambda: samples.heic(exif=exif_of(samples.GPS_TAGS)),
}


@pytest.mark.parametrize("name", TALKATIVE)
def test_a_photo_is_made_anew_without_metadata_and_its_place_handed_beside(name):
    result = sanitise_photo(TALKATIVE[name]())
    assert result.position == KNOWN_PLACE
    assert result.content_type == "image/jpeg"
    assert list(result.renditions) == ["original", "large", "medium", "thumb"]
    for rendition in result.renditions.values():
        assert segments(rendition.data) <= BARE_SEGMENTS
        assert CANARY not in rendition.data
        image = opened(rendition)
        assert image.size == (rendition.width, rendition.height)
        assert not image.getexif()


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), {"original": (2560, 1920), "large": (1600, 1200), "medium": (800, 600), "thumb": (240, 180)}),
        ((3000, 4000), {"original": (1920, 2560), "large": (1200, 1600), "medium": (600, 800), "thumb": (180, 240)}),
        ((1000, 500), {"original": (1000, 500), "large": (1000, 500), "medium": (800, 400), "thumb": (240, 120)}),
        ((100, 60), {"original": (100, 60), "large": (100, 60), "medium": (100, 60), "thumb": (100, 60)}),
        ((20_000, 3), {"original": (2560, 1), "large": (1600, 1), "medium": (800, 1), "thumb": (240, 1)}),
        ((1, 1), {"original": (1, 1), "large": (1, 1), "medium": (1, 1), "thumb": (1, 1)}),
    ],
)
@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
def test_sizes(image_format, size, expected):
    result = sanitise_photo(photo(image_format, size))
    for name, wanted in expected.items():
        rendition = result[name]
        # Decoding at a fraction of the size rounds up, by a pixel at most.
        assert abs(rendition.width - wanted[0]) <= 1, name
        assert abs(rendition.height - wanted[1]) <= 1, name
        assert max(rendition.width, rendition.height) <= SIZES[name]


def test_a_caller_can_ask_for_fewer_sizes():
    result = sanitise_photo(photo(size=(1000, 800)), SMALL)
    assert {name: (part.width, part.height) for name, part in result.renditions.items()} == {
        "large": (200, 160),
        "thumb": (50, 40),
    }


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(image_format, orientation):
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste("red", (0, 0, 30, 20))
    upright.paste("blue", (30, 20, 60, 40))
    turns = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,  # a camera turned clockwise stores the picture turned the other way
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright if orientation == 1 else upright.transpose(turns[orientation])
    quality = {} if image_format == "PNG" else {"quality": 95}
    image = opened(
        sanitise_photo(encoded(stored, image_format, exif=exif_of(orientation=orientation), **quality))["thumb"]
    )
    assert image.size == (60, 40)
    red, blue = image.getpixel((10, 10)), image.getpixel((50, 30))
    assert red[0] > 200
    assert red[2] < 60
    assert blue[2] > 200
    assert blue[0] < 60


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "RGB"])
def test_every_kind_of_pixels(mode):
    image = opened(sanitise_photo(photo("PNG", (300, 200), mode), SMALL)["large"])
    assert (image.mode, image.size) == ("RGB", (200, 133))
    assert max(image.getpixel((100, 66))) < 60
    assert min(image.getpixel((1, 1))) > 150


def test_a_cmyk_photo_keeps_its_colours():
    image = opened(sanitise_photo(encoded(Image.new("RGB", (90, 90), "red").convert("CMYK"), "JPEG"), SMALL)["large"])
    red, green, blue = image.getpixel((45, 45))
    assert red > 200
    assert max(green, blue) < 80


@pytest.mark.parametrize("size", [(90, 90), (900, 900)])
def test_what_is_transparent_becomes_white(size):
    image = opened(sanitise_photo(encoded(Image.new("RGBA", size, (0, 0, 0, 0)), "PNG"), SMALL)["thumb"])
    assert min(image.getpixel((20, 20))) > 250


def test_colours_come_in_srgb():
    lab = ImageCms.createProfile("LAB")
    grey = encoded(
        Image.new("RGB", (50, 50), (90, 90, 90)), "JPEG", icc_profile=ImageCms.ImageCmsProfile(lab).tobytes()
    )
    broken = encoded(Image.new("RGB", (50, 50), (90, 90, 90)), "JPEG", icc_profile=b"not a profile")
    for data in (grey, broken):
        rendition = sanitise_photo(data, SMALL)["thumb"]
        assert all(abs(value - 90) < 5 for value in opened(rendition).getpixel((25, 25))), (
            "a useless profile is ignored"
        )
        assert segments(rendition.data) <= BARE_SEGMENTS


@pytest.mark.parametrize(
    ("tags", "position"),
    [
        (samples.GPS_TAGS, KNOWN_PLACE),
        ({**samples.GPS_TAGS, 1: "S", 3: "W"}, (-KNOWN_PLACE[0], -KNOWN_PLACE[1])),
        ({1: "N", 2: (90.0, 0.0, 0.0), 3: "E", 4: (180.0, 0.0, 0.0)}, (180.0, 90.0)),
        ({**samples.GPS_TAGS, 2: (90.0, 0.0, 1.0)}, None),
        ({**samples.GPS_TAGS, 4: (181.0, 0.0, 0.0)}, None),
        ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, None),
        ({1: "N", 2: (51.0, 20.0, 30.0)}, None),
        ({2: (51.0, 20.0, 30.0), 4: (25.0, 51.0, 0.0)}, None),
        ({**samples.GPS_TAGS, 2: (51.0, 20.0)}, None),
        ({**samples.GPS_TAGS, 2: (float(2**31), 0.0, 0.0)}, None),
        (None, None),
    ],
)
def test_the_place_of_a_photo(tags, position):
    assert sanitise_photo(photo(size=(50, 50), exif=exif_of(tags)), SMALL).position == position


def test_a_place_divided_by_nothing_is_none():
    data = photo(size=(50, 50), exif=exif_of(samples.GPS_TAGS))
    degrees = struct.pack(">II", 51, 1) if b"MM\0*" in data else struct.pack("<II", 51, 1)
    assert degrees in data
    assert sanitise_photo(data.replace(degrees, bytes(8)), SMALL).position is None


REFUSED_PHOTOS = {
    "nothing": (lambda: b"", "empty"),
    "a byte": (lambda: b"\xff", "not_a_photo"),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not_a_photo"),
    "HTML": (lambda: b"<!doctype html><script>alert(1)</script>", "not_a_photo"),
    "GIF": (lambda: photo("GIF"), "not_a_photo"),
    "TIFF": (lambda: photo("TIFF"), "not_a_photo"),
    "BMP": (lambda: photo("BMP"), "not_a_photo"),
    "AVIF": (lambda: photo("AVIF"), "not_a_photo"),
    "JPEG 2000": (lambda: photo("JPEG2000"), "not_a_photo"),
    "PDF": (lambda: photo("PDF"), "not_a_photo"),
    "EPS": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not_a_photo"),
    "ZIP": (zipped, "not_a_photo"),
    "MP4": (samples.talkative_mp4, "not_a_photo"),
    "HTML that begins as JPEG": (lambda: b"\xff\xd8\xff<script>alert(1)</script>", "damaged"),
    "JPEG of 127 megapixels": (lambda: samples.jpeg_claiming(13_000, 9_800), "too_many_pixels"),
    "JPEG of 4 gigapixels": (lambda: samples.jpeg_claiming(65_535, 65_535), "too_many_pixels"),
    "JPEG without size": (lambda: samples.jpeg_claiming(0, 0), "damaged"),
    "JPEG with a thousand scans": (lambda: samples.jpeg_of_many_scans(1000), "damaged"),
    "JPEG cut in half": (lambda: photo()[: len(photo()) // 2], "damaged"),
    "JPEG of a head": (lambda: photo()[:300], "damaged"),
    "PNG of 10⁹ pixels": (lambda: png(samples.png_head(10**9, 1), (b"IEND", b"")), "too_many_pixels"),
    "PNG of 127 megapixels": (
        lambda: png(samples.png_head(13_000, 9_800, 1, 0), (b"IDAT", samples.deflated_zeros(16)), (b"IEND", b"")),
        "too_many_pixels",
    ),
    "PNG without size": (lambda: png(samples.png_head(0, 0), (b"IEND", b"")), "damaged"),
    "PNG without data": (lambda: png(samples.png_head(8, 8), (b"IEND", b"")), "damaged"),
    "PNG cut in half": (lambda: photo("PNG")[: len(photo("PNG")) // 2], "damaged"),
    "PNG with a chunk of 4 GB": (lambda: samples.small_png()[:33] + b"\xff\xff\xff\xffIDAT" + bytes(99), "damaged"),
    "PNG of many chunks": (lambda: png(samples.png_head(8, 8), *[(b"teSt", b"")] * 300_000), "damaged"),
    "APNG": (
        lambda: photo("PNG", save_all=True, append_images=[samples.picture(mode="RGB").rotate(9)] * 3),
        "animated",
    ),
    "APNG of 10⁹ frames": (lambda: samples.small_png((b"acTL", struct.pack(">II", 10**9, 0))), "animated"),
    "animated WebP": (
        lambda: photo("WEBP", save_all=True, append_images=[samples.picture().rotate(9)], duration=100),
        "animated",
    ),
    "WebP of 127 megapixels": (lambda: samples.webp_head(13_000, 9_800), "too_many_pixels"),
    "WebP of a head": (lambda: samples.webp_head(100, 100), "damaged"),
    "WebP cut in half": (lambda: photo("WEBP")[: len(photo("WEBP")) // 2], "damaged"),
    "HEIC of 4 gigapixels": (lambda: samples.heic_claiming(65_535, 65_535), "too_many_pixels"),
    "HEIC of another size": (lambda: samples.heic_claiming(6000, 6000), "damaged"),
    "HEIC cut in half": (lambda: samples.heic()[: len(samples.heic()) // 2], "damaged"),
    "HEIC of a head": (lambda: box(b"ftyp", b"heic", bytes(4)), "damaged"),
    "more than 10 MB": (lambda: photo() + bytes(10 * 1024 * 1024), "photo_too_big"),
}


@pytest.mark.parametrize("name", REFUSED_PHOTOS)
def test_refused_photos(name):
    make, code = REFUSED_PHOTOS[name]
    with pytest.raises(MediaRefused) as refusal:
        sanitise_photo(make())
    assert refusal.value.code == code
    assert str(refusal.value) == str(refusal.value.message) != ""


HARMLESS = {
    "a JPEG with fewer pixels than it says": lambda: samples.jpeg_claiming(6000, 6000),
    "a ZIP behind a JPEG": lambda: photo() + zipped(),
    "HTML in a JPEG's comment": lambda: photo(comment=b"<script>alert(1)</script>" + CANARY),
    "HTML behind a PNG": lambda: samples.small_png() + b"<script>" + CANARY,
    "HTML in a PNG's text": lambda: samples.small_png((b"tEXt", b"Comment\0<script>" + CANARY)),
    "a PNG's text of 300 megabytes": lambda: samples.small_png((b"zTXt", b"Comment\0\0" + samples.deflated_zeros(300))),
    "international text of 300 megabytes": lambda: samples.small_png(
        (b"iTXt", b"Comment\0\1\0\0\0" + samples.deflated_zeros(300))
    ),
    "a PNG with too much data": lambda: png(
        samples.png_head(8, 8), (b"IDAT", samples.deflated_zeros(300)), (b"IEND", b"")
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_hides_in_a_good_photo_does_not_come_through(name):
    for rendition in sanitise_photo(HARMLESS[name](), SMALL).renditions.values():
        assert segments(rendition.data) <= BARE_SEGMENTS
        for payload in (CANARY, b"<script", b"PK\x03\x04"):
            assert payload not in rendition.data


MEASURE = '''
import json, os, resource, sys
from opencity_issues.media_gate import MediaRefused, sanitise_photo
from opencity_issues.photo_sandbox import sandbox

def used():
    """Seconds of processor time and kilobytes at the highest, of this process and the decoder's."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    seconds, memory = own.ru_utime + own.ru_stime, own.ru_maxrss
    process = sandbox._process
    if process and process.poll() is None:
        folder = f"/proc/{process.pid}"
        fields = open(f"{folder}/stat").read().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        lines = open(f"{folder}/status").read().splitlines()
        memory += sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return seconds, memory

with open(sys.argv[1], "rb") as file:
    names = json.loads(file.readline())
    for name, length in names:
        data = file.read(length)
        seconds, memory = used()
        try:
            sanitise_photo(data)
            code = ""
        except MediaRefused as refusal:
            code = refusal.code
        after = used()
        print(json.dumps([name, code, after[0] - seconds, (after[1] - memory) / 1024]), flush=True)
'''


def test_bombs_cost_little_time_and_memory(tmp_path):
    """Less than a second and 200 MB each, the decoder's process included."""
    bombs = [(name, make()) for name, (make, _) in REFUSED_PHOTOS.items() if make()]
    bombs += [(name, make()) for name, make in HARMLESS.items()]
    listed = json.dumps([(name, len(data)) for name, data in bombs]).encode()
    (tmp_path / "bombs").write_bytes(listed + b"\n" + b"".join(data for _, data in bombs))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path / "bombs"], env=environment, capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in process.stdout.splitlines()]
    assert [name for name, *_ in lines] == [name for name, _ in bombs]
    assert [(name, seconds) for name, _, seconds, _ in lines if seconds >= 1] == []
    assert [(name, megabytes) for name, *_, megabytes in lines if megabytes >= 200] == []


def test_a_profile_of_300_megabytes_is_not_unfolded():
    bomb = samples.small_png((b"iCCP", b"profile\0\0" + samples.deflated_zeros(300)))
    with pytest.raises(MediaRefused) as refusal:
        sanitise_photo(bomb)
    assert refusal.value.code == "damaged"


@given(st.data())
def test_no_header_is_read_with_another_error(data):
    whole = data.draw(st.sampled_from([photo(size=(9, 9)), samples.small_png(), photo("WEBP", (9, 9)), HEIC]))
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(BadHeader):
        read_header(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))


HEIC = samples.heic((64, 64))


def test_an_uploaded_file_is_read_from_its_beginning():
    upload = SimpleUploadedFile("photo.jpg", photo(), content_type="image/jpeg")
    upload.read(100)
    assert sanitise_photo(upload, SMALL)["large"].width == 200
