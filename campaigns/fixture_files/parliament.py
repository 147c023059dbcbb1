"""A bill with its stages, the members who matter for it, and its amendments."""

from django.db.models import Model

from campaigns.models import (
    Amendment,
    AmendmentLine,
    AmendmentOrigin,
    Ask,
    AskAmendment,
    Bill,
    Campaign,
    House,
    Member,
    Relation,
    Sitting,
    Sponsor,
    SponsorRole,
    Stage,
)
from evidence.fixture_files import Entry, Loading
from evidence.fixture_files.adding import id_of
from evidence.fixture_files.adding import known as known_row

NOT_KNOWN = "not known"


def load_bill(loading: Loading, entry: Entry) -> None:
    """Stages and members are added with the bill, and not again once somebody has renamed them."""
    slug = entry.text("slug")
    made = Bill(
        id=id_of(Bill, slug),
        parliament_id=entry.maybe_number("parliament_id"),
        slug=slug,
        title=entry.text("title"),
        session=entry.text("session", ""),
        url=entry.text("url", ""),
        act_title=entry.text("act_title", ""),
        royal_assent_on=entry.maybe_day("royal_assent_on"),
        last_edited_by=loading.officer,
    )
    campaigns = [row_named(entry, Campaign, slug=each) for each in entry.texts("campaigns")]
    stages, members = entry.entries("stages"), entry.entries("members")

    def lines(bill: Bill) -> None:
        bill.campaigns.set(campaigns)
        for position, item in enumerate(stages, start=1):
            _stage(bill, position, item)
        for item in members:
            _member(item)

    bill = loading.add(entry, known_row(Bill, slug, slug=slug), made, lines)
    for item in entry.entries("amendments"):
        _amendment(loading, bill, item)
    entry.done()


def _stage(bill: Bill, position: int, entry: Entry) -> None:
    stage = Stage(
        bill=bill,
        parliament_id=entry.maybe_number("parliament_id"),
        house=entry.choice("house", ["", *House.values], ""),
        name=entry.text("name", ""),
        position=position,
    )
    sittings = [_sitting(stage, item) for item in entry.entries("sittings")]
    entry.done()
    with entry.blamed():
        stage.full_clean()
        stage.save()
        Sitting.objects.bulk_create(sittings)


def _sitting(stage: Stage, entry: Entry) -> Sitting:
    made = Sitting(stage=stage, date=entry.day("date"), note=entry.text("note", ""))
    entry.done()
    return made


def _member(entry: Entry) -> None:
    name = entry.text("name")
    house, party = entry.choice("house", House.values), entry.text("party", "")
    entry.done()
    Member.objects.get_or_create(name=name, defaults={"house": house, "party": party})


def stage_named(bill: Bill, entry: Entry) -> Stage:
    """The bill's stage by House and name, as in 'lords Report', or the one that is not known."""
    wanted = entry.text("stage")
    house, _, name = ("", "", "") if wanted == NOT_KNOWN else wanted.partition(" ")
    return row_named(entry, Stage, bill=bill, house=house, name=name)


def _amendment(loading: Loading, bill: Bill, entry: Entry) -> None:
    slug = entry.text("slug")
    if found := known_row(Amendment, slug, slug=slug):
        loading.keep(found)
        return
    made = Amendment(
        id=id_of(Amendment, slug),
        slug=slug,
        stage=stage_named(bill, entry),
        parliament_id=entry.maybe_number("parliament_id"),
        origin=entry.choice("origin", AmendmentOrigin.values, AmendmentOrigin.PARLIAMENT),
        number=entry.text("number", ""),
        title=entry.text("title"),
        position_in_bill=entry.text("position_in_bill", ""),
        decision=entry.text("decision", ""),
        considered_on=entry.maybe_day("considered_on"),
        explanatory_statement=entry.text("explanatory_statement", ""),
        note=entry.text("note", ""),
        url=entry.text("url", ""),
        last_edited_by=loading.officer,
    )
    parts: list[Model] = [
        *(_line(made, *each) for each in enumerate(entry.entries("lines"))),
        *(_sponsor(made, *each) for each in enumerate(entry.entries("sponsors"))),
        *(_for_ask(made, item) for item in entry.entries("asks")),
    ]
    entry.done()

    def lines(_: Amendment) -> None:
        for part in parts:
            part.save()

    loading.add(entry, None, made, lines)


def _line(amendment: Amendment, position: int, entry: Entry) -> AmendmentLine:
    made = AmendmentLine(
        amendment=amendment,
        position=position,
        text=entry.text("text"),
        indent=entry.maybe_number("indent") or 0,
        hanging=entry.flag("hanging"),
    )
    entry.done()
    return made


def _sponsor(amendment: Amendment, position: int, entry: Entry) -> Sponsor:
    made = Sponsor(
        amendment=amendment,
        member=row_named(entry, Member, name=entry.text("member")),
        role=entry.choice("role", SponsorRole.values),
        position=position,
    )
    entry.done()
    return made


def _for_ask(amendment: Amendment, entry: Entry) -> AskAmendment:
    made = AskAmendment(
        amendment=amendment,
        ask=row_named(entry, Ask, slug=entry.text("ask")),
        relation=entry.choice("relation", Relation.values),
        note=entry.text("note", ""),
    )
    entry.done()
    return made


def row_named[M: Model](entry: Entry, model: type[M], **wanted: object) -> M:
    row = model._default_manager.filter(**wanted).first()
    if row is None:
        words = " ".join(str(each) for each in wanted.values() if each)
        raise entry.wrong(f"there is no {model._meta.verbose_name} {words!r}.")
    return row
