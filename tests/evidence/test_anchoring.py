"""An excerpt is found again where its words and their surroundings hold, and nowhere else."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from evidence import anchoring
from evidence.anchoring import Ambiguous, Anchor, Orphan, Report, locate, relocate
from evidence.models import Excerpt, Snapshot
from evidence.refusing import Refused
from evidence.snapshots.taking import take
from tests import factories as make

OLD = (
    "Police in Wales recorded 1,437 offences in 2016/17. The charity calls for more. "
    "Two years on the number had risen to 2,061 offences, it said, a rise of 43%. "
    "The police answered a request under the Freedom of Information Act."
)


def anchor(text: str, words: str) -> Anchor:
    return Anchor(text.index(words), text.index(words) + len(words))


def test_words_that_stand_once_are_found() -> None:
    assert locate(OLD, "2,061 offences") == anchor(OLD, "2,061 offences")


def test_words_that_stand_nowhere_are_not() -> None:
    assert locate(OLD, "2,062 offences") is None
    assert locate(OLD, "2,061 offences", prefix="fallen to") is None
    assert locate(OLD, "") is None


def test_words_that_stand_twice_are_ambiguous_until_the_context_decides() -> None:
    first = anchor(OLD, " offences")
    second = Anchor(OLD.index(" offences, it"), OLD.index(", it"))

    assert locate(OLD, " offences") == Ambiguous((first, second))
    assert locate(OLD, " offences", suffix=", it said") == second
    assert locate(OLD, " offences", prefix="1,437") == first
    assert locate(OLD, " offences", position=second.start) == second
    assert locate(OLD, " offences", position=5) == Ambiguous((first, second))


def test_overlapping_places_are_all_counted() -> None:
    assert locate("anana", "ana") == Ambiguous((Anchor(0, 3), Anchor(2, 5)))


def test_a_form_is_told_what_to_do() -> None:
    with pytest.raises(Refused, match="more than once"):
        anchoring.find(" offences", OLD)
    with pytest.raises(Refused, match="does not say these words"):
        anchoring.find("offenses", OLD)
    assert anchoring.find("2,061", OLD, prefix="risen to") == OLD.index("2,061")


MOVES = {
    "text before it": (f"Updated on Monday.\n\n{OLD}", True),
    "text after its surroundings": (f"{OLD} More follows.", True),
    "lines that break elsewhere": (OLD.replace("had risen", "had\nrisen"), True),
    "nothing": (OLD, True),
    "its own number": (OLD.replace("2,061", "2,016"), False),
    "a number nearby": (OLD.replace("Two years", "Ten years").replace("had", "may have"), False),
    "the words after it": (OLD.replace("it said", "it denied"), False),
    "its sentence, twice": (f"{OLD} {OLD[80:]}", False),
    "its end": (OLD[: OLD.index(", it said")], False),
    "everything": ("This page has moved.", False),
    "its place, to a look-alike": (
        OLD.replace("Two years on the number had risen to 2,061", "Elsewhere they counted 2,061"),
        False,
    ),
    "a digit before it": (OLD.replace("to 2,061", "to 12,061"), False),
    "a space before it": (OLD.replace("to 2,061", "to1 2,061"), False),
}


@pytest.mark.parametrize("change", MOVES)
def test_words_are_found_again_only_where_their_surroundings_hold(change: str) -> None:
    new, kept = MOVES[change]

    found = relocate(anchor(OLD, "2,061 offences"), OLD, new)

    assert (found == anchor(new, "2,061 offences")) if kept else not isinstance(found, Anchor)


def test_a_longer_number_is_no_place_for_its_end() -> None:
    old, new = "Table 1 43% of forces answered.", "Table 143% of forces answered."

    assert relocate(anchor(old, "43%"), old, new) is None


def test_of_two_look_alikes_the_one_that_stayed_is_not_guessed() -> None:
    old = f"{'-' * 40}43%{'-' * 40}43%{'-' * 40}"
    new = f"{'-' * 40}43%{'-' * 40}"

    assert isinstance(relocate(Anchor(40, 43), old, new), Ambiguous)


def test_words_without_any_context_are_not_sought() -> None:
    assert relocate(Anchor(0, 3), "43%", "Of these, 43% said no.") is None


@given(st.text("ab1 \n", max_size=60), st.text("ab1 \n", max_size=60), st.data())
def test_what_is_found_again_says_the_same_between_the_same(old: str, new: str, data) -> None:
    start = data.draw(st.integers(0, len(old)))
    passage = Anchor(start, data.draw(st.integers(start, len(old))))

    found = relocate(passage, old, new)

    if isinstance(found, Anchor):
        assert words_and_context(new, found) == words_and_context(old, passage)


def words_and_context(text: str, place: Anchor) -> list[str]:
    """The words, and the letters on either side as far as the shortest text has them."""
    before, after = anchoring.around(place.start, place.end, text)
    nearest = ["".join(before.split())[-5:], "".join(after.split())[:5]]
    return [text[place.start : place.end], *nearest]


def excerpt(snapshot: Snapshot, words: str) -> Excerpt:
    start = snapshot.text.index(words)
    prefix, suffix = anchoring.around(start, start + len(words), snapshot.text)
    return snapshot.excerpts.create(
        exact=words, prefix=prefix, suffix=suffix, start=start, end=start + len(words)
    )


@pytest.mark.django_db
def test_a_new_snapshot_keeps_what_it_still_says_and_tells_the_rest() -> None:
    source = make.source()
    old = take(source, text=OLD, at=timezone.now())
    stays, goes = excerpt(old, "2,061 offences"), excerpt(old, "1,437 offences")
    new = take(source, text=OLD.replace("Police in Wales", "Three police forces"))

    report = anchoring.reanchor(old, new)

    kept = new.excerpts.get()
    assert report == Report(
        (kept,),
        (
            Orphan(
                goes,
                "The new snapshot says these words elsewhere or among others: see what they mean.",
            ),
        ),
    )
    assert (kept.exact, kept.start) == ("2,061 offences", new.text.index("2,061"))
    assert set(old.excerpts.all()) == {stays, goes}


@pytest.mark.django_db
def test_carrying_over_twice_changes_nothing() -> None:
    source = make.source()
    old, new = take(source, text=OLD), take(source, text=f"{OLD} More follows.")
    excerpt(old, "1,437 offences")

    assert anchoring.reanchor(old, new) == anchoring.reanchor(old, new)
    assert anchoring.reanchor(old, old) == Report()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_carrying_over_takes_three_queries(number: int, django_assert_num_queries) -> None:
    source = make.source()
    old, new = take(source, text=OLD), take(source, text=f"{OLD} More follows.")
    for words in ["1,437", "2016/17", "2,061"][:number]:
        excerpt(old, words)

    with django_assert_num_queries(3):
        assert len(anchoring.reanchor(old, new).kept) == number
