"""The demonstration: everything the town shows is lawful, whole, and the same for the same seed."""

from collections import Counter
from datetime import timedelta
from io import BytesIO

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, Site

from opencity_issues.actions.change_status import Move, change_status, offers
from opencity_issues.actions.city.set_up_city import set_up_city
from opencity_issues.actions.route_issue import receivers
from opencity_issues.demo.bulk import make_many
from opencity_issues.demo.material import Material
from opencity_issues.demo.photos import SCENES, VARIANTS, photo, renditions
from opencity_issues.demo.situations import SITUATIONS
from opencity_issues.demo.stage import play
from opencity_issues.demo.town import load_town
from opencity_issues.enums import AssignmentState, EventKind, Publication, Status
from opencity_issues.models import (
    Assignment,
    Category,
    Deadline,
    Event,
    IssuePage,
    MapCell,
    Media,
    Notice,
    Organisation,
)
from opencity_issues.models.map_cell import LATE, SHIFT, late_ids
from opencity_issues.models.place import CELL_ZOOM
from opencity_issues.procedure.lifecycle import fold
from opencity_issues.rules import Roles

# A Wednesday, whichever the day of the run: stories look back from it over weekends and holidays alike.
NOW = (timezone.now() - timedelta(days=timezone.now().weekday() + 5)).replace(hour=12, microsecond=0)
MANY = 400

pytestmark = pytest.mark.django_db


def new_city():
    return set_up_city(Site.objects.get(is_default_site=True), name="Відкрите")


@pytest.fixture(scope="module")
def material():
    return Material.read()


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, material):
    """The town with one issue of each situation and some hundreds written in bulk; loaded once for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        town = load_town(new_city(), material, NOW)
        play(town, len(SITUATIONS), seed=1, now=NOW)
        make_many(town, MANY, seed=1, now=NOW)
        yield town
        transaction.set_rollback(True)


def issues(town):
    return IssuePage.objects.in_city(town.city)


def citizens(town):
    return issues(town).by_author(town.people["citizen"])


# --- what the town is ----------------------------------------------------------------------------------------------------


def test_the_accounts_of_the_demonstration_can_sign_in(town):
    for name in ("citizen", "neighbour", "roads", "lighting", "housing", "control", "moderator", "editor", "operator"):
        assert town.people[name].email == f"{name}@demo.opencity.example"
        assert town.people[name].check_password("demo")
        assert town.people[name].opencity_citizen.has_accepted_terms
    if apps.is_installed("allauth.account"):
        assert apps.get_model("account", "EmailAddress").objects.get(user=town.people["citizen"]).verified
    assert town.people["operator"].is_superuser
    assert not [name for name, user in town.people.items() if user.is_superuser and name != "operator"]


@pytest.mark.parametrize(("code", "slug"), [("3", "roads"), ("2.2", "lighting"), ("7", "housing")])
def test_one_organisation_alone_answers_for_a_branch(town, code, slug):
    branch = [one for one in Category.objects.all() if one.code == code or one.code.startswith(f"{code}.")]
    assert {tuple(one.slug for one in receivers_of(town, category)) for category in branch} == {(slug,)}


def receivers_of(town, *categories):
    return receivers(town.city, categories)


def test_the_matrix_names_somebody_for_every_category_but_other(town):
    silent = [category.code for category in Category.objects.all() if not receivers_of(town, category)]
    assert silent == ["8"]


def test_some_categories_are_shared_and_some_use_their_parents_row(town):
    assert any(len(receivers_of(town, category)) == 2 for category in Category.objects.all())
    assert Category.objects.filter(parent__isnull=False, responsibilities=None).count() >= 5


def test_every_executing_organisation_has_a_responsible_worker(town):
    for organisation in Organisation.objects.filter(city=town.city):
        assert organisation.memberships.live().exists(), organisation


# --- every situation -------------------------------------------------------------------------------------------------------


def test_one_citizen_has_an_issue_in_every_status_and_publication(town):
    shown = {(issue.publication, issue.status, issue.again, issue.reopening) for issue in citizens(town)}
    for status in Status.values:
        assert (Publication.PUBLISHED, status, False, "") in shown
    assert {publication for publication, *_rest in shown} == set(Publication.values)
    for again in (("open", "closed"), ("open", "archive"), ("accepted", "closed"), ("accepted", "archive")):
        assert (Publication.PUBLISHED, again[0], True, again[1]) in shown


def test_the_author_is_offered_t9_and_t14_where_the_20_days_run_and_only_there(town):
    author = Roles.of(town.people["citizen"])
    archived = citizens(town).published().filter(status=Status.ARCHIVED)
    offered = Counter("T9" in {offer.transition.id for offer in offers(issue, author, NOW)} for issue in archived)
    assert offered[True] >= 1
    assert offered[False] >= 1
    closed = citizens(town).published().filter(status=Status.CLOSED, closed_at__gt=NOW - timedelta(days=20))
    assert closed
    assert all("T14" in {offer.transition.id for offer in offers(issue, author, NOW)} for issue in closed)


def test_every_desk_has_something_to_do(town):
    published = issues(town).published()
    assert published.overdue(NOW).filter(status=Status.OPEN).exists()
    assert Deadline.objects.overdue(NOW).filter(clause="4.4", issue__author=town.people["citizen"]).exists()
    assert issues(town).filter(publication=Publication.HELD).exists()
    assert published.filter(explained=True, status=Status.ACCEPTED).exists()
    assert published.filter(status=Status.OPEN, assignments=None).exists()
    assert published.filter(status=Status.OPEN, assignments__state=AssignmentState.RETURNED).exists()
    assert published.filter(status=Status.OPEN, repeated_at__isnull=False).exists()
    assert published.filter(contributions__kind="flag", contributions__handled_at=None).exists()
    assert published.filter(contributions__kind="question", contributions__replies=None).exists()


def test_every_transition_of_the_table_has_happened(town):
    done = set(Event.objects.filter(issue__city=town.city).values_list("transition", flat=True))
    assert {f"T{number}" for number in range(1, 15)} <= done


BESIDE_THE_PATH = (
    EventKind.SEEN,
    EventKind.COMMENT,
    EventKind.MISSED,
    EventKind.WARNING,
    EventKind.REPEATED,
    EventKind.PLAN_NEAR,
)
"""What the bulk leaves out: it is of no moment for how an issue stands."""


# --- whole and lawful ------------------------------------------------------------------------------------------------------


def test_each_issues_status_is_the_fold_of_its_events_and_they_are_in_order(town):
    for issue in issues(town).prefetch_related("events"):
        events = list(issue.events.all())
        assert [event.sequence for event in events] == list(range(1, issue.event_count + 1))
        assert fold(event.target for event in events if event.kind == EventKind.STATUS) == issue.status
        assert [event.at for event in events] == sorted(event.at for event in events)
        assert events[-1].at <= NOW


def test_the_pages_form_a_sound_tree(town):
    assert not any(Page.find_problems())
    town.city.refresh_from_db(fields=["numchild"])
    assert town.city.get_children().count() == issues(town).count() == len(SITUATIONS) + MANY


def test_the_counts_on_the_map_are_those_of_the_issues(town):
    placed = issues(town).published().filter(mx__isnull=False)
    late = late_ids(placed.values_list("pk", flat=True))
    assert late
    counted = Counter(
        (status, issue.mx >> SHIFT, issue.my >> SHIFT)
        for issue in placed
        for status in [str(issue.status), *([LATE + issue.status] if issue.pk in late else [])]
    )
    kept = MapCell.objects.filter(city=town.city, category_id=0, zoom=CELL_ZOOM).exclude(count=0)
    assert {(cell.status, cell.cx, cell.cy): cell.count for cell in kept} == counted


def test_an_issue_written_in_bulk_is_like_one_that_went_through_the_actions(town):
    def shape(issue):
        deadlines = issue.deadlines.order_by("pk").values_list("clause", "met_at", "cancelled_at")
        return (
            [
                (event.kind, event.transition, event.source, event.target, event.party)
                for event in issue.events.all()
                if event.kind not in BESIDE_THE_PATH
            ],
            sorted((clause, met is not None, cancelled is not None) for clause, met, cancelled in deadlines),
            [
                (one.state, one.kind, bool(one.executor), bool(one.worker_id), bool(one.done_at))
                for one in issue.assignments.all()
            ],
        )

    # An issue that stands empty between two columns has one row in both: the simplest whole life.
    def archived(author):
        found = issues(town).filter(status=Status.ARCHIVED, reopening="").order_by("number")
        found = found.filter(author=author) if author else found.exclude(author__in=town.people.values())
        return next(
            issue for issue in found if issue.assignments.count() == 1 and not issue.contributions.filter(kind="flag")
        )

    assert shape(archived(town.people["citizen"])) == shape(archived(None))


def test_an_issue_written_in_bulk_lives_on(town):
    closed = issues(town).published().filter(status=Status.CLOSED).exclude(author__in=town.people.values())
    issue = closed.filter(closed_at__gt=NOW - timedelta(days=10)).order_by("number").first()
    with transaction.atomic():
        issue = change_status(issue, "T14", actor=issue.author, move=Move(reason="Знову."), now=NOW)
        assert (issue.status, issue.again) == (Status.OPEN, True)
        assert set(Assignment.objects.filter(issue=issue).values_list("state", flat=True)) == {AssignmentState.SENT}
        transaction.set_rollback(True)


def test_letters_of_the_past_are_not_sent_but_a_handful_of_the_newest(town):
    letters = Notice.objects.filter(issue__city=town.city)
    assert letters.count() > 200
    assert 1 <= letters.filter(sent_at=None).count() <= 6


# --- photos ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_a_photo_is_small_and_carries_nothing_but_the_picture(scene):
    for variant in range(VARIANTS):
        before, after = photo(scene, variant=variant), photo(scene, mended=True, variant=variant)
        assert before != after
        for data in (before, after):
            picture = Image.open(BytesIO(data))
            assert picture.size == (1200, 900)
            assert len(data) <= 90 * 1024
            assert not picture.getexif()
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_photos_in_the_town_are_kept_in_three_sizes(town):
    media = Media.objects.filter(issue__city=town.city).first()
    assert set(renditions("pothole")) == {"large", "medium", "thumb"}
    assert (media.width, media.height) == (1200, 900)
