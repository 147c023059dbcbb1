"""Collects what a site streams, packed or not, and stops at the cap before it fills the memory."""

import zlib
from collections.abc import Callable, Iterable

from evidence.refusing import Refused

type Unpack = Callable[[bytes, int], bytes]  # a chunk, and how many bytes are still wanted

GARBLED = "The site's answer breaks off or is garbled: paste the text instead."


def unpacked(chunks: Iterable[bytes], encoding: str, largest: int) -> bytes:
    body = bytearray()
    unpack, finish = _unpacker(encoding.strip().lower())
    for chunk in chunks:
        # One byte over the cap shows that there is more, and nothing after it is unpacked.
        body += unpack(chunk, largest + 1 - len(body))
        if len(body) > largest:
            raise Refused(
                f"The page is larger than {largest // 1_000_000} MB: "
                "paste the part you need instead."
            )
    finish()
    return bytes(body)


def _unpacker(encoding: str) -> tuple[Unpack, Callable[[], None]]:
    if encoding in {"", "identity"}:
        return (lambda chunk, wanted: chunk[:wanted]), lambda: None
    if encoding in {"gzip", "x-gzip"}:
        return _gzip()
    raise Refused("The site packs its pages in an unusual way: paste the text instead.")


def _gzip() -> tuple[Unpack, Callable[[], None]]:
    inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    def unpack(chunk: bytes, wanted: int) -> bytes:
        try:
            return inflater.decompress(chunk, wanted)
        except zlib.error:
            raise Refused(GARBLED) from None

    def finish() -> None:
        if not inflater.eof:
            raise Refused(GARBLED)

    return unpack, finish
