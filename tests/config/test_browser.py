"""The desk in a real browser: it works under its own content policy and asks nobody else."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from config.roles import ensure_roles
from evidence.snapshots.taking import take_from_text
from tests import factories as make
from tests.campaigns import packing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer():
    ensure_roles()
    user = make.user("officer")
    user.set_password("a long enough password")
    user.save()
    user.groups.add(Group.objects.get(name="officer"))
    return user


def test_an_officer_signs_in_and_works_without_a_word_in_the_console(
    page, live_server, officer
) -> None:
    complaints: list[str] = []
    elsewhere: list[str] = []
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            asked.url.startswith(("http", "ws"))
            and not asked.url.startswith(live_server.url)
            and elsewhere.append(asked.url)
        ),
    )
    statistic = make.statistic()

    page.goto(live_server.url + reverse("admin:login"))
    page.fill("input[name=username]", "officer")
    page.fill("input[name=password]", "a long enough password")
    page.click("button[type=submit]")
    page.wait_for_load_state()
    menu = [link.text_content().split()[-1:] for link in page.query_selector_all("a")]
    for name in ("evidence_statistic_changelist", "evidence_source_add", "campaigns_pack_add"):
        page.goto(live_server.url + reverse(f"admin:{name}"))
    page.goto(live_server.url + reverse("admin:evidence_statistic_change", args=[statistic.pk]))

    assert page.input_value("input[name=value_printed]") == "1,437"
    assert [word for words in menu for word in words if word in SEVEN] == SEVEN
    assert (complaints, elsewhere) == ([], [])


SEVEN = ["Sources", "Figures", "Testimony", "Asks", "Bill", "Packs", "Website"]


def sign_in(page, live_server) -> None:
    page.goto(live_server.url + reverse("admin:login"))
    page.fill("input[name=username]", "officer")
    page.fill("input[name=password]", "a long enough password")
    page.click("button[type=submit]")
    page.wait_for_load_state()


def filled(page) -> list[str]:
    names = ("exact", "prefix", "suffix", "position")
    return [page.input_value(f"[name={name}]") for name in names]


def wait_until_marked(page, words: list[str]) -> None:
    marked = "[...(CSS.highlights.get('marked') ?? [])].map(String)"
    page.wait_for_function(f"words => {marked}.join() === words.join()", arg=words, timeout=9000)


def test_words_selected_by_keyboard_fill_the_excerpts_form(page, live_server, officer) -> None:
    text = "𝐀 43% rose by June.\nLater 43% fell."  # its first letter is two for a browser
    snapshot = take_from_text(make.source(), text).snapshot
    complaints: list[str] = []
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{reverse('admin:evidence_excerpt_add')}?snapshot={snapshot.pk}")

    page.click(".source-text")
    page.keyboard.press("Control+End")
    for _ in range(len(" fell.")):
        page.keyboard.press("ArrowLeft")
    for _ in range(len("43%")):
        page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_function("document.querySelector('[name=exact]').value == '43%'")

    assert filled(page) == ["43%", "Later", "fell.", "26"]
    wait_until_marked(page, ["43%"])
    page.keyboard.type("x")
    assert page.text_content(".source-text") == text  # nothing can be changed in it
    page.click("text=Save >> nth=-1")
    page.wait_for_load_state()
    made = snapshot.excerpts.get()
    assert (made.start, text[made.start : made.end]) == (26, "43%")
    page.goto(live_server.url + reverse("admin:evidence_excerpt_change", args=[made.pk]))
    wait_until_marked(page, ["43%"])
    page.fill("[name=exact]", "43")
    wait_until_marked(page, ["43", "43"])
    assert page.input_value("[name=position]") == ""
    assert complaints == []


def test_members_are_suggested_where_a_pack_is_issued(page, live_server, officer) -> None:
    officer.groups.set(Group.objects.filter(name="campaign lead"))
    packing.member("Lord One")
    pack = packing.approved(packing.pack(("problem", [packing.figure()])))
    sign_in(page, live_server)
    page.goto(live_server.url + reverse("admin:campaigns_pack_change", args=[pack.pk]))

    page.click("summary:has-text('Issue')")
    page.type("#note-issue-find", "one")
    page.wait_for_selector("#note-issue-found option", state="attached")
    page.keyboard.press("Enter")

    assert page.input_value("#note-issue") == "Lord One"
    assert not pack.versions.exists()


def test_the_buttons_wait_while_changes_are_not_saved(page, live_server, officer) -> None:
    statistic = make.statistic()
    page.goto(live_server.url + reverse("admin:login"))
    page.fill("input[name=username]", "officer")
    page.fill("input[name=password]", "a long enough password")
    page.click("button[type=submit]")
    page.wait_for_load_state()
    page.goto(live_server.url + reverse("admin:evidence_statistic_change", args=[statistic.pk]))
    button = page.locator(".desk-standing button").first

    assert button.is_enabled()
    page.fill("input[name=value_printed]", "1,438")
    assert button.is_disabled()
    assert page.is_visible("text=Save or undo your changes first.")
    page.fill("input[name=value_printed]", "1,437")
    assert button.is_enabled()


def shown(page) -> str:
    return page.frame_locator(".composer-page").locator("main").inner_text()


def wait_until_shown(page, words: str) -> None:
    page.frame_locator(".composer-page").get_by_text(words).first.wait_for(timeout=9000)


def test_a_pack_is_composed_by_keyboard_and_read_beside_its_form(
    page, live_server, officer
) -> None:
    sections = (("problem", [packing.figure()]), ("summary", [packing.ask()]))
    pack = packing.pack(*sections)
    complaints: list[str] = []
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": 1400, "height": 1000})
    sign_in(page, live_server)
    page.goto(live_server.url + reverse("admin:campaigns_pack_change", args=[pack.pk]))
    wait_until_shown(page, "The problem")

    page.fill("[name=sections-1-text]", "Nobody **speaks** for them.")
    wait_until_shown(page, "Nobody speaks for them.")
    page.get_by_label("Move The summary up").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('[name=sections-1-position]').value == '1'")
    page.wait_for_timeout(1500)

    assert shown(page).index("The summary") < shown(page).index("The problem")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == (
        "Move The summary down"
    )
    assert pack.sections.first().heading == "The problem"  # nothing is saved yet
    page.click("button[name=_save]")
    page.wait_for_url("**/pack/")
    assert [each.heading for each in pack.sections.all()] == ["The summary", "The problem"]
    assert pack.sections.first().text == "Nobody **speaks** for them."
    assert complaints == []
