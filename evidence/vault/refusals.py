"""Why something of the vault cannot be opened or sealed, each with what to do."""

from evidence.refusing import Refused


class KeyDestroyed(Refused):
    def __init__(self) -> None:
        super().__init__(
            "This contributor's key was destroyed, so nothing of theirs can be kept or read: "
            "if they come back to us, enter them as a new contributor."
        )


class KeyMissing(Refused):
    """A key, or the whole ring, is not where it should be."""


class WrongKey(Refused):
    def __init__(self) -> None:
        super().__init__(
            "ATTEST_KEYRING_KEY does not open the keyring: give the key that wraps it today, "
            "or let manage.py rotate_keyring finish if it was interrupted."
        )


class Tampered(Refused):
    """The bytes are not those that were written for this place."""
