"""A life of consents: the database and the oracle beside one another, and what must be so."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings as project
from django.db import IntegrityError, connection, transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from evidence.models import Consent, ConsentTestimony, RecallTask, TestimonyUse
from evidence.refusing import Refused
from tests import factories as make
from tests.evidence.consent_oracle import Given, Oracle, Words
from tests.refusing import run


class Life(RuleBasedStateMachine):
    """Of one contributor with two accounts, within a transaction that is undone at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.within = transaction.atomic()
        self.within.__enter__()
        self.oracle = Oracle()
        self.made: list[Consent] = []
        self.versions: list[object] = []
        self.uses: list[TestimonyUse] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.within.__exit__(None, None, None)

    def on_the_website(self) -> dict[object, str]:
        """As the website's login sees it: the ids of items, and their documents."""
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {project.FEED_LOGIN}")
            cursor.execute("SELECT id, convert_from(body, 'UTF8') FROM feed.items")
            found = dict(cursor.fetchall())
            cursor.execute(f"SET ROLE {project.APP_LOGIN}")
        return found

    @invariant()
    def the_website_shows_what_it_may(self) -> None:
        found = self.on_the_website()
        expected = {
            self.accounts[held.account].public_id: held.words.text
            for held in self.oracle.shown.values()
            if not self.oracle.consents[held.consent].over
        }
        assert found.keys() == expected.keys()
        assert all(text in found[item] for item, text in expected.items())

    @invariant()
    def copies_are_held_or_called_back(self) -> None:
        now = dict(TestimonyUse.objects.filter(feed_item=None).values_list("pk", "recalled_at"))
        found = [now[use.pk] is not None for use in self.uses]
        asked = set(RecallTask.objects.values_list("use_id", flat=True))

        assert found == [held.recalled for held in self.oracle.copies]
        assert asked == {pk for pk, recalled in now.items() if recalled}

    @invariant()
    def what_waits_for_the_commit_holds(self) -> None:
        connection.check_constraints()

    # Within

    @contextmanager
    def unless(self, refused: bool) -> Iterator[list[bool]]:
        """The act is done, or where the oracle says so refused; and then nothing has happened."""
        done: list[bool] = []
        try:
            with transaction.atomic():
                yield done
                connection.check_constraints()
        except (Refused, IntegrityError):
            assert refused
        else:
            assert not refused
            done.append(True)

    def _ask(self, lists: set[str], permits: dict[str, int], **fields: object) -> Consent:
        consent = make.requested_consent(self.accounts["one"].contributor, **fields)
        for account in sorted(lists):
            ConsentTestimony.objects.create(consent=consent, testimony=self.accounts[account])
        for channel, identity in permits.items():
            make.scope(consent, channel, max_identity=identity)
        return consent

    def _known(self, consent: Consent, given: Given) -> None:
        self.made.append(consent)
        self.oracle.consents.append(given)

    def _write(self, account: str, identity: int) -> None:
        text = f"Words number {len(self.versions)} of {account}."
        version = make.version(self.accounts[account], text, identity=identity)
        run(
            "UPDATE evidence_testimonyversion SET state = 'superseded' "
            "WHERE testimony_id = %s AND identity = %s AND state = 'cleared'",
            self.accounts[account].pk,
            int(identity),
        )
        run(
            "UPDATE evidence_testimonyversion SET state = 'cleared', cleared_by_id = %s "
            "WHERE id = %s",
            make.user("lead").pk,
            version.pk,
        )
        for words in self.oracle.words:
            if (words.account, words.identity) == (account, identity):
                words.cleared = False
        self.versions.append(version)
        self.oracle.words.append(Words(account, int(identity), text))

    def _stop(self, account: str, why: str, stops: bool) -> None:
        (self.oracle.stopped[account].add if stops else self.oracle.stopped[account].discard)(why)
        self.oracle.check_all()

    def _pick(self, which: int) -> int | None:
        return which % len(self.made) if self.made else None

    def _newest(self, account: str) -> int:
        return max(at for at, words in enumerate(self.oracle.words) if words.account == account)
