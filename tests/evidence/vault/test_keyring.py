"""A contributor's key is made once, opened with the key of the ring, and destroyed for good."""

import os
import stat
import threading
from pathlib import Path
from uuid import UUID

import pytest

from evidence.vault.keyring import (
    KeyDestroyed,
    KeyMissing,
    Keyring,
    Tampered,
    WrongKey,
    current,
)
from evidence.vault.wrapping import WRAPPED_BYTES, read_key
from tests.evidence.vault.processes import left_by_each_step, race

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
ANNA, BEN, CLEO = (UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def ring(keyring_folder: Path) -> Keyring:
    return Keyring(keyring_folder, OLD)


def names(ring: Keyring) -> set[str]:
    return {path.name for path in ring.folder.iterdir()} - {"lock"}


def test_a_key_is_made_once(ring: Keyring) -> None:
    ring.create(ANNA)
    first = ring.key_of(ANNA)
    ring.create(ANNA)

    assert (ring.key_of(ANNA), len(first), ring.holds(ANNA)) == (first, 32, True)
    assert names(ring) == {f"{ANNA}.key"}


def test_each_contributor_has_another(ring: Keyring) -> None:
    for contributor in (ANNA, BEN):
        ring.create(contributor)

    assert ring.key_of(ANNA) != ring.key_of(BEN)
    assert ring.holds(CLEO) is False
    with pytest.raises(KeyMissing):
        ring.key_of(CLEO)


def test_nobody_else_may_read_it(settings, tmp_path: Path) -> None:
    settings.KEYRING_DIR = tmp_path / "ring"
    mask = os.umask(0)
    try:
        current().create(ANNA)
        current().destroy(BEN)
    finally:
        os.umask(mask)

    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.rglob("*")}
    assert modes == {
        "ring": "0o700",
        "lock": "0o600",
        f"{ANNA}.key": "0o600",
        f"{BEN}.destroyed": "0o600",
    }


def test_a_destroyed_key_is_gone_for_good(ring: Keyring) -> None:
    ring.create(ANNA)
    ring.destroy(ANNA)
    ring.destroy(ANNA)

    assert (ring.holds(ANNA), ring.is_destroyed(ANNA)) == (False, True)
    assert names(ring) == {f"{ANNA}.destroyed"}
    for act in (ring.create, ring.key_of):
        with pytest.raises(KeyDestroyed):
            act(ANNA)


def test_a_key_put_back_by_hand_does_not_open_again(ring: Keyring) -> None:
    ring.create(ANNA)
    copy = (ring.folder / f"{ANNA}.key").read_bytes()
    ring.destroy(ANNA)
    (ring.folder / f"{ANNA}.key").write_bytes(copy)

    assert (ring.holds(ANNA), ring.is_destroyed(ANNA)) == (False, False)
    with pytest.raises(KeyDestroyed):
        ring.key_of(ANNA)
    ring.destroy(ANNA)
    assert ring.is_destroyed(ANNA) is True


def test_the_file_is_overwritten_before_it_is_removed(ring: Keyring) -> None:
    ring.create(ANNA)
    path = ring.folder / f"{ANNA}.key"
    wrapped = path.read_bytes()

    with path.open("rb") as kept_open:
        ring.destroy(ANNA)
        left = kept_open.read()

    assert len(left) == WRAPPED_BYTES
    assert not any(wrapped[start : start + 4] in left for start in range(WRAPPED_BYTES - 4))


def test_a_contributor_without_a_key_can_be_destroyed_too(ring: Keyring) -> None:
    ring.destroy(ANNA)

    assert ring.is_destroyed(ANNA) is True
    with pytest.raises(KeyDestroyed):
        ring.create(ANNA)


def test_a_key_can_be_destroyed_without_the_key_of_the_ring(ring: Keyring) -> None:
    ring.create(ANNA)

    Keyring(ring.folder, NEW).destroy(ANNA)

    assert ring.is_destroyed(ANNA) is True


def test_another_key_of_the_ring_neither_opens_it_nor_mixes_with_it(ring: Keyring) -> None:
    ring.create(ANNA)
    other = Keyring(ring.folder, NEW)

    assert (ring.opens(), other.opens()) == (True, False)
    with pytest.raises(WrongKey):
        other.key_of(ANNA)
    with pytest.raises(WrongKey):
        other.create(BEN)
    with pytest.raises(WrongKey):
        other.rewrap(bytes(32))
    assert names(ring) == {f"{ANNA}.key"}


def test_a_damaged_file_is_told(ring: Keyring) -> None:
    ring.create(ANNA)
    path = ring.folder / f"{ANNA}.key"
    wrapped = path.read_bytes()

    for place in range(len(wrapped)):
        path.write_bytes(wrapped[:place] + bytes([wrapped[place] ^ 1]) + wrapped[place + 1 :])
        with pytest.raises(WrongKey if 1 <= place <= 8 else Tampered):
            ring.key_of(ANNA)
    path.write_bytes(wrapped[:-1])
    with pytest.raises(Tampered, match="put it back from the newest copy"):
        ring.key_of(ANNA)


def test_every_key_is_wrapped_anew(ring: Keyring) -> None:
    for contributor in (ANNA, BEN, CLEO):
        ring.create(contributor)
    keys = {contributor: ring.key_of(contributor) for contributor in (ANNA, BEN)}
    ring.destroy(CLEO)

    count = ring.rewrap(NEW)

    assert count == 2
    for reader in (ring, Keyring(ring.folder, NEW)):
        assert {contributor: reader.key_of(contributor) for contributor in keys} == keys
    assert Keyring(ring.folder, OLD).opens() is False
    assert Keyring(ring.folder, OLD).rewrap(NEW) == 0
    assert ring.is_destroyed(CLEO) is True


def test_a_damaged_file_stops_it_before_the_first_is_written(ring: Keyring) -> None:
    for contributor in (ANNA, BEN):
        ring.create(contributor)
    damaged = ring.folder / f"{BEN}.key"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\0\0")
    before = (ring.folder / f"{ANNA}.key").read_bytes()

    with pytest.raises(Tampered):
        ring.rewrap(NEW)

    assert (ring.folder / f"{ANNA}.key").read_bytes() == before


def test_who_reads_meanwhile_never_sees_half_a_key(ring: Keyring) -> None:
    ring.create(ANNA)
    key = ring.key_of(ANNA)
    done = threading.Event()

    def rewrap() -> None:
        for turn in range(60):
            Keyring(ring.folder, (OLD, NEW)[turn % 2]).rewrap((NEW, OLD)[turn % 2])
        done.set()

    thread = threading.Thread(target=rewrap)
    thread.start()
    seen = set()
    while not done.is_set():
        for wrapping in (OLD, NEW):
            try:
                seen.add(Keyring(ring.folder, wrapping).key_of(ANNA))
            except WrongKey:
                seen.add(b"wrong")
    thread.join()

    assert seen <= {key, b"wrong"}
    assert key in seen


def test_processes_that_make_the_same_keys_at_once_agree(keyring_folder: Path) -> None:
    answers = race("create", keyring_folder, 8)

    assert len(set(answers)) == 1
    assert len(set(answers[0].split())) == 40


class TestPowerCut:
    """What counts is on the disk before the next step relies on it."""

    @pytest.fixture
    def steps(self, ring: Keyring, monkeypatch) -> list[str]:
        ring.create(BEN)
        taken: list[str] = []

        def noting(name: str) -> None:
            step = getattr(os, name)

            def take(*args: object, **options: object) -> object:
                what = name
                if name == "fsync":
                    is_folder = stat.S_ISDIR(os.fstat(args[0]).st_mode)
                    what = "sync folder" if is_folder else "sync file"
                taken.append(what)
                return step(*args, **options)

            monkeypatch.setattr(os, name, take)

        for name in ("write", "fsync", "link", "replace"):
            noting(name)
        return taken

    def test_of_create(self, ring: Keyring, steps: list[str]) -> None:
        ring.create(ANNA)

        assert steps == ["write", "sync file", "link", "sync folder"]

    def test_of_destroy(self, ring: Keyring, steps: list[str]) -> None:
        ring.destroy(BEN)

        assert steps == ["sync folder", "write", "sync file", "sync folder"]

    def test_of_rewrap(self, ring: Keyring, steps: list[str]) -> None:
        ring.rewrap(NEW)

        wiped = ["write", "sync file"]
        assert steps == ["write", "sync file", "replace", "sync folder", *wiped]


@pytest.mark.parametrize("manner", ["kill", "fail"])
class TestCrashes:
    """Each act ended at each of its steps: nothing is lost, and doing it again finishes it."""

    @pytest.fixture
    def before(self, tmp_path: Path) -> Keyring:
        (tmp_path / "before").mkdir()
        ring = Keyring(tmp_path / "before", OLD)
        ring.create(BEN)
        return ring

    def test_of_create(self, manner: str, before: Keyring, tmp_path: Path) -> None:
        for folder in left_by_each_step(manner, "create", tmp_path):
            ring = Keyring(folder, OLD)
            found = ring.key_of(ANNA) if ring.holds(ANNA) else None
            ring.create(ANNA)

            assert found in {None, ring.key_of(ANNA)}
            assert names(ring) == {f"{ANNA}.key", f"{BEN}.key"}

    @pytest.mark.parametrize("has_draft", [False, True])
    def test_of_destroy(
        self, manner: str, has_draft: bool, before: Keyring, tmp_path: Path
    ) -> None:
        before.create(ANNA)
        key = before.key_of(ANNA)
        if has_draft:
            (before.folder / f"{ANNA}.new").hardlink_to(before.folder / f"{ANNA}.key")

        for folder in left_by_each_step(manner, "destroy", tmp_path):
            ring = Keyring(folder, OLD)
            assert {f"{ANNA}.key", f"{ANNA}.destroyed"} & names(ring)
            if ring.holds(ANNA):
                assert ring.key_of(ANNA) == key
            else:
                with pytest.raises(KeyDestroyed):
                    ring.create(ANNA)
            ring.destroy(ANNA)
            assert ring.is_destroyed(ANNA)
            assert names(ring) == {f"{ANNA}.destroyed", f"{BEN}.key"}

    @pytest.mark.parametrize("has_draft", [False, True])
    def test_of_rewrap(self, manner: str, has_draft: bool, before: Keyring, tmp_path: Path) -> None:
        for contributor in (ANNA, CLEO):
            before.create(contributor)
        keys = {contributor: before.key_of(contributor) for contributor in (ANNA, BEN, CLEO)}
        if has_draft:
            (before.folder / f"{BEN}.new").hardlink_to(before.folder / f"{BEN}.key")

        for folder in left_by_each_step(manner, "rewrap", tmp_path):
            old, new = Keyring(folder, OLD), Keyring(folder, NEW)
            assert {each: opened_by_either(old, new, each) for each in keys} == keys
            old.rewrap(NEW)
            assert {each: new.key_of(each) for each in keys} == keys
            assert names(new) == {f"{each}.key" for each in keys}


def opened_by_either(old: Keyring, new: Keyring, contributor: UUID) -> bytes:
    try:
        return old.key_of(contributor)
    except WrongKey:
        return new.key_of(contributor)


@pytest.mark.parametrize(
    "written", [OLD.hex(), OLD.hex().upper(), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]
)
def test_a_wrapping_key_is_read(written: str) -> None:
    assert read_key(written) == OLD
    assert read_key(written.rstrip("=")) == OLD


@pytest.mark.parametrize("written", ["", "a" * 63, OLD.hex() + "00", "ключ", "a" * 42 + "+"])
def test_anything_else_is_none(written: str) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        read_key(written)


def test_a_key_of_another_length_wraps_nothing(keyring_folder: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring(keyring_folder, b"short")
