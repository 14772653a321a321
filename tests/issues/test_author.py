"""What the author may do with an issue on its card, when it is refused to him or her, and to everybody else always."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions import moderate_issue
from opencity_issues.actions import work_on_assignment as work
from opencity_issues.enums import Publication, Status
from opencity_issues.models import Category, Contribution, Correction, IssuePage
from tests.issues import situations

DAY = timedelta(days=1)


def fresh(issue):
    return IssuePage.objects.get(pk=issue.pk)


def url(issue, deed=""):
    return reverse(f"opencity_issues:card_{deed}" if deed else "opencity_issues:card", args=[issue.number])


def post(client, issue, deed, **data):
    return client.post(url(issue, deed), data)


def reading(client, language):
    """The same visitor, having chosen a language."""
    client.cookies["django_language"] = language
    return client


def words(answer):
    return answer.content.decode()


@pytest.fixture
def as_author(town, client):
    client.force_login(town.author)
    return client


@pytest.fixture
def now():
    return timezone.now()


def correction_of(issue, **changes):
    """What the correction's page would send back unchanged, but for the changes."""
    return {
        "title": issue.title,
        "description": issue.description,
        "address": issue.address,
        "categories": [one.code for one in issue.categories.all()],
        "lng": issue.lng or "",
        "lat": issue.lat or "",
        "trace": issue.events.filter(kind="corrected").count(),
        **changes,
    }


# Correcting


def test_corrects_text_category_and_place_with_a_trace(town, as_author, now):
    issue = town.issue(now=now)
    page = as_author.get(url(issue, "correct"))
    assert page.status_code == 200
    assert issue.description in words(page)
    data = correction_of(
        issue, title="Яма біля школи", categories=["2.2"], lng="25.86", lat="51.35", address="вул. Шкільна"
    )
    answer = as_author.post(url(issue, "correct"), data)
    assert answer.status_code == 302
    assert answer["Location"] == url(issue)
    issue = fresh(issue)
    assert (issue.title, issue.address, issue.location) == ("Яма біля школи", "вул. Шкільна", (25.86, 51.35))
    assert set(Correction.objects.values_list("field", flat=True)) == {"title", "categories", "location", "address"}
    assert {one.organisation for one in issue.assignments.active()} == {town.lighting}
    assert "What was changed" in words(reading(as_author, "en").get(url(issue)))


def test_correction_without_a_place_takes_it_away(town, as_author, now):
    issue = town.issue(now=now)
    as_author.post(url(issue, "correct"), correction_of(issue, no_place="on", address="біля школи"))
    assert fresh(issue).location is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "я" * 121}, "title"),
        ({"description": ""}, "description"),
        ({"categories": []}, "categories"),
        ({"categories": ["99"]}, "categories"),
        ({"lng": "0", "lat": "0"}, "place"),
        ({"lng": "x", "lat": "1"}, "place"),
        ({"address": "я" * 251}, "address"),
    ],
)
def test_a_bad_correction_keeps_what_was_typed_and_changes_nothing(town, as_author, now, changes, field):
    issue = town.issue(now=now)
    before = issue.events.count()
    answer = as_author.post(url(issue, "correct"), correction_of(issue, **{"description": "Нові слова", **changes}))
    assert answer.status_code == 400
    assert answer.context["form"].errors
    if field != "description":
        assert "Нові слова" in words(answer)
    assert fresh(issue).description == issue.description
    assert issue.events.count() == before


def test_two_corrections_at_once_the_second_sees_the_first(town, as_author, now):
    issue = town.issue(now=now)
    stale = correction_of(issue, title="Друга")
    as_author.post(url(issue, "correct"), correction_of(issue, title="Перша"))
    answer = as_author.post(url(issue, "correct"), stale)
    assert answer.status_code == 409
    assert "Друга" in words(answer)
    assert fresh(issue).title == "Перша"


def test_no_correction_after_acceptance(town, as_author, now):
    issue = town.issue(now=now)
    town.accept(issue, town.roads, now=now)
    assert as_author.get(url(issue, "correct")).status_code == 409
    answer = as_author.post(url(issue, "correct"), correction_of(issue, title="Інша"))
    assert answer.status_code == 409
    assert fresh(issue).title != "Інша"
    assert url(issue, "correct") not in words(as_author.get(url(issue)))


def test_a_correction_with_a_stop_word_goes_to_the_moderator(town, as_author, now):
    config = town.city.config
    config.stop_words = "лайка"
    config.save()
    issue = town.issue(now=now)
    as_author.post(url(issue, "correct"), correction_of(issue, title="Лайка"))
    assert fresh(issue).publication == Publication.HELD


# Sending again


@pytest.mark.parametrize("situation", [situations.refused, situations.taken_down])
def test_learns_the_ground_corrects_and_sends_again(town, as_author, situation):
    issue = situation(town)
    page = words(reading(as_author, "en").get(url(issue)))
    assert "Ground:" in page
    assert "Correct and send again" in page
    answer = as_author.post(url(issue, "correct"), correction_of(issue, description="Яма, без образ."))
    assert answer.status_code == 302
    assert fresh(issue).publication == Publication.HELD
    assert issue.events.last().data == {"why": "sent_again"}


# Withdrawing


def test_withdraws_and_alone_sees_it_then(town, as_author, now):
    issue = town.issue(now=now)
    assert post(as_author, issue, "withdraw").status_code == 302
    assert fresh(issue).publication == Publication.WITHDRAWN
    assert as_author.get(url(issue)).status_code == 200
    assert Client().get(url(issue)).status_code == 404


def test_no_withdrawal_after_acceptance_and_the_present_state_is_shown(town, as_author, now):
    issue = town.issue(now=now)
    town.accept(issue, town.roads, now=now)
    answer = post(as_author, issue, "withdraw")
    assert answer.status_code == 409
    assert answer.context["issue"].status == Status.ACCEPTED
    assert "badge--accepted" in words(answer)
    assert fresh(issue).publication == Publication.PUBLISHED


# Replying


def test_replies_to_a_question_with_the_question_on_the_card(town, as_author, now):
    issue = town.issue(now=now)
    question = work.ask_author(issue, "Який під’їзд?", actor=town.roads_worker, organisation=town.roads, now=now)
    assert "Який під’їзд?" in words(as_author.get(url(issue)))
    answer = post(as_author, issue, "reply", text="Другий.", question=question.pk)
    assert answer.status_code == 302
    assert Contribution.objects.get(kind="reply").answers == question
    page = words(as_author.get(url(issue)))
    assert "Другий." in page
    assert url(issue, "reply") not in page


def test_a_second_reply_to_the_same_question_and_one_without_question(town, as_author, now):
    issue = town.issue(now=now)
    assert post(as_author, issue, "reply", text="Ось.").status_code == 409
    answer = post(as_author, issue, "reply", text="Ось.", question="x")
    assert answer.status_code == 409
    assert "Ось." in words(answer)


# Opening again


def test_opens_a_closed_issue_again_with_a_reason(town, as_author, now):
    issue = town.close(town.issue(now=now - 3 * DAY), now=now - 2 * DAY)
    assert "T14" in words(as_author.get(url(issue)))
    answer = post(as_author, issue, "reopen", transition="T14", text="Яма на місці.")
    assert answer.status_code == 302
    issue = fresh(issue)
    assert (issue.status, issue.again) == (Status.OPEN, True)
    assert "Яма на місці." in words(as_author.get(url(issue)))


def test_returns_an_archived_issue_to_work(town, as_author, now):
    issue = town.archive(town.issue(now=now - 31 * DAY), now=now - 30 * DAY)
    assert issue.status == Status.ARCHIVED
    assert post(as_author, issue, "reopen", transition="T9", text="Знову.").status_code == 302
    issue = fresh(issue)
    assert (issue.status, issue.again) == (Status.ACCEPTED, True)


@pytest.mark.parametrize(
    ("transition", "text", "status"),
    [
        ("T14", "", 400),
        ("T14", "   ", 400),
        ("T14", "я" * 3001, 400),
        ("T9", "Знову", 409),
        ("T10", "Знову", 409),
        ("", "Знову", 409),
        ("T5", "Знову", 409),
    ],
)
def test_a_refused_reopening_keeps_the_reason_and_changes_nothing(town, as_author, now, transition, text, status):
    issue = town.close(town.issue(now=now - 3 * DAY), now=now - 2 * DAY)
    answer = post(as_author, issue, "reopen", transition=transition, text=text)
    assert answer.status_code == status
    assert text.strip() in words(answer)
    assert fresh(issue).status == Status.CLOSED


def test_after_the_20_days_neither_is_offered_nor_possible(town, as_author, now):
    issue = town.archive(town.issue(now=now - 51 * DAY), now=now - 50 * DAY)
    page = words(as_author.get(url(issue)))
    assert url(issue, "reopen") not in page
    assert url(issue, "flag") in page
    assert post(as_author, issue, "reopen", transition="T9", text="Знову.").status_code == 409
    assert fresh(issue).status == Status.ARCHIVED


# The name


def test_shows_and_hides_the_name(town, as_author, now):
    issue = town.issue(now=now)
    stranger = Client()
    assert "Ганна Авторка" not in words(stranger.get(url(issue)))
    post(as_author, issue, "name", shown="yes")
    assert "Ганна Авторка" in words(stranger.get(url(issue)))
    post(as_author, issue, "name", shown="no")
    assert "Ганна Авторка" not in words(stranger.get(url(issue)))


# Others

DEEDS = [
    ("correct", {"title": "Х", "description": "Х", "categories": ["3.8"], "trace": "0"}),
    ("withdraw", {}),
    ("reply", {"text": "Х"}),
    ("reopen", {"transition": "T14", "text": "Х"}),
    ("name", {"shown": "yes"}),
]


@pytest.mark.parametrize(("deed", "data"), DEEDS)
@pytest.mark.parametrize("who", ["neighbour", "roads_worker", "controller", "moderator"])
def test_nobody_else_does_the_authors_deeds(town, client, now, who, deed, data):
    issue = town.issue(now=now - 2 * DAY)
    if deed == "reopen":
        issue = town.close(issue, now=now - DAY)
    before = (issue.events.count(), fresh(issue).publication, fresh(issue).show_author)
    client.force_login(getattr(town, who))
    answer = client.post(url(issue, deed), data)
    assert answer.status_code == 403
    assert (issue.events.count(), fresh(issue).publication, fresh(issue).show_author) == before


@pytest.mark.parametrize(("deed", "data"), DEEDS)
def test_a_stranger_is_asked_to_sign_in(town, client, now, deed, data):
    issue = town.issue(now=now)
    answer = client.post(url(issue, deed), data)
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]
    assert fresh(issue).publication == Publication.PUBLISHED


@pytest.mark.parametrize("deed", [deed for deed, _data in DEEDS if deed != "correct"])
def test_deeds_are_posts_with_a_token(town, now, deed):
    issue = town.issue(now=now)
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.author)
    assert client.get(url(issue, deed)).status_code == 405
    assert client.post(url(issue, deed), {"text": "Х", "transition": "T14", "shown": "yes"}).status_code == 403
    assert issue.events.count() == fresh(issue).event_count == 3


def test_a_blocked_author_only_reads(town, as_author, now):
    issue = town.issue(now=now)
    moderate_issue.block_citizen(town.author, reason="образи", actor=town.moderator, organisation=town.ngo)
    page = as_author.get(url(issue))
    assert page.status_code == 200
    assert url(issue, "withdraw") not in words(page)
    assert post(as_author, issue, "withdraw").status_code == 403
    assert post(as_author, issue, "comment", text="Х").status_code == 403


@pytest.mark.parametrize(
    ("language", "said"), [("en", "You have withdrawn the issue."), ("uk", "Ви відкликали проблему.")]
)
def test_what_was_done_is_said_in_the_readers_language(town, as_author, now, language, said):
    issue = town.issue(now=now)
    answer = reading(as_author, language).post(url(issue, "withdraw"), follow=True)
    assert said in words(answer)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "An organisation has accepted the issue; it can no longer be withdrawn."),
        ("uk", "Нижче проблема така, якою вона є зараз."),
    ],
)
def test_a_refusal_is_said_in_the_readers_language(town, as_author, now, language, said):
    issue = town.issue(now=now)
    town.accept(issue, town.roads, now=now)
    assert said in words(reading(as_author, language).post(url(issue, "withdraw"))).replace("&#x27;", "'")


# My issues


def test_my_issues_says_what_each_waits_for(town, as_author, now):
    closed = town.close(town.issue(now=now - 3 * DAY, title="Закрита"), now=now - 2 * DAY)
    asked = town.issue(now=now, title="Запитана")
    work.ask_author(asked, "Де?", actor=town.roads_worker, organisation=town.roads, now=now)
    others = town.issue(now=now, title="Чужа", author=town.neighbour)
    page = words(as_author.get(reverse("opencity_issues:my_issues")))
    assert f"{url(closed)}#reopen" in page
    assert f"{url(asked)}#reply" in page
    assert url(others) not in page
    assert "Дорожня служба" in page


def test_my_issues_asks_to_sign_in_and_is_kept_by_no_cache(town, client):
    address = reverse("opencity_issues:my_issues")
    assert client.get(address)["Location"].startswith(reverse("account_login"))
    client.force_login(town.neighbour)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert reverse("opencity_issues:report") in words(answer)


@pytest.mark.parametrize("count", [1, 18])
def test_my_issues_costs_the_same_for_any_number(town, as_author, now, count, django_assert_max_num_queries):
    for number in range(count):
        town.issue(now=now - 40 * DAY + number * DAY, categories=["3.8", "2.2"])
    with django_assert_max_num_queries(20):
        assert as_author.get(reverse("opencity_issues:my_issues")).status_code == 200


def test_a_category_no_longer_offered_stays_with_the_issue(town, as_author, now):
    issue = town.issue(now=now)
    Category.objects.filter(code="3.8").update(is_active=False)
    assert 'value="3.8" checked' in words(as_author.get(url(issue, "correct")))
    assert as_author.post(url(issue, "correct"), correction_of(issue, title="Інша назва")).status_code == 302
    assert [one.code for one in fresh(issue).categories.all()] == ["3.8"]


def test_a_page_of_the_correction_shows_the_ground(town, as_author):
    issue = situations.refused(town)
    page = words(reading(as_author, "en").get(url(issue, "correct")))
    assert "Ground of the moderator:" in page
