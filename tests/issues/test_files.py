"""Files from the disk to the people: nothing hidden in them, nobody sees what is not public, nothing half is left."""

import io
import struct
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from opencity_issues import tasks
from opencity_issues.actions import take_media
from opencity_issues.actions.contribute import comment
from opencity_issues.actions.correct_issue import withdraw
from opencity_issues.actions.moderate_issue import hide, publish_held, refuse, show_again, take_down
from opencity_issues.models import Draft, IssuePage, Media
from opencity_issues.models.media import SIZES, private_storage
from opencity_issues.procedure.refusals import Missing
from opencity_issues.schedules import RUNS
from tests.factories import person
from tests.issues import media_samples as samples
from tests.issues.media_samples import CANARY, GPS_TAGS, encoded, exif_of, heic, photo, picture
from tests.issues.report_steps import WHERE, fill_in, picture_file, report_with_photo, stored_files

BARE_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
HIDDEN_WORDS = (b"Exif", b"http://ns.adobe.com", b"Photoshop", b"ICC_PROFILE", b"MPF", b"GPS", CANARY)


@pytest.fixture(autouse=True)
def _private_folder(settings, tmp_path):
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path / "private"


def talkative(image_format):
    exif = exif_of(GPS_TAGS)
    if image_format == "HEIC":
        return heic(exif=exif)
    extra = {"comment": CANARY, "xmp": b"<x>" + CANARY + b"</x>"} if image_format == "JPEG" else {}
    return photo(image_format, exif=exif, **extra)


def upload(client, data, name="IMG_0001.jpg", **more):
    file = SimpleUploadedFile(name, data)
    return client.post("/report/files/", {"file": file, **more}, headers={"Accept": "application/json"})


def bytes_of(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_no_file_on_the_disk_carries_metadata(client, town, image_format):
    assert upload(client, talkative(image_format), f"vacation.{image_format.lower()}").status_code == 201
    names = stored_files()
    assert [name.rpartition("/")[2] for name in names] == ["large.jpg", "medium.jpg", "thumb.jpg"]
    for name in names:
        assert "vacation" not in name
        data = private_storage().open(name).read()
        assert kinds_of_segments(data) <= BARE_SEGMENTS
        for word in HIDDEN_WORDS:
            assert word not in data
        image = Image.open(io.BytesIO(data))
        assert not image.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & set(image.info)


def kinds_of_segments(data):
    at, kinds = 2, set()
    while data[at + 1] != 0xDA:
        kinds.add(data[at + 1])
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return kinds


def test_served_sizes_are_the_files_on_the_disk(client, town):
    answer = upload(client, talkative("JPEG")).json()
    media = Media.objects.get(token=answer["token"])
    for size in SIZES:
        served = client.get(media.url(size))
        assert served.status_code == 200
        assert bytes_of(served) == private_storage().open(media.file_name(size)).read()
    assert len(media.token) == 32
    assert media.width
    assert media.height
    assert media.byte_size


REFUSED_FILES = {
    "empty": b"",
    "text": b"GIF89a<script>alert(1)</script>",
    "page": b"<!doctype html><script>alert(1)</script>",
    "drawing": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "archive": samples.zipped(),
    "cut photo": photo("JPEG")[:400],
    "bomb": samples.jpeg_claiming(60_000, 60_000),
    "too large": photo("JPEG") + bytes(11 * 1024 * 1024),
}


@pytest.mark.parametrize("name", REFUSED_FILES)
@pytest.mark.parametrize("language", ["uk", "en"])
def test_refused_file_leaves_nothing_and_says_why(client, town, name, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = upload(client, REFUSED_FILES[name])
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not Media.objects.exists()
    assert not stored_files()


def test_plain_form_tells_each_refused_file_and_keeps_the_good_one(client, town):
    client.post("/report/", WHERE)
    files = [picture_file("good.jpg"), SimpleUploadedFile("bad<b>.jpg", b"nonsense")]
    answer = client.post("/report/photos/", {"files": files}, follow=True)
    page = answer.content.decode()
    assert "bad&lt;b&gt;.jpg" in page
    assert Media.objects.count() == 1
    assert answer.redirect_chain[-1][0] == "/report/photos/"


def test_eleventh_file_is_refused(client, town):
    for _number in range(10):
        assert upload(client, photo("JPEG", (40, 30))).status_code == 201
    answer = upload(client, photo("JPEG", (40, 30)))
    assert answer.status_code == 400
    assert Media.objects.count() == 10
    assert len(stored_files()) == 30


def test_uploads_of_one_address_and_of_one_account_are_bounded(client, town, settings):
    settings.OPENCITY_UPLOADS_PER_HOUR = 3
    cache.clear()
    assert [upload(client, photo("JPEG", (40, 30))).status_code for _number in range(4)] == [201, 201, 201, 409]
    assert upload(Client(), photo("JPEG", (40, 30))).status_code == 409
    client.force_login(town.author)
    assert upload(client, photo("JPEG", (40, 30))).status_code == 201


def test_a_proxys_addresses_are_told_apart_only_where_it_is_trusted(client, town, settings):
    settings.OPENCITY_UPLOADS_PER_HOUR = 1

    def status(address):
        cache.clear() if address is None else None
        file = SimpleUploadedFile("a.jpg", photo("JPEG", (40, 30)))
        headers = {"Accept": "application/json", "X-Forwarded-For": address or "10.0.0.1"}
        return Client().post("/report/files/", {"file": file}, headers=headers).status_code

    assert [status(None), status("10.0.0.2")] == [201, 409]
    settings.OPENCITY_TRUSTED_PROXIES = 1
    assert [status(None), status("10.0.0.2"), status("6.6.6.6, 10.0.0.2")] == [201, 201, 409]


def test_no_room_on_the_disk_is_said_and_leaves_nothing(client, town, monkeypatch):
    storage = private_storage().__class__
    real, calls = storage.save, []

    def save(self, name, content, **more):
        calls.append(name)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        return real(self, name, content, **more)

    monkeypatch.setattr(storage, "save", save)
    assert upload(client, photo("JPEG")).status_code == 400
    assert len(calls) == 3
    assert not Media.objects.exists()
    assert not stored_files()


def test_row_that_cannot_be_written_leaves_no_file(client, town, monkeypatch):
    def fail(self, *args, **kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr(Media, "save", fail)
    with pytest.raises(RuntimeError):
        upload(client, photo("JPEG"))
    assert not stored_files()


# Who sees what


def statuses(media, visitors):
    """The answer to each visitor, the worst of all sizes."""
    answers = {}
    for name, client in visitors.items():
        found = {client.get(media.url(size)).status_code for size in SIZES}
        assert len(found) == 1
        answers[name] = found.pop()
    return answers


@pytest.fixture
def visitors(town):
    """Twelve kinds of visitor with their browsers."""
    left = person("left@city.example")
    membership = town.join(town.ngo, left)
    membership.left_at = timezone.now()
    membership.save()
    people = {
        "author": town.author,
        "neighbour": town.neighbour,
        "worker of the receiver": town.roads_worker,
        "worker of another": town.lighting_worker,
        "controller": town.controller,
        "moderator": town.moderator,
        "former moderator": left,
        "operator": person("operator@city.example", is_superuser=True, is_staff=True),
        "editor": person("editor@city.example", is_staff=True),
        "inactive": person("inactive@city.example", is_active=False),
    }
    browsers = {"stranger": Client(), "stranger with a forged cookie": Client()}
    browsers["stranger with a forged cookie"].cookies["opencity_draft"] = "0:forged"
    for name, user in people.items():
        browsers[name] = Client()
        browsers[name].force_login(user)
    return browsers


def test_published_photo_is_everybodys(client, town, visitors):
    media = report_with_photo(client, town.author).media.get()
    assert set(statuses(media, visitors).values()) == {200}
    answer = visitors["stranger"].get(media.url())
    assert answer["Cache-Control"].startswith("public")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert answer["Content-Type"] == "image/jpeg"
    assert "Last-Modified" not in answer
    assert not visitors["stranger"].cookies.get("sessionid")


def unpublished(town, client, how):
    config = town.city.config
    config.hold_everything = how in {"held", "refused"}
    config.save()
    issue = report_with_photo(client, town.author)
    moderator = {"actor": town.moderator, "organisation": town.ngo}
    if how == "refused":
        refuse(issue, ground="obscene", reason="Є лайка.", **moderator)
    elif how == "taken down":
        take_down(issue, ground="obscene", reason="Є лайка.", **moderator)
    elif how == "withdrawn":
        withdraw(issue, actor=town.author)
    return issue


@pytest.mark.parametrize("how", ["held", "refused", "taken down", "withdrawn"])
def test_unpublished_photo_is_its_authors_the_moderators_and_the_operators(client, town, visitors, how):
    media = unpublished(town, client, how).media.get()
    answers = statuses(media, visitors)
    assert {name for name, status in answers.items() if status == 200} == {"author", "moderator", "operator"}
    assert set(answers.values()) == {200, 404}
    for name in ("stranger", "author"):
        assert "no-store" in visitors[name].get(media.url())["Cache-Control"]


def test_photo_vanishes_with_the_issue_and_comes_back_with_it(client, town, visitors):
    media = report_with_photo(client, town.author).media.get()
    stranger = visitors["stranger"]
    seen = stranger.get(media.url())
    assert stranger.get(media.url(), headers={"If-None-Match": seen["ETag"]}).status_code == 304
    take_down(media.issue, ground="obscene", reason="Є лайка.", actor=town.moderator, organisation=town.ngo)
    gone = stranger.get(media.url(), headers={"If-None-Match": seen["ETag"]})
    assert gone.status_code == 404
    assert gone["Cache-Control"] == "no-store"
    publish_held(IssuePage.objects.get(pk=media.issue_id), actor=town.moderator, organisation=town.ngo)
    assert stranger.get(media.url()).status_code == 200


def test_every_no_is_the_same(client, town, visitors):
    """What is not there cannot be told from what one may not see."""
    media = unpublished(town, client, "held").media.get()
    stranger = visitors["stranger"]
    answers = [stranger.get(address) for address in (media.url(), "/files/" + "0" * 32 + "/large/", "/files/x/y/")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_hidden_photo_is_its_uploaders_and_the_moderators(client, town, visitors):
    media = report_with_photo(client, town.author).media.get()
    hide(media, reason="Обличчя", actor=town.moderator, organisation=town.ngo)
    assert {name for name, status in statuses(media, visitors).items() if status == 200} == {"author", "moderator"}
    show_again(Media.objects.get(pk=media.pk), actor=town.moderator, organisation=town.ngo)
    assert set(statuses(media, visitors).values()) == {200}


def test_photo_of_a_hidden_comment_is_hidden_with_it(client, town, visitors):
    issue = town.issue()
    answer = upload(visitors["neighbour"], photo("JPEG"), **{"for": "comment"})
    token = answer.json()["token"]
    media = Media.objects.get(token=token)
    assert {name for name, status in statuses(media, visitors).items() if status == 200} == {"neighbour"}
    said = comment(issue, "Ось як там.", actor=town.neighbour, media=take_media.waiting_for(town.neighbour, [token]))
    assert set(statuses(media, visitors).values()) == {200}
    hide(said, reason="Образа", actor=town.moderator, organisation=town.ngo)
    assert {name for name, status in statuses(media, visitors).items() if status == 200} == {"neighbour", "moderator"}


def test_drafts_photo_is_for_its_browser_alone(client, town, visitors):
    fill_in(client, files=[picture_file()])
    media = Media.objects.get()
    assert client.get(media.url()).status_code == 200
    assert client.get(media.url())["Cache-Control"] == "no-store, private"
    assert set(statuses(media, visitors).values()) == {404}


def test_sizes_that_are_none(client, town):
    media = report_with_photo(client, town.author).media.get()
    for size in ("original", "video", "..", "large.jpg", "LARGE"):
        assert client.get(f"/files/{media.token}/{size}/").status_code == 404
    assert client.post(media.url()).status_code == 405


def test_one_query_for_a_public_photo(client, town, django_assert_num_queries):
    media = report_with_photo(client, town.author).media.get()
    stranger = Client()
    with django_assert_num_queries(1):
        stranger.get(media.url())


# Video


@pytest.fixture
def video(client, town):
    client.force_login(town.author)
    client.post("/report/", WHERE)
    assert upload(client, samples.talkative_mp4(), "walk.mp4").status_code == 201
    return Media.objects.get()


def test_video_is_kept_without_what_it_tells(client, video):
    assert video.kind == "video"
    assert stored_files() == [video.file_name("video")]
    answer = client.get(video.url())
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Accept-Ranges"] == "bytes"
    assert CANARY not in bytes_of(answer)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=10-", 10, None), ("bytes=-5", -5, None), ("bytes=5-999999999", 5, None)],
)
def test_video_in_ranges(client, video, asked, first, last):
    whole = bytes_of(client.get(video.url()))
    answer = client.get(video.url(), headers={"Range": asked})
    assert answer.status_code == 206
    expected = whole[first:] if last is None else whole[first : last + 1]
    assert bytes_of(answer) == expected
    assert answer["Content-Length"] == str(len(expected))
    assert answer["Content-Range"].endswith(f"/{len(whole)}")


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0", "bytes=9-3", "bytes=-"])
def test_range_that_is_none(client, video, asked):
    assert client.get(video.url(), headers={"Range": asked}).status_code == 416


@pytest.mark.parametrize("asked", ["items=0-3", "bytes=0-3,5-9", "nonsense"])
def test_range_not_understood_gives_the_whole(client, video, asked):
    assert client.get(video.url(), headers={"Range": asked}).status_code == 200


# A photo's place


def test_photos_place_is_asked_for_taken_and_forgotten(client, town):
    client.post("/report/", {"address": "вул. Лісова"})
    answer = upload(client, talkative("JPEG")).json()
    assert answer["question"]
    page = client.get("/report/photos/").content.decode()
    assert 'name="use_place"' in page
    done = client.post(answer["change"], {"action": "use_place"})
    assert done.json()["said"]
    data = Draft.objects.get().data
    assert data["where"] == {**data["where"], "lng": "25.850278", "lat": "51.341667", "address": "вул. Лісова"}
    assert data["places"] == {}
    assert client.get("/report/").context["form"]["lng"].value() == "25.850278"


def test_photos_place_may_be_declined(client, town):
    client.post("/report/", {"address": "вул. Лісова"})
    answer = upload(client, talkative("JPEG")).json()
    client.post("/report/photos/", {"skip_place": answer["token"]})
    data = Draft.objects.get().data
    assert data["places"] == {}
    assert not data["where"]["lng"]
    assert 'value="' + answer["token"] + '">' in client.get("/report/photos/").content.decode()


def test_place_is_not_asked_where_it_says_nothing_new(client, town):
    client.post("/report/", {"lng": "25.8503", "lat": "51.3417"})
    assert not upload(client, talkative("JPEG")).json()["question"]
    far = dict(GPS_TAGS) | {2: (50.0, 27.0, 0.0), 4: (30.0, 31.0, 0.0)}
    client.post("/report/", {"address": "вул. Лісова"})
    assert not upload(client, photo("JPEG", exif=exif_of(far))).json()["question"]
    assert not Draft.objects.get().data.get("places")


def test_distance_to_the_chosen_place_is_told(client, town):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.post("/report/", WHERE)
    assert "320 m" in upload(client, talkative("JPEG")).json()["question"]


# Removing and tidying


def test_file_is_removed_from_the_disk_too(client, town):
    answer = upload(client, photo("JPEG")).json()
    assert client.post(answer["change"], {"action": "remove"}).status_code == 200
    assert not stored_files()
    assert not Media.objects.exists()
    assert client.post(answer["change"], {"action": "remove"}).status_code == 404


def test_files_of_others_and_of_issues_cannot_be_removed(client, town):
    answer = upload(client, photo("JPEG")).json()
    assert Client().post(answer["change"], {"action": "remove"}).status_code == 404
    media = report_with_photo(client, town.author).media.first()
    client.post(f"/report/files/{media.token}/", {"action": "remove"})
    assert Media.objects.filter(pk=media.pk).exists()
    assert not take_media.discard(media)
    assert client.post(answer["change"], {"action": "publish"}).status_code == 404


def test_comments_files_need_an_account_and_come_back_to_it_alone(client, town):
    assert upload(client, photo("JPEG"), **{"for": "comment"}).status_code == 403
    client.force_login(town.author)
    token = upload(client, photo("JPEG"), **{"for": "comment"}).json()["token"]
    assert [one.token for one in take_media.waiting_for(town.author, [token])] == [token]
    assert take_media.waiting_for(town.neighbour, [token]) == []
    assert not Draft.objects.exists()
    assert client.post(f"/report/files/{token}/", {"action": "remove"}).status_code == 200


def test_upload_without_a_file_and_without_a_script(client, town):
    assert client.post("/report/files/", {}, headers={"Accept": "application/json"}).status_code == 400
    answer = client.post("/report/files/", {"files": [picture_file()]})
    assert answer.url == "/report/"  # a photo first: the place comes next
    assert Media.objects.count() == 1


def test_unused_drafts_and_files_go_after_a_day(client, town):
    used = report_with_photo(client, town.author).media.get()
    fill_in(Client(), files=[picture_file()])
    client.force_login(town.neighbour)
    upload(client, photo("JPEG"), **{"for": "comment"})
    now = timezone.now()
    assert take_media.tidy_drafts(now + timedelta(hours=23))["files"] == 0
    done = take_media.tidy_drafts(now + timedelta(hours=25))
    assert (done["files"], done["drafts"]) == (2, 2)
    assert list(Media.objects.all()) == [used]
    assert len(stored_files()) == len(SIZES)
    assert take_media.tidy_drafts(now + timedelta(hours=25)) == {"files": 0, "drafts": 0, "orphans": 0}


def test_draft_in_use_keeps_its_old_files(client, town):
    fill_in(client, files=[picture_file()])
    Media.objects.update(created_at=timezone.now() - timedelta(hours=30))
    assert take_media.tidy_drafts()["files"] == 0


def test_files_without_a_row_are_swept_within_a_day(client, town):
    upload(client, photo("JPEG"))
    media = Media.objects.get()
    Media.objects.all().delete()
    assert len(stored_files()) == len(SIZES)
    later = timezone.now() + timedelta(hours=2)
    swept = sum(take_media.tidy_drafts(later + timedelta(hours=hour))["orphans"] for hour in range(24))
    assert swept == len(SIZES)
    assert media.token not in "".join(stored_files())


def test_tidying_runs_every_hour():
    assert RUNS["opencity: tidy drafts"]["func"] == "opencity_issues.tasks.tidy_drafts"


@pytest.mark.django_db
def test_task_tidies():
    assert tasks.tidy_drafts() == {"files": 0, "drafts": 0, "orphans": 0}


def test_action_refuses_in_words(town):
    with pytest.raises(Missing) as refused:
        take_media.take(SimpleUploadedFile("x.jpg", b"nonsense"), uploader=town.author)
    assert "files" in refused.value.fields


def test_large_photo_comes_in_its_sizes(client, town):
    upload(client, encoded(picture((3000, 2000)), "JPEG"))
    media = Media.objects.get()
    sizes = [Image.open(private_storage().open(media.file_name(size))).size for size in SIZES]
    assert sizes == [(1600, 1067), (800, 534), (240, 160)]
