"""Where in a pack a printed line was written, so that its wording can be taken over there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from campaigns.models import Pack, PackSection
from campaigns.returned.printed import Kind, Printed
from campaigns.returned.wording import is_marked, parts, plain, read


class Field(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ABOUT = "about"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Place:
    """A heading, one paragraph of a section, or the words about an organisation."""

    field: Field
    of: int = 0  # the section, or the other organisation's line
    paragraph: int = 0
    named: str = ""
    is_marked: bool = False  # with what words taken from a file would lose


@dataclass(frozen=True, slots=True)
class Places:
    """Of each printed line its own place, and where a paragraph that follows it would go."""

    own: tuple[Place | None, ...]
    after: tuple[Place | None, ...]


def places_in(pack: Pack, printed: Sequence[Printed]) -> Places:
    """Of those alone that the pack says in the same words now: the rest has changed since."""
    own: list[Place | None] = [None] * len(printed)
    after: list[Place | None] = [None] * len(printed)
    starts = list(_headings(pack, printed))
    last = starts[-1][1] if starts else 0
    ends = [*(at for _, at in starts[1:]), _end_of_sections(printed, last)]
    for (section, at), end in zip(starts, ends, strict=False):
        own[at] = Place(Field.HEADING, section.pk, named=section.heading)
        _paragraphs(section, printed, at, end, own)
        _follow(section, at, end, own, after)
    _about(pack, printed, own)
    return Places(tuple(own), tuple(after))


def _headings(pack: Pack, printed: Sequence[Printed]) -> Iterator[tuple[PackSection, int]]:
    """Each section with the line of its heading; one that was left out has none."""
    cursor = 0
    for section in pack.sections.all():
        for at in range(cursor, len(printed)):
            if printed[at] == Printed(Kind.HEADING, plain(section.heading)):
                yield section, at
                cursor = at + 1
                break


def _end_of_sections(printed: Sequence[Printed], last: int) -> int:
    """Where the last section ends: above the speaking note, or the heading of the contacts."""
    for at in range(last, len(printed)):
        if printed[at].kind == Kind.SPEECH:
            return at
        if printed[at].kind == Kind.FRAME:
            return at - 1
    return len(printed)


def _paragraphs(
    section: PackSection, printed: Sequence[Printed], at: int, end: int, own: list[Place | None]
) -> None:
    """Below the heading; of a summary above it, since there the asks stand under the heading."""
    typed = parts(section.text)
    texts = [read(each) for each in typed]
    above = at - len(texts)
    stands_above = texts and [line.text for line in printed[max(above, 0) : at]] == texts
    cursor = above if stands_above else at + 1
    for number, text in enumerate(texts):
        wanted = Printed(Kind.PARAGRAPH, text)
        found = next((each for each in range(cursor, end) if printed[each] == wanted), None)
        if found is not None:
            own[found] = Place(
                Field.PARAGRAPH, section.pk, number, section.heading, is_marked(typed[number])
            )
            cursor = found + 1


def _follow(
    section: PackSection, at: int, end: int, own: list[Place | None], after: list[Place | None]
) -> None:
    """What is added after a paragraph goes below it; elsewhere, below the section's own words."""
    last = Place(Field.PARAGRAPH, section.pk, len(parts(section.text)), named=section.heading)
    for line in range(at, end):
        after[line] = last
    after[at] = Place(Field.PARAGRAPH, section.pk, 0, named=section.heading)
    for line, place in enumerate(own):
        if place and place.field == Field.PARAGRAPH and place.of == section.pk:
            after[line] = Place(
                Field.PARAGRAPH, section.pk, place.paragraph + 1, named=section.heading
            )


def _about(pack: Pack, printed: Sequence[Printed], own: list[Place | None]) -> None:
    told = [(plain(pack.about_us), Place(Field.ABOUT, named="About us"))]
    for partner in pack.contacts.select_related("organisation"):
        told.append((plain(partner.about), Place(Field.PARTNER, partner.pk, named=str(partner))))
    for at, line in enumerate(printed):
        if line.kind == Kind.ABOUT:
            own[at] = next((place for text, place in told if text == line.text), None)
