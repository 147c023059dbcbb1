"""One row of everything that the desk shows, and more of it on demand; openly fictional."""

from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import Group, User
from django.utils import timezone

from campaigns import models as c
from config.models import DeadLetter, ScheduledTask, WorkerLease
from config.roles import ensure_roles
from evidence import consenting
from evidence import models as e

SINCE = datetime(2025, 6, 1, tzinfo=UTC)


def people(*roles: str) -> list[User]:
    """One account with each role, named after it."""
    ensure_roles()
    made = []
    for role in roles:
        user = User.objects.create_user(role, password="correct horse battery", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        made.append(user)
    return made


def source(editor: User, number: int = 1) -> e.Source:
    publisher, _ = e.Organisation.objects.get_or_create(
        key="nowhere-council", defaults={"name": "Nowhere Council"}
    )
    return e.Source.objects.create(
        key=f"nowhere-{number}",
        kind=e.SourceKind.CHARITY_RELEASE,
        title=f"Nowhere release {number}",
        publisher=publisher,
        last_edited_by=editor,
    )


def statistic(editor: User, number: int = 1, **fields: object) -> e.Statistic:
    measure, _ = e.Measure.objects.get_or_create(
        key="offences", defaults={"name": "Recorded offences", "definition": "All of them."}
    )
    area, _ = e.Area.objects.get_or_create(
        gss_code="W92000004", defaults={"name": "Wales", "level": e.AreaLevel.COUNTRY}
    )
    period, _ = e.Period.objects.get_or_create(
        label=f"20{10 + number}/{11 + number}",
        kind=e.PeriodKind.FINANCIAL_YEAR,
        start=date(2010 + number, 4, 1),
        end=date(2011 + number, 3, 31),
    )
    chosen = fields.pop("source", None) or source(editor, 1000 + number)
    return e.Statistic.objects.create(
        measure=measure,
        area=area,
        period=period,
        source=chosen,
        value_printed=f"1,{430 + number}",
        value=1430 + number,
        last_edited_by=editor,
        **fields,
    )


def claim(editor: User, number: int = 1) -> e.Claim:
    made = e.Claim.objects.create(
        key=f"claim-{number}",
        type=e.ClaimType.PERCENT_CHANGE,
        wording=f"Offences rose by 43%, case {number}",
        source=source(editor, 2000 + number),
        stated="43%",
        last_edited_by=editor,
    )
    e.ClaimInput.objects.create(
        claim=made, role=e.InputRole.FROM, statistic=statistic(editor, 2 * number)
    )
    e.ClaimInput.objects.create(
        claim=made, role=e.InputRole.TO, statistic=statistic(editor, 2 * number + 1)
    )
    e.Claim.objects.filter(pk=made.pk).update(
        verdict=e.Verdict.CONSISTENT, recomputed="43.4%", reason="It rounds to 43%."
    )
    return made


def testimony(writer: User, number: int = 1) -> e.Testimony:
    giver = e.Contributor.objects.create(label=f"Contributor {number}", is_fictional=True)
    made = e.Testimony.objects.create(
        contributor=giver,
        title=f"An example account {number}",
        collected_on=date(2025, 5, number),
        collected_by=writer,
        safeguarding=e.Safeguarding.NONE,
        proceedings=e.Proceedings.NONE,
    )
    e.TestimonyVersion.objects.create(
        testimony=made,
        number=1,
        text="It went on for months and nobody asked.",
        attribution="Sam (not the real name)",
        identity=e.IdentityForm.PSEUDONYM,
        anonymity_note="A pseudonym; details are changed.",
        written_by=writer,
    )
    return made


def consent(recorder: User, number: int = 1, *, given: bool = False) -> e.Consent:
    account = testimony(recorder, number)
    made = e.Consent.objects.create(
        contributor=account.contributor,
        notice_version="2025-01",
        notice_sha256="a" * 64,
        indication_method=e.IndicationMethod.WRITTEN_SIGNED,
        event_time=SINCE,
        validity=(SINCE, SINCE + timedelta(days=700)),
        review_due=date(2026, 6, 1),
        age_at_consent=24,
        recorded_by=recorder,
    )
    made.refresh_from_db()
    e.ConsentTestimony.objects.create(consent=made, testimony=account)
    e.ConsentScope.objects.create(
        consent=made,
        purpose=e.Purpose.POLICY_BRIEFING,
        audience=e.Audience.PARLIAMENT_MEMBERS,
        channel=e.Channel.BRIEFING_PACK,
        max_identity=e.IdentityForm.PSEUDONYM,
    )
    if given:
        consenting.give(made)
    return made


def stage(editor: User, number: int = 1) -> c.Stage:
    bill = c.Bill.objects.create(
        slug=f"bill-{number}", title=f"Nowhere Bill {number}", last_edited_by=editor
    )
    return c.Stage.objects.create(bill=bill, house=c.House.LORDS, name="Report stage")


def amendment(editor: User, number: int = 1) -> c.Amendment:
    made = c.Amendment.objects.create(
        slug=f"amendment-{number}",
        stage=stage(editor, number),
        number=f"{number}A",
        title="After Clause 1, insert the following new Clause",
        last_edited_by=editor,
    )
    c.AmendmentLine.objects.create(amendment=made, position=1, text="(1) There is an advocate.")
    peer = c.Member.objects.create(name=f"Baroness Example {number}", house=c.House.LORDS)
    c.Sponsor.objects.create(amendment=made, member=peer, role=c.SponsorRole.LEAD)
    return made


def ask(editor: User, number: int = 1) -> c.Ask:
    campaign = c.Campaign.objects.create(
        slug=f"campaign-{number}", title=f"Campaign {number}", summary="-", last_edited_by=editor
    )
    made = c.Ask.objects.create(
        slug=f"ask-{number}",
        campaign=campaign,
        title=f"A child safety advocate {number}",
        change_wanted="There should be one.",
        year=2021,
        last_edited_by=editor,
    )
    c.Objection.objects.create(ask=made, objection="It costs money.", answer="Less than harm.")
    c.MinisterQuestion.objects.create(ask=made, text="Will she meet us?")
    c.EvidenceLink.objects.create(
        ask=made, role=c.EvidenceRole.SHOWS_PROBLEM, source=source(editor, 3000 + number)
    )
    return made


def pack(editor: User, number: int = 1) -> c.Pack:
    wanted = ask(editor, number)
    made = c.Pack.objects.create(
        slug=f"pack-{number}",
        title=f"Briefing {number}",
        campaign=wanted.campaign,
        stage=stage(editor, 100 + number),
        used_on=date(2026, 1, number),
        last_edited_by=editor,
    )
    section = c.PackSection.objects.create(
        pack=made, position=1, kind=c.SectionKind.SUMMARY, heading="Summary"
    )
    c.PackItem.objects.create(section=section, ask=wanted)
    return made


def issued(pack: c.Pack, issuer: User) -> c.PackVersion:
    version = c.PackVersion.objects.create(
        pack=pack,
        number=1,
        issued_at=timezone.now(),
        issued_by=issuer,
        used_on=pack.used_on,
        manifest={"items": []},
        content=b"%PDF-",
        sha256="b" * 64,
    )
    holder = c.Member.objects.create(name=f"Lord Example of {pack.slug}", house=c.House.LORDS)
    c.Copy.objects.create(version=version, member=holder, issued_at=timezone.now())
    return version


def everything(editor: User) -> None:
    """At least one row on every list of the desk, uses and the feed's items apart."""
    of = source(editor)
    snapshot = e.Snapshot(source=of, text="Offences rose by 43%.", taken_at=timezone.now())
    snapshot.set_hash()
    snapshot.save()
    excerpt = e.Excerpt.objects.create(snapshot=snapshot, exact="43%", start=17, end=20)
    statistic(editor, 50, source=of, excerpt=excerpt)
    e.Statement.objects.create(
        speaker="A Minister",
        role="Minister",
        organisation=of.publisher,
        source=of,
        gist="It will be done.",
        said_in="2018",
        last_edited_by=editor,
    )
    e.EvidenceGap.objects.create(
        key="most", wording="Most are girls.", source=of, missing="A count.", last_edited_by=editor
    )
    claim(editor)
    consent(editor)
    e.RestrictedAccount.objects.create(source=of)
    amendment(editor)
    issued(pack(editor), editor)
    now = timezone.now()
    DeadLetter.objects.create(
        task_path="config.tasks.prune_finished_tasks",
        tries=5,
        error_type="builtins.OSError",
        traceback="...",
        failed_at=now,
    )
    ScheduledTask.objects.create(name="prune finished tasks")
    WorkerLease.objects.create(worker="worker-1", seen_at=now)
