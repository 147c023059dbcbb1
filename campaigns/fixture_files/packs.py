"""A briefing pack: its sections, and what is chosen for each."""

from campaigns.fixture_files.chosen import chosen_evidence
from campaigns.fixture_files.parliament import row_named, stage_named
from campaigns.models import (
    Amendment,
    Ask,
    Bill,
    Campaign,
    Layout,
    NoteStyle,
    Pack,
    PackItem,
    PackSection,
    SectionKind,
)
from evidence.fixture_files import Entry, LoadedEvidence, Loading
from evidence.fixture_files.adding import id_of
from evidence.fixture_files.adding import known as known_row


def load_pack(loading: Loading, known: LoadedEvidence, entry: Entry) -> None:
    slug = entry.text("slug")
    if found := known_row(Pack, slug, slug=slug):
        loading.keep(found)
        return
    bill = row_named(entry, Bill, slug=entry.text("bill"))
    made = Pack(
        id=id_of(Pack, slug),
        slug=slug,
        title=entry.text("title"),
        campaign=row_named(entry, Campaign, slug=entry.text("campaign")),
        stage=stage_named(bill, entry),
        used_on=entry.day_from(loading.today, "used_on"),
        layout=entry.choice("layout", Layout.values, Layout.FULL),
        notes=entry.choice("notes", NoteStyle.values, NoteStyle.SHORT),
        about_us=entry.text("about_us", ""),
        contact_name=entry.text("contact_name", ""),
        contact_email=entry.text("contact_email", ""),
        contact_phone=entry.text("contact_phone", ""),
        last_edited_by=loading.officer,
    )
    organisations = known.vocabulary.organisation_list(entry, "organisations")
    sections = entry.entries("sections")
    entry.done()

    def lines(pack: Pack) -> None:
        pack.organisations.set(organisations)
        for position, item in enumerate(sections, start=1):
            _section(loading, known, pack, position, item)

    loading.add(entry, None, made, lines)


def _section(
    loading: Loading, known: LoadedEvidence, pack: Pack, position: int, entry: Entry
) -> None:
    section = PackSection.objects.create(
        pack=pack,
        position=position,
        kind=entry.choice("kind", SectionKind.values),
        heading=entry.text("heading"),
        text=entry.text("text", ""),
    )
    for place, item in enumerate(entry.entries("items")):
        _item(loading, known, section, place, item)
    entry.done()


def _item(
    loading: Loading, known: LoadedEvidence, section: PackSection, position: int, entry: Entry
) -> None:
    made = PackItem(section=section, position=position)
    if entry.has("ask"):
        made.ask = row_named(entry, Ask, slug=entry.text("ask"))
    elif entry.has("amendment"):
        made.amendment = row_named(entry, Amendment, slug=entry.text("amendment"))
    elif chosen := chosen_evidence(loading, known, entry):
        setattr(made, *chosen)
    else:
        entry.done()
        return
    made.as_background = entry.flag("as_background")
    entry.done()
    made.save()
