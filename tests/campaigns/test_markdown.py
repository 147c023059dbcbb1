"""What an officer may mark up, what is printed as typed, what is refused with its line."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns import markdown
from campaigns.markdown import Part, Span


def told(text: str) -> list[tuple[str, list[str]]]:
    return [
        (part.kind, ["".join(span.text for span in item) for item in part.items])
        for part in markdown.parts(text)
    ]


def test_paragraphs_styles_links_and_lists_are_read() -> None:
    text = (
        "Children have **no** *statutory* voice,\nsays [the report](https://example.org/a?b=1).\n\n"
        "- one\n- *two*\n\n1. first\n2. second"
    )

    assert markdown.parts(text) == (
        Part(
            "paragraph",
            (
                (
                    Span("Children have "),
                    Span("no", strong=True),
                    Span(" "),
                    Span("statutory", emphasis=True),
                    Span(" voice, says "),
                    Span("the report", link="https://example.org/a?b=1"),
                    Span("."),
                ),
            ),
        ),
        Part("bullets", ((Span("one"),), (Span("two", emphasis=True),))),
        Part("numbered", ((Span("first"),), (Span("second"),))),
    )
    assert markdown.faults(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Under <18s, R&D and &amp; stay.",
        "A `word`, <b>bold</b> and <https://example.org>.",
        "snake_case_names and 2 * 3 * 4",
        "    four spaces in",
    ],
)
def test_what_has_no_meaning_here_is_printed_as_typed(text) -> None:
    assert told(text) == [("paragraph", [text.strip()])]
    assert markdown.faults(text) == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Fine.\n\n# Head", "Line 3: a pack cannot print a heading."),
        ("Head\n----", "Line 1: a pack cannot print a heading."),
        (
            "> said",
            "Line 1: a pack cannot print a quotation: choose a statement instead.",
        ),
        ("```\ncode\n```", "Line 1: a pack cannot print code."),
        ("one\n\n***", "Line 3: a pack cannot print a line across the page."),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "Line 1: a pack cannot print a table: choose the figures instead.",
        ),
        ("See ![it](https://example.org/x.png)", "Line 1: a pack cannot print a picture."),
        ("- a\n  - b", "Line 1: a pack cannot print a list within a list."),
        (
            "- a\n\n  b",
            "Line 1: a pack cannot print an item that is empty or has two paragraphs.",
        ),
        (
            "2023. It began.",
            "Line 1: a pack cannot print a list that begins at 2023: write 2023\\. if it is none.",
        ),
        (
            "[here](notes.html)",
            "Line 1: a pack cannot print a link that does not begin with https://, http:// or "
            "mailto:.",
        ),
    ],
)
def test_what_no_format_prints_is_a_fault_and_not_a_word_of_it_is_lost(text, fault) -> None:
    assert [str(each) for each in markdown.faults(text)] == [fault]
    words = [item for _, items in told(text) for item in items]
    assert " ".join(words) == " ".join(text.split())


def test_a_script_is_no_link() -> None:
    text = "[press](javascript:alert(1))"

    assert told(text) == [("paragraph", [text])]
    assert all(not span.link for part in markdown.parts(text) for (span,) in part.items)


def test_numbers_are_looked_for_in_the_words_and_not_in_the_marks() -> None:
    text = "Up 4**3**%, see [this](https://example.org/2019/123).\n\n1. A voice"

    assert markdown.words(text) == "Up 43%, see this.\n\nA voice"


@given(st.text(st.sampled_from("ab 1.)-+*_#>~`[]()!|\\\\<&:/=é"), max_size=30))
@example("1. A *regulator* [alone](https://example.org)")
def test_escaped_words_mean_just_themselves(typed: str) -> None:
    words = " ".join(typed.split())

    assert markdown.words(markdown.escaped(words)) == words
    assert not markdown.has_marks(markdown.escaped(words))
