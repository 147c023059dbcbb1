"""`rotate_keyring` wraps the keys anew and says what to do next."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evidence.vault import sealing
from evidence.vault.keyring import WrongKey
from tests.evidence.vault.killed import ANNA, BEN, NEW


def rotate(variable: str = "NEW_KEY") -> str:
    out = StringIO()
    call_command("rotate_keyring", new_key_from=variable, stdout=out)
    return out.getvalue()


def test_afterwards_the_new_key_opens_the_vault_and_the_old_one_does_not(
    monkeypatch, settings
) -> None:
    sealed = sealing.seal(ANNA, b"Anna", "name")
    sealing.seal(BEN, b"Ben", "name")
    monkeypatch.setenv("NEW_KEY", NEW.hex())

    said = rotate()

    assert said == (
        "Wrapped 2 keys anew. Set ATTEST_KEYRING_KEY to what NEW_KEY holds before you start the "
        "web process and the worker, copy the keyring, and destroy its older copies with the old "
        "key.\n"
    )
    with pytest.raises(WrongKey):
        sealing.unseal(ANNA, sealed, "name")
    settings.KEYRING_KEY = NEW
    assert sealing.unseal(ANNA, sealed, "name") == b"Anna"


def test_a_variable_without_a_key_is_told() -> None:
    with pytest.raises(CommandError) as caught:
        rotate("UNSET_KEY")

    assert str(caught.value) == (
        "UNSET_KEY holds no key of 32 bytes: write it as 64 hex digits or in urlsafe base64."
    )


def test_with_the_wrong_old_key_nothing_is_touched(monkeypatch, settings, keyring_folder) -> None:
    sealing.seal(ANNA, b"Anna", "name")
    before = (keyring_folder / f"{ANNA}.key").read_bytes()
    settings.KEYRING_KEY = bytes(32)
    monkeypatch.setenv("NEW_KEY", NEW.hex())

    with pytest.raises(CommandError) as caught:
        rotate()

    assert str(caught.value) == str(WrongKey())
    assert (keyring_folder / f"{ANNA}.key").read_bytes() == before
