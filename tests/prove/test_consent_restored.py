"""Random lives of consents, at whose end an older backup is restored: nothing is used beyond what
the person still agrees to, although the backup knows nothing of it.
"""

import tempfile
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from hypothesis.stateful import rule

from evidence import ledgers, replaying, website
from evidence.models import RecallTask, TestimonyUse, TestimonyVersion
from evidence.refusing import Refused
from tests.evidence.consent_oracle import PACK, SITE
from tests.evidence.test_ledgers import Backup
from tests.prove.consent_machine import Consents, live

pytestmark = [pytest.mark.long, pytest.mark.django_db]


class Restored(Consents):
    """The oracle goes on as it was: what it forbids the restored database may not do either."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.apart = override_settings(KEYRING_DIR=Path(self.folder.name))
        self.apart.enable()
        self.backup: Backup | None = None

    @rule()
    def back_up(self) -> None:
        if self.backup is None:
            self.backup = Backup()
            self.then = (len(self.made), len(self.versions), len(self.uses))
            self.over = [consent.over for consent in self.oracle.consents]

    def teardown(self) -> None:
        try:
            if self.backup is not None:
                self._restore()
                self._nothing_is_shown_that_may_not_be()
                self._what_was_called_back_is_called_back()
                self._nothing_new_is_used_that_may_not_be()
        finally:
            self.apart.disable()
            self.folder.cleanup()
            super().teardown()

    def _restore(self) -> None:
        self.backup.restore()
        for number, was_over in enumerate(self.over):
            if self.oracle.consents[number].over and not was_over:
                self.make_longer_ago(number)  # no backup brings time back
        replaying.replay()
        assert ledgers.why_not_to_serve() == ""

    def _nothing_is_shown_that_may_not_be(self) -> None:
        accounts = {account.public_id: name for name, account in self.accounts.items()}
        shown = {accounts[item] for item in self.on_the_website()}
        assert shown <= self.oracle.shown.keys()
        for name in shown:
            [use] = self.accounts[name].uses.live_on_website()
            assert self._is_agreed_to(use, SITE)
        if self.oracle.erased:
            assert not TestimonyVersion.objects.exclude(text="").exists()

    def _what_was_called_back_is_called_back(self) -> None:
        known = self.uses[: self.then[2]]
        ended = set(TestimonyUse.objects.exclude(recalled_at=None).values_list("pk", flat=True))
        asked = set(RecallTask.objects.values_list("use_id", flat=True))
        for use, held in zip(known, self.oracle.copies, strict=False):
            assert use.pk in ended & asked or not held.recalled

    def _nothing_new_is_used_that_may_not_be(self) -> None:
        for account in self.accounts.values():
            use = self._tried(lambda account=account: website.put_on_website(account))
            assert use is None or self._is_agreed_to(use, SITE)
        for age in range(self.then[1]):
            use = self._tried(lambda age=age: self.record(age))
            assert use is None or self._is_agreed_to(use, PACK)

    def _tried(self, act) -> TestimonyUse | None:
        try:
            with transaction.atomic():
                return act()
        except (Refused, IntegrityError):
            return None

    def _is_agreed_to(self, use: TestimonyUse, channel: str) -> bool:
        """By what the oracle knows, which no restore made forget."""
        words = self.oracle.words[[each.pk for each in self.versions].index(use.version_id)]
        number = [each.pk for each in self.made].index(use.consent_id)
        consent = self.oracle.consents[number]
        return (
            consent.is_in_force
            and not consent.is_paused
            and not (consent.over or words.recalled or self.oracle.erased)
            and not self.oracle.stopped[words.account]
            and words.identity <= consent.allows(words.account, channel)
        )


def test_after_a_few_lives_a_restore_uses_nothing_more() -> None:
    live(4, 15, Restored)


@pytest.mark.slow
def test_after_many_lives_a_restore_uses_nothing_more() -> None:
    live(100, 40, Restored)
