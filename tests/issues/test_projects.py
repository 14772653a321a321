"""Community projects (1.1): declared by any registered organisation, shown on cards, ended with a result; no status moves."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from opencity_issues.actions.community import declare_project, moderate_undertaking
from opencity_issues.actions.community.declare_project import ProjectWords
from opencity_issues.actions.letters.send_notices import send_waiting
from opencity_issues.enums import EventKind, Status
from opencity_issues.models import Event, IssuePage, Media, Project
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from tests.factories import NOON, person
from tests.issues.media_samples import photo

LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def bakery(town):
    """A business that has no function in the procedure."""
    return town.organisation("bakery", "ТОВ «Тепла скоринка»", is_executor=False)


@pytest.fixture
def private_media(settings, tmp_path):
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path


def words(*issues, **said):
    filled = {"title": "Рівна дорога", "text": "Засиплемо ями.", "starts_on": date(2026, 3, 10)}
    return ProjectWords(**{**filled, "ends_on": date(2026, 4, 10), "numbers": [one.number for one in issues], **said})


@pytest.fixture
def by(bakery):
    organisation, worker = bakery
    return {"actor": worker, "organisation": organisation, "now": LATER}


@pytest.fixture
def declared(town, by):
    return declare_project.declare(town.city, words(town.issue(), town.issue(title="Друга яма")), **by)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def get(path, client=None):
    with time_machine.travel(LATER, tick=False):
        return (client or Client()).get(path).content.decode()


def own(project, name, slug="bakery"):
    return reverse(f"opencity_issues:own_project_{name}", args=[slug, *([project.pk] if project else [])])


def test_a_business_declares_a_project_and_no_status_moves(town, declared):
    first, second = declared.issues.order_by("number")
    assert (first.status, second.status) == (Status.OPEN, Status.OPEN)
    assert Event.objects.filter(kind=EventKind.PROJECT_DECLARED).count() == 2
    card = get(first.get_absolute_url())
    assert "Рівна дорога" in card
    assert "ТОВ «Тепла скоринка»: проблему включено до проєкту" in card
    for path in ("/projects/", declared.get_absolute_url(), "/organisations/bakery/", "/needs/"):
        assert "Рівна дорога" in get(path), path


def test_the_authors_hear_of_it_by_letter(town, declared):
    mail.outbox.clear()
    send_waiting()
    told = [one for one in mail.outbox if one.to == ["author@people.example"] and "проєкту" in one.subject]
    assert len(told) == 2
    assert "ТОВ «Тепла скоринка»" in told[0].body


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("title", {"title": " "}),
        ("text", {"text": ""}),
        ("ends_on", {"ends_on": date(2026, 3, 9)}),
        ("ends_on", {"ends_on": date(2030, 3, 9)}),
        ("numbers", {"numbers": []}),
        ("numbers", {"numbers": [999]}),
        ("numbers", {"numbers": list(range(1, 200))}),
    ],
)
def test_what_cannot_be_declared_is_told_at_its_field(town, by, field, said):
    with pytest.raises(Missing) as missing:
        declare_project.declare(town.city, words(town.issue(), **said), **by)
    assert set(missing.value.fields) == {field}


def test_only_what_is_published_and_unsolved_is_taken_up(town, by):
    with pytest.raises(Missing):
        declare_project.declare(town.city, words(town.close(town.issue())), **by)


def test_one_organisation_has_only_so_many_under_way(town, by, monkeypatch):
    monkeypatch.setattr(declare_project, "PLANNED_AT_MOST", 1)
    issue = town.issue()
    made = declare_project.declare(town.city, words(issue), **by)
    with pytest.raises(NotPossible):
        declare_project.declare(town.city, words(issue), **by)
    declare_project.call_off(made, "Немає коштів.", **by)
    declare_project.declare(town.city, words(issue), **by)


def test_nobody_else_touches_a_project(town, declared):
    other = {"actor": town.roads_worker, "organisation": town.roads, "now": LATER}
    for deed in (
        lambda: declare_project.change(declared, words(*declared.issues.all()), **other),
        lambda: declare_project.call_off(declared, "Ні.", **other),
        lambda: declare_project.report_result(declared, "Так.", **other),
    ):
        with pytest.raises(NotPermitted):
            deed()
    client = signed_in(town.roads_worker)
    for name in ("change", "end"):
        assert client.get(own(declared, name)).status_code == 403
        assert client.get(own(declared, name, "roads")).status_code == 404
    assert client.post(own(declared, "call_off", "roads"), {"reason": "Ні."}).status_code == 404


def test_issues_come_and_go_and_their_cards_tell_it(town, declared, by):
    first, second = declared.issues.order_by("number")
    third = town.issue(title="Третя яма")
    declare_project.change(declared, words(second, third), **by)
    assert set(declared.issues.all()) == {second, third}
    assert first.events.filter(kind=EventKind.PROJECT_CANCELLED).exists()
    assert third.events.filter(kind=EventKind.PROJECT_DECLARED).exists()
    assert not second.events.filter(kind=EventKind.PROJECT_CANCELLED).exists()


def test_the_result_is_on_every_card_in_its_own_words_and_the_photo_on_one(town, declared, by, bakery, private_media):
    first, second = declared.issues.order_by("number")
    client = signed_in(bakery[1])
    picture = SimpleUploadedFile("after.jpg", photo("JPEG"), content_type="image/jpeg")
    said = {"text": "Засипали.", "number": second.number, f"issue_{first.number}": "Тут ще й заасфальтували."}
    with time_machine.travel(LATER, tick=False):
        assert client.post(own(declared, "result"), {"text": ""}).status_code == 400
        answer = client.post(own(declared, "result"), {**said, "files": [picture]})
    assert answer["Location"] == declared.get_absolute_url()
    assert "Тут ще й заасфальтували." in get(first.get_absolute_url())
    card = get(second.get_absolute_url())
    assert "Засипали." in card
    assert Media.objects.get().issue_id == second.pk
    assert Media.objects.get().token in card
    assert [one.status for one in IssuePage.objects.all()] == [Status.OPEN, Status.OPEN]
    page = get(declared.get_absolute_url())
    assert "Засипали." in page
    with pytest.raises(NotPossible):
        declare_project.call_off(declared, "Ні.", **by)


def test_a_project_called_off_says_why_and_leaves_the_cards(town, declared, bakery):
    client = signed_in(bakery[1])
    with time_machine.travel(LATER, tick=False):
        assert client.post(own(declared, "call_off"), {"reason": ""}).status_code == 400
        client.post(own(declared, "call_off"), {"reason": "Немає коштів."})
    assert "Немає коштів." in get(declared.get_absolute_url())
    assert 'class="together"' not in get(declared.issues.first().get_absolute_url())


def test_from_a_need_to_a_declared_project_by_the_pages(town, bakery):
    issues = [town.issue(title=f"Яма {number}") for number in range(2)]
    client = signed_in(bakery[1])
    need = get("/needs/", client)
    address = need.split('class="meeting__title"><a href="')[1].split('"')[0].replace("&amp;", "&")
    start = get(address, client).split('button--wide" href="')[1].split('"')[0].replace("&amp;", "&")
    form = get(start, client)
    assert form.count("checked") >= 2
    filled = {"title": "Рівно", "text": "Зробимо.", "starts_on": "2026-03-10", "ends_on": "2026-03-20"}
    with time_machine.travel(LATER, tick=False):
        assert client.post(start, {**filled, "title": ""}).status_code == 400
        answer = client.post(start, {**filled, "chosen": [issues[0].number], "numbers": f"№ {issues[1].number},"})
    project = Project.objects.get()
    assert answer["Location"] == project.get_absolute_url()
    assert set(project.issues.all()) == set(issues)
    assert project.category.code == "3.8"
    assert "Рівно" in get("/organisations/bakery/cabinet/projects/", client)


@pytest.mark.parametrize("who", ["author", "neighbour", "roads_worker", "controller"])
def test_the_moderator_alone_hides_a_project(town, declared, who):
    path = reverse("opencity_issues:project_hide", args=[declared.pk])
    with time_machine.travel(LATER, tick=False):
        assert signed_in(getattr(town, who)).post(path, {"reason": "Реклама"}).status_code == 403
    assert Project.objects.get().hidden_at is None


def test_what_the_moderator_hides_is_gone_for_the_public_and_stays_for_its_organisation(town, declared, bakery):
    path = reverse("opencity_issues:project_hide", args=[declared.pk])
    client = signed_in(town.moderator)
    with time_machine.travel(LATER, tick=False):
        assert client.post(path, {"reason": ""}).status_code == 400
        assert client.post(path, {"reason": "Реклама"}).status_code == 302
        assert Client().get(declared.get_absolute_url()).status_code == 404
    for public in ("/projects/", "/organisations/bakery/", "/needs/", declared.issues.first().get_absolute_url()):
        assert "Рівна дорога" not in get(public), public
    assert "Реклама" in get(declared.get_absolute_url(), signed_in(bakery[1]))
    with time_machine.travel(LATER, tick=False):
        client.post(path, {"do": "show"})
    assert "Рівна дорога" in get("/projects/")


def test_a_result_hidden_with_its_project_is_not_read(town, declared, by):
    declare_project.report_result(declared, "Найкращі ціни!", **by)
    moderate_undertaking.hide(declared, reason="Реклама", actor=town.moderator, organisation=town.ngo, now=LATER)
    assert "Найкращі ціни!" not in get(declared.issues.first().get_absolute_url())


@pytest.mark.parametrize("many", [1, 30])
def test_pages_cost_the_same_however_many_projects(town, by, bakery, django_assert_max_num_queries, many, monkeypatch):
    monkeypatch.setattr(declare_project, "PLANNED_AT_MOST", 100)
    issues = [town.issue(author=person(f"p{number}@people.example")) for number in range(many)]
    made = [declare_project.declare(town.city, words(*issues), **by) for _number in range(many)]
    for project in made[: many // 2]:
        declare_project.report_result(project, "Готово", **by)
    member, moderator = signed_in(bakery[1]), signed_in(town.moderator)
    for path, client, most in (
        ("/projects/", Client(), 15),
        (made[0].get_absolute_url(), moderator, 20),
        ("/organisations/bakery/", Client(), 20),
        ("/organisations/bakery/cabinet/projects/", member, 20),
        (own(made[-1], "change"), member, 20),
        (issues[0].get_absolute_url(), Client(), 20),
    ):
        with django_assert_max_num_queries(most):
            assert "Рівна дорога" in get(path, client) or path.endswith("change/")
