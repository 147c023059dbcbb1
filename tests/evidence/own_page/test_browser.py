"""The page in a real browser: the way out, and the smallest phone."""

from collections.abc import Callable

import pytest

from evidence import website
from evidence.own_page import codes
from tests.evidence.own_page.visiting import Visit, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WEATHER = "https://www.bbc.co.uk/weather"
SMALLEST = {"width": 320, "height": 568}


@pytest.fixture
def open_page(browser) -> Callable[..., object]:
    """Opens pages; the weather is answered here, so that nothing leaves the machine."""

    def opened(**options: object) -> object:
        page = browser.new_context(viewport=SMALLEST, **options).new_page()
        page.route(f"{WEATHER}*", lambda route: route.fulfill(body="It rains."))
        return page

    return opened


@pytest.fixture
def here(live_server, settings) -> Visit:
    settings.SITE_URL = live_server.url
    made = visit()
    website.put_on_website(made.testimony)
    return made


def let_in(page, live_server, here: Visit) -> None:
    page.goto(live_server.url + here.at())
    page.click("text=Get a code")
    page.wait_for_url("**/code?said=sent")
    page.fill("#code", codes.make_code(here.link))
    page.click("text=Open my page")
    page.wait_for_url("**/mine")


def is_too_wide(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_escape_three_times_leaves_and_back_does_not_return(open_page, live_server, here) -> None:
    page = open_page()
    page.goto("about:blank")
    let_in(page, live_server, here)
    page.click("text=Stop this use >> nth=0")
    page.wait_for_url("**/use/**")

    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url(WEATHER)
    away = page.text_content("body")
    page.go_back()

    assert away == "It rains."
    assert "/w/" not in page.url
    assert page.context.cookies(live_server.url + here.at("mine")) == [
        cookie
        for cookie in page.context.cookies(live_server.url + here.at("mine"))
        if cookie["name"] != "page"
    ]


@pytest.mark.parametrize("script", [True, False])
def test_leave_works_with_script_and_without(open_page, live_server, here, script) -> None:
    page = open_page(java_script_enabled=script)
    page.goto(live_server.url + here.at())

    page.click("text=Leave this page >> nth=0")
    page.wait_for_url(WEATHER)

    assert page.url == WEATHER


def test_all_of_it_works_without_script(open_page, live_server, here) -> None:
    page = open_page(java_script_enabled=False)
    let_in(page, live_server, here)

    page.click("text=Pause everything >> nth=0")
    page.click("button:has-text('Pause everything')")
    page.wait_for_url("**/mine?said=paused")

    assert here.state() == "suspended"


def test_nothing_is_wider_than_the_smallest_phone(open_page, live_server, here) -> None:
    page = open_page()
    complaints: list[str] = []
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    let_in(page, live_server, here)
    one = f"mine/{here.consent.pk}"
    scope = "public_awareness:public:website_feed"

    wide = []
    for rest in ("", "code", "mine", "mine/withdraw", f"{one}/use/{scope}", f"{one}/less/{scope}"):
        page.goto(live_server.url + here.at(rest))
        assert page.is_visible(".leave")
        wide += [rest] if is_too_wide(page) else []

    assert (wide, complaints) == ([], [])


def test_a_change_by_its_button(open_page, live_server, here) -> None:
    page = open_page()
    let_in(page, live_server, here)

    page.click("text=Be recognised less >> nth=0")
    page.click("text=told in our words, with no name")
    page.click("button:has-text('Change this')")
    page.wait_for_url("**/mine?said=less")

    assert page.evaluate("document.activeElement.className") == "said"
    assert page.text_content(".said strong") == "It is changed."
