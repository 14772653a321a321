"""A small city with its people, and issues in any situation, made by the real actions at moments given.

town = Town()                       # index page, categories, organisations, people
issue = town.issue()                # published, routed to town.roads
issue = town.issue(categories=["3.8", "2.2"])
town.accept(issue, town.roads)      # T2 by its worker
town.close(issue)                   # accepted by all and done by all
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

from django.contrib.auth import get_user_model
from wagtail.models import Site

from opencity_issues.actions.change_status import Move, change_status
from opencity_issues.actions.city.set_up_city import set_up_city
from opencity_issues.actions.clock.archive_issues import archive_due
from opencity_issues.actions.submit_issue import Report, submit_issue
from opencity_issues.models import (
    Category,
    Citizen,
    IssueIndexPage,
    IssuePage,
    Membership,
    Organisation,
    Responsibility,
)
from opencity_issues.signals import city_set_up

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""A Monday, 12:00 in Kyiv: the moment the stories of the tests begin."""

PLACE = (25.853, 51.344)


def person(email: str, *, name: str = "Олена Тест", terms: bool = True, **extra: Any) -> Any:
    """An account with the terms accepted; no password (sign in with `client.force_login`)."""
    first, _space, last = name.partition(" ")
    user = get_user_model().objects.create(email=email, first_name=first, last_name=last, **extra)
    citizen = Citizen(user=user)
    if terms:
        citizen.accept_terms()
    citizen.save()
    return user


@dataclass
class Town:
    """One city: roads answer for 3, lighting for 2.2, housing for 7; 8 goes to nobody; a control body and a moderator."""

    content: bool = False
    """Whether the host's pages around the issues are laid out too, which takes longer than the rest of the town."""
    site: Site | None = None
    """The Wagtail site of the town; the default one where none is given."""
    mark: str = ""
    """A word in each name and address, to tell several towns of one installation apart."""
    city: IssueIndexPage = field(init=False)

    def __post_init__(self) -> None:
        listening = city_set_up.receivers if self.content else []
        with mock.patch.object(city_set_up, "receivers", listening):
            self.city = set_up_city(
                self.site or Site.objects.get(is_default_site=True), name=f"Тестове {self.mark}".strip()
            )
        config = self.city.config
        config.control_mailbox, config.support_email = "control-department@city.example", "support@city.example"
        config.save()
        self.roads, self.roads_worker = self.organisation("roads", "Дорожня служба", "3")
        self.lighting, self.lighting_worker = self.organisation("lighting", "Міськсвітло", "2.2")
        self.housing, self.housing_worker = self.organisation("housing", "Житлове господарство", "7")
        self.control, self.controller = self.organisation(
            "control", "Відділ контролю", is_control_body=True, is_executor=False
        )
        self.ngo, self.moderator = self.organisation("ngo", "ГО Модератор", is_moderator=True, is_executor=False)
        self.author = person(f"{self.mark}author@people.example", name=f"Ганна Авторка {self.mark}".strip())
        self.neighbour = person(f"{self.mark}neighbour@people.example", name=f"Петро Сусід {self.mark}".strip())

    def organisation(self, slug: str, name: str, *categories: str, **functions: bool) -> tuple[Organisation, Any]:
        """An organisation with its one worker and its rows of the matrix."""
        organisation = Organisation.objects.create(
            city=self.city,
            slug=slug,
            name_uk=f"{name} {self.mark}".strip(),
            mailbox=f"{slug}@city.example",
            head_position=f"Директор ({name})",
            head_email=f"head.{slug}@city.example",
            **functions,
        )
        worker = person(f"{self.mark}worker.{slug}@city.example", name=f"Працівник {slug} {self.mark}".strip())
        self.join(organisation, worker)
        for code in categories:
            Responsibility.objects.create(category=Category.objects.get(code=code), organisation=organisation)
        return organisation, worker

    def join(self, organisation: Organisation, user: Any) -> Membership:
        return Membership.objects.create(organisation=organisation, user=user)

    def worker_of(self, organisation: Organisation) -> Any:
        return organisation.memberships.live().get().user

    def issue(
        self, *, categories: tuple[str, ...] | list[str] = ("3.8",), now: datetime = NOON, **said: Any
    ) -> IssuePage:
        """A citizen's report, published and routed unless something holds it."""
        author = said.pop("author", self.author)
        said = {"title": "Яма біля переходу", "description": "Глибока яма, небезпечно.", "location": PLACE, **said}
        report = Report(categories=[Category.objects.get(code=code) for code in categories], **said)
        return submit_issue(self.city, report, author=author, now=now)

    def move(
        self,
        issue: IssuePage,
        transition: str,
        actor: Any,
        organisation: Organisation | None = None,
        now: datetime = NOON,
        **move: Any,
    ) -> IssuePage:
        """One transition with everything that it may require filled in."""
        filled = {"executor": "Майстер дільниці", "answer": "Зроблено.", "reason": "Є підстави.", **move}
        return change_status(issue, transition, actor=actor, organisation=organisation, move=Move(**filled), now=now)

    def accept(self, issue: IssuePage, organisation: Organisation, now: datetime = NOON, **move: Any) -> IssuePage:
        return self.move(issue, "T2", self.worker_of(organisation), organisation, now, **move)

    def finish(self, issue: IssuePage, organisation: Organisation, now: datetime = NOON) -> IssuePage:
        return self.move(issue, "T5", self.worker_of(organisation), organisation, now)

    def close(self, issue: IssuePage, now: datetime = NOON) -> IssuePage:
        """Accepted and done by every organisation that has it."""
        organisations = [one.organisation for one in issue.assignments.select_related("organisation")]
        for organisation in organisations:
            issue = self.accept(issue, organisation, now)
        for organisation in organisations:
            issue = self.finish(issue, organisation, now)
        return issue

    def archive(self, issue: IssuePage, now: datetime = NOON) -> IssuePage:
        """Closed at `now` and archived 20 days later (T8); returns it as it is then."""
        issue = self.close(issue, now)
        archive_due(now + timedelta(days=21))
        return IssuePage.objects.get(pk=issue.pk)
