"""Two people side by side: what is asked of one never meets, or counts for, the other's."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core import mail
from django.utils import timezone

from evidence import consenting, erasing, identities, replaying, website
from evidence.identities import Person, RawWords, SafeContact
from evidence.models import (
    Audience,
    Channel,
    Consent,
    ConsentScope,
    ConsentTestimony,
    Contributor,
    Decision,
    IdentityForm,
    LinkFor,
    Looked,
    Purpose,
    Safeguarding,
    Testimony,
    TestimonyUse,
    VaultLook,
)
from evidence.own_page import codes, links, tasks
from evidence.own_page.contact import safe_contact_of
from evidence.refusing import Refused
from tests import factories as make
from tests.evidence.own_page.visiting import Visit, follow
from tests.evidence.test_identities import ALL, with_permission
from tests.evidence.test_ledgers import Backup
from tests.refusing import run_as_owner

pytestmark = pytest.mark.django_db

type Pair = list[tuple[str, Visit]]


def somebody(name: str) -> Visit:
    covered = make.covered(Channel.WEBSITE_FEED, Channel.BRIEFING_PACK, title=f"Of {name}")
    account: Testimony = covered.version.testimony
    who = account.contributor
    officer = make.user("officer")
    mine = f"{name}@example.org"
    person = Person(name, date(1990, 1, 1), mine, SafeContact.EMAIL, "", "")
    identities.record_identity(who, person, by=officer)
    identities.record_raw_account(account, RawWords(f"As {name} told it."), by=officer)
    form = b"%PDF-1.7 signed by " + name.encode()
    identities.attach_evidence(covered.consent, form, "application/pdf", by=officer)
    return follow(who, account, covered.consent, LinkFor.CONTRIBUTOR)


@pytest.fixture
def pair() -> Pair:
    return [(name, somebody(name)) for name in ("anna", "berta")]


def others(pair: Pair) -> Iterator[tuple[str, Visit, Visit]]:
    """Whichever row comes first in a table, one of the two is not it."""
    (one, first), (other, second) = pair
    yield one, first, second
    yield other, second, first


def test_the_vault_opens_what_is_theirs(pair: Pair) -> None:
    lead = with_permission("lead", *ALL)

    for name, here in pair:
        person = identities.identity_of(here.contributor, by=lead, because="To ring back")
        raw = identities.raw_account_of(here.testimony, by=lead, because="To compare")
        signed = identities.evidence_of(here.consent, by=lead, because="To show")

        assert (person.name, raw.words) == (name, f"As {name} told it.")
        assert signed.content == b"%PDF-1.7 signed by " + name.encode()


def test_blank_words_are_no_raw_account(pair: Pair) -> None:
    _, here = pair[0]

    with pytest.raises(Refused, match="Write the account down"):
        identities.record_raw_account(here.testimony, RawWords(" \n"), by=make.user("officer"))
    assert identities.open_raw_account(here.testimony).words == "As anna told it."


def test_that_somebody_may_look_is_said_of_nobody_else() -> None:
    lead, officer = with_permission("lead", *ALL), make.user("officer")

    assert [identities.may_look(user, Looked.IDENTITY) for user in (lead, officer)] == [True, False]


def test_who_was_erased_keeps_nobody_from_looking_at_another(pair: Pair) -> None:
    lead = with_permission("lead", *ALL)
    erased = make.contributor_erased("Of somebody else").consent.contributor

    with pytest.raises(Refused, match="erased"):
        identities.identity_of(erased, by=lead, because="To ring back")
    for _, here in pair:
        assert identities.identity_of(here.contributor, by=lead, because="To ring back")


def test_a_link_opens_its_own_page_and_no_other_token_any(pair: Pair) -> None:
    assert [links.known(here.token) for _, here in pair] == [here.link for _, here in pair]
    assert links.known("no-such-token") is None


def test_who_was_erased_gets_no_link() -> None:
    with pytest.raises(Refused, match="erased"):
        links.make_link(make.contributor_erased().consent.contributor, by=make.user("lead"))


def test_without_a_safe_contact_nobody_elses_is_taken(pair: Pair) -> None:
    nowhere = Contributor.objects.create(label="No contact")

    assert safe_contact_of(nowhere) is None
    assert not VaultLook.objects.exists()
    for name, here in pair:
        assert safe_contact_of(here.contributor) == (SafeContact.EMAIL, f"{name}@example.org")


def test_a_code_goes_to_whoever_asked(pair: Pair) -> None:
    for name, here in pair:
        tasks.send_code.call(str(here.link.pk), timezone.now().isoformat())

        assert [each.to for each in mail.outbox] == [[f"{name}@example.org"]]
        mail.outbox.clear()


def test_codes_are_counted_for_each_alone_and_for_a_while(pair: Pair) -> None:
    for _, here, other in others(pair):
        for _ in range(codes.SENDS_AN_HOUR):
            codes.make_code(here.link)
        assert (codes.may_be_sent(here.link), codes.may_be_sent(other.link)) == (False, True)
        sent_before("61 minutes")
        assert codes.may_be_sent(here.link)
        for _ in range(codes.SENDS_A_DAY - codes.SENDS_AN_HOUR):
            codes.make_code(here.link)
            sent_before("61 minutes")
        assert (codes.may_be_sent(here.link), codes.may_be_sent(other.link)) == (False, True)
        sent_before("25 hours")
        assert codes.may_be_sent(here.link)


def sent_before(time: str) -> None:
    run_as_owner("UPDATE evidence_ownpagecode SET sent_at = sent_at - %s::interval", time)


def test_new_links_are_counted_for_each_alone_and_for_a_day(pair: Pair) -> None:
    (_, here), (_, other) = pair
    for _ in range(links.NEW_LINKS_A_DAY):
        links.make_link(other.contributor, by=make.user("lead"))
    assert links.may_be_renewed(other.link)  # what the lead makes is not asked for

    while links.renew(here.link):
        pass

    assert (links.may_be_renewed(here.link), links.may_be_renewed(other.link)) == (False, True)
    run_as_owner("UPDATE evidence_ownpagelink SET made_at = made_at - interval '25 hours'")
    assert links.may_be_renewed(here.link)


def test_of_several_accounts_the_one_that_was_named_is_taken_back() -> None:
    covered = make.covered(title="First")
    who, consent = covered.consent.contributor, covered.consent
    second = make.requested_consent(who)
    accounts = [make.testimony(title, contributor=who) for title in ("Second", "Third", "Fourth")]
    for account in accounts:
        ConsentTestimony.objects.create(consent=second, testimony=account)
    make.scope(second)
    consenting.give(second)

    for account in accounts[1:]:
        consenting.withdraw_testimony(second, account)
        with pytest.raises(Refused, match="withdrawn already"):
            consenting.withdraw_testimony(second, account)
    with pytest.raises(Refused, match="does not cover that account"):
        consenting.withdraw_testimony(second, covered.version.testimony)

    left = ConsentTestimony.objects.filter(withdrawn_at=None)
    assert {each.testimony_id for each in left} == {
        accounts[0].pk,
        covered.version.testimony_id,
    }
    consenting.withdraw(consent)
    with pytest.raises(Refused, match="does not cover that account"):
        consenting.withdraw_testimony(consent, covered.version.testimony)


BRIEFING = {
    "purpose": Purpose.POLICY_BRIEFING,
    "audience": Audience.PARLIAMENT_MEMBERS,
    "channel": Channel.BRIEFING_PACK,
}


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": Purpose.COMMITTEE_EVIDENCE},
        {"audience": Audience.COMMITTEE},
        {"channel": Channel.SPEECH},
    ],
    ids=["purpose", "audience", "channel"],
)
def test_what_is_alike_but_not_permitted_is_neither_narrowed_nor_withdrawn(other) -> None:
    consent = make.covered().consent

    with pytest.raises(Refused, match="does not permit that"):
        consenting.withdraw_scope(consent, **{**BRIEFING, **other})
    with pytest.raises(Refused, match="does not permit that"):
        consenting.narrow(
            consent, **{**BRIEFING, **other}, max_identity=IdentityForm.PARAPHRASE_ANONYMOUS
        )
    assert consent.scopes.count() == 1


def test_what_was_withdrawn_is_not_withdrawn_again() -> None:
    consent = make.covered().consent
    consenting.withdraw_scope(consent, **BRIEFING)

    with pytest.raises(Refused, match="withdrawn already"):
        consenting.withdraw_scope(consent, **BRIEFING)
    assert consent.scopes.count() == 2


def test_what_was_only_ever_denied_is_not_permitted() -> None:
    consent = make.requested_consent(make.testimony().contributor)
    make.scope(consent, decision=Decision.DENY, max_identity=IdentityForm.AGGREGATE_ONLY)

    with pytest.raises(Refused, match="does not permit that"):
        consenting.withdraw_scope(consent, **BRIEFING)


def test_what_may_not_go_back_to_the_website_stays_off_though_anothers_may() -> None:
    here, other = (make.covered(Channel.WEBSITE_FEED, title=title) for title in ("One", "Two"))
    website.put_on_website(here.version.testimony)

    consenting.give(make.renewal(here, Channel.BRIEFING_PACK))

    assert not website.is_on_website(here.version.testimony)
    assert website.may_be_shown(other.version.testimony)


# After a restore


def standing() -> list[list[tuple[object, ...]]]:
    """All that an act of the ledgers can move, of everybody."""
    uses = TestimonyUse.objects.live_on_website()
    return [
        sorted(Consent.objects.values_list("pk", "state")),
        sorted(
            (each.consent_id, each.testimony_id, each.withdrawn_at is None)
            for each in ConsentTestimony.objects.all()
        ),
        sorted(ConsentScope.objects.values_list("consent", "channel", "max_identity", "decision")),
        sorted(Testimony.objects.values_list("pk", "safeguarding", "proceedings")),
        sorted(uses.values_list("testimony", "version")),
        sorted((each.pk, each.erased_at is None) for each in Contributor.objects.all()),
    ]


def flag(of: make.Covered) -> None:
    of.version.testimony.safeguarding = Safeguarding.OPEN
    of.version.testimony.save()


ACTS = {
    "withdraw": lambda of: consenting.withdraw(of.consent),
    "one account": lambda of: consenting.withdraw_testimony(of.consent, of.version.testimony),
    "another account": lambda of: consenting.withdraw_testimony(
        of.consent, of.consent.testimonies.get(title__endswith="further")
    ),
    "one use": lambda of: consenting.withdraw_scope(of.consent, **BRIEFING),
    "narrow": lambda of: consenting.narrow(
        of.consent, **BRIEFING, max_identity=IdentityForm.PARAPHRASE_ANONYMOUS
    ),
    "flag": flag,
    "take off": lambda of: website.take_off_website(of.version.testimony),
    "erase": lambda of: erasing.erase(of.consent.contributor),
}


def test_what_a_renewal_left_is_not_taken_for_what_was_taken_back() -> None:
    """The older record lists the account too, and comes first."""
    old = both_of_somebody("Account 0").consent
    renewal = make.requested_consent(old.contributor, replaces=old)
    for account in old.testimonies.all():
        ConsentTestimony.objects.create(consent=renewal, testimony=account)
    make.scope(renewal)
    consenting.give(renewal)
    backup = Backup()
    consenting.withdraw_testimony(renewal, renewal.testimonies.first())
    done = standing()
    backup.restore()
    assert standing() != done

    replaying.replay()

    assert standing() == done


@pytest.mark.parametrize("first", [True, False], ids=["of the first", "of the second"])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_is_done_again_to_whom_it_was_done(act, first: bool) -> None:
    two = [both_of_somebody(f"Account {number}") for number in range(2)]
    backup = Backup()
    act(two[0 if first else 1])
    done = standing()
    backup.restore()
    assert standing() != done

    replaying.replay()

    assert standing() == done


def both_of_somebody(title: str) -> make.Covered:
    """Two accounts under one consent, of which the first is on the website."""
    account = make.testimony(title)
    words = make.cleared(account, f"The words of {title}.")
    consent = make.requested_consent(account.contributor)
    further = make.testimony(f"{title}, further", contributor=account.contributor)
    for each in (account, further):
        ConsentTestimony.objects.create(consent=consent, testimony=each)
    scopes = {
        each: make.scope(consent, each) for each in (BRIEFING["channel"], Channel.WEBSITE_FEED)
    }
    consenting.give(consent)
    consent.refresh_from_db()
    website.put_on_website(account)
    return make.Covered(words, consent, scopes)
