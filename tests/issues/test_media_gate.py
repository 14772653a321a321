"""What comes through the gate, what does not, and that nothing hidden in a photo or a video comes with it."""

import io
import json
import os
import signal
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from opencity_issues import photo_sandbox
from opencity_issues.media_gate import MAX_VIDEO_BYTES, SIZES, MediaRefused, check_video, sanitise_photo
from opencity_issues.photo_headers import BadHeader, read_header
from tests.issues import media_samples as samples
from tests.issues.media_samples import CANARY, KNOWN_PLACE, box, element, encoded, exif_of, full_box, photo, png, track

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


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("canary.html", CANARY)
    return out.getvalue()


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
        ((4000, 3000), {"original": (2560, 1920), "large": (1600, 1200), "medium": (800, 600), "thumb": (320, 240)}),
        ((3000, 4000), {"original": (1920, 2560), "large": (1200, 1600), "medium": (600, 800), "thumb": (240, 320)}),
        ((1000, 500), {"original": (1000, 500), "large": (1000, 500), "medium": (800, 400), "thumb": (320, 160)}),
        ((100, 60), {"original": (100, 60), "large": (100, 60), "medium": (100, 60), "thumb": (100, 60)}),
        ((20_000, 3), {"original": (2560, 1), "large": (1600, 1), "medium": (800, 1), "thumb": (320, 1)}),
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
    assert max(image.getpixel((100, 66))) < 60 < 150 < min(image.getpixel((1, 1)))


def test_a_cmyk_photo_keeps_its_colours():
    image = opened(sanitise_photo(encoded(Image.new("RGB", (90, 90), "red").convert("CMYK"), "JPEG"), SMALL)["large"])
    red, green, blue = image.getpixel((45, 45))
    assert red > 200 > 80 > max(green, blue)


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
        ({**samples.GPS_TAGS, 2: "north"}, None),
        ({**samples.GPS_TAGS, 2: (float("nan"), 0.0, 0.0)}, None),
        (None, None),
    ],
)
def test_the_place_of_a_photo(tags, position):
    assert sanitise_photo(photo(size=(50, 50), exif=exif_of(tags)), SMALL).position == position


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
    "JPEG with more pixels than data": (lambda: samples.jpeg_claiming(6000, 6000), "damaged"),
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
    "a ZIP behind a JPEG": lambda: photo() + zipped(),
    "HTML in a JPEG's comment": lambda: photo(comment=b"<script>alert(1)</script>" + CANARY),
    "HTML behind a PNG": lambda: samples.small_png() + b"<script>" + CANARY,
    "HTML in a PNG's text": lambda: samples.small_png((b"tEXt", b"Comment\0<script>" + CANARY)),
    "a PNG's text of a gigabyte": lambda: samples.small_png((b"zTXt", b"Comment\0\0" + samples.deflated_zeros(1024))),
    "international text of a gigabyte": lambda: samples.small_png(
        (b"iTXt", b"Comment\0\1\0\0\0" + samples.deflated_zeros(1024))
    ),
    "a PNG with too much data": lambda: png(
        samples.png_head(8, 8), (b"IDAT", samples.deflated_zeros(1024)), (b"IEND", b"")
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_hides_in_a_good_photo_does_not_come_through(name):
    for rendition in sanitise_photo(HARMLESS[name](), SMALL).renditions.values():
        assert segments(rendition.data) <= BARE_SEGMENTS
        for payload in (CANARY, b"<script", b"PK\x03\x04"):
            assert payload not in rendition.data


MEASURE = """
import json, resource, struct, sys, time
from opencity_issues.media_gate import MediaRefused, sanitise_photo
from opencity_issues.photo_sandbox import sandbox

def memory():
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    process = sandbox._process
    lines = open(f"/proc/{process.pid}/status").read().splitlines() if process and process.poll() is None else []
    return own + sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

with open(sys.argv[1], "rb") as file:
    names = json.loads(file.readline())
    for name, length in names:
        data = file.read(length)
        before, start = memory(), time.process_time()
        try:
            sanitise_photo(data)
            code = ""
        except MediaRefused as refusal:
            code = refusal.code
        print(json.dumps([name, code, time.process_time() - start, (memory() - before) / 1024]), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
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


def test_a_profile_of_a_gigabyte_is_not_unfolded():
    bomb = samples.small_png((b"iCCP", b"profile\0\0" + samples.deflated_zeros(1024)))
    with pytest.raises(MediaRefused, match="damaged"):
        sanitise_photo(bomb)


@given(st.data())
def test_no_header_is_read_with_another_error(data):
    whole = data.draw(st.sampled_from([photo(size=(9, 9)), samples.small_png(), photo("WEBP", (9, 9)), HEIC]))
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_header(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    except BadHeader:
        pass


HEIC = samples.heic((64, 64))


def test_an_uploaded_file_is_read_from_its_beginning():
    upload = SimpleUploadedFile("photo.jpg", photo(), content_type="image/jpeg")
    upload.read(100)
    assert sanitise_photo(upload, SMALL)["large"].width == 200


def decoder():
    """The process that decodes now."""
    sanitise_photo(photo(size=(9, 9)), SMALL)
    return photo_sandbox.sandbox._process


def test_the_decoder_is_limited_and_knows_no_secrets(monkeypatch):
    photo_sandbox.sandbox.stop()
    monkeypatch.setenv("SECRET_KEY", "canary")
    process = Path(f"/proc/{decoder().pid}")
    assert set((process / "environ").read_bytes().split(b"=")[0:1]) == {b"PYTHONPATH"}
    assert b"canary" not in (process / "environ").read_bytes()
    limits = (process / "limits").read_text()
    assert f"Max address space         {1 << 30}" in limits
    assert "Max file size             0 " in limits


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_decoder_that_ended_is_started_again(sent):
    process = decoder()
    process.send_signal(sent)
    process.wait()
    assert sanitise_photo(photo(), SMALL)["large"].width == 200


def test_a_decoder_that_hangs_is_ended(monkeypatch):
    process = decoder()
    monkeypatch.setattr(photo_sandbox, "SECONDS", 0.3)
    process.send_signal(signal.SIGSTOP)
    with pytest.raises(MediaRefused, match="damaged"):
        sanitise_photo(photo(), SMALL)
    monkeypatch.undo()
    assert process.poll() is not None
    assert sanitise_photo(photo(), SMALL)["large"].width == 200


def test_a_decoder_is_replaced_after_many_photos(monkeypatch):
    first = decoder()
    monkeypatch.setattr(photo_sandbox, "PHOTOS", 1)
    second = decoder()
    assert first.pid != second.pid
    assert first.poll() is not None


# Videos


def test_nothing_of_an_mp4_tells_where_it_was_made():
    data = samples.talkative_mp4()
    video = check_video(data)
    assert (video.content_type, video.extension) == ("video/mp4", "mp4")
    assert CANARY in data
    assert CANARY not in video.data
    assert len(video.data) == len(data)


def test_pictures_and_sound_of_an_mp4_stay_where_they_are():
    data = samples.talkative_mp4()
    cleaned = check_video(data).data
    for part in (samples.PICTURES, samples.SOUND, samples.FTYP):
        assert cleaned.index(part) == data.index(part)
    movie = data.index(b"moov")
    assert cleaned[movie : movie + 4] == b"moov"
    assert cleaned.count(b"trak") == 2
    assert cleaned.count(b"stsz") == 2
    assert check_video(cleaned).data == cleaned, "what is clean stays as it is"


def movie(*tracks, media=samples.PICTURES, more=b""):
    return samples.FTYP + box(b"mdat", media) + box(b"moov", full_box(b"mvhd", bytes(96)), *tracks) + more


AT = len(samples.FTYP) + 8

GOOD_VIDEOS = {
    "brands": [samples.FTYP[:8] + brand + samples.FTYP[12:] + movie(track(b"vide", [(AT, [300])]))[len(samples.FTYP) :]
               for brand in (b"isom", b"mp42", b"iso6", b"qt  ", b"M4V ")],
    "fragments": [samples.fragmented_mp4()],
    "samples of one size": [movie(track(b"vide", [(AT, [9] * 300)], same_size=1))],
    "media data to the end of the file": [
        samples.FTYP + box(b"moov", track(b"vide", [])) + struct.pack(">I4s", 0, b"mdat") + bytes(50)
    ],
    "64-bit length": [
        samples.FTYP + box(b"moov", track(b"vide", [])) + struct.pack(">I4sQ", 1, b"mdat", 66) + bytes(50)
    ],
    "WebM": [samples.talkative_webm(open_ended=False)],
    "WebM of unknown length": [samples.talkative_webm(open_ended=True)],
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD_VIDEOS)
def test_good_videos(name):
    for data in GOOD_VIDEOS[name]:
        video = check_video(data)
        assert len(video.data) == len(data)
        assert CANARY not in video.data
        assert video.data.count(samples.PICTURES) == data.count(samples.PICTURES)


def test_sound_that_counts_samples_in_other_units_is_kept():
    """QuickTime's uncompressed sound says "1" for the size of each sample, whatever its bytes."""
    data = movie(track(b"soun", [(AT, [1] * 50), (AT + 200, [1] * 50)], same_size=1))
    assert samples.PICTURES in check_video(data).data


@pytest.mark.parametrize("open_ended", [False, True])
def test_nothing_of_a_webm_tells_where_it_was_made(open_ended):
    data = samples.talkative_webm(open_ended=open_ended)
    video = check_video(data)
    assert (video.content_type, video.extension) == ("video/webm", "webm")
    assert CANARY not in video.data
    assert video.data.index(samples.BLOCK) == data.index(samples.BLOCK)
    assert video.data.count(samples.BLOCK) == 2
    assert check_video(video.data).data == video.data


def refused_movies():
    good = track(b"vide", [(AT, [300])])
    yield "nothing", b"", "empty"
    yield "ZIP", zipped(), "not_a_video"
    yield "playlist", b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://169.254.169.254/\n", "not_a_video"
    yield "concatenation", b"ffconcat version 1.0\nfile /etc/passwd\n", "not_a_video"
    yield "HTML", b"<!doctype html><script>alert(1)</script>", "not_a_video"
    yield "JPEG", photo(), "not_a_video"
    yield "HEIC", HEIC, "not_a_video"
    yield "AVI", b"RIFF\0\0\0\0AVI LIST", "not_a_video"
    yield "Matroska", samples.webm(samples.TRACKS, doctype=b"matroska"), "not_a_video"
    yield "too big", samples.FTYP + bytes(MAX_VIDEO_BYTES), "video_too_big"
    yield "only a head", samples.FTYP, "damaged"
    yield "cut off", movie(good)[:-20], "damaged"
    yield "ZIP behind", movie(good, more=zipped()), "damaged"
    yield "a box of 4 GB", samples.FTYP + b"\xff\xff\xff\xffmdat" + box(b"moov", good), "damaged"
    yield "a box of 2⁶³", samples.FTYP + struct.pack(">I4sQ", 1, b"mdat", 1 << 63) + box(b"moov", good), "damaged"
    yield "a box without its head", samples.FTYP + struct.pack(">I4s", 4, b"mdat") + box(b"moov", good), "damaged"
    yield "two movies", movie(good, more=box(b"moov", good)), "damaged"
    yield "no media data", samples.FTYP + box(b"moov", good), "damaged"
    yield "no tracks", movie(), "damaged"
    yield "telemetry only", movie(track(b"meta", [(AT, [300])])), "damaged"
    yield "media elsewhere", movie(track(b"vide", [(AT, [300])], local=False)), "damaged"
    yield "fragments with telemetry", samples.fragmented_mp4(b"meta"), "damaged"
    yield "many boxes", samples.FTYP + box(b"free") * 200_000 + box(b"moov", good), "damaged"
    yield "many media boxes", movie(good, more=box(b"mdat") * 100), "damaged"
    yield "too many samples", movie(good).replace(b"stsz" + bytes(8), b"stsz" + bytes(8) + b"\xff", 1)[:-1], "damaged"
    yield (
        "chunks out of order",
        movie(good).replace(struct.pack(">IIII", 1, 1, 1, 1), struct.pack(">IIII", 1, 9, 1, 1)),
        "damaged",
    )
    yield "WebM cut off", samples.talkative_webm(open_ended=False)[:-20], "damaged"
    yield "WebM with ZIP behind", samples.webm(samples.TRACKS) + zipped(), "damaged"
    yield "WebM without tracks", samples.webm(samples.INFO), "damaged"
    yield "WebM with captions", samples.webm(element(0x1654AE6B, element(0xAE, element(0x83, b"\x11")))), "damaged"
    yield "WebM with a bare track", samples.webm(element(0x1654AE6B, element(0xAE))), "damaged"
    yield "WebM of unknown tracks", samples.webm(element(0x1654AE6B, open_ended=True)), "damaged"
    yield "WebM of many elements", samples.webm(samples.TRACKS, element(0xE7, short=True) * 500_000), "damaged"
    yield "EBML of zeros", bytes.fromhex("1a45dfa3") + bytes(99), "not_a_video"


@pytest.mark.parametrize(("data", "code"), [pytest.param(*rest, id=name) for name, *rest in refused_movies()])
def test_refused_videos(data, code):
    with pytest.raises(MediaRefused) as refusal:
        check_video(data)
    assert refusal.value.code == code


@given(st.data())
def test_no_video_is_read_with_another_error(data):
    whole = data.draw(st.sampled_from([samples.talkative_mp4(), samples.talkative_webm(open_ended=True)]))
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(0, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert len(check_video(bytes(damaged)).data) == len(damaged)
    except MediaRefused:
        pass
