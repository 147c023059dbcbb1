"""Files on disk follow the ledger: previews as packs read now, and no copy that was called back."""

from pathlib import Path

from campaigns.building import build_all
from campaigns.issuing import copies_folder, file_of, write_copies
from campaigns.models import Copy, PackVersion


def keep_files(folder: Path) -> None:
    """Bring the folder up to date: after a withdrawal, or a stop between a commit and its files."""
    build_all(folder)
    _remove_recalled(folder)
    _write_missing(folder)


def _remove_recalled(folder: Path) -> None:
    for copy in Copy.objects.recalled().select_related("member", "version__pack"):
        (copies_folder(folder) / file_of(copy)).unlink(missing_ok=True)


def _write_missing(folder: Path) -> None:
    held = Copy.objects.held().select_related("member", "version__pack")
    lacking = {
        copy.version_id
        for copy in held.defer("version__content", "version__manifest")
        if not (copies_folder(folder) / file_of(copy)).exists()
    }
    for version in PackVersion.objects.filter(pk__in=lacking):
        write_copies(version, folder)
