"""Categories that the city does not take, and what it asks about others: in the screens, by REST, on the card, in letters."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions.answer_questions import heed_guidance
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.forms.card import PlaceForm
from opencity_issues.models import (
    Category,
    CategoryQuestion,
    CategoryStop,
    Correction,
    Draft,
    GivenAnswer,
    IssuePage,
)
from opencity_issues.models.category_guidance import QuestionKind
from opencity_issues.procedure.refusals import Missing
from tests.factories import PLACE
from tests.issues.report_steps import WHAT, WHERE, errors_in, fill_in

ISSUE = {"title": "Яма", "description": "Глибока.", "categories": ["3.8"]}


@pytest.fixture
def stop(town):
    return CategoryStop.objects.create(
        city=town.city,
        category=Category.objects.get(code="2.11"),
        reason_uk="Це майно обленерго.",
        reason_en="This belongs to the electricity company.",
        phone="0 800 000 104",
    )


@pytest.fixture
def size(town):
    return CategoryQuestion.objects.create(
        city=town.city,
        category=Category.objects.get(code="3"),
        text_uk="Якого розміру?",
        text_en="How large?",
        kind=QuestionKind.CHOICE,
        choices_uk="мала\nвелика",
        choices_en="small\nlarge",
        is_required=True,
    )


@pytest.fixture
def passable(town):
    return CategoryQuestion.objects.create(
        city=town.city,
        category=Category.objects.get(code="3.8"),
        text_uk="Чи можна об’їхати?",
        kind=QuestionKind.YES_NO,
    )


def what(**changes):
    return {**WHAT, "suggested": "1", **changes}


def test_category_that_is_not_taken_says_where_to_turn_and_goes_no_further(client, town, stop):
    client.post("/report/", WHERE)
    answer = client.post("/report/what/", what(categories=["2.11.1"]))
    assert list(errors_in(answer)) == ["categories"]
    page = answer.content.decode()
    assert "Це майно обленерго." in page
    assert 'href="tel:0800000104"' in page
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "This belongs to the electricity company." in client.get("/report/what/").content.decode()
    assert client.post("/report/what/", what()).status_code == 302


def test_questions_of_a_category_and_its_branch_are_asked_once_and_must_be_answered(client, town, size, passable):
    client.post("/report/", WHERE)
    answer = client.post("/report/what/", what())
    assert answer.context["hint"] == "asked"
    assert not answer.context["form"].errors
    assert {field.label for field in answer.context["form"].question_fields} == {"Якого розміру?", "Чи можна об’їхати?"}
    asked = f"{size.pk},{passable.pk}"
    answer = client.post("/report/what/", what(asked=asked))
    assert list(errors_in(answer)) == [f"question_{size.pk}"]
    answer = client.post("/report/what/", what(**{"asked": asked, f"question_{size.pk}": "велика"}))
    assert answer.url == "/report/photos/"
    client.force_login(town.author)
    assert "велика" in client.get("/report/review/").content.decode()
    client.post("/report/send/", {})
    issue = IssuePage.objects.get()
    assert [(one.asked, one.answer) for one in issue.given_answers.all()] == [("Якого розміру?", "велика")]


def test_required_question_that_came_meanwhile_leads_back_to_the_screen(client, town, size):
    client.force_login(town.author)
    size.delete()
    fill_in(client)
    CategoryQuestion.objects.create(
        city=town.city, category=Category.objects.get(code="3.8"), text_uk="Скільки?", is_required=True
    )
    assert client.post("/report/send/", {}).url == "/report/what/"
    assert not IssuePage.objects.exists()


def test_rest_names_the_question_and_the_reason(client, town, stop, size):
    client.force_login(town.author)

    def post(**changes):
        return client.post("/api/v1/issues/", {**ISSUE, **changes}, content_type="application/json")

    refused = post(categories=["2.11.1"])
    assert refused.status_code == 400
    assert "Це майно обленерго. 0 800 000 104" in refused.json()["errors"]["categories"][0]
    for answers in ({}, {str(size.pk): "гігантська"}):
        refused = post(answers=answers)
        assert refused.status_code == 400
        assert "Якого розміру?" in refused.json()["errors"]["answers"][0]
    assert not IssuePage.objects.exists()
    made = post(answers={str(size.pk): "large", "999999": "нікому"})
    assert made.status_code == 201
    assert made.json()["answers"] == [{"question": "Якого розміру?", "answer": "велика"}]


def test_rest_lists_stops_and_questions_with_the_categories(client, town, stop, size):
    rows = {row["code"]: row for row in client.get("/api/v1/categories/").json()}
    assert rows["2.11.1"]["stop"]["phone"] == "0 800 000 104"
    assert rows["2.11"]["stop"] is not None
    assert rows["2.1"]["stop"] is None
    assert rows["3.8"]["questions"][0]["choices"] == ["мала", "велика"]
    assert rows["2.1"]["questions"] == []


def test_answers_stand_on_the_card_and_in_the_letter_in_the_readers_language(client, town, size, mailoutbox):
    CategoryQuestion.objects.update(is_required=False)
    issue = town.issue()
    GivenAnswer.objects.create(issue=issue, question=size, asked=size.text_uk, answer="велика")
    assert "велика" in client.get(issue.get_absolute_url()).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "How large?" in page
    assert "large" in page
    size.text_uk = "Яка завбільшки?"
    size.save()
    assert "Якого розміру?" in client.get(issue.get_absolute_url()).content.decode()
    send_waiting()
    letter = next(mail for mail in mailoutbox if town.roads.mailbox in mail.to)
    assert "Якого розміру? велика" in letter.body


@pytest.mark.parametrize("said", ["так", "ТАК", "yes", "Так"])
def test_yes_is_yes_in_both_languages(town, passable, said):
    category = Category.objects.get(code="3.8")
    assert heed_guidance(town.city, [category], {str(passable.pk): said})[0].answer == "Так"


def test_answer_of_another_kind_and_a_long_one_are_refused(town, passable):
    category = Category.objects.get(code="3.8")
    with pytest.raises(Missing):
        heed_guidance(town.city, [category], {str(passable.pk): "можливо"})
    passable.kind = QuestionKind.TEXT
    passable.save()
    with pytest.raises(Missing):
        heed_guidance(town.city, [category], {str(passable.pk): "о" * 301})


def test_continue_without_a_category_shows_what_the_words_suggest(client, town):
    client.post("/report/", WHERE)
    typed = {"title": "Яма на дорозі", "description": "Машини пробивають колеса."}
    answer = client.post("/report/what/", typed)
    assert answer.context["hint"] == "suggested"
    assert answer.context["suggestions"][0]["category"].code == "3.8"
    assert answer.context["suggestions"][0]["chosen"]
    assert "через слова: яма" in answer.content.decode()
    assert Draft.objects.get().data["what"]["title"] == "Яма на дорозі"
    answer = client.post("/report/what/", {**typed, "suggested": "1"})
    assert list(errors_in(answer)) == ["categories"]


def test_parts_of_the_screen_follow_what_is_typed_and_keep_nothing(client, town, size, stop):
    CategoryQuestion.objects.update(is_required=False)
    near = town.issue(title="Стара яма", location=PLACE)
    client.post("/report/", {"lng": str(PLACE[0]), "lat": str(PLACE[1] + 0.0003)})
    before = Draft.objects.get().data
    parts = client.post("/report/guidance/", {"title": "яма на дорозі", "categories": ["3.8", "2.11.1"]})
    page = parts.content.decode()
    assert parts["Cache-Control"] == "no-store, private"
    assert 'data-sure="3.8"' in page
    assert "Якого розміру?" in page
    assert "Це майно обленерго." in page
    assert "Стара яма" in page
    assert "33 м" in page
    assert f"/issues/{near.number}/support/" in page
    assert Draft.objects.get().data == before
    assert client.get("/report/guidance/").status_code == 405


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\x00", "🕳️" * 500, "' OR 1=1 --"])
def test_parts_take_any_words(client, town, hostile):
    answer = client.post("/report/guidance/", {"title": hostile, "description": hostile, "categories": [hostile]})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def answered(issue):
    return {one.asked: one.answer for one in issue.given_answers.all()}


def test_answers_are_corrected_with_the_issue_and_leave_a_trace(client, town, size, passable):
    issue = town.issue(answers={str(size.pk): "велика"}, now=timezone.now())
    address = reverse("opencity_issues:card_correct", args=[issue.number])
    client.force_login(town.author)
    page = client.get(address)
    assert [field.initial for field in page.context["form"].question_fields] == ["велика", ""]
    said = {**PlaceForm.values_of(issue), "trace": "0"}
    for wrong in ({f"question_{size.pk}": ""}, {f"question_{size.pk}": "гігантська"}):
        answer = client.post(address, {**said, **wrong})
        assert (answer.status_code, list(errors_in(answer))) == (400, [f"question_{size.pk}"])
    assert client.post(address, {**said, f"question_{size.pk}": "велика"}).status_code == 302
    assert not Correction.objects.exists()
    assert (
        client.post(address, {**said, f"question_{size.pk}": "мала", f"question_{passable.pk}": "Ні"}).status_code
        == 302
    )
    assert answered(issue) == {"Якого розміру?": "мала", "Чи можна об’їхати?": "Ні"}
    trace = Correction.objects.get()
    assert (trace.before, trace.after) == ("Якого розміру? велика", "Якого розміру? мала; Чи можна об’їхати? Ні")
    assert "Проблему виправлено: відповіді." in Client().get(issue.get_absolute_url()).content.decode()

    # Staff, with the category: what was answered about the former one may be taken away then, and is not lost by itself.
    address = reverse("opencity_issues:card_correct_place", args=[issue.number])
    client.force_login(town.roads_worker)
    said |= {"categories": ["2.2"], "trace": "1"}
    assert (
        client.post(address, {**said, f"question_{size.pk}": "мала", f"question_{passable.pk}": ""}).status_code == 302
    )
    assert answered(issue) == {"Якого розміру?": "мала"}
    client.force_login(town.controller)
    assert client.post(address, {**said, "trace": "2", f"question_{size.pk}": ""}).status_code == 302
    assert answered(issue) == {}


def test_an_answer_with_a_forbidden_word_waits_for_the_moderator(town, passable):
    passable.kind = QuestionKind.TEXT
    passable.save()
    town.city.config.stop_words = "негідник"
    town.city.config.save()
    assert not town.issue(answers={str(passable.pk): "Ні, негідник перекрив"}).is_published
    assert town.issue(answers={str(passable.pk): "Ні"}).is_published
