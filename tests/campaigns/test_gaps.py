"""What is missing under an ask: rule by rule, and exactly for the five asks of the fixtures."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from campaigns.carried import name_counter_evidence
from campaigns.gaps import Kind, board
from campaigns.judging import judge
from campaigns.models import (
    Ask,
    AskAmendment,
    AskStatus,
    EvidenceLink,
    EvidenceRole,
    Objection,
)
from evidence import consenting, deciding, review
from evidence.accepting import accept
from evidence.models import Claim, EvidenceGap, Source, Statement, Verdict
from evidence.prose_binding import unbound_numbers
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.demo_campaign import loaded_with_the_apps_rights
from tests.refusing import refused_by

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()  # consents are live from the real today on


def gaps(ask: Ask, at: date = TODAY) -> list[tuple[Kind, str]]:
    found = board(at=at)
    [mine] = [each for each in (*found.open, *found.ended) if each.ask == ask]
    return [(gap.kind, gap.sentence) for gap in mine.gaps]


def kinds(ask: Ask, at: date = TODAY) -> list[Kind]:
    return [kind for kind, _ in gaps(ask, at)]


def linked(ask: Ask, role: str = EvidenceRole.SHOWS_PROBLEM, **evidence: object) -> EvidenceLink:
    return EvidenceLink.objects.create(ask=ask, role=role, **evidence)


@pytest.fixture
def whole() -> Ask:
    """An ask without a gap on TODAY."""
    ask = packing.ask()
    of_2025 = packing.source("release-2025", published_on=date(2025, 9, 1))
    survey = packing.source("survey", published_on=TODAY - timedelta(days=120))
    linked(ask, statistic=packing.figure(source=of_2025, year=2024))
    linked(ask, source=survey, role=EvidenceRole.PUBLIC_SUPPORT)
    linked(ask, testimony_version=make.covered().version)
    amendment = packing.amendment(packing.stage(), ["Words."])
    AskAmendment.objects.create(ask=ask, amendment=amendment, relation="delivers")
    judge(ask, by=make.user("lead"))
    return ask


def test_an_ask_with_all_it_needs_has_no_gap(whole):
    assert gaps(whole) == []


def test_an_ask_with_nothing_says_so_worst_first():
    ask = packing.ask()

    assert gaps(ask) == [
        (Kind.NO_EVIDENCE, "No live evidence carries it."),
        (Kind.NO_AMENDMENT, "No amendment carries it."),
        (Kind.NO_TESTIMONY, "Nobody's own account carries it."),
    ]


@pytest.mark.parametrize(
    ("asked", "needs_one"),
    [(["company"], False), (["company", "company"], False), (["company", "government"], True),
     (["regulator"], True), ([""], True), ([], True)],
)  # fmt: skip
def test_what_a_company_alone_is_asked_for_needs_no_amendment(asked, needs_one):
    ask = packing.ask()
    ask.targets.set(
        [make.organisation(f"asked-{place}", kind=kind) for place, kind in enumerate(asked)]
    )

    assert (Kind.NO_AMENDMENT in kinds(ask)) is needs_one


def test_evidence_that_a_pack_would_not_print_carries_nothing():
    ask = packing.ask()
    linked(ask, statistic=make.statistic())
    source = packing.source("old", retracted_on=TODAY, retraction_note="Wrong.")
    linked(ask, statistic=packing.figure("99", 2024, source=source))

    assert gaps(ask)[0] == (
        Kind.NO_EVIDENCE,
        "No live evidence carries it. 2 linked, none of it approved.",
    )


def test_counter_evidence_is_shown_and_carries_nothing():
    ask = packing.ask()
    against = linked(ask, statistic=packing.figure(), role=EvidenceRole.COUNTER_EVIDENCE)

    [each] = board(at=TODAY).open
    name_counter_evidence([each.carried])

    assert (each.carried.against, each.carried.counter_evidence) == (1, [against])
    assert (each.carried.figures, each.worst) == (0, Kind.NO_EVIDENCE)


def test_two_publications_of_one_release_are_a_single_source(whole):
    release = packing.source("one-release", published_on=TODAY)
    whole.evidence.exclude(testimony_version__isnull=False).delete()
    for key in ("paper-a", "paper-b"):
        paper = make.source(key, published_on=TODAY)
        paper.derived_from.add(release)
        linked(whole, source=packing.approved(paper), judged_by=make.user("lead"),
               judged_at=timezone.now())  # fmt: skip

    assert gaps(whole) == [
        (
            Kind.SINGLE_SOURCE,
            "Beside people's own accounts, all that carries it goes back to one source: paper-a "
            "and paper-b repeat it.",
        )
    ]


APPROVED = "an approved figure"
ELSEWHERE = {  # evidence from somebody else; only the first would be printed for the ask
    APPROVED: lambda: {"statistic": packing.figure("7", 2024, source=packing.source("b"))},
    "a figure that waits": lambda: {"statistic": make.statistic("7", source=packing.source("b"))},
    "a source that waits": lambda: {"source": make.source("b")},
    "a source that was retracted": lambda: {
        "statistic": packing.figure("7", 2024, source=retracted("b"))
    },
    "an opponent's": lambda: {
        "statistic": packing.figure("7", 2024, source=packing.source("b")),
        "role": EvidenceRole.COUNTER_EVIDENCE,
    },
}


def retracted(key: str) -> Source:
    return packing.source(key, retracted_on=TODAY, retraction_note="Wrong.")


@pytest.mark.parametrize("of", [each for each in ELSEWHERE if each != APPROVED])
def test_a_single_source_stays_single_until_another_is_live(whole, of):
    whole.evidence.filter(source__isnull=False).delete()
    alone = gaps(whole)
    linked(whole, **ELSEWHERE[of]())
    judge(whole, by=make.user("lead"))

    assert gaps(whole) == alone
    assert alone[0] == (
        Kind.SINGLE_SOURCE,
        "Beside people's own accounts, all that carries it comes from one source, release-2025.",
    )
    linked(whole, source=packing.source("c"))
    assert Kind.SINGLE_SOURCE not in kinds(whole)


@pytest.mark.parametrize(("days", "found"), [(0, []), (244, []), (245, [Kind.NOTHING_NEW])])
def test_evidence_is_old_after_a_year(whole, days, found):
    """The survey is four months old on the first day."""
    at = TODAY + timedelta(days=days)

    assert kinds(whole, at) == found


def test_a_figure_is_as_old_as_its_period_not_as_its_publication(whole):
    whole.evidence.filter(source__isnull=False).delete()

    assert (Kind.NOTHING_NEW, "Nothing is newer than a year: the newest is of 31 March 2025.") in (
        gaps(whole)
    )


@pytest.fixture
def claim(whole) -> Claim:
    made = packing.claim(
        verdict=Verdict.INCONSISTENT, inputs=[link.statistic for link in statistics(whole)]
    )
    assert made.verdict == Verdict.INCONSISTENT
    return made


def statistics(ask: Ask) -> QuerySet[EvidenceLink]:
    return ask.evidence.filter(statistic__isnull=False)


def test_an_inconsistent_claim_on_its_figures_is_the_worst(whole, claim):
    [(kind, sentence)] = gaps(whole)

    assert kind == Kind.INCONSISTENT_CLAIM
    assert sentence.startswith("“Claim up-43: offences rose by 43%” does not follow")


def test_an_inconsistent_claim_that_is_accepted_is_no_gap(whole, claim):
    accept(claim, reason="Printed so.", by=make.user("lead"))

    assert gaps(whole) == []


def test_a_claim_on_a_figure_that_is_not_linked_is_not_the_asks(whole, claim):
    other = packing.figure("5", 2001)
    review.edit(claim, by=make.user("officer"))
    claim.inputs.create(role="to", statistic=other)

    assert gaps(whole) == []


def test_claims_of_which_none_can_be_tested(whole, claim):
    Claim.objects.filter(pk=claim.pk).update(verdict=Verdict.NOT_TESTABLE)

    assert kinds(whole) == [Kind.ONLY_NOT_TESTABLE]


@pytest.mark.parametrize("of", ["a source that was retracted", "an opponent's", APPROVED])
def test_a_claim_on_figures_that_do_not_carry_the_ask_hides_nothing(whole, claim, of):
    Claim.objects.filter(pk=claim.pk).update(verdict=Verdict.NOT_TESTABLE)
    link = linked(whole, **ELSEWHERE[of]())
    judge(whole, by=make.user("lead"))
    packing.claim("theirs", inputs=[link.statistic])
    if of == APPROVED:
        assert kinds(whole) == []
        review.edit(link.statistic, by=make.user("officer"))  # and so a draft again

    assert kinds(whole) == [Kind.ONLY_NOT_TESTABLE]


def test_what_is_said_without_a_source_until_a_figure_fills_it(whole):
    gap = EvidenceGap.objects.create(
        key="most",
        wording="Most people want it",
        source=whole.evidence.exclude(source=None).first().source,
        missing="A survey.",
        last_edited_by=make.user("officer"),
    )
    link = linked(whole, gap=gap)
    judge(whole, by=make.user("lead"))
    assert gaps(whole) == [
        (Kind.UNSOURCED_CLAIM, "“Most people want it” is said without a figure or a source.")
    ]

    gap.filled_by = statistics(whole).first().statistic
    gap.save()
    assert (gaps(whole), link.gap.filled_by is not None) == ([], True)


def test_numbers_in_its_words_that_rest_on_nothing(whole):
    review.edit(whole, by=make.user("officer"))
    whole.rationale = "It helped 77,000 families, and 1,437 offences were recorded in 2024/25."
    whole.save()

    assert gaps(whole) == [(Kind.UNBOUND_NUMBER, "1 number rests on no figure: “77,000”.")]
    assert [each.text for each in unbound_numbers(whole)] == ["77,000"]
    deciding.waive(whole, "77,000", reason="An example.", by=make.user("officer"))
    assert gaps(whole) == []


def test_an_objection_without_an_answer(whole):
    review.edit(whole, by=make.user("officer"))
    Objection.objects.create(ask=whole, position=2, objection="It takes years.")

    assert gaps(whole) == [(Kind.UNANSWERED_OBJECTION, "Nobody has answered: “It takes years.”")]


def test_an_account_that_was_taken_back_is_named_by_its_title_alone(whole):
    version = whole.evidence.exclude(testimony_version=None).get().testimony_version
    consenting.withdraw(version.testimony.listings.get().consent)

    assert gaps(whole) == [
        (
            Kind.NO_TESTIMONY,
            "The account “An account” may not be used in a briefing pack today.",
        )
    ]
    assert version.text not in str(board(at=TODAY))


def test_an_account_that_may_not_be_used_is_named_once_in_however_many_roles(whole):
    version = whole.evidence.exclude(testimony_version=None).get().testimony_version
    linked(whole, EvidenceRole.SHOWS_IT_WORKS, testimony_version=version)
    judge(whole, by=make.user("lead"))
    consenting.withdraw(version.testimony.listings.get().consent)

    assert kinds(whole) == [Kind.NO_TESTIMONY]


@pytest.mark.parametrize(
    ("number", "named"),
    [
        (2, "“Account 0” and “Account 1”"),
        (3, "“Account 0”, “Account 1” and “Account 2”"),
        (5, "“Account 0”, “Account 1”, “Account 2” and 2 more"),
    ],
)
def test_of_many_accounts_that_may_not_be_used_the_first_are_named_in_one_gap(number, named):
    ask = packing.ask()
    for n in range(number):
        covered = make.covered(title=f"Account {n}")
        linked(ask, testimony_version=covered.version)
        consenting.withdraw(covered.consent)

    [gap] = [sentence for kind, sentence in gaps(ask) if kind == Kind.NO_TESTIMONY]

    assert gap == (
        f"None of the {number} accounts linked may be used in a briefing pack today: {named}."
    )


@pytest.mark.parametrize("relation", ["waters_down", "opposes"])
def test_an_amendment_that_hinders_does_not_carry(whole, relation):
    AskAmendment.objects.update(relation=relation)

    assert gaps(whole) == [
        (
            Kind.NO_AMENDMENT,
            "The amendments linked to it water it down or oppose it: none delivers it.",
        )
    ]


def test_an_amendment_that_is_retired_carries_nothing(whole):
    review.retire(AskAmendment.objects.get().amendment, by=make.user("lead"))

    assert kinds(whole) == [Kind.NO_AMENDMENT]


def test_evidence_that_nobody_has_judged(whole):
    linked(whole, statement=approved_statement())

    assert gaps(whole) == [
        (
            Kind.UNJUDGED_EVIDENCE,
            "1 piece of evidence with a strength that nobody has put their name to.",
        )
    ]


def approved_statement() -> Statement:
    return packing.statement()


def test_judging_puts_ones_name_to_what_nobody_has_judged(whole):
    link = linked(whole, statement=approved_statement())

    assert judge(whole, by=make.user("officer")) == 1

    link.refresh_from_db()
    first = whole.evidence.order_by("pk").first()
    assert (link.judged_by, first.judged_by) == (make.user("officer"), make.user("lead"))
    with pytest.raises(Refused, match="has been judged"):
        judge(whole, by=make.user("officer"))


@pytest.mark.parametrize("strength", ["strong", "weak"])
def test_the_database_wants_a_reason_for_a_strength(whole, strength):
    with refused_by("evidence_link_strength_has_a_reason"):
        whole.evidence.update(strength=strength)


def test_the_database_wants_a_name_with_a_judgement(whole):
    with refused_by("evidence_link_judged_by_somebody_once"):
        whole.evidence.update(judged_by=None)


def test_the_database_knows_roles_and_strengths(whole):
    with refused_by("evidence_link_role_and_strength_are_known"):
        whole.evidence.update(role="hearsay")


def test_an_ask_that_has_ended_lacks_only_what_still_stands_in_public(whole):
    review.edit(whole, by=make.user("officer"))
    whole.status, whole.outcome, whole.rationale = AskStatus.DELIVERED, "Done.", "It was 77,000."
    whole.save()
    AskAmendment.objects.all().delete()

    found = board(at=TODAY + timedelta(days=999))

    assert (found.open, [each.ask for each in found.ended]) == ((), [whole])
    assert kinds(whole) == [Kind.UNBOUND_NUMBER]


def test_each_gap_names_an_act_and_where_on_the_desk(client, whole):
    ask = packing_ask_with_every_gap(whole)

    found = board(at=TODAY + timedelta(days=999))

    [each] = [one for one in found.open if one.ask == ask]
    assert [gap.kind for gap in each.gaps] == sorted(gap.kind for gap in each.gaps)
    assert all(gap.act and gap.url.startswith("/admin/") for gap in each.gaps)
    assert found.open[0].ask == ask


def packing_ask_with_every_gap(ask: Ask) -> Ask:
    review.edit(ask, by=make.user("officer"))
    ask.rationale = "It helped 77,000 families."
    ask.save()
    Objection.objects.create(ask=ask, position=2, objection="It takes years.")
    AskAmendment.objects.all().delete()
    linked(ask, statement=approved_statement())
    return ask


@pytest.mark.parametrize("number", [1, 3])
def test_the_board_takes_as_many_queries_for_three_asks_as_for_one(
    whole, number, django_assert_num_queries
):
    packing_ask_with_every_gap(whole)
    first = list(whole.evidence.all())
    for extra in range(number - 1):
        ask = Ask.objects.create(
            slug=f"ask-{extra}",
            campaign=whole.campaign,
            title="Another ask",
            change_wanted="It helps 55,000 more.",
            year=2024,
            last_edited_by=make.user("officer"),
        )
        for link in first:
            link.pk, link._state.adding, link.ask = None, True, ask
            link.save()
    board(at=TODAY)  # content types are read once

    with django_assert_num_queries(14):
        board(at=TODAY)


@pytest.mark.long
class TestTheFixtures:
    """The gaps of the five asks of the campaign, each as it stands in the demo."""

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def campaign(
        cls,
        django_db_setup: None,  # noqa: ARG003 - asked for, so that there is a database
        django_db_blocker: DjangoDbBlocker,
    ) -> Iterator[None]:
        with django_db_blocker.unblock(), loaded_with_the_apps_rights():
            yield

    def told(self, slug: str) -> list[str]:
        return [sentence for _, sentence in gaps(Ask.objects.get(slug=slug))]

    def test_the_worst_comes_first_and_the_delivered_ask_stands_apart(self):
        found = board(at=TODAY)

        assert [each.ask.slug for each in found.open] == [
            "senior-manager-liability",
            "invest-in-safe-encryption",
            "pause-default-encryption",
            "child-safety-advocate",
        ]
        assert [each.ask.slug for each in found.ended] == ["independent-regulator"]

    def test_the_advocate_has_old_figures(self):
        assert self.told("child-safety-advocate") == [
            "Nothing is newer than a year: the newest is of 31 December 2023.",
        ]

    def test_senior_managers_rest_on_an_overwhelming_majority_that_nobody_counted(self):
        assert self.told("senior-manager-liability") == [
            "“The public is said to back the liability of senior managers by an overwhelming "
            "majority” is said without a figure or a source.",
            "No live evidence carries it.",
            "Nobody's own account carries it.",
        ]

    @pytest.mark.parametrize(
        ("slug", "first"),
        [
            ("pause-default-encryption", []),  # asked of a company, which needs no law for it
            ("invest-in-safe-encryption", ["No amendment carries it."]),
        ],
    )
    def test_the_asks_on_encryption_have_one_source(self, slug, first):
        assert self.told(slug) == [
            *first,
            "All that carries it comes from one source, nationalworld-2023.",
            "Nothing is newer than a year: the newest is of 31 March 2022.",
            "Nobody's own account carries it.",
        ]

    def test_the_regulator_was_delivered_and_lacks_nothing_that_still_stands(self):
        assert self.told("independent-regulator") == []

    def test_numbers_are_found_as_the_review_finds_them(self):
        on_board = {
            each.ask.pk
            for each in board(at=TODAY).open
            if Kind.UNBOUND_NUMBER in [gap.kind for gap in each.gaps]
        }

        assert on_board == {ask.pk for ask in Ask.objects.all() if unbound_numbers(ask)}
