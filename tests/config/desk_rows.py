"""One row of everything that the desk shows, and more of it on demand; all of it made up."""

from datetime import date

from django.contrib.auth.models import Group, User
from django.utils import timezone

from campaigns import models as campaigns
from campaigns.briefing import Briefing
from campaigns.briefing.interchange import to_data
from config.models import DeadLetter, ScheduledTask, WorkerLease
from config.roles import ensure_roles
from evidence import models as evidence
from tests import factories as make


def person(name: str, *roles: str) -> User:
    if not Group.objects.exists():  # a test that commits empties the tables
        ensure_roles()
    user = make.user(name)
    user.groups.set(Group.objects.filter(name__in=roles or [name]))
    return user


def source(number: int = 1) -> evidence.Source:
    return make.source(f"example-{number}", publisher=make.organisation(f"publisher-{number}"))


def statistic(number: int = 1, **fields: object) -> evidence.Statistic:
    chosen = fields.pop("source", None) or source(1000 + number)
    return make.statistic(period=make.financial_year(2000 + number), source=chosen, **fields)


def claim(number: int = 1) -> evidence.Claim:
    made = evidence.Claim.objects.create(
        key=f"claim-{number}",
        type=evidence.ClaimType.PERCENT_CHANGE,
        wording=f"Offences rose by 43%, case {number}",
        source=source(2000 + number),
        stated="43%",
        last_edited_by=make.user("officer"),
    )
    for role, year in (("from", 2 * number), ("to", 2 * number + 1)):
        evidence.ClaimInput.objects.create(claim=made, role=role, statistic=statistic(year))
    return made


def consent(number: int = 1) -> evidence.Consent:
    account = make.testimony(f"An account {number}")
    make.version(account)
    made = make.requested_consent(account.contributor)
    evidence.ConsentTestimony.objects.create(consent=made, testimony=account)
    make.scope(made)
    return made


def stage(number: int = 1) -> campaigns.Stage:
    bill = campaigns.Bill.objects.create(
        slug=f"bill-{number}", title=f"Example Bill {number}", last_edited_by=make.user("officer")
    )
    return campaigns.Stage.objects.create(
        bill=bill, house=campaigns.House.LORDS, name="Report stage"
    )


def amendment(number: int = 1) -> campaigns.Amendment:
    made = campaigns.Amendment.objects.create(
        slug=f"amendment-{number}",
        stage=stage(number),
        number=f"{number}A",
        title="After Clause 1, insert the following new Clause",
        last_edited_by=make.user("officer"),
    )
    campaigns.AmendmentLine.objects.create(amendment=made, position=1, text="(1) An advocate.")
    campaigns.Sponsor.objects.create(
        amendment=made, member=peer(number), role=campaigns.SponsorRole.LEAD
    )
    return made


def peer(number: int = 1) -> campaigns.Member:
    return campaigns.Member.objects.get_or_create(
        name=f"Baroness Example {number}", defaults={"house": campaigns.House.LORDS}
    )[0]


def ask(number: int = 1) -> campaigns.Ask:
    campaign = campaigns.Campaign.objects.create(
        slug=f"campaign-{number}",
        title=f"Campaign {number}",
        summary="A made-up campaign.",
        last_edited_by=make.user("officer"),
    )
    made = campaigns.Ask.objects.create(
        slug=f"ask-{number}",
        campaign=campaign,
        title=f"A child safety advocate {number}",
        change_wanted="There should be one.",
        year=2021,
        last_edited_by=make.user("officer"),
    )
    campaigns.Objection.objects.create(ask=made, objection="It costs money.", answer="It saves.")
    campaigns.MinisterQuestion.objects.create(ask=made, text="Will she meet us?")
    campaigns.EvidenceLink.objects.create(
        ask=made, role=campaigns.EvidenceRole.SHOWS_PROBLEM, source=source(3000 + number)
    )
    return made


def pack(number: int = 1) -> campaigns.Pack:
    wanted = ask(number)
    made = campaigns.Pack.objects.create(
        slug=f"pack-{number}",
        title=f"Briefing {number}",
        campaign=wanted.campaign,
        stage=stage(100 + number),
        used_on=date(2026, 1, number),
        last_edited_by=make.user("officer"),
    )
    made.organisations.add(make.organisation())
    section = campaigns.PackSection.objects.create(
        pack=made, position=1, kind=campaigns.SectionKind.SUMMARY, heading="Summary"
    )
    campaigns.PackItem.objects.create(section=section, ask=wanted)
    return made


def issued(pack: campaigns.Pack) -> campaigns.PackVersion:
    says = Briefing(
        title=pack.title, organisations=("Example",), date_of_use=pack.used_on, blocks=()
    )
    version = campaigns.PackVersion.objects.create(
        pack=pack,
        number=1,
        issued_at=timezone.now(),
        issued_by=make.user("lead"),
        used_on=pack.used_on,
        manifest={"items": [], "briefing": to_data(says)},
        content=b"%PDF-",
        sha256="b" * 64,
    )
    campaigns.Copy.objects.create(version=version, member=peer(), issued_at=timezone.now())
    return version


def snapshot(of: evidence.Source) -> evidence.Snapshot:
    made = evidence.Snapshot(source=of, text="Crimes rose by 43%.", taken_at=timezone.now())
    made.set_hash()
    made.save()
    evidence.Excerpt.objects.create(snapshot=made, exact="43%", start=15, end=18)
    return made


def dead_letter() -> DeadLetter:
    return DeadLetter.objects.create(
        task_path="config.tasks.prune_finished_tasks",
        tries=5,
        error_type="builtins.OSError",
        traceback="where it arose",
        failed_at=timezone.now(),
    )


def everything() -> None:
    """At least one row on every list, save for uses, recalls, tasks and what is published."""
    of = source()
    snapshot(of)
    evidence.Statement.objects.create(
        speaker="A Minister",
        role="Minister",
        organisation=of.publisher,
        source=of,
        gist="It will be done.",
        said_in="2018",
        last_edited_by=make.user("officer"),
    )
    evidence.EvidenceGap.objects.create(
        key="most",
        wording="Most are girls.",
        source=of,
        missing="A count.",
        last_edited_by=make.user("officer"),
    )
    claim()
    consent()
    evidence.RestrictedAccount.objects.create(source=of)
    amendment()
    issued(pack())
    dead_letter()
    ScheduledTask.objects.create(name="prune finished tasks")
    WorkerLease.objects.create(worker="worker-1", seen_at=timezone.now())
