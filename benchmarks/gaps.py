"""How long the gap board takes on the server, with as many asks and links as a charity may have."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import psycopg

from benchmarks.own_database import ROOT, own_database

ASKS, AMENDMENTS, LINKS = 200, 5_000, 50_000
MILLISECONDS = 150
MEASURE = "from benchmarks.gaps import measure; measure()"
GAPS = ("/admin/gaps/", b"ask-card", 15)
PAGES = {
    "the list of asks": ("/admin/campaigns/ask/", b"<tr", 50),
    "the list of amendments": ("/admin/campaigns/amendment/", b"<tr", 50),
}
ROUNDS = 7
VERDICTS = ("consistent", "not_testable")
STATISTICS, SOURCES, CLAIMS, ACCOUNTS = 5_000, 400, 1_000, 40

type Measurement = tuple[str, float, str, float]


def run() -> list[Measurement]:
    """In a database of its own, beside the demo's campaign."""
    with own_database("prepare_demo") as environment:
        told = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", MEASURE],
            cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    size = f"{ASKS} asks, {AMENDMENTS:,} amendments, {LINKS:,} links"
    names = (
        f"gap board, {size}",
        "the gap board's page, as the server answers it",
        "the same, when an amendment's note has changed",
        "the same, when a link to evidence has changed",
        *(f"{page}, as the server answers it" for page in PAGES),
    )
    return [
        (name, took, "ms", MILLISECONDS)
        for name, took in zip(names, map(float, told.split()), strict=True)
    ]


def measure() -> None:
    """Print the milliseconds of the board and of each page, the median of its rounds."""
    from django.contrib.auth.models import User  # this runs within Django, `run` without it
    from django.test import Client

    from campaigns.gaps import board
    from campaigns.models import AskAmendment, EvidenceLink

    made_up()
    analyze()
    client = Client(SERVER_NAME="localhost")
    client.force_login(
        User.objects.get(username="bench"), "django.contrib.auth.backends.ModelBackend"
    )

    def page(address: str, mark: bytes, times: int) -> None:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.content.count(mark) >= times

    open_gaps = partial(page, *GAPS)
    amendment = AskAmendment.objects.filter(pk=AskAmendment.objects.latest("pk").pk)
    link = EvidenceLink.objects.filter(pk=EvidenceLink.objects.latest("pk").pk)
    print(
        _median(board),
        _median(open_gaps),
        _median(open_gaps, partial(amendment.update, note="Read once more.")),
        _median(open_gaps, partial(link.update, reason="Counted once more.")),
        *(_median(partial(page, *each)) for each in PAGES.values()),
    )


def analyze() -> None:
    """As the server does by itself within a minute; the app's login may not."""
    from config.embedded_postgres import hold

    server = hold()
    with psycopg.connect(
        host=str(server.host), port=server.port, user=server.user, password=server.password,
        dbname="attest", autocommit=True,
    ) as owner:  # fmt: skip
        owner.execute("VACUUM (ANALYZE)")


def _median(act: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    act()
    times = []
    for _ in range(ROUNDS):
        before()
        started = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - started))
    return round(statistics.median(times), 1)


def made_up() -> None:
    from django.contrib.auth.models import User
    from django.utils import timezone

    from campaigns import models as campaigns
    from evidence import models as evidence

    who = User.objects.create_superuser("bench", password=None)
    editor = {"last_edited_by": who}
    publisher = evidence.Organisation.objects.create(key="bench", name="Bench")
    sources = _many(
        evidence.Source,
        [
            {"key": f"bench-{n}", "kind": "report", "title": f"Report {n}", "publisher": publisher,
             "published_on": date(2020 + n % 6, 1, 1)}
            for n in range(SOURCES)
        ],
        editor,
    )  # fmt: skip
    figures = _statistics(evidence, sources, editor)
    _claims(evidence, figures, editor)
    statements = _many(
        evidence.Statement,
        [
            {"speaker": f"Speaker {n}", "role": "Chair", "organisation": publisher,
             "source": sources[n % SOURCES], "gist": "It was said.", "said_in": "2023"}
            for n in range(500)
        ],
        editor,
    )  # fmt: skip
    asks = _asks(campaigns, editor)
    versions = _accounts(evidence, who)
    links = []
    for n in range(LINKS):
        link = campaigns.EvidenceLink(ask=asks[n % ASKS], role="shows_problem")
        if n // ASKS % 20 == 19:
            link.role = "counter_evidence"
        if n % 40 == 1:
            link.statement = statements[n % len(statements)]
        elif n % 40 == 2:
            link.source = sources[n % SOURCES]
        elif n % 100 == 3:
            link.testimony_version = versions[n // ASKS % len(versions)]
        else:
            link.statistic = figures[(n % ASKS * 7919 + n // ASKS * 20) % STATISTICS]
        if n % 3:
            link.judged_by, link.judged_at = who, timezone.now()
        links.append(link)
    campaigns.EvidenceLink.objects.bulk_create(links, batch_size=5_000)
    _amendments(campaigns, asks, editor)


def _many(model, rows: list[dict], editor: dict, *, approve: bool = True) -> list:
    made = model.objects.bulk_create([model(**row, **editor) for row in rows], batch_size=2_000)
    if approve:
        _approve(model, editor)
    return made


def _approve(model, editor: dict) -> None:
    """Through the states that the database asks for, but all at once."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    lead, _ = User.objects.get_or_create(username="bench-lead")
    ours = model.objects.filter(**editor)
    ours.update(review_state="in_review")
    ours.update(review_state="approved", approved_by=lead, approved_at=timezone.now())


def _statistics(evidence, sources: list, editor: dict) -> list:
    measures = [
        evidence.Measure.objects.create(key=f"bench-{n}", name=f"Bench {n}", definition="Counted.")
        for n in range(STATISTICS // 100)
    ]
    area = evidence.Area.objects.create(gss_code="W99999999", name="Bench area", level="country")
    periods = [
        evidence.Period.objects.create(
            label=f"bench {n}", kind="other", start=date(1926 + n, 4, 1), end=date(1927 + n, 3, 31)
        )
        for n in range(100)
    ]
    return _many(
        evidence.Statistic,
        [
            {"measure": measures[n // 100], "area": area, "period": periods[n % 100],
             "source": sources[n % SOURCES], "value_printed": f"{n + 1:,}", "value": n + 1}
            for n in range(STATISTICS)
        ],
        editor,
    )  # fmt: skip


def _claims(evidence, figures: list, editor: dict) -> None:
    claims = _many(
        evidence.Claim,
        [
            {"key": f"bench-{n}", "type": "percent_change", "wording": f"It rose, case {n}",
             "verdict": "inconsistent" if n % 50 == 2 else VERDICTS[n % 2], "reason": "Worked out."}
            for n in range(CLAIMS)
        ],
        editor,
        approve=False,
    )  # fmt: skip
    inputs = [
        evidence.ClaimInput(claim=claim, role=role, statistic=figures[(2 * n + k) % STATISTICS])
        for n, claim in enumerate(claims)
        for k, role in enumerate(("from", "to"))
    ]
    evidence.ClaimInput.objects.bulk_create(inputs, batch_size=2_000)
    _approve(evidence.Claim, editor)


def _asks(campaigns, editor: dict) -> list:
    campaign = campaigns.Campaign.objects.create(
        slug="bench", title="Bench", summary="Why.", **editor
    )
    asks = _many(
        campaigns.Ask,
        [
            {"slug": f"bench-{n}", "campaign": campaign, "position": n, "title": f"Ask {n}",
             "change_wanted": f"The law should protect children. It would help {n + 7},000 people, "
             f"after about {20 * n + 300:,} cases.",
             "rationale": "A rule that somebody enforces does more than a promise. " * 3,
             "year": 2024}
            for n in range(ASKS)
        ],
        editor,
        approve=False,
    )  # fmt: skip
    campaigns.Objection.objects.bulk_create(
        campaigns.Objection(ask=ask, position=k, objection=f"It costs money, case {k}.",
                            answer="It pays for itself." if k else "")
        for ask in asks for k in range(2)
    )  # fmt: skip
    _approve(campaigns.Ask, editor)
    return asks


def _accounts(evidence, who) -> list:
    versions = []
    for n in range(ACCOUNTS):
        person = evidence.Contributor.objects.create(label=f"Bench {n}", is_fictional=True)
        account = evidence.Testimony.objects.create(
            contributor=person, title=f"Account {n}", collected_on=date(2025, 1, 1),
            collected_by=who, safeguarding="none", proceedings="none",
        )  # fmt: skip
        versions.append(
            evidence.TestimonyVersion.objects.create(
                testimony=account, number=1, text="It happened.", attribution="A pseudonym",
                identity=3, anonymity_note="Made up.", written_by=who,
            )
        )  # fmt: skip
    return versions


def _amendments(campaigns, asks: list, editor: dict) -> None:
    bill = campaigns.Bill.objects.create(slug="bench", title="Bench Bill", **editor)
    stage = campaigns.Stage.objects.create(bill=bill, house="lords", name="Report")
    amendments = _many(
        campaigns.Amendment,
        [
            {"slug": f"bench-{n}", "stage": stage, "number": str(n), "title": f"Amendment {n}"}
            for n in range(AMENDMENTS)
        ],
        editor,
    )
    relations = campaigns.Relation.values
    campaigns.AskAmendment.objects.bulk_create(
        campaigns.AskAmendment(
            ask=asks[n % ASKS], amendment=each, relation=relations[n % len(relations)]
        )
        for n, each in enumerate(amendments)
    )
