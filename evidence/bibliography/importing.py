"""Bringing sources in from a bibliography, shown first and then written as drafts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from evidence.bibliography.entries import Entry, Format, UnreadableEntry
from evidence.bibliography.matching import Match, duplicates, folded
from evidence.bibliography.reading import look_through
from evidence.bibliography.sources import draft_of, publisher_of
from evidence.broken_rules import sentence_for
from evidence.models import Organisation, Source
from evidence.refusing import Refused

LONGEST_KEY = 60


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring in. Positions count `entries` from 0."""

    entries: tuple[Entry, ...]
    duplicates: tuple[Match, ...]
    unreadable: tuple[str, ...]

    @property
    def new(self) -> list[int]:
        """The positions of the entries that are like nothing we have, nor like one another."""
        known = {match.position for match in self.duplicates}
        return [position for position in range(len(self.entries)) if position not in known]


def preview(data: bytes, format: Format | str | None = None) -> Preview:
    """Look at a file and write nothing. The number of queries does not grow with the entries."""
    reading = look_through(data, format)
    fit, unreadable = [], list(reading.unreadable)
    for entry in reading.entries:
        try:
            draft_of(entry)
            publisher_of(entry)
        except UnreadableEntry as error:
            unreadable.append(f"“{entry.title[:60]}” (line {entry.line}) {error}.")
        else:
            fit.append(entry)
    return Preview(tuple(fit), tuple(duplicates(fit)), tuple(unreadable))


def bring_in(shown: Preview, chosen: Collection[int], *, by: User) -> list[Source]:
    """Write the chosen entries as drafts, all or none, in the file's order.

    Refused if one of them has become a source of ours since it was shown as new.
    """
    positions = sorted(set(chosen))
    if any(not 0 <= position < len(shown.entries) for position in positions):
        raise Refused("Choose among the entries that were shown.")
    entries = [shown.entries[position] for position in positions]
    try:
        with transaction.atomic():
            _refuse_what_came_in_since(shown, positions)
            return _write(entries, by)
    except IntegrityError as error:
        raise Refused(sentence_for(error)) from error


def _refuse_what_came_in_since(shown: Preview, positions: Iterable[int]) -> None:
    new = set(shown.new) & set(positions)
    for match in duplicates(shown.entries):
        if match.position in new:
            title = shown.entries[match.position].title
            raise Refused(f"“{title}” has come in since it was shown. {match.reason}")


def _write(entries: Sequence[Entry], by: User) -> list[Source]:
    publishers = _publishers([publisher_of(entry) for entry in entries])
    taken = set(Source.objects.values_list("key", flat=True))
    sources = []
    for entry in entries:
        source = draft_of(entry)
        source.publisher = publishers[folded(publisher_of(entry))]
        source.last_edited_by = by
        source.key = _free(_key_of(source), taken)
        sources.append(source)
    return Source.objects.bulk_create(sources)


def _publishers(names: Iterable[str]) -> dict[str, Organisation]:
    """The organisation of each name, by its folded name; those we do not know are created."""
    known: dict[str, Organisation] = {}
    taken = set()
    for organisation in Organisation.objects.order_by("key"):
        taken.add(organisation.key)
        known.setdefault(folded(organisation.name), organisation)
        known.setdefault(folded(organisation.key), organisation)
    created = []
    for name in names:
        if folded(name) not in known:
            key = _free(_slug(name) or "publisher", taken)
            known[folded(name)] = Organisation(key=key, name=name)
            created.append(known[folded(name)])
    Organisation.objects.bulk_create(created)
    return known


def _key_of(source: Source) -> str:
    years = [word for word in source.published_label.split() if word.isdecimal() and len(word) == 4]
    year = str(source.published_on.year) if source.published_on else (years or ["undated"])[-1]
    return f"{source.publisher.key[:LONGEST_KEY].rstrip('-')}-{year}"


def _slug(name: str) -> str:
    """The name's words in plain letters, as many as fit."""
    slug = slugify(name)
    return slug if len(slug) <= LONGEST_KEY else slug[:LONGEST_KEY].rpartition("-")[0]


def _free(key: str, taken: set[str]) -> str:
    """The key, or with the next free number after it; it is taken from then on."""
    free, number = key, 2
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    taken.add(free)
    return free
