"""One key for each contributor, in files outside the database; a destroyed one never comes back.

A key is read anew each time, so that a destroyed one is gone for every process at once.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings

from evidence.vault import durable
from evidence.vault.refusals import KeyDestroyed, KeyMissing, Tampered, WrongKey
from evidence.vault.wrapping import KEY_BYTES, Wrapping

__all__ = ["KeyDestroyed", "KeyMissing", "Keyring", "Tampered", "WrongKey", "current"]


class Keyring:
    """`ID.key` is a wrapped key; `ID.destroyed` says for good that there was one.

    Whoever changes a file holds the lock alone; who reads a key shares it.
    """

    def __init__(self, folder: Path, wrapping_key: bytes) -> None:
        self.folder = folder
        self._wrapping = Wrapping(wrapping_key)

    def create(self, contributor: UUID) -> None:
        path = self._key_file(contributor)
        if self.holds(contributor) and not durable.draft_of(path).exists():
            return
        with self._locked(fcntl.LOCK_EX):
            if self._marker(contributor).exists():
                raise KeyDestroyed
            if path.exists():
                durable.settle(path)
                return
            if not self._opens():
                raise WrongKey
            durable.add(path, self._wrapping.wrap(contributor, os.urandom(KEY_BYTES)))

    def holds(self, contributor: UUID) -> bool:
        self.require_folder()
        return self._key_file(contributor).exists() and not self._marker(contributor).exists()

    def is_destroyed(self, contributor: UUID) -> bool:
        """False as long as a crash has left the key's file: destroy() finishes it."""
        self.require_folder()
        return self._marker(contributor).exists() and not self._has_remains(contributor)

    def key_of(self, contributor: UUID) -> bytes:
        with self._locked(fcntl.LOCK_SH):
            if self._marker(contributor).exists():
                raise KeyDestroyed
            try:
                wrapped = self._key_file(contributor).read_bytes()
            except FileNotFoundError as error:
                raise KeyMissing(
                    f"The keyring has no key of contributor {contributor}: see that "
                    "ATTEST_KEYRING_DIR names the folder of today, or put its newest copy back."
                ) from error
            return self._wrapping.unwrap(contributor, wrapped)

    def destroy(self, contributor: UUID) -> None:
        """The marker comes first: from then on a crash leaves nothing that opens."""
        with self._locked(fcntl.LOCK_EX):
            durable.mark(self._marker(contributor))
            durable.destroy(self._key_file(contributor))

    def rewrap(self, new_wrapping_key: bytes) -> int:
        """Wrap every key anew; done again after a crash it goes on where it stopped.

        Every key is opened before the first is written, so that a damaged one stops it at once.
        """
        new = Wrapping(new_wrapping_key)
        with self._locked(fcntl.LOCK_EX):
            keys = list(self._keys_not_under(new))
            for contributor, key in keys:
                durable.replace(self._key_file(contributor), new.wrap(contributor, key))
        self._wrapping = new
        return len(keys)

    def opens(self) -> bool:
        """Whether the wrapping key is that of the ring; any is, while there is no key in it."""
        with self._locked(fcntl.LOCK_SH):
            return self._opens()

    def _opens(self) -> bool:
        is_empty = True
        for path in self.folder.glob("*.key"):
            if self._wrapping.has_wrapped(path.read_bytes()):
                return True
            is_empty = False
        return is_empty

    def _keys_not_under(self, new: Wrapping) -> Iterator[tuple[UUID, bytes]]:
        for path in sorted(self.folder.glob("*.key")):
            contributor = UUID(path.stem)
            if self._marker(contributor).exists():
                durable.destroy(path)
                continue
            wrapped = path.read_bytes()
            if new.has_wrapped(wrapped):
                new.unwrap(contributor, wrapped)
                durable.settle(path)
                continue
            yield contributor, self._wrapping.unwrap(contributor, wrapped)

    def _has_remains(self, contributor: UUID) -> bool:
        path = self._key_file(contributor)
        return path.exists() or durable.draft_of(path).exists()

    def _key_file(self, contributor: UUID) -> Path:
        return self.folder / f"{contributor}.key"

    def _marker(self, contributor: UUID) -> Path:
        return self.folder / f"{contributor}.destroyed"

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        self.require_folder()
        with durable.locked(self.folder / "lock", kind):
            yield

    def require_folder(self) -> None:
        """Never made here: where its disk is not mounted, a new ring would hide the old one."""
        if not self.folder.is_dir():
            raise KeyMissing(
                f"The keyring's folder {self.folder} is not there: mount its disk, "
                f"or make it if this is a first start (install -d -m 700 {self.folder})."
            )


def current() -> Keyring:
    """The keyring of today, never of a backup; the demo makes its folder by itself."""
    folder = Path(settings.KEYRING_DIR)
    if settings.DEMO:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Keyring(folder, settings.KEYRING_KEY)
