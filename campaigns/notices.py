"""Notices: each who holds a copy is told what happened to it, in a message of their own.

They are drafted here, within minutes, and sent by a person.
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from campaigns import marking, sending
from campaigns.models import (
    NEVER_LEFT,
    Copy,
    Delivery,
    DeliveryState,
    Notice,
    NoticeMark,
    PackVersion,
    VersionMark,
    Why,
)
from campaigns.models.packs import in_words
from evidence import recalling
from evidence.models import Outcome, RecallTask
from evidence.refusing import Refused

DRAFTING = 0x4E6F7469  # "Noti": the lock under which one worker at a time drafts


@transaction.atomic
def draft() -> int:
    """Find what happened, and write to each holder who was not told of it yet; how many notices."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DRAFTING])
    marking.find()
    called_back: dict[Copy, list[VersionMark]] = defaultdict(list)
    changed: dict[Copy, list[VersionMark]] = defaultdict(list)
    for mark in VersionMark.objects.select_related("version__pack"):
        found = called_back if mark.why == Why.RECALL else changed
        for copy in _to_tell(mark).select_related("member", "version__pack"):
            found[copy].append(mark)
    for copy, marks in called_back.items():
        _call_back(copy, marks)
    for copy in changed.keys() - called_back.keys():
        _write(copy, changed[copy], text=_about(copy, changed[copy]))
    return len(called_back.keys() | changed.keys())


def send(notice: Notice, *, by: User) -> Delivery:
    """By the one door through which anything is sent."""
    return sending.queue_notice(notice, by=by)


@transaction.atomic
def rewrite(notice: Notice, text: str) -> None:
    """In an officer's words, until it was sent."""
    current = _open(notice)
    if not text.strip():
        raise Refused("Write what is to be told.")
    if current.deliveries.exclude(state__in=[DeliveryState.WAITING]).exists():
        raise Refused("It was sent already.")
    current.text = text.strip()
    current.save(update_fields=["text"])


@transaction.atomic
def reply(notice: Notice, text: str) -> None:
    """What the holder answered; it stays open until an outcome is written down."""
    current = _open(notice)
    if not text.strip():
        raise Refused("Write down what they answered.")
    current.reply, current.replied_at = text.strip(), timezone.now()
    current.save(update_fields=["reply", "replied_at"])


@transaction.atomic
def close(notice: Notice, outcome: str = "") -> None:
    """Nothing more is to be done; of a copy that was called back, what became of it is told."""
    current = _open(notice)
    if current.why == Why.RECALL and outcome not in recalling.CLOSING:
        raise Refused("Say what became of the copy.")
    current.outcome, current.closed_at = outcome, timezone.now()
    current.save(update_fields=["outcome", "closed_at"])
    if current.why == Why.RECALL:
        tasks = RecallTask.objects.filter(use__copy_use__copy=current.copy_id, closed_at=None)
        for task in tasks.select_related("use"):
            recalling.close(task, outcome)


def _open(notice: Notice) -> Notice:
    current = Notice.objects.select_for_update().get(pk=notice.pk)
    if current.closed_at:
        raise Refused("The notice is closed.")
    return current


def _to_tell(mark: VersionMark) -> QuerySet[Copy]:
    """Whoever holds what the mark is about, was not told yet, and was sent it or handed it."""
    in_the_queue = Delivery.objects.filter(copy=OuterRef("pk"), notice=None, state__in=NEVER_LEFT)
    copies = Copy.objects.filter(version=mark.version).exclude(Exists(in_the_queue))
    copies = copies.exclude(Exists(NoticeMark.objects.filter(copy=OuterRef("pk"), mark=mark)))
    kind, _, of = mark.cause.partition(":")
    if mark.why == Why.RECALL:
        if kind == "recall":
            return copies
        return copies.filter(uses__version=UUID(of), uses__recalled_at__isnull=False).distinct()
    newer = Copy.objects.filter(
        member=OuterRef("member"),
        version__pack=mark.version.pack,
        version__number__gt=mark.version.number,
    )
    if mark.why == Why.NEW_VERSION:
        newer = newer.exclude(version__number__gte=_number_of(UUID(of)))
    return copies.held().exclude(Exists(newer))


def _number_of(version: UUID) -> int:
    return PackVersion.objects.values_list("number", flat=True).get(pk=version)


def _call_back(copy: Copy, marks: Sequence[VersionMark]) -> None:
    """One message however many accounts were called back; what else waits to be sent is moot."""
    unsent = Notice.objects.to_send().filter(copy=copy)
    unsent.exclude(why=Why.RECALL).update(outcome=Outcome.SUPERSEDED, closed_at=timezone.now())
    _write(copy, marks, text=_please_destroy(copy), into=unsent.filter(why=Why.RECALL).first())


def _write(
    copy: Copy, marks: Sequence[VersionMark], *, text: str, into: Notice | None = None
) -> None:
    notice = into or Notice.objects.create(copy=copy, why=marks[0].why, text=text)
    NoticeMark.objects.bulk_create(
        NoticeMark(notice=notice, mark=mark, copy=copy) for mark in marks
    )


def _please_destroy(copy: Copy) -> str:
    """Never why: whoever reads it may know whose account stood in it."""
    return (
        f"Please destroy your copy of {_named(copy)}, with every copy that you made of it, and "
        "quote nothing from it. If you passed it on, please ask whoever has it to do the same."
        "\n\nPlease tell us when this is done: an answer to this message is enough."
        f"\n\n{_where_the_new_one_is(copy)}"
    )


def _about(copy: Copy, marks: Sequence[VersionMark]) -> str:
    newest = _newest(copy)
    lines = [_line(mark, newest) for mark in marks]
    told = "\n".join(f"- {line}" for line in lines)
    opening = f"Since we gave you {_named(copy)}, this has changed:"
    return f"{opening}\n\n{told}\n\n{_where_the_new_one_is(copy)}"


def _line(mark: VersionMark, newest: Copy | None) -> str:
    if mark.page is None:
        return mark.told
    where = f"Please replace page {mark.page}." if newest else f"It stands on page {mark.page}."
    return f"{mark.told} {where}"


def _named(copy: Copy) -> str:
    version = copy.version
    return f"“{version.pack.title}”, version {version.number}, {in_words(version.issued_at)}"


def _newest(copy: Copy) -> Copy | None:
    """What its holder was given since."""
    newer = Copy.objects.held().filter(
        member=copy.member,
        version__pack=copy.version.pack,
        version__number__gt=copy.version.number,
    )
    return newer.select_related("version").order_by("version__number").last()


def _where_the_new_one_is(copy: Copy) -> str:
    pack = copy.version.pack
    ask = f" at {pack.contact_email}" if pack.contact_email else ""
    if newest := _newest(copy):
        number = newest.version.number
        return f"Version {number}, which we gave you since, replaces it."
    latest = pack.versions.filter(number__gt=copy.version.number).defer("content").first()
    if latest:
        return f"Version {latest.number} replaces it: ask us for it{ask}."
    return f"There is no newer version yet. Ask us{ask} if you need one."
