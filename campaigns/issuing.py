"""Issuing a pack: a frozen version, a copy for each member, a use for each account in it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from campaigns import gate, personal
from campaigns.briefing import Briefing
from campaigns.building import write_whole
from campaigns.composing.accounts import may_be_read_aloud
from campaigns.manifests import documents, manifest, sha256
from campaigns.models import (
    Copy,
    CopyUse,
    Member,
    Pack,
    PackFormat,
    PackVersion,
    StopPassed,
    VersionRecall,
)
from campaigns.models.packs import in_words
from campaigns.packs import Composition, compose
from evidence.models import ReviewState
from evidence.recalling import working_days_after
from evidence.refusing import Refused
from evidence.uses import record_use


def issue(pack: Pack, *, to: Sequence[Member], by: User) -> PackVersion:
    """Freeze the pack as it reads now and write down who holds it: all of it, or nothing at all.

    Personalised copies are made before that, without a lock, and only written down within it.
    """
    members = list(dict.fromkeys(to))
    if not members:
        raise Refused("Name at least one member to issue it to.")
    made = _made_ahead(pack, members) if pack.personalised else None
    return _issue(pack, members, made, by=by)


@transaction.atomic
def _issue(
    pack: Pack, members: list[Member], made: personal.Made | None, *, by: User
) -> PackVersion:
    """All of it, or nothing at all.

    The pack's row is locked, so that two issues take their numbers one after the other and no
    edit slips in between; a withdrawal waits for the commit, or makes `record_use` refuse.
    """
    pack = (
        Pack.objects.select_for_update(of=("self",)).select_related("stage__bill").get(pk=pack.pk)
    )
    composition, passed = _ready(pack)
    number = _next_number(pack)
    if pack.personalised and (
        made is None or made.of != personal.what_is_made(as_issued(composition), number)
    ):
        raise Refused("The pack changed while its copies were made: issue it again.")
    version = _freeze(composition, passed, number, made, by=by)
    for place, member in enumerate(members, 1):
        _hand_out(version, member, place, made, composition)
    _refuse_if_silenced(composition)
    transaction.on_commit(partial(write_copies, version))
    return version


@transaction.atomic
def call_back(version: PackVersion, *, reason: str, by: User) -> VersionRecall:
    """All of a version, as where the wrong one was issued; its holders are asked to destroy it."""
    Pack.objects.select_for_update(of=("self",)).get(pk=version.pack_id)
    if not reason.strip():
        raise Refused("Say why it is called back.")
    if VersionRecall.objects.filter(version=version).exists():
        raise Refused("It was called back already.")
    return VersionRecall.objects.create(version=version, reason=reason.strip(), recalled_by=by)


def find_members(wanted: Sequence[str]) -> list[Member]:
    """Members by name, or by their id in Parliament; nobody is guessed at."""
    return [_member(each) for each in wanted]


def write_copies(version: PackVersion, folder: Path | None = None) -> list[Path]:
    """Each copy as a file that names its holder; written again, it is the same.

    Not those that were called back: nothing of them is to lie about.
    """
    packs = folder or settings.PACKS
    folder = copies_folder(packs)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    held = version.copies.held()
    for copy in held.select_related("member", "version__pack"):
        file = folder / file_of(copy)
        if not copy.sha256:
            write_whole(file, bytes(version.content))
        elif not file.exists():  # it takes long to make
            write_whole(file, personal.take(copy, packs))
        written.append(file)
    personal.clear(version, packs)
    return written


def copies_folder(packs: Path) -> Path:
    return packs / "issued"


def file_of(copy: Copy) -> str:
    """The file's name: pack, version, holder, and the copy's own number."""
    pack = f"{copy.version.pack.slug}-v{copy.version.number}"
    return f"{pack}-{slugify(copy.member.name)}-{copy.pk.hex[:8]}.{copy.version.format}"


def as_issued(composition: Composition) -> Briefing:
    """The pack's blocks, with its embargo on every page."""
    briefing, embargo = composition.briefing, composition.pack.embargo
    strapline = " · ".join(filter(None, (embargo, briefing.strapline)))
    return replace(briefing, strapline=strapline)


def _made_ahead(pack: Pack, members: list[Member]) -> personal.Made:
    composition, _ = _ready(Pack.objects.select_related("stage__bill").get(pk=pack.pk))
    return personal.make_ahead(
        as_issued(composition),
        members,
        slug=pack.slug,
        number=_next_number(pack),
        folder=settings.PACKS,
    )


def _ready(pack: Pack) -> tuple[Composition, list[StopPassed]]:
    """The pack as it reads now; raises Refused with whatever keeps it from going out."""
    if not pack.is_approved:
        _refuse_one_signature(pack)
    if pack.not_after and pack.not_after <= timezone.now():
        raise Refused(
            f"{pack.slug} expired on {in_words(pack.not_after)}: nothing is issued of it."
        )
    composition = compose(pack)
    return composition, gate.refuse_unless_open(composition)


def _refuse_one_signature(pack: Pack) -> None:
    """Where a setting lets it: a pack that was submitted, and in which nobody's account stands."""
    state = pack.get_review_state_display().lower()
    if not settings.PACKS_ONE_SIGNATURE or pack.review_state != ReviewState.IN_REVIEW:
        raise Refused(f"{pack.slug} is {state}: a second person has to approve it first.")
    if pack.sections.filter(items__testimony_version__isnull=False).exists():
        raise Refused(f"{pack.slug} holds testimony: a second person has to approve it first.")


def _next_number(pack: Pack) -> int:
    return (pack.versions.aggregate(latest=Max("number"))["latest"] or 0) + 1


def _freeze(
    composition: Composition,
    passed: list[StopPassed],
    number: int,
    made: personal.Made | None,
    *,
    by: User,
) -> PackVersion:
    pack = composition.pack
    issued_at = made.issued_at if made else timezone.now().replace(microsecond=0)
    briefing = personal.labelled(as_issued(composition), number, issued_at)
    printed = documents(briefing, issued_at=issued_at)
    content = printed[PackFormat.PDF]
    due = None if pack.is_approved else _next_working_day(issued_at)
    return PackVersion.objects.create(
        pack=pack,
        number=number,
        issued_at=issued_at,
        issued_by=by,
        used_on=composition.use.at,
        manifest=manifest(
            composition, briefing, printed, passed, number=number, issued_at=issued_at
        ),
        format=PackFormat.PDF,
        content=content,
        sha256=sha256(content),
        not_before=pack.not_before,
        not_after=pack.not_after,
        personalised=pack.personalised,
        second_signature_due=due,
    )


def _next_working_day(moment: datetime) -> datetime:
    local = timezone.localtime(moment)
    day = working_days_after(local.date(), 1)
    return timezone.make_aware(datetime.combine(day, local.time()))


def _hand_out(
    version: PackVersion,
    member: Member,
    number: int,
    made: personal.Made | None,
    composition: Composition,
) -> None:
    own: dict[str, Any] = {"number": number}
    if made:
        reader, own_sha256 = made.readers[member.pk]
        own = {
            "id": reader.copy,
            "number": reader.number,
            "sha256": own_sha256,
            "salutation": reader.salutation,
            "named_as": reader.named_as,
        }
    copy = Copy.objects.create(version=version, member=member, issued_at=version.issued_at, **own)
    artefact = copy.sha256 or version.sha256
    for account in composition.accounts:
        use = record_use(account.version, composition.use, artefact_sha256=artefact)
        CopyUse.objects.create(copy=copy, use=use)


def _refuse_if_silenced(composition: Composition) -> None:
    """What says "may be read in the Chamber" has to be true when it leaves.

    Looked at after the uses are written: each holds its consent, so that nobody can narrow it
    between here and the commit.
    """
    aloud = {each.version.pk for each in composition.accounts if each.speech == "chamber"}
    if aloud - may_be_read_aloud(composition.use, list(aloud)):
        raise Refused("A consent was narrowed just now: issue the pack again to print it so.")


def _member(wanted: str) -> Member:
    known = Member.objects.filter(name__iexact=wanted.strip())
    if wanted.strip().isdecimal():
        known = Member.objects.filter(parliament_id=int(wanted))
    if member := known.first():
        return member
    raise Refused(
        f"There is no member “{wanted}”: write the name as Parliament lists it, or the id there."
    )
