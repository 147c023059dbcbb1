"""Plain text: nothing to take out, but its encoding has to be told."""

from evidence.refusing import Refused
from evidence.snapshots import sandbox
from evidence.snapshots.decoding import decoded, refuse_mangled
from evidence.snapshots.words import Words


def read(data: bytes, declared: str) -> Words:
    words = decoded(data, declared)
    if not words.text.strip():
        raise Refused("This file is empty: choose another, or paste the words.")
    refuse_mangled(words.text)
    return words


if __name__ == "__main__":
    sandbox.serve(read)
