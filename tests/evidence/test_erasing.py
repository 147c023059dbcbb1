"""Erasure: withdrawn at once, destroyed unless held, finished after any crash."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command

from evidence import consenting, erasing, identities, ledgers
from evidence.identities import Person
from evidence.models import (
    Consent,
    ConsentState,
    Contributor,
    ErasureLedger,
    ErasureRequest,
    Identity,
    RecallTask,
    RetentionHold,
)
from evidence.refusing import Refused
from evidence.vault import keyring, ledger_file
from tests import factories as make
from tests.refusing import run_as_owner

HELD = (
    "Everything is withdrawn, and nothing is destroyed while the hold stands (police): tell "
    "the person so and record that they were told, and erase when the hold has ended."
)


@pytest.fixture(autouse=True)
def packs_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"
    settings.MAILERS = {}


def known(hold: str = RetentionHold.NONE) -> make.Covered:
    """Somebody with a consent and an identity, under a hold or none."""
    covered = make.covered()
    contributor = covered.consent.contributor
    identities.record_identity(contributor, Person("Anna", None), by=make.user("officer"))
    contributor.retention_hold = hold
    contributor.save(update_fields=["retention_hold"])
    return covered


def hold(contributor: Contributor, kind: str) -> None:
    Contributor.objects.filter(pk=contributor.pk).update(retention_hold=kind)


@contextmanager
def registered(clean) -> Iterator[None]:
    erasing.cleaners.append(clean)
    try:
        yield
    finally:
        erasing.cleaners.remove(clean)


@pytest.mark.django_db
class TestAsking:
    def test_everything_is_withdrawn_and_destroyed(self) -> None:
        covered = known()

        request = erasing.ask_for_erasure(covered.consent.contributor, by=make.user("lead"))

        covered.consent.refresh_from_db()
        covered.version.refresh_from_db()
        assert covered.consent.state == ConsentState.WITHDRAWN
        assert (covered.version.text, covered.version.attribution) == ("", "")
        assert not Identity.objects.exists()
        assert (request.held_because, request.done_at is None) == ("none", False)
        assert ErasureLedger.objects.get().contributor == covered.consent.contributor_id

    def test_under_a_hold_all_is_withdrawn_and_nothing_destroyed(self) -> None:
        covered = known(RetentionHold.POLICE)

        request = erasing.ask_for_erasure(covered.consent.contributor, by=make.user("lead"))

        covered.consent.refresh_from_db()
        covered.version.refresh_from_db()
        assert covered.consent.state == ConsentState.WITHDRAWN
        assert covered.version.text == "What happened to me."
        assert Identity.objects.exists()
        assert (request.held_because, request.done_at) == ("police", None)
        assert erasing.what_became_of(request) == HELD

    def test_what_was_only_asked_for_is_refused(self) -> None:
        consent = make.requested_consent(make.testimony().contributor)

        erasing.ask_for_erasure(consent.contributor, by=None)

        assert Consent.objects.get().state == ConsentState.REFUSED

    def test_when_the_hold_has_ended_it_is_finished(self) -> None:
        contributor = known(RetentionHold.LEGAL_CLAIM).consent.contributor
        request = erasing.ask_for_erasure(contributor, by=None)
        with pytest.raises(Refused, match=r"while the hold stands \(legal claim\)"):
            erasing.erase(contributor)
        hold(contributor, "none")

        erasing.erase(contributor)

        request.refresh_from_db()
        assert request.done_at is not None
        assert not Identity.objects.exists()

    def test_asked_twice_under_a_hold_it_is_one_request(self) -> None:
        contributor = known(RetentionHold.POLICE).consent.contributor

        first = erasing.ask_for_erasure(contributor, by=None)
        second = erasing.ask_for_erasure(contributor, by=None)

        assert first == second

    def test_who_was_erased_is_not_erased_again(self) -> None:
        contributor = known().consent.contributor
        erasing.ask_for_erasure(contributor, by=None)

        with pytest.raises(Refused, match="was erased already"):
            erasing.ask_for_erasure(contributor, by=None)
        with pytest.raises(Refused, match="was erased already"):
            erasing.erase(contributor)

    def test_after_one_the_next_is_erased_and_nothing_more_is_asked_of_the_first(self) -> None:
        first, second = (make.testimony(title).contributor for title in ("One", "Two"))
        erasing.erase(first)
        with pytest.raises(Refused, match="was erased already"):
            erasing.ask_for_erasure(first, by=None)

        erasing.erase(second)

        assert (first.erased_at is None, second.erased_at is None) == (False, False)
        assert not ErasureRequest.objects.exists()

    def test_until_the_key_is_gone_the_officer_hears_so(self) -> None:
        request = erasing.ask_for_erasure(known().consent.contributor, by=None)
        done = (
            "Everything was withdrawn and erased; what was agreed and used stays, without a name."
        )

        before = erasing.what_became_of(request)
        erasing.finish_erasures()

        assert (
            before == f"{done} The key and files are destroyed within minutes: the worker goes on."
        )
        assert erasing.what_became_of(request) == done

    def test_copies_are_called_back_and_stay_on_record(self) -> None:
        covered = known()
        used = make.raw_use(covered)

        erasing.ask_for_erasure(covered.consent.contributor, by=None)

        assert RecallTask.objects.get().use_id == used.pk

    def test_that_the_person_was_told_of_the_hold_is_recorded_once(self) -> None:
        request = erasing.ask_for_erasure(known("police").consent.contributor, by=None)

        erasing.told(request)

        assert ErasureRequest.objects.get().told_at is not None
        with pytest.raises(Refused, match="recorded already"):
            erasing.told(request)

    def test_nobody_is_told_of_a_hold_that_is_none(self) -> None:
        request = erasing.ask_for_erasure(known().consent.contributor, by=None)

        with pytest.raises(Refused, match="no hold to tell of"):
            erasing.told(request)

    def test_who_is_here_keeps_their_key_whatever_the_ledger_says(self) -> None:
        held = known(RetentionHold.POLICE).consent.contributor
        run_as_owner(
            "INSERT INTO evidence_erasureledger (id, contributor, at) VALUES (%s, %s, now())",
            uuid4(),
            held.pk,
        )

        assert erasing.finish_erasures() == 0

        assert keyring.current().holds(held.pk)

    def test_nothing_is_recorded_about_the_erased_any_more(self) -> None:
        contributor = known().consent.contributor
        erasing.ask_for_erasure(contributor, by=None)
        lead = make.user("lead")

        for act in (
            lambda: identities.record_identity(contributor, Person("Anna", None), by=lead),
            lambda: identities.write_look(contributor, "identity", by=None, because="Curious"),
        ):
            with pytest.raises(Refused, match="was erased"):
                act()


@pytest.mark.django_db
class TestFinishing:
    def test_a_key_that_a_crash_left_is_destroyed_later(self) -> None:
        """Within the test's transaction nothing is committed, so nothing after the commit runs."""
        contributor = known().consent.contributor
        erasing.ask_for_erasure(contributor, by=None)
        assert keyring.current().holds(contributor.pk)

        assert erasing.finish_erasures() == 1

        assert keyring.current().is_destroyed(contributor.pk)
        assert erasing.finish_erasures() == 0

    def test_who_never_had_a_key_is_marked_as_finished_too(self) -> None:
        contributor = make.testimony().contributor
        erasing.ask_for_erasure(contributor, by=None)

        erasing.finish_erasures()

        assert keyring.current().is_destroyed(contributor.pk)

    def test_a_cleaner_that_fails_keeps_the_key_and_lets_the_others_run(self) -> None:
        contributor = known().consent.contributor
        erasing.ask_for_erasure(contributor, by=None)
        cleaned: list[Collection[UUID]] = []

        def broken(erased: Collection[UUID]) -> None:
            raise OSError("Her words in a message.")

        with registered(broken), registered(cleaned.append):
            with pytest.raises(erasing.NotFinished) as caught:
                erasing.finish_erasures()
            assert keyring.current().holds(contributor.pk)

        assert str(caught.value) == f"{__name__}.broken failed with OSError."
        assert cleaned == [[contributor.pk]]
        assert erasing.finish_erasures() == 1

    def test_nothing_is_cleaned_where_nobody_was_erased(self) -> None:
        def never(erased: Collection[UUID]) -> None:
            raise AssertionError

        with registered(never):
            assert erasing.finish_erasures() == 0


@pytest.mark.django_db(transaction=True)
class TestCommitted:
    def test_the_key_is_destroyed_and_the_ledger_written_after_the_commit(self) -> None:
        covered = known()

        request = erasing.ask_for_erasure(covered.consent.contributor, by=make.user("lead"))

        whose = covered.consent.contributor_id
        assert keyring.current().is_destroyed(whose)
        assert [(each["act"], each["subject"]) for each in ledger_file.read()] == [
            ("consent_moved", str(covered.consent.pk)),
            ("version_recalled", str(covered.version.pk)),
            ("erased", str(whose)),
        ]
        assert erasing.what_became_of(request) == (
            "Everything was withdrawn and erased; what was agreed and used stays, without a name."
        )

    def test_a_ledger_that_cannot_be_written_stops_no_withdrawal(
        self, keyring_folder, settings
    ) -> None:
        covered = make.covered()
        settings.KEYRING_DIR = keyring_folder / "not mounted"

        consenting.withdraw(covered.consent)

        settings.KEYRING_DIR = keyring_folder
        assert ledger_file.read() == []
        assert ledgers.export_pending() == 1


@pytest.mark.django_db
class TestCommands:
    def said(self, *arguments: object) -> str:
        out = StringIO()
        call_command(*map(str, arguments), stdout=out)
        return out.getvalue()

    def test_it_says_what_it_did(self) -> None:
        contributor = known().consent.contributor

        assert self.said("erase_contributor", contributor.pk).startswith(
            "Everything was withdrawn and erased"
        )

    def test_a_hold_is_an_answer(self) -> None:
        contributor = known(RetentionHold.POLICE).consent.contributor

        assert self.said("erase_contributor", contributor.pk) == f"{HELD}\n"

    def test_nobody_and_somebody_erased_are_refused(self) -> None:
        contributor = known().consent.contributor
        erasing.ask_for_erasure(contributor, by=None)

        for whose, why in (
            (uuid4(), "There is no contributor"),
            (contributor.pk, "erased already"),
        ):
            with pytest.raises(CommandError, match=why):
                self.said("erase_contributor", whose)
