"""Each change on the page: told first, done by the button, and told as it is afterwards."""

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.issuing import issue
from evidence import website
from evidence.models import (
    Channel,
    Consent,
    ConsentScope,
    ConsentState,
    ConsentTestimony,
    Decision,
    IdentityForm,
    LinkFor,
    RecallTask,
)
from publishing.models import PublishedItem
from tests import factories as make
from tests.campaigns import packing
from tests.evidence.own_page.visiting import CHILD, LESS, Visit, follow, in_two_years, visit
from tests.evidence.test_protection_renewals import runs_out

pytestmark = pytest.mark.django_db

WEBSITE = "public_awareness:public:website_feed"
SPEECH = "policy_briefing:parliament_members:speech"


@pytest.fixture
def here() -> Visit:
    """Somebody with words on the website and in two copies of a briefing."""
    made = visit(Channel.WEBSITE_FEED, Channel.BRIEFING_PACK, Channel.SPEECH)
    website.put_on_website(made.testimony)
    figures = [packing.figure("1,437", 2016), packing.figure("2,061", 2021)]
    sections = (("problem", figures), ("case_study", [made.testimony.versions.get()]))
    pack = packing.approved(packing.pack(*sections))
    holders = [packing.member("Lord One"), packing.member("Lady Two")]
    issue(pack, to=holders, by=make.user("campaign lead"))
    return made


@pytest.fixture
def inside(client: Client, here: Visit) -> Client:
    return here.let_in(client)


def told(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def on_website(here: Visit) -> bool:
    return PublishedItem.objects.filter(pk=here.testimony.public_id).exists()


def test_the_page_says_where_the_words_are_and_what_cannot_come_back(inside, here):
    page = told(inside, here.at("mine"))

    assert "<strong>On our website</strong>" in page
    assert "A briefing called “A voice for children”" in page
    assert "2 copies handed out" in page
    assert "On our website, for anyone, to help people understand" in page
    assert "Read out loud in Parliament" in page
    assert "it is in Parliament’s public record" in page
    assert "Somebody may have saved or shared a picture of the web page" in page
    assert "Lord One" not in page


def test_each_confirm_page_says_what_will_happen_and_what_cannot_come_back(inside, here):
    one = f"mine/{here.consent.pk}"
    pages = {
        act: told(inside, here.at(act))
        for act in (
            "mine/pause",
            "mine/withdraw",
            f"{one}/account/{here.testimony.pk}",
            f"{one}/use/{WEBSITE}",
            f"{one}/less/{WEBSITE}",
        )
    }

    assert [act for act, page in pages.items() if "What will happen" not in page] == []
    assert [act for act, page in pages.items() if "within seconds" not in page] == []
    assert [act for act, page in pages.items() if "What cannot be called back" not in page] == []
    assert here.state() == ConsentState.GIVEN


PACKS = "policy_briefing:parliament_members:briefing_pack"
BRIEFING = "A briefing called “A voice for children”"
RECORD = "it is in Parliament’s public record"
ASKED = "We ask everyone who has a copy of the papers below"


@pytest.fixture
def renewed(here) -> Consent:
    """They have agreed anew since, and the copies of before stayed with their holders."""
    given = make.renewal(
        make.Covered(here.testimony.versions.get(), here.consent, {}),
        Channel.WEBSITE_FEED,
        Channel.BRIEFING_PACK,
        Channel.SPEECH,
        validity=(make.moment(-1), make.moment(500)),
    )
    make.consenting.give(given)
    given.refresh_from_db()
    return given


@pytest.mark.parametrize(
    ("act", "calls_back"),
    [
        ("account", (True, True, True)),
        (f"use/{PACKS}", (True, True, False)),
        (f"use/{SPEECH}", (True, True, False)),
        (f"use/{WEBSITE}", (False, False, True)),
        (f"less/{PACKS}", (True, True, False)),
        (f"less/{SPEECH}", (True, True, False)),
        (f"less/{WEBSITE}", (False, False, True)),
    ],
)
def test_a_part_of_a_renewed_consent_tells_of_all_that_is_called_back(
    inside, here, renewed, act, calls_back
):
    rest = f"account/{here.testimony.pk}" if act == "account" else act
    address = here.at(f"mine/{renewed.pk}/{rest}")

    page = told(inside, address)
    inside.post(address, {"level": LESS})

    told_of = (f"{BRIEFING}</strong>, for" in page, RECORD in page, "On our website<" in page)
    until = f"No new copies after {timezone.localtime(renewed.validity.upper):%-d %B %Y}."
    assert told_of == calls_back
    assert (until in page, page.count("No new copies after")) == (calls_back[0], calls_back[0])
    assert (RecallTask.objects.count() == 2) == calls_back[0]
    if not act.startswith("less"):
        assert (ASKED in page, "It goes off our website" in page) == (calls_back[0], calls_back[2])


def test_what_ran_out_is_on_the_website_no_more_and_copies_are_still_out(client):
    days = {"validity": (make.moment(-30), make.moment(30)), "review_due": make.moment(9).date()}
    here = visit(Channel.WEBSITE_FEED, Channel.BRIEFING_PACK, **days)
    website.put_on_website(here.testimony)
    scopes = {scope.channel: scope for scope in here.consent.scopes.all()}
    make.raw_use(make.Covered(here.testimony.versions.get(), here.consent, scopes))
    runs_out(here.consent)
    here.let_in(client)

    pages = [told(client, here.at(each)) for each in ("mine", "mine/withdraw")]

    assert [("On our website<" in page, "1 copy handed out" in page) for page in pages] == [
        (False, True),
        (False, True),
    ]
    assert "It goes off our website" not in pages[1]


def test_pause_and_resume(inside, here):
    paused = inside.post(here.at("mine/pause"))
    then = (here.state(), on_website(here))
    page = told(inside, paused["Location"])
    resumed = inside.post(here.at("mine/resume"))

    assert paused["Location"] == here.at("mine?said=paused")
    assert then == (ConsentState.SUSPENDED, False)
    assert "There is a pause." in page
    assert "2 copies. </p>" in page or "2 copies.</p>" in page
    assert "We will ask for it back by" in page
    assert (resumed["Location"], here.state()) == (
        here.at("mine?said=resumed"),
        ConsentState.GIVEN,
    )
    assert not on_website(here)


def test_take_everything_back(inside, here):
    asked = make.requested_consent(here.contributor)

    answer = inside.post(here.at("mine/withdraw"))
    asked.refresh_from_db()

    assert answer["Location"] == here.at("mine?said=withdrawn")
    assert (here.state(), asked.state) == (ConsentState.WITHDRAWN, ConsentState.REFUSED)
    assert (on_website(here), RecallTask.objects.count()) == (False, 2)
    assert "Nothing, as of now." in told(inside, here.at("mine"))


def test_take_one_account_back_and_leave_the_other(inside, here):
    answer = inside.post(here.at(f"mine/{here.consent.pk}/account/{here.testimony.pk}"))

    assert answer["Location"] == here.at("mine?said=account")
    assert here.state() == ConsentState.GIVEN
    assert ConsentTestimony.objects.get(consent=here.consent).withdrawn_at
    assert not on_website(here)


def test_stop_one_use_and_leave_the_rest(inside, here):
    answer = inside.post(here.at(f"mine/{here.consent.pk}/use/{WEBSITE}"))
    again = inside.post(here.at(f"mine/{here.consent.pk}/use/{WEBSITE}"))

    assert (answer["Location"], again.status_code) == (here.at("mine?said=use"), 404)
    assert (on_website(here), RecallTask.objects.count()) == (False, 0)
    denied = ConsentScope.objects.filter(decision=Decision.DENY)
    assert [scope.key for scope in denied] == [WEBSITE]


def test_be_recognised_less(inside, here):
    address = here.at(f"mine/{here.consent.pk}/less/{WEBSITE}")
    offered = told(inside, address)
    answer = inside.post(address, {"level": LESS})

    assert answer["Location"] == here.at("mine?said=less")
    assert offered.count('type="radio"') == 2
    narrowest = ConsentScope.objects.filter(channel=Channel.WEBSITE_FEED).order_by("max_identity")
    assert narrowest.first().max_identity == LESS
    assert not on_website(here)


@pytest.mark.parametrize("level", ["", "6", str(int(IdentityForm.PSEUDONYM)), "x"])
def test_more_cannot_be_chosen(inside, here, level):
    answer = inside.post(here.at(f"mine/{here.consent.pk}/less/{WEBSITE}"), {"level": level})

    assert answer["Location"] == here.at("mine?said=not_done")
    assert ConsentScope.objects.count() == 3


@pytest.mark.parametrize(
    "act",
    ["mine/pause", "mine/resume", "mine/withdraw", "account", f"use/{WEBSITE}", f"less/{WEBSITE}"],
)
def test_no_change_without_the_code(client, here, act):
    if not act.startswith("mine"):
        rest = f"account/{here.testimony.pk}" if act == "account" else act
        act = f"mine/{here.consent.pk}/{rest}"

    answer = client.post(here.at(act), {"level": "1"})

    assert answer["Location"] == here.at("?said=again")
    assert (here.state(), on_website(here), ConsentScope.objects.count()) == (
        ConsentState.GIVEN,
        True,
        3,
    )


def test_what_was_taken_back_is_offered_no_more(inside, here):
    one = f"mine/{here.consent.pk}"
    account, use = f"{one}/account/{here.testimony.pk}", f"{one}/use/{PACKS}"
    offered = [inside.get(here.at(each)).status_code for each in (account, use)]
    inside.post(here.at(account))
    left = [inside.get(here.at(each)).status_code for each in (account, use)]

    inside.post(here.at("mine/withdraw"))

    ended = [inside.get(here.at(each)).status_code for each in (account, use)]
    assert (offered, left, ended) == ([200, 200], [404, 200], [404, 404])


def test_who_can_hardly_be_recognised_is_offered_nothing_less(inside, here):
    purpose, audience, channel = WEBSITE.split(":")
    make.consenting.narrow(
        here.consent,
        purpose=purpose,
        audience=audience,
        channel=channel,
        max_identity=IdentityForm.PARAPHRASE_ANONYMOUS,
    )

    assert inside.get(here.at(f"mine/{here.consent.pk}/less/{WEBSITE}")).status_code == 404
    assert inside.get(here.at(f"mine/{here.consent.pk}/less/{PACKS}")).status_code == 200


@pytest.mark.parametrize(("decision", "told_of"), [(Decision.PERMIT, True), (Decision.DENY, False)])
def test_the_public_record_is_told_of_where_words_might_be_read_out(client, decision, told_of):
    contributor = make.testimony("Told").contributor
    account = contributor.testimonies.get()
    words = make.cleared(account)
    consent = make.requested_consent(contributor)
    ConsentTestimony.objects.create(consent=consent, testimony=account)
    packs = make.scope(consent)
    make.scope(consent, Channel.SPEECH, decision=decision)
    make.consenting.give(consent)
    make.raw_use(make.Covered(words, consent, {Channel.BRIEFING_PACK: packs}))
    here = follow(contributor, account, consent, LinkFor.CONTRIBUTOR)
    here.let_in(client)

    page = told(client, here.at("mine"))

    assert (RECORD in page, "1 copy handed out" in page) == (told_of, True)
    assert "this was done already" not in page


def test_nothing_of_anothers_copies_is_told(inside, here):
    other = make.covered(title="Somebody else's")
    make.raw_use(other)
    make.consenting.withdraw(other.consent)

    assert "We will ask for it back" not in told(inside, here.at("mine"))


def test_nobody_reaches_anothers_consent(inside, here):
    other = make.covered(title="Somebody else's")

    answers = [
        inside.post(here.at(f"mine/{other.consent.pk}/{act}")).status_code
        for act in (
            f"account/{other.version.testimony_id}",
            "use/policy_briefing:parliament_members:briefing_pack",
            "less/policy_briefing:parliament_members:briefing_pack",
        )
    ]
    mixed = inside.post(here.at(f"mine/{here.consent.pk}/account/{other.version.testimony_id}"))

    assert (*answers, mixed.status_code) == (404, 404, 404, 404)


def test_a_parent_withdraws_for_a_child_and_reads_of_the_child(client):
    here = visit(
        **CHILD,
        reconsent_month=in_two_years(),
        made_for=LinkFor.PARENT,
    )
    here.let_in(client)

    refused = make.requested_consent(
        here.contributor, **CHILD, reconsent_month=in_two_years(), event_time=None
    )
    make.consenting.refuse(refused)
    page = told(client, here.at("mine"))
    client.post(here.at("mine/withdraw"))

    assert "Where your child’s words are now" in page
    assert here.state() == ConsentState.WITHDRAWN


def test_the_history_of_edits_holds_no_address(inside, here):
    from pghistory.models import Context

    inside.post(here.at(f"mine/{here.consent.pk}/less/{WEBSITE}"), {"level": LESS})
    inside.post(here.at("mine/withdraw"))

    assert [
        each for each in Context.objects.values_list("metadata") if here.token in f"{each}"
    ] == []
