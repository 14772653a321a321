"""A real browser whose test fails by any fault of a page: a foreign host asked, a policy broken, a script in error."""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

RESULTS = Path(__file__).resolve().parents[1] / "test-results"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 20_000
"""How long a page may take on a machine that is busy with other tests. Nothing waits for so long unless it is broken."""
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # tests run as root in containers
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing leaves this computer even where a page asks for it; that it asked is found below.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


class PageWatch:
    """Collects the faults of pages. `allow(pattern)` names one that the test brings about on purpose."""

    def __init__(self, origin: str) -> None:
        self.host = urlsplit(origin).netloc
        self.faults: list[str] = []
        self.allowed: list[str] = []

    def allow(self, pattern: str) -> None:
        """Faults that this regular expression finds are meant."""
        self.allowed.append(pattern)

    def attach(self, context: BrowserContext) -> None:
        """Watch every page that the context opens."""
        context.on("request", self.see_request)
        context.on("console", self.see_console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))

    def see_request(self, request: Request) -> None:
        """Note a request to another host than the tested site."""
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.faults.append(f"foreign host: {request.url}")

    def see_console(self, message: ConsoleMessage) -> None:
        """Note an error in the console; broken content policies are told there too."""
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def unexpected(self) -> list[str]:
        """The faults that no test asked for."""
        return [fault for fault in self.faults if not any(re.search(pattern, fault) for pattern in self.allowed)]


def chromium_path() -> str:
    """Where Debian's Chromium is."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert executable, "The browser tests need Chromium: apt-get install chromium"
    return executable


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, one for each test process."""
    executable = chromium_path()
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page_watch(live_server):
    """What the test's pages did wrong; checked at its end."""
    return PageWatch(live_server.url)


@pytest.fixture
def new_page(browser: Browser, live_server, page_watch: PageWatch, request, settings):
    """Opens watched pages, each in a fresh profile: `new_page(viewport=PHONE, java_script_enabled=False)`.

    After `settings`, so that pages are closed before a test's settings end: one still loads its pictures from their folder.
    """
    contexts: list[BrowserContext] = []

    def open_page(**options) -> Page:
        context = browser.new_context(
            **{
                "base_url": live_server.url,
                "locale": "uk-UA",
                "timezone_id": "Europe/Kyiv",
                "viewport": DESKTOP,
                **options,
            }
        )
        context.set_default_timeout(PATIENCE_MS)
        page_watch.attach(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    failed = getattr(request.node, "call_failed", False)
    for number, context in enumerate(contexts):
        if failed and context.pages:
            RESULTS.mkdir(exist_ok=True)
            context.pages[-1].screenshot(path=RESULTS / f"{request.node.name}-{number}.png".replace("/", "_"))
        context.close()
    faults = page_watch.unexpected()
    if faults and not failed:
        pytest.fail("The pages had faults:\n" + "\n".join(faults))


@pytest.fixture
def page(new_page) -> Page:
    """A page of a desktop browser in Ukrainian, nobody signed in."""
    return new_page()


@pytest.fixture
def phone(new_page) -> Page:
    """A page of a telephone in Ukrainian, nobody signed in."""
    return new_page(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)


@pytest.fixture
def wear(settings):
    """Gives the site another theme, as OPENCITY_THEME does at its start: `wear("tram")`."""

    def put_on(theme: str) -> None:
        own, *others = settings.TEMPLATES[0]["DIRS"]
        folder = Path(own).parents[1] / theme
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder / "templates", *others]}]
        settings.STATICFILES_DIRS = [folder / "static"]

    return put_on


@pytest.fixture
def sign_in(live_server):
    """Signs a user in to a page's browser without the way through the forms: `sign_in(page, user)`."""

    def put_session(page: Page, user) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return put_session


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember for the fixtures' end whether the test itself failed."""
    report = yield
    if report.when == "call":
        item.call_failed = report.failed
    return report
