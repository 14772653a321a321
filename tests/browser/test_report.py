"""Reporting in a real browser: on a telephone with a photo that knows its place, after a crash, and without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from opencity_issues.models import Category, CategoryQuestion, CategoryStop, Draft, IssuePage, Media
from opencity_issues.models.category_guidance import QuestionKind
from tests.browser_fixtures import PHONE
from tests.factories import Town
from tests.issues.media_samples import GPS_TAGS, KNOWN_PLACE, exif_of, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(settings, tmp_path, live_server) -> Town:
    settings.OPENCITY_PRIVATE_MEDIA_ROOT = tmp_path / "private"
    return Town(content=True)


@pytest.fixture
def photos(tmp_path) -> list[str]:
    """Two photos on the telephone, the first with the place where it was taken."""
    paths = [tmp_path / "IMG_1.jpg", tmp_path / "IMG_2.jpg"]
    paths[0].write_bytes(photo("JPEG", exif=exif_of(GPS_TAGS)))
    paths[1].write_bytes(photo("PNG"))
    return [str(path) for path in paths]


def go_on(page: Page) -> None:
    page.locator(".wizard__buttons .button--main").click()


def accessible(page: Page) -> None:
    """No fault that axe finds on this screen."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    faults = [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found.response["violations"]]
    assert not faults, faults


def test_citizen_reports_on_a_telephone(phone, town, photos, sign_in):
    phone.goto("/report/")
    go_on(phone)
    expect(phone.locator(".error-summary")).to_be_visible()
    expect(phone.locator(".place-pin")).to_have_count(0)
    accessible(phone)
    phone.locator("#report-map").click(position={"x": 170, "y": 240})
    expect(phone.locator(".place-pin")).to_be_visible()
    expect(phone.locator("#id_lng")).to_have_value(re.compile(r"25\.\d+"))
    phone.get_by_label(re.compile("Адреса|Address")).fill("вул. Шкільна, біля воріт")
    go_on(phone)

    phone.wait_for_url("**/report/what/")
    accessible(phone)
    phone.locator("#id_title").fill("Яма біля школи")
    phone.locator("#id_description").fill("Глибока, після дощу не видно.")
    expect(phone.locator("[data-suggested][value='3.8']")).to_be_checked()  # chosen by the words, changeable
    expect(phone.locator("[data-part=suggestions]")).to_contain_text("через слова: яма")
    accessible(phone)
    phone.locator("[data-all-categories] > summary").click()
    for word, category in (("ями", "3.8"), ("зовнішнє освітл", "2.2.1")):
        phone.locator("[data-category-filter]").fill(word)
        phone.locator(f"input[name=categories][value='{category}']").check()
    phone.locator("[data-category-filter]").fill("")
    expect(phone.locator("[data-chosen] .chip")).to_have_count(1)  # the other is ticked among the suggestions
    go_on(phone)

    phone.wait_for_url("**/report/photos/")
    phone.locator("#id_files").set_input_files(photos)
    expect(phone.locator("[data-file][data-change]")).to_have_count(2)
    phone.locator("[data-question] [name=use_place]").click()
    expect(phone.locator("[data-question]")).to_have_count(0)
    accessible(phone)
    go_on(phone)

    phone.wait_for_url("**/report/review/")
    expect(phone.get_by_text("Дорожня служба")).to_be_visible()
    expect(phone.get_by_text("Міськсвітло")).to_be_visible()
    expect(phone.locator("#review-map .place-pin")).to_be_visible()
    accessible(phone)
    go_on(phone)
    expect(phone).to_have_url(re.compile(r"/accounts/login/\?next=/report/send/"))
    sign_in(phone, town.author)
    phone.goto("/report/send/")
    phone.wait_for_url("**/report/review/")
    # Twice at once: the second click finds what the first made.
    phone.locator(".wizard__buttons .button--main").dblclick()
    phone.wait_for_url("**/sent/")
    accessible(phone)

    issue = IssuePage.objects.get()
    assert issue.location == pytest.approx(KNOWN_PLACE, abs=1e-5)
    assert {one.code for one in issue.categories.all()} == {"3.8", "2.2.1"}
    assert issue.media.count() == 2
    assert phone.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('opencity-report')).length") == 0


def test_place_is_dragged_and_kept_inside_the_city(phone, town):
    phone.goto("/report/?lng=25.853&lat=51.344")
    pin = phone.locator(".place-pin")
    expect(pin).to_be_visible()
    phone.locator("#report-map").focus()
    phone.keyboard.press("ArrowRight")
    phone.locator("#report-map").press("Enter")
    expect(phone.locator("#id_lng")).not_to_have_value("25.853")
    phone.locator("[data-unplace]").click()
    expect(pin).to_have_count(0)
    expect(phone.locator("#id_lng")).to_have_value("")


def test_where_i_am(new_page, town):
    here = {"latitude": 51.3412, "longitude": 25.8555}
    page = new_page(geolocation=here, permissions=["geolocation"])
    page.goto("/report/")
    page.locator("[data-locate]").click()
    expect(page.locator("#id_lat")).to_have_value("51.341200")
    page.context.set_geolocation({"latitude": 50.45, "longitude": 30.52})
    page.goto("/report/?category=3.8")
    page.locator("[data-locate]").click()
    expect(page.locator("[data-place-status].late")).to_be_visible()


def test_words_come_back_after_a_crash(phone, town):
    about = {"city": town.city, "category": Category.objects.get(code="3.8"), "kind": QuestionKind.YES_NO}
    CategoryQuestion.objects.create(**about, text_uk="Чи глибока?")
    phone.goto("/report/")
    phone.get_by_label(re.compile("Адреса|Address")).fill("вул. Лісова, 7")
    phone.reload()
    expect(phone.locator("#id_address")).to_have_value("вул. Лісова, 7")
    expect(phone.locator("[data-restored]")).to_be_visible()
    go_on(phone)
    phone.wait_for_url("**/report/what/")
    phone.locator("#id_description").fill("Написане й не надіслане")
    phone.locator("#id_title").fill("Яма на дорозі")
    deep = phone.get_by_role("group", name="Чи глибока?")
    deep.get_by_label("Ні").check()
    phone.goto("/report/what/")
    expect(phone.locator("#id_description")).to_have_value("Написане й не надіслане")
    expect(deep.get_by_label("Ні")).to_be_checked()
    expect(deep.get_by_label("Так")).not_to_be_checked()
    phone.locator("[data-discard] button").click()
    phone.wait_for_url("**/report/")
    expect(phone.locator("#id_address")).to_have_value("")
    assert not Draft.objects.exists()


def test_without_a_connection_nothing_is_sent_and_nothing_lost(phone, town, page_watch):
    page_watch.allow("ERR_INTERNET_DISCONNECTED")  # the address was being looked up
    phone.goto("/report/")
    phone.locator("#id_address").fill("вул. Лісова, 7")
    phone.context.set_offline(True)
    go_on(phone)
    expect(phone.locator(".toast")).to_be_visible()
    expect(phone.locator("#id_address")).to_have_value("вул. Лісова, 7")
    phone.context.set_offline(False)
    go_on(phone)
    phone.wait_for_url("**/report/what/")


def test_refused_and_removed_files(page, town, tmp_path, photos, page_watch):
    page_watch.allow("status of 400")  # the browser tells of the refused upload
    (tmp_path / "no.jpg").write_bytes(b"nonsense")
    page.goto("/report/photos/")
    page.locator("#id_files").set_input_files([str(tmp_path / "no.jpg"), photos[1]])
    expect(page.locator("[data-upload-fault]")).to_contain_text("no.jpg")
    expect(page.locator("[data-file][data-change]")).to_have_count(1)
    page.locator("[data-file] [name=remove]").click()
    expect(page.locator("[data-file]")).to_have_count(0)
    assert not Media.objects.exists()


def test_photo_chosen_before_a_slow_network_brought_the_scripts_is_not_lost(page, town, photos):
    scripts = []
    script = re.compile(r"/upload[.\w]*\.js")
    page.route(script, lambda route: scripts.append(route))  # noqa: PLW0108 Playwright sets attributes on it
    with page.expect_request(script):
        page.goto("/report/photos/", wait_until="commit")
    page.locator("#id_files").set_input_files(photos[:1])
    scripts[0].continue_()
    expect(page.locator("[data-file][data-change]")).to_have_count(1)


def test_whole_way_without_scripts(new_page, town, photos, sign_in):
    page = new_page(java_script_enabled=False)
    page.goto("/report/")
    page.locator("#id_address").fill("вул. Шкільна, 4")
    page.locator("#id_address").press("Enter")
    page.wait_for_url("**/report/what/")
    page.locator("#id_title").fill("Яма біля школи")
    page.locator("#id_description").fill("Глибока.")
    go_on(page)
    expect(page.locator("[data-suggested][value='3.8']")).to_be_checked()
    go_on(page)
    page.wait_for_url("**/report/photos/")
    page.locator("#id_files").set_input_files(photos)
    page.locator("button[name=stay]").click()
    expect(page.locator("[data-file]")).to_have_count(2)
    page.locator("[data-file] button[name=remove]").last.click()
    expect(page.locator("[data-file]")).to_have_count(1)
    page.locator("button[name=use_place]").click()
    go_on(page)
    page.wait_for_url("**/report/review/")
    sign_in(page, town.author)
    page.reload()
    go_on(page)
    page.wait_for_url("**/sent/")
    issue = IssuePage.objects.get()
    assert issue.location == pytest.approx(KNOWN_PLACE, abs=1e-5)
    assert issue.media.count() == 1


def test_seven_clicks_from_the_home_page_and_three_inputs(new_page, town, sign_in):
    """Each press of a finger counts, that into the first field too. The neighbour's issue near by is shown on the way."""
    town.issue(title="Ліхтар блимає", categories=["2.2.1"], location=(25.8555, 51.3413))
    here = {"latitude": 51.3412, "longitude": 25.8555}
    page = new_page(viewport=PHONE, is_mobile=True, has_touch=True, geolocation=here, permissions=["geolocation"])
    sign_in(page, town.author)
    # On the document: a press that the driver aimed at what has just moved is stopped above it and tried again.
    page.add_init_script(
        "document.addEventListener('click', (event) => { if (event.isTrusted && event.detail)"
        " sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1; }, true)"
    )
    page.goto("/")
    page.locator("a[href='/report/']").locator("visible=true").first.click()
    page.locator("[data-locate]").click()
    expect(page.locator("#id_lat")).to_have_value("51.341200")
    go_on(page)
    page.wait_for_url("**/report/what/")
    expect(page.locator(".near__issue")).to_contain_text("Ліхтар блимає")
    expect(page.locator(".near__issue")).to_contain_text("11 м")
    page.locator("#id_title").click()
    page.keyboard.type("Величезна яма на дорозі")
    page.keyboard.press("Tab")
    page.keyboard.type("Машини пробивають колеса")
    expect(page.locator("input[name=categories][value='3.8']")).to_be_checked()
    continue_button = page.locator(".wizard__buttons .button--main")
    assert continue_button.bounding_box()["y"] + 44 <= PHONE["height"]  # in the thumb's reach, however long the page
    go_on(page)
    page.wait_for_url("**/report/photos/")
    go_on(page)
    page.wait_for_url("**/report/review/")
    go_on(page)
    page.wait_for_url("**/sent/")
    assert page.evaluate("Number(sessionStorage.clicks)") == 7
    assert [one.code for one in IssuePage.objects.latest("number").categories.all()] == ["3.8"]


def test_me_too_takes_the_place_of_a_new_report(phone, town, sign_in):
    lamp = town.issue(title="Ліхтар блимає", categories=["2.2.1"], location=(25.853, 51.344))
    sign_in(phone, town.neighbour)
    phone.goto("/report/?lng=25.853&lat=51.344")
    go_on(phone)
    phone.wait_for_url("**/report/what/")
    phone.locator("#id_title").fill("Не горить ліхтар")
    near = phone.locator(".near__issue", has_text="Ліхтар блимає")
    near.get_by_role("button").click()
    phone.wait_for_url(f"**{lamp.get_absolute_url()}#support")
    expect(phone.locator("[data-me-too-form] button")).to_have_attribute("aria-pressed", "true")
    assert IssuePage.objects.get().support_count == 1
    # What was written is not lost, and thrown away only by a press.
    phone.locator(".notice--success a").click()
    expect(phone.locator("#id_title")).to_have_value("Не горить ліхтар")
    phone.locator("[data-discard] button").click()
    phone.wait_for_url("**/report/")
    assert not Draft.objects.exists()


def test_suggestion_follows_the_words_until_the_author_chooses(phone, town):
    CategoryStop.objects.create(
        city=town.city,
        category=Category.objects.get(code="7.6"),
        reason_uk="Ліфти обслуговує підрядник.",
        phone="15-80",
    )
    phone.goto("/report/")
    phone.locator("#id_address").fill("вул. Шкільна, 4")
    go_on(phone)
    phone.wait_for_url("**/report/what/")
    phone.locator("#id_title").fill("Застряг ліфт")
    expect(phone.locator(".notice--stop")).to_contain_text("15-80")
    phone.locator("#id_title").fill("Не горить ліхтар")
    expect(phone.locator("[data-suggested][value='2.2.1']")).to_be_checked()
    expect(phone.locator(".notice--stop")).to_have_count(0)
    phone.locator("[data-suggested][value='2.2.1']").uncheck()
    phone.locator("#id_title").fill("Не горить ліхтар на вулиці")
    expect(phone.locator("[data-suggested][value='2.2.1']")).not_to_be_checked()
    phone.locator("[data-suggested][value='2.2.1']").check()
    phone.reload()
    expect(phone.locator("#id_title")).to_have_value("Не горить ліхтар на вулиці")
    expect(phone.locator("[data-restored]")).to_contain_text(re.compile(r"\d\d:\d\d"))
    expect(phone.locator("[data-suggested][value='2.2.1']")).to_be_checked()
    phone.locator("#id_description").fill("Третій тиждень темно.")
    go_on(phone)
    phone.wait_for_url("**/report/photos/")


def test_photo_may_come_first_and_bring_the_place(phone, town, photos):
    phone.goto("/report/")
    phone.locator("a[href='/report/photos/']").click()
    phone.locator("#id_files").set_input_files(photos[:1])
    phone.locator("[data-question] [name=use_place]").click()
    expect(phone.locator("[data-question]")).to_have_count(0)
    go_on(phone)
    phone.wait_for_url("**/report/what/")
    assert Draft.objects.get().data["where"]["lng"]
