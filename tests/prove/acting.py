"""Who may be at work on an account while its consent ends: whoever publishes or issues it.

Each prepares an account, acts on it, and says what is wrong once both acts are over.
"""

import time
from collections.abc import Iterator

import psycopg

from campaigns import issuing
from campaigns.models import Member
from evidence import website
from evidence.models import (
    Channel,
    Consent,
    ConsentState,
    RecallTask,
    TestimonyUse,
    TestimonyVersion,
    VersionState,
)
from publishing.models import Change
from tests import factories as make
from tests.campaigns import packing


class Publishing:
    """To the website: for the first time, new words for old ones, or once more the same."""

    channel = Channel.WEBSITE_FEED
    span = 0.03  # about how long it takes

    def prepare(self, number: int) -> make.Covered:
        covered = make.covered(self.channel, title=f"Account {number} {time.monotonic_ns()}")
        if number % 3 == 0:
            return covered
        website.put_on_website(covered.version.testimony)
        if number % 3 == 1:
            return covered
        newer = make.cleared(covered.version.testimony, "Newer words.")
        return make.Covered(newer, covered.consent, covered.scopes)

    def act(self, covered: make.Covered) -> None:
        website.put_on_website(covered.version.testimony)

    def wrongs(self, covered: make.Covered, done: bool, feed: psycopg.Connection) -> Iterator[str]:
        item = covered.version.testimony.public_id
        if others_stand(covered):
            shown = feed.execute("SELECT body FROM feed.items WHERE id = %s", [item]).fetchone()
            if shown and covered.version.text.encode() in bytes(shown[0]):
                yield "its words are still in the feed"
            return
        if feed.execute("SELECT FROM feed.items WHERE id = %s", [item]).fetchone():
            yield "it is still in the feed"
        told = list(
            Change.objects.filter(item_id=item).order_by("seq").values_list("op", flat=True)
        )
        if told and told[-1] != "remove":
            yield f"no tombstone was written: {told}"
        used = TestimonyUse.objects.filter(testimony=covered.version.testimony).count()
        if (done and not used) or bool(used) != bool(told):
            yield f"{used} uses and the changes {told} do not belong together"


class PublishingFirst(Publishing):
    """Where nothing of the account was on the website before."""

    def prepare(self, number: int) -> make.Covered:
        return super().prepare(3 * number)


class Naming(Publishing):
    """To the website by name, which a waiver permits."""

    def prepare(self, number: int) -> make.Covered:
        covered = make.named(title=f"Account {number} {time.monotonic_ns()}")
        scopes = {self.channel: covered.scopes[self.channel]}
        make.signed_waiver(covered.consent, covered.version, "website")
        return make.Covered(covered.version, covered.consent, scopes)


class Issuing:
    """A pack with one account for one member, or with two for two."""

    channel = Channel.BRIEFING_PACK
    span = 0.5

    def __init__(self) -> None:
        known = {member.name: member for member in Member.objects.all()}
        names = ("Lord One", "Lady Two")
        self.members = [known.get(name) or packing.member(name) for name in names]
        self.packs: dict[object, tuple[object, int]] = {}

    def prepare(self, number: int) -> make.Covered:
        name = f"{number} {time.monotonic_ns()}"
        covered = make.covered(title=f"Account {name}")
        accounts = [covered.version]
        if number % 4 == 0:
            accounts.append(make.covered(title=f"Another account {name}").version)
        slug = f"pack-{name.replace(' ', '-')}"
        pack = packing.pack(("case_study", accounts), slug=slug)
        self.packs[covered.version.pk] = (packing.approved(pack), len(accounts))
        return covered

    def act(self, covered: make.Covered) -> None:
        pack, size = self.packs[covered.version.pk]
        issuing.issue(pack, to=self.members[:size], by=make.user("campaign lead"))

    def wrongs(self, covered: make.Covered, done: bool, _: psycopg.Connection) -> Iterator[str]:
        pack, size = self.packs.pop(covered.version.pk)
        uses = TestimonyUse.objects.filter(testimony=covered.version.testimony)
        tasks = RecallTask.objects.filter(use__in=uses).count()
        if tasks != uses.count():
            yield f"{uses.count()} uses and {tasks} recall tasks"
        if not done and (uses.exists() or pack.versions.exists()):
            yield "a refused issue left something"
        # Where the withdrawal came first, the pack goes out without the account.
        held = Member.objects.filter(copies__version__pack=pack).count()
        if done and (held != size or uses.count() not in {0, size}):
            yield f"{held} copies and {uses.count()} uses"


def uses_in_force(covered: make.Covered) -> bool:
    uses = TestimonyUse.objects.filter(testimony=covered.version.testimony)
    if others_stand(covered):
        uses = uses.filter(version=covered.version)
    return uses.filter(recalled_at__isnull=True).exists()


def others_stand(covered: make.Covered) -> bool:
    """This version was recalled and no more: other words may stay where they are."""
    recalled = TestimonyVersion.objects.filter(pk=covered.version.pk, state=VersionState.RECALLED)
    live = Consent.objects.filter(pk=covered.consent.pk, state=ConsentState.GIVEN)
    return recalled.exists() and live.exists()


class Using:
    """Straight into the ledger of uses: the database's own rules alone look at it."""

    channel = Channel.BRIEFING_PACK
    span = 0.01

    def prepare(self, number: int) -> make.Covered:
        return make.covered(self.channel, title=f"Account {number} {time.monotonic_ns()}")

    def act(self, covered: make.Covered) -> None:
        make.raw_use(covered, self.channel)

    def wrongs(self, covered: make.Covered, done: bool, _: psycopg.Connection) -> Iterator[str]:
        uses = TestimonyUse.objects.filter(testimony=covered.version.testimony)
        if uses.count() != done:
            yield f"{uses.count()} uses"
        if RecallTask.objects.filter(use__in=uses).count() != uses.count():
            yield "a use without a recall task"


class UsingByName(Using):
    """What a waiver permits."""

    def prepare(self, number: int) -> make.Covered:
        covered = make.named(title=f"Account {number} {time.monotonic_ns()}")
        make.signed_waiver(covered.consent, covered.version, "pack:one")
        return covered

    def act(self, covered: make.Covered) -> None:
        waiver = covered.version.waivers.get()
        make.raw_use(covered, self.channel, waiver=waiver, publication=waiver.publication)
