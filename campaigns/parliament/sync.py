"""Reads a bill from Parliament: resumable, polite, and the same however often it broke off."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from campaigns.models import (
    AmendmentAsPublished,
    Bill,
    BillAsPublished,
    ChangeKind,
    Sponsor,
    Stage,
    SyncRun,
    SyncState,
)
from campaigns.parliament import addresses
from campaigns.parliament.asking import Asking, GivenUp, Journal, OutOfTime, begun_run
from campaigns.parliament.client import Client, NoAnswer, NotThere
from campaigns.parliament.payloads import (
    BillSaid,
    StageSaid,
    page_of,
    read_bill,
    read_member,
    read_publications,
    read_stage,
)
from campaigns.parliament.people import members_to_read, reader, write_member
from campaigns.parliament.prints import write_lists, write_prints
from campaigns.parliament.re_tabling import Earlier
from campaigns.parliament.reading import StageReader
from campaigns.parliament.stages import write_bill, write_stages
from campaigns.parliament.telling import Teller
from campaigns.parliament.writing import Writer
from evidence.publishing_again import publish_again
from evidence.refusing import Refused

LOCKS = 20_231_026  # the class of our advisory locks; the other half is the bill's own number
OVER_AFTER = timedelta(days=60)  # since its last sitting: late corrections of decisions are in


def find_bill(parliament_id: int, client: Client) -> Bill:
    """The bill as we hold it, or a draft of what Parliament says of one that is new here."""
    held: Bill | None = Bill.objects.filter(parliament_id=parliament_id).first()
    if held:
        return held
    said = _bill_said(parliament_id, client)
    title = (said.short_title or f"Bill {parliament_id}")[:200]
    slug = slugify(title)[:80]
    if not slug or Bill.objects.filter(slug=slug).exists():
        slug = f"{slug[:60]}-{parliament_id}".strip("-")
    made: Bill = Bill.objects.create(
        parliament_id=parliament_id,
        slug=slug,
        title=title,
        url=f"https://bills.parliament.uk/bills/{parliament_id}",
        last_edited_by=reader(),
    )
    return made


def sync(
    bill: Bill,
    client: Client,
    members: Client | None,
    *,
    thorough: bool = True,
    seconds: float = math.inf,
) -> SyncRun:
    """Read all of it, or without `thorough` what may have changed and what concerns us.

    After so many seconds it pauses, and the run that comes back still says that it is running.
    """
    if bill.parliament_id is None:
        raise Refused(f"{bill} has no number at Parliament: write it at the bill first.")
    with _alone_with(bill.parliament_id):
        run = begun_run(bill, thorough=thorough)
        Sync(run, client, members, until=time.monotonic() + seconds).read()
    return run


def _bill_said(parliament_id: int, client: Client) -> BillSaid:
    try:
        answer = client.get(client.url(addresses.bill(parliament_id)), read_bill)
    except NotThere:
        raise Refused(
            f"Parliament has no bill {parliament_id}: "
            "the number is in the address of its page on bills.parliament.uk."
        ) from None
    except NoAnswer as why:
        raise Refused(f"Parliament could not be read: {why}. Try again later.") from None
    if answer.content is None:
        raise Refused("Parliament could not be read: it sent nothing. Try again later.")
    return answer.content


@contextmanager
def _alone_with(parliament_id: int) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, parliament_id])
        if not cursor.fetchone()[0]:
            raise Refused("This bill is being read just now: look again in a few minutes.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, parliament_id])


class Sync:
    """One run: the bill and its stages, then each stage's amendments, then who named them."""

    def __init__(
        self, run: SyncRun, client: Client, members: Client | None, *, until: float = math.inf
    ) -> None:
        self.run, self.bill = run, run.bill
        self.bill_id = run.bill.parliament_id or 0
        self.teller = Teller(run)
        self.journal = Journal(run, self.teller)
        self.asking = Asking(client, self.journal, until)
        self.members = Asking(members, self.journal, until) if members else None
        self.current_id: int | None = None
        complete = run.bill.sync_runs.filter(state=SyncState.COMPLETE)
        self.is_baseline = not complete.exists()
        self.writer = Writer(run.bill, self.teller, is_baseline=self.is_baseline)

    def read(self) -> None:
        try:
            stages = self._read_bill()
            for stage in stages:
                self._read_stage(stage)
            self._read_again(stages)
            self._offer_re_tabled()
            self._read_members()
            self.journal.got_through()
        except OutOfTime:
            self.journal.pause(*self._asking())
            return
        except GivenUp:
            self.journal.failures["all"] = "Parliament did not answer, so the rest was not asked."
        except NotThere:
            self.journal.failures["bill"] = f"Parliament has no bill {self.bill_id} any more."
        self.journal.end(*self._asking())

    def _asking(self) -> list[Asking]:
        return [each for each in (self.asking, self.members) if each]

    def _save(self) -> None:
        self.journal.save(*self._asking())

    def _read_bill(self) -> list[Stage]:
        url = self.asking.url(addresses.bill(self.bill_id))
        answer = self.asking.ask(url, read_bill, "The bill itself")
        said = answer.content if answer else None
        listed = self._stages_said()
        with transaction.atomic():
            if write_stages(self.bill, listed, self.teller):
                publish_again([self.bill])
            if said:
                write_bill(self.bill, said, self.teller)
            self._save()
        published = BillAsPublished.objects.filter(bill=self.bill)
        self.current_id = published.values_list("current_stage", flat=True).first()
        self._read_prints()
        return self._stages_to_read([each.parliament_id for each in listed])

    def _stages_to_read(self, listed: list[int]) -> list[Stage]:
        """Those of the list; then any that left it, and has amendments that we hold as published.

        In that order, so that amendments that are now at another stage are found there.
        """
        live = AmendmentAsPublished.objects.filter(stage__bill=self.bill, vanished_at=None)
        unlisted = live.exclude(parliament_id=None).values("stage")
        stages = self.bill.stages.select_related("bill").exclude(parliament_id=None)
        stages = stages.filter(Q(parliament_id__in=listed) | Q(pk__in=unlisted))
        ordered = stages.order_by("position", "pk")
        return sorted(ordered, key=lambda stage: stage.parliament_id not in listed)

    def _stages_said(self) -> list[StageSaid]:
        said: dict[int, StageSaid] = {}
        skip = 0
        while True:
            params = {"Skip": skip, "Take": addresses.PAGE}
            url = self.asking.url(addresses.stages(self.bill_id), params)
            answer = self.asking.ask(url, page_of(read_stage), "The list of stages")
            if answer is None or answer.content is None:
                raise GivenUp
            page = answer.content
            said |= {each.parliament_id: each for each in page.items}
            skip += len(page.items)
            if not page.items or skip >= page.total:
                return list(said.values())

    def _read_prints(self) -> None:
        url = self.asking.url(addresses.publications(self.bill_id))
        try:
            answer = self.asking.ask(url, read_publications, "The list of publications")
        except NotThere:
            return
        if answer and answer.content:
            with transaction.atomic():
                write_prints(self.bill, answer.content, self.teller, quiet=self.is_baseline)
                self._save()

    def _read_stage(self, stage: Stage) -> None:
        if self.journal.is_listed(stage) or self._is_over(stage):
            return
        one = self._reader(stage)
        if one.read(skip=self.journal.skip(stage)):
            self.journal.listed(stage)
            self._save()
            self._finish(stage, one)

    def _reader(self, stage: Stage) -> StageReader:
        return StageReader(self.bill, stage, self.asking, self.journal, self.writer)

    def _finish(self, stage: Stage, one: StageReader) -> None:
        """Beyond its list; what is not answered here is asked again, in this run or the next."""
        is_answered = one.look_for_the_missing()
        if self._read_lists(stage) and is_answered:
            self.journal.done(stage)
            self._save()

    def _is_over(self, stage: Stage) -> bool:
        """Whether a quick reading passes by: nothing of it changes any more, as far as is known."""
        if self.run.is_thorough or self.is_baseline or stage.pk == self.current_id:
            return False
        last = stage.sittings.order_by("date").last()
        return last is not None and timezone.localdate() - last.date > OVER_AFTER

    def _read_lists(self, stage: Stage) -> bool:
        """Marshalled lists, of a stage that has amendments. Whether there was an answer."""
        if not stage.as_published.exists() or stage.parliament_id is None:
            return True
        url = self.asking.url(addresses.stage_publications(self.bill_id, stage.parliament_id))
        try:
            answer = self.asking.ask(url, read_publications, f"The publications of {stage}")
        except NotThere:
            return True
        if answer is None or answer.content is None:
            return False
        write_lists(stage, answer.content)
        return True

    def _read_again(self, stages: list[Stage]) -> None:
        """What could not be read at its turn: most mishaps have passed by now."""
        for stage in stages:
            unread = AmendmentAsPublished.objects.filter(stage=stage, detail_read_at=None)
            unread = unread.filter(vanished_at=None, parliament_id__isnull=False)
            one = self._reader(stage)
            one.read_again(list(unread.select_related("amendment")))
            if self.journal.is_listed(stage) and not self.journal.is_done(stage):
                self._finish(stage, one)

    def _offer_re_tabled(self) -> None:
        """Those that read like one of ours at an earlier stage: told once, linked by nobody.

        Of all that is held, new or not: which is ours, and its wording, may be known only later.
        """
        held = AmendmentAsPublished.objects.exclude(text="").filter(stage__bill=self.bill)
        known = held.filter(amendment__in=self.writer.ours)
        earlier = Earlier(known.values_list("amendment_id", "text", "stage__position"))
        if earlier.first is None:
            return
        told = self.bill.sync_changes.filter(kind=ChangeKind.MAYBE_RE_TABLED)
        later = held.filter(stage__position__gt=earlier.first, vanished_at=None)
        later = later.filter(amendment__re_tabled_from=None)
        later = later.exclude(amendment__in=told.values("amendment")).order_by("pk")
        for row in later.select_related("stage", "amendment").iterator(chunk_size=100):
            for found in earlier.alike(row.text, before=row.stage.position)[:1]:
                self.teller.tell(
                    ChangeKind.MAYBE_RE_TABLED,
                    f"{found.percent}% like {found.amendment_id}",
                    row.number,
                    stage=row.stage,
                    amendment=row.amendment,
                    is_ours=True,
                )
        self._save()

    def _read_members(self) -> None:
        if self.members is None:
            return
        named = Sponsor.objects.filter(amendment__stage__bill=self.bill)
        ids = set(named.values_list("member_id", flat=True))
        days = 1 if self.run.is_thorough else 7
        for member in members_to_read(ids, before=self.journal.since - timedelta(days=days)):
            url = self.members.url(addresses.member(member.parliament_id or 0))
            try:
                answer = self.members.ask(url, read_member, f"{member}, of the members' list")
            except NotThere:
                continue
            if answer and answer.content:
                with transaction.atomic():
                    write_member(member, answer.content, self.teller)
                    self._save()
