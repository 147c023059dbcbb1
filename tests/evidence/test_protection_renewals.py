"""A renewal, and a consent made narrower: what stays with its holders, and what the site shows."""

import pytest

from evidence import consenting, website
from evidence.blast_radius import blast_radius, resting_on_scope
from evidence.consent_register import register
from evidence.models import (
    Audience,
    Channel,
    Consent,
    ConsentTestimony,
    Decision,
    IdentityForm,
    Purpose,
    RecallTask,
    TestimonyUse,
)
from evidence.refusing import Refused
from evidence.renewing import renewal_of
from publishing.models import Change, PublishedItem
from tests import factories as make
from tests.refusing import refused_by, run, run_past_the_rules

pytestmark = pytest.mark.django_db

PACKS = {
    "purpose": Purpose.POLICY_BRIEFING,
    "audience": Audience.PARLIAMENT_MEMBERS,
    "channel": Channel.BRIEFING_PACK,
}
PACK, SITE, SPEECH = Channel.BRIEFING_PACK, Channel.WEBSITE_FEED, Channel.SPEECH


def set_state(consent: Consent, state: str) -> None:
    run("UPDATE evidence_consent SET state = %s WHERE record_id = %s", state, consent.pk)


def replace(old: Consent, new: Consent) -> None:
    """As raw SQL does it: nothing of ours puts the website's item back."""
    set_state(old, "replaced")
    set_state(new, "given")


def runs_out(consent: Consent) -> None:
    run_past_the_rules(
        "evidence_consent",
        "UPDATE evidence_consent SET review_due = lower(validity)::date, "
        "validity = tstzrange(lower(validity), now() - interval '2 days') WHERE record_id = %s",
        consent.pk,
    )


def called_back() -> set[object]:
    return set(RecallTask.objects.values_list("use_id", flat=True))


def told() -> list[str]:
    return list(Change.objects.order_by("seq").values_list("op", flat=True))


# What a renewal leaves with its holders


def test_copies_stay_that_the_renewal_covers() -> None:
    covered = make.covered()
    make.raw_use(covered)

    replace(covered.consent, make.renewal(covered))

    assert called_back() == set()


def not_listed(covered: make.Covered) -> Consent:
    other = make.testimony("A second account", contributor=covered.consent.contributor)
    renewal = make.requested_consent(covered.consent.contributor, replaces=covered.consent)
    ConsentTestimony.objects.create(consent=renewal, testimony=other)
    make.scope(renewal)
    return renewal


def another_channel(covered: make.Covered) -> Consent:
    return make.renewal(covered, Channel.PRINT)


def denied(covered: make.Covered) -> Consent:
    renewal = make.renewal(covered)
    make.scope(renewal, decision=Decision.DENY)
    return renewal


def known_less(covered: make.Covered) -> Consent:
    renewal = make.renewal(covered)
    make.scope(renewal, max_identity=IdentityForm.VERBATIM_ANONYMOUS)
    return renewal


def for_others(covered: make.Covered) -> Consent:
    renewal = make.renewal(covered, Channel.PRINT)
    make.scope(renewal, audience=Audience.COMMITTEE)
    make.scope(renewal, purpose=Purpose.TRAINING)
    return renewal


@pytest.mark.parametrize("narrower", [not_listed, another_channel, denied, known_less, for_others])
def test_copies_come_back_that_it_does_not_cover(narrower) -> None:
    covered = make.covered()
    copy = make.raw_use(covered)

    replace(covered.consent, narrower(covered))

    assert called_back() == {copy.pk}


@pytest.mark.parametrize(
    ("then", "kept"),
    [
        ({}, False),
        ({"max_identity": IdentityForm.VERBATIM_ANONYMOUS}, False),
        ({"decision": Decision.DENY}, False),
        ({"max_identity": IdentityForm.PSEUDONYM}, True),
    ],
)
def test_a_pack_that_may_be_read_aloud_stays_if_it_still_may(then, kept: bool) -> None:
    covered = make.covered(PACK, SPEECH)
    copy = make.raw_use(covered)
    renewal = make.renewal(covered)
    if then:
        make.scope(renewal, SPEECH, **then)

    replace(covered.consent, renewal)

    assert called_back() == (set() if kept else {copy.pk})


def test_a_pack_for_background_stays_without_the_chamber() -> None:
    covered = make.covered()
    make.raw_use(covered)

    replace(covered.consent, make.renewal(covered))

    assert called_back() == set()


# And when the renewal ends


def withdrawn_in_part(consent: Consent) -> None:
    run(
        "UPDATE evidence_consenttestimony SET withdrawn_at = now() WHERE consent_id = %s",
        consent.pk,
    )


def ends_in(state: str):
    def end(consent: Consent) -> None:
        set_state(consent, state)

    return end


def denies(channel: str):
    def end(consent: Consent) -> None:
        make.scope(consent, channel, decision=Decision.DENY)

    return end


def lowers(consent: Consent) -> None:
    make.scope(consent, max_identity=IdentityForm.AGGREGATE_ONLY)


@pytest.mark.parametrize(
    "end",
    [
        ends_in("withdrawn"),
        ends_in("suspended"),
        ends_in("invalidated"),
        withdrawn_in_part,
        denies(PACK),
        denies(SPEECH),
        lowers,
    ],
)
def test_what_a_renewal_left_comes_back_with_the_renewal(end) -> None:
    covered = make.covered()
    copy = make.raw_use(covered)
    second = make.renewal(covered)
    replace(covered.consent, second)
    third = make.renewal(make.Covered(covered.version, second, {}))
    replace(second, third)
    assert called_back() == set()

    end(third)

    assert called_back() == {copy.pk}


def given_after_it_ran_out(covered: make.Covered, *channels: str) -> Consent:
    """On paper of its own, that does not say what it renews."""
    runs_out(covered.consent)
    later = make.requested_consent(
        covered.consent.contributor, validity=(make.moment(-1), make.moment(300))
    )
    ConsentTestimony.objects.create(consent=later, testimony=covered.version.testimony)
    for channel in channels or (PACK,):
        make.scope(later, channel)
    consenting.give(later)
    return later


@pytest.mark.parametrize(
    "end", [withdrawn_in_part, ends_in("withdrawn"), denies(PACK)], ids=["one", "all", "packs"]
)
def test_what_was_handed_out_under_a_consent_that_ran_out_comes_back_with_the_next(end) -> None:
    covered = make.covered(PACK)
    copy = make.raw_use(covered)
    other = make.covered(PACK, title="Another account")
    make.raw_use(other)
    runs_out(other.consent)
    later = given_after_it_ran_out(covered)
    assert called_back() == set()
    radius = blast_radius(TestimonyUse.objects.under(later))
    assert [each.copies for each in radius.copies] == [(copy,)]

    end(later)

    assert called_back() == {copy.pk}


def test_a_consent_that_is_only_asked_for_reaches_nothing_of_one_that_ran_out() -> None:
    covered = make.covered()
    make.raw_use(covered)
    runs_out(covered.consent)
    later = make.requested_consent(
        covered.consent.contributor, validity=(make.moment(-1), make.moment(300))
    )
    ConsentTestimony.objects.create(consent=later, testimony=covered.version.testimony)
    make.scope(later, decision=Decision.DENY)
    set_state(later, "refused")

    assert called_back() == set()


def test_a_third_record_that_covers_less_calls_back_what_the_first_handed_out() -> None:
    covered = make.covered()
    copy = make.raw_use(covered)
    second = make.renewal(covered)
    replace(covered.consent, second)

    replace(second, make.renewal(make.Covered(covered.version, second, {}), Channel.PRINT))

    assert called_back() == {copy.pk}


def test_before_the_button_what_the_earlier_records_left_is_told_under_the_newest() -> None:
    covered = make.covered()
    copy = make.raw_use(covered)
    second = make.renewal(covered)
    replace(covered.consent, second)
    third = make.renewal(make.Covered(covered.version, second, {}))
    replace(second, third)

    radius = blast_radius(TestimonyUse.objects.under(third))
    narrowed = resting_on_scope(third, **PACKS, beyond=IdentityForm.AGGREGATE_ONLY)
    listed = {each["id"]: each["copies"] for each in register()}

    assert [use for each in radius.copies for use in each.copies] == [copy]
    assert list(narrowed) == [copy]
    assert listed == {
        str(covered.consent.pk): [],
        str(second.pk): [],
        str(third.pk): [str(copy.pk)],
    }


def test_who_said_no_once_can_be_asked_again_and_one_renewal_is_open_at_a_time() -> None:
    covered = make.covered()
    first = make.renewal(covered)
    with refused_by("consent_renewed_once"):
        make.renewal(covered)
    assert renewal_of(str(covered.consent.pk)) is None

    consenting.refuse(first)

    assert renewal_of(str(covered.consent.pk)) is not None
    consenting.give(make.renewal(covered))
    covered.consent.refresh_from_db()
    assert covered.consent.state == "replaced"


def test_what_ran_out_is_no_longer_told_as_on_the_website_and_copies_are() -> None:
    covered = make.covered(
        SITE, PACK, validity=(make.moment(-30), make.moment(30)), review_due=make.moment(20).date()
    )
    website.put_on_website(covered.version.testimony)
    copy = make.raw_use(covered)

    runs_out(covered.consent)

    radius = blast_radius(TestimonyUse.objects.under(covered.consent))
    [listed] = register()
    assert (radius.website, [each.copies for each in radius.copies]) == ((), [(copy,)])
    assert radius.sentence == "In use now: 1 copy handed out."
    assert (listed["feed_items"], listed["copies"]) == ([], [str(copy.pk)])


def test_a_renewal_that_is_only_asked_for_touches_nothing() -> None:
    covered = make.covered()
    make.raw_use(covered)
    renewal = make.renewal(covered)

    make.scope(renewal, decision=Decision.DENY)
    set_state(renewal, "refused")

    assert called_back() == set()


# The website


def test_the_item_leaves_with_the_old_record_by_raw_sql() -> None:
    covered = make.covered(SITE)
    website.put_on_website(covered.version.testimony)

    replace(covered.consent, make.renewal(covered, SITE))

    assert (told(), PublishedItem.objects.exists()) == (["upsert", "remove"], False)


def test_a_renewal_puts_the_item_there_anew_under_itself() -> None:
    covered = make.covered(SITE)
    website.put_on_website(covered.version.testimony)
    renewal = make.renewal(covered, SITE, validity=(make.moment(-1), make.moment(500)))

    consenting.give(renewal)

    live = TestimonyUse.objects.get(recalled_at=None)
    renewal.refresh_from_db()
    covered.consent.refresh_from_db()
    assert (live.consent, covered.consent.state) == (renewal, "replaced")
    assert PublishedItem.objects.get().expires_at == renewal.validity.upper
    assert told()[-1] == "upsert"


def test_a_renewal_without_the_website_takes_the_item_off() -> None:
    covered = make.covered(SITE, PACK)
    website.put_on_website(covered.version.testimony)

    consenting.give(make.renewal(covered))

    assert (told(), PublishedItem.objects.exists()) == (["upsert", "remove"], False)


def test_a_later_consent_shows_again_what_ran_out() -> None:
    covered = make.covered(
        SITE, validity=(make.moment(-30), make.moment(30)), review_due=make.moment(20).date()
    )
    account = covered.version.testimony
    website.put_on_website(account)
    runs_out(covered.consent)
    later = make.requested_consent(
        covered.consent.contributor, validity=(make.moment(-1), make.moment(300))
    )
    ConsentTestimony.objects.create(consent=later, testimony=account)
    make.scope(later, SITE)
    consenting.give(later)

    website.put_on_website(account)

    assert TestimonyUse.objects.get(recalled_at=None).consent == later
    assert PublishedItem.objects.get().expires_at == Consent.objects.get(pk=later.pk).validity.upper


# Narrowing


@pytest.fixture
def shown() -> make.Covered:
    covered = make.covered(SITE, PACK, text="Words under a pseudonym.")
    make.cleared(
        covered.version.testimony,
        "Words without one.",
        identity=IdentityForm.PARAPHRASE_ANONYMOUS,
        attribution="A young person",
    )
    website.put_on_website(covered.version.testimony)
    make.raw_use(covered)
    return covered


def narrow(consent: Consent, identity: IdentityForm, channel: str = SITE) -> None:
    site = channel == SITE
    consenting.narrow(
        consent,
        purpose=Purpose.PUBLIC_AWARENESS if site else Purpose.POLICY_BRIEFING,
        audience=Audience.PUBLIC if site else Audience.PARLIAMENT_MEMBERS,
        channel=channel,
        max_identity=identity,
    )


def test_what_tells_less_takes_the_place_on_the_website(shown) -> None:
    assert b"under a pseudonym" in bytes(PublishedItem.objects.get().body)

    narrow(shown.consent, IdentityForm.VERBATIM_ANONYMOUS)

    item, last = PublishedItem.objects.get(), Change.objects.order_by("-seq").first()
    assert b"Words without one." in bytes(item.body)
    assert b"under a pseudonym" not in bytes(item.body)
    assert (last.op, last.item_id, last.seq) == ("upsert", item.id, item.seq)
    assert item.id == shown.version.testimony.public_id
    assert called_back() == set()


def test_narrowed_below_every_version_it_leaves(shown) -> None:
    narrow(shown.consent, IdentityForm.AGGREGATE_ONLY)

    assert (told(), PublishedItem.objects.exists()) == (["upsert", "remove"], False)


def test_narrowing_the_packs_calls_back_copies_and_leaves_the_website(shown) -> None:
    narrow(shown.consent, IdentityForm.VERBATIM_ANONYMOUS, PACK)

    assert len(called_back()) == 1
    assert told() == ["upsert"]


@pytest.mark.parametrize("identity", [IdentityForm.PSEUDONYM, IdentityForm.FULL_NAME])
def test_only_less_can_be_chosen(shown, identity: IdentityForm) -> None:
    with pytest.raises(Refused, match="only less can be chosen"):
        narrow(shown.consent, identity)


def test_what_is_not_permitted_is_not_narrowed(shown) -> None:
    with pytest.raises(Refused, match="nothing to narrow"):
        narrow(shown.consent, IdentityForm.AGGREGATE_ONLY, Channel.PRINT)
