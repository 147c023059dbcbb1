"""Withheld words are nowhere in the database any more; what rests on other words stays."""

import hashlib

import pytest
from django.conf import settings
from django.db import connection

from evidence.models import (
    Excerpt,
    Redaction,
    RestrictedAccount,
    Snapshot,
    Statistic,
)
from evidence.refusing import Refused
from evidence.snapshots.redacting import also_in, redact, withhold
from evidence.snapshots.taking import take_from_text
from tests import factories as make
from tests.refusing import refused_by, refused_by_grant, run

pytestmark = pytest.mark.django_db

SECRET = "Zephyrine told\nno one for a year"
TEXT = f"Recorded: 43% more.\n\n“{SECRET},” she wrote. 100% of forces\\units replied: 2,061 cases."
MARKED = (
    "Recorded: 43% more.\n\n“[withheld],” she wrote. 100% of forces\\units replied: 2,061 cases."
)
REASON = "A child's own words, without a consent."
EMPTY = hashlib.sha256(b"").hexdigest()


@pytest.fixture
def snapshot():
    return take_from_text(make.source(), TEXT).snapshot


@pytest.fixture
def officer():
    return make.user("officer")


def excerpt(snapshot: Snapshot, words: str) -> Excerpt:
    start = snapshot.text.index(words)
    before, after = snapshot.text[max(0, start - 32) : start], snapshot.text[start + len(words) :]
    return snapshot.excerpts.create(
        exact=words, start=start, end=start + len(words), prefix=before, suffix=after[:32]
    )


def tables_that_say(word: str) -> set[str]:
    """Every table with a row that has the word in any of its columns, as their owner sees it."""
    run("RESET ROLE")
    tables = run(
        "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables "
        "WHERE schemaname IN ('public', 'feed')"
    )
    said = "SELECT FROM {} AS one WHERE one::text ILIKE %s LIMIT 1"
    found = {name for (name,) in tables if _rows(said.format(name), f"%{word}%")}
    run(f"SET ROLE {settings.APP_LOGIN}")
    return found


def _rows(sql: str, *params: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def test_the_words_are_gone_and_all_else_stays(snapshot, officer) -> None:
    successor = redact(snapshot, passages=[SECRET], by=officer, reason=REASON)

    snapshot.refresh_from_db()
    assert (snapshot.text, snapshot.sha256) == ("", EMPTY)
    assert snapshot.redacted_at is not None
    assert (successor.text, successor.redacts) == (MARKED, snapshot)
    assert successor.sha256 == hashlib.sha256(MARKED.encode()).hexdigest()
    assert successor.taken_at == snapshot.taken_at


def test_no_table_says_them_any_more(snapshot, officer) -> None:
    for year, words in ((2001, "43% more"), (2002, "Zephyrine"), (2003, "she wrote")):
        make.statistic(excerpt=excerpt(snapshot, words), period=make.financial_year(year))
    assert tables_that_say("zephyrine") == {"public.evidence_snapshot", "public.evidence_excerpt"}

    redact(snapshot, passages=[SECRET], by=officer, reason=REASON)

    assert tables_that_say("zephyrine") == set()


def test_the_act_is_logged_without_the_words(snapshot, officer) -> None:
    before = snapshot.sha256

    successor = redact(snapshot, passages=[SECRET, "she"], by=officer, reason=REASON)

    logged = Redaction.objects.get()
    assert (logged.snapshot, logged.successor) == (snapshot, successor)
    assert (logged.by, logged.reason, logged.passages) == (officer, REASON, 2)
    assert logged.withheld_sha256 == before


def test_excerpts_of_other_words_go_over_and_what_cites_them_stays(snapshot, officer) -> None:
    kept = excerpt(snapshot, "2,061 cases")
    figure = make.statistic(excerpt=kept)

    successor = redact(snapshot, passages=[SECRET], by=officer, reason=REASON)

    kept.refresh_from_db()
    assert (kept.snapshot, kept.withheld) == (successor, False)
    assert successor.text[kept.start : kept.end] == kept.exact == "2,061 cases"
    assert Statistic.objects.get().updated_at == figure.updated_at
    assert not Excerpt.objects.orphans().exists()


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("no one", "[withheld]"),
        ("year,” she wrote", "[withheld],” she wrote"),
        (SECRET, "[withheld]"),
    ],
)
def test_an_excerpt_that_loses_words_is_marked_and_an_orphan(
    snapshot, officer, words: str, left: str
) -> None:
    lost = excerpt(snapshot, words)
    make.statistic(excerpt=lost)

    redact(snapshot, passages=[SECRET], by=officer, reason=REASON)

    lost.refresh_from_db()
    assert (lost.exact, lost.withheld) == (left, True)
    assert list(Excerpt.objects.orphans()) == [lost]


def test_two_excerpts_of_one_passage_lie_under_one_mark(snapshot, officer) -> None:
    excerpt(snapshot, "Zephyrine"), excerpt(snapshot, "no one")

    successor = redact(snapshot, passages=[SECRET], by=officer, reason=REASON)

    assert [one.exact for one in successor.excerpts.all()] == ["[withheld]", "[withheld]"]


def test_a_restricted_account_is_noted_in_the_same_act(snapshot, officer) -> None:
    redact(snapshot, passages=[SECRET], by=officer, reason=REASON, restricted_account=True)

    assert RestrictedAccount.objects.get().source == snapshot.source


@pytest.mark.parametrize(
    ("passages", "reason", "sentence"),
    [
        (["Zephyr"], REASON, "does not say passage 1"),
        (["  "], REASON, "Paste the words"),
        ([SECRET], " ", "Say why"),
        ([SECRET, "Zephyrine"], "It names Zephyrine.", "repeats words"),
    ],
)
def test_a_redaction_that_cannot_be_right_changes_nothing(
    snapshot, officer, passages: list[str], reason: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        redact(snapshot, passages=passages, by=officer, reason=reason, restricted_account=True)

    assert Snapshot.objects.get().text == TEXT
    assert not RestrictedAccount.objects.exists()


def test_a_successor_can_be_redacted_in_its_turn(snapshot, officer) -> None:
    first = redact(snapshot, passages=[SECRET], by=officer, reason=REASON)

    second = redact(first, passages=["forces\\units"], by=officer, reason=REASON)

    assert second.text.count("[withheld]") == 2
    with pytest.raises(Refused, match="withheld already"):
        redact(first, passages=["43%"], by=officer, reason=REASON)


def test_texts_that_differ_in_what_is_withheld_become_two_of_the_same(snapshot, officer) -> None:
    other = take_from_text(snapshot.source, TEXT.replace("Zephyrine", "Quillon")).snapshot

    one = redact(snapshot, passages=[SECRET], by=officer, reason=REASON)
    two = redact(other, passages=["Quillon told no one for a year"], by=officer, reason=REASON)

    assert one.text == two.text


def test_other_snapshots_that_still_say_it_are_named(snapshot) -> None:
    other = take_from_text(snapshot.source, f"{TEXT} Updated.").snapshot
    take_from_text(snapshot.source, "Recorded: 43% more.")

    assert also_in(snapshot, [SECRET]) == [other]


def test_the_very_text_is_not_taken_again(snapshot, officer) -> None:
    redact(snapshot, passages=[SECRET], by=officer, reason=REASON)

    with pytest.raises(Refused, match="Words of this very text were withheld"):
        take_from_text(snapshot.source, TEXT)


def test_a_later_copy_says_to_look(snapshot, officer) -> None:
    redact(snapshot, passages=[SECRET], by=officer, reason=REASON)

    taken = take_from_text(snapshot.source, f"{TEXT} Updated.")

    assert taken.note == "Words of this source were withheld before: look whether they are back."


def test_the_app_may_change_no_text_and_write_no_log(snapshot) -> None:
    with refused_by_grant():
        run("UPDATE evidence_snapshot SET text = ''")
    with refused_by_grant():
        run("INSERT INTO evidence_redaction (id) VALUES (gen_random_uuid())")
    with refused_by_grant():
        run("DELETE FROM evidence_redaction")


@pytest.mark.parametrize(
    "text", ["Recorded: [withheld] less.", TEXT, "[withheld]x", "% [withheld]"]
)
def test_the_database_empties_no_snapshot_for_another_text(snapshot, officer, text: str) -> None:
    other = Snapshot(source=snapshot.source, text=text, taken_at=make.moment(0), redacts=snapshot)
    other.set_hash()
    other.save()

    with refused_by("redaction_changes_nothing_else"):
        run("SELECT redact_snapshot(%s, %s, %s, 'why', 1)", snapshot.pk, other.pk, officer.pk)


def test_the_database_empties_no_snapshot_under_an_excerpt(snapshot, officer) -> None:
    excerpt(snapshot, "43%")
    other = Snapshot(source=snapshot.source, text=MARKED, taken_at=make.moment(0), redacts=snapshot)
    other.set_hash()
    other.save()

    with refused_by("redaction_leaves_no_excerpt"):
        run("SELECT redact_snapshot(%s, %s, %s, 'why', 1)", snapshot.pk, other.pk, officer.pk)


def test_words_are_withheld_wherever_they_stand_as_whole_words() -> None:
    withheld = withhold("Ann said Anniversary, Ann.", ["Ann", "said"])

    assert withheld.text == "[withheld] [withheld] Anniversary, [withheld]."


def test_passages_that_overlap_are_one_mark() -> None:
    assert withhold("one two three four", ["one two", "two three"]).text == "[withheld] four"


def test_nobody_but_the_app_may_redact() -> None:
    may = "SELECT has_function_privilege(%s, %s, 'EXECUTE')"
    act = "redact_snapshot(uuid, uuid, integer, text, integer)"

    assert run(may, settings.APP_LOGIN, act) == [(True,)]
    assert run(may, settings.FEED_LOGIN, act) == [(False,)]
