"""Whatever is printed in whatever order, (n x) leads to the note that cites the source in full."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.briefing import render
from campaigns.briefing.blocks import (
    Briefing,
    Citation,
    Note,
    NoteRef,
    Paragraph,
    Quotation,
    Text,
    runs,
)
from campaigns.briefing.footnotes import note_words
from tests.campaigns.briefing.examples import TIMESTAMP, briefing, printed_notes

# The same examples every time, so that a red build is red for everyone.
stable = settings(derandomize=True, max_examples=300, deadline=None)
names = ("Deeside.com", "NSPCC press release")  # two articles of one newspaper share a short form


def cited(source: int) -> Citation:
    return Citation(f"{source}", (Text(f"Source {source} in full"),), names[source % 2])


def note(key: str, *sources: int) -> Note:
    told = (run for source in sources for run in (cited(source), Text(" | ")))
    return Note(key, tuple(told))


def noted(*sources: Sequence[int]) -> Briefing:
    """A briefing whose first note cites the first sources, and so on."""
    notes = tuple(note(f"k{place}", *each) for place, each in enumerate(sources))
    blocks = tuple(Paragraph(runs("Said.", NoteRef(each.key))) for each in notes)
    return briefing(blocks=blocks, notes=notes)


def entries(told: str) -> list[str]:
    return [entry.strip() for entry in told.split("|")[:-1]]


@pytest.mark.parametrize(
    ("sources", "printed"),
    [
        (([1], [1], [1]), ["{1}", "NSPCC press release (n 1)", "NSPCC press release (n 1)"]),
        (([0], [1], [0, 1]), ["{0}", "{1}", "Deeside.com (n 1) | NSPCC press release (n 2)"]),
        (([0], [2], [2, 0]), ["{0}", "{2}", "Deeside.com (n 2) | Deeside.com (n 1)"]),
        (([1, 1],), ["{1} | NSPCC press release"]),
        (([0, 2], [0], [2]), ["{0} | {2}", "{0}", "{2}"]),
    ],
    ids=["again", "two sources", "namesakes", "twice in one note", "namesakes in one note"],
)
def test_a_source_is_cited_in_full_once_and_then_by_its_note(sources, printed) -> None:
    full = [f"Source {source} in full" for source in range(3)]

    assert [" | ".join(entries(told)) for told in printed_notes(noted(*sources))] == [
        told.format(*full) for told in printed
    ]


def check(printed: dict[int, list[str]], sources: dict[int, Sequence[int]]) -> None:
    """Each short citation names one source, and the note that has it in full is printed too."""
    for number, told in printed.items():
        for source, entry in zip(sources[number], told, strict=True):
            if entry == f"Source {source} in full":
                continue
            found = re.fullmatch(rf"{names[source % 2]}(?: \(n (\d+)\))?", entry)
            place = int(found[1] or number)
            in_full = [int(each.split()[1]) for each in printed[place] if " in full" in each]
            meant = {each for each in in_full if names[each % 2] == names[source % 2]}
            assert source in meant
            assert place == number or (place < number and meant == {source})


chosen = st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=4), min_size=1, max_size=8)


@stable
@given(chosen, st.data())
def test_every_cross_reference_is_right_in_any_order_and_with_any_notes_left_out(
    sources, data
) -> None:
    order = data.draw(st.permutations(sources))
    kept = data.draw(st.sets(st.integers(1, len(order))))
    by_number = {n: each for n, each in enumerate(order, 1) if n in kept}

    printed = note_words((n, note(f"k{n}", *each)) for n, each in by_number.items())

    told = {
        n: "".join(word.text if isinstance(word, Text) else f"(n {word.number})" for word in words)
        for n, words in printed.items()
    }
    check({n: entries(each) for n, each in told.items()}, by_number)


def quoted(block: Paragraph) -> Quotation:
    """What an e-mail does not hold, with the same note."""
    return Quotation("Said.", "Speaker", "Chair", note=block.runs[-1].key)


@settings(stable, max_examples=60)
@given(chosen, st.lists(st.booleans(), min_size=8, max_size=8))
def test_so_it_is_in_an_email_which_leaves_blocks_out(sources, kept) -> None:
    made = noted(*sources)
    blocks = (
        block if keep else quoted(block) for block, keep in zip(made.blocks, kept, strict=False)
    )

    letter = render(replace(made, blocks=tuple(blocks)), "txt", timestamp=TIMESTAMP).decode()

    listed = re.split(r"\n\[(\d+)\] ", letter.partition("Notes:")[2].partition("\n\n")[0])[1:]
    told = {int(n): " ".join(each.split()) for n, each in zip(*[iter(listed)] * 2, strict=True)}
    assert list(told) == [n for n, keep in enumerate(kept[: len(sources)], 1) if keep]
    check({n: entries(each) for n, each in told.items()}, dict(enumerate(sources, 1)))
