"""A Wagtail site that is not ours: `wagtail start`, then README's steps word by word, read from README itself.

    make_host.py FOLDER readme   those steps and nothing else
    make_host.py FOLDER own      and what hosts have besides: an own user and image model, a prefix, languages, a storage
                                 service, Wagtail's API, `opencity_cms`, and a city that the first version has left

Prints the commands of step 6, one a line, which `visit.py` carries out in the project.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
README = HERE.parents[1] / "README.md"
NAME = "mysite"
START = "from wagtail.bin.wagtail import main; main()"

OWN_SETTINGS = """
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["people", "pictures", "opencity_cms", "wagtail.api.v2", "wagtail.locales", *INSTALLED_APPS]
AUTH_USER_MODEL = "people.Person"
WAGTAILIMAGES_IMAGE_MODEL = "pictures.Picture"
WAGTAIL_I18N_ENABLED = True
LANGUAGE_CODE = "uk"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("uk", "Українська"), ("en", "English")]
MIDDLEWARE.insert(3, "django.middleware.locale.LocaleMiddleware")
STORAGES["opencity_private"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}  # has no folder, as a service has none
"""
OWN_ADDRESSES = """
from django.conf.urls.i18n import i18n_patterns
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

api = WagtailAPIRouter("wagtailapi")
api.register_endpoint("pages", PagesAPIViewSet)
urlpatterns = [
    path("api/v2/", api.urls),
    *urlpatterns[:-1],
    *i18n_patterns(
        path("problems/", include("opencity_cms.urls")),
        path("problems/", include("opencity_issues.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
"""


def steps() -> dict[str, list[str]]:
    """The fenced blocks of README's section for hosts, without their indentation, by language."""
    section = README.read_text().split("## In your own Wagtail site")[1].split("\n### ")[0]
    found: dict[str, list[str]] = {}
    for indent, language, block in re.findall(r"^( *)```(\w+)\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL):
        found.setdefault(language, []).append(re.sub(f"^{indent}", "", block, flags=re.MULTILINE))
    return found


def put_in(path: Path, before: str, lines: str) -> None:
    """Write lines before the only place where a text stands."""
    text = path.read_text()
    assert text.count(before) == 1, f"{path.name}: {text.count(before)} times {before!r}"
    path.write_text(text.replace(before, f"{lines}{before}"))


def make(folder: Path, kind: str) -> list[str]:
    """Make the project in an empty folder; returns the commands of README's step 6."""
    subprocess.run([sys.executable, "-c", START, "start", NAME, folder], check=True, stdout=subprocess.DEVNULL)
    blocks = steps()
    apps, address, settings = blocks["python"]
    base, urls, templates = (
        folder / NAME / "settings" / "base.py",
        folder / NAME / "urls.py",
        folder / NAME / "templates",
    )
    # Step 2: what is there already is not listed twice.
    start = base.read_text()
    put_in(
        base,
        '    "wagtail.contrib.forms",\n',
        "".join(f"    {one}\n" for one in apps.split("\n") if one and one not in start),
    )
    # Step 3 and the sign-in of step 4.
    sign_in = re.search(r'`(path\("", include\("django\.contrib\.auth\.urls"\)\),)`', README.read_text())
    assert sign_in, "README tells of no sign-in"
    for line in (sign_in[1], *([address.strip()] if kind == "readme" else [])):
        put_in(urls, '    path("", include(wagtail_urls)),\n    # Alternatively', f"    {line}\n")
    (templates / "registration").mkdir()
    shutil.copy(HERE / "login.html", templates / "registration")
    # Step 4 and 5.
    base.write_text(f"{base.read_text()}\n{settings}")
    (templates / "opencity_issues").mkdir()
    (templates / "opencity_issues" / "frame.html").write_text(blocks["django"][0])
    if kind == "own":
        shutil.copytree(HERE / "own", folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        base.write_text(base.read_text() + OWN_SETTINGS)
        urls.write_text(urls.read_text() + OWN_ADDRESSES)
    return blocks["sh"][0].splitlines()


if __name__ == "__main__":
    sys.stdout.write("\n".join(make(Path(sys.argv[1]), sys.argv[2])) + "\n")
