"""The fixed words that a briefing's formats share, and texts put together from its parts."""

from campaigns.briefing.blocks import Briefing, Chart, Contact, Runs, Text, plain
from evidence.sentences import joined as joined  # also for those who read it here

EXPLANATORY_STATEMENT = "Member’s explanatory statement"
NOTES = "Notes"


def byline(briefing: Briefing) -> str:
    return f"{joined(briefing.organisations)} · {briefing.printed_date}"


def labels(briefing: Briefing) -> str:
    """Which version and copy the reader holds, for the foot of every page."""
    held = (briefing.version_label, briefing.copy_label, briefing.printed_date)
    return " · ".join(filter(None, held))


def quoted(words: str) -> str:
    return f"‘{words}’"


def chart_alt(chart: Chart) -> str:
    """What someone who cannot see the chart is told: its description, then each of its rows."""
    _, *columns = chart.table.header
    told = (
        f"{plain(row[0])}: "
        + ", ".join(f"{name} {plain(cell)}" for name, cell in zip(columns, row[1:], strict=True))
        for row in chart.table.rows
    )
    return f"{chart.description} {'; '.join(told)}. {chart.caveat}".strip()


def contact_line(contact: Contact) -> Runs:
    """Whom to ask and how, on one line below the organisation's name."""
    person = ", ".join(filter(None, (contact.name, contact.role)))
    email = Text(contact.email, link=f"mailto:{contact.email}" if contact.email else "")
    told = [text for text in (Text(person), email, Text(contact.phone)) if text.text]
    return tuple(run for text in told for run in (Text(" · "), text))[1:]
