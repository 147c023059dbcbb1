"""Previews of packs in every format, marked as not issued: nothing leaves by them."""

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from campaigns.briefing import BadBriefing, Briefing, Format, UnprintableText, render
from campaigns.briefing.interchange import to_json
from campaigns.models import Pack, PackFormat
from campaigns.packs import Composition, compose
from evidence.models import ReviewState
from evidence.refusing import Refused

PREVIEW = "Preview: not issued"
PREVIEW_STRAPLINE = f"{PREVIEW}, not for circulation"
STAMP = PackFormat.JSON  # the format that tells whether the others are still true


@dataclass(frozen=True)
class BuiltPack:
    """What lies in a folder for one pack: its files, or why there are none."""

    slug: str
    files: tuple[Path, ...]
    changed: bool
    refusals: tuple[str, ...]


def build(pack: Pack, format: str) -> tuple[bytes, Composition]:
    """A preview for the officer's own eyes; raises Refused where the pack cannot be printed."""
    composition = compose(pack)
    composition.refuse_if_stopped()
    return printed(preview(composition), format, timestamp=pack.updated_at), composition


def preview(composition: Composition) -> Briefing:
    """Marked on every page, since it may hold accounts that were never written down as used."""
    strapline = " · ".join(filter(None, (composition.pack.embargo, PREVIEW_STRAPLINE)))
    return replace(composition.briefing, strapline=strapline, version_label=PREVIEW)


def printed(briefing: Briefing, format: str, *, timestamp: datetime) -> bytes:
    """The bytes of one format; what cannot be printed is refused with the place to mend."""
    try:
        return render(briefing, cast(Format, PackFormat(format).value), timestamp=timestamp)
    except (BadBriefing, UnprintableText) as problem:
        raise Refused(str(problem)) from problem


def build_all(folder: Path) -> list[BuiltPack]:
    """Previews of every pack in every format; a pack that still reads the same is not made again.

    A pack that can no longer be built loses its files: they may hold what must not be read now.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [_build_into(folder, pack) for pack in Pack.objects.select_related("stage__bill")]


def _build_into(folder: Path, pack: Pack) -> BuiltPack:
    files = {format: folder / f"{pack.slug}.{format}" for format in PackFormat}
    try:
        composition = _current(pack)
        changed = _write_changed(composition, files)
    except Refused as refusal:
        for file in files.values():
            file.unlink(missing_ok=True)
        return BuiltPack(pack.slug, (), changed=False, refusals=(str(refusal),))
    return BuiltPack(pack.slug, tuple(files.values()), changed, composition.refusals)


def _current(pack: Pack) -> Composition:
    if pack.review_state == ReviewState.RETIRED:
        raise Refused("The pack is retired.")
    composition = compose(pack)
    composition.refuse_if_stopped()
    return composition


def _write_changed(composition: Composition, files: dict[PackFormat, Path]) -> bool:
    briefing = preview(composition)
    if all(map(Path.is_file, files.values())) and files[STAMP].read_bytes() == to_json(briefing):
        return False
    made = {
        format: printed(briefing, format, timestamp=composition.pack.updated_at)
        for format in PackFormat
    }
    for format in sorted(made, key=lambda format: format == STAMP):  # the stamp comes last
        write_whole(files[format], made[format])
    return True


def write_whole(file: Path, content: bytes) -> None:
    """All of the file or none of it, for whoever reads it meanwhile."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".", delete=False) as unfinished:
        try:
            unfinished.write(content)
            unfinished.flush()
            Path(unfinished.name).chmod(0o644)
            Path(unfinished.name).replace(file)
        except BaseException:
            Path(unfinished.name).unlink(missing_ok=True)
            raise
