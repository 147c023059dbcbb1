"""What a footnote says of a figure or a claim in any style: its coverage, caveats and sums."""

from campaigns.briefing.blocks import Citation, Text
from campaigns.briefing.wording import joined
from campaigns.models import Bill, House, Stage
from evidence import citation
from evidence.models import Claim, Statistic

type NoteRuns = tuple[Text | Citation, ...]

HOUSES: dict[str, citation.House] = {House.COMMONS: "HC", House.LORDS: "HL"}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def forces(figure: Statistic) -> str:
    """How many of them answered, as in: four of four forces."""
    if figure.forces_answered is None or figure.forces_asked is None:
        return ""
    answered, asked = map(_in_words, (figure.forces_answered, figure.forces_asked))
    return f"{answered} of {asked} forces"


def asides(figure: Statistic) -> NoteRuns:
    """What must be said wherever it is used."""
    told = (_other_label(figure), figure.caveat, _corrected(figure))
    aside = "".join(f" {each}" for each in told if each)
    return (Text(aside),) if aside else ()


def sums(claim: Claim) -> str:
    """What its inputs count, since a claim's own wording may leave that unsaid, and its working."""
    inputs = [line.statistic for line in claim.inputs.all()]
    areas = tuple(dict.fromkeys(str(one.area) for one in inputs))
    periods = tuple(dict.fromkeys(str(one.period) for one in inputs))
    counted = f"{joined(areas)}, {joined(periods)}: " if inputs else ""
    return f"{counted}{claim.reason}"


def bill_cited(stage: Stage) -> str:
    bill: Bill = stage.bill
    return citation.cite(citation.Bill(bill.title, HOUSES.get(stage.house), bill.session))


def _corrected(figure: Statistic) -> str:
    """What an earlier pack may have said instead."""
    latest = figure.corrections.first()
    if latest is None:
        return ""
    day = f"{latest.corrected_on.day} {latest.corrected_on:%B %Y}"
    return f"Corrected on {day} (no {latest.number}); before, it was given as {latest.was}."


def _other_label(figure: Statistic) -> str:
    """The label that the source prints, unless the figure's caveat tells of it."""
    printed = figure.printed_period
    if printed is None or printed.label in figure.caveat:
        return ""
    return f"Labelled {printed} there; read as {figure.period}."


def _in_words(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
