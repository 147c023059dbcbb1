"""Files on disk follow the ledger: previews as packs read now, and no copy that was called back."""

import time
from pathlib import Path

from campaigns import personal
from campaigns.building import build_all
from campaigns.issuing import copies_folder, file_of, write_copies
from campaigns.models import Copy, PackVersion

UNFINISHED = 60  # seconds: what is older, nobody is writing any more


def keep_files(folder: Path) -> None:
    """Bring the folder up to date: after a withdrawal, or a stop between a commit and its files."""
    build_all(folder)
    _remove_recalled(folder)
    _write_missing(folder)
    personal.forget_unfinished(folder)


def forget(folder: Path) -> None:
    """Nothing of an erased account lies about, in files that a crash left unfinished neither."""
    personal.forget_unfinished(folder, older_than=0)
    keep_files(folder)
    files = [*folder.glob("*"), *copies_folder(folder).glob("*")]  # first: each has its row by then
    known = {
        file_of(copy) for copy in Copy.objects.held().select_related("member", "version__pack")
    }
    for file in files:
        if file.is_file() and (_is_abandoned(file) or _is_unknown_copy(file, known)):
            file.unlink(missing_ok=True)


def _is_abandoned(file: Path) -> bool:
    return file.name.startswith(".") and time.time() - file.stat().st_mtime > UNFINISHED


def _is_unknown_copy(file: Path, known: set[str]) -> bool:
    is_whole = not file.name.startswith(".")
    return is_whole and file.parent.name == "issued" and file.name not in known


def _remove_recalled(folder: Path) -> None:
    for copy in Copy.objects.recalled().select_related("member", "version__pack"):
        (copies_folder(folder) / file_of(copy)).unlink(missing_ok=True)


def _write_missing(folder: Path) -> None:
    held = (
        Copy.objects.held().filter(version__recall=None).select_related("member", "version__pack")
    )
    lacking = {
        copy.version_id
        for copy in held.defer("version__content", "version__manifest")
        if not (copies_folder(folder) / file_of(copy)).exists()
    }
    for version in PackVersion.objects.filter(pk__in=lacking, erased_at=None):
        write_copies(version, folder)
