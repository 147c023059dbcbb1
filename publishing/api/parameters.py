"""What an address may ask for: read once, refused by name."""

import re
from collections.abc import Collection, Mapping
from urllib.parse import urlencode

from django.http import QueryDict

from publishing.api.problems import bad_parameter

LONGEST = 200
LIMIT, MOST = 50, 100
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def read(given: QueryDict, allowed: Collection[str]) -> dict[str, str]:
    """The parameters by name; refuses unknown, repeated, over-long and unprintable ones."""
    for name, values in given.lists():
        if name not in allowed:
            raise bad_parameter(_printable(name), "This parameter is not known here.")
        if len(values) > 1:
            raise bad_parameter(name, "Give this parameter once.")
        if len(values[0]) > LONGEST:
            raise bad_parameter(name, f"At most {LONGEST} characters.")
        if CONTROL.search(values[0]):
            raise bad_parameter(name, "Control characters cannot be used.")
    return given.dict()  # type: ignore[return-value]  # once each, so no lists are among them


def limit_of(values: Mapping[str, str]) -> int:
    text = values.get("limit", str(LIMIT))
    if not re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) or not 1 <= int(text) <= MOST:
        raise bad_parameter("limit", f"A number from 1 to {MOST}.")
    return int(text)


def canonical(values: Mapping[str, str]) -> str:
    """One spelling of a query, whatever the order in which it was given."""
    return urlencode(sorted(values.items()))


def _printable(name: str) -> str:
    return CONTROL.sub("", name)[:LONGEST]
