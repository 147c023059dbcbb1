"""How a contributor's key lies in its file: wrapped by the key from the environment."""

import base64
import hashlib
import hmac
import os
import re
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evidence.vault.refusals import Tampered, WrongKey

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = b"\x01"
FINGERPRINT_BYTES = 8
WRAPPED_BYTES = len(VERSION) + FINGERPRINT_BYTES + NONCE_BYTES + KEY_BYTES + 16
HEX = re.compile(r"[0-9a-fA-F]{64}")
BASE64 = re.compile(r"[0-9A-Za-z_-]{43}=?")


def read_key(written: str) -> bytes:
    """A wrapping key as it stands in the environment; ValueError where it is none."""
    if HEX.fullmatch(written):
        return bytes.fromhex(written)
    if BASE64.fullmatch(written):
        return base64.urlsafe_b64decode(written.rstrip("=") + "=")
    raise ValueError("A wrapping key is 32 bytes, as 64 hex digits or in urlsafe base64.")


class Wrapping:
    """A wrapping key, and what can be done with it.

    A wrapped key starts with a fingerprint of the key that wraps it, to tell a wrong key in the
    environment, which is mended there, from a damaged file, which is mended from its copy.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("A wrapping key is 32 bytes.")
        self._cipher = AESGCM(key)
        digest = hmac.new(key, b"attest keyring fingerprint", hashlib.sha256).digest()
        self._start = VERSION + digest[:FINGERPRINT_BYTES]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wrapping) and hmac.compare_digest(self._start, other._start)

    def __hash__(self) -> int:
        return hash(self._start)

    def wrap(self, contributor: UUID, key: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return self._start + nonce + self._cipher.encrypt(nonce, key, self._place(contributor))

    def has_wrapped(self, wrapped: bytes) -> bool:
        return wrapped.startswith(self._start)

    def unwrap(self, contributor: UUID, wrapped: bytes) -> bytes:
        if len(wrapped) != WRAPPED_BYTES or not wrapped.startswith(VERSION):
            raise _damaged(contributor)
        if not self.has_wrapped(wrapped):
            raise WrongKey
        nonce, key = wrapped[len(self._start) :][:NONCE_BYTES], wrapped[-KEY_BYTES - 16 :]
        try:
            return self._cipher.decrypt(nonce, key, self._place(contributor))
        except InvalidTag as error:
            raise _damaged(contributor) from error

    def _place(self, contributor: UUID) -> bytes:
        """A key file under another contributor's name must not open."""
        return b"attest keyring" + self._start + contributor.bytes


def _damaged(contributor: UUID) -> Tampered:
    return Tampered(
        f"The file {contributor}.key of the keyring is damaged: "
        "put it back from the newest copy of the keyring."
    )
