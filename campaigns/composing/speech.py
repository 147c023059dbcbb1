"""The speaking note: what a member says in ninety seconds, asks first, figures as one says them."""

from collections.abc import Iterator, Sequence

from campaigns.briefing.blocks import (
    Block,
    NoteRef,
    Runs,
    SpeakingNote,
    TestimonyBox,
    Text,
    plain,
    runs,
)
from campaigns.composing.accounts import told
from campaigns.composing.figures import Figure, note_of
from campaigns.composing.gathered import Gathered
from campaigns.models import Ask
from evidence.aloud import aloud
from evidence.models import Claim, Statistic

TITLE = "Speaking note"
SECONDS = 90
WORDS = 220  # of a member who is heard, with a breath at each full stop


def speaking_note(gathered: Gathered) -> Iterator[Block]:
    """Nothing without an ask. An account is in it whole, as consented to, or not at all."""
    asks = list(gathered.asks.values())
    if not asks:
        return
    said = _Said()
    for ask in asks:
        said.add(_asked(ask, briefly=False), or_else=_asked(ask, briefly=True))
    account = _account_that_fits(gathered, said)
    if account:
        said.words += _length(account)
    for figure in _worth_saying(gathered):
        words = _claimed(figure) if isinstance(figure, Claim) else _counted(figure)
        if words and said.has_room_for(runs(words)):
            said.add((Text(words), NoteRef(note_of(figure, gathered))))
    for question in (each for ask in asks for each in ask.questions.all()):
        if said.add(runs(f"So I ask the Minister: {question.text}")):
            break
    if said.words > WORDS:
        gathered.warnings.append(
            f"The speaking note has {said.words} words, more than {SECONDS} seconds hold: "
            "choose fewer asks."
        )
    yield SpeakingNote(TITLE, _hint(said.words), tuple(said.paragraphs))
    yield from account or ()


class _Said:
    """What is said so far, and in how many words."""

    def __init__(self) -> None:
        self.paragraphs: list[Runs] = []
        self.words = 0

    def add(self, paragraph: Runs, *, or_else: Runs = ()) -> bool:
        """The paragraph if there is room for it; what it has to be cut down to, in any case."""
        fits = self.has_room_for(paragraph)
        chosen = paragraph if fits else or_else
        if chosen:
            self.paragraphs.append(chosen)
            self.words += _count(chosen)
        return fits

    def has_room_for(self, paragraph: Runs) -> bool:
        return self.words + _count(paragraph) <= WORDS


def _hint(words: int) -> str:
    seconds = round(words * SECONDS / WORDS / 5) * 5
    return (
        f"About {seconds} seconds, {words} words. Figures are as one says them; the notes give "
        "them as they are printed."
    )


def _asked(ask: Ask, *, briefly: bool) -> Runs:
    title = Text(f"{ask.title.rstrip('.')}.", strong=True)
    return (title,) if briefly else (title, Text(f" {aloud(ask.change_wanted)}"))


def _worth_saying(gathered: Gathered) -> Iterator[Figure]:
    """Sizes before counts, and no count that a size has told already."""
    printed = [one for one in gathered.chosen if one.pk in {*gathered.figures, *gathered.claims}]
    claims = [one for one in printed if isinstance(one, Claim)]
    under = {line.statistic_id for claim in claims for line in claim.inputs.all()}
    yield from dict.fromkeys([*claims, *(one for one in printed if one.pk not in under)])


def _claimed(claim: Claim) -> str:
    return f"{aloud(claim.wording).rstrip('.')}."


def _counted(figure: Statistic) -> str:
    """Its approved wording; without one, the words that were written to be said of it."""
    if figure.approved_wording or not figure.spoken:
        return aloud(figure.approved_wording)
    return f"{figure.measure.name}, {figure.area}: {figure.spoken.rstrip('.')}."


def _account_that_fits(gathered: Gathered, said: _Said) -> list[Block] | None:
    """The first that may be read in the Chamber and leaves time for what is asked."""
    for account in gathered.accounts.values():
        if account.speech == "chamber":
            blocks = list(told(account))
            if said.words + _length(blocks) <= WORDS:
                return blocks
    return None


def _length(blocks: Sequence[Block]) -> int:
    boxes = [each for each in blocks if isinstance(each, TestimonyBox)]
    return sum(len(words.split()) for box in boxes for words in box.paragraphs)


def _count(paragraph: Runs) -> int:
    return len(plain(paragraph).split())
