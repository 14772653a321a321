"""The installed application in a real browser: a report that waits through a restart and arrives once, what is kept and what
is not, and new versions."""

import re
from collections.abc import Callable, Iterator
from unittest import mock

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, expect

from opencity_issues.actions.submit_issue import submit_issue
from opencity_issues.models import Category, CategoryQuestion, CityScheme, IssuePage, Media
from opencity_issues.models.category_guidance import QuestionKind
from tests.browser_fixtures import CHROMIUM_ARGUMENTS, PATIENCE_MS, PHONE, chromium_path
from tests.factories import Town
from tests.issues.media_samples import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENT_MS = 30_000
HELD = """async () => {
    const bodies = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const kept = await cache.match(request, { ignoreVary: true });
            if (/text|json/.test(kept.headers.get("Content-Type"))) bodies.push(`${request.url} ${await kept.text()}`);
        }
    }
    return JSON.stringify([bodies, { ...localStorage }, { ...sessionStorage }]);
}"""
VERSIONS = "async () => [...new Set((await caches.keys()).map((name) => name.split(':')[2]))]"


@pytest.fixture
def town(settings, tmp_path, live_server) -> Town:
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path / "private"
    return Town(content=True)


@pytest.fixture
def photos(tmp_path) -> list[str]:
    paths = [tmp_path / "IMG_1.jpg", tmp_path / "IMG_2.png"]
    paths[0].write_bytes(photo("JPEG"))
    paths[1].write_bytes(photo("PNG"))
    return [str(path) for path in paths]


@pytest.fixture
def telephone(browser: Browser, live_server, page_watch, tmp_path) -> Iterator[Callable[[], BrowserContext]]:
    """Opens the browser of one telephone, which keeps what it has when it is closed: `telephone()`."""
    opened: list[BrowserContext] = []

    def switch_on() -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=chromium_path(),
            args=CHROMIUM_ARGUMENTS,
            base_url=live_server.url,
            locale="uk-UA",
            timezone_id="Europe/Kyiv",
            viewport=PHONE,
        )
        context.set_default_timeout(PATIENCE_MS)
        page_watch.attach(context)
        opened.append(context)
        return context

    # What is asked for without a network is no fault of the page.
    page_watch.allow("ERR_INTERNET_DISCONNECTED")
    yield switch_on
    for context in opened:
        context.close()


def install(page: Page, path: str = "/issues/") -> None:
    """Open a page, and wait until the worker has it in hand."""
    page.goto(path, timeout=SENT_MS)
    page.evaluate(
        "() => navigator.serviceWorker.controller || new Promise((done) => "
        "navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }))"
    )


def write_report(page: Page, photos: list[str]) -> None:
    page.locator("#id_title").fill("Яма біля школи")
    page.locator("#id_description").fill("Глибока, після дощу не видно.")
    page.get_by_label(re.compile("Адреса|Address")).fill("вул. Шкільна, біля воріт")
    page.locator("[data-category-filter]").fill("ями")
    page.locator("input[name=categories][value='3.8']").check()
    page.locator("#photos input[type=file]").set_input_files(photos)
    expect(page.locator(".preview img")).to_have_count(len(photos))


def put_into_queue(page: Page, photos: list[str]) -> None:
    write_report(page, photos)
    page.locator("[data-offline-form] .wizard__buttons button").click()
    expect(page.locator("[data-entry]")).to_have_count(1)


def accessible(page: Page) -> None:
    """Nothing serious that axe finds on this screen."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    serious = [fault for fault in found.response["violations"] if fault["impact"] in ("serious", "critical")]
    faults = [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in serious]
    assert not faults, faults


@pytest.mark.parametrize("failures", [0, 2], ids=["server well", "server answers 500 first"])
def test_report_waits_through_a_restart_and_arrives_once(town, telephone, photos, sign_in, page_watch, failures):
    context = telephone()
    page = context.pages[0]
    sign_in(page, town.author)
    install(page)
    context.set_offline(True)
    page.goto("/report/")
    expect(page.locator("[data-device-offline]")).to_be_visible()
    write_report(page, photos)
    accessible(page)
    page.reload()
    expect(page.locator("#id_title")).to_have_value("Яма біля школи")
    expect(page.locator(".preview img")).to_have_count(2)
    page.locator("[data-offline-form] .wizard__buttons button").click()
    expect(page.locator("[data-entry-state=waiting]")).to_be_visible()
    expect(page.locator("[data-device-waiting]")).to_be_visible()
    accessible(page)
    context.close()
    assert not IssuePage.objects.exists()

    tries = []

    def fail_first(*args, **said):
        """First nothing comes to be, then an issue whose number never arrives."""
        tries.append(said)
        made = submit_issue(*args, **said) if len(tries) > 1 else None
        if len(tries) <= failures:
            raise RuntimeError("the server is ill")
        return made or submit_issue(*args, **said)

    page_watch.allow("status of 500")
    with mock.patch("opencity_issues.views.report_queue.submit_issue", fail_first):
        context = telephone()
        page = context.new_page()
        sign_in(page, town.author)
        page.goto("/report/offline/" if failures else "/issues/")
        if failures:
            expect(page.locator("[data-entry-state=later]")).to_be_visible()
            page.locator("[data-do=send]").click()
        page.wait_for_function("() => !localStorage.getItem('opencity-waiting')", timeout=SENT_MS)
        page.goto("/report/offline/")
        expect(page.locator("[data-entry-state=sent]")).to_be_visible()
        issue = IssuePage.objects.get()
        assert issue.media.count() == Media.objects.count() == 2
        assert issue.author_id == town.author.pk
        page.reload()
        expect(page.locator("[data-do=view]")).to_have_attribute("href", f"/issues/{issue.number}/")
    assert IssuePage.objects.count() == 1


def test_what_the_city_asks_besides_is_asked_without_a_network_too(town, new_page, sign_in, page_watch):
    page_watch.allow("ERR_INTERNET_DISCONNECTED")
    about = {"city": town.city, "kind": QuestionKind.CHOICE, "choices_uk": "мала\nвелика"}
    for code, text in (("3", "Якого розміру?"), ("2.2", "Скільки ліхтарів не горить?")):
        category = Category.objects.get(code=code)
        CategoryQuestion.objects.create(**about, category=category, text_uk=text, is_required=True)
    page = new_page()
    sign_in(page, town.author)
    install(page)
    page.context.set_offline(True)
    page.goto("/report/")
    size, lamps = (page.get_by_role("group", name=name) for name in ("Якого розміру?", "Скільки ліхтарів"))
    expect(page.locator("[data-asked-of]")).to_have_count(2)
    expect(size).to_be_hidden()
    write_report(page, [])
    page.locator("[data-offline-form] .wizard__buttons button").click()
    expect(size).to_contain_text("Будь ласка, заповніть")
    expect(lamps).to_be_hidden()
    accessible(page)
    size.get_by_label("велика").check()
    page.locator("[data-offline-form] .wizard__buttons button").click()
    page.locator("[data-entry-state=waiting] [data-do=edit]").click()
    expect(size.get_by_label("велика")).to_be_checked()
    page.locator("[data-offline-form] .wizard__buttons button").click()
    expect(page.locator("[data-entry-state=waiting]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-entry-state=sent]")).to_be_visible(timeout=SENT_MS)
    assert [(one.asked, one.answer) for one in IssuePage.objects.get().given_answers.all()] == [
        ("Якого розміру?", "велика")
    ]


def test_place_is_shown_on_the_scheme_without_a_network(town, new_page, sign_in, page_watch):
    page_watch.allow("ERR_INTERNET_DISCONNECTED")
    lng, lat = town.city.config.centre_point
    street = {
        "type": "Feature",
        "properties": {"kind": "street", "rank": "main", "name": "вул. Шкільна"},
        "geometry": {"type": "LineString", "coordinates": [[lng - 0.01, lat], [lng + 0.01, lat]]},
    }
    CityScheme.objects.create(city=town.city, features={"type": "FeatureCollection", "features": [street]})
    page = new_page()
    sign_in(page, town.author)
    install(page)
    page.context.set_offline(True)
    page.goto("/report/")
    scheme = page.locator("#offline-map")
    expect(scheme.locator(".scheme-tile canvas").first).to_be_visible()
    scheme.click()
    expect(page.locator("[data-place-status]")).to_contain_text("Місце вибрано")
    expect(page.locator("#offline-map .place-pin")).to_be_visible()
    accessible(page)
    page.reload()
    expect(page.locator("#offline-map .place-pin")).to_be_visible()
    page.locator("[data-unplace]").click()
    expect(page.locator("#offline-map .place-pin")).to_have_count(0)
    scheme.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#offline-map .place-pin")).to_be_visible()
    write_report(page, [])
    page.locator("[data-offline-form] .wizard__buttons button").click()
    expect(page.locator("[data-entry-state=waiting]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-entry-state=sent]")).to_be_visible(timeout=SENT_MS)
    issue = IssuePage.objects.get()
    assert (issue.lng, issue.lat) == pytest.approx((lng, lat), abs=0.001)


def test_two_windows_send_once(town, new_page, photos, sign_in, page_watch):
    page_watch.allow("ERR_INTERNET_DISCONNECTED")
    page = new_page()
    sign_in(page, town.author)
    install(page)
    page.context.set_offline(True)
    page.goto("/report/offline/")
    put_into_queue(page, photos)
    other = page.context.new_page()
    other.goto("/report/offline/")
    expect(other.locator("[data-entry-state=waiting]")).to_be_visible()
    posted = []
    page.context.on("request", lambda request: request.method == "POST" and posted.append(request.url))
    page.context.set_offline(False)
    for window in (page, other):
        expect(window.locator("[data-entry-state=sent]")).to_be_visible(timeout=SENT_MS)
    assert IssuePage.objects.get().media.count() == 2
    assert len(posted) == 3


def test_report_written_by_nobody_goes_to_whoever_says_it_is_theirs(town, new_page, photos, sign_in, page_watch):
    page = new_page()
    page.goto("/report/offline/")
    put_into_queue(page, photos[:1])
    expect(page.locator("[data-entry-state=sign-in]")).to_be_visible()
    sign_in(page, town.neighbour)
    page.reload()
    expect(page.locator("[data-entry-state=whose]")).to_be_visible()
    assert not IssuePage.objects.exists()
    page.locator("[data-do=mine]").click()
    expect(page.locator("[data-entry-state=sent]")).to_be_visible()
    assert IssuePage.objects.get().author_id == town.neighbour.pk


def test_refused_report_goes_on_on_the_screens(town, new_page, photos, sign_in, page_watch):
    page_watch.allow("status of 400")
    page = new_page()
    sign_in(page, town.author)
    page.goto("/report/offline/")
    write_report(page, photos[:1])
    page.evaluate(
        "() => { document.querySelector('[name=lng]').value = '30.5'; document.querySelector('[name=lat]').value = '50.4' }"
    )
    page.locator("[data-offline-form] .wizard__buttons button").click()
    expect(page.locator("[data-entry-state=refused]")).to_be_visible()
    accessible(page)
    page.locator("[data-do=open]").click()
    page.wait_for_url("**/report/")
    expect(page.get_by_label(re.compile("Адреса|Address"))).to_have_value("вул. Шкільна, біля воріт")
    page.goto("/report/offline/")
    expect(page.locator("[data-entry]")).to_have_count(0)


def test_after_signing_out_nothing_private_is_left(town, new_page, sign_in, page_watch):
    page_watch.allow("ERR_INTERNET_DISCONNECTED")
    issue = town.issue()
    page = new_page()
    install(page)
    sign_in(page, town.roads_worker)
    for path in ("/", "/map/", f"/issues/{issue.number}/", "/my/", "/organisations/roads/cabinet/", "/accounts/"):
        page.goto(path)
    page.goto("/report/what/")
    page.locator("#id_title").fill("Нікому не кажу")
    page.goto("/issues/")
    # The device forgets first and signs out then: only the page after that is there to stay.
    with page.expect_navigation():
        page.locator(".footer form[action*=logout] button").click()
    page.wait_for_function("() => !localStorage.getItem('opencity-owner')")
    held = page.evaluate(HELD)
    assert "/offline/?kept=uk" in held
    for private in ("worker.roads@", "Працівник", "Нікому не кажу", "cabinet/", "sign-out-form"):
        assert private not in held, private
    page.context.set_offline(True)
    for path in ("/my/", "/organisations/roads/cabinet/", f"/issues/{issue.number}/"):
        page.goto(path)
        assert "worker.roads@" not in page.content()
        assert "Працівник" not in page.content()
    expect(page.locator("[data-says-offline]")).to_be_visible()


def test_who_signs_out_with_a_report_that_waits_is_asked(town, new_page, photos, sign_in, page_watch):
    page_watch.allow("status of 500")
    page = new_page()
    sign_in(page, town.author)
    page.goto("/report/offline/")
    with mock.patch("opencity_issues.views.report_queue.submit_issue", side_effect=RuntimeError):
        put_into_queue(page, photos[:1])
        expect(page.locator("[data-entry-state=later]")).to_be_visible()
    page.goto("/issues/")
    page.locator(".footer form[action*=logout] button").click()
    expect(page.locator("[data-leaving]")).to_be_visible()
    with page.expect_navigation():
        page.locator("[data-leave=keep]").click()
    page.wait_for_function("() => !localStorage.getItem('opencity-owner')")
    page.goto("/report/offline/")
    expect(page.locator("[data-queue-others]")).to_be_visible()
    expect(page.locator("[data-entry]")).to_have_count(0)
    expect(page.locator("[data-device-waiting]")).to_be_hidden()


def test_kept_page_says_of_when_it_is(town, new_page, page_watch):
    page_watch.allow("ERR_INTERNET_DISCONNECTED")
    page_watch.allow("part=houses")  # the card's map asks for the houses near by as one comes to it
    issue = town.issue()
    page = new_page()
    install(page)
    page.goto(f"/issues/{issue.number}/")
    page.goto("/issues/")
    page.context.set_offline(True)
    page.goto(f"/issues/{issue.number}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(issue.title)
    expect(page.locator("[data-device-kept]")).to_contain_text(re.compile(r"\d\d:\d\d"))
    accessible(page)
    page.goto("/statistics/")
    expect(page.locator("[data-kept-pages] a")).to_have_count(2)
    accessible(page)
    page.context.set_offline(False)
    page.wait_for_function("() => !document.querySelector('[data-says-offline]')")


def test_new_version_replaces_the_old_one_and_turning_off_removes_all(town, new_page, settings):
    page = new_page()
    install(page)
    page.goto("/map/")
    first = page.evaluate(VERSIONS)
    town.city.config.city_name = "Нове місто"
    town.city.config.save()
    cache.clear()
    page.goto("/issues/")
    page.locator("[data-device-update] button").click()
    page.wait_for_function(
        f"async () => {{ const found = await ({VERSIONS})(); return found.length && found[0] !== '{first[0]}' }}"
    )
    expect(page.locator("[data-device-update]")).to_be_hidden()
    assert len(first) == len(page.evaluate(VERSIONS)) == 1

    settings.OPENCITY_OFFLINE = False
    page.goto("/issues/")
    page.wait_for_function(
        "async () => !(await navigator.serviceWorker.getRegistrations()).length && !(await caches.keys()).length"
    )
