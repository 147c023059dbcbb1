"""Words that somebody sends out themselves: permitted or refused, written down, and called back."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.impact import impact_of
from config.board import board
from config.roles import ROLES
from evidence import by_hand, consenting, disclosing, erasing
from evidence.holders import Holding, holding_of
from evidence.models import (
    Channel,
    ConsentTestimony,
    IdentityForm,
    RecallTask,
    TestimonyUse,
    scope_key,
)
from evidence.own_page import telling
from evidence.permission import Use
from evidence.refusing import Refused
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of
from tests.refusing import refused_by, refused_by_grant, run

pytestmark = pytest.mark.django_db

PRESS = scope_key("media", "press", Channel.PRESS_RELEASE)
COMMITTEE = scope_key("committee_evidence", "committee", Channel.COMMITTEE_WRITTEN_EVIDENCE)
STAFF = scope_key("training", "staff_named", Channel.INTERNAL)
PACK = scope_key("policy_briefing", "parliament_members", Channel.BRIEFING_PACK)
WEBSITE = scope_key("public_awareness", "public", Channel.WEBSITE_FEED)
SOCIAL = scope_key("media", "public", Channel.SOCIAL)

TIMES = "outlet:example-times"
DESK = "Example Times, news desk"
MAY = {"campaign lead", "safeguarding lead"}


def covering(
    *keys: str, identity: int = IdentityForm.PSEUDONYM, title: str = "A story"
) -> make.Covered:
    """A cleared version under a live consent of thirty days that holds these permissions."""
    account = make.testimony(title)
    words = make.cleared(account, identity=identity)
    consent = make.requested_consent(account.contributor)
    ConsentTestimony.objects.create(consent=consent, testimony=account)
    scopes = {}
    for key in keys:
        purpose, audience, channel = key.split(":")
        scopes[channel] = make.scope(
            consent,
            channel,
            purpose=purpose,
            audience=audience,
            max_identity=IdentityForm.FULL_NAME,
        )
    consenting.give(consent)
    consent.refresh_from_db()
    return make.Covered(words, consent, scopes)


@pytest.fixture
def covered() -> make.Covered:
    return covering(PRESS, COMMITTEE, STAFF, PACK, WEBSITE)


@pytest.fixture
def lead() -> Client:
    return client_of(rows.person("campaigner", "campaign lead"))


@pytest.fixture
def keeper() -> Client:
    return client_of(rows.person("keeper", "safeguarding lead"))


def written(**changed: object) -> dict[str, object]:
    day = timezone.localdate().isoformat()
    return {"scope": PRESS, "used_on": day, "publication": TIMES, "holder": DESK, **changed}


def send(client: Client, covered: make.Covered, **changed: object):
    return client.post(address_of(covered.version, "by_hand"), written(**changed))


def press_use(**changed: object) -> Use:
    purpose, audience, channel = PRESS.split(":")
    told = {"at": timezone.localdate(), "publication": TIMES, **changed}
    return Use(purpose, audience, channel, **told)


def recorded(covered: make.Covered) -> TestimonyUse:
    return by_hand.record(covered.version, press_use(), holder=DESK)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# Who may.


def test_a_stranger_is_shown_the_door(client, covered):
    page = address_of(covered.version, "by_hand")

    answers = [client.get(page), client.post(page, written())]

    assert all(each["Location"].startswith("/admin/login/") for each in answers)
    assert not TestimonyUse.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_it_is_for_those_who_issue_packs_and_for_the_safeguarding_lead(role, covered):
    reader = client_of(rows.person("somebody", role))

    page = reader.get(address_of(covered.version, "by_hand"))
    version = reader.get(address_of(covered.version, "change"))
    sent = send(reader, covered)

    button = f'href="{address_of(covered.version, "by_hand")}"'
    may = role in MAY
    assert (page.status_code == 200, sent.status_code == 302) == (may, may)
    assert (button in version.content.decode()) == may
    assert TestimonyUse.objects.exists() == may


def test_what_is_not_cleared_has_no_such_button(lead):
    draft = make.version(make.testimony())

    assert "Record a use by hand" not in lead.get(address_of(draft, "change")).content.decode()


# What may be recorded.


def test_what_a_live_consent_permits_is_offered_and_what_is_recorded_elsewhere_is_not(
    lead, covered
):
    form = lead.get(address_of(covered.version, "by_hand")).context["form"]

    assert form.fields["scope"].choices == [
        (PRESS, "Media, to Press: Press release"),
        (COMMITTEE, "Committee evidence, to A committee: Written evidence to a committee"),
    ]
    assert form["used_on"].value() == timezone.localdate()


def test_where_nothing_is_permitted_the_page_says_so(lead, covered):
    consenting.pause(covered.consent)

    page = lead.get(address_of(covered.version, "by_hand")).content.decode()

    assert "No consent that is live now permits this account anywhere" in page


def test_a_lawful_use_is_one_row(lead, covered):
    day = timezone.localdate() + timedelta(days=5)

    answer = send(lead, covered, used_on=day.isoformat(), holder=f"  {DESK} ")

    assert answer["Location"] == address_of(covered.version, "change")
    [row] = TestimonyUse.objects.values()
    written_at = row.pop("used_at")
    assert row == {
        "id": row["id"],
        "version_id": covered.version.pk,
        "testimony_id": covered.version.testimony_id,
        "consent_id": covered.consent.pk,
        "scope_id": covered.scopes[Channel.PRESS_RELEASE].pk,
        "waiver_id": None,
        "publication": TIMES,
        "holder": DESK,
        "identity": IdentityForm.PSEUDONYM,
        "used_on": day,
        "feed_item": None,
        "artefact_sha256": sha256(b"What happened to me."),
        "recalled_at": None,
        "outcome": "",
    }
    assert timezone.now() - written_at < timedelta(minutes=1)


def test_a_file_that_was_sent_is_hashed_in_place_of_the_words(lead, covered):
    send(lead, covered, file=SimpleUploadedFile("release.pdf", b"%PDF-1.7 release"))

    assert TestimonyUse.objects.get().artefact_sha256 == sha256(b"%PDF-1.7 release")


def test_what_left_on_a_day_that_the_consent_reached_is_recorded_too(lead, covered):
    send(lead, covered, used_on=(timezone.localdate() - timedelta(days=3)).isoformat())

    assert TestimonyUse.objects.get().used_on == timezone.localdate() - timedelta(days=3)


def test_by_name_with_a_waiver_for_that_outlet(lead):
    named = covering(PRESS, identity=IdentityForm.FIRST_NAME)
    waiver = make.signed_waiver(named.consent, named.version, TIMES)

    send(lead, named)

    assert TestimonyUse.objects.get().waiver == waiver


def test_the_versions_log_names_the_outlet_and_no_holder(lead, covered):
    send(lead, covered)

    message = LogEntry.objects.get().change_message
    assert "example-times" in message
    assert "news desk" not in message


# What is refused, at the form and by the database.


def narrowed(covered: make.Covered) -> None:
    consenting.withdraw_scope(
        covered.consent, purpose="media", audience="press", channel=Channel.PRESS_RELEASE
    )


def paused(covered: make.Covered) -> None:
    consenting.pause(covered.consent)


def untouched(_covered: make.Covered) -> None:
    pass


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("before", "changed", "field", "sentence"),
    [
        (untouched, {"scope": SOCIAL}, None, "The consent does not cover this: social media."),
        (narrowed, {}, None, "The person has withdrawn this: press release."),
        (paused, {}, None, "is paused."),
        (untouched, {"used_on": in_days(400)}, None, "before the day of use,"),
        (untouched, {"used_on": in_days(-400)}, None, "not before the day of use,"),
        (untouched, {"scope": PACK}, None, by_hand.IS_RECORDED_BY_THE_ACT),
        (untouched, {"scope": WEBSITE}, None, by_hand.IS_RECORDED_BY_THE_ACT),
        (untouched, {"scope": STAFF}, None, "Attest does not know which readers"),
        (untouched, {"scope": "media:press"}, "scope", "is not one of the available choices"),
        (untouched, {"scope": ""}, "scope", "Choose what it is for."),
        (untouched, {"publication": "website"}, "publication", by_hand.NAME_THE_OUTLET),
        (untouched, {"publication": "pack:one"}, "publication", by_hand.NAME_THE_OUTLET),
        (untouched, {"publication": ""}, "publication", by_hand.NAME_THE_OUTLET),
        (untouched, {"holder": "  "}, "holder", by_hand.NAME_THE_HOLDER),
        (untouched, {"used_on": ""}, "used_on", "This field is required."),
    ],
)
def test_a_refusal_is_a_sentence_and_what_was_written_stays(
    lead, covered, before, changed, field, sentence
):
    before(covered)

    form = send(lead, covered, **changed).context["form"]

    [said] = form.errors[field or "__all__"]
    assert sentence in said
    assert form["holder"].value() == changed.get("holder", DESK)
    assert not TestimonyUse.objects.exists()


@pytest.mark.parametrize("publication", [None, "outlet:another-paper"])
def test_by_name_without_a_waiver_for_that_outlet_is_refused(lead, publication):
    named = covering(PRESS, identity=IdentityForm.FIRST_NAME)
    if publication:
        make.signed_waiver(named.consent, named.version, publication)

    [said] = send(lead, named).context["form"].non_field_errors()

    assert "who has not waived anonymity for this publication." in said
    assert not TestimonyUse.objects.exists()


def test_the_same_use_is_recorded_once_and_again_when_it_was_called_back(lead, covered):
    send(lead, covered)

    said = send(lead, covered).context["form"].non_field_errors()
    send(lead, covered, holder="Example Times, picture desk")

    assert said == ["That use is recorded already."]
    assert TestimonyUse.objects.count() == 2


def test_the_act_refuses_what_the_form_would(covered):
    words = covered.version
    for use, holder, why in (
        (press_use(publication=""), DESK, by_hand.NAME_THE_OUTLET),
        (press_use(publication="outlet:"), DESK, by_hand.NAME_THE_OUTLET),
        (press_use(), " ", by_hand.NAME_THE_HOLDER),
    ):
        with pytest.raises(Refused, match=why):
            by_hand.record(words, use, holder=holder)


def test_the_database_refuses_a_holder_without_an_outlet_and_a_use_beyond_consent(covered):
    told = {"holder": DESK, "publication": TIMES}

    with refused_by("testimony_use_by_hand_names_its_outlet"):
        make.raw_use(covered, Channel.PRESS_RELEASE, **{**told, "publication": "pack:one"})
    with refused_by("testimony_use_by_hand_once"):
        make.raw_use(covered, Channel.PRESS_RELEASE, **told)
        make.raw_use(covered, Channel.PRESS_RELEASE, **told)
    with refused_by("testimony_use_consent_reaches_the_day"):
        late = timezone.localdate() + timedelta(days=400)
        make.raw_use(covered, Channel.PRESS_RELEASE, **told, used_on=late)
    narrowed(covered)
    with refused_by("testimony_use_scope_permits"):
        make.raw_use(covered, Channel.PRESS_RELEASE, **told)


def test_who_holds_it_is_never_rewritten(covered):
    recorded(covered)

    with refused_by_grant():
        run("UPDATE evidence_testimonyuse SET holder = 'Nobody'")


# Who is told of it.


def test_the_page_of_the_version_names_the_holder_to_those_who_may_know(lead, keeper, covered):
    recorded(covered)
    lawyer = client_of(rows.person("lawyer", "legal reviewer"))

    told = {
        each: DESK in client.get(address_of(covered.version, "change")).content.decode()
        for each, client in {"lead": lead, "keeper": keeper, "lawyer": lawyer}.items()
    }

    assert told == {"lead": True, "keeper": True, "lawyer": False}


def test_where_used_tells_it(lead, covered):
    use = recorded(covered)
    account = covered.version.testimony
    lawyer = client_of(rows.person("lawyer", "legal reviewer"))
    page = reverse("admin:where_used", args=["testimony", account.pk])

    told, untold = (each.get(page).content.decode() for each in (lead, lawyer))

    impact = impact_of(account)
    assert (impact.by_hand, impact.sentence) == ((use,), "Rests on it: 1 use by hand.")
    assert f"example-times: {DESK}" in told
    assert "example-times" in untold
    assert DESK not in untold


def test_a_withdrawal_calls_it_back_and_names_the_holder_to_those_who_may_know(keeper, covered):
    use = recorded(covered)
    lawyer = client_of(rows.person("lawyer", "legal reviewer"))

    consenting.withdraw(covered.consent)

    task = RecallTask.objects.get()
    pages = [
        client.get(address).content.decode()
        for client in (keeper, lawyer)
        for address in (
            address_of(task, "change"),
            reverse("admin:evidence_recalltask_changelist"),
            address_of(use, "change"),
        )
    ]
    assert task.use == use
    assert [DESK in page for page in pages] == [True, True, True, False, False, False]
    assert f"Ask {DESK}, who holds words for example-times." in pages[0]
    [recalls] = [
        each for each in board(rows.person("keeper", "safeguarding lead")) if each.key == "recalls"
    ]
    assert [row.told for row in recalls.rows] == [
        f"{DESK}, words for example-times. Not asked yet."
    ]


def test_a_list_is_not_asked_a_letter_at_a_time_who_holds_it(keeper, covered):
    recorded(covered)
    page = reverse("admin:evidence_testimonyuse_changelist")
    lawyer = client_of(rows.person("lawyer", "legal reviewer"))

    answers = [each.get(page, {"holder__startswith": "Ex"}) for each in (keeper, lawyer)]

    assert [each.status_code for each in answers] == [200, 400]


def test_their_own_page_tells_where_the_words_went_and_are_called_back_from(covered):
    recorded(covered)
    uses, consents = TestimonyUse.objects.all(), covered.consent.contributor.consents.all()
    where = "In news that we send to journalists: example-times"

    [place] = telling.in_use(uses)
    cannot = telling.cannot_come_back(uses, [place])
    consenting.withdraw(covered.consent)
    [coming] = telling.coming_back(consents)

    assert (place.what, place.on_website, place.copies) == (where, False, 1)
    assert cannot[-1].startswith("In news that we send to journalists: this was done already")
    assert coming.what == where
    assert coming.told.startswith("We will ask for it back by ")


def test_what_is_still_to_come_is_not_told_as_done(covered):
    day = timezone.localdate() + timedelta(days=5)
    by_hand.record(covered.version, press_use(at=day), holder=DESK)
    uses = TestimonyUse.objects.all()

    cannot = telling.cannot_come_back(uses, telling.in_use(uses))

    assert cannot[1:] == [
        f"In news that we send to journalists: this is planned for {day.day} {day:%B %Y}. We ask "
        "them not to use it. It may be too late."
    ]


def test_an_access_request_tells_it(covered):
    recorded(covered)

    told = disclosing.everything_about(covered.consent.contributor)

    [use] = told["testimonies"][0]["uses"]
    assert (use["publication"], use["held_by"]) == (TIMES, [DESK])


def test_an_erasure_forgets_the_holder_and_the_outlet_is_still_asked(keeper, covered):
    recorded(covered)
    other = covering(PRESS, title="Another story")
    recorded(other)

    erasing.ask_for_erasure(covered.consent.contributor, by=None)

    held = dict(TestimonyUse.objects.values_list("testimony", "holder"))
    assert held == {covered.version.testimony_id: "", other.version.testimony_id: DESK}
    task = RecallTask.objects.get()
    page = keeper.get(address_of(task, "change")).content.decode()
    assert "Ask example-times, who holds words for example-times." in page
    assert holding_of(task.use) == Holding(
        "example-times", "words for example-times", address_of(covered.version, "change")
    )
