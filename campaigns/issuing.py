"""Issuing a pack: a frozen version, a copy for each member, a use for each account in it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from campaigns.briefing import Briefing
from campaigns.building import write_whole
from campaigns.composing.accounts import may_be_read_aloud
from campaigns.manifests import documents, manifest, sha256
from campaigns.models import Copy, CopyUse, Member, Pack, PackFormat, PackVersion
from campaigns.packs import Composition, compose
from evidence.refusing import Refused
from evidence.uses import record_use


@transaction.atomic
def issue(pack: Pack, *, to: Sequence[Member], by: User) -> PackVersion:
    """Freeze the pack as it reads now and write down who holds it: all of it, or nothing at all.

    The pack's row is locked, so that two issues take their numbers one after the other and no
    edit slips in between; a withdrawal waits for the commit, or makes `record_use` refuse.
    """
    if not to:
        raise Refused("Name at least one member to issue it to.")
    pack = (
        Pack.objects.select_for_update(of=("self",)).select_related("stage__bill").get(pk=pack.pk)
    )
    if not pack.is_approved:
        state = pack.get_review_state_display().lower()
        raise Refused(f"{pack.slug} is {state}: a second person has to approve it first.")
    composition = compose(pack)
    composition.refuse_if_stopped()
    version = _freeze(composition, by=by)
    for member in dict.fromkeys(to):
        _hand_out(version, member, composition)
    _refuse_if_silenced(composition)
    transaction.on_commit(partial(write_copies, version))
    return version


def find_members(wanted: Sequence[str]) -> list[Member]:
    """Members by name, or by their id in Parliament; nobody is guessed at."""
    return [_member(each) for each in wanted]


def write_copies(version: PackVersion, folder: Path | None = None) -> list[Path]:
    """Each copy as a file that names its holder; written again, it is the same.

    Not those that were called back: nothing of them is to lie about.
    """
    folder = copies_folder(folder or settings.PACKS)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    held = version.copies.held()
    for copy in held.select_related("member", "version__pack"):
        file = folder / file_of(copy)
        write_whole(file, bytes(version.content))
        written.append(file)
    return written


def copies_folder(packs: Path) -> Path:
    return packs / "issued"


def file_of(copy: Copy) -> str:
    """The file's name: pack, version, holder, and the copy's own number."""
    pack = f"{copy.version.pack.slug}-v{copy.version.number}"
    return f"{pack}-{slugify(copy.member.name)}-{copy.pk.hex[:8]}.{copy.version.format}"


def _freeze(composition: Composition, *, by: User) -> PackVersion:
    pack, issued_at = composition.pack, timezone.now().replace(microsecond=0)
    latest = pack.versions.order_by("number").last()
    number = latest.number + 1 if latest else 1
    briefing = _labelled(composition.briefing, number, issued_at)
    made = documents(briefing, issued_at=issued_at)
    content = made[PackFormat.PDF]
    return PackVersion.objects.create(
        pack=pack,
        number=number,
        issued_at=issued_at,
        issued_by=by,
        used_on=composition.use.at,
        manifest=manifest(composition, briefing, made),
        format=PackFormat.PDF,
        content=content,
        sha256=sha256(content),
    )


def _labelled(briefing: Briefing, number: int, issued_at: datetime) -> Briefing:
    day = timezone.localtime(issued_at)
    return replace(briefing, version_label=f"Version {number}, issued {day:%-d %B %Y}")


def _hand_out(version: PackVersion, member: Member, composition: Composition) -> None:
    copy = Copy.objects.create(version=version, member=member, issued_at=version.issued_at)
    for account in composition.accounts:
        use = record_use(account.version, composition.use, artefact_sha256=version.sha256)
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
