"""The demonstration's pages in both themes: axe in light and dark, and no loss on 320 pixels or with text twice as large.

A test visits each page once and tells all that it found at its end: the visit is what costs time.
"""

from datetime import timedelta
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site
from django.core.management import call_command
from django.core.signing import get_cookie_signer
from django.utils import timezone
from playwright.sync_api import Page

from opencity_issues.actions.community.declare_project import ProjectWords, declare
from opencity_issues.actions.community.organise_initiative import InitiativeWords, start
from opencity_issues.models import Draft, IssuePage, Organisation
from opencity_issues.views import report_draft
from opencity_site.users.models import User
from tests.browser_fixtures import DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THEMES = sorted(path.name for path in site.THEMES_DIR.iterdir() if path.is_dir())
NARROW = {"width": 320, "height": 640}

PUBLIC = [
    "/",
    "/map/",
    "/issues/",
    "/issues/?status=archived&q=ніде-такого-немає",
    "/issues/{open}/",
    "/issues/{accepted}/",
    "/issues/{closed}/",
    "/organisations/roads/",
    "/statistics/",
    "/search/?q=яма",
    "/together/",
    "/together/{initiative}/",
    "/needs/",
    "/projects/",
    "/projects/{project}/",
    "/offline/",
    "/report/offline/",
    "/news/",
    "/news/{news}/",
    "/news/{everything}/",
    "/newsletter/",
    "/working-group/",
    "/working-group/meeting-past/",
    "/media/",
    "/contacts/",
    "/terms/",
    "/accessibility/",
    "/report/",
    "/report/what/",
    "/accounts/login/",
    "/accounts/signup/",
    "/no-such-page/",
    "/style-guide/",
]
PRIVATE = {
    "citizen": [
        "/my/",
        "/my/letters/",
        "/my/news/",
        "/my/follows/",
        "/my/follows/place/",
        "/report/review/",
        "/accounts/",
    ],
    "roads": ["/organisations/roads/cabinet/", "/organisations/roads/cabinet/calendar/"],
    "control": ["/organisations/control/cabinet/", "/organisations/control/cabinet/matrix/"],
}

# What is far below is laid out only when one comes near: here at once.
ALL_LAID_OUT = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { content-visibility: visible !important }");
    document.adoptedStyleSheets = [sheet];
}"""

# In dark the page is the same but for its colours.
DARK = """async () => {
    document.documentElement.dataset.theme = "dark";
    const found = await axe.run(document, {resultTypes: ["violations"], runOnly: ["color-contrast"]});
    delete document.documentElement.dataset.theme;
    return found.violations;
}"""

# What stands beyond the right edge outside of what scrolls by itself, or is cut off by its own box. The rows of a desk may
# end in an ellipsis: each opens the issue in full beside them.
LOST = """async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth > width;
    const lost = wide ? [`${document.documentElement.scrollWidth} px wide`] : [];
    const scrolls = (one) => one && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
    for (const element of document.body.querySelectorAll("*")) {
        if (element.closest(".map, .visually-hidden, svg, [hidden]") || !element.checkVisibility()) continue;
        const style = getComputedStyle(element);
        const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const beyond = element.getBoundingClientRect().right > width + (wide ? 0 : 1);
        const cuts = /hidden|clip/.test(style.overflowX) && style.clipPath === "none" && style.textOverflow !== "ellipsis";
        const cut = text && cuts && element.scrollWidth > element.clientWidth + 1;
        if (!cut && !((wide || text) && beyond && style.position !== "fixed" && !scrolls(element))) continue;
        lost.push([element.localName, ...element.classList].join(".") + (cut ? " cut" : " beyond"));
    }
    return [...new Set(lost)].slice(0, 6);
}"""


@pytest.fixture
def addresses(settings, tmp_path) -> dict[str, str]:
    """The demonstration, small, and the addresses in it that only a load gives."""
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path / "private"
    settings.MEDIA_ROOT = tmp_path / "public"
    call_command("opencity_demo", "--issues", "14", "--seed", "1", verbosity=0)
    from opencity_cms.models import NewsIndexPage, NewsPage  # with the load, not with the module
    from tests.cms.articles import every_block

    numbers = {
        status: str(IssuePage.objects.published().filter(status=status).order_by("number").last().number)
        for status in ("open", "accepted", "closed")
    }
    newest = NewsPage.objects.order_by("-date").first()
    index = NewsIndexPage.objects.get(locale__language_code="uk")
    body = every_block(IssuePage.objects.get(number=numbers["closed"]))
    index.add_child(instance=NewsPage(title="Усе разом", slug="everything", body=body, locale=index.locale))
    return {
        **numbers,
        "news": newest.slug,
        "everything": "everything",
        **community(),
    }


def community() -> dict[str, str]:
    """A meeting of residents and a project, which so small a demonstration does not have."""
    issue = IssuePage.objects.published().filter(status="open").first()
    now = timezone.now()
    plan = InitiativeWords("Приберемо листя.", now + timedelta(days=3), "Біля входу", tasks=["Мішки"])
    meeting = start(issue, plan, actor=User.objects.get(email="neighbour@demo.opencity.example"))
    today = timezone.localdate()
    words = ProjectWords("Новий сквер", "Посадимо дерева.", today, today + timedelta(days=30), [issue.number])
    actor, roads = User.objects.get(email="roads@demo.opencity.example"), Organisation.objects.get(slug="roads")
    project = declare(issue.city, words, actor=actor, organisation=roads)
    return {"initiative": str(meeting.pk), "project": str(project.pk)}


@pytest.fixture
def begun(addresses) -> Draft:
    """The citizen's report that only waits to be sent."""
    citizen = User.objects.get(email="citizen@demo.opencity.example")
    what = {"title": "Яма біля школи", "description": "Глибока, після дощу не видно.", "categories": ["3.8", "2.2.1"]}
    return Draft.objects.create(user=citizen, data={"where": {"address": "вул. Шкільна, 4"}, "what": what})


def faults(page: Page, place: str) -> list[str]:
    """What is wrong with the page that is open, in words."""
    page.evaluate(ALL_LAID_OUT)
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    light = Axe().run(page, options=options).response["violations"]
    found = [
        f"{place} {look}: {one['id']} ({one['impact']}) {[node['target'] for node in one['nodes']][:3]}"
        for look, violations in (("light", light), ("dark", page.evaluate(DARK)))
        for one in violations
    ]
    page.set_viewport_size(NARROW)
    found += [f"{place} at 320 px: {one}" for one in page.evaluate(LOST)]
    page.set_viewport_size(DESKTOP)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found += [f"{place} with text of 200 %: {one}" for one in page.evaluate(LOST)]
    return found


@pytest.mark.parametrize("theme", THEMES)
def test_pages_are_accessible_in_both_looks(theme, new_page, page_watch, sign_in, wear, addresses, begun, live_server):
    page_watch.allow("404")
    wear(theme)
    found = []
    for who, pages in {"": PUBLIC, **PRIVATE}.items():
        page = new_page(color_scheme="light", reduced_motion="reduce")
        if who:
            sign_in(page, User.objects.get(email=f"{who}@demo.opencity.example"))
            draft = get_cookie_signer(salt=report_draft.COOKIE + report_draft.SALT).sign(str(begun.pk))
            page.context.add_cookies([{"name": report_draft.COOKIE, "value": draft, "url": live_server.url}])
        for address in (one.format(**addresses) for one in pages):
            page.set_viewport_size(DESKTOP)
            page.goto(address)
            assert page.url == f"{live_server.url}{quote(address, safe='/?&=')}", address  # led nowhere else
            if address == "/offline/":
                page.wait_for_load_state("networkidle")  # what the device keeps is listed by a script
            found += faults(page, address)
    assert not found, "\n".join(found)
