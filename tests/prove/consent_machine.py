"""What may happen in a life of consents: each rule does one act, and says what ought to follow."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from evidence import clearing, consenting, protecting, website
from evidence.models import (
    Consent,
    IdentityForm,
    PausedBy,
    Safeguarding,
    TestimonyUse,
    TestimonyVersion,
)
from evidence.models import Life as Living
from evidence.permission import Use
from evidence.uses import record_use
from tests import factories as make
from tests.evidence.consent_oracle import PACK, SITE, Given
from tests.prove.consent_life import Life
from tests.refusing import run, run_past_the_rules

WHERE = {PACK: ("policy_briefing", "parliament_members"), SITE: ("public_awareness", "public")}
IDENTITIES = st.sampled_from(
    [IdentityForm.PARAPHRASE_ANONYMOUS, IdentityForm.VERBATIM_ANONYMOUS, IdentityForm.PSEUDONYM]
)
PERMITS = st.dictionaries(st.sampled_from([PACK, SITE]), IDENTITIES, min_size=1)
ACCOUNTS = st.sampled_from(["one", "two"])
HANDS = st.sampled_from(PausedBy)
WHICH = st.integers(0, 5)


class Consents(Life):
    """Each rule does one act to the database and to the oracle, which never ask one another."""

    @initialize()
    def begins(self) -> None:
        first = make.testimony("one")
        self.accounts = {
            "one": first,
            "two": make.testimony("two", contributor=first.contributor),
        }
        for account in self.accounts:
            self._write(account, IdentityForm.VERBATIM_ANONYMOUS)
            self._write(account, IdentityForm.PSEUDONYM)
        # else most lives would end before anything was ever in use
        wide = {PACK: int(IdentityForm.PSEUDONYM), SITE: int(IdentityForm.PSEUDONYM)}
        self.give(set(self.accounts), wide)
        for account in self.accounts:
            self.publish(account)
            self.issue(account)

    @rule(lists=st.sets(ACCOUNTS, min_size=1), permits=PERMITS)
    def give(self, lists: set[str], permits: dict[str, int]) -> None:
        taken = {
            account
            for consent in self.oracle.consents
            if consent.is_in_force and not consent.over
            for account in consent.lists - consent.taken_back
        }
        with self.unless(self.oracle.erased or bool(taken & lists)) as done:
            consent = self._ask(lists, permits)
            consenting.give(consent)
        if done:
            self._known(consent, Given(lists, dict(permits)))

    @rule(which=WHICH, permits=PERMITS)
    def renew(self, which: int, permits: dict[str, int]) -> None:
        if (number := self._pick(which)) is None or self.oracle.erased:
            return
        old, now = self.made[number], self.oracle.consents[number]
        if not now.is_in_force or any(c.renewed == number for c in self.oracle.consents):
            return
        # what was taken back from the old one may be under another by now
        others = {
            account
            for at, consent in enumerate(self.oracle.consents)
            if at != number and consent.is_in_force and not consent.over
            for account in consent.lists - consent.taken_back
        }
        with self.unless(bool(others & now.lists)) as done:
            consent = self._ask(now.lists, permits, replaces=old)
            consenting.give(consent)
        if not done:
            return
        were = [held.account for held in self.oracle.shown.values() if held.account in now.lists]
        after = Given(set(now.lists), dict(permits), renewed=number)
        copies, shown = self.oracle.out(self.oracle.line(number))
        beyond = [h for h in copies if h.words.identity > after.allows(h.account, PACK)]
        now.state = "replaced"
        self._known(consent, after)
        self.oracle.call_back(beyond, shown)
        self.oracle.put_back(were)

    @rule(which=WHICH, by=HANDS)
    def pause(self, which: int, by: PausedBy) -> None:
        if (number := self._pick(which)) is None:
            return
        now = self.oracle.consents[number]
        with self.unless(not now.is_in_force or by in now.paused_by) as done:
            consenting.pause(Consent.objects.get(pk=self.made[number].pk), by=by)
        if done:
            now.paused_by.add(by)
            self.oracle.call_back(*self.oracle.out(self.oracle.line(number)))

    @rule(which=WHICH, by=HANDS)
    def resume(self, which: int, by: PausedBy) -> None:
        """The charity may end the person's pause, once asked; the person never the charity's."""
        if (number := self._pick(which)) is None:
            return
        now = self.oracle.consents[number]
        theirs = by == PausedBy.PERSON and PausedBy.DESK in now.paused_by
        with self.unless(not now.is_paused or theirs) as done:
            consenting.resume(Consent.objects.get(pk=self.made[number].pk), by=by)
        if done:
            now.paused_by.clear()

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        if (number := self._pick(which)) is None:
            return
        now = self.oracle.consents[number]
        with self.unless(not now.is_in_force) as done:
            consenting.withdraw(Consent.objects.get(pk=self.made[number].pk))
        if done:
            now.state = "withdrawn"
            self.oracle.call_back(*self.oracle.out(self.oracle.line(number)))

    @rule(which=WHICH, account=ACCOUNTS)
    def take_back(self, which: int, account: str) -> None:
        if (number := self._pick(which)) is None:
            return
        now = self.oracle.consents[number]
        there = now.is_in_force and account in now.lists - now.taken_back
        with self.unless(not there) as done:
            consenting.withdraw_testimony(self.made[number], self.accounts[account])
        if done:
            now.taken_back.add(account)
            copies, shown = self.oracle.out(self.oracle.line(number))
            self.oracle.call_back(
                [held for held in copies if held.account == account],
                [held for held in shown if held.account == account],
            )

    @rule(which=WHICH, channel=st.sampled_from([PACK, SITE]), to=IDENTITIES)
    def narrow(self, which: int, channel: str, to: int) -> None:
        if (number := self._pick(which)) is None:
            return
        now = self.oracle.consents[number]
        purpose, audience = WHERE[channel]
        less = to < now.permits.get(channel, 0)
        with self.unless(not (now.is_in_force and less)) as done:
            consenting.narrow(
                self.made[number],
                purpose=purpose,
                audience=audience,
                channel=channel,
                max_identity=IdentityForm(to),
            )
        if done:
            now.permits[channel] = to
            were = [h.account for h in self.oracle.shown.values() if h.account in now.lists]
            copies, shown = self.oracle.out(self.oracle.line(number))
            self.oracle.call_back(
                [held for held in copies if channel == PACK and held.words.identity > to],
                [held for held in shown if channel == SITE and held.words.identity > to],
            )
            self.oracle.put_back(were)

    @rule(which=WHICH, channel=st.sampled_from([PACK, SITE]))
    def withdraw_scope(self, which: int, channel: str) -> None:
        if (number := self._pick(which)) is None:
            return
        now = self.oracle.consents[number]
        purpose, audience = WHERE[channel]
        there = now.is_in_force and channel in now.permits and channel not in now.denied
        with self.unless(not there) as done:
            consenting.withdraw_scope(
                self.made[number], purpose=purpose, audience=audience, channel=channel
            )
        if done:
            now.denied.add(channel)
            copies, shown = self.oracle.out(self.oracle.line(number))
            self.oracle.call_back(
                copies if channel == PACK else [], shown if channel == SITE else []
            )

    @rule(which=WHICH)
    def time_passes(self, which: int) -> None:
        """For one consent: it was all longer ago. What is shown under it expires with it."""
        if (number := self._pick(which)) is None or self.oracle.consents[number].over:
            return
        self.make_longer_ago(number)
        self.oracle.consents[number].over = True

    def make_longer_ago(self, number: int) -> None:
        ago = timedelta(days=400 * (1 + number))  # apart, so that no two overlap
        run_past_the_rules(
            "evidence_consent",
            "UPDATE evidence_consent SET review_due = review_due - %s, validity = tstzrange("
            "lower(validity) - %s, upper(validity) - %s) WHERE record_id = %s",
            *[ago] * 3,
            self.made[number].pk,
        )
        run_past_the_rules(
            "publishing_publisheditem",
            "UPDATE publishing_publisheditem SET expires_at = expires_at - %s WHERE id IN ("
            "SELECT feed_item FROM evidence_testimonyuse "
            "WHERE consent_id = %s AND recalled_at IS NULL)",
            ago,
            self.made[number].pk,
        )

    @rule(account=ACCOUNTS)
    def publish(self, account: str) -> None:
        held = self.oracle.fitting(account, SITE)
        with self.unless(held is None) as done:
            website.put_on_website(self.accounts[account])
        if done:
            self.oracle.shown[account] = held

    @rule(account=ACCOUNTS)
    def take_off(self, account: str) -> None:
        website.take_off_website(self.accounts[account])
        self.oracle.shown.pop(account, None)

    @rule(account=ACCOUNTS)
    def issue(self, account: str) -> None:
        held = self.oracle.fitting(account, PACK)
        age = self.oracle.words.index(held.words) if held else self._newest(account)
        with self.unless(held is None) as done:
            self.uses.append(self.record(age))
        if done:
            self.oracle.copies.append(held)

    def record(self, age: int) -> TestimonyUse:
        """A copy of a pack with those words."""
        purpose, audience = WHERE[PACK]
        use = Use(purpose, audience, PACK, timezone.localdate(), publication="pack:one")
        version = TestimonyVersion.objects.get(pk=self.versions[age].pk)
        return record_use(version, use, artefact_sha256="a" * 64)

    @rule(account=ACCOUNTS, identity=IDENTITIES)
    def write(self, account: str, identity: int) -> None:
        if not self.oracle.erased:
            self._write(account, identity)

    @rule(which=WHICH)
    def recall(self, which: int) -> None:
        age = which % len(self.versions)
        version, words = self.versions[age], self.oracle.words[age]
        version.refresh_from_db()
        with self.unless(version.state == "recalled") as done:
            clearing.recall(version)
        if done:
            words.cleared, words.recalled = False, True
            self.oracle.call_back(
                [held for held in self.oracle.copies if held.words is words],
                [held for held in self.oracle.shown.values() if held.words is words],
            )

    @rule(account=ACCOUNTS, stops=st.booleans())
    def flag(self, account: str, stops: bool) -> None:
        to = Safeguarding.OPEN if stops else Safeguarding.NONE
        run(
            "UPDATE evidence_testimony SET safeguarding = %s WHERE id = %s",
            to,
            self.accounts[account].pk,
        )
        self._stop(account, "flag", stops)

    @rule(account=ACCOUNTS, opens=st.booleans())
    def restrict(self, account: str, opens: bool) -> None:
        of = self.accounts[account]
        if opens:
            make.restriction(of)
        else:
            for each in of.restrictions.filter(ended_at=None):
                protecting.end_restriction(each, by=make.user("lawyer"))
        self._stop(account, "restriction", opens)

    @rule(account=ACCOUNTS, dies=st.booleans())
    def death(self, account: str, dies: bool) -> None:
        of = self.accounts[account]
        if self.oracle.erased:
            return
        if dies:
            make.person_spoken_about(of, is_complainant=False, life=Living.DIED)
        else:
            for each in of.persons_spoken_about.filter(death_reviewed_at=None):
                protecting.review_death(each, by=make.user("lead"))
        self._stop(account, "death", dies)

    @rule(really=st.integers(0, 9))
    def erase(self, really: int) -> None:
        if really or self.oracle.erased:
            return
        run("SELECT erase_contributor(%s)", self.accounts["one"].contributor_id)
        self.oracle.erased = True
        for consent in self.oracle.consents:
            consent.state = "withdrawn" if consent.is_in_force else consent.state
        for words in self.oracle.words:
            words.cleared, words.recalled = False, True
        self.oracle.call_back(self.oracle.copies, self.oracle.shown.values())


def live(lives: int, steps: int, machine: type[Life] = Consents) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
