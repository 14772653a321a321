"""The plan of consultations and questions to the moderator (5.5, 5.6): who may, what is told to whom, what stays hidden."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from opencity_issues.actions.consultation import plan_consultation as plans
from opencity_issues.actions.consultation.consult import answer, ask, note_advice
from opencity_issues.actions.consultation.plan_consultation import Measure, PlanWords
from opencity_issues.actions.letters.compose_letter import compose
from opencity_issues.enums import Way
from opencity_issues.models import Consultation, ConsultationPlan, Notice
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.queries.consultation import awaiting, consultation_figures, plans_of, questions
from tests.factories import NOON, person

pytestmark = pytest.mark.django_db

WORDS = PlanWords(
    date(2026, 1, 1),
    date(2026, 3, 31),
    "Щоб кожен працівник знав порядок.",
    [Measure("Телефонні консультації"), Measure("Семінар", Way.MEETING, date(2026, 3, 20))],
)
STRANGERS = ["author", "neighbour", "anonymous", "operator"]
EVERYBODY = [*STRANGERS, "roads_worker", "lighting_worker", "controller", "moderator"]


def who(town, name):
    if name == "anonymous":
        return AnonymousUser()
    if name == "operator":
        return person("operator@people.example", is_superuser=True)
    return getattr(town, name)


def room(organisation, name="consultation", *args, **query):
    return reverse(f"opencity_issues:{name}", args=[organisation.slug, *args], query=query or None)


def letters():
    return [(one.template, one.recipient) for one in Notice.objects.order_by("pk")]


@pytest.fixture
def plan(town):
    return plans.set_plan(town.city, WORDS, actor=town.controller, organisation=town.control, now=NOON)


@pytest.fixture
def sent(town, plan):
    return plans.send_plan(plan, actor=town.controller, organisation=town.control, now=NOON)


@pytest.fixture
def agreed(town, sent):
    return plans.agree_plan(sent, actor=town.moderator, organisation=town.ngo, now=NOON + timedelta(hours=1))


# --- the plan ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_control_body_alone_sets_sends_changes_and_discards_a_plan(town, plan, name):
    actor = who(town, name)
    organisation = {"roads_worker": town.roads, "moderator": town.ngo}.get(name, town.control)
    deeds = [
        lambda: plans.set_plan(town.city, WORDS, actor=actor, organisation=organisation),
        lambda: plans.change_plan(plan, WORDS, actor=actor, organisation=organisation),
        lambda: plans.send_plan(plan, actor=actor, organisation=organisation),
    ]
    for deed in deeds:
        if name == "controller":
            deed()
        else:
            with pytest.raises(NotPermitted):
                deed()
    if name != "controller":
        with pytest.raises(NotPermitted):
            plans.discard_plan(plan, actor=actor, organisation=organisation)
        assert not letters()


@pytest.mark.parametrize("name", [one for one in EVERYBODY if one != "moderator"])
def test_the_moderator_alone_agrees_returns_and_ticks(town, sent, name):
    actor = who(town, name)
    organisation = {"roads_worker": town.roads, "controller": town.control}.get(name, town.ngo)
    with pytest.raises(NotPermitted):
        plans.agree_plan(sent, actor=actor, organisation=organisation)
    with pytest.raises(NotPermitted):
        plans.return_plan(sent, "Ні.", actor=actor, organisation=organisation)
    with pytest.raises(NotPermitted):
        plans.tick_measure(sent.items.first(), done=True, actor=actor, organisation=organisation)
    sent.refresh_from_db()
    assert sent.agreed_at is None
    assert sent.remarks == ""


def test_from_the_draft_to_the_last_measure(town, plan):
    by_control = {"actor": town.controller, "organisation": town.control}
    by_moderator = {"actor": town.moderator, "organisation": town.ngo}
    plans.send_plan(plan, **by_control)
    returned = plans.return_plan(plan, "Додайте семінар у лютому.", **by_moderator)
    assert returned.sent_at is None
    plans.change_plan(
        plan, PlanWords(WORDS.first_day, WORDS.last_day, "", [*WORDS.measures, Measure("Ще")]), **by_control
    )
    plans.send_plan(plan, **by_control)
    plans.agree_plan(plan, **by_moderator)
    item = plan.items.first()
    assert plans.tick_measure(item, done=True, **by_moderator).done_at is not None
    assert plans.tick_measure(item, done=False, **by_moderator).done_at is None
    assert [one for one, _to in letters()] == ["plan_to_agree", "plan_returned", "plan_to_agree", "plan_agreed"]
    assert letters()[0][1] == f"organisation:{town.ngo.pk}"
    assert letters()[1][1] == f"organisation:{town.control.pk}"


def test_each_deed_has_its_moment(town, plan):
    by_control = {"actor": town.controller, "organisation": town.control}
    by_moderator = {"actor": town.moderator, "organisation": town.ngo}
    for deed in (plans.agree_plan, lambda one, **by: plans.return_plan(one, "Ні.", **by)):
        with pytest.raises(NotPossible):
            deed(plan, **by_moderator)
    with pytest.raises(NotPossible):
        plans.tick_measure(plan.items.first(), done=True, **by_moderator)
    plans.send_plan(plan, **by_control)
    for deed in (plans.send_plan, plans.discard_plan, lambda one, **by: plans.change_plan(one, WORDS, **by)):
        with pytest.raises(NotPossible):
            deed(plan, **by_control)
    plans.agree_plan(plan, **by_moderator)
    for deed in (plans.send_plan, plans.discard_plan):
        with pytest.raises(NotPossible):
            deed(plan, **by_control)
    with pytest.raises(NotPossible):
        plans.agree_plan(plan, **by_moderator)


def test_an_agreed_plan_stays_until_its_change_is_agreed(town, agreed):
    by_control = {"actor": town.controller, "organisation": town.control}
    by_moderator = {"actor": town.moderator, "organisation": town.ngo}
    plans.tick_measure(agreed.items.order_by("pk").first(), done=True, **by_moderator)
    words = PlanWords(WORDS.first_day, WORDS.last_day, "Інакше", [*WORDS.measures, Measure("Пам’ятка", Way.EMAIL)])
    copy = plans.change_plan(agreed, words, **by_control)
    assert copy.pk != agreed.pk
    agreed.refresh_from_db()
    assert agreed.text == WORDS.text
    assert agreed.items.count() == 2
    assert {one.state for one in plans_of(town.roads)} == {"agreed"}
    plans.send_plan(copy, **by_control)
    plans.agree_plan(copy, **by_moderator)
    assert {one.pk: one.state for one in plans_of(town.roads)} == {agreed.pk: "replaced", copy.pk: "agreed"}
    assert [bool(item.done_at) for item in copy.items.order_by("pk")] == [True, False, False]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (PlanWords(date(2026, 2, 1), date(2026, 1, 1), "", WORDS.measures), "last_day"),
        (PlanWords(WORDS.first_day, WORDS.last_day, "", []), "measures"),
        (PlanWords(WORDS.first_day, WORDS.last_day, "", [Measure("  ")]), "measures"),
        (PlanWords(WORDS.first_day, WORDS.last_day, "", [Measure("x" * 251)]), "measures"),
        (PlanWords(WORDS.first_day, WORDS.last_day, "", [Measure("Так", "pigeon")]), "measures"),
        (PlanWords(WORDS.first_day, WORDS.last_day, "x" * 5001, WORDS.measures), "text"),
    ],
)
def test_a_plan_that_says_too_little_or_too_much_is_refused(town, words, field):
    with pytest.raises(Missing) as refusal:
        plans.set_plan(town.city, words, actor=town.controller, organisation=town.control)
    assert field in refusal.value.fields
    assert not ConsultationPlan.objects.exists()


def test_a_draft_is_the_control_bodys_and_a_sent_plan_the_moderators_too(town, plan):
    def seen():
        return {one.slug: len(plans_of(one)) for one in (town.control, town.ngo, town.roads)}

    assert seen() == {"control": 1, "ngo": 0, "roads": 0}
    plans.send_plan(plan, actor=town.controller, organisation=town.control)
    assert seen() == {"control": 1, "ngo": 1, "roads": 0}
    plans.agree_plan(plan, actor=town.moderator, organisation=town.ngo)
    assert seen() == {"control": 1, "ngo": 1, "roads": 1}


def test_the_plan_over_http(town, client):
    form = {
        "first_day": "2026-01-01",
        "last_day": "2026-03-31",
        "text": "Навчання",
        "measures-TOTAL_FORMS": "3",
        "measures-INITIAL_FORMS": "0",
        "measures-0-what": "Телефонні консультації",
        "measures-0-way": "phone",
        "measures-0-due_on": "",
        "measures-1-what": "",
        "measures-1-way": "phone",
        "measures-1-due_on": "",
        "measures-2-what": "Семінар",
        "measures-2-way": "meeting",
        "measures-2-due_on": "2026-03-20",
    }
    client.force_login(town.controller)
    assert client.get(room(town.control, "consultation_plan_new")).status_code == 200
    made = client.post(room(town.control, "consultation_plan_new"), form)
    plan = ConsultationPlan.objects.get()
    assert made["Location"] == room(town.control, "consultation_plan", plan.pk)
    assert [item.what for item in plan.items.order_by("pk")] == ["Телефонні консультації", "Семінар"]
    assert client.get(room(town.control, "consultation_plan_change", plan.pk)).status_code == 200
    client.post(room(town.control, "consultation_plan", plan.pk), {"do": "send"})

    client.force_login(town.moderator)
    address = room(town.ngo, "consultation_plan", plan.pk)
    assert client.post(address, {"do": "return", "remarks": " "}).status_code == 400
    assert client.post(address, {"do": "agree"}).status_code == 302
    assert client.post(address, {"do": "done", "key": plan.items.first().pk}).status_code == 302
    assert client.post(address, {"do": "agree"}).status_code == 409
    assert client.post(address, {"do": "nonsense"}).status_code == 400
    assert client.get(room(town.ngo, "consultation_plan_new")).status_code == 404

    client.force_login(town.roads_worker)
    page = client.get(room(town.roads, "consultation_plan", plan.pk))
    assert "Телефонні консультації" in page.content.decode()
    assert client.post(room(town.roads, "consultation_plan", plan.pk), {"do": "agree"}).status_code == 403
    assert client.post(room(town.roads, "consultation_plan_new"), form).status_code == 403


def test_a_plan_with_faults_comes_back_with_what_was_typed(town, client):
    client.force_login(town.controller)
    form = {
        "first_day": "2026-03-01",
        "last_day": "2026-01-01",
        "text": "Збережене",
        "measures-TOTAL_FORMS": "1",
        "measures-INITIAL_FORMS": "0",
        "measures-0-what": "",
        "measures-0-way": "phone",
        "measures-0-due_on": "2026-01-20",
    }
    page = client.post(room(town.control, "consultation_plan_new"), form)
    assert page.status_code == 400
    assert "Збережене" in page.content.decode()
    form["measures-0-what"] = "Дзвінки"
    page = client.post(room(town.control, "consultation_plan_new"), form)
    assert page.status_code == 400
    assert "error-summary" in page.content.decode()


# --- questions --------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(town):
    return ask(town.roads, "Чи можна закрити без фото?", actor=town.roads_worker, now=NOON)


@pytest.mark.parametrize("name", [one for one in EVERYBODY if one != "roads_worker"])
def test_members_alone_ask_for_their_organisation(town, name):
    with pytest.raises(NotPermitted):
        ask(town.roads, "Як?", actor=who(town, name))
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("name", [one for one in EVERYBODY if one != "moderator"])
def test_the_moderator_alone_answers_and_notes(town, asked, name):
    by = {
        "actor": who(town, name),
        "organisation": {"roads_worker": town.roads, "controller": town.control}.get(name, town.ngo),
    }
    with pytest.raises(NotPermitted):
        answer(asked, "Так.", **by)
    with pytest.raises(NotPermitted):
        note_advice(town.roads, "Що?", "Так.", **by)
    assert Consultation.objects.get().answer == ""


def test_a_question_is_answered_once_and_letters_go_both_ways(town, asked):
    answer(asked, "Так, якщо є пояснення.", actor=town.moderator, organisation=town.ngo)
    with pytest.raises(NotPossible):
        answer(asked, "Ні.", actor=town.moderator, organisation=town.ngo)
    assert Consultation.objects.get().answer == "Так, якщо є пояснення."
    assert letters() == [
        ("consultation_asked", f"organisation:{town.ngo.pk}"),
        ("consultation_answered", f"organisation:{town.roads.pk}"),
    ]
    first, second = (compose([one]) for one in Notice.objects.order_by("pk"))
    assert first.to == ["ngo@city.example"]
    assert "Чи можна закрити без фото?" in first.body
    assert "Дорожня служба" in first.subject
    assert second.to == ["roads@city.example"]
    assert "Так, якщо є пояснення." in second.body
    assert "/organisations/roads/cabinet/consultation/" in second.alternatives[0][0]
    assert first.extra_headers["References"] == second.extra_headers["References"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_an_empty_or_endless_question_is_refused(town, text):
    with pytest.raises(Missing):
        ask(town.roads, text, actor=town.roads_worker)
    assert not Notice.objects.exists()


def test_a_question_may_name_an_issue_that_its_asker_may_see(town):
    issue = town.issue()
    assert ask(town.roads, "Як бути?", number=issue.number, actor=town.roads_worker).issue_id == issue.pk
    town.city.config.hold_everything = True
    town.city.config.save()
    for number in (town.issue().number, 999_999):
        with pytest.raises(Missing) as refusal:
            ask(town.roads, "Як бути?", number=number, actor=town.roads_worker)
        assert "number" in refusal.value.fields


def test_who_asked_and_about_what_only_the_asker_and_the_moderator_read(town, client):
    issue = town.issue()
    asked = ask(town.roads, "Незручне питання", number=issue.number, actor=town.roads_worker)
    for organisation in (town.lighting, town.control):
        found = questions(organisation)
        assert not found.waiting
        assert not found.answered
    answer(asked, "Ось відповідь", actor=town.moderator, organisation=town.ngo)
    for organisation, user in ((town.lighting, town.lighting_worker), (town.control, town.controller)):
        (one,) = questions(organisation).answered
        assert (one.organisation, one.asker, one.number, one.is_own) == ("", "", None, False)
        client.force_login(user)
        page = client.get(room(organisation)).content.decode()
        assert "Незручне питання" in page
        assert not [word for word in ("Дорожня служба", "Працівник roads", f"/issues/{issue.number}/") if word in page]
    for organisation in (town.roads, town.ngo):
        (one,) = questions(organisation).answered
        assert (one.organisation, one.asker, one.number) == ("Дорожня служба", "Працівник roads", issue.number)


def test_a_question_that_is_not_shared_stays_between_two(town):
    asked = ask(town.roads, "Лише нам", actor=town.roads_worker, shared=False)
    answer(asked, "Лише вам", actor=town.moderator, organisation=town.ngo)
    assert [len(questions(one).answered) for one in (town.roads, town.ngo, town.lighting, town.control)] == [1, 1, 0, 0]


def test_answers_are_found_by_their_words_in_any_case(town, asked):
    answer(asked, "Потрібне пояснення.", actor=town.moderator, organisation=town.ngo)
    for text in ("фото", "ФОТО", "Закрити пояснення", "потрібне"):
        assert len(questions(town.lighting, text).answered) == 1, text
    assert not questions(town.lighting, "трамвай").answered


def test_a_call_is_noted_with_who_asked(town):
    worker = town.roads_worker
    by = {"actor": town.moderator, "organisation": town.ngo}
    noted = note_advice(town.roads, "Як?", "Так.", person_id=worker.pk, **by)
    assert (noted.way, noted.asked_by, noted.answered_at) == (Way.PHONE, worker, noted.asked_at)
    named = note_advice(town.roads, "Як?", "Так.", name="Іван Петрович", way=Way.MEETING, **by)
    assert {one.asker for one in questions(town.roads).answered} == {"Працівник roads", "Іван Петрович"}
    assert {one.asker for one in questions(town.lighting).answered} == {""}
    assert named.way == Way.MEETING
    assert not Notice.objects.exists()
    for wrong in ({"way": Way.SYSTEM}, {"way": "pigeon"}, {"person_id": town.lighting_worker.pk}):
        with pytest.raises(Missing):
            note_advice(town.roads, "Як?", "Так.", **wrong, **by)


def test_questions_over_http(town, client):
    client.force_login(town.roads_worker)
    assert client.post(room(town.roads), {"do": "ask", "question": ""}).status_code == 400
    assert client.post(room(town.roads), {"do": "ask", "question": "Як?", "number": "999999"}).status_code == 400
    assert client.post(room(town.roads), {"do": "ask", "question": "Як?", "shared": "on"}).status_code == 302
    asked = Consultation.objects.get()
    assert asked.shared
    assert client.post(room(town.roads), {"do": "answer", "key": asked.pk, "answer": "Я сам"}).status_code == 403
    assert client.post(room(town.roads), {"do": "dance"}).status_code == 400
    assert client.post(room(town.ngo), {"do": "answer", "key": asked.pk, "answer": "Чужий"}).status_code == 403

    client.force_login(town.moderator)
    page = client.get(room(town.ngo))
    assert page["Cache-Control"] == "no-store, private"
    assert "Дорожня служба" in page.content.decode()
    assert client.post(room(town.ngo), {"do": "answer", "key": asked.pk, "answer": " "}).status_code == 400
    assert client.post(room(town.ngo), {"do": "answer", "key": asked.pk, "answer": "Так"}).status_code == 302
    assert client.post(room(town.ngo), {"do": "answer", "key": 10**15, "answer": "Так"}).status_code == 404
    note = {"do": "note", "way": "phone", "question": "Що?", "answer": "Те."}
    assert client.post(room(town.ngo), note).status_code == 400
    member = town.lighting.memberships.get()
    assert client.post(room(town.ngo), {**note, "who": f"member-{member.pk}"}).status_code == 302
    assert (
        client.post(room(town.ngo), {**note, "who": f"organisation-{town.roads.pk}", "name": "Іван"}).status_code == 302
    )
    assert Consultation.objects.filter(way=Way.PHONE).count() == 2

    client.logout()
    assert client.get(room(town.roads)).status_code == 302
    client.force_login(town.author)
    assert client.get(room(town.roads)).status_code == 403


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("slug", ["roads", "ngo"])
def test_the_room_asks_a_constant_number_of_queries(town, client, django_assert_max_num_queries, count, slug):
    issue = town.issue()
    rows = [
        Consultation(
            city=town.city,
            organisation=town.roads,
            asked_by=town.roads_worker,
            question=f"Питання {number}",
            issue=issue,
            answer="Так" if number % 2 else "",
            answered_at=NOON if number % 2 else None,
        )
        for number in range(count * 2)
    ]
    Consultation.objects.bulk_create(rows)
    organisation, user = (town.roads, town.roads_worker) if slug == "roads" else (town.ngo, town.moderator)
    client.force_login(user)
    with django_assert_max_num_queries(20):
        assert client.get(room(organisation)).status_code == 200


def test_the_menu_counts_what_waits(town, client, plan, django_assert_num_queries):
    assert [awaiting(one) for one in (town.ngo, town.control, town.roads)] == [0, 0, 0]
    plans.send_plan(plan, actor=town.controller, organisation=town.control)
    ask(town.roads, "Як?", actor=town.roads_worker)
    assert [awaiting(one) for one in (town.ngo, town.control, town.roads)] == [2, 0, 0]
    plans.return_plan(plan, "Замало", actor=town.moderator, organisation=town.ngo)
    assert [awaiting(one) for one in (town.ngo, town.control, town.roads)] == [1, 1, 0]
    for organisation, queries in ((town.ngo, 1), (town.control, 1), (town.roads, 0)):
        with django_assert_num_queries(queries):
            awaiting(organisation)
    client.force_login(town.moderator)
    assert 'count--urgent">1<' in client.get(room(town.ngo, "instructions")).content.decode()


# --- figures ----------------------------------------------------------------------------------------------------------


def test_figures_of_a_period(town, agreed):
    zone = town.city.config.zone
    inside, last = NOON, timezone.datetime(2026, 3, 31, 23, 30, tzinfo=zone)
    for moment, hours in ((inside, 2), (inside, 4), (last, 1)):
        one = ask(town.roads, "Як?", actor=town.roads_worker, now=moment)
        answer(one, "Так", actor=town.moderator, organisation=town.ngo, now=moment + timedelta(hours=hours))
    ask(town.roads, "Без відповіді", actor=town.roads_worker, now=inside)
    note_advice(town.roads, "Як?", "Так.", actor=town.moderator, organisation=town.ngo, now=inside)
    plans.tick_measure(
        agreed.items.get(what="Семінар"), done=True, actor=town.moderator, organisation=town.ngo, now=inside
    )
    figures = consultation_figures(town.city, date(2026, 3, 1), date(2026, 3, 31))
    assert (figures.asked, figures.answered, figures.waiting) == (5, 3, 2)
    assert figures.median_answer == timedelta(hours=3)
    assert figures.by_way == {"system": 2, "phone": 1, "email": 0, "meeting": 0}
    assert (figures.measures_due, figures.measures_done) == (1, 1)
    empty = consultation_figures(town.city, date(2025, 1, 1), date(2025, 1, 31))
    assert (empty.asked, empty.answered, empty.median_answer, empty.seminars, empty.attended) == (0, 0, None, 0, 0)


# --- letters ----------------------------------------------------------------------------------------------------------


def test_letters_about_the_plan_say_all_of_it(town, sent):
    plans.return_plan(sent, "Замало семінарів", actor=town.moderator, organisation=town.ngo)
    to_agree, returned = (compose([one]) for one in Notice.objects.order_by("pk"))
    assert "Телефонні консультації" in to_agree.body
    assert "Семінар" in to_agree.alternatives[0][0]
    assert f"/organisations/ngo/cabinet/consultation/plans/{sent.pk}/" in to_agree.body
    assert "Замало семінарів" in returned.body
    assert returned.to == ["control@city.example"]


def test_letters_speak_the_organisations_language(town, asked):
    town.ngo.language = "en"
    town.ngo.save()
    assert compose([Notice.objects.get()]).subject == "A question to the moderator: Дорожня служба"
