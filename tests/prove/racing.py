"""Two acts at once on one account: who publishes or issues it, and who ends its consent meanwhile.

Real connections with the app's login, several rounds in flight. After each round its account is
looked at as the app and as the website's login see it.
"""

import itertools
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from django.db import connection, connections

from campaigns import issuing
from campaigns.models import Campaign, Member
from evidence import clearing, consenting, erasing, waiving, website
from evidence.models import (
    AnonymityWaiver,
    Channel,
    Consent,
    ConsentState,
    IdentityForm,
    Proceedings,
    RecallTask,
    Safeguarding,
    Teller,
    Testimony,
    TestimonyUse,
    TestimonyVersion,
    VersionState,
)
from evidence.refusing import Refused
from publishing.models import Change
from tests import factories as make
from tests.campaigns import packing

IN_FLIGHT = 6
# A pause before the database's check of a use, and one after it, as long as the session says.
PAUSES = """
CREATE FUNCTION prove_pause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(nullif(current_setting('prove.pause', true), '')::float);
    RETURN NEW;
END
$$;
CREATE TRIGGER a_pause BEFORE INSERT ON evidence_testimonyuse
    FOR EACH ROW EXECUTE FUNCTION prove_pause();
CREATE TRIGGER z_pause BEFORE INSERT ON evidence_testimonyuse
    FOR EACH ROW EXECUTE FUNCTION prove_pause();
CREATE TRIGGER z_pause BEFORE INSERT OR UPDATE ON publishing_publisheditem
    FOR EACH ROW EXECUTE FUNCTION prove_pause();
"""


@dataclass(frozen=True)
class Ending:
    """One way in which a consent, an account or its words stop being usable."""

    name: str
    through: str  # the database's own function that calls the uses back
    end: Callable[[make.Covered], object]


def _narrow(covered: make.Covered) -> None:
    scope = next(iter(covered.scopes.values()))
    consenting.withdraw_scope(
        covered.consent, purpose=scope.purpose, audience=scope.audience, channel=scope.channel
    )


def _lower(covered: make.Covered) -> None:
    channel = next(iter(covered.scopes))
    make.scope(covered.consent, channel, max_identity=IdentityForm.VERBATIM_ANONYMOUS)


def _withdraw_testimony(covered: make.Covered) -> None:
    consenting.withdraw_testimony(covered.consent, covered.version.testimony)


def _complainant(covered: make.Covered) -> None:
    """Somebody else it happened to, who is to be recognised less far than the words do."""
    make.person_spoken_about(
        covered.version.testimony, max_identity=IdentityForm.PARAPHRASE_ANONYMOUS
    )


def _void(covered: make.Covered) -> None:
    waiving.void(AnonymityWaiver.objects.get(version=covered.version))


def _set_state(state: str) -> Callable[[make.Covered], object]:
    return lambda covered: Consent.objects.filter(pk=covered.consent.pk).update(state=state)


def _flag(**fields: str) -> Callable[[make.Covered], object]:
    def flag(covered: make.Covered) -> None:
        Testimony.objects.filter(pk=covered.version.testimony_id).update(**fields)

    return flag


LEAVING, NARROWING = "consent_leaving_calls_back", "consent_narrowing_calls_back"
FLAGGED, RECALLED = "testimony_flag_calls_back", "testimony_version_leaving_calls_back"
LISTING, PROTECTED = "consent_listing_withdrawn_calls_back", "protection_calls_back"
TOLD, VOIDED = "testimony_teller_calls_back", "anonymity_waiver_voided_calls_back"
WITHDRAW = Ending("withdraw", LEAVING, lambda covered: consenting.withdraw(covered.consent))
ENDINGS = [
    Ending("pause", LEAVING, lambda covered: consenting.pause(covered.consent)),
    Ending("narrow", NARROWING, _narrow),
    Ending("flag safeguarding", FLAGGED, _flag(safeguarding=Safeguarding.OPEN)),
    Ending("recall the version", RECALLED, lambda covered: clearing.recall(covered.version)),
    Ending("lower the identity", NARROWING, _lower),
    Ending("proceedings begin", FLAGGED, _flag(proceedings=Proceedings.ACTIVE)),
    Ending("revoke in SQL", LEAVING, _set_state("revoked")),
    Ending("invalidate in SQL", LEAVING, _set_state("invalidated")),
    Ending("withdraw for the account", LISTING, _withdraw_testimony),
    Ending("a restriction", PROTECTED, lambda covered: make.restriction(covered.version.testimony)),
    Ending("a living complainant", PROTECTED, _complainant),
    Ending("another teller", TOLD, _flag(teller=Teller.SOMEBODY_CLOSE)),
    Ending("erase", LEAVING, lambda covered: erasing.erase(covered.consent.contributor)),
]
VOID = Ending("void the waiver", VOIDED, _void)
# Those that take no lock of their own code's before the database's.
IN_SQL = [each for each in ENDINGS if each.name in {"lower the identity", "revoke in SQL"}] + [
    each for each in ENDINGS if each.through in {FLAGGED, RECALLED}
]


@dataclass
class Tally:
    rounds: int = 0
    came: Counter[str] = field(default_factory=Counter)
    overlapped: int = 0
    wrong: list[str] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    seconds: float = 0

    def __str__(self) -> str:
        came = ", ".join(f"{number} {name}" for name, number in sorted(self.came.items()))
        failed = ", ".join(f"{number}x {name}" for name, number in self.failed.items())
        return (
            f"{self.rounds} rounds in {self.seconds:.0f} s: {came}; {self.overlapped} overlapped; "
            f"{len(self.wrong)} wrong" + (f"; failed: {failed}" if failed else "")
        )


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
        if _others_stand(covered):
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


def race(
    kind: Publishing | Issuing,
    endings: list[Ending],
    rounds: int,
    *,
    feeds: list[psycopg.Connection],
    said: Callable[[str], None],
    enough: int | None = None,
    widened: float = 0.5,
) -> Tally:
    """Run the rounds; `enough` wrongs end it early. `widened` is the share with a wider window."""
    for name in ("officer", "lead", "lawyer", "campaign lead"):
        make.user(name)
    make.organisation(), make.notice()
    if not Campaign.objects.exists():
        packing.campaign(), packing.stage()
    tally, numbers, lock = Tally(), itertools.count(), threading.Lock()
    begun, broken = time.monotonic(), []

    def next_round() -> int | None:
        with lock:
            number = next(numbers)
            stopped = broken or (enough is not None and len(tally.wrong) >= enough)
            return None if stopped or number >= rounds else number

    def work(seed: int) -> None:
        chance, feed = random.Random(seed), feeds[seed]
        span = kind.span
        with ThreadPoolExecutor(1) as rival:
            try:
                while (number := next_round()) is not None:
                    ending = endings[number % len(endings)]
                    span = _round(
                        kind,
                        ending,
                        number // len(endings),
                        chance,
                        rival,
                        feed,
                        span,
                        widened,
                        note,
                    )
            except BaseException as error:  # told by the main thread
                broken.append(error)
            finally:
                rival.submit(connections.close_all).result()
                connections.close_all()

    def note(ending: Ending, came: str, overlapped: bool, wrongs: list[str], failed: list[str]):
        with lock:
            tally.rounds += 1
            tally.came[came] += 1
            tally.overlapped += overlapped
            tally.wrong += [f"{ending.name}: {wrong}" for wrong in wrongs]
            tally.failed.update(f"{error} ({ending.name})" for error in failed)

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(len(feeds))]
    for worker in workers:
        worker.start()
    spoken = begun
    while any(worker.is_alive() for worker in workers):
        time.sleep(0.1)
        tally.seconds = time.monotonic() - begun
        if time.monotonic() - spoken > 15:
            spoken = time.monotonic()
            said(f"  {type(kind).__name__.lower()}: {tally}")
    tally.seconds = time.monotonic() - begun
    if broken:
        raise broken[0]
    return tally


def _round(
    kind, ending, number, chance: random.Random, rival, feed, span: float, widened: float, note
) -> float:
    """One round; returns how long the act took, so that the next ending falls somewhere within."""
    covered = kind.prepare(number)
    wide = chance.random() < widened
    pause = chance.choice([0.005, 0.02]) if wide else 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('prove.pause', %s, false)", [str(pause)])
    gate = threading.Barrier(2)
    later = chance.random() * 1.3 * (span + 2 * pause)
    ended = rival.submit(_timed, gate, later, ending.end, covered)
    acted = _timed(gate, chance.random() * span / 4, kind.act, covered)
    other = ended.result()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('prove.pause', '0', false)")
    wrongs = list(kind.wrongs(covered, acted.came == "done", feed))
    if acted.came == "done" and _uses_in_force(covered) and other.came == "done":
        wrongs.append("a use is still in force")
    fine = {"done", "refused"}
    failed = [] if acted.came in fine else [f"{acted.came} in {type(kind).__name__.lower()}"]
    failed += [] if other.came == "done" else [f"{other.came} in the ending itself"]
    overlapped = acted.began < other.finished and other.began < acted.finished
    used = TestimonyUse.objects.filter(version=covered.version).exists()
    came = "refused" if acted.came == "refused" else "used" if used else "left out"
    note(ending, came, overlapped, wrongs if not failed else [], failed)
    return 0.8 * span + 0.2 * (acted.finished - acted.began)


def _uses_in_force(covered: make.Covered) -> bool:
    uses = TestimonyUse.objects.filter(testimony=covered.version.testimony)
    if _others_stand(covered):
        uses = uses.filter(version=covered.version)
    return uses.filter(recalled_at__isnull=True).exists()


def _others_stand(covered: make.Covered) -> bool:
    """This version was recalled and no more: other words may stay where they are."""
    recalled = TestimonyVersion.objects.filter(pk=covered.version.pk, state=VersionState.RECALLED)
    live = Consent.objects.filter(pk=covered.consent.pk, state=ConsentState.GIVEN)
    return recalled.exists() and live.exists()


@dataclass(frozen=True)
class _Timed:
    came: str
    began: float
    finished: float


def _timed(gate: threading.Barrier, delay: float, act, covered: make.Covered) -> _Timed:
    gate.wait()
    time.sleep(delay)
    began = time.monotonic()
    try:
        act(covered)
        came = "done"
    except Refused:
        came = "refused"
    except Exception as error:
        rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        # The trigger's own refusal: the predicate was read before the ending, the check after it.
        came = "refused" if rule and rule.startswith(("testimony_use_", "published_")) else ""
        came = came or f"{type(error.__cause__ or error).__name__} {rule or ''}".strip()
    return _Timed(came, began, time.monotonic())


@contextmanager
def widening(owner: psycopg.Connection) -> Iterator[None]:
    owner.execute(PAUSES)
    try:
        yield
    finally:
        owner.execute("DROP FUNCTION prove_pause() CASCADE")


LOCK = re.compile(r"\s+(?:ORDER BY id )?FOR (?:SHARE|UPDATE|NO KEY UPDATE)\b")


def locks_of(owner: psycopg.Connection) -> list[tuple[str, int, str]]:
    """Each row lock in the functions that guard or narrow a use: its function, which of its locks,
    and the words that take it.
    """
    rows = owner.execute(
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "AND proname IN ('testimony_use_is_covered', 'consent_scope_only_narrows', "
        "'testimony_use_is_protected', 'protection_takes_the_account', "
        "'consent_listing_is_withdrawn_once') ORDER BY 1"
    ).fetchall()
    return [
        (name, place, source[: found.end()].splitlines()[-1].strip())
        for name, source in rows
        for place, found in enumerate(LOCK.finditer(source))
    ]


@contextmanager
def without_lock(owner: psycopg.Connection, function: str, place: int | None) -> Iterator[None]:
    """The function's own text, short of one row lock, or of all."""
    [(text,)] = owner.execute(
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", [function]
    ).fetchall()
    seen = itertools.count()
    mutant = LOCK.sub(lambda found: "" if place in {None, next(seen)} else found[0], text)
    assert mutant != text
    owner.execute(mutant)
    try:
        yield
    finally:
        owner.execute(text)
