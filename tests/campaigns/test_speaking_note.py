"""Ninety seconds for a member: asks first, figures as said, and no account that may not be read."""

import pytest

from campaigns.briefing import blocks
from campaigns.composing.speech import WORDS
from campaigns.issuing import issue
from campaigns.models import Layout, PackFormat
from campaigns.packs import compose
from campaigns.rebuilding import as_sent
from evidence import consenting, review
from evidence.models import Channel
from tests import factories as make
from tests.campaigns import packing

pytestmark = pytest.mark.django_db

ALOUD = (Channel.BRIEFING_PACK, Channel.SPEECH)


def note_in(composition) -> list[blocks.Block]:
    """The note and what follows it, up to the contacts."""
    found = list(composition.briefing.blocks)
    start = next(i for i, each in enumerate(found) if isinstance(each, blocks.SpeakingNote))
    return found[start:-2]


def said(composition) -> list[str]:
    return [blocks.plain(each) for each in note_in(composition)[0].paragraphs]


def test_it_asks_first_then_says_each_size_once_and_asks_the_minister() -> None:
    figures = [packing.figure("1,437", 2016), packing.figure("2,061", 2021)]
    claim = packing.claim(inputs=figures)
    other = packing.figure("3,100", 2023)
    pack = packing.pack(("summary", [packing.ask()]), ("problem", [*figures, other, claim]))

    composition = compose(pack)

    assert said(composition) == [
        "A statutory advocate. Give children a body that speaks for them.",
        "Claim up-43: offences rose by more than two-fifths.",
        "Police in Wales recorded just over three thousand offences.",
        "So I ask the Minister: Who will speak for children?",
    ]
    [note] = note_in(composition)
    assert note.hint.startswith("About 15 seconds, 38 words.")
    marks = [run for words in note.paragraphs for run in words if isinstance(run, blocks.NoteRef)]
    assert marks == [
        blocks.NoteRef(f"claim {claim.pk}"),
        blocks.NoteRef(f"figure {other.pk}"),
    ]


def test_an_account_that_may_be_read_aloud_is_in_it_word_for_word() -> None:
    covered = make.covered(*ALOUD, text="One day in 2016/17 I told 43 people.\n\nNobody wrote.")
    pack = packing.pack(("summary", [packing.ask()]), ("case_study", [covered.version]))

    _, box = note_in(compose(pack))

    assert box.paragraphs == ("One day in 2016/17 I told 43 people.", "Nobody wrote.")
    assert box.speech_note == "May be read in the Chamber in exactly these words."


@pytest.mark.parametrize(
    ("channels", "text"),
    [((Channel.BRIEFING_PACK,), "It was hard."), (ALOUD, "word " * WORDS)],
    ids=["background only", "too long to be read whole"],
)
def test_no_other_account_is_in_it_not_even_in_part(channels, text) -> None:
    covered = make.covered(*channels, text=text)
    pack = packing.pack(("summary", [packing.ask()]), ("case_study", [covered.version]))

    composition = compose(pack)

    assert [type(each) for each in note_in(composition)] == [blocks.SpeakingNote]
    assert len([each for each in composition.briefing.blocks if hasattr(each, "speech")]) == 1


def test_a_withdrawal_takes_it_out_of_the_note_as_well(settings, tmp_path) -> None:
    settings.PACKS = tmp_path
    covered = make.covered(*ALOUD, text="Kanarienvogel")
    pack = packing.pack(("summary", [packing.ask()]), ("case_study", [covered.version]))
    by = make.user("campaign lead")
    version = issue(packing.approved(pack), to=[packing.member()], by=by)
    assert as_sent(version, PackFormat.HTML).decode().count("Kanarienvogel") == 2

    consenting.withdraw(covered.consent)

    shown = as_sent(version, PackFormat.HTML).decode()
    assert "Kanarienvogel" not in shown
    assert shown.count("This account has been withdrawn.") == 2


def test_what_goes_beyond_ninety_seconds_is_left_out_and_asks_are_cut_to_their_titles() -> None:
    ask = packing.ask(change_wanted="word " * 218, question="why " * 220)
    wordings = ["Many " + "more " * 58, "Most " + "ever " * 88, "None " + "left " * 78]
    figures = [
        packing.figure("1,437", year, approved_wording=wording)
        for year, wording in enumerate(wordings, start=2016)
    ]
    pack = packing.pack(("summary", [ask]), ("problem", figures))

    paragraphs = said(compose(pack))

    assert paragraphs[0] == "A statutory advocate."
    assert [each.split()[0] for each in paragraphs[1:]] == ["Many", "Most"]
    assert sum(len(each.split()) for each in paragraphs) <= WORDS


def test_what_it_has_no_room_for_has_no_note_either_and_is_said_to_be_left_out() -> None:
    figure = packing.figure("1,437", 2016)
    claim = packing.claim(inputs=[figure])
    review.edit(claim, by=make.user("officer"))
    claim.wording = "so " * 60
    claim.save()
    packing.approved(claim)
    ask = packing.ask(change_wanted="word " * 200)
    pack = packing.pack(("summary", [ask, claim]))

    composition = compose(pack)

    assert composition.briefing.notes == ()
    assert composition.claims == ()
    assert [each.split(" is left out: ")[1] for each in composition.refusals] == [
        "a summary shows 2 to 4 figures side by side, and it is not among them. Choose it in "
        "another section."
    ]


def test_one_side_of_a4_has_none_and_nor_has_a_pack_that_asks_for_nothing() -> None:
    figure = packing.figure()
    short = packing.pack(("summary", [packing.ask()]), layout=Layout.ONE_PAGE)
    idle = packing.pack(("problem", [figure]), slug="idle")

    for pack in (short, idle):
        kinds = {type(each) for each in compose(pack).briefing.blocks}
        assert blocks.SpeakingNote not in kinds
