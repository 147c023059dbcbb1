"""What is sealed opens with its contributor's key, in its own place, unaltered, or not at all."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from evidence.refusing import Refused
from evidence.vault import sealing
from evidence.vault.keyring import KeyDestroyed, KeyMissing, Tampered, WrongKey, current
from evidence.vault.wrapping import Wrapping

ANNA, BEN = UUID(int=1), UUID(int=2)
PLACE = "identity of 7"
# One keyring serves every example of a test.
many = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(st.binary(max_size=2000), st.text(max_size=50), st.uuids())
def test_what_is_sealed_comes_back(content: bytes, about: str, contributor: UUID) -> None:
    sealed = sealing.seal(contributor, content, about)

    assert sealing.unseal(contributor, sealed, about) == content


json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


@many
@given(st.dictionaries(st.text(max_size=20), json, max_size=6))
def test_a_dictionary_comes_back(content: dict[str, object]) -> None:
    sealed = sealing.seal_json(ANNA, content, PLACE)

    assert sealing.unseal_json(ANNA, sealed, PLACE) == content


def test_what_the_database_driver_gives_is_opened() -> None:
    sealed = memoryview(sealing.seal(ANNA, b"Anna", PLACE))

    assert sealing.unseal(ANNA, sealed, PLACE) == b"Anna"


def test_any_flipped_bit_is_told() -> None:
    sealed = sealing.seal(ANNA, b"Anna", PLACE)

    for place in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(Tampered):
            sealing.unseal(ANNA, bytes(altered), PLACE)


def test_anything_cut_off_or_added_is_told() -> None:
    sealed = sealing.seal(ANNA, b"Anna", PLACE)

    for altered in [*(sealed[:end] for end in range(len(sealed))), sealed + b"\0"]:
        with pytest.raises(Tampered):
            sealing.unseal(ANNA, altered, PLACE)


@many
@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_opens_in_another_place(about: str, other: str) -> None:
    sealed = sealing.seal(ANNA, b"Anna", about)

    if about != other:
        with pytest.raises(Tampered):
            sealing.unseal(ANNA, sealed, other)


def test_nothing_opens_as_another_contributors() -> None:
    sealed = sealing.seal(ANNA, b"Anna", PLACE)
    sealing.seal(BEN, b"Ben", PLACE)

    with pytest.raises(Tampered):
        sealing.unseal(BEN, sealed, PLACE)


def test_nor_with_their_key_under_another_name(keyring_folder: Path) -> None:
    sealing.seal(ANNA, b"Anna", PLACE)
    (keyring_folder / f"{BEN}.key").write_bytes((keyring_folder / f"{ANNA}.key").read_bytes())

    with pytest.raises(Tampered, match=rf"{BEN}\.key of the keyring is damaged"):
        sealing.seal(BEN, b"Ben", PLACE)


def test_nor_even_if_both_had_the_same_key(settings, keyring_folder: Path) -> None:
    sealed = sealing.seal(ANNA, b"Anna", PLACE)
    wrapped = Wrapping(settings.KEYRING_KEY).wrap(BEN, current().key_of(ANNA))
    (keyring_folder / f"{BEN}.key").write_bytes(wrapped)

    with pytest.raises(Tampered):
        sealing.unseal(BEN, sealed, PLACE)


def test_the_length_tells_no_name() -> None:
    lengths = {len(sealing.seal(ANNA, b"x" * length, PLACE)) for length in range(256)}

    assert len(lengths) == 1
    assert len(sealing.seal(ANNA, b"x" * 256, PLACE)) == lengths.pop() + 256


def test_the_same_words_are_never_sealed_alike() -> None:
    sealed = [sealing.seal(ANNA, b"Anna", PLACE) for _ in range(50)]

    assert len({each[1:13] for each in sealed}) == 50
    assert len(set(sealed)) == 50


def test_neither_the_sealed_words_nor_the_keyring_say_what_is_inside(keyring_folder: Path) -> None:
    sealed = sealing.seal(ANNA, b"Anna Example", PLACE)

    files = b"".join(path.read_bytes() for path in keyring_folder.iterdir())
    assert b"Anna" not in sealed + files
    assert current().key_of(ANNA) not in files


def test_a_destroyed_key_ends_it_for_a_backup_too() -> None:
    from_backup = sealing.seal(ANNA, b"Anna", PLACE)
    others = sealing.seal(BEN, b"Ben", PLACE)

    current().destroy(ANNA)

    with pytest.raises(KeyDestroyed):
        sealing.unseal(ANNA, from_backup, PLACE)
    with pytest.raises(KeyDestroyed):
        sealing.seal(ANNA, b"Anna", PLACE)
    assert sealing.unseal(BEN, others, PLACE) == b"Ben"


def test_a_key_that_is_not_there_is_told() -> None:
    with pytest.raises(KeyMissing, match="ATTEST_KEYRING_DIR names the folder of today"):
        sealing.unseal(ANNA, b"\x01", PLACE)


def test_a_keyring_that_is_not_there_is_told(settings, tmp_path: Path) -> None:
    settings.KEYRING_DIR, settings.DEMO = tmp_path / "unmounted", False

    for act in (sealing.seal, sealing.unseal):
        with pytest.raises(KeyMissing, match="mount its disk"):
            act(ANNA, b"", PLACE)
    assert not (tmp_path / "unmounted").exists()


def test_another_key_in_the_environment_is_told(settings) -> None:
    sealed = sealing.seal(ANNA, b"Anna", PLACE)
    settings.KEYRING_KEY = bytes(32)

    with pytest.raises(WrongKey):
        sealing.unseal(ANNA, sealed, PLACE)
    with pytest.raises(WrongKey):
        sealing.seal(uuid4(), b"Ben", PLACE)


def test_each_is_a_refusal_of_one_sentence() -> None:
    for refusal in (KeyDestroyed(), WrongKey()):
        assert isinstance(refusal, Refused)
        assert str(refusal).endswith(".")
        assert str(refusal).count(". ") == 0
    assert issubclass(KeyMissing, Refused)
    assert issubclass(Tampered, Refused)
