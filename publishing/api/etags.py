"""Which copy a reader holds. Encodings of one page differ in their ETags by an ending alone."""

from django.utils.http import parse_etags, quote_etag

ENDINGS = {"": "", "gzip": "-gz", "zstd": "-zs"}


def etag_of(state: str, encoding: str) -> str:
    return quote_etag(state + ENDINGS[encoding])


def holds(if_none_match: str, etag: str) -> bool:
    """Weakly compared, since a proxy that compresses marks our ETags as weak.

    The ending does not count: whoever has the page in one encoding has it in all.
    """
    if if_none_match == etag:
        return True
    held = parse_etags(if_none_match)
    return "*" in held or _bare(etag) in {_bare(each) for each in held}


def _bare(etag: str) -> str:
    bare = etag.removeprefix("W/").strip('"')
    for ending in (*ENDINGS.values(), "-gzip", "-zstd"):  # the latter as Apache and Caddy add them
        if ending and bare.endswith(ending):
            return bare.removesuffix(ending)
    return bare
