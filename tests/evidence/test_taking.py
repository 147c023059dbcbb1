"""A snapshot is taken from a paste, a file or an address, once, and carries its excerpts over."""

import hashlib
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

import pytest

from evidence.anchoring import Report
from evidence.models import Snapshot
from evidence.refusing import Refused
from evidence.snapshots.fetching import Policy
from evidence.snapshots.taking import Taken, take, take_from_text, take_from_upload, take_from_url
from tests import factories as make
from tests.evidence.listening import PUBLIC, listening, page
from tests.evidence.made_files import SENTENCE, docx, html

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return make.source()


def excerpt(snapshot: Snapshot, words: str):
    start = snapshot.text.index(words)
    return snapshot.excerpts.create(exact=words, start=start, end=start + len(words))


def test_a_snapshot_is_known_by_its_hash(source) -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)

    snapshot = take(source, text=" Cafe\u0301\r\n1,437\x00 ", at=at)

    assert (snapshot.text, snapshot.taken_at) == ("Café\n1,437", at)
    assert snapshot.sha256 == hashlib.sha256("Café\n1,437".encode()).hexdigest()


def test_the_same_text_is_kept_once(source) -> None:
    first = take(source, text=SENTENCE)

    assert take(source, text=f"{SENTENCE}\r\n") == first
    assert take(make.source("another"), text=SENTENCE) != first
    assert Snapshot.objects.count() == 2


def test_a_text_is_not_both_summary_and_source(source) -> None:
    take(source, text=SENTENCE, is_summary=True)

    with pytest.raises(Refused, match="already kept as our summary"):
        take(source, text=SENTENCE)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n\x00", "no text to keep"),
        ("a" * 5_000_001, "more text than a source has"),
        ("It cost Â£5m", "wrong encoding"),
        ("It cost \ufffd5m", "letters are lost"),
    ],
)
def test_a_paste_that_cannot_be_right_is_told(source, text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        take_from_text(source, text)

    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("text", ["BEYONCÉ’S CAFÉ", "« À CÔTÉ »", "SÃO PAULO", "Ŵ, £5m and â"])
def test_words_of_other_languages_are_not_taken_for_mangled_ones(source, text: str) -> None:
    assert take_from_text(source, text).snapshot.text == text


def test_a_new_text_carries_the_excerpts_of_the_last_one(source) -> None:
    first = take_from_text(source, f"{SENTENCE} The force said so in a letter to the paper.")
    old = excerpt(first.snapshot, "1,437 offences")
    lost = excerpt(first.snapshot, "letter")

    second = take_from_text(source, first.snapshot.text.replace("in a letter", "online"))

    assert [kept.exact for kept in second.excerpts.kept] == ["1,437 offences"]
    assert second.excerpts.kept[0].snapshot == second.snapshot
    assert [orphan.excerpt for orphan in second.excerpts.orphaned] == [lost]
    assert set(first.snapshot.excerpts.all()) == {old, lost}


def test_taking_the_last_text_again_changes_nothing(source) -> None:
    first = take_from_text(source, SENTENCE)
    excerpt(first.snapshot, "1,437 offences")

    again = take_from_text(source, SENTENCE)

    assert again == Taken(first.snapshot, is_new=False, excerpts=Report())


def test_a_source_that_goes_back_to_an_older_text_keeps_its_excerpts(source) -> None:
    first = take_from_text(source, f"{SENTENCE} The force said so in a letter to the paper.")
    second = take_from_text(source, f"{SENTENCE} The force said so in a letter to a reader.")
    excerpt(second.snapshot, "43%")

    again = take_from_text(source, first.snapshot.text)

    assert (again.snapshot, again.is_new) == (first.snapshot, False)
    assert [kept.exact for kept in again.excerpts.kept] == ["43%"]


def test_a_file_is_taken_and_a_misleading_name_is_told(source) -> None:
    taken = take_from_upload(source, "../Answer.PDF", docx())

    assert taken == Taken(
        source.snapshots.get(),
        is_new=True,
        excerpts=Report(),
        note="By its name it is a PDF, but it is a Word document.",
    )
    assert taken.snapshot.text == SENTENCE


def test_a_guessed_encoding_is_told(source) -> None:
    taken = take_from_upload(source, "answer.txt", "It cost £5m".encode("cp1252"))

    assert "it was read as cp1252" in taken.note


def test_a_page_is_taken_and_its_next_version_carries_the_excerpts(source) -> None:
    article = f"<p>{SENTENCE}</p><p>{'The force answered a request for information. ' * 6}</p>"
    pages = {"/": page(html(article))}
    with listening(PUBLIC, 0, pages) as server:
        port = server.server_address[1]
        policy = Policy(
            ports=frozenset({port}),
            inside=(ip_network(PUBLIC),),
            resolve=lambda *_: [ip_address(PUBLIC)],
        )
        url = f"http://site.test:{port}/"
        first = take_from_url(source, url, policy=policy).snapshot
        excerpt(first, "1,437 offences")
        pages["/"] = page(html(f"{article}<p>This page was updated on Monday.</p>"))

        second = take_from_url(source, url, policy=policy)

    assert first.text.startswith(f"Rise\n{SENTENCE}\nThe force")
    assert second.snapshot.text == f"{first.text}\nThis page was updated on Monday."
    assert [kept.exact for kept in second.excerpts.kept] == ["1,437 offences"]
