"""What people paste, by accident or on purpose, put into every field of a briefing."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from campaigns.briefing.blocks import Chart
from campaigns.briefing.charts import series_chart
from evidence.charting import Point, Series

CANARY = "canary-sings-in-the-mine"
# Printed as they stand, by every format. The paths name a file that the tests fill with CANARY.
LITERAL = {
    "typst": '#read("PATH") #include "PATH" #sys.inputs',
    "typst-marks": "*bold* _em_ $x^2$ <note-1> @note-1 `raw` // end /* all */ #panic()",
    "typst-import": '#import "@preview/cetz:0.3.0": * \\ \\u{41}',
    "markdown": "![x](PATH) [link](https://evil.invalid) ^[note] ~~struck~~ | a | b |",
    "html": '<script src="https://evil.invalid"></script><img src="PATH" onerror=alert(1)>',
    "template": '{{ title }} {% include "PATH" %} {% debug %} {# gone #}',
    "word": '</w:t></w:r><w:instrText> INCLUDETEXT "PATH" </w:instrText>{ DDEAUTO c:\\x }',
    "tex": "\\input{PATH} \\write18{id} $\\sum$",
    "formula": '=HYPERLINK("https://evil.invalid","x")+cmd|/C calc!A0',
    "entities": "&lt;b&gt; &amp;amp; &#x41; ]]> <!-- --> <?xml?>",
    "expression": "datum.value + length(data('x')) \"quoted\" 'single'",
}
REFUSED = {
    "emoji": "hello 😀",
    "right-to-left override": "user\u202efdp.exe",
    "right-to-left mark": "a\u200fb",
    "left-to-right isolate": "a\u2066b\u2069",
    "Arabic": "سلام",
    "zero-width space": "pass\u200bword",
    "null": "a\x00b",
    "escape": "a\x1b[31m",
    "delete": "a\x7fb",
    "line feed": "a\nb",
    "line separator": "a\u2028b",
    "private use": "a\ue000b",
    "lone surrogate": "a\ud800b",
}
NOT_TYPED = frozenset({"key", "note", "link", "layout", "language", "speech", "spec", "source"})


def typed(part: Any) -> Iterator[str]:
    """Every text of a briefing that somebody typed."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from typed(item)
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in NOT_TYPED:
                yield from typed(getattr(part, field.name))


def retyped(part: Any, texts: Iterator[str]) -> Any:
    """The part with the next of the texts in each place where somebody typed one."""
    if isinstance(part, str):
        return next(texts)
    if isinstance(part, tuple):
        return tuple(retyped(item, texts) for item in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    held = {field.name: getattr(part, field.name) for field in fields(part)}
    return replace(
        part, **{name: retyped(held[name], texts) for name in held if name not in NOT_TYPED}
    )


def everywhere(briefing: Any, text: str) -> Any:
    """The briefing with one text in every place, its charts drawn with it too."""
    texts = iter([text] * len(list(typed(briefing))))
    spread = retyped(briefing, texts)
    blocks = (drawn_with(text) if isinstance(b, Chart) else b for b in spread.blocks)
    return replace(spread, blocks=tuple(blocks))


def drawn_with(text: str) -> Chart:
    series = (Series(text, (Point(text, 2020, 1, text), Point(text, 2021, 2, text))),)
    return series_chart(
        (*series, Series(f"{text}.", series[0].points)),
        title=text,
        note="wales-2022",
        description=text,
        caveat=text,
    )


def one_place_each(briefing: Any, text: str) -> Iterator[Any]:
    """As many briefings as there are places, each with the text in one of them."""
    held = list(typed(briefing))
    for place in range(len(held)):
        yield retyped(briefing, iter([*held[:place], text, *held[place + 1 :]]))
