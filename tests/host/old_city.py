"""A city as the first migration knew it, for the test of upgrades: written by the historic models, without any of today's code."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

FIRST = ("opencity_issues", "0001_initial")
TITLE = "Стара яма"


def plant() -> None:
    """Migrate to the first migration and write one city with one accepted issue, its organisation, worker, terms and events."""
    call_command("migrate", "home", verbosity=0)
    call_command("migrate", *FIRST, verbosity=0)
    _write(MigrationExecutor(connection).loader.project_state([FIRST]).apps)


def _write(apps: Any) -> None:
    def model(name: str, app: str = "opencity_issues") -> Any:
        return apps.get_model(app, name).objects

    now = timezone.now()
    site = model("Site", "wagtailcore").get(is_default_site=True)
    home = model("Page", "wagtailcore").get(pk=site.root_page_id)
    city = _page(apps, "IssueIndexPage", home, "Проблеми", "issues")
    model("CitySettings").create(city=city, city_name="Старе місто", control_mailbox="control@town.example")
    roads = model("Category").create(code="3", name_uk="Дороги")
    holes = model("Category").create(code="3.8", name_uk="Ями", parent=roads)
    organisation = model("Organisation").create(
        city=city, slug="old-roads", name_uk="Стара дорожня служба", mailbox="old@town.example"
    )
    model("Responsibility").create(category=roads, organisation=organisation)
    people = model("Person", "people")
    author, worker = (
        people.create(username=name, email=f"{name}@town.example") for name in ("old-author", "old-worker")
    )
    model("Citizen").create(user=author, terms_accepted_at=now, consent_at=now)
    model("Membership").create(organisation=organisation, user=worker)
    number = model("IssueNumber").create().pk
    issue = _page(
        apps, "IssuePage", city, TITLE, str(number), number=number, description="Ще з першої версії.", author=author, city=city,
        status="accepted", publication="published", submitted_at=now, published_at=now, opened_at=now, accepted_at=now, event_count=3,
    )  # fmt: skip
    model("IssueCategory").create(issue=issue, category=holes)
    part = model("Assignment").create(
        issue=issue,
        organisation=organisation,
        state="accepted",
        sent_at=now,
        seen_at=now,
        accepted_at=now,
        kind="solve",
        worker=worker,
    )
    model("Deadline").create(
        issue=issue, assignment=part, clause="4.4", started_at=now, due_at=now + timedelta(days=30)
    )
    for sequence, event in enumerate(
        (
            {"kind": "submitted", "party": "citizen", "actor": author},
            {"kind": "status", "transition": "T1", "target": "open", "party": "system"},
            {
                "kind": "status",
                "transition": "T2",
                "source": "open",
                "target": "accepted",
                "party": "responsible_worker",
            },
        ),
        start=1,
    ):
        model("Event").create(issue=issue, sequence=sequence, at=now, **event)


def _page(apps: Any, name: str, parent: Any, title: str, slug: str, **columns: Any) -> Any:
    """A page as the only child of its parent: historic models know nothing of trees."""
    kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="opencity_issues", model=name.lower()
    )
    apps.get_model("wagtailcore", "Page").objects.filter(pk=parent.pk).update(numchild=1)
    return apps.get_model("opencity_issues", name).objects.create(
        title=title,
        draft_title=title,
        slug=slug,
        path=f"{parent.path}0001",
        depth=parent.depth + 1,
        url_path=f"{parent.url_path}{slug}/",
        content_type_id=kind.pk,
        locale_id=parent.locale_id,
        translation_key=uuid4(),
        **columns,
    )
