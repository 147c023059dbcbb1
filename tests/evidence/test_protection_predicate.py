"""The predicate and the database say the same of random records."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evidence import consenting
from evidence.models import (
    Channel,
    Consent,
    ConsentTestimony,
    IdentityForm,
    Life,
    Proceedings,
    Safeguarding,
    Teller,
    Testimony,
    TestimonyUse,
    TestimonyVersion,
)
from evidence.permission import Use, may_be_used, refusals
from evidence.refusing import Refused
from evidence.uses import record_use
from tests import factories as make
from tests.refusing import run

pytestmark = pytest.mark.django_db

CHANNELS = [Channel.BRIEFING_PACK, Channel.WEBSITE_FEED, Channel.SPEECH]
PLACES = ["", "website", "pack:one"]
IDENTITY = st.sampled_from(IdentityForm)


@dataclass(frozen=True)
class Scope:
    channel: str
    permits: bool
    identity: int


@dataclass(frozen=True)
class Person:
    complainant: bool
    life: str
    accused: bool
    signed: bool
    reviewed: bool
    cap: int


@dataclass(frozen=True)
class Waived:
    place: str
    by_them: bool
    signatures: int
    voided: bool


@dataclass(frozen=True)
class Record:
    """All that bears on whether one version may be used."""

    identity: int
    version: str
    safeguarding: str
    proceedings: str
    teller: str
    restriction: str
    scopes: tuple[Scope, ...]
    narrowed: tuple[Scope, ...]
    days: tuple[int, int]
    state: str
    listing_withdrawn: bool
    renewed: bool
    person: Person | None
    waivers: tuple[Waived, ...]


def mostly(usual: object, *others: object) -> st.SearchStrategy:
    """Else nearly every record is refused for some reason or another."""
    return st.sampled_from([usual] * 14 + list(others))


SCOPES = st.builds(Scope, st.sampled_from(CHANNELS), mostly(True, False), IDENTITY)
WIDE = [Scope(channel, permits=True, identity=IdentityForm.IMAGE_VOICE) for channel in CHANNELS]
RECORDS = st.builds(
    Record,
    identity=st.sampled_from([each for each in IdentityForm if each > IdentityForm.AGGREGATE_ONLY]),
    version=mostly("cleared", "draft", "superseded", "recalled"),
    safeguarding=mostly(*sorted(Safeguarding.values, key=lambda value: value != "none")),
    proceedings=mostly(*sorted(Proceedings.values, key=lambda value: value != "none")),
    teller=mostly(Teller.COMPLAINANT, Teller.SOMEBODY_CLOSE),
    restriction=mostly("", "open", "ended"),
    scopes=st.lists(SCOPES, max_size=2).map(lambda more: (*WIDE, *more)),
    narrowed=st.lists(SCOPES, max_size=1).map(tuple),
    days=mostly((-30, 300), (-30, 5), (-60, -1), (2, 100)),
    state=mostly("given", "requested", "suspended", "withdrawn", "deferred"),
    listing_withdrawn=mostly(False, True),
    renewed=mostly(False, True),
    person=st.none()
    | st.builds(
        Person,
        st.booleans(),
        st.sampled_from(Life.values),
        mostly(False, True),
        st.booleans(),
        st.booleans(),
        st.integers(0, 3),
    ),
    waivers=st.lists(
        st.builds(
            Waived, st.sampled_from(PLACES[1:]), st.booleans(), mostly(2, 0, 1), mostly(False, True)
        ),
        max_size=3,
    ).map(tuple),
)
USES = st.tuples(st.sampled_from(CHANNELS), st.sampled_from(PLACES), mostly(0, 4, 7, 400))


def written(record: Record) -> TestimonyVersion:
    account = make.testimony(
        teller=record.teller, safeguarding=record.safeguarding, proceedings=record.proceedings
    )
    words = make.version(account, identity=record.identity)
    _move_version(words, record.version)
    consent = _asked_for(account, record)
    if record.state not in {"requested", "deferred"}:
        _give(consent)
    person = _person(account, record.person)
    if record.person and record.person.accused and record.person.signed:
        make.accused_sign_off(person, words)
    for waived in record.waivers:
        _waive(consent, words, waived, person, account)
    if record.renewed and record.state == "given":
        renewal = _asked_for(account, record, replaces=consent)
        consenting.give(renewal)
        consent = renewal
    elif record.state not in {"given", "requested"}:
        _set_state(consent, record.state)
    for scope in record.narrowed:
        _try_scope(consent, scope)
    if record.listing_withdrawn:
        run(
            "UPDATE evidence_consenttestimony SET withdrawn_at = now() WHERE consent_id = %s",
            consent.pk,
        )
    if record.restriction:
        made = make.restriction(account)
        if record.restriction == "ended":
            made.ended_by, made.ended_at = make.user("lawyer"), timezone.now()
            made.save(update_fields=["ended_by", "ended_at"])
    return TestimonyVersion.objects.get(pk=words.pk)


def _move_version(words: TestimonyVersion, to: str) -> None:
    if to != "draft":
        run(
            "UPDATE evidence_testimonyversion SET state = 'cleared', cleared_by_id = %s "
            "WHERE id = %s",
            make.user("lead").pk,
            words.pk,
        )
    if to in {"superseded", "recalled"}:
        run("UPDATE evidence_testimonyversion SET state = %s WHERE id = %s", to, words.pk)


def _asked_for(account: Testimony, record: Record, **fields: object) -> Consent:
    starts, ends = (make.moment(days) for days in record.days)
    consent = make.requested_consent(
        account.contributor,
        validity=(starts, ends),
        review_due=(ends - timedelta(hours=12)).date(),
        event_time=make.moment(-61),
        **fields,
    )
    ConsentTestimony.objects.create(consent=consent, testimony=account)
    for scope in record.scopes:
        _try_scope(consent, scope)
    return consent


def _give(consent: Consent) -> None:
    _set_state(consent, "given")


def _set_state(consent: Consent, state: str) -> None:
    run("UPDATE evidence_consent SET state = %s WHERE record_id = %s", state, consent.pk)


def _try_scope(consent: Consent, scope: Scope) -> None:
    """A given consent takes only what narrows it."""
    try:
        with transaction.atomic():
            make.scope(
                consent,
                scope.channel,
                max_identity=scope.identity,
                decision="permit" if scope.permits else "deny",
            )
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "consent_scope_only_narrows":
            raise


def _person(account: Testimony, noted: Person | None):
    if noted is None:
        return None
    fields: dict[str, object] = {
        "is_complainant": noted.complainant,
        "life": noted.life,
        "is_accused": noted.accused,
        "is_identifiable": noted.accused,
        "max_identity": noted.cap,
    }
    if noted.reviewed and noted.life == Life.DIED:
        fields |= {"death_reviewed_by": make.user("lead"), "death_reviewed_at": make.moment(0)}
    return make.person_spoken_about(account, **fields)


def _waive(consent, words, waived: Waived, person, account: Testimony) -> None:
    them = waived.by_them and person is not None
    if them and not (person.is_complainant and person.life != Life.DIED):
        return
    if not them and account.teller != Teller.COMPLAINANT:
        return
    make_one = make.signed_waiver if waived.signatures == 2 else make.waiver
    made = make_one(consent, words, waived.place, complainant=person if them else None)
    if waived.signatures == 1:
        made.pressure_checked_by, made.pressure_checked_at = make.user("lead"), timezone.now()
        made.save(update_fields=["pressure_checked_by", "pressure_checked_at"])
    if waived.voided:
        run("UPDATE evidence_anonymitywaiver SET voided_at = now() WHERE id = %s", made.pk)


def taken_by_the_database(version: TestimonyVersion, use: Use, channel: str) -> bool:
    """Whether any consent, scope and waiver there is makes a row that is taken."""
    consents = Consent.objects.filter(testimonies=version.testimony)
    scopes = [scope for consent in consents for scope in consent.scopes.all()]
    fitting = [scope for scope in scopes if scope.key == str(use)]
    waivers = [None, *version.waivers.all()]
    return any(
        _is_taken(version, scope, waiver, use, channel)
        for scope, waiver in product(fitting, waivers)
    )


def _is_taken(version: TestimonyVersion, scope, waiver, use: Use, channel: str) -> bool:
    try:
        with transaction.atomic():
            TestimonyUse.objects.create(
                version=version,
                testimony_id=version.testimony_id,
                consent=scope.consent,
                scope=scope,
                waiver=waiver,
                publication=use.publication,
                identity=version.identity,
                used_on=use.at,
                feed_item=_item(version, channel),
                artefact_sha256="a" * 64,
            )
            connection.check_constraints()
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


def _item(version: TestimonyVersion, channel: str):
    return version.testimony.public_id if channel == Channel.WEBSITE_FEED else None


def agree(record: Record, wanted: tuple[str, str, int]) -> bool:
    """Compare them over one record; the answer, so that a run can be seen to have both."""
    channel, place, days = wanted
    site = channel == Channel.WEBSITE_FEED
    version = written(record)
    use = Use(
        "public_awareness" if site else "policy_briefing",
        "public" if site else "parliament_members",
        channel,
        timezone.localdate() + timedelta(days=days),
        publication=place,
    )

    permitted = may_be_used(use).filter(pk=version.pk).exists()

    assert permitted == taken_by_the_database(version, use, channel)
    assert bool(refusals(version, use)) != permitted
    item = _item(version, channel)
    if permitted:
        made = record_use(version, use, artefact_sha256="a" * 64, feed_item=item)
        connection.check_constraints()
        assert made.recalled_at is None
    else:
        with pytest.raises(Refused):
            record_use(version, use, artefact_sha256="a" * 64, feed_item=item)
    return permitted


def compare(examples: int) -> dict[bool, int]:
    answers = {True: 0, False: 0}

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],  # shrinking takes minutes; the record is printed anyhow
        suppress_health_check=list(HealthCheck),
    )
    @given(RECORDS, USES)
    def over(record: Record, wanted: tuple[str, str, int]) -> None:
        with transaction.atomic():
            answers[agree(record, wanted)] += 1
            transaction.set_rollback(True)

    over()
    return answers


@pytest.mark.long
def test_the_predicate_and_the_database_say_the_same() -> None:
    answers = compare(40)

    assert min(answers.values()) > 0


@pytest.mark.slow
def test_they_say_the_same_of_many_records() -> None:
    answers = compare(3000)

    assert min(answers.values()) > 100
