"""README's commands, then what a visitor, a citizen, a worker and the operator of the host site find. Prints "fine" at the end."""

import os
import re
import sys
from io import StringIO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "host.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django is set up above
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from wagtail.models import Page  # noqa: E402

from opencity_issues.actions.submit_issue import Report, submit_issue  # noqa: E402
from opencity_issues.models import (  # noqa: E402
    Category,
    Citizen,
    IssueIndexPage,
    IssuePage,
    Membership,
    Organisation,
    Responsibility,
)

FOREIGN = re.compile(
    r"""<(?:script|img|link|iframe)\b[^>]*(?:src|href)=["'](?:https?:)?//(?!testserver|localhost)""", re.IGNORECASE
)


def opened(client: Client, path: str, status: int = 200) -> str:
    """The page at a path; fails unless it answers with the status and asks no other host."""
    response = client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code}"
    page = response.content.decode() if not response.streaming else ""
    foreign = [match for match in FOREIGN.findall(page) if "canonical" not in match]
    assert not foreign, f"{path}: {foreign}"
    return page


def make_town() -> tuple[IssuePage, User, User]:
    """An organisation with a worker, a row of the matrix, a citizen with an issue."""
    city = IssueIndexPage.objects.get()
    roads = Organisation.objects.create(city=city, slug="roads", name_uk="Дорожня служба", mailbox="roads@town.example")
    Responsibility.objects.create(category=Category.objects.get(code="3"), organisation=roads)
    worker = User.objects.create_user("worker", "worker@town.example", "secret")
    Membership.objects.create(organisation=roads, user=worker)
    citizen = User.objects.create_user("citizen", "citizen@town.example", "secret")
    terms = Citizen(user=citizen)
    terms.accept_terms()
    terms.save()
    report = Report("Яма на мосту", "Глибока.", [Category.objects.get(code="3.8")], city.config.centre_point)
    return submit_issue(city, report, author=citizen), citizen, worker


def set_up() -> None:
    """The commands of README's step 5, and what must be clean after them."""
    call_command("check", fail_level="WARNING")
    call_command("migrate", verbosity=0)
    call_command("makemigrations", "opencity_issues", check_changes=True, dry_run=True)
    told = [StringIO(), StringIO()]
    call_command("opencity_setup", name="Наше місто", stdout=told[0])
    call_command("opencity_setup", stdout=told[1])
    assert "Наше місто" in told[0].getvalue()
    assert told[0].getvalue() == told[1].getvalue()


def main() -> None:
    set_up()
    assert get_user_model() is User
    assert not {"opencity_cms", "allauth"} & set(settings.INSTALLED_APPS)
    issue, citizen, worker = make_town()
    card = f"/issues/{issue.number}/"

    visitor = Client()
    assert issue.title in opened(visitor, "/issues/")
    opened(visitor, "/map/")
    assert visitor.get("/map/data/?bbox=25.8,51.3,25.9,51.4&zoom=14").json()["total"] == 1
    opened(visitor, "/map/scheme.geojson")
    opened(visitor, "/issues.geojson")
    opened(visitor, "/statistics/")
    assert issue.title in opened(visitor, card)
    assert "<form" in opened(visitor, "/report/")
    opened(visitor, "/organisations/roads/")
    opened(visitor, "/api/v1/issues/")
    opened(visitor, "/api/v1/schema/")
    closed = visitor.get("/organisations/roads/cabinet/")
    assert closed.status_code == 302, closed.status_code
    assert closed["Location"].startswith("/sign-in/"), closed["Location"]
    assert "Sign in to our town" in opened(visitor, "/sign-in/")

    signed = Client()
    assert signed.post("/sign-in/", {"username": "worker", "password": "secret"}, follow=False).status_code == 302
    assert issue.title in opened(signed, "/organisations/roads/cabinet/")
    opened(signed, "/organisations/roads/cabinet/members/")
    opened(signed, card)
    assert signed.get("/cms/", follow=False).status_code == 302

    author = Client()
    author.force_login(citizen)
    assert issue.title in opened(author, card)
    opened(author, "/report/")
    assert author.get("/organisations/roads/cabinet/").status_code in (403, 404)

    operator = Client()
    operator.force_login(User.objects.create_superuser("operator", "operator@town.example", "secret"))
    for path in ("issues", "organisations", "categories", "matrix", "city", "citizens", "notices"):
        opened(operator, f"/cms/opencity/{path}/")
    opened(operator, f"/cms/opencity/organisations/edit/{Organisation.objects.get().pk}/")
    city = IssueIndexPage.objects.get()
    opened(operator, f"/cms/opencity/city/edit/{city.config.pk}/")
    assert operator.post(f"/cms/pages/{issue.pk}/delete/").status_code == 302
    assert Page.objects.filter(pk=issue.pk).exists()
    assert worker.opencity_memberships.count() == 1
    call_command("opencity_verify")
    sys.stdout.write("fine\n")


if __name__ == "__main__":
    main()
