"""Which entries are sources that we have already, or stand twice in one file."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from urllib.parse import parse_qsl, urlencode, urlsplit
from zlib import crc32

from evidence.bibliography.entries import Entry
from evidence.models import Source

# How much of two titles' three-letter groups must be shared: a typing error or a dropped "the"
# passes, another subject does not.
NEAR = 0.8
TRACKING = re.compile(
    r"utm_.*|at_.*|mc_[ce]id|fbclid|gclid|igshid|msclkid|cmp|cmpid|ocid|_ga|ref|ref_src",
    re.IGNORECASE,
)

_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi: ?)", re.IGNORECASE)
_NUMBERS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Match:
    """`position` is the entry's place in the file, from 0; `of` the key of a source of ours, or
    the title of an earlier entry; `reason` says it in a sentence.
    """

    position: int
    of: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What a work is recognised by."""

    label: str
    of: str
    doi: str
    url: str
    title: str
    year: str


def duplicates(entries: Sequence[Entry]) -> list[Match]:
    """At most one match for each entry: by DOI, else web address, else title. Asks one query."""
    register = _Register()
    fields = ("key", "title", "doi", "url", "published_on", "published_label")
    for source in Source.objects.order_by("key").values_list(*fields, named=True):
        year = _year(source.published_on, source.published_label)
        register.add(
            _known(f"“{source.title}” ({source.key})", source.key, source.doi, source.url,
                   source.title, year)
        )  # fmt: skip
    matches = []
    for position, entry in enumerate(entries):
        year = _year(entry.issued.on, entry.issued.label)
        label = f"entry {position + 1} of this file, “{entry.title}”"
        known = _known(label, entry.title, entry.doi, entry.url, entry.title, year)
        if match := register.match(known):
            found, reason = match
            matches.append(Match(position, found.of, f"{reason} as {found.label}."))
        register.add(known)
    return matches


def plain_doi(doi: str) -> str:
    return _DOI.sub("", doi.strip()).casefold()


def plain_url(url: str) -> str:
    """Without what does not tell pages apart: scheme, www, tracking, fragment, closing slash."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return url.strip()
    told = sorted(pair for pair in parse_qsl(parts.query) if not TRACKING.fullmatch(pair[0]))
    shown_port = "" if port in (None, 80, 443) else f":{port}"
    query = f"?{urlencode(told)}" if told else ""
    return f"{host}{shown_port}{parts.path.rstrip('/')}{query}"


def folded(words: str) -> str:
    """Without case, accents and punctuation: "Plan B: the café's" as "plan b the cafes"."""
    apart = unicodedata.normalize("NFKD", words.casefold().replace("&", " and "))
    bare = "".join(each for each in apart if not unicodedata.combining(each) and each not in "'’")
    return " ".join("".join(each if each.isalnum() else " " for each in bare).split())


def _known(label: str, of: str, doi: str, url: str, title: str, year: str) -> _Known:
    return _Known(label, of, plain_doi(doi), plain_url(url), folded(title), year)


def _year(on: date | None, label: str) -> str:
    years = re.findall(r"[12][0-9]{3}", label)
    return str(on.year) if on else years[0] if len(years) == 1 else ""


class _Register:
    """The works seen so far, found by DOI, by address, or by the rarer parts of their titles."""

    def __init__(self) -> None:
        self.by_doi: dict[str, _Known] = {}
        self.by_url: dict[str, _Known] = {}
        self.by_title: dict[str, list[_Known]] = defaultdict(list)
        self.with_part: dict[str, list[_Known]] = defaultdict(list)

    def add(self, known: _Known) -> None:
        if known.doi:
            self.by_doi.setdefault(known.doi, known)
        if known.url:
            self.by_url.setdefault(known.url, known)
        if known.title not in self.by_title:
            for part in _telling(_parts(known.title)):
                self.with_part[part].append(known)
        self.by_title[known.title].append(known)

    def match(self, known: _Known) -> tuple[_Known, str] | None:
        if found := self.by_doi.get(known.doi):
            return found, "Same DOI"
        if found := self.by_url.get(known.url):
            return found, "Same web address"
        for same in self.by_title.get(known.title, ()):
            if _may_be_one(known, same):
                return same, "Same title"
        near = next((each for each in self._near(known.title) if _may_be_one(known, each)), None)
        return (near, "Nearly the same title") if near else None

    def _near(self, title: str) -> Iterable[_Known]:
        parts, numbers = _parts(title), _NUMBERS.findall(title)
        candidates = {
            id(each): each for part in _telling(parts) for each in self.with_part.get(part, ())
        }
        for candidate in candidates.values():
            # "Statistics 2017/18" and "Statistics 2018/19" differ in what matters.
            if _NUMBERS.findall(candidate.title) != numbers:
                continue
            theirs = _parts(candidate.title)
            if len(parts & theirs) >= NEAR * len(parts | theirs):
                yield from self.by_title[candidate.title]


def _may_be_one(one: _Known, other: _Known) -> bool:
    """Whether two works of one title may be the same: an annual report of another year is not."""
    other_doi = one.doi and other.doi and one.doi != other.doi
    other_year = one.year and other.year and one.year != other.year
    return not other_doi and not other_year


def _parts(title: str) -> frozenset[str]:
    padded = f"  {title} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _telling(parts: frozenset[str]) -> list[str]:
    """So many parts, in one order for all titles, that two near titles share at least one of them.

    Ordered by a checksum, since the order of the alphabet would pick common parts.
    """
    ordered = sorted(parts, key=lambda part: crc32(part.encode()))
    return ordered[: len(ordered) - ceil(NEAR * len(ordered)) + 1]
