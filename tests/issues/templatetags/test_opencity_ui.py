"""Icons, badges, pins and links of the look."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from opencity_issues.enums import EventKind, Publication, Status
from opencity_issues.templatetags import opencity_ui


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_an_icon_is_decoration_unless_it_has_a_name():
    assert 'aria-hidden="true"' in opencity_ui.icon("map-pin")
    assert 'role="img" aria-label="Place"' in opencity_ui.icon("map-pin", label="Place")


def test_a_label_cannot_break_out():
    assert "<b>" not in opencity_ui.icon("map-pin", label='"><b>x</b>')


@pytest.mark.parametrize("name", ["no-such-icon", "../../base", "", None])
def test_an_unknown_icon_is_the_neutral_one(name):
    assert opencity_ui.icon(name) == opencity_ui.icon("tag")


@pytest.mark.parametrize("status", Status)
def test_a_status_has_its_own_colour_shape_and_word(status):
    badge = opencity_ui.status_badge(status)
    assert f"badge--{status.value}" in badge
    assert str(status.label) in badge
    others = {opencity_ui.icon(opencity_ui.STATUS_ICONS[other]) for other in Status if other != status}
    assert opencity_ui.icon(opencity_ui.STATUS_ICONS[status]) not in others


def test_again_and_overdue_stand_beside_the_status():
    issue = {"status": "open", "again": True, "overdue": True}
    assert opencity_ui.status_badge(issue).count("badge--") == 3
    assert opencity_ui.status_badge(issue, bare=True).count("badge--") == 1


def test_what_is_not_published_says_so_instead():
    held = {"status": "open", "publication": Publication.HELD.value}
    assert "badge--held" in opencity_ui.status_badge(held)
    assert "badge--open" not in opencity_ui.status_badge(held)


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_has_an_icon_that_exists(kind):
    assert kind == EventKind.STATUS or opencity_ui._drawing(opencity_ui.EVENT_ICONS[kind])


def test_pins_carry_their_marks():
    pin = opencity_ui.pin("accepted", overdue=True, again=True)
    assert "pin--accepted" in pin
    assert "pin__mark-overdue" in pin
    assert "pin__mark-again" in pin


def test_link_of_the_present_page_is_marked(rf):
    context = Context({"request": rf.get("/issues/12/")})
    assert 'aria-current="true"' in opencity_ui.nav_link(context, "/issues/", "Issues")
    assert "aria-current" not in opencity_ui.nav_link(context, "/map/", "Map")
    assert "aria-current" not in opencity_ui.nav_link(context, "/", "Home")
    assert opencity_ui.nav_link(context, "", "Nowhere") == ""


@pytest.mark.django_db  # a section of the site asks which of its pages there are
@pytest.mark.parametrize("path", ["/needs/", "/needs/one/", "/projects/", "/projects/3/", "/together/3/"])
def test_each_page_of_the_community_marks_its_section(rf, path):
    navigation = render_to_string(
        "opencity_issues/components/nav.html", {"user": AnonymousUser()}, request=rf.get(path)
    )
    marked = [one.split('"')[3] for one in navigation.split("<a ")[1:] if "aria-current" in one.split(">")[0]]
    assert marked == ["/together/"]


def test_query_changes_only_what_it_names(rf):
    context = Context({"request": rf.get("/issues/?status=open&page=2")})
    assert opencity_ui.query(context, page=3) == "?status=open&page=3"
    assert opencity_ui.query(context, page=None, status="") == "?"


def test_texts_of_people_stay_texts():
    row = {"status": "open", "title": "<script>x</script>", "url": "/issues/1/", "place": '"><img src=x>'}
    html = render_to_string("opencity_issues/components/issue_row.html", {"issue": row})
    assert "<script>" not in html
    assert "<img src=x" not in html


def test_a_field_names_its_help_and_its_errors():
    from django import forms

    class Small(forms.Form):
        title = forms.CharField(help_text="Short")

    template = Template('{% include "opencity_issues/components/field.html" with field=form.title %}')
    html = template.render(Context({"form": Small({"title": ""})}))
    assert 'id="id_title_helptext"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_error"' in html


def test_the_clause_stands_before_the_full_stop():
    given = {"sentence": "Answer by 5 December.", "clause": "4.4"}
    with translation.override("en"):
        now = render_to_string("opencity_issues/components/now.html", given)
        assert 'Answer by 5 December <span class="now__clause">(clause 4.4)</span>.' in now
        assert "<p>Solved.</p>" in render_to_string("opencity_issues/components/now.html", {"sentence": "Solved."})
