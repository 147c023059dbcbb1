"""The gate before a pack is issued: what stops it, where each is mended, and what may be passed.

Hard stops protect people and facts, and nobody passes them. A soft stop is passed by a named person
with a reason, which the issued version prints.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from campaigns.briefing.glyphs import UnprintableText, refuse_unprintable
from campaigns.jigsaw import what_stops
from campaigns.models import Amendment, Ask, AskAmendment, Pack, StopPassed, SyncState
from campaigns.packs import Composition
from evidence.desk_addresses import address, address_of, list_of
from evidence.models import Excerpt
from evidence.prose_binding import unbound_numbers
from evidence.refusing import Refused

FRESH = timedelta(hours=24)  # a marshalled list comes out the evening before


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that keeps a pack from going out, and the page where it is mended."""

    name: str
    sentence: str
    mended_at: str
    is_soft: bool = False
    of: str = ""  # what it was in this state of, where the sentence alone does not tell

    def is_passed_by(self, passed: StopPassed) -> bool:
        return (self.name, self.sentence, self.of) == (passed.stop, passed.sentence, passed.of)


def stops(composition: Composition) -> list[Stop]:
    """Everything that stands against issuing it now, hard stops first."""
    return [*_hard(composition), *_soft(composition)]


def standing(composition: Composition) -> list[tuple[Stop, StopPassed | None]]:
    """Each stop, with who passed it if somebody did."""
    passed = list(composition.pack.stops_passed.select_related("passed_by"))
    return [
        (stop, next((each for each in passed if stop.is_soft and stop.is_passed_by(each)), None))
        for stop in stops(composition)
    ]


def refuse_unless_open(composition: Composition) -> list[StopPassed]:
    """What was passed, for the manifest; raises Refused while anything still stands."""
    found = standing(composition)
    closed = [stop for stop, passed in found if passed is None]
    if closed:
        raise Refused(" ".join(stop.sentence for stop in closed))
    return [passed for _, passed in found if passed is not None]


@transaction.atomic
def let_pass(composition: Composition, *, name: str, reason: str, by: User) -> list[StopPassed]:
    """Pass the soft stops of that name, as they read now."""
    Pack.objects.select_for_update().get(pk=composition.pack.pk)
    open_now = [stop for stop, passed in standing(composition) if passed is None]
    named = [stop for stop in open_now if stop.name == name]
    if not named:
        raise Refused(f"Nothing called “{name}” stops this pack now.")
    if not all(stop.is_soft for stop in named):
        raise Refused(f"Nobody can pass this: {named[0].sentence}")
    if not reason.strip():
        raise Refused("Say why it may go out all the same.")
    return [
        StopPassed.objects.create(
            pack=composition.pack,
            stop=stop.name,
            sentence=stop.sentence,
            of=stop.of,
            reason=reason.strip(),
            passed_by=by,
        )
        for stop in named
    ]


def _hard(composition: Composition) -> Iterator[Stop]:
    pack = composition.pack
    here = address_of(pack)
    for sentence in composition.stops:
        yield Stop("inconsistent figure", sentence, here)
    for sentence in what_stops(composition):
        yield Stop("jigsaw", sentence, address("campaigns_pack", "jigsaw", pack.pk))
    try:
        refuse_unprintable(composition.briefing)
    except UnprintableText as problem:
        yield Stop("unprintable", str(problem), here)


def _soft(composition: Composition) -> Iterator[Stop]:
    pack = composition.pack
    asks = list(Ask.objects.filter(pack_items__section__pack=pack).distinct())
    yield from _unbound(pack, *asks)
    yield from _orphaned(composition)
    yield from _changed_since_approval(composition)
    yield from _amendments(pack, asks)


def _unbound(*records: Pack | Ask) -> Iterator[Stop]:
    for record in records:
        for number in unbound_numbers(record):
            yield Stop("unbound number", f"{number}.", address_of(record), is_soft=True)


def _orphaned(composition: Composition) -> Iterator[Stop]:
    cited = {figure.excerpt_id: figure for figure in composition.figures if figure.excerpt_id}
    for orphan in Excerpt.objects.orphans().filter(pk__in=cited):
        figure = cited[orphan.pk]
        yield Stop(
            "orphaned excerpt",
            f"“{figure}” cites words that its source no longer prints.",
            list_of(Excerpt, "lost"),
            is_soft=True,
        )


def _changed_since_approval(composition: Composition) -> Iterator[Stop]:
    """Whoever approved the pack read other words: a figure was approved anew since."""
    approved = composition.pack.approved_at
    for record in composition.records:
        if approved and record.approved_at and record.approved_at > approved:
            kind = str(record._meta.verbose_name)
            yield Stop(
                "changed since approval",
                f"The {kind} “{record}” was changed after the pack was approved, "
                f"on {timezone.localtime(record.approved_at):%-d %B %Y at %H:%M}.",
                address_of(record),
                is_soft=True,
                of=record.approved_at.isoformat(),
            )


def _amendments(pack: Pack, asks: list[Ask]) -> Iterator[Stop]:
    chosen = Amendment.objects.filter(pack_items__section__pack=pack).distinct()
    amendments = list(chosen.select_related("stage__bill", "as_published"))
    links = AskAmendment.objects.filter(ask__in=asks, amendment__in=amendments)
    for link in links.select_related("ask", "amendment__as_published"):
        judged, now = link.text_sha256_when_linked, _text_now(link.amendment)
        if judged and now and judged != now:
            yield Stop(
                "amendment changed",
                f"{link.amendment} says something else since it was judged for “{link.ask}”.",
                address_of(link.amendment),
                is_soft=True,
                of=now,
            )
    if any(not each.is_own_draft for each in amendments):
        yield from _out_of_reach(pack)


def _text_now(amendment: Amendment) -> str:
    published = getattr(amendment, "as_published", None)
    return published.text_sha256 if published else ""


def _out_of_reach(pack: Pack) -> Iterator[Stop]:
    """While the bill is before Parliament its list has to be of today, or typed by a person."""
    bill = pack.stage.bill
    published = getattr(bill, "as_published", None)
    over = bill.royal_assent_on or (published and (published.is_act or published.is_defeated))
    if over or pack.used_on < timezone.localdate() or not bill.parliament_id:
        return
    complete = bill.sync_runs.filter(state=SyncState.COMPLETE)
    last = complete.aggregate(last=Max("ended_at"))["last"]
    if last and last > timezone.now() - FRESH:
        return
    when = f"last on {timezone.localtime(last):%-d %B %Y}" if last else "never"
    yield Stop(
        "Parliament out of reach",
        f"The amendments of {bill} were read from Parliament {when}: read them again, or write in "
        "the reason of which date the list is that you checked by hand.",
        address_of(bill),
        is_soft=True,
    )
