"""Some fields of a document instead of all: `fields=title,display_value`."""

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from publishing.api.problems import bad_parameter
from publishing.documents import Envelope, document_for
from publishing.encoding import decode, encode
from publishing.models import Kind

NAME = "fields"
SAID = "Names of fields, with commas between; id, kind and licence always come with them."
ALWAYS = frozenset({"id", "kind", "licence"})
# What is not to be shown without: an account without its warning, a figure without its caveat.
COMPANIONS: dict[str, frozenset[str]] = {
    "text": frozenset({"attribution", "anonymity_note", "content_warning"}),
    "value": frozenset({"caveat", "qualifier", "display_value"}),
    "display_value": frozenset({"caveat"}),
}

type Wanted = tuple[str, ...]


@functools.cache
def known(kind: Kind) -> frozenset[str]:
    return frozenset(document_for(kind)().fields) | frozenset(Envelope().fields)


def read(values: Mapping[str, str], kind: Kind) -> Wanted:
    """The names in one order, with those that have to come along; empty for all fields."""
    if NAME not in values:
        return ()
    names = set(re.split(r",", values[NAME]))
    if unknown := names - known(kind):
        raise bad_parameter(NAME, f"Not a field of these documents: {min(unknown) or 'no name'}.")
    along = {each for name in names for each in COMPANIONS.get(name, ())}
    return tuple(sorted((names | along | ALWAYS) & known(kind)))


def only(body: bytes, wanted: Wanted) -> bytes:
    return encode(_kept(decode(body), wanted)) if wanted else body


def only_of_each(listed: bytes, wanted: Wanted) -> bytes:
    return encode([_kept(each, wanted) for each in decode(listed)]) if wanted else listed


def _kept(document: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
    return {name: document[name] for name in wanted if name in document}


def etag(whole: str, wanted: Iterable[str]) -> str:
    names = ".".join(wanted)
    return f"{whole}.{names}" if names else whole


def asked(wanted: Wanted) -> str:
    return f"?{urlencode({NAME: ','.join(wanted)})}" if wanted else ""
