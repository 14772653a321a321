"""README's commands, then what a visitor, a citizen, a worker and the operator of the host site find. Prints "fine" at the end.

visit.py KIND COMMAND…    in the folder that `make_host.py` has filled; KIND as there
"""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))
sys.path.append(str(Path(__file__).parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.dev")

import django
from django.core.management import call_command

KIND = sys.argv[1]
if KIND == "own":
    # As a host does before its first `migrate`: its own models get their tables.
    subprocess.run([sys.executable, "manage.py", "makemigrations", "people", "pictures", "-v0"], check=True)
django.setup()

import old_city  # noqa: E402
import wagtail  # noqa: E402
from django.apps import apps  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402
from wagtail.images import get_image_model  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from opencity_issues.actions.city.set_up_city import set_up_city  # noqa: E402
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
from opencity_issues.tasks import sweep  # noqa: E402

FOREIGN = re.compile(
    r"""<(?:script|img|link|iframe)\b[^>]*(?:src|href)=["'](?:https?:)?//(?!testserver|localhost|second)""",
    re.IGNORECASE,
)
SECOND = "second.example"
User = get_user_model()
# The project's own base template says so itself: `wagtail start` links these two files in it, and no template of ours does.
OWN_BASE = ("css/mysite.css", "js/mysite.js")


def opened(client: Client, path: str, status: int = 200, *, framed: bool = False) -> str:
    """The page at a path; fails unless it answers with the status and asks no other host, within the host's own base template."""
    response = client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code}"
    page = response.content.decode() if not response.streaming else ""
    foreign = [match for match in FOREIGN.findall(page) if "canonical" not in match]
    assert not foreign, f"{path}: {foreign}"
    if framed:
        assert all(page.count(f'/static/{own}"') == 1 for own in OWN_BASE), f"{path}: not in the host's base template"
        assert page.count("<main") == page.count("</html>") == page.count("<title>") == 1, path
        assert "opencity_issues/css/base.css" in page, path
        assert "masthead" not in page, path
    return page


def kept_database() -> Path:
    """Where the migrated database is kept for the next run, since all else takes less time: by versions and migrations."""
    key = hashlib.sha256(f"{KIND} {django.__version__} {wagtail.__version__}".encode())
    key.update(Path(old_city.__file__).read_bytes())
    for app in apps.get_app_configs():
        for folder in ("migrations", "models"):
            for file in sorted((Path(app.path) / folder).glob("*.py")):
                key.update(file.read_bytes())
    return Path(tempfile.gettempdir()) / f"opencity-hosts-{os.getuid()}" / f"{key.hexdigest()[:20]}.sqlite3"


def set_up(commands: list[str]) -> None:
    """The commands of README, and what must be clean after them."""
    call_command("check", fail_level="WARNING")
    database, kept = Path(connection.settings_dict["NAME"]), kept_database()
    if kept.exists():
        shutil.copy(kept, database)
    elif KIND == "own":
        old_city.plant()
    for command in commands:
        program, script, *words = shlex.split(command)
        assert (program, script) == ("python", "manage.py"), command
        call_command(*words, **({"verbosity": 0} if words == ["migrate"] else {}))
        if words == ["migrate"] and not kept.exists():
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            part = kept.with_suffix(f".{os.getpid()}")
            shutil.copy(database, part)
            part.replace(kept)  # at once: another run never sees half a file
    told = [StringIO(), StringIO()]
    for one in told:
        call_command("opencity_setup", name="Наше місто", stdout=one)
    assert "Наше місто" in told[0].getvalue()
    assert told[0].getvalue() == told[1].getvalue()
    call_command("makemigrations", "opencity_issues", check_changes=True, dry_run=True)


def make_town(city: IssueIndexPage, mark: str) -> tuple[IssuePage, User, User]:
    """An organisation with a worker, a row of the matrix, a citizen with an issue."""
    roads = Organisation.objects.create(
        city=city, slug="roads", name_uk=f"Дорожня служба {mark}", mailbox="roads@town.example"
    )
    Responsibility.objects.create(category=Category.objects.get(code="3"), organisation=roads)
    worker = User.objects.create_user(f"worker{mark}", f"worker{mark}@town.example", "secret")
    Membership.objects.create(organisation=roads, user=worker)
    citizen = User.objects.create_user(f"citizen{mark}", f"citizen{mark}@town.example", "secret")
    terms = Citizen(user=citizen)
    terms.accept_terms()
    terms.save()
    report = Report(f"Яма на мосту {mark}", "Глибока.", [Category.objects.get(code="3.8")], city.config.centre_point)
    return submit_issue(city, report, author=citizen), citizen, worker


def second_city() -> tuple[IssuePage, IssueIndexPage]:
    """Another site with another city, in the same installation."""
    root = Page.get_first_root_node().add_child(instance=Page(title="Second", slug="second"))
    site = Site.objects.create(hostname=SECOND, port=80, root_page=root, site_name="Second")
    city = set_up_city(site, name="Друге місто")
    return make_town(city, "dzvinka")[0], city


def visit(issue: IssuePage, citizen: User, worker: User) -> None:
    """Everybody's pages, in the host's own base template."""
    start = reverse("opencity_issues:map").removesuffix("map/")
    card = issue.get_absolute_url()
    assert card == f"{start}issues/{issue.number}/"
    visitor = Client()
    for path in (
        "issues/",
        "map/",
        "statistics/",
        "report/",
        "organisations/roads/",
        "needs/",
        "projects/",
        "together/",
    ):
        opened(visitor, f"{start}{path}", framed=True)
    assert issue.title in opened(visitor, f"{start}issues/")
    assert visitor.get(f"{start}map/data/?bbox=25.8,51.3,25.9,51.4&zoom=14").json()["total"] == 1
    for path in ("map/scheme.geojson", "issues.geojson", "issues.csv", "issues.rss", "service-worker.js", "manifest.webmanifest",
                 "api/v1/issues/", "api/v1/schema/", "offline/"):  # fmt: skip
        opened(visitor, f"{start}{path}")
    assert f"<link>http://testserver{card}</link>" in opened(visitor, f"{start}issues.rss")
    assert issue.title in opened(visitor, card, framed=True)
    assert "<form" in opened(visitor, f"{start}report/", framed=True)
    closed = visitor.get(f"{start}organisations/roads/cabinet/")
    assert (closed.status_code, closed["Location"].partition("?")[0]) == (302, "/login/")
    assert "Sign in to our town" in opened(visitor, "/login/")

    signed = Client()
    assert signed.post("/login/", {"username": worker.username, "password": "secret"}, follow=False).status_code == 302
    assert issue.title in opened(signed, f"{start}organisations/roads/cabinet/", framed=True)
    opened(signed, f"{start}organisations/roads/cabinet/members/", framed=True)
    opened(signed, card, framed=True)
    assert signed.get("/admin/", follow=False).status_code == 302

    author = Client()
    author.force_login(citizen)
    for path in (card, f"{start}report/", f"{start}my/", f"{start}my/devices/"):
        opened(author, path, framed=True)
    assert author.get(f"{start}organisations/roads/cabinet/").status_code in (403, 404)


def visit_admin(issue: IssuePage, city: IssueIndexPage) -> None:
    """What the operator opens in Wagtail's admin, where an issue is read-only."""
    operator = Client()
    operator.force_login(User.objects.create_superuser("operator", "operator@town.example", "secret"))
    for path in ("issues", "organisations", "categories", "matrix", "city", "citizens", "notices"):
        opened(operator, f"/admin/opencity/{path}/")
    opened(operator, f"/admin/opencity/organisations/edit/{city.organisations.get(slug='roads').pk}/")
    opened(operator, f"/admin/opencity/city/edit/{city.config.pk}/")
    assert operator.post(f"/admin/pages/{issue.pk}/delete/").status_code == 302
    assert Page.objects.filter(pk=issue.pk).exists()


def visit_own(issue: IssuePage, city: IssueIndexPage) -> None:
    """The own models, the prefix in each language, two cities, Wagtail's API, content pages, a storage without folders."""
    from django.core.files.storage import storages  # only this kind of host has it

    from opencity_cms.models import NewsPage

    other, _second = second_city()
    first, second = Client(), Client(SERVER_NAME=SECOND)
    assert issue.title in opened(first, "/problems/issues/")
    assert other.title not in opened(first, "/problems/issues/")
    assert issue.title not in opened(second, "/problems/issues/")
    opened(second, issue.get_absolute_url(), 404)
    assert "/en/problems/" in opened(first, f"/en/problems/issues/{issue.number}/", framed=True)
    titles = [
        one["title"] for one in first.get("/api/v2/pages/?type=opencity_issues.IssuePage&fields=*").json()["items"]
    ]
    assert set(titles) == {issue.title, old_city.TITLE}
    # What the first version wrote is shown, worked on and verified as everything else.
    assert old_city.TITLE in opened(first, "/problems/issues/1/", framed=True)
    old_worker = Client()
    old_worker.force_login(User.objects.get(username="old-worker"))
    assert old_city.TITLE in opened(old_worker, "/problems/organisations/old-roads/cabinet/?queue=in-work", framed=True)
    assert "citizen" not in first.get("/api/v2/pages/?type=opencity_issues.IssuePage&fields=*").content.decode()
    assert get_image_model()._meta.label == "pictures.Picture"
    assert NewsPage._meta.get_field("lead_image").related_model is get_image_model()
    storages["opencity_private"].save("ab/photo.jpg", ContentFile(b"1"))
    assert storages["opencity_private"].listdir("ab")[1] == ["photo.jpg"]
    assert min(sweep().values()) >= 0
    from django.core import mail

    links = {re.search(r"https?://[^/]+", letter.body)[0] for letter in mail.outbox}
    assert links == {"http://localhost", f"http://{SECOND}"}, links
    assert all("/problems/" in letter.body for letter in mail.outbox)


def main() -> None:
    set_up(sys.argv[2:])
    setup_test_environment()
    city = IssueIndexPage.objects.get()
    issue, citizen, worker = make_town(city, "ptakhiv")
    visit(issue, citizen, worker)
    visit_admin(issue, city)
    if KIND == "own":
        visit_own(issue, city)
    call_command("opencity_verify")
    sys.stdout.write("fine\n")


if __name__ == "__main__":
    main()
