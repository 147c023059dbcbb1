"""Erasure: everything withdrawn at once, then destroyed for good, unless a hold stops that part.

The database destroys what it holds in one transaction. What it cannot reach, files on disk and what
libraries keep, is left to cleaners, which upper floors register in a module `erased`. The key goes
last, and the mark that it went says that an erasure is finished: whatever interrupts one,
`finish_erasures` goes on with it.
"""

from collections.abc import Callable, Collection
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from evidence import consenting, ledgers
from evidence.broken_rules import sentence_for
from evidence.models import Contributor, ErasureLedger, ErasureRequest, RetentionHold
from evidence.refusing import Refused
from evidence.vault import keyring

type Cleaner = Callable[[Collection[UUID]], None]

cleaners: list[Cleaner] = []
_WAITS = "erasure_waits_for_the_hold"


class NotFinished(Exception):
    """Something could not be cleaned: the key stays until it is, and the next run tries again."""


def cleaner(clean: Cleaner) -> Cleaner:
    """Register what takes the words of erased contributors from one more place.

    It runs after the words are gone from the database, may run again, and knows only the ids.
    """
    cleaners.append(clean)
    return clean


def ask_for_erasure(contributor: Contributor, *, by: User | None) -> ErasureRequest:
    """Withdraw everything at once, and destroy what we hold where nothing stops that.

    With a retention hold only the destruction waits; `what_became_of` says what to tell the person.
    """
    request = _asked(contributor, by=by)
    if _hold_of(contributor) == RetentionHold.NONE:
        erase(contributor)
    request.refresh_from_db()
    return request


@transaction.atomic
def erase(contributor: Contributor) -> None:
    """Destroy what we hold of somebody, for good; raises Refused while a hold stands."""
    if Contributor.objects.filter(pk=contributor.pk, erased_at__isnull=False).exists():
        raise Refused("This contributor was erased already.")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT erase_contributor(%s)", [contributor.pk])
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == _WAITS:
            raise Refused(held_sentence(_hold_of(contributor))) from error
        raise Refused(sentence_for(error)) from error
    contributor.refresh_from_db()
    ledgers.export_after_commit()
    transaction.on_commit(partial(_finish, [contributor.pk]), robust=True)


def finish_erasures() -> int:
    """Clean up and destroy the keys after erasures that something interrupted; how many."""
    ring = keyring.current()
    unfinished = [whose for whose in erased() if not ring.is_destroyed(whose)]
    if unfinished:
        _finish(unfinished)
    return len(unfinished)


def erased() -> list[UUID]:
    """Whom the ledger tells of; never somebody who is here and was not erased, whatever it says."""
    here = Contributor.objects.filter(erased_at=None, pk=OuterRef("contributor"))
    told = ErasureLedger.objects.exclude(Exists(here))
    return list(told.values_list("contributor", flat=True))


def clean_up(whom: Collection[UUID]) -> None:
    """Run every cleaner; raises NotFinished after the last, naming those that failed."""
    autodiscover_modules("erased")
    failed = []
    for clean in cleaners:
        try:
            clean(whom)
        except Exception as error:
            # The others run, whatever this one met; its text may hold what was to be cleaned.
            name = f"{clean.__module__}.{getattr(clean, '__name__', '')}"
            failed.append(f"{name} failed with {type(error).__name__}.")
    if failed:
        raise NotFinished(" ".join(failed))


@transaction.atomic
def told(request: ErasureRequest) -> None:
    """The person was told that the destruction waits, and why."""
    current = ErasureRequest.objects.select_for_update().get(pk=request.pk)
    if current.told_at:
        raise Refused("It is recorded already that they were told.")
    if current.done_at:
        raise Refused("It was erased: there is no hold to tell of.")
    request.told_at = timezone.now()
    request.save(update_fields=["told_at"])


def what_became_of(request: ErasureRequest) -> str:
    """What the officer has to know, and to do."""
    if request.done_at is None:
        return held_sentence(_hold_of(request.contributor))
    sentences = [
        "Everything was withdrawn and erased; what was agreed and used stays, without a name."
    ]
    if not keyring.current().is_destroyed(request.contributor_id):
        sentences.append("The key and files are destroyed within minutes: the worker goes on.")
    return " ".join(sentences)


def held_sentence(hold: str) -> str:
    if hold == RetentionHold.NONE:
        return "Everything is withdrawn; nothing is destroyed yet: erase it again to finish."
    kind = RetentionHold(hold).label.lower()
    return (
        f"Everything is withdrawn, and nothing is destroyed while the hold stands ({kind}): tell "
        "the person so and record that they were told, and erase when the hold has ended."
    )


@transaction.atomic
def _asked(contributor: Contributor, *, by: User | None) -> ErasureRequest:
    """The withdrawal and the request: they stand, whatever comes of the destruction."""
    current = Contributor.objects.get(pk=contributor.pk)
    if current.erased_at:
        raise Refused("This contributor was erased already.")
    consenting.withdraw_everything(current)
    waiting = current.erasure_requests.first()  # were it done, they would be erased
    return waiting or ErasureRequest.objects.create(
        contributor=current, recorded_by=by, held_because=current.retention_hold
    )


def _hold_of(contributor: Contributor) -> str:
    """As it is now; what is held in memory may be older."""
    return Contributor.objects.values_list("retention_hold", flat=True).get(pk=contributor.pk)


def _finish(whom: Collection[UUID]) -> None:
    clean_up(whom)
    ring = keyring.current()
    for whose in whom:
        ring.destroy(whose)
