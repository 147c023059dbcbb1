"""Sections in reading order: the officer's own words, then what was chosen, in the chosen order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from campaigns import markdown
from campaigns.briefing.blocks import Asks, Block, Heading
from campaigns.composing import accounts, amendments, asks, figures
from campaigns.composing.gathered import Gathered
from campaigns.composing.prose import noted, prose
from campaigns.models import Ask, PackSection, SectionKind

# What is chosen together is printed together: a chart needs all the figures of its section.
GROUPS: Mapping[str, str] = {
    "ask": "asks",
    "statistic": "figures",
    "claim": "figures",
    "statement": "statements",
    "testimony_version": "accounts",
    "amendment": "amendments",
}
ARGUE = (SectionKind.WHY, SectionKind.QUESTIONS)


def section_blocks(section: PackSection, gathered: Gathered) -> tuple[Block, ...]:
    """A section, or nothing where nothing of it may be printed: no heading stands over a void.

    Nor do an officer's words on an account stand without it: a case study is what was chosen.
    """
    own_words = tuple(_own_words(section, gathered))
    chosen = tuple(_chosen(section, gathered))
    blocks = (*own_words, *chosen)
    if not (chosen if section.kind == SectionKind.CASE_STUDY else blocks):
        gathered.warnings.append(f"Section “{section}” is left out: nothing in it can be printed.")
        return ()
    if section.kind == SectionKind.SUMMARY and any(isinstance(each, Asks) for each in blocks):
        return blocks  # the asks stand under the section's heading themselves
    return (Heading(section.heading), *blocks)


def _own_words(section: PackSection, gathered: Gathered) -> Iterator[Block]:
    for fault in markdown.faults(section.text):  # of prose from before it was looked at
        gathered.warnings.append(f"Section “{section}”: {fault}")
    for place, block in enumerate(prose(section.text)):
        if place == 0 and section.kind == SectionKind.BILL:
            yield noted(block, gathered.footnotes.bill(gathered.pack.stage))
        else:
            yield block


def _chosen(section: PackSection, gathered: Gathered) -> Iterator[Block]:
    for group, chosen in _grouped(section, gathered).items():
        yield from _printed(group, section, chosen, gathered)


def _grouped(section: PackSection, gathered: Gathered) -> Mapping[str, Sequence[Any]]:
    """What was chosen, by group, the groups in the order of their first items."""
    found: dict[str, list[Any]] = {}
    for item in section.items.all():
        field = next(field for field in GROUPS if getattr(item, f"{field}_id"))
        if item.as_background and item.testimony_version_id:
            gathered.as_background.add(item.testimony_version_id)
        found.setdefault(GROUPS[field], []).append(getattr(item, field))
    if section.kind in ARGUE:
        found.setdefault("asks", _asks_of_pack(gathered))
    return found


def _asks_of_pack(gathered: Gathered) -> list[Ask]:
    """For a section that argues or questions and names no ask of its own: all that are made."""
    chosen = Ask.objects.filter(pack_items__section__pack=gathered.pack).distinct()
    return list(chosen.prefetch_related("objections", "questions"))


def _printed(
    group: str, section: PackSection, chosen: Sequence[Any], gathered: Gathered
) -> Iterable[Block]:
    match group:
        case "asks":
            asked = list(filter(gathered.admits, chosen))
            gathered.asks |= {ask.pk: ask for ask in asked}
            return _asks(section, asked, gathered)
        case "figures":
            tell = figures.on_tiles if section.kind == SectionKind.SUMMARY else figures.told
            return tell(figures.admitted(chosen, gathered), gathered)
        case "statements":
            return accounts.quotations(chosen, gathered)
        case "accounts":
            return accounts.testimony(chosen, gathered)
    admitted = filter(gathered.admits, chosen)
    return (amendments.amendment_block(each, gathered) for each in admitted)


def _asks(section: PackSection, chosen: Sequence[Ask], gathered: Gathered) -> Iterable[Block]:
    match section.kind:
        case SectionKind.SUMMARY:
            return asks.asked(chosen, title=section.heading)
        case SectionKind.WHY:
            reasons = () if section.text else asks.reasons(chosen)
            return (*reasons, *asks.objections(chosen, gathered))
        case SectionKind.QUESTIONS:
            return asks.questions(chosen)
    return asks.listed(chosen)
