"""Templates of answers: kept by the organisation, filled in by the issue, never more than the issue says (4.4)."""

from datetime import date

import pytest
from django.urls import reverse

from opencity_issues.actions.cabinet.keep_templates import drop_template, keep_template
from opencity_issues.models import AnswerTemplate, Assignment
from opencity_issues.procedure.letters.answer_templates import fill, unknown
from opencity_issues.procedure.refusals import Missing, NotPermitted
from tests.factories import person

TEXT = "Проблема № {number} «{title}»: {executor} зробить до {planned_date}."
VALUES = {"number": "7", "title": "Яма", "executor": "Майстер", "planned_date": "3 грудня 2026"}


@pytest.fixture
def template(town):
    return keep_template(town.roads, "У плані", TEXT, actor=town.roads_worker)


def room(organisation):
    return reverse("opencity_issues:templates", args=[organisation.slug])


# Blanks


def test_known_blanks_are_filled_in():
    filled = fill(TEXT, VALUES)
    assert filled.text == "Проблема № 7 «Яма»: Майстер зробить до 3 грудня 2026."
    assert filled.left == ()


def test_what_is_unknown_or_empty_stays_and_is_told():
    filled = fill("{number} {planned_date} {author_email} {number.real} {0}", {**VALUES, "planned_date": ""})
    assert filled.text == "7 {planned_date} {author_email} {number.real} {0}"
    assert filled.left == ("{planned_date}", "{author_email}", "{0}")


def test_what_is_filled_in_is_not_read_as_a_blank():
    assert fill("{title}", {**VALUES, "title": "{executor}"}).text == "{executor}"


def test_no_value_beyond_the_list_is_filled_in():
    assert fill("{email}", {**VALUES, "email": "a@b.example"}).text == "{email}"


def test_unknown_blanks_of_a_template_are_found_once():
    assert unknown("{name} {number} {name} {phone}") == ["{name}", "{phone}"]


# Keeping


def test_a_template_is_kept_changed_and_removed(client, town):
    client.force_login(town.roads_worker)
    assert client.post(room(town.roads), {"title": "У плані", "text": TEXT}).status_code == 302
    template = AnswerTemplate.objects.get()
    client.post(f"{room(town.roads)}?template={template.pk}", {"title": "План", "text": "{number}"})
    template.refresh_from_db()
    assert (template.organisation, template.title, template.text) == (town.roads, "План", "{number}")
    client.post(f"{room(town.roads)}?template={template.pk}", {"do": "remove"})
    assert not AnswerTemplate.objects.exists()


def test_looking_changes_nothing(client, town, template):
    client.force_login(town.roads_worker)
    assert client.get(f"{room(town.roads)}?template={template.pk}&do=remove").status_code == 200
    assert AnswerTemplate.objects.count() == 1


@pytest.mark.parametrize(("title", "text"), [("", "т"), ("т", " "), ("т" * 121, "т"), ("т", "т" * 3001)])
def test_what_is_empty_or_too_long_is_refused(client, town, title, text):
    with pytest.raises(Missing):
        keep_template(town.roads, title, text, actor=town.roads_worker)
    client.force_login(town.roads_worker)
    assert client.post(room(town.roads), {"title": title, "text": text}).status_code == 400


def test_a_title_stands_once(client, town, template):
    client.force_login(town.roads_worker)
    assert client.post(room(town.roads), {"title": template.title, "text": "Інше."}).status_code == 400
    assert AnswerTemplate.objects.get().text == TEXT
    keep_template(town.lighting, template.title, TEXT, actor=town.lighting_worker)


def test_an_unknown_blank_is_told_when_it_is_kept(client, town):
    client.force_login(town.roads_worker)
    answer = client.post(room(town.roads), {"title": "т", "text": "{phone}"}, follow=True)
    assert answer.content.decode().count("{phone}") >= 2


@pytest.mark.parametrize("who", ["citizen", "author", "neighbour", "another", "control", "moderator", "operator"])
def test_only_members_keep_templates(client, town, template, who):
    actor = {
        "citizen": person("someone@people.example"),
        "author": town.author,
        "neighbour": town.neighbour,
        "another": town.lighting_worker,
        "control": town.controller,
        "moderator": town.moderator,
        "operator": person("operator@people.example", is_superuser=True),
    }[who]
    with pytest.raises(NotPermitted):
        keep_template(town.roads, "Чуже", "Чуже", actor=actor)
    with pytest.raises(NotPermitted):
        drop_template(template, actor=actor)
    client.force_login(actor)
    assert client.get(room(town.roads)).status_code == 403
    assert client.post(room(town.roads), {"title": "т", "text": "т"}).status_code == 403


def test_the_anonymous_go_to_sign_in(client, town):
    assert client.get(room(town.roads)).status_code == 302


def test_another_organisations_template_is_not_there(client, town, template):
    client.force_login(town.lighting_worker)
    assert client.get(f"{room(town.lighting)}?template={template.pk}").status_code == 404


# Using


@pytest.fixture
def desk(town):
    issue = town.issue()
    town.accept(issue, town.roads, executor="Майстер")
    return f"{reverse('opencity_issues:cabinet', args=[town.roads.slug])}?issue={issue.number}"


@pytest.mark.parametrize("deed", ["answer", "T5"])
def test_a_template_begins_the_text_without_a_script(client, town, template, desk, deed):
    Assignment.objects.update(planned_date=date(2030, 12, 3))
    client.force_login(town.roads_worker)
    body = client.get(f"{desk}&do={deed}&template={template.pk}").content.decode()
    assert "Яма біля переходу»: Майстер зробить до" in body
    assert "2030" in body


def test_what_stays_blank_is_said(client, town, template, desk):
    client.force_login(town.roads_worker)
    body = client.get(f"{desk}&do=answer&template={template.pk}").content.decode()
    assert body.count("{planned_date}") >= 2


def test_a_title_with_markup_stays_text(client, town, template):
    issue = town.issue(title="<script>alert(1)</script>")
    client.force_login(town.roads_worker)
    desk = f"{reverse('opencity_issues:cabinet', args=[town.roads.slug])}?issue={issue.number}&do=answer"
    assert b"<script>alert" not in client.get(f"{desk}&template={template.pk}").content


@pytest.mark.parametrize("key", ["x", "0", "99999999999999999999999"])
def test_a_template_that_is_not_there_begins_nothing(client, town, desk, key):
    client.force_login(town.roads_worker)
    assert client.get(f"{desk}&do=answer&template={key}").status_code == 200
