"""Sections in reading order: the officer's own words, then what was chosen, in the chosen order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from campaigns.briefing.blocks import Asks, Block, Heading, NoteRef, Paragraph, runs
from campaigns.composing import accounts, amendments, asks, figures
from campaigns.composing.footnotes import bill_note
from campaigns.composing.gathered import Gathered
from campaigns.models import Ask, PackItem, PackSection, SectionKind

type Part = Callable[[Sequence[Any], Gathered], Iterator[Block]]

# What is chosen together is printed together: a chart needs all the figures of its section.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "asks": ("ask",),
    "figures": ("statistic", "claim"),
    "statements": ("statement",),
    "accounts": ("testimony_version",),
    "amendments": ("amendment",),
}
ASKS_IN: Mapping[str, Part] = {
    SectionKind.WHY: asks.reasons,
    SectionKind.QUESTIONS: asks.questions,
}


def section_blocks(section: PackSection, gathered: Gathered) -> tuple[Block, ...]:
    """A section, or nothing where nothing of it may be printed: no heading stands over a void."""
    blocks = (*_own_words(section, gathered), *_chosen(section, gathered))
    if not blocks:
        gathered.warnings.append(f"Section “{section}” is left out: nothing in it can be printed.")
        return ()
    if isinstance(blocks[0], Asks):
        return blocks  # which brings its heading along
    return (Heading(section.heading), *blocks)


def _own_words(section: PackSection, gathered: Gathered) -> Iterator[Block]:
    for place, text in enumerate(accounts.paragraphs(section.text)):
        if place == 0 and section.kind == SectionKind.BILL:
            bill = gathered.pack.stage.bill
            yield Paragraph((*runs(text), NoteRef(gathered.note("bill", bill_note(bill)))))
        else:
            yield Paragraph(runs(text))


def _chosen(section: PackSection, gathered: Gathered) -> Iterator[Block]:
    parts = _parts(section)
    for group, items in _grouped(section, gathered).items():
        yield from parts[group](items, gathered)


def _parts(section: PackSection) -> Mapping[str, Part]:
    summary = section.kind == SectionKind.SUMMARY
    in_summary: Part = lambda chosen, _: asks.asked(section.heading, chosen)  # noqa: E731 - a part
    return {
        "asks": in_summary if summary else ASKS_IN.get(section.kind, asks.listed),
        "figures": figures.key_figures if summary else figures.told_figures,
        "statements": accounts.quotations,
        "accounts": accounts.testimony,
        "amendments": _amendments,
    }


def _grouped(section: PackSection, gathered: Gathered) -> Mapping[str, Sequence[Any]]:
    """What is chosen and admitted, by group, the groups in the order of their first items."""
    items = list(section.items.all())
    found: dict[str, Sequence[Any]] = {}
    for item in items:
        group = next(name for name, held in GROUPS.items() if _field(item) in held)
        if group not in found:
            same = [each.chosen for each in items if _field(each) in GROUPS[group]]
            found[group] = _admitted(group, same, gathered)
    if "asks" not in found and section.kind in ASKS_IN:
        return {"asks": _asks_of(gathered), **found}
    return found


def _admitted(group: str, chosen: Sequence[Any], gathered: Gathered) -> Sequence[Any]:
    if group == "figures":
        return figures.admitted(chosen, gathered)
    if group in ("asks", "amendments"):
        return [record for record in chosen if gathered.admits(record)]
    return chosen  # accounts and statements are judged where they are printed


def _asks_of(gathered: Gathered) -> list[Ask]:
    """The asks of the whole pack, for a section that argues or questions and names none itself."""
    chosen = Ask.objects.filter(pack_items__section__pack=gathered.pack).distinct()
    return [ask for ask in chosen if gathered.admits(ask)]


def _field(item: PackItem) -> str:
    return next(name for held in GROUPS.values() for name in held if getattr(item, f"{name}_id"))


def _amendments(chosen: Sequence[Any], gathered: Gathered) -> Iterator[Block]:
    return (amendments.amendment_block(amendment, gathered) for amendment in chosen)
