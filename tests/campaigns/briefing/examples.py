"""An openly fictional briefing that has every kind of block, in both layouts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from campaigns.briefing.blocks import (
    LATEST_EDITION,
    AmendmentBlock,
    AmendmentLine,
    Asks,
    Block,
    Briefing,
    Bullets,
    Chart,
    Citation,
    Contact,
    Heading,
    KeyFigure,
    KeyFigures,
    Note,
    NoteRef,
    Numbered,
    Objection,
    Objections,
    Paragraph,
    Questions,
    Quotation,
    SpeakingNote,
    Table,
    TestimonyBox,
    Text,
    runs,
)
from campaigns.briefing.charts import series_chart
from campaigns.briefing.footnotes import note_words
from evidence.charting import Point, Series

TIMESTAMP = datetime(2023, 7, 17, 9, 0, tzinfo=UTC)


def summary() -> tuple[Block, ...]:
    return (
        Asks(
            "What we ask of you",
            (
                runs(
                    Text("Speak to the draft new clause", strong=True),
                    " that gives children a statutory advocate beside Ofcom.",
                ),
                runs("Ask the Minister who will speak for children when Ofcom sets its codes."),
                runs("Press for senior managers to answer where a site puts a child at risk."),
            ),
        ),
        KeyFigures(
            (
                KeyFigure("1,437", "offences recorded in Wales, 2016/17", note="wales-2017"),
                KeyFigure("2,061", "offences recorded in Wales, 2021/22", note="wales-2022"),
                KeyFigure("+43%", "rise in five years, our computation", note="rise"),
            )
        ),
    )


def problem() -> tuple[Block, ...]:
    return (
        Heading("The problem"),
        Paragraph(
            runs(
                "Police in Wales recorded 1,437 offences in 2016/17 and 2,061 in 2021/22, ",
                Text("a rise of 43%", strong=True),
                ".",
                NoteRef("rise"),
                " The example’s charity, ",
                Text("Plant yn Gyntaf", emphasis=True),
                ", hears from families in Ynys-ddu and Tŷ-croes every week. It costs less than"
                " £1 (€1.16) a child to give them a voice.",
            )
        ),
        wales_chart(),
        Paragraph(runs("The four forces differ, and not every figure is held.")),
        areas_table(),
    )


def wales_chart() -> Chart:
    return series_chart(
        (
            Series(
                "Wales",
                (
                    Point("2016/17", 2017, 1437),
                    Point("2017/18", 2018, 1458),
                    Point("2021/22", 2022, 2061),
                    Point("2023/24", 2024, 2194, comparable=False),
                ),
            ),
        ),
        title="Recorded offences, Wales, years ending 31 March",
        note="wales-2022",
        description="A bar chart of four years. Recorded offences rose from 1,437 in 2016/17"
        " to 2,061 in 2021/22.",
        caveat="Outlined: from another source, not comparable with the earlier years.",
    )


def areas_table() -> Table:
    return Table(
        caption="Recorded offences by police force area",
        note="areas",
        header=("Area", "2016/17", "2017/18", "2021/22"),
        rows=(
            (runs("North Wales"), runs("287"), runs("373"), runs("514")),
            (runs("Gwent"), runs("259"), runs("267"), runs("not held")),
            (runs("South Wales"), runs("528"), runs("543"), runs("not held")),
            (runs("Dyfed-Powys"), runs("363"), runs("275"), runs("356")),
            (runs(Text("Wales", strong=True)), runs("1,437"), runs("1,458"), runs("2,061")),
        ),
    )


def amendment() -> AmendmentBlock:
    return AmendmentBlock(
        label="Draft",
        status="Illustrative draft for demonstration",
        place="After Clause 142",
        names=("LORD EXAMPLE", "BARONESS SPECIMEN"),
        lines=(
            AmendmentLine("Insert the following new Clause—"),
            AmendmentLine("“Advocacy for children", level=1, heading=True),
            AmendmentLine(
                "The Secretary of State must by regulations establish a body to represent the"
                " interests of child users of regulated services.",
                level=1,
                marker="(1)",
            ),
            AmendmentLine("The body must have regard to—", level=1, marker="(2)"),
            AmendmentLine("children’s own accounts of harm, and", level=2, marker="(a)"),
            AmendmentLine("such other matters as OFCOM may specify.”", level=2, marker="(b)"),
        ),
        explanatory_statement="This amendment would give children a statutory advocate, as energy"
        " and postal users have.",
    )


def argument() -> tuple[Block, ...]:
    return (
        Heading("The amendment"),
        Paragraph(runs("As drafted, the Bill gives children no advocate.", NoteRef("bill"))),
        amendment(),
        Heading("Objections and answers", 2),
        Objections(
            (
                Objection(
                    "Ofcom already consults children.",
                    runs("Consultation ends when a code is made; advocacy does not."),
                ),
                Objection(
                    "Another body would cost too much.",
                    runs("A levy on regulated services would pay for it."),
                ),
            )
        ),
        Heading("Questions to the Minister", 2),
        Questions(
            (
                runs("Who will speak for children when the codes are drawn up?"),
                runs("When will the Government publish its assessment?"),
            )
        ),
    )


def accounts() -> tuple[Block, ...]:
    return (
        Heading("What children and families say"),
        TestimonyBox(
            title="Fictional example for demonstration",
            paragraphs=(
                "I did not know whom to tell. The form asked for a password I had lost.",
                "When somebody answered, it had been there for nine weeks.",
            ),
            attribution="“Seren”, a made-up name",
            anonymity_note="Name and details have been changed.",
            speech="chamber",
        ),
        TestimonyBox(
            title="Fictional example for demonstration",
            paragraphs=("Nobody wrote back.",),
            attribution="“Macsen”, a made-up name",
            anonymity_note="Name and details have been changed.",
            speech="background",
        ),
        Quotation(
            "An example sentence, which nobody has said.",
            "Example Speaker",
            "Chair, Example Committee",
            note="speech",
        ),
        Bullets(
            (
                runs("Families wait ", Text("nine weeks", emphasis=True), " in our example."),
                runs("Read ", Text("our example page", link="https://example.org/page"), "."),
            )
        ),
    )


def contacts() -> tuple[Block, ...]:
    return (
        Heading("Contact"),
        Contact(
            organisation="Plant yn Gyntaf (fictional)",
            name="Gwen Example",
            role="Policy officer",
            email="policy@example.org",
            phone="01632 960 001",
            about="A fictional charity for demonstration.",
        ),
        Contact(organisation="Second Charity (fictional)", email="hello@example.org"),
    )


FOI = Citation(
    source="example-foi",
    full=(
        Text("Example Police, 'FOI response 1/2023' (1 May 2023) <"),
        Text("https://example.org/foi", link="https://example.org/foi"),
        Text(">"),
    ),
    short="Example Police FOI response",
)
NOTES = {  # out of order on purpose: their numbers come from where they are met
    "speech": runs(
        "Example Speaker, ‘An example’ ",
        Text("Example Gazette", emphasis=True),
        " (1 May 2023) <",
        Text("https://example.org/speech", link="https://example.org/speech"),
        ">.",
    ),
    "wales-2017": (Text("1,437 in Wales, 2016/17: "), FOI),
    "wales-2022": (Text("2,061 in Wales, 2021/22: "), FOI),
    "rise": runs("(2,061 − 1,437) ÷ 1,437 = 43.42%."),
    "areas": runs("Example FOI, by force; two forces not held for 2021/22."),
    "bill": runs("Example Bill HL Bill (2022–23) 1, cl 142."),
}


def notes(*keys: str) -> tuple[Note, ...]:
    return tuple(Note(key, NOTES[key]) for key in keys)


def printed_notes(made: Briefing) -> list[str]:
    """The words of a briefing's notes, as a format that prints them all has them."""
    return [
        "".join(word.text if isinstance(word, Text) else f"(n {word.number})" for word in words)
        for words in note_words(enumerate(made.numbered_notes, 1)).values()
    ]


def briefing(**changes: Any) -> Briefing:
    """The full layout, with every kind of block."""
    whole = Briefing(
        title="A voice for children in the Example Bill",
        header="Example Bill · House of Lords · Report, day 5",
        organisations=("Plant yn Gyntaf (fictional)", "Second Charity (fictional)"),
        date_of_use=date(2023, 7, 19),
        version_label="Version 3",
        copy_label="Copy 14",
        blocks=(*summary(), *problem(), *argument(), *accounts(), *contacts()),
        notes=notes(*NOTES),
    )
    return replace(whole, **changes)


def second_edition(**changes: Any) -> Briefing:
    """The full layout with what came later as well."""
    later = (
        Numbered((runs("First of all;"), runs("and ", Text("last", strong=True), "."))),
        SpeakingNote(
            "Speaking note",
            "About 10 seconds, 20 words.",
            (
                runs(Text("Speak to the draft new clause.", strong=True)),
                runs("Offences in Wales rose by more than two-fifths.", NoteRef("rise")),
            ),
        ),
    )
    first = briefing()
    blocks = (*first.blocks[:-3], *later, *first.blocks[-3:])
    return replace(first, **{"blocks": blocks, "edition": LATEST_EDITION, **changes})


def one_page(**changes: Any) -> Briefing:
    """One side of A4: what is asked, the figures, the amendment, whom to ring."""
    blocks = (
        *summary(),
        Heading("The problem"),
        Paragraph(
            runs(
                "Police in Wales recorded 2,061 offences in 2021/22. As drafted, the Bill gives"
                " children no advocate.",
                NoteRef("bill"),
            )
        ),
        wales_chart(),
        Heading("The amendment"),
        amendment(),
        contacts()[1],
    )
    page = replace(
        briefing(),
        layout="one_page",
        blocks=blocks,
        notes=notes("bill", "rise", "wales-2022", "wales-2017"),
    )
    return replace(page, **changes)


def plain_briefing(*blocks: Block, **changes: Any) -> Briefing:
    """A briefing of a few blocks, without notes."""
    return briefing(**{"blocks": blocks, "notes": (), **changes})
