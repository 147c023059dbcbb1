"""A returned file beside its pack: wording may be taken over, evidence never, and all is shown."""

import pytest

from campaigns.building import build
from campaigns.manifests import rebuilt
from campaigns.models import PackContact, PackSection
from campaigns.returned.aligning import aligned, marked
from campaigns.returned.comparing import MARKED, UNSHOWN, Change, compare
from campaigns.returned.origin import origin_of
from campaigns.returned.printed import NEVER_TAKEN, Kind
from campaigns.returned.reading import read_returned
from campaigns.returned.taking import Wording, take_over
from evidence import consenting
from evidence.models import Organisation
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.returned.word_files import below, edited, paragraph
from tests.campaigns.sending_world import issued, reached

pytestmark = pytest.mark.django_db

TOLD = "Children meet harm before anyone counts it, and 1,437 offences came to light."
MORE = "A regulator alone cannot hear them."
ACCOUNT = "Nobody ever asked me what I wanted."


def pack(*accounts, slug: str = "example-pack", **fields):
    stage = packing.stage()
    chosen = [
        ("summary", [packing.ask()]),
        ("problem", [packing.figure(), packing.statement()]),
        ("amendment", [packing.own_draft(stage)]),
    ]
    if accounts:
        chosen.append(("case_study", [each.version for each in accounts]))
    made = packing.pack(*chosen, slug=slug, about_us="We listen.", **fields)
    PackSection.objects.filter(pack=made, kind="problem").update(text=f"{TOLD}\n\n{MORE}")
    return made


def account() -> make.Covered:
    return make.covered(text=f"{ACCOUNT} I was not alone.")


def word(of) -> bytes:
    return build(of, "docx")[0]


def changes(of, file: bytes) -> list[Change]:
    returned = read_returned(file)
    origin = origin_of(of, returned)
    return list(compare(of, origin.briefing, returned, unprinted=origin.unprinted).changes)


def told(found: list[Change]) -> list[tuple[str, str, str, bool]]:
    return [(each.what, each.before, each.after, each.may_be_taken) for each in found]


def test_an_untouched_file_differs_in_nothing() -> None:
    of = pack(account())

    assert changes(of, word(of)) == []


def test_wording_headings_and_who_we_are_may_be_taken_over() -> None:
    of = pack()
    zeta = Organisation.objects.create(key="zeta", name="Zeta")
    PackContact.objects.create(pack=of, organisation=zeta, about="Zeta listens too.")
    file = edited(
        word(of),
        ("The problem", "What happens"),
        ("cannot hear them", "does not hear children"),
        ("We listen.", "We listen to children."),
        ("Zeta listens too.", "Zeta asks."),
    )

    assert told(changes(of, file)) == [
        ("Heading: changed", "The problem", "What happens", True),
        (
            "Paragraph in “The problem”: changed",
            MORE,
            "A regulator alone does not hear children.",
            True,
        ),
        ("Who we are: changed", "We listen.", "We listen to children.", True),
        ("Who we are: changed", "Zeta listens too.", "Zeta asks.", True),
    ]


ALTERED = {
    "a figure's sentence": ("Police in Wales recorded 1,437", "Police in Wales recorded 1,537"),
    "a quotation": ("a tough regulator", "a weak regulator"),
    "an amendment": ("There is to be a body", "There may be a body"),
    "an account": ("Nobody ever asked me", "Somebody asked me"),
    "an ask": ("Give children a body that speaks for them", "Give children a leaflet"),
    "the title": ("A voice for children", "No voice for children"),
}


def test_evidence_and_asks_are_shown_and_never_taken() -> None:
    of = pack(account())

    found = changes(of, edited(word(of), *ALTERED.values()))

    kinds = (Kind.FRAME, Kind.CHOSEN, Kind.STATEMENT, Kind.AMENDMENT, Kind.TESTIMONY)
    assert {each.kind: each.why_not for each in found} == {
        kind: NEVER_TAKEN[kind] for kind in kinds
    }
    assert len(found) == len(ALTERED)
    assert not any(each.may_be_taken for each in found)


def test_a_citation_is_shown_and_never_taken() -> None:
    of = pack()
    file = edited(word(of), ("22 February 2023", "22 March 2023"), part="word/footnotes.xml")

    [found] = changes(of, file)

    assert (found.kind, found.may_be_taken) == (Kind.CITATION, False)


@pytest.mark.parametrize(
    ("new", "figure"),
    [
        (TOLD.replace("1,437", "1,537"), "without 1,437, 1,537"),
        (TOLD.replace("1,437 offences", "a third of offences"), "without 1,437, a third"),
        (TOLD.replace("counts it,", "counts it in 2019,"), "2019"),
    ],
)
def test_a_figure_in_prose_is_not_altered_by_a_file(new, figure) -> None:
    of = pack()

    [found] = changes(of, edited(word(of), (TOLD, new)))

    assert not found.may_be_taken
    assert found.why_not.startswith(f"It changes a figure ({figure})")


def test_a_new_paragraph_goes_into_its_section_unless_it_brings_a_figure() -> None:
    of = pack()
    added = (paragraph("It is late."), paragraph("More than 900 families wait."))

    late, counted = changes(of, below(word(of), MORE, *added))

    assert told([late]) == [("Paragraph in “The problem”: added", "", "It is late.", True)]
    assert (late.place.paragraph, counted.may_be_taken) == (2, False)
    assert "brings a figure (More than 900)" in counted.why_not


def test_a_paragraph_that_was_taken_out_is_shown_and_may_be() -> None:
    of = pack()

    found = changes(of, edited(word(of), (MORE, "")))

    assert told(found) == [("Paragraph in “The problem”: taken out", MORE, "", True)]


def test_what_is_bold_or_leads_somewhere_is_changed_by_hand() -> None:
    of = pack()
    PackSection.objects.filter(pack=of, kind="problem").update(
        text=f"{TOLD}\n\nA **regulator** alone cannot hear them.\n\n- They wait."
    )
    file = word(of)
    assert changes(of, file) == []

    [words] = changes(of, edited(file, (" alone cannot", " cannot")))
    [item] = changes(of, edited(file, ("They wait.", "They still wait.")))

    assert (words.may_be_taken, words.why_not) == (False, MARKED)
    assert (item.may_be_taken, item.why_not) == (False, NEVER_TAKEN[Kind.CHOSEN])


def test_what_is_taken_over_means_just_its_words() -> None:
    of = pack()
    new = "1. A *regulator* [alone] cannot hear them_"

    file = edited(word(of), (MORE, new))

    [found] = changes(of, file)
    take_over(of, [Wording(found.place, found.before, found.after, found.is_added)],
              by=make.user("officer"))  # fmt: skip

    assert changes(of, file) == []
    assert new in packing.words_of(build(of, "html")[0])


def test_an_accounts_words_are_not_carried_into_prose() -> None:
    of = pack(account())

    [found] = changes(of, edited(word(of), (MORE, f"{MORE} {ACCOUNT}")))

    assert (found.may_be_taken, found.why_not) == (False, NEVER_TAKEN[Kind.TESTIMONY])


@pytest.mark.parametrize("style", ["Testimony", "BodyText"])
def test_an_account_that_the_pack_may_not_print_any_more_is_not_shown(style) -> None:
    covered = account()
    of = pack(covered)
    file = edited(word(of), ('<w:pStyle w:val="Testimony" />', f'<w:pStyle w:val="{style}" />'))
    consenting.withdraw(covered.consent)

    found = changes(of, file)

    assert UNSHOWN in [each.after for each in found]
    assert ACCOUNT not in str(found)
    assert not any(each.may_be_taken for each in found if "asked me" in each.after)


def test_a_file_of_an_issued_version_is_held_against_that_version() -> None:
    of = packing.approved(pack())
    version = issued(of, reached())
    file = edited(rebuilt(version, "docx"), ("cannot hear them", "is deaf to them"))
    of.sections.filter(kind="amendment").first()
    of.refresh_from_db()

    origin = origin_of(of, read_returned(file))

    assert origin.named.startswith("version 1, issued ")
    assert [each.may_be_taken for each in changes(of, file)] == [True]


def test_what_the_pack_says_otherwise_by_now_is_not_overwritten() -> None:
    of = packing.approved(pack())
    file = edited(rebuilt(issued(of, reached()), "docx"), ("cannot hear them", "is deaf to them"))
    packing.review.edit(of, by=make.user("officer"))
    PackSection.objects.filter(pack=of, kind="problem").update(text=f"{TOLD}\n\nRewritten.")

    [found] = changes(of, file)

    assert (found.may_be_taken, found.why_not.startswith("The pack says something else")) == (
        False,
        True,
    )


def test_a_version_with_a_withdrawn_account_is_refused() -> None:
    covered = account()
    of = packing.approved(pack(covered))
    file = rebuilt(issued(of, reached()), "docx")
    consenting.withdraw(covered.consent)

    with pytest.raises(Refused, match="account that was called back since: delete the file"):
        changes(of, file)


def test_another_packs_file_is_refused() -> None:
    of = pack()
    other = packing.pack(("summary", [of.sections.first().items.first().ask]), slug="other")
    other.title = "Another pack"
    other.save()
    packing.approved(other)
    version = issued(other, reached())

    for file in (rebuilt(version, "docx"), word(other)):
        with pytest.raises(Refused, match="Word file of another pack, “Another pack”"):
            changes(of, file)


def test_a_strangers_file_is_refused() -> None:
    of = pack()
    stranger = make_stranger()

    with pytest.raises(Refused, match="Hardly a line"):
        changes(of, stranger)


def make_stranger() -> bytes:
    from tests.evidence.made_files import body, docx  # only here: another office's file

    return docx(body("".join(paragraph(f"Minute {n} of a meeting.") for n in range(20))))


def test_lines_are_paired_in_order_by_what_they_have_in_common() -> None:
    before = ["a title", "the first one here", "the second of them", "gone for good"]
    after = ["a title", "new words altogether", "the first one there", "the second of us", "end"]

    assert list(aligned(before, after)) == [
        (0, 0),
        (None, 1),
        (1, 2),
        (2, 3),
        (3, None),
        (None, 4),
    ]


def test_a_line_as_long_as_a_book_is_marked_as_a_whole() -> None:
    before, after = "a " * 4_000, "b " * 4_000

    assert marked(before, after) == ([(before, True)], [(after, True)])


def test_each_side_marks_the_words_that_the_other_lacks() -> None:
    assert marked("It rose by 43%.", "It fell by 43%.") == (
        [("It ", False), ("rose", True), (" by 43%.", False)],
        [("It ", False), ("fell", True), (" by 43%.", False)],
    )
