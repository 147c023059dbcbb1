"""JSON bytes: one way to write them, so that equal documents are equal bytes."""

from typing import Any

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z


def encode(value: Any) -> bytes:
    return orjson.dumps(value, option=_OPTIONS)


def decode(body: bytes | memoryview) -> Any:
    return orjson.loads(body)


def as_stored(body: bytes | memoryview) -> orjson.Fragment:
    """A document to be put into an answer byte by byte, neither parsed nor written anew."""
    return orjson.Fragment(bytes(body))
