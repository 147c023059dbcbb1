"""Bringing a marshalled list in as the amendments of a stage, after a look at what would change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, count
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from campaigns.akoma_ntoso import AmendmentList, ListedAmendment, Signatory
from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    BillPrint,
    CameFrom,
    MarshalledList,
    Member,
    Sponsor,
    SponsorRole,
    Stage,
    SyncChange,
)
from campaigns.models.bills import House
from campaigns.parliament.differences import Difference, Seen, arrival, differences
from campaigns.parliament.groupings import fill_places
from campaigns.parliament.recognising import words_of
from campaigns.parliament.telling import tell_what_a_person_brought
from campaigns.parliament.watching import watched_by
from evidence import review
from evidence.publishing_again import publish_again
from evidence.refusing import Refused


class Match(StrEnum):
    """How an amendment of the list stands to those of the stage.

    It is known by its number; by its words, one that the sync reads and that had no number then.
    """

    NEW = "New"
    DIFFERS = "Differs"
    SAME = "The same"
    IN_STEP = "Kept in step by the sync"


@dataclass(frozen=True, slots=True)
class Row:
    """One amendment of the list beside what we hold of it."""

    listed: ListedAmendment
    match: Match
    differs: tuple[str, ...] = ()
    held: Amendment | None = None

    @property
    def may_come_in(self) -> bool:
        return self.match in (Match.NEW, Match.DIFFERS)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen; `missing` are held with a number that the list does not have."""

    stage: Stage
    read: AmendmentList
    rows: tuple[Row, ...]
    missing: tuple[Amendment, ...]


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """The amendments as they are now, and what is told of those that were held before."""

    amendments: tuple[Amendment, ...]
    changes: tuple[SyncChange, ...]


def preview(read: AmendmentList, stage: Stage) -> Preview:
    """Writes nothing; Refused where the list is of another bill or House than the stage."""
    _refuse_another_bill(read, stage)
    all_held = list(_held(stage))
    held = {each.number: each for each in all_held if each.number}
    unnumbered = _by_words(read, [each for each in all_held if not each.number])
    rows = tuple(
        _row(each, held.get(each.number) or unnumbered.get(each.number)) for each in read.amendments
    )
    listed = {each.number for each in read.amendments}
    missing = tuple(each for number, each in held.items() if number not in listed)
    return Preview(stage, read, rows, missing)


@transaction.atomic
def bring_in(shown: Preview, numbers: Collection[str], *, by: User) -> BroughtIn:
    """The chosen ones, as they are printed now; what is typed here of a new one is a draft.

    The website shows an approved one as it is printed now, without a review: the words are
    Parliament's, and what changed is told as when it is read from there.
    """
    Stage.objects.select_for_update().get(pk=shown.stage.pk)
    now = preview(shown.read, shown.stage)
    chosen = [row for row in now.rows if row.listed.number in numbers and row.may_come_in]
    if not chosen:
        raise Refused("Nothing of what you chose is new or differs any more.")
    _write_list(now)
    before = {row.held.pk: _seen(row.held) for row in chosen if row.held}
    written = {_write(row, now, by).pk for row in chosen}
    amendments = [each for each in _held(now.stage) if each.pk in written]
    publish_again(amendments)
    told = [*_told(now.stage, amendments, before), *_grouped(now.stage)]
    changes = tell_what_a_person_brought(now.stage, told)
    return BroughtIn(tuple(amendments), tuple(changes))


def _told(
    stage: Stage, amendments: Iterable[Amendment], before: dict[UUID, Seen]
) -> Iterator[tuple[UUID, Difference]]:
    """Of a new one only that it is on a watched clause: whoever brings it in has seen it."""
    clauses = list(stage.bill.watched_clauses.all())
    for amendment in amendments:
        if was := before.get(amendment.pk):
            for each in differences(was, _seen(amendment)):
                yield amendment.pk, each
        elif watched := watched_by(clauses, amendment.as_published):
            yield amendment.pk, arrival(amendment.number, watched=watched)


def _grouped(stage: Stage) -> Iterator[tuple[UUID, Difference]]:
    for amendment, each in fill_places(stage):
        yield amendment.pk, each


def _seen(amendment: Amendment) -> Seen:
    stands = amendment.stands()
    return Seen(
        number=stands.number,
        decision=stands.decision,
        text_sha256=stands.text_sha256,
        place=stands.place,
        sponsors=tuple(each.member.name for each in amendment.sponsors.all()),
        vanished=stands.vanished,
    )


def _held(stage: Stage) -> Iterable[Amendment]:
    amendments = stage.amendments.select_related("as_published", "stage")
    return amendments.prefetch_related("lines", "sponsors__member")


def _refuse_another_bill(read: AmendmentList, stage: Stage) -> None:
    ours, theirs = (_plain(title) for title in (stage.bill.title, read.bill_title))
    if theirs and theirs != ours:
        raise Refused(
            f"The list is of the {read.bill_title}, not of the {stage.bill.title}: choose a stage "
            "of that bill."
        )
    if stage.house and stage.house != read.house:
        raise Refused(f"The list is of the {House(read.house).label}: choose a stage there.")


def _plain(title: str) -> str:
    return " ".join(title.casefold().replace("[hl]", " ").split())


def _by_words(read: AmendmentList, unnumbered: Iterable[Amendment]) -> dict[str, Amendment]:
    """Those that the sync read before they had a number, by the number that the list gives them.

    Only where the words stand once on either side: many say “Leave out Clause 3” alike.
    """
    listed, ours = defaultdict(list), defaultdict(list)
    for one in read.amendments:
        listed[words_of("\n".join(line.text for line in one.lines))].append(one.number)
    for amendment in unnumbered:
        published = getattr(amendment, "as_published", None)
        if published and published.came_from == CameFrom.API and not published.vanished_at:
            ours[words_of(amendment.stands().text)].append(amendment)
    return {
        numbers[0]: ours[words][0]
        for words, numbers in listed.items()
        if words and len(numbers) == len(ours.get(words, ())) == 1
    }


def _row(listed: ListedAmendment, held: Amendment | None) -> Row:
    if held is None:
        return Row(listed, Match.NEW)
    differs = tuple(_differences(listed, held))
    published = getattr(held, "as_published", None)
    if published is not None and published.came_from == CameFrom.API:
        return Row(listed, Match.IN_STEP, differs, held)
    return Row(listed, Match.DIFFERS if differs else Match.SAME, differs, held)


def _differences(listed: ListedAmendment, held: Amendment) -> Iterable[str]:
    stands = held.stands()
    if stands.number != listed.number:
        yield "its number, which the sync will bring"
    if stands.text != "\n".join(line.text for line in listed.lines):
        yield "its wording" if stands.lines else "its wording, which is not held yet"
    elif [(line.indent, line.hanging) for line in stands.lines] != [
        (line.indent, line.hanging) for line in listed.lines
    ]:
        yield "its layout"
    if listed.place and stands.place != listed.place:
        yield "its place in the bill"
    if stands.explanatory_statement != listed.explanatory_statement:
        yield "the explanatory statement"
    members = [each.member for each in held.sponsors.all()]
    known = {each.name for each in members} | {each.parliament_id for each in members} - {None}
    if more := [
        each.name for each in listed.signatories if not known & {each.name, each.parliament_id}
    ]:
        yield f"names: {', '.join(more)}"


def _write_list(shown: Preview) -> None:
    read, stage = shown.read, shown.stage
    printed = _print(read, stage) if read.bill_print else None
    if not stage.marshalled_lists.filter(name=read.name, date=read.listed_on).exists():
        MarshalledList.objects.create(
            stage=stage, name=read.name, date=read.listed_on, print=printed
        )


def _print(read: AmendmentList, stage: Stage) -> BillPrint:
    """One that was typed may stand beside the one that the sync read: Parliament's own is cited."""
    held = BillPrint.objects.filter(bill=stage.bill, number=read.bill_print)
    newest = held.order_by(F("parliament_id").desc(nulls_last=True)).first()
    return newest or BillPrint.objects.create(
        bill=stage.bill, number=read.bill_print, house=read.house
    )


def _write(row: Row, shown: Preview, by: User) -> Amendment:
    amendment = row.held or _made(row.listed, shown.stage, by)
    if row.listed.place and amendment.position_in_bill not in ("", row.listed.place):
        review.edit(amendment, by=by)
        amendment.position_in_bill = row.listed.place
        amendment.save(update_fields=["position_in_bill", "updated_at"])
    _publish(amendment, row.listed)
    _sign(amendment, row.listed.signatories, shown.read.house)
    return amendment


def _made(listed: ListedAmendment, stage: Stage, by: User) -> Amendment:
    house = stage.house or "stage"
    slug = slugify(f"{stage.bill.slug[:40]}-{house}-{stage.position}-{listed.number}")
    return Amendment.objects.create(
        slug=_free(slug),
        stage=stage,
        number=listed.number,
        title=listed.title,
        position_in_bill=listed.place,
        last_edited_by=by,
    )


def _free(slug: str) -> str:
    """Bills may begin alike, and stages of which only the name is known are all at one place."""
    wanted = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(each for each in wanted if not Amendment.objects.filter(slug=each).exists())


def _publish(amendment: Amendment, listed: ListedAmendment) -> None:
    now = timezone.now()
    row = getattr(amendment, "as_published", None) or AmendmentAsPublished(
        amendment=amendment, came_from=CameFrom.LIST, first_seen_at=now
    )
    row.stage, row.number = amendment.stage, listed.number
    row.location, row.explanatory_text = listed.place, listed.explanatory_statement
    row.last_seen_at, row.vanished_at = now, None
    row.set_lines([_kept(line) for line in listed.lines])
    row.save()


def _kept(line: Any) -> dict[str, Any]:
    return {"text": line.text, "indent": line.indent, "hanging": line.hanging, "image": False}


def _sign(amendment: Amendment, signatories: Iterable[Signatory], house: str) -> None:
    """Names are added, in the list's order; who has withdrawn theirs is for a person to see."""
    have = {each.member_id for each in amendment.sponsors.all()}
    led = amendment.sponsors.filter(role=SponsorRole.LEAD).exists()
    for position, each in enumerate(signatories):
        member = _member(each, house)
        if member.pk not in have:
            leads = each.leads and not led
            role = SponsorRole.LEAD if leads else SponsorRole.SUPPORTING
            Sponsor.objects.create(amendment=amendment, member=member, role=role, position=position)


def _member(signatory: Signatory, house: str) -> Member:
    """By Parliament's id, else by name; a name that is not there yet comes in without a party."""
    by_id = Member.objects.filter(parliament_id=signatory.parliament_id).first()
    if signatory.parliament_id and by_id:
        return by_id
    found: Member
    found, _ = Member.objects.get_or_create(
        name=signatory.name,
        defaults={"house": house, "parliament_id": signatory.parliament_id},
    )
    return found
