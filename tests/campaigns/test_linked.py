"""All that asks link is read at once: what each figure, source and claim is to which ask."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from campaigns.carried import Carried
from campaigns.gaps import board
from campaigns.models import Ask, EvidenceLink, EvidenceRole
from evidence import review
from evidence.models import Source
from evidence.prose_binding import unbound_numbers
from tests import factories as make
from tests.campaigns import packing

pytestmark = pytest.mark.django_db

WORDS = "It helped 77,000 families, or 12% of them."


def carried(ask: Ask) -> Carried:
    [mine] = [each.carried for each in board().open if each.ask == ask]
    return mine


def said_without_ground(ask: Ask) -> list[str]:
    [mine] = [each for each in board().open if each.ask == ask]
    return [gap.sentence for gap in mine.gaps if "no figure" in gap.sentence]


def link(ask: Ask, role: str = EvidenceRole.SHOWS_PROBLEM, **evidence: Any) -> EvidenceLink:
    return EvidenceLink.objects.create(ask=ask, role=role, **evidence)


@pytest.fixture
def others() -> Ask:
    """An ask with figures before, between and after those that count, in each unit."""
    packing.source()
    ask = packing.ask(slug="other", title="Another ask")
    for place, (value, unit) in enumerate(
        [("1", "count"), ("76000", "count"), ("900000", "count"), ("1", "percent"),
         ("12.5", "percent"), ("99", "percent"), ("77000", "rate"), ("12", "other")]
    ):  # fmt: skip
        year = make.financial_year(1990 + place)
        link(ask, statistic=make.statistic(value, unit=unit, period=year))
    return ask


ON_NONE = "1 number rests on no figure: “77,000”."


@pytest.mark.parametrize(
    ("figure", "role", "said"),
    [
        ({"value": Decimal(77_000)}, EvidenceRole.SHOWS_PROBLEM, []),
        ({"value": Decimal(77_000)}, EvidenceRole.COUNTER_EVIDENCE, []),
        ({"value": Decimal(76_000)}, EvidenceRole.SHOWS_PROBLEM, [ON_NONE]),
        ({"value": Decimal(77_000), "unit": "percent"}, EvidenceRole.SHOWS_PROBLEM, [ON_NONE]),
    ],
)
def test_a_number_rests_on_a_figure_of_its_unit_and_size_that_its_ask_links(
    others, figure, role, said
):
    ask = packing.ask()
    review.edit(ask, by=make.user("officer"))
    ask.rationale = WORDS
    ask.save()
    link(ask, statistic=make.statistic("12%", value=-12, unit="percent"))
    assert said_without_ground(ask) == [ON_NONE]

    link(ask, role, statistic=make.statistic("8", period=make.financial_year(2001), **figure))

    assert said_without_ground(ask) == said
    assert len(unbound_numbers(ask)) == len(said)


@pytest.mark.parametrize("again", ["one of them twice", "the other", "the other, against it"])
def test_a_claim_rests_on_an_ask_that_links_each_of_its_figures(others, again):
    first, second = packing.figure(), packing.figure("2,061", 2021)
    claim = packing.claim(inputs=[first, second])
    ask = packing.ask()
    link(ask, statistic=first)

    against = again == "the other, against it"
    link(
        ask,
        EvidenceRole.COUNTER_EVIDENCE if against else EvidenceRole.SHOWS_IT_WORKS,
        statistic=first if again == "one of them twice" else second,
    )

    assert carried(ask).claims == ([claim] if again == "the other" else [])


@pytest.mark.parametrize("of", ["carries it", "is against it", "is under edit"])
def test_a_number_rests_on_a_claim_on_whatever_figures_its_ask_links(others, of):
    figures = [packing.figure(), packing.figure("2,061", 2021)]
    packing.claim(inputs=figures)
    ask = packing.ask()
    review.edit(ask, by=make.user("officer"))
    ask.rationale = "Offences rose by 43%."
    ask.save()
    assert said_without_ground(ask) == ["1 number rests on no figure: “43%”."]

    role = EvidenceRole.COUNTER_EVIDENCE if of == "is against it" else EvidenceRole.SHOWS_PROBLEM
    for figure in figures:
        link(ask, role, statistic=figure)
    if of == "is under edit":
        review.edit(figures[0], by=make.user("officer"))

    assert (said_without_ground(ask), unbound_numbers(ask)) == ([], [])


PIECES = {
    "figure": lambda: {"statistic": packing.figure()},
    "statement": lambda: {"statement": packing.statement()},
    "source": lambda: {"source": packing.source("survey")},
}


@pytest.mark.parametrize("kind", PIECES)
def test_evidence_is_live_while_it_and_its_source_are(others, kind):
    officer, ask = make.user("officer"), packing.ask()
    evidence = link(ask, **PIECES[kind]()).evidence
    source = Source.objects.get(pk=evidence.pk if kind == "source" else evidence.source_id)

    def told() -> tuple[dict[str, int], int, set[str]]:
        mine = carried(ask)
        return +mine.live, mine.waiting, set(mine.origins)

    live, waits = ({kind: 1}, 0, {source.key}), ({}, 1, set())
    assert told() == live
    review.edit(evidence, by=officer)
    assert told() == waits
    packing.approved(evidence)
    assert told() == live
    source.refresh_from_db()
    review.edit(source, by=officer)
    assert told() == waits
    source.retracted_on, source.retraction_note = timezone.localdate(), "Wrong."
    source.save()
    packing.approved(source)
    assert told() == waits


def test_what_repeats_one_release_is_of_one_origin_whatever_its_kind(others):
    release = make.source("release")
    for key in ("newspaper", "speech", "paper"):
        repeating = make.source(key)
        repeating.derived_from.add(release)
        packing.approved(repeating)
    source = Source.objects.get
    ask = packing.ask()
    link(ask, statistic=packing.figure("3", 2003, source=source(key="newspaper")))
    link(ask, statement=packing.statement())
    link(ask, source=source(key="paper"))

    assert carried(ask).origins == {"newspaper", "speech", "paper"}
    link(ask, source=packing.source("elsewhere"))
    assert carried(ask).origins == set()
