"""Evidence with a canary in everything that no pack prints, and packs chosen from it at random."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model

from campaigns.briefing import Briefing
from campaigns.issuing import as_issued
from campaigns.models import (
    AskAmendment,
    Campaign,
    MemberContact,
    Pack,
    PackContact,
    PackSection,
    Relation,
    SectionKind,
)
from campaigns.packs import compose
from campaigns.personal import Reader, addressed, labelled
from evidence import consenting
from evidence.models import Channel, Contributor, Organisation, Statement
from evidence.snapshots.taking import take_from_text
from tests import factories as make
from tests.campaigns import packing

CANARY = "canary"
PATH = f"/srv/{CANARY}/uploads/{CANARY}.docx"
SENTENCE = "Children ask for help and nobody answers in time. We ask the House to mend that."
WORDS = SENTENCE.split()


@dataclass(frozen=True)
class Pool:
    """What may be chosen, by the kind of section that it is chosen for; much of it is not shown."""

    chosen: dict[str, list[Model]]
    members: list[Model]


def pool() -> Pool:
    for name in ("officer", "lead", "campaign lead"):
        make.user(name)
    campaign = packing.campaign()
    Campaign.objects.filter(pk=campaign.pk).update(title=f"{CANARY} title", summary=CANARY)
    stage = packing.stage()
    figures = list(_figures())
    asks = [_ask(number) for number in range(3)]
    amendments = [_amendment(stage, number, asks) for number in range(3)]
    members = [packing.member(f"Lord {CANARY.title()} {n}", party=CANARY) for n in range(2)]
    for member in members:
        MemberContact.objects.create(member=member, email=f"{CANARY}@example.org")
    _name_the_people()
    return Pool(
        {
            SectionKind.SUMMARY: asks,
            SectionKind.PROBLEM: [*figures, *_statements()],
            SectionKind.BILL: [],
            SectionKind.AMENDMENT: amendments,
            SectionKind.WHY: [*asks, *figures[:2]],
            SectionKind.QUESTIONS: asks,
            SectionKind.CASE_STUDY: list(_accounts()),
        },
        members,
    )


def any_pack(world: Pool, number: int) -> Pack:
    """The same for the same number."""
    chance = random.Random(number)
    made = Pack.objects.create(
        slug=f"{CANARY}-{number}",
        title=f"A voice for children {number}",
        campaign=Campaign.objects.get(),
        stage=packing.Stage.objects.get(),
        used_on=packing.day(30),
        layout=chance.choice(["full", "full", "one_page"]),
        about_us=_words(chance) if chance.random() < 0.5 else "",
        contact_email="policy@example.org",
        last_edited_by=User.objects.get(first_name=f"{CANARY} officer"),
    )
    made.organisations.add(make.organisation())
    made.recipients.set(world.members)
    if chance.random() < 0.3:
        partner = Organisation.objects.get_or_create(
            key=f"{CANARY}-partner", defaults={"name": "A partner", "website": f"https://{CANARY}"}
        )[0]
        PackContact.objects.create(pack=made, organisation=partner, name="Ann Ask")
    kinds = [kind for kind in SectionKind.values if chance.random() < 0.7] or ["summary"]
    for position, kind in enumerate(kinds):
        section = PackSection.objects.create(
            pack=made,
            position=position,
            kind=kind,
            heading=f"{chance.choice(WORDS).title()} {position}",
            text="\n\n".join(_words(chance) for _ in range(chance.randrange(3))),
        )
        _choose(section, world.chosen[kind], chance)
    return made


def as_printed(pack: Pack, number: int) -> Briefing:
    """As it is issued; of every third a copy for one reader."""
    composition = compose(pack)
    briefing = labelled(as_issued(composition), 1, pack.updated_at)
    if number % 3:
        return briefing
    reader = Reader("00000000-0000-4000-8000-000000000000", 7, "Dear Lord One,", "Lord One")
    return addressed(briefing, reader, verify_at="https://attest.example/verify/")


def _words(chance: random.Random) -> str:
    return f"{' '.join(chance.choices(WORDS, k=12))}."


def _choose(section: PackSection, of: list[Model], chance: random.Random) -> None:
    for place, record in enumerate(chance.sample(of, k=min(len(of), chance.randrange(5)))):
        field = packing._field(record)
        background = field == "testimony_version"
        packing.PackItem.objects.create(
            section=section, position=place, as_background=background, **{field: record}
        )


def _figures() -> Iterable[Any]:
    """Approved ones, whose keys and notes are hidden; drafts, of which all is."""
    measure = make.measure()
    type(measure).objects.filter(pk=measure.pk).update(definition=f"{CANARY} definition")
    source = make.source(reliability_note=f"{CANARY} note", summary=f"{CANARY} summary")
    take_from_text(source, f"{CANARY} snapshot, saved as {PATH}")
    packing.approved(source)
    hidden = {"wording_to_avoid": f"{CANARY} wording", "source": source}
    for year, printed in enumerate(("1,437", "1,458", "2,061", "2,194"), 2016):
        yield packing.figure(printed, year, **hidden)
    draft = {"period": make.financial_year(2021), "approved_wording": f"{CANARY} wording"}
    yield make.statistic("9,131", source=source, caveat=f"{CANARY} caveat", **draft)
    unread = make.source(f"{CANARY}-unread", title=f"{CANARY} source")
    yield make.statistic("9,132", source=unread, period=make.financial_year(2022))
    yield packing.claim()
    yield packing.claim(f"{CANARY}-untested", verdict="not_testable")


def _statements() -> Iterable[Any]:
    yield packing.statement()
    yield _unread_statement()


def _unread_statement() -> Any:
    told = {"speaker": f"{CANARY} speaker", "role": "Chair", "gist": CANARY, "words": CANARY}
    return Statement.objects.create(
        **told,
        organisation=make.organisation(),
        source=make.Source.objects.get(key="speech"),
        said_in="2023",
        last_edited_by=make.user("officer"),
    )


def _ask(number: int) -> Any:
    made = packing.Ask.objects.create(
        slug=f"{CANARY}-{number}",
        campaign=Campaign.objects.get(),
        title=f"Ask {number}" if number else f"{CANARY} ask that nobody approved",
        change_wanted="Give children a body that speaks for them.",
        outcome="",
        year=2023,
        last_edited_by=make.user("officer"),
    )
    packing.Objection.objects.create(ask=made, objection=f"{CANARY} objection", answer="")
    packing.MinisterQuestion.objects.create(ask=made, text="Who will speak for children?")
    return packing.approved(made) if number else made


def _amendment(stage: Any, number: int, asks: list[Any]) -> Any:
    lines = ["Insert the following new Clause—", "“Advocacy", "(1) There is to be a body.”"]
    fields = {"slug": f"{CANARY}-{number}", "title": f"{CANARY} amendment", "note": CANARY}
    made = packing.amendment(stage, lines, **fields)
    AskAmendment.objects.create(
        ask=asks[number], amendment=made, relation=Relation.DELIVERS, note=f"{CANARY} note"
    )
    return made


def _accounts() -> Iterable[Any]:
    """Two that may be printed; of each an older version that may not. Three more that may not."""
    for number in range(2):
        contributor = Contributor.objects.create(label=f"{CANARY} {number}", is_fictional=True)
        account = make.testimony(f"{CANARY} title {number}", contributor=contributor)
        make.version(account, f"{CANARY} older words {number}", attribution=f"{CANARY} old")
        shown = make.cleared(account, f"What happened to me, {'ab'[number]}.")
        consent = make.requested_consent(contributor)
        make.ConsentTestimony.objects.create(consent=consent, testimony=account)
        make.scope(consent)
        consenting.give(consent)
        yield shown
    yield make.covered(Channel.WEBSITE_FEED, title=CANARY, text=f"{CANARY} for the website").version
    withdrawn = make.covered(title=f"{CANARY} back", text=f"{CANARY} taken back")
    consenting.withdraw(withdrawn.consent)
    yield withdrawn.version
    yield make.cleared(make.testimony(f"{CANARY} alone"), f"{CANARY} without a consent")


def _name_the_people() -> None:
    for user in User.objects.all():
        name = f"{CANARY} {user.username}"
        User.objects.filter(pk=user.pk).update(
            username=name, first_name=name, last_name=CANARY, email=f"{CANARY}@example.org"
        )
