"""Role × deed, all of it, against the table in deeds.py: through the action, and through the page where there is one."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import transaction
from django.test import Client
from wagtail.models import Page as WagtailPage
from wagtail.models import Site

from opencity_issues import actions
from opencity_issues.actions.city.set_up_city import set_up_city
from opencity_issues.actions.moderate_issue import block_citizen
from opencity_issues.actions.offer_deeds import RULES
from opencity_issues.models import Organisation
from opencity_issues.procedure.refusals import Missing, NotPermitted, NotPossible
from opencity_issues.views.desk.bulk_deeds import BULK_DEEDS
from tests.database import snapshot
from tests.factories import NOON, Town, person
from tests.issues.deeds import ABROAD, DEEDS, FILLED, NOW, Deed, accepted, missed, open_issue

# Who may do what is asked in Python, from the same rows on either database.
pytestmark = pytest.mark.once

HELD_ELSEWHERE = {
    "change_status.change_status": "transitions have the table of situations.py",
    "first_run.tick": "the operator's, see test_first_run.py",
    "first_run.try_mail": "the operator's, see test_first_run.py",
    "run.run_import": "the operator's page, see test_import_page.py; `actor` is for the history",
}
"""Actions of somebody that this table does not try."""


MEMBER_OF = {"roads": "roads", "lighting": "lighting", "control": "control", "moderator": "ngo", "foreign": "abroad"}
WAS_MEMBER_OF = {"former": "roads", "deactivated": "roads"}


@dataclass
class Cast:
    """Everybody who might try, and the organisations they might act for, by their short names."""

    people: dict[str, Any]
    offices: dict[str, Organisation | None]


def cast_of(town: Town) -> Cast:
    former = person("former@city.example")
    membership = town.join(town.roads, former)
    membership.left_at = NOON
    membership.save()
    gone = person("gone@city.example", is_active=False)
    town.join(town.roads, gone)
    editor = person("editor@city.example", is_staff=True)
    wanted = ("access_admin", "add_page", "change_page", "publish_page")
    editor.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    blocked = person("blocked@people.example")
    block_citizen(blocked, reason="Образи", actor=town.moderator, organisation=town.ngo, now=NOON)
    abroad, foreign = _another_city(town)
    people = {
        "author": town.author,
        "neighbour": town.neighbour,
        "blocked": blocked,
        "roads": town.roads_worker,
        "lighting": town.lighting_worker,
        "control": town.controller,
        "moderator": town.moderator,
        "operator": person("operator@city.example", is_superuser=True, is_staff=True),
        "editor": editor,
        "former": former,
        "deactivated": gone,
        "foreign": foreign,
        "anonymous": AnonymousUser(),
    }
    offices = {
        "": None,
        "roads": town.roads,
        "lighting": town.lighting,
        "control": town.control,
        "ngo": town.ngo,
        "abroad": abroad,
    }
    return Cast(people, offices)


def _another_city(town: Town) -> tuple[Organisation, Any]:
    """The control body and moderator, in one, of a city of the same installation."""
    root = WagtailPage.get_first_root_node().add_child(instance=WagtailPage(title="Інше", slug="other"))
    site = Site.objects.create(hostname="other.example", root_page=root)
    city = set_up_city(site, name="Інше місто")
    abroad = Organisation.objects.create(
        city=city, slug="abroad", name_uk="Чужий орган", is_control_body=True, is_moderator=True
    )
    foreign = person("foreign@other.example")
    town.join(abroad, foreign)
    return abroad, foreign


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back, so that the next one finds the same situation."""
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)


def attempt(town: Town, deed: Deed, subject: Any, actor: Any, organisation: Organisation | None) -> str:
    as_ = {"actor": actor, "now": NOW, **({"organisation": organisation} if organisation else {})}
    with undone():
        try:
            deed.act(town, subject, as_)
        except NotPermitted:
            return "403"
        except NotPossible:
            return "409"
        except Missing as missing:
            return f"400 {missing.fields}"
        return "done"


@pytest.mark.parametrize("name", DEEDS)
def test_each_may_do_exactly_what_the_procedure_says(town: Town, name: str) -> None:
    deed = DEEDS[name]
    cast = cast_of(town)
    with time_machine.travel(NOW, tick=False):
        subject = deed.prepare(town)
        wrong = []
        for who, actor in cast.people.items():
            for office in deed.offices:
                expected = "done" if (who, office) in deed.who else "403"
                expected = "409" if (who, office) in deed.impossible else expected
                got = attempt(town, deed, subject, actor, cast.offices[office])
                if got != expected:
                    wrong.append(f"{who} for {office or 'nobody'}: {got}, by {deed.clause} {expected}")
    assert wrong == []


@pytest.mark.parametrize("name", [name for name, deed in DEEDS.items() if deed.page])
def test_the_page_refuses_whom_the_action_refuses(town: Town, name: str) -> None:
    deed = DEEDS[name]
    assert deed.page is not None
    cast = cast_of(town)
    with time_machine.travel(NOW, tick=False):
        page = deed.page(town, deed.prepare(town))
        clients = {who: signed_in(actor) for who, actor in cast.people.items()}
        before = kept()
        wrong = []
        for who, actor in cast.people.items():
            client = clients[who]
            # At one's own organisation, and at those whose deed it is; to all others the door is the same.
            theirs = {office for _who, office in deed.who} | set((MEMBER_OF | WAS_MEMBER_OF).get(who, "").split())
            for office in sorted(theirs):
                if (who, office) in deed.who:
                    continue
                answer = client.post(f"/organisations/{office}/cabinet/{page.path}", page.data)
                anonymous = not (actor.is_authenticated and actor.is_active)
                # An organisation of another city, and an issue of another organisation, are not there at all.
                fine = answer.status_code in ({302, 404} if anonymous else {403, 404})
                if answer.status_code == 302:
                    fine = "/login" in answer["Location"]
                # In one's own room: what has no place in its form, or names nothing that is there, and changes nothing.
                fine = fine or (answer.status_code in (302, 400) and MEMBER_OF.get(who) == office)
                if not fine:
                    wrong.append(f"{who} for {office}: {answer.status_code}")
        assert wrong == []
        assert kept() == before
        for who, office in sorted(deed.who - ABROAD):
            with undone():
                answer = clients[who].post(f"/organisations/{office}/cabinet/{page.path}", page.data)
                assert answer.status_code in (302, 204), (who, office, answer.status_code, _errors(answer))
                assert kept() != before, (who, office)


def _errors(answer: Any) -> Any:
    form = answer.context and answer.context.get("form")
    return form.errors if form is not None and form.is_bound else answer.content.decode()[:300]


def kept() -> dict[str, Any]:
    """All rows of the database but those of sessions, which keep a visitor's notices."""
    return {table: rows for table, rows in snapshot().items() if table != "django_session"}


def signed_in(actor: Any) -> Client:
    client = Client()
    if actor.is_authenticated:
        client.force_login(actor, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- the table is whole -----------------------------------------------------------------------------------------------


def test_every_deed_of_the_desks_has_a_row() -> None:
    assert {rule.name for rule in RULES} - set(DEEDS) == set()


def test_every_action_of_somebody_has_a_row() -> None:
    acted = {
        f"{module.name.rpartition('.')[2]}.{name}"
        for module in pkgutil.walk_packages(actions.__path__, f"{actions.__name__}.")
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction)
        if function.__module__ == module.name
        and not name.startswith("_")
        and "actor" in inspect.signature(function).parameters
    }
    covered = {deed.covers for deed in DEEDS.values()} | set(HELD_ELSEWHERE)
    assert acted - covered - CHECKED_INSIDE == set()
    assert covered - acted == set()


CHECKED_INSIDE = {"consult.require", "organise_initiative.require_citizen", "organise_initiative.as_organiser"}
"""Parts of other actions."""


# --- several at once --------------------------------------------------------------------------------------------------

SEVERAL = {
    "assign": ("control", open_issue),
    "warn": ("control", missed),
    "repeat": ("moderator", missed),
    "T2": ("roads", open_issue),
    "inform-head": ("roads", open_issue),
    "answer": ("roads", accepted),
    "name-executor": ("roads", accepted),
    "seen": ("roads", open_issue),
}
"""Whose each deed is that is done to several issues at once, and the situation it is done in."""


def test_every_deed_for_several_has_a_row() -> None:
    assert set(BULK_DEEDS) == set(SEVERAL)


@pytest.mark.parametrize("name", SEVERAL)
def test_several_at_once_are_no_way_round(town: Town, name: str) -> None:
    whose, situation = SEVERAL[name]
    cast = cast_of(town)
    issue = situation(town)
    data = {**FILLED, "do": name, "issue": issue.number, "organisation": town.housing.pk, "way": "meeting"}
    with time_machine.travel(NOW if situation is not missed else NOON + timedelta(days=5), tick=False):
        clients = {who: signed_in(actor) for who, actor in cast.people.items()}
        before = kept()
        for who, client in clients.items():
            for office in ("roads", "lighting", "control", "ngo", "abroad"):
                if (who, office) != (whose, MEMBER_OF.get(whose)):
                    client.post(f"/organisations/{office}/cabinet/several/", data)
        assert kept() == before
        office = MEMBER_OF[whose]
        assert clients[whose].post(f"/organisations/{office}/cabinet/several/", data).status_code == 302
        assert kept() != before
