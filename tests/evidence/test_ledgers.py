"""The ledgers beside the keys: what they keep, and how a restored database is told of it."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from evidence import clearing, consenting, erasing, ledgers, replaying, website
from evidence.identities import Person, record_identity
from evidence.models import (
    AnonymityWaiver,
    Channel,
    ConsentState,
    ConsentTestimony,
    Contributor,
    Decision,
    ErasureLedger,
    IdentityForm,
    Proceedings,
    ReportingRestriction,
    RestrictionKind,
    Safeguarding,
    Testimony,
    VersionState,
    WithdrawalLedger,
)
from evidence.vault import keyring, ledger_file
from publishing.models import Counter
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def packs_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"
    settings.MAILERS = {}


class Backup:
    """The database as it is now, to go back to: what was written since is lost, files are not."""

    def __init__(self) -> None:
        self.name = f"backup_{uuid4().hex}"
        self.run("SAVEPOINT {}")

    def restore(self) -> None:
        ledgers.export_pending()
        self.run("ROLLBACK TO SAVEPOINT {}")

    def run(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql.format(self.name))


def acts() -> list[str]:
    return [entry["act"] for entry in ledgers.behind()]


class TestExport:
    def test_each_act_is_kept_once_by_ids_codes_and_time(self) -> None:
        covered = make.covered()
        consenting.pause(covered.consent)

        assert (ledgers.export_pending(), ledgers.export_pending()) == (1, 0)

        row = WithdrawalLedger.objects.get()
        assert ledger_file.read() == [
            {
                "id": str(row.pk),
                "ledger": "withdrawal",
                "act": "consent_moved",
                "subject": str(covered.consent.pk),
                "codes": {"from": "given", "to": "suspended"},
                "at": row.at.isoformat(),
            }
        ]
        assert ledgers.behind() == []
        assert ledgers.why_not_to_serve() == ""

    def test_no_word_of_anybody_is_in_it(self, keyring_folder) -> None:
        covered = make.covered(title="A telling title", text="What I said.")
        consenting.withdraw(covered.consent)
        erasing.erase(covered.consent.contributor)

        ledgers.export_pending()

        text = (keyring_folder / "ledger.jsonl").read_text()
        assert str(covered.consent.contributor_id) in text
        assert not any(word in text for word in ("telling", "said", "Robin"))

    def test_the_task_writes_what_an_act_did_not(self) -> None:
        from evidence.tasks import keep_ledgers

        consenting.withdraw(make.covered().consent)

        keep_ledgers.call()

        assert len(ledger_file.read()) == 1


class TestReplay:
    def test_a_withdrawal_after_the_backup_is_done_again(self) -> None:
        covered = make.covered(Channel.WEBSITE_FEED)
        website.put_on_website(covered.version.testimony)
        backup = Backup()
        consenting.withdraw(covered.consent)
        backup.restore()
        assert website.is_on_website(covered.version.testimony)
        assert ledgers.why_not_to_serve() == (
            "The database was restored from a backup and does not know 2 acts of withdrawal or "
            "erasure since: run manage.py replay_ledgers first."
        )

        said = replaying.replay()

        covered.consent.refresh_from_db()
        assert said == [
            f"Testimony {covered.version.testimony_id}: off the website, where it was taken off.",
            f"Consent {covered.consent.pk}: withdrawn.",
        ]
        assert covered.consent.state == ConsentState.WITHDRAWN
        assert not website.is_on_website(covered.version.testimony)
        assert ledgers.why_not_to_serve() == ""

    def test_an_entry_keeps_its_id_and_no_second_one_is_written(self) -> None:
        covered = make.covered()
        backup = Backup()
        consenting.pause(covered.consent)
        consenting.resume(covered.consent)
        consenting.withdraw(covered.consent)
        backup.restore()
        before = ledger_file.read()

        replaying.replay()

        kept = WithdrawalLedger.objects.order_by("at")
        assert [str(row.pk) for row in kept] == [entry["id"] for entry in before]
        assert ledger_file.read() == before
        assert replaying.replay() == []

    def test_a_pause_that_was_ended_is_ended(self) -> None:
        consent = make.covered().consent
        backup = Backup()
        consenting.pause(consent)
        consenting.resume(consent)
        backup.restore()

        replaying.replay()

        consent.refresh_from_db()
        assert consent.state == ConsentState.GIVEN

    def test_a_pause_that_was_not_stands(self) -> None:
        consent = make.covered().consent
        backup = Backup()
        consenting.pause(consent)
        backup.restore()

        replaying.replay()

        consent.refresh_from_db()
        assert consent.state == ConsentState.SUSPENDED

    def test_a_consent_that_the_backup_has_as_asked_for_cannot_be_given_any_more(self) -> None:
        covered = make.covered()
        asked = make.requested_consent(covered.consent.contributor)
        account = make.testimony(contributor=covered.consent.contributor)
        ConsentTestimony.objects.create(consent=asked, testimony=account)
        make.scope(asked)
        backup = Backup()
        consenting.give(asked)
        consenting.withdraw(asked)
        backup.restore()

        [said] = replaying.replay()

        asked.refresh_from_db()
        assert asked.state == ConsentState.REFUSED
        assert said == f"Consent {asked.pk}: refused. This backup has it as never given."

    def test_a_consent_whose_renewal_is_lost_ends(self) -> None:
        covered = make.covered()
        backup = Backup()
        renewal = make.requested_consent(covered.consent.contributor, replaces=covered.consent)
        ConsentTestimony.objects.create(consent=renewal, testimony=covered.version.testimony)
        make.scope(renewal)
        consenting.give(renewal)
        backup.restore()

        [said] = replaying.replay()

        covered.consent.refresh_from_db()
        assert covered.consent.state == ConsentState.INVALIDATED
        assert said.endswith("Its renewal is not in this backup: record that again.")

    def test_narrowing_and_one_testimony_alone(self) -> None:
        covered = make.covered(Channel.BRIEFING_PACK, Channel.SPEECH)
        where = {"purpose": "policy_briefing", "audience": "parliament_members"}
        backup = Backup()
        consenting.narrow(
            covered.consent,
            **where,
            channel="speech",
            max_identity=IdentityForm.VERBATIM_ANONYMOUS,
        )
        consenting.withdraw_scope(covered.consent, **where, channel="briefing_pack")
        consenting.withdraw_testimony(covered.consent, covered.version.testimony)
        backup.restore()

        said = replaying.replay()

        assert [each.partition(": ")[2] for each in said] == [
            "narrowed for policy_briefing:parliament_members:speech.",
            "withdrawn for policy_briefing:parliament_members:briefing_pack.",
            f"withdrawn for testimony {covered.version.testimony_id}.",
        ]
        scopes = covered.consent.scopes.order_by("pk").values_list("channel", "decision")
        assert list(scopes)[2:] == [("speech", Decision.PERMIT), ("briefing_pack", Decision.DENY)]
        assert ConsentTestimony.objects.get().withdrawn_at is not None
        assert replaying.replay() == []

    def test_a_recalled_version_and_one_that_was_a_draft_then(self) -> None:
        cleared, draft = make.covered().version, make.version(make.testimony("Another"))
        backup = Backup()
        clearing.clear(draft, by=make.user("lead"))
        for version in (cleared, draft):
            clearing.recall(version)
        backup.restore()

        replaying.replay()

        for version in (cleared, draft):
            version.refresh_from_db()
        assert cleared.state == VersionState.RECALLED
        assert draft.state == VersionState.SUPERSEDED

    def test_flags(self) -> None:
        account = make.covered().version.testimony
        backup = Backup()
        Testimony.objects.filter(pk=account.pk).update(safeguarding=Safeguarding.OPEN)
        backup.restore()

        replaying.replay()

        account.refresh_from_db()
        assert account.safeguarding == Safeguarding.OPEN

    def test_a_restriction_is_kept_by_a_flag_that_no_later_act_clears(self) -> None:
        account = make.covered().version.testimony
        backup = Backup()
        ReportingRestriction.objects.create(
            testimony=account, kind=RestrictionKind.COURT_ORDER, noted_by=make.user("lead")
        )
        for state in (Proceedings.ACTIVE, Proceedings.CONCLUDED):
            Testimony.objects.filter(pk=account.pk).update(proceedings=state)
        backup.restore()

        said = replaying.replay()

        account.refresh_from_db()
        assert account.proceedings == Proceedings.NOT_ASSESSED
        assert said[-1].endswith("note the restriction again.")
        assert not ReportingRestriction.objects.exists()

    def test_somebody_spoken_about_is_noted_again_by_a_person(self) -> None:
        """What was noted is in no ledger: it would tell of them."""
        account = make.covered().version.testimony
        backup = Backup()
        make.person_spoken_about(account)
        backup.restore()

        said = replaying.replay()

        account.refresh_from_db()
        assert account.safeguarding == Safeguarding.NOT_ASSESSED
        assert said[-1].endswith("note that again.")

    def test_what_was_taken_off_the_website(self) -> None:
        account = make.covered(Channel.WEBSITE_FEED).version.testimony
        website.put_on_website(account)
        backup = Backup()
        website.take_off_website(account)
        backup.restore()
        assert website.is_on_website(account)

        replaying.replay()

        assert not website.is_on_website(account)

    def test_a_voided_waiver(self) -> None:
        covered = make.covered()
        waiver = AnonymityWaiver.objects.create(
            consent=covered.consent,
            version=covered.version,
            publication="website",
            matter="All",
            signed_at=timezone.now(),
            age_when_signed=34,
            document_sha256="0" * 64,
            recorded_by=make.user("officer"),
        )
        stays = make.waiver(covered.consent, covered.version, signed_at=timezone.now())
        backup = Backup()
        AnonymityWaiver.objects.filter(pk=waiver.pk).update(voided_at=timezone.now())
        backup.restore()

        assert replaying.replay() == [f"Waiver {waiver.pk}: voided."]

        waiver.refresh_from_db()
        stays.refresh_from_db()
        assert (waiver.voided_at is None, stays.voided_at) == (False, None)

    def test_an_erasure_although_the_backup_has_a_hold(self) -> None:
        covered = make.covered(text="What is gone.")
        contributor = covered.consent.contributor
        record_identity(contributor, Person("Anna", None), by=make.user("officer"))
        Contributor.objects.update(retention_hold="police")
        backup = Backup()
        Contributor.objects.update(retention_hold="none")
        erasing.erase(contributor)
        erasing.finish_erasures()
        backup.restore()
        [entry] = [each for each in ledger_file.read() if each["act"] == "erased"]

        said = replaying.replay()

        covered.version.refresh_from_db()
        contributor.refresh_from_db()
        assert said[-1] == f"Contributor {contributor.pk}: erased."
        assert (covered.version.text, contributor.erased_at is None) == ("", False)
        assert str(ErasureLedger.objects.get().pk) == entry["id"]
        assert keyring.current().is_destroyed(contributor.pk)
        assert ledgers.behind() == []

    def test_somebody_erased_anew_before_the_replay_is_known(self) -> None:
        contributor = make.testimony().contributor
        backup = Backup()
        erasing.erase(contributor)
        backup.restore()
        erasing.erase(Contributor.objects.get())
        ledgers.export_pending()

        assert (acts(), replaying.replay()) == ([], [])

    def test_what_the_backup_does_not_know_is_kept_and_skipped(self) -> None:
        backup = Backup()
        covered = make.covered()
        consenting.withdraw(covered.consent)
        erasing.erase(covered.consent.contributor)
        backup.restore()

        assert replaying.replay() == []

        assert acts() == []
        assert ErasureLedger.objects.get().contributor == covered.consent.contributor_id

    @pytest.mark.parametrize("withdrawals", [0, 1, 2])
    def test_consumers_of_the_feed_start_anew(self, withdrawals: int) -> None:
        """Numbers went back, whether anything was withdrawn since the backup or not."""
        consents = [make.covered(title=f"Account {n}").consent for n in range(withdrawals)]
        website.put_on_website(make.covered(Channel.WEBSITE_FEED).version.testimony)
        epoch = Counter.objects.get().epoch
        backup = Backup()
        for consent in consents:
            consenting.withdraw(consent)
        backup.restore()

        said = replaying.replay()

        assert len(said) == withdrawals
        assert Counter.objects.get().epoch != epoch

    @pytest.mark.parametrize("place", [1, 2, 3])
    def test_a_crash_at_any_entry_is_gone_on_from(self, monkeypatch, place) -> None:
        consents = [make.covered(title=f"Account {number}").consent for number in range(3)]
        Counter.objects.get_or_create()
        epoch = Counter.objects.get().epoch
        backup = Backup()
        for consent in consents:
            consenting.withdraw(consent)
        backup.restore()
        keep, kept = replaying._keep, []

        def crash(entry) -> None:
            kept.append(entry)
            if len(kept) == place:
                raise KeyboardInterrupt
            keep(entry)

        monkeypatch.setattr(replaying, "_keep", crash)
        with pytest.raises(KeyboardInterrupt):
            replaying.replay()
        assert len(ledgers.behind()) == 4 - place
        assert Counter.objects.get().epoch == epoch
        monkeypatch.undo()

        replaying.replay()

        for consent in consents:
            consent.refresh_from_db()
        assert {consent.state for consent in consents} == {ConsentState.WITHDRAWN}
        assert (ledgers.behind(), WithdrawalLedger.objects.count()) == ([], 3)
        assert Counter.objects.get().epoch != epoch


class TestCommand:
    def said(self) -> str:
        out = StringIO()
        call_command("replay_ledgers", stdout=out)
        return out.getvalue()

    def test_it_says_what_it_did_and_again_that_all_is_known(self) -> None:
        consent = make.covered().consent
        backup = Backup()
        consenting.withdraw(consent)
        backup.restore()
        known = "The database knows all that the ledger beside the keys knows.\n"

        assert self.said() == f"Consent {consent.pk}: withdrawn.\n{known}"
        assert self.said() == known

    def test_without_the_keyring_it_is_refused(self, settings, keyring_folder) -> None:
        settings.DEMO = False
        settings.KEYRING_DIR = keyring_folder / "not mounted"

        with pytest.raises(CommandError, match="mount its disk"):
            self.said()
