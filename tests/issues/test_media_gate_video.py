"""What comes through the gate of videos, and that it tells neither where nor by whom it was taken."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencity_issues.media_gate import MAX_VIDEO_BYTES, MediaRefused, check_video
from tests.issues import media_samples as samples
from tests.issues.media_samples import CANARY, box, element, full_box, heic, photo, track, zipped


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
    yield "HEIC", heic(), "not_a_video"
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
    with suppress(MediaRefused):
        assert len(check_video(bytes(damaged)).data) == len(damaged)
