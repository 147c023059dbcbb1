"""Writes what Parliament says of amendments, and tells what changed with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    Bill,
    CameFrom,
    ChangeKind,
    Sponsor,
    SponsorRole,
    Stage,
)
from campaigns.models.published import hash_of_text
from campaigns.parliament.differences import Seen, arrival, differences, number_in
from campaigns.parliament.groupings import fill_places
from campaigns.parliament.payloads import AmendmentSaid
from campaigns.parliament.people import People, reader
from campaigns.parliament.recognising import Typed, begun, same_words, title_of
from campaigns.parliament.telling import Teller
from campaigns.parliament.watching import ours, watched_by
from evidence.models import ReviewState
from evidence.publishing_again import publish_again

# Kept as they were said, and cut only where Parliament exceeds all measure.
VERBATIM = (
    *("marshalled_list_text", "d_num", "amendment_type", "decision", "decision_explanation"),
    *("clause", "schedule", "page_number", "line_number", "position", "status_indicator"),
    *("summary", "location", "main_header", "amendment_note"),
    *("explanatory_prefix", "explanatory_text"),
)
LONGEST = {
    name: getattr(AmendmentAsPublished._meta.get_field(name), "max_length", None) or 200_000
    for name in VERBATIM
}
WRITTEN = (
    *(*VERBATIM, "number", "stage_id", "lines", "text", "text_sha256", "vanished_at"),
    *("parliament_id", "came_from"),  # of what a marshalled list brought in before
)
PLACE = ("clause", "schedule", "page_number", "line_number", "position")


@dataclass(slots=True)
class Found:
    """One amendment while it is written: how it was, and what is said of it now."""

    said: AmendmentSaid
    row: AmendmentAsPublished
    was: tuple[Any, ...]
    before: Seen
    item_sha256: str
    is_new: bool  # never read before
    is_begun: bool  # nor typed
    is_listed: bool  # a marshalled list brought it in before
    had_number: bool  # a published one: what was typed stays until Parliament gives a number
    brought: str  # the wording that was typed, or that the list had

    def has_changed(self) -> bool:
        return self.is_new or _values(self.row) != self.was


@dataclass(slots=True)
class Marks:
    """Kept beside the words: the hash of what the list said, and whose own page was read."""

    hashes: dict[int, str] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    unread: set[int] = field(default_factory=set)  # it failed, and is asked for again


class Writer:
    """Of one run. What it writes stands or falls with the caller's transaction."""

    def __init__(self, bill: Bill, teller: Teller, *, is_baseline: bool) -> None:
        self.teller = teller
        self.is_baseline = is_baseline  # the first reading of a bill tells only what concerns us
        self.user = reader()
        self.ours = ours(bill)
        self.clauses = list(bill.watched_clauses.all())

    def write(self, stage: Stage, said: Iterable[AmendmentSaid], marks: Marks) -> int:
        """How many were new or changed."""
        found = self._found(stage, {each.parliament_id: each for each in said}.values())
        people = People(
            (one for each in found for one in each.said.sponsors or ()), house=stage.house
        )
        for each in found:
            _say(each.row, each.said, stage)
            each.row.item_sha256 = marks.hashes.get(each.said.parliament_id, each.row.item_sha256)
        self._begin([each for each in found if each.is_new])
        renamed = _write_sponsors(found, people)
        changed = [each for each in found if self._keep(each, each.row.pk in renamed)]
        if changed:
            self._place_in_groups(stage)
        _mark_seen(found, marks, timezone.now())
        publish_again(each.row.amendment for each in changed)
        return len(changed)

    def vanish(self, row: AmendmentAsPublished) -> None:
        """It stays, marked: whoever cited it has to be able to look it up."""
        before = _seen(row)
        row.vanished_at = timezone.now()
        row.save(update_fields=["vanished_at"])
        self._tell(row, before)
        publish_again([row.amendment])

    def _found(self, stage: Stage, said: Iterable[AmendmentSaid]) -> list[Found]:
        said = list(said)
        sponsors = Sponsor.objects.select_related("member").order_by("position", "pk")
        rows = AmendmentAsPublished.objects.select_related("amendment").prefetch_related(
            Prefetch("amendment__sponsors", sponsors), "amendment__lines"
        )
        known = {
            row.parliament_id: row
            for row in rows.filter(parliament_id__in=[each.parliament_id for each in said])
        }
        typed = Typed(stage, [each for each in said if each.parliament_id not in known])
        return [self._one(stage, each, known.get(each.parliament_id), typed) for each in said]

    def _one(
        self, stage: Stage, said: AmendmentSaid, row: AmendmentAsPublished | None, typed: Typed
    ) -> Found:
        if row is not None:
            return _as_it_was(said, row)
        amendment = typed.take(said)
        listed = getattr(amendment, "as_published", None)
        if listed is not None:
            return _taken_over(said, listed)
        now = timezone.now()
        row = AmendmentAsPublished(
            amendment=amendment or begun(stage, said, by=self.user),
            parliament_id=said.parliament_id,
            stage=stage,
            first_seen_at=now,
            last_seen_at=now,
        )
        return _as_it_was(said, row)

    def _begin(self, new: list[Found]) -> None:
        begun_now = [each.row.amendment for each in new if each.is_begun]
        for each in new:
            row, amendment = each.row, each.row.amendment
            if each.is_begun:
                amendment.title = title_of(row)
                amendment.number, amendment.decision = row.number, row.decision
        Amendment.objects.bulk_create(begun_now)
        AmendmentAsPublished.objects.bulk_create([each.row for each in new])

    def _keep(self, found: Found, renamed: bool) -> bool:
        row = found.row
        has_changed = found.has_changed()
        if has_changed and not found.is_new:
            row.save(update_fields=[*WRITTEN])
        if has_changed:
            self._follow(found)
        if found.is_new or found.is_listed:
            self._tell_arrival(found)
        if not found.is_begun and (has_changed or renamed):
            self._tell(row, _compared(found))
        for word in row.unknown_words if has_changed else ():
            self.teller.tell_of_word(word, amendment=row.amendment)
        return has_changed or renamed

    def _follow(self, found: Found) -> None:
        """Stage, number and decision of the amendment become Parliament's; the database checks."""
        row, amendment = found.row, found.row.amendment
        number = row.number if row.number or found.had_number else amendment.number
        follows = {
            "stage_id": row.stage_id,
            "number": number,
            "decision": row.decision or amendment.decision,
        }
        untouched = amendment.review_state == ReviewState.DRAFT
        if untouched and amendment.last_edited_by_id == self.user.pk:
            follows["title"] = title_of(row)  # nobody has called it something better
        if any(getattr(amendment, name) != value for name, value in follows.items()):
            rows = Amendment.objects.filter(pk=amendment.pk)
            rows.update(**follows, updated_at=timezone.now())
            for name, value in follows.items():
                setattr(amendment, name, value)

    def _tell_arrival(self, found: Found) -> None:
        row = found.row
        if not found.is_begun:
            self.teller.tell(
                ChangeKind.RECOGNISED,
                "",
                row.number or str(row.parliament_id),
                stage=row.stage,
                amendment=row.amendment,
                is_ours=row.amendment_id in self.ours,
            )
            return
        watched = watched_by(self.clauses, row)
        if watched or not self.is_baseline:
            told = arrival(row.number, watched=watched)
            self._tell_one(row, told.kind, told.before, told.after, is_ours=bool(watched))

    def _tell(self, row: AmendmentAsPublished, before: Seen) -> None:
        is_ours = row.amendment_id in self.ours or bool(watched_by(self.clauses, row))
        for each in differences(before, _seen(row)):
            self._tell_one(row, each.kind, each.before, each.after, is_ours=is_ours)

    def _place_in_groups(self, stage: Stage) -> None:
        for amendment, each in fill_places(stage):
            self.teller.tell(
                each.kind,
                each.before,
                each.after,
                stage=stage,
                amendment=amendment,
                is_ours=amendment.pk in self.ours,
            )

    def _tell_one(
        self, row: AmendmentAsPublished, kind: ChangeKind, before: str, after: str, *, is_ours: bool
    ) -> None:
        self.teller.tell(
            kind, before, after, stage=row.stage, amendment=row.amendment, is_ours=is_ours
        )


def _as_it_was(said: AmendmentSaid, row: AmendmentAsPublished) -> Found:
    is_read = row.text and row.came_from == CameFrom.API
    return Found(
        said,
        row,
        _values(row),
        _seen(row),
        row.item_sha256,
        is_new=row._state.adding,
        is_begun=row.amendment._state.adding,
        is_listed=row.came_from == CameFrom.LIST,
        had_number=bool(row.number),
        brought="" if is_read else row.text or _typed(row.amendment),
    )


def _taken_over(said: AmendmentSaid, row: AmendmentAsPublished) -> Found:
    """What a marshalled list brought in is Parliament's own row from now on, with its history."""
    found = _as_it_was(said, row)
    row.parliament_id, row.came_from = said.parliament_id, CameFrom.API
    return found


def _compared(found: Found) -> Seen:
    """As it was: what was typed or listed counts as another only where its words are others."""
    if same_words(found.brought, found.row.text):
        return replace(found.before, text_sha256="")
    return found.before


def _say(row: AmendmentAsPublished, said: AmendmentSaid, stage: Stage) -> None:
    """What was not sent stays as it was read before."""
    for name in VERBATIM:
        value = getattr(said, name)
        if value is not None:
            setattr(row, name, value[: LONGEST[name]])
    row.number = number_in(row.marshalled_list_text)
    row.stage, row.vanished_at = stage, None
    if said.lines is not None:
        row.set_lines(list(said.lines))


def _values(row: AmendmentAsPublished) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in WRITTEN)


def _seen(row: AmendmentAsPublished) -> Seen:
    """As the amendment stands: what Parliament does not say yet is what was typed here."""
    amendment = row.amendment
    sponsors = () if amendment._state.adding else amendment.sponsors.all()
    places = zip(PLACE, (getattr(row, name) for name in PLACE), strict=True)
    return Seen(
        number=amendment.number,
        decision=amendment.decision,
        text_sha256=row.text_sha256 or hash_of_text(_typed(amendment)),
        place="; ".join(f"{name.partition('_')[0]} {value}" for name, value in places if value),
        sponsors=tuple(one.member.name for one in sponsors),
        vanished=row.vanished_at is not None,
    )


def _typed(amendment: Amendment) -> str:
    if amendment._state.adding:
        return ""
    return "\n".join(line.text for line in amendment.lines.all())


def _write_sponsors(found: list[Found], people: People) -> set[int]:
    """The rows whose names, or who leads, have changed. They are Parliament's, in its order."""
    renamed, new = set(), list[Sponsor]()
    for each in found:
        wanted, amendment = _sponsors(each, people), each.row.amendment
        held = [] if each.is_begun else list(amendment.sponsors.all())
        told = [(one.member_id, one.role) for one in wanted or ()]
        if wanted is None or told == [(one.member_id, one.role) for one in held]:
            continue
        if held:
            amendment.sponsors.all().delete()
        new += wanted
        renamed.add(each.row.pk)
        getattr(amendment, "_prefetched_objects_cache", {}).pop("sponsors", None)
    Sponsor.objects.bulk_create(new)
    return renamed


def _sponsors(found: Found, people: People) -> list[Sponsor] | None:
    """None where nothing was said of them. A name that comes twice is one."""
    said = found.said.sponsors
    if said is None:
        return None
    members = [people.member(one) for one in said]
    lead = next((one for one, each in zip(members, said, strict=True) if each.is_lead), None)
    return [
        Sponsor(
            amendment=found.row.amendment,
            member=member,
            role=SponsorRole.LEAD if lead and member.pk == lead.pk else SponsorRole.SUPPORTING,
            position=position,
        )
        for position, member in enumerate(dict.fromkeys(members))
    ]


def _mark_seen(found: list[Found], marks: Marks, now: datetime) -> None:
    rows = {each.said.parliament_id: each.row.pk for each in found}
    kept = AmendmentAsPublished.objects.filter(pk__in=rows.values())
    kept.update(last_seen_at=now)
    kept.filter(parliament_id__in=marks.read).update(detail_read_at=now)
    if marks.unread:
        kept.filter(parliament_id__in=marks.unread).update(detail_read_at=None)
    moved = [
        each.row for each in found if not each.is_new and each.row.item_sha256 != each.item_sha256
    ]
    if moved:
        AmendmentAsPublished.objects.bulk_update(moved, ["item_sha256"])
