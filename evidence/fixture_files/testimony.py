"""Accounts for the demo, openly fictional, with consents that differ in what they cover."""

from datetime import UTC, date, datetime, time

from evidence import clearing, consenting
from evidence.fixture_files.adding import Loading, id_of, known
from evidence.fixture_files.reading import Entry, read
from evidence.models import (
    Audience,
    Channel,
    Consent,
    ConsentScope,
    ConsentTestimony,
    Contributor,
    Edits,
    IdentityForm,
    IndicationMethod,
    PrivacyNotice,
    Proceedings,
    Purpose,
    Safeguarding,
    Testimony,
    TestimonyVersion,
)
from evidence.models.notices import hash_of

IDENTITIES = {form.name.lower(): form for form in IdentityForm}


def load_testimony(loading: Loading) -> dict[str, TestimonyVersion]:
    """The cleared words of each account, by the account's key."""
    file = read(loading.folder / "testimony.yaml")
    notice = _notice(loading, file.entry("notice"))
    versions = dict(_account(loading, notice, entry) for entry in file.entries("accounts"))
    file.done()
    return versions


def _notice(loading: Loading, entry: Entry) -> PrivacyNotice:
    version, text = entry.text("version"), entry.text("text")
    made = PrivacyNotice(
        id=id_of(PrivacyNotice, version),
        version=version,
        text=text,
        sha256=hash_of(text),
        covers=entry.texts("covers"),
        controllers=entry.text("controllers"),
        recipients=entry.text("recipients"),
        storage_location=entry.text("storage_location"),
        retention_months=entry.number("retention_months"),
        backup_days=entry.number("backup_days"),
        withdrawal_method=entry.text("withdrawal_method"),
    )
    entry.done()
    return loading.add(entry, known(PrivacyNotice, version, version=version), made)


def _account(loading: Loading, notice: PrivacyNotice, entry: Entry) -> tuple[str, TestimonyVersion]:
    key = entry.text("key")
    contributor = _contributor(loading, key, entry)
    testimony = _testimony(loading, key, contributor, entry)
    version = _version(loading, key, testimony, entry.entry("version"))
    _consent(loading, key, testimony, notice, entry.entry("consent"))
    entry.done()
    return key, version


def _contributor(loading: Loading, key: str, entry: Entry) -> Contributor:
    label = entry.text("contributor")
    made = Contributor(id=id_of(Contributor, key), label=label, is_fictional=True)
    return loading.add(entry, known(Contributor, key, label=label), made)


def _testimony(loading: Loading, key: str, contributor: Contributor, entry: Entry) -> Testimony:
    made = Testimony(
        id=id_of(Testimony, key),
        contributor=contributor,
        title=entry.text("title"),
        collected_on=entry.day_from(loading.today, "collected_on"),
        collected_by=loading.officer,
        support_offered=entry.flag("support_offered"),
        safeguarding=entry.choice("safeguarding", Safeguarding.values),
        proceedings=entry.choice("proceedings", Proceedings.values),
    )
    return loading.add(entry, known(Testimony, key), made)


def _version(loading: Loading, key: str, testimony: Testimony, entry: Entry) -> TestimonyVersion:
    approved = _noon(entry.day_from(loading.today, "contributor_approved_on"))
    made = TestimonyVersion(
        id=id_of(TestimonyVersion, key),
        testimony=testimony,
        number=1,
        text=entry.text("text"),
        attribution=entry.text("attribution"),
        identity=IDENTITIES[entry.choice("identity", list(IDENTITIES))],
        anonymity_note=entry.text("anonymity_note"),
        content_warning=entry.text("content_warning", ""),
        contributor_approved_at=approved,
        jigsaw_reviewed_by=loading.lead,
        jigsaw_reviewed_at=approved,
        written_by=loading.officer,
    )
    entry.done()
    return loading.add(
        entry,
        known(TestimonyVersion, key),
        made,
        lambda version: clearing.clear(version, by=loading.lead),
    )


def _consent(
    loading: Loading, key: str, testimony: Testimony, notice: PrivacyNotice, entry: Entry
) -> None:
    given = _noon(entry.day_from(loading.today, "given_on"))
    ends = _noon(entry.day_from(loading.today, "valid_until"))
    made = Consent(
        record_id=id_of(Consent, key),
        contributor=testimony.contributor,
        notice=notice,
        indication_method=entry.choice("indication_method", IndicationMethod.values),
        event_time=given,
        validity=(given, ends),
        review_due=entry.day_from(loading.today, "review_due"),
        age_at_consent=entry.number("age_at_consent"),
        recorded_by=loading.officer,
    )
    scopes = [_scope(made, item) for item in entry.entries("permits")]
    withdrawn = entry.flag("withdrawn")
    entry.done()

    def lines(consent: Consent) -> None:
        ConsentTestimony.objects.create(consent=consent, testimony=testimony)
        ConsentScope.objects.bulk_create(scopes)
        consenting.give(consent)
        if withdrawn:
            consenting.withdraw(consent)

    loading.add(entry, known(Consent, key), made, lines)


def _scope(consent: Consent, entry: Entry) -> ConsentScope:
    made = ConsentScope(
        consent=consent,
        purpose=entry.choice("purpose", Purpose.values),
        audience=entry.choice("audience", Audience.values),
        channel=entry.choice("channel", Channel.values),
        max_identity=IDENTITIES[entry.choice("max_identity", list(IDENTITIES))],
        max_edits=entry.choice("max_edits", Edits.values, Edits.NONE),
        irrevocable_understood=entry.flag("irrevocable_understood"),
    )
    entry.done()
    return made


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
