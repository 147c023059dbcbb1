"""How an answer is packed for its way: as the reader's browser accepts it."""

import functools
import gzip
import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDENTITY, GZIP, ZSTD = "", "gzip", "zstd"
# Below this an answer fits into one packet as it is.
WORTHWHILE = 600


@functools.lru_cache(maxsize=256)
def chosen(accepted: str) -> str:
    """The best of ours that an Accept-Encoding header names and does not refuse."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *options = (piece.strip() for piece in part.split(";"))
        weights[name] = _weight(options)
    offered = [
        (weights.get(name, weights.get("*", 0.0)), preference, name)
        for preference, name in enumerate((GZIP, ZSTD))
    ]
    weight, _, name = max(offered)
    return name if weight > 0 else IDENTITY


def _weight(options: list[str]) -> float:
    for option in options:
        if option.startswith("q="):
            try:
                return float(option[2:])
            except ValueError:
                return 0.0
    return 1.0


def packed(body: bytes, encoding: str) -> tuple[bytes, str]:
    """The bytes, and the encoding that they are in: none for those that are short anyway."""
    if len(body) < WORTHWHILE or encoding == IDENTITY:
        return body, IDENTITY
    if encoding == ZSTD:
        return zstd.compress(body), ZSTD
    return gzip.compress(body, compresslevel=6, mtime=0), GZIP
