"""Cited words that their source no longer says are orphans until they or others are found again."""

import pytest

from evidence import anchoring
from evidence.models import Excerpt, ReviewState, Snapshot, Source, Statistic
from evidence.refusing import Refused
from evidence.snapshots.taking import take_from_text
from tests import factories as make

pytestmark = pytest.mark.django_db

FIRST = "Police recorded 1,437 offences in 2016/17. A force in Wales said so in a letter."
WITHOUT = "Police recorded many offences in 2016/17. A force in Wales said so in a letter."


@pytest.fixture
def source():
    return make.source()


def excerpt(snapshot: Snapshot, words: str = "1,437 offences") -> Excerpt:
    start = snapshot.text.index(words)
    return snapshot.excerpts.create(exact=words, start=start, end=start + len(words))


def cited_excerpt(source: Source) -> Excerpt:
    made = excerpt(take_from_text(source, FIRST).snapshot)
    make.statistic(source=source, excerpt=made)
    return made


def orphans() -> list[Excerpt]:
    return list(Excerpt.objects.orphans())


def test_words_that_the_newest_snapshot_says_have_a_follower_there(source) -> None:
    old = cited_excerpt(source)

    new = take_from_text(source, f"{FIRST} More follows.").snapshot

    assert new.excerpts.get().follows == old
    assert orphans() == []


def test_cited_words_that_are_gone_are_an_orphan(source) -> None:
    old = cited_excerpt(source)

    take_from_text(source, WITHOUT)

    assert orphans() == [old]


def test_an_excerpt_that_nothing_cites_is_no_orphan(source) -> None:
    excerpt(take_from_text(source, FIRST).snapshot)

    take_from_text(source, WITHOUT)

    assert orphans() == []


def test_a_retired_figure_misses_no_words(source) -> None:
    cited_excerpt(source)
    Statistic.objects.update(review_state=ReviewState.RETIRED)

    take_from_text(source, WITHOUT)

    assert orphans() == []


def test_words_lost_in_one_snapshot_are_found_again_in_the_next(source) -> None:
    old = cited_excerpt(source)
    take_from_text(source, WITHOUT)

    back = take_from_text(source, f"{FIRST} More follows.")

    assert [kept.follows for kept in back.excerpts.kept] == [old]
    assert orphans() == []


def test_words_still_lost_are_told_each_time(source) -> None:
    old = cited_excerpt(source)
    take_from_text(source, WITHOUT)

    again = take_from_text(source, f"{WITHOUT} More follows.")

    assert [orphan.excerpt for orphan in again.excerpts.orphaned] == [old]


def test_every_follower_follows_the_first(source) -> None:
    first = cited_excerpt(source)

    for more in ("More follows.", "More follows. Still more.", "More follows. It ends."):
        take_from_text(source, f"{FIRST} {more}")

    assert {one.follows for one in Excerpt.objects.exclude(pk=first.pk)} == {first}


def test_a_source_that_goes_back_has_its_words_where_they_were(source) -> None:
    old = cited_excerpt(source)
    take_from_text(source, WITHOUT)

    back = take_from_text(source, FIRST)

    assert (back.is_new, back.excerpts.kept, orphans()) == (False, (old,), [])


def test_a_person_places_an_orphan(source) -> None:
    old = cited_excerpt(source)
    new = take_from_text(source, WITHOUT).snapshot

    placed = anchoring.place(old, new, "many offences")

    assert (placed.follows, placed.start, orphans()) == (old, FIRST.index("1,437"), [])


def test_two_orphans_may_meet_in_one_sentence(source) -> None:
    one = cited_excerpt(source)
    other = excerpt(one.snapshot, "1,437 offences in 2016/17")
    make.statistic(source=source, excerpt=other, period=make.financial_year(2017))
    new = take_from_text(source, WITHOUT).snapshot

    anchoring.place(one, new, "many offences")
    anchoring.place(other, new, "many offences")

    assert orphans() == []


@pytest.mark.parametrize(
    ("words", "sentence"), [("few offences", "does not say these words"), ("in", "more than once")]
)
def test_an_orphan_is_not_placed_by_guessing(source, words: str, sentence: str) -> None:
    old = cited_excerpt(source)
    new = take_from_text(source, WITHOUT).snapshot

    with pytest.raises(Refused, match=sentence):
        anchoring.place(old, new, words)

    assert orphans() == [old]


def test_an_orphan_is_placed_once(source) -> None:
    old = cited_excerpt(source)
    new = take_from_text(source, WITHOUT).snapshot
    anchoring.place(old, new, "many offences")

    with pytest.raises(Refused, match="A colleague has placed"):
        anchoring.place(old, new, "A force")


def test_orphans_of_many_sources_are_one_query(source, django_assert_num_queries) -> None:
    for key in ("one", "two", "three"):
        other = make.source(key)
        cited_excerpt(other)
        take_from_text(other, WITHOUT)

    with django_assert_num_queries(1):
        assert len(orphans()) == 3
