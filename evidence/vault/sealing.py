"""Seals words of the vault with their contributor's key, for one place only.

A sealed value is a version byte, a random nonce and AES-256-GCM's answer. Its length tells the
length of the words to 256 bytes, which is not enough to guess a name by.
"""

import os
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evidence.vault.keyring import KeyDestroyed, KeyMissing, Tampered, WrongKey, current
from evidence.vault.wrapping import NONCE_BYTES

__all__ = [
    "KeyDestroyed",
    "KeyMissing",
    "Tampered",
    "WrongKey",
    "seal",
    "seal_json",
    "unseal",
    "unseal_json",
]

VERSION = b"\x01"
BLOCK = 256
END = b"\x80"  # where the words end and the padding begins


def seal(contributor: UUID, content: bytes, about: str) -> bytes:
    """`about` names the row and the field; the first seal for a contributor makes their key."""
    ring = current()
    ring.create(contributor)
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(ring.key_of(contributor))
    return VERSION + nonce + cipher.encrypt(nonce, _padded(content), _place(contributor, about))


def unseal(contributor: UUID, sealed: bytes, about: str) -> bytes:
    cipher = AESGCM(current().key_of(contributor))
    sealed = bytes(sealed)  # the database driver gives a memoryview
    nonce, words = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if not sealed.startswith(VERSION) or not words:
        raise _altered(about)
    try:
        return _unpadded(cipher.decrypt(nonce, words, _place(contributor, about)))
    except InvalidTag as error:
        raise _altered(about) from error


def seal_json(contributor: UUID, content: dict[str, Any], about: str) -> bytes:
    return seal(contributor, orjson.dumps(content), about)


def unseal_json(contributor: UUID, sealed: bytes, about: str) -> dict[str, Any]:
    content: dict[str, Any] = orjson.loads(unseal(contributor, sealed, about))
    return content


def _padded(content: bytes) -> bytes:
    return content + END + bytes(-(len(content) + len(END)) % BLOCK)


def _unpadded(padded: bytes) -> bytes:
    """Only after the tag was found right, so the padding is as we wrote it."""
    return padded.rstrip(b"\0").removesuffix(END)


def _place(contributor: UUID, about: str) -> bytes:
    """What a sealed value belongs to: elsewhere it does not open."""
    return b"attest vault" + VERSION + contributor.bytes + about.encode()


def _altered(about: str) -> Tampered:
    return Tampered(
        f"What is sealed as {about} is not what was sealed there: change nothing, "
        "tell the data protection officer, and take the row back from a backup."
    )
