"""The card as its visitors meet it: who sees it, what it costs, what is done on it, and who may."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions import contribute, moderate_issue
from opencity_issues.actions import work_on_assignment as work
from opencity_issues.actions.correct_issue import Changes, correct_own
from opencity_issues.models import Category, Contribution, IssuePage, Media
from tests.issues import situations
from tests.issues.media_samples import photo

DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def private_media(settings, tmp_path):
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path


def url(issue, deed=""):
    return reverse(f"opencity_issues:card_{deed}" if deed else "opencity_issues:card", args=[issue.number])


def reading(client, language):
    """The same visitor, having chosen a language."""
    client.cookies["django_language"] = language
    return client


def words(answer):
    return answer.content.decode()


def fresh(issue):
    return IssuePage.objects.get(pk=issue.pk)


def picture(name="photo.jpg"):
    return SimpleUploadedFile(name, photo("JPEG"), content_type="image/jpeg")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


# Who sees it

SEEING = {
    situations.hold: {
        "author": 200,
        "moderator": 200,
        "neighbour": 404,
        "roads_worker": 404,
        "controller": 404,
        None: 404,
    },
    situations.refused: {"author": 200, "moderator": 200, "neighbour": 404, None: 404},
    situations.taken_down: {"author": 200, "moderator": 200, "neighbour": 410, "roads_worker": 410, None: 410},
    situations.returned: {"author": 200, "moderator": 200, "neighbour": 200, None: 200},
}


@pytest.mark.parametrize("situation", SEEING, ids=lambda one: one.__name__)
def test_who_sees_the_card(town, situation):
    issue = situation(town)
    found = {
        who: (signed_in(getattr(town, who)) if who else Client()).get(url(issue)).status_code
        for who in SEEING[situation]
    }
    assert found == SEEING[situation]


def test_of_what_was_taken_down_a_stranger_learns_nothing(town, client):
    issue = situations.taken_down(town)
    answer = reading(client, "en").get(url(issue))
    assert "taken down" in words(answer)
    assert issue.title not in words(answer)
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]


def test_what_nobody_sees_is_kept_by_no_cache_and_no_index(town):
    issue = situations.hold(town)
    answer = signed_in(town.author).get(url(issue))
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "noindex" in words(answer)
    assert "og:title" not in words(answer)


def test_caching_of_a_public_card(town, client, now):
    issue = town.issue(now=now)
    assert client.get(url(issue))["Cache-Control"] == "private, no-cache"
    assert signed_in(town.neighbour).get(url(issue))["Cache-Control"] == "no-store, private"


def test_shared_links_show_public_data(town, client, now):
    issue = town.issue(now=now, description="Яма. " * 100)
    page = words(client.get(url(issue)))
    assert f'<meta property="og:title" content="{issue.title}">' in page
    assert f'<link rel="canonical" href="http://testserver{url(issue)}">' in page
    shared = page.split('og:description" content="')[1].split('"')[0]
    assert len(shared) <= 200
    assert shared.endswith("…")


def test_preview_of_a_published_issue_only(town, client, now):
    issue = town.issue(now=now)
    answer = client.get(url(issue, "preview"))
    assert answer.status_code == 200
    assert issue.title in words(answer)
    assert "<html" not in words(answer)
    held = situations.hold(town)
    assert signed_in(town.author).get(url(held, "preview")).status_code == 404


def test_no_such_issue(town, client):
    assert client.get(reverse("opencity_issues:card", args=[999_999])).status_code == 404


def test_the_card_says_that_it_is_no_appeal_and_shows_its_parts(town, client, now):
    issue = town.issue(now=now, address="вул. Шкільна, 5", categories=["3.8", "2.2"])
    page = words(reading(client, "en").get(url(issue)))
    for part in (
        "(clause 1.4",
        "вул. Шкільна, 5",
        "Дорожня служба",
        "Міськсвітло",
        "data-card-place",
        "badge--open",
        "Resident",
    ):
        assert part in page


# What it costs


@pytest.mark.parametrize("many", [3, 60])
@pytest.mark.parametrize("who", [None, "author", "roads_worker", "moderator"])
def test_the_card_costs_the_same_however_much_has_happened(town, now, many, who, django_assert_max_num_queries):
    issue = town.issue(now=now - DAY, categories=["3.8", "2.2"])
    for number in range(many):
        contribute.comment(issue, f"Слово {number}", actor=town.neighbour, now=now)
        question = work.ask_author(issue, f"Що {number}?", actor=town.roads_worker, organisation=town.roads, now=now)
        contribute.reply(issue, f"Те {number}", actor=town.author, question=question, now=now)
    correct_own(
        issue,
        Changes("Інша", issue.description, [Category.objects.get(code="3.8")], None, ""),
        actor=town.author,
        now=now,
    )
    client = signed_in(getattr(town, who)) if who else Client()
    client.get(url(issue))
    with django_assert_max_num_queries(20):
        assert client.get(url(issue)).status_code == 200


def test_of_many_comments_the_latest_are_shown_and_the_rest_on_demand(town, client, now):
    issue = town.issue(now=now - DAY)
    for number in range(53):
        contribute.comment(issue, f"Слово-{number:02}.", actor=town.neighbour, now=now + timedelta(seconds=number))
    page = words(client.get(url(issue)))
    assert "Слово-52." in page
    assert "Слово-03." in page
    assert "Слово-02." not in page
    assert client.get(url(issue)).context["card"].earlier_comments == 3
    assert "Слово-00." in words(client.get(url(issue), {"comments": "all"}))


# Talking


def test_a_resident_comments_with_photos(town, now, private_media):
    issue = town.issue(now=now)
    client = signed_in(town.neighbour)
    answer = client.post(url(issue, "comment"), {"text": "І в мене.", "files": [picture(), picture("two.jpg")]})
    assert answer.status_code == 302
    comment = Contribution.objects.get(kind="comment")
    assert comment.media.count() == 2
    assert fresh(issue).comment_count == 1
    page = words(client.get(url(issue)))
    assert "І в мене." in page
    assert comment.media.first().url("thumb") in page


def test_a_bad_file_is_told_and_text_and_good_files_stay(town, now, private_media):
    issue = town.issue(now=now)
    client = signed_in(town.neighbour)
    bad = SimpleUploadedFile("notes.jpg", b"no photo at all", content_type="image/jpeg")
    answer = client.post(url(issue, "comment"), {"text": "Дивіться", "files": [picture(), bad]})
    assert answer.status_code == 400
    kept = Media.objects.get()
    assert "notes.jpg" in words(answer)
    assert "Дивіться" in words(answer)
    assert kept.token in words(answer)
    assert client.post(url(issue, "comment"), {"text": "Дивіться", "media": [kept.token]}).status_code == 302
    assert Contribution.objects.get().media.get() == kept


def test_other_peoples_waiting_files_are_not_taken(town, now, private_media):
    issue = town.issue(now=now)
    first = signed_in(town.author)
    first.post(url(issue, "comment"), {"text": "", "files": [picture()]})
    token = Media.objects.get().token
    signed_in(town.neighbour).post(url(issue, "comment"), {"text": "Моє", "media": [token]})
    assert not Contribution.objects.get().media.exists()


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("", "en", "Please write something."),
        ("  ", "uk", "Будь ласка, напишіть щось."),
        ("я" * 3001, "en", "This is too long: at most 3000 characters."),
        ("дурна ЛАЙКА", "en", "without obscene or insulting words"),
    ],
)
def test_a_bad_comment_is_told_what_is_wrong_and_stays(town, now, text, language, said):
    config = town.city.config
    config.stop_words = "лайка"
    config.save()
    issue = town.issue(now=now)
    answer = reading(signed_in(town.neighbour), language).post(url(issue, "comment"), {"text": text})
    assert answer.status_code == 400
    assert said in words(answer)
    assert text.strip() in words(answer)
    assert not Contribution.objects.exists()
    assert fresh(issue).comment_count == 0


def test_before_signing_in_nothing_typed_is_lost(town, client, now):
    issue = town.issue(now=now)
    answer = client.post(url(issue, "comment"), {"text": "Напишу перед входом"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    assert f"next={url(issue)}" in answer["Location"].replace("%2F", "/")
    assert not Contribution.objects.exists()
    assert "Напишу перед входом" not in words(client.get(url(issue)))
    client.force_login(town.neighbour)
    assert "Напишу перед входом" in words(client.get(url(issue)))
    client.post(url(issue, "comment"), {"text": "Напишу перед входом"})
    assert words(client.get(url(issue))).count("Напишу перед входом") == 1


def test_no_comment_on_what_is_not_published(town):
    issue = situations.hold(town)
    answer = signed_in(town.author).post(url(issue, "comment"), {"text": "Чому?"})
    assert answer.status_code == 409
    assert "Чому?" not in words(signed_in(town.moderator).get(url(issue)))


@pytest.mark.parametrize("state", ["open", "accepted", "closed", "archived"])
def test_still_not_solved_is_for_solved_issues(town, now, state):
    issue = town.issue(now=now - 30 * DAY)
    if state == "accepted":
        town.accept(issue, town.roads, now=now - 29 * DAY)
    elif state != "open":
        (town.close if state == "closed" else town.archive)(issue, now=now - (1 if state == "closed" else 29) * DAY)
    client = signed_in(town.neighbour)
    offered = url(issue, "flag") in words(client.get(url(issue)))
    answer = client.post(url(issue, "flag"), {"text": "Яма на місці"})
    assert (offered, answer.status_code) == ((True, 302) if state in ("closed", "archived") else (False, 409))
    if offered:
        assert client.post(url(issue, "flag"), {"text": "Ще раз"}).status_code == 409
        assert url(issue, "flag") not in words(client.get(url(issue)))
        assert "Яма на місці" not in words(Client().get(url(issue)))
        assert "Яма на місці" in words(signed_in(town.moderator).get(url(issue)))


def test_a_stranger_may_say_that_it_is_not_solved_and_signs_in_on_sending(town, client, now):
    issue = town.close(town.issue(now=now - 2 * DAY), now=now - DAY)
    assert url(issue, "flag") in words(client.get(url(issue)))
    answer = client.post(url(issue, "flag"), {"text": "Яма на місці"})
    assert answer["Location"].startswith(reverse("account_login"))
    client.force_login(town.neighbour)
    page = client.get(url(issue))
    assert "Яма на місці" in words(page)
    assert page.context["opened"] == {"flag"}


# Staff


def test_staff_find_the_way_to_their_cabinet(town, now):
    issue = town.issue(now=now)
    for who, organisation in (
        (town.roads_worker, town.roads),
        (town.controller, town.control),
        (town.moderator, town.ngo),
    ):
        page = words(signed_in(who).get(url(issue)))
        assert f"{reverse('opencity_issues:cabinet', args=[organisation.slug])}?issue={issue.number}" in page
    assert "?issue=" not in words(signed_in(town.lighting_worker).get(url(issue)))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("roads_worker", 302),
        ("controller", 302),
        ("moderator", 302),
        ("neighbour", 403),
        ("author", 403),
        ("lighting_worker", 403),
    ],
)
def test_who_corrects_category_and_place(town, now, who, status):
    issue = town.issue(now=now)
    data = {"categories": ["2.2"], "lng": "25.86", "lat": "51.35", "address": "вул. Нова", "trace": "0"}
    answer = signed_in(getattr(town, who)).post(url(issue, "correct_place"), data)
    assert answer.status_code == status
    moved = [one.code for one in fresh(issue).categories.all()] == ["2.2"]
    assert moved == (status == 302)
    assert ({one.organisation for one in issue.assignments.active()} == {town.lighting}) == moved


def test_no_correction_by_staff_once_it_is_solved(town, now):
    issue = town.close(town.issue(now=now - DAY), now=now)
    data = {"categories": ["2.2"], "trace": "0"}
    assert signed_in(town.roads_worker).post(url(issue, "correct_place"), data).status_code == 403


def test_the_moderator_hides_a_photo_and_a_comment_and_shows_them_again(town, now, private_media):
    issue = town.issue(now=now)
    signed_in(town.neighbour).post(url(issue, "comment"), {"text": "Номер на фото", "files": [picture()]})
    comment, media = Contribution.objects.get(), Media.objects.get()
    moderator = signed_in(town.moderator)
    assert moderator.post(url(issue, "hide"), {"part": f"media-{media.pk}", "reason": "номер авто"}).status_code == 302
    page = words(Client().get(url(issue)))
    assert media.token not in page
    assert "card-media__hidden" in words(moderator.get(url(issue)))
    assert "Номер на фото" in page
    assert (
        moderator.post(url(issue, "hide"), {"part": f"contribution-{comment.pk}", "reason": "образа"}).status_code
        == 302
    )
    page = words(Client().get(url(issue)))
    assert "Номер на фото" not in page
    assert "образа" not in page
    assert f'id="comment-{comment.pk}"' in page
    for part in (f"contribution-{comment.pk}", f"media-{media.pk}"):
        assert moderator.post(url(issue, "show"), {"part": part}).status_code == 302
    assert media.token in words(Client().get(url(issue)))


@pytest.mark.parametrize(
    ("who", "part", "reason", "status"),
    [
        ("neighbour", "own", "так", 403),
        ("author", "own", "так", 403),
        ("roads_worker", "own", "так", 403),
        ("controller", "own", "так", 403),
        ("moderator", "own", " ", 400),
        ("moderator", "other", "так", 409),
        ("moderator", "user-1", "так", 409),
        ("moderator", "", "так", 409),
        ("moderator", "contribution-9999999999999999999", "так", 409),
    ],
)
def test_hiding_is_the_moderators_with_a_reason_and_of_this_issue(town, now, who, part, reason, status):
    issue, other = town.issue(now=now), town.issue(now=now)
    own = contribute.comment(issue, "Слово", actor=town.neighbour, now=now)
    foreign = contribute.comment(other, "Слово", actor=town.neighbour, now=now)
    part = {"own": f"contribution-{own.pk}", "other": f"contribution-{foreign.pk}"}.get(part, part)
    assert (
        signed_in(getattr(town, who)).post(url(issue, "hide"), {"part": part, "reason": reason}).status_code == status
    )
    assert not Contribution.objects.exclude(hidden_at=None).exists()


def test_hiding_twice_is_told(town, now):
    issue = town.issue(now=now)
    comment = contribute.comment(issue, "Слово", actor=town.neighbour, now=now)
    moderate_issue.hide(comment, reason="так", actor=town.moderator, organisation=town.ngo)
    answer = signed_in(town.moderator).post(url(issue, "hide"), {"part": f"contribution-{comment.pk}", "reason": "так"})
    assert answer.status_code == 409
    assert 'role="alert"' in words(answer)


def test_looking_changes_nothing(town, now):
    issue = town.issue(now=now)
    moderator = signed_in(town.moderator)
    for deed in ("", "preview", "correct_place"):
        moderator.get(url(issue, deed))
    for deed in ("comment", "flag", "hide", "show", "reply", "reopen", "withdraw", "name"):
        assert moderator.get(url(issue, deed)).status_code == 405
    assert fresh(issue).event_count == issue.events.count() == 3
