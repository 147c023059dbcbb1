"""A source's pages: taking snapshots, withholding and finding words, its citation."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config import uploads
from config.overview import overview
from evidence.citing import citation_of
from evidence.models import Excerpt, RestrictedAccount, Snapshot, Source
from evidence.snapshots.taking import take_from_text
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.made_files import SENTENCE, docx

pytestmark = pytest.mark.django_db


def client_of(*roles: str) -> Client:
    client = Client()
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(rows.person(roles[0], *roles), backend)
    return client


@pytest.fixture
def officer():
    return client_of("officer")


@pytest.fixture
def reader():
    return client_of("reader")


@pytest.fixture
def source():
    return make.source()


@pytest.fixture
def orphan(source):
    old = take_from_text(source, SENTENCE).snapshot
    start = old.text.index("1,437")
    made = old.excerpts.create(exact="1,437", start=start, end=start + 5)
    make.statistic(source=source, excerpt=made)
    take_from_text(source, SENTENCE.replace("1,437", "many"))
    return made


def take(client: Client, source: Source, **sent: object):
    return client.post(reverse("admin:evidence_source_take", args=[source.pk]), sent, follow=True)


def page_of(record, page: str = "change") -> str:
    return reverse(f"admin:evidence_{record._meta.model_name}_{page}", args=[record.pk])


def told(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_a_paste_becomes_a_snapshot(officer, source) -> None:
    answer = take(officer, source, how="paste", text=SENTENCE)

    assert source.snapshots.get().text == SENTENCE
    assert told(answer) == ["Snapshot taken."]


def test_an_upload_becomes_a_snapshot_that_says_what_it_was(officer, source) -> None:
    take(officer, source, how="upload", file=SimpleUploadedFile("answer.docx", docx()))

    made = source.snapshots.get()
    assert (made.text, made.kind, len(made.original_sha256)) == (SENTENCE, "docx", 64)


def test_taking_tells_what_became_of_the_excerpts(officer, source) -> None:
    old = take_from_text(source, SENTENCE).snapshot
    for words in ("1,437", "2016/17"):
        start = old.text.index(words)
        old.excerpts.create(exact=words, start=start, end=start + len(words))

    answer = take(officer, source, how="paste", text=f"{SENTENCE} More. {SENTENCE[:40]}".replace(
        "Police", "Three police forces", 1
    ))  # fmt: skip

    assert told(answer)[0] == "Snapshot taken."
    assert any(line.startswith("Lost: “1,437”.") for line in told(answer))


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"how": "fetch", "address": "http://127.0.0.1/"}, "address", "private network"),
        ({"how": "fetch", "address": "http://[::1]/"}, "address", "private network"),
        ({"how": "fetch", "address": "http://no.such.site.invalid/"}, "address", "No site has"),
        ({"how": "fetch", "address": "file:///etc/passwd"}, "address", "begin with https://"),
        ({"how": "fetch", "address": ""}, "address", "Write the address"),
        ({"how": "paste", "text": "It cost Â£5m"}, "text", "wrong encoding"),
        ({"how": "paste", "text": " "}, "text", "no text to keep"),
        ({"how": "upload"}, "file", "Choose the file"),
    ],
)
def test_a_refusal_stands_at_its_field_and_nothing_is_lost(
    officer, source, sent: dict[str, str], field: str, sentence: str
) -> None:
    answer = take(officer, source, **{"text": "What I had pasted.", **sent})

    assert sentence in answer.context["form"].errors[field][0]
    assert sent.get("text", "What I had pasted.") in answer.context["form"]["text"].value()
    assert not Snapshot.objects.exists()


def test_a_file_that_cannot_be_read_is_told_at_its_field(officer, source) -> None:
    picture = SimpleUploadedFile("scan.pdf", b"\x89PNG")

    answer = take(officer, source, how="upload", file=picture)

    assert answer.context["form"].errors["file"] == [
        "This is a picture: type its words and paste them."
    ]


def test_an_upload_beyond_every_form_is_cut_off(officer, source, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 10)

    answer = take(officer, source, how="upload", file=SimpleUploadedFile("a.txt", b"a" * 11))

    assert answer.status_code == 400


def test_a_reader_takes_withholds_and_places_nothing(reader, source, orphan) -> None:
    snapshot = source.snapshots.all()[0]
    pages = [page_of(source, "take"), page_of(snapshot, "redact"), page_of(orphan, "place")]

    answers = {reader.post(address, {"how": "paste", "text": "x"}).status_code for address in pages}

    assert answers == {403}
    assert Snapshot.objects.count() == 2


def test_nobody_adds_a_snapshot_past_the_page_that_takes_it(officer, source) -> None:
    answer = officer.post(
        reverse("admin:evidence_snapshot_add"), {"source": source.pk, "text": SENTENCE}
    )

    assert (answer.status_code, Snapshot.objects.count()) == (403, 0)


def test_words_are_withheld_on_the_snapshots_page(officer, source) -> None:
    old = take_from_text(source, "Recorded: 43%.\n\n“It was me,” she wrote.").snapshot
    sent = {"passages": "It was me", "reason": "A child's words.", "restricted_account": "on"}

    answer = officer.post(page_of(old, "redact"), sent, follow=True)

    new = Snapshot.objects.get(redacts=old)
    assert new.text == "Recorded: 43%.\n\n“[withheld],” she wrote."
    assert RestrictedAccount.objects.get().source == source
    assert "Words were withheld by officer" in answer.content.decode()
    assert "It was me" not in answer.content.decode()
    assert officer.get(page_of(old, "redact")).status_code in {403, 404}


def test_words_that_are_not_there_are_told_at_their_field(officer, source) -> None:
    old = take_from_text(source, SENTENCE).snapshot

    answer = officer.post(page_of(old, "redact"), {"passages": "It was you", "reason": "Why."})

    assert "does not say passage 1" in answer.context["form"].errors["passages"][0]


def test_other_snapshots_with_the_words_are_named(officer, source) -> None:
    take_from_text(source, f"{SENTENCE} It was me. Updated.")
    old = take_from_text(source, f"{SENTENCE} It was me.").snapshot

    answer = officer.post(
        page_of(old, "redact"), {"passages": "It was me", "reason": "Why."}, follow=True
    )

    assert any("still stand in: example-2023" in line for line in told(answer))


@pytest.mark.parametrize("address", [lambda of: page_of(of), lambda of: reverse(
    "admin:evidence_excerpt_lost")])  # fmt: skip
def test_lost_words_are_listed_with_a_way_to_mend_them(
    officer, source, orphan, address: Callable[[Source], str]
) -> None:
    answer = officer.get(address(source)).content.decode()

    assert "“1,437”" in answer
    assert page_of(orphan, "place") in answer


def test_lost_words_are_counted_on_the_first_page(orphan) -> None:
    numbers = overview(rows.person("officer")).numbers

    lost = next(number for number in numbers if "lost" in number.words)
    assert (lost.count, lost.url) == (1, reverse("admin:evidence_excerpt_lost"))


def test_lost_words_are_placed(officer, source, orphan) -> None:
    answer = officer.post(page_of(orphan, "place"), {"exact": "many offences"}, follow=True)

    assert told(answer) == ["The words have a place again."]
    assert orphan.followers.get().exact == "many offences"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("few offences", "does not say these words"),
        ("r", "says these words 5 times: choose “Police” just before"),
    ],
)
def test_lost_words_that_cannot_be_placed_are_told(officer, orphan, words, sentence) -> None:
    answer = officer.post(page_of(orphan, "place"), {"exact": words})

    assert sentence in answer.context["form"].errors["exact"][0]
    assert list(Excerpt.objects.orphans()) == [orphan]


def test_a_figure_without_words_is_listed_at_its_source(officer, source) -> None:
    figure = make.statistic(source=source)

    assert page_of(figure) in officer.get(page_of(source)).content.decode()


def test_the_citation_stands_there_to_be_copied(officer, source) -> None:
    page = officer.get(page_of(source)).content.decode()

    assert citation_of(source) == "'Report example-2023' The example-charity (22 February 2023)"
    assert "&#x27;Report example-2023&#x27; The example-charity (22 February 2023)</p>" in page
    assert "attest/copy.js" in page


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"accessed_on": "2023-02-21"}, "accessed_on", "Nobody read it before"),
        ({"retracted_on": "2023-02-21", "retraction_note": "x"}, "retracted_on", "before it came"),
        ({"retracted_on": "2023-02-23"}, "retraction_note", "Say why"),
        ({"published_on": "2016/17"}, "published_on", "Enter a valid date"),
        ({"url": "not an address"}, "url", "Enter a valid URL"),
    ],
)
def test_a_source_that_cannot_be_right_is_told_at_its_field(
    officer, source, sent: dict[str, str], field: str, sentence: str
) -> None:
    form = officer.get(page_of(source)).context["adminform"].form
    filled = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in filled.items() if value}
    lines = {"snapshots-TOTAL_FORMS": 0, "snapshots-INITIAL_FORMS": 0}

    answer = officer.post(page_of(source), {**kept, **lines, **sent})

    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert sentence in errors[field][0]


def test_an_excerpt_that_occurs_twice_is_told_at_its_words(officer, source) -> None:
    twice = take_from_text(source, "43% rose. Later 43% fell.").snapshot

    answer = officer.post(
        reverse("admin:evidence_excerpt_add"), {"snapshot": twice.pk, "exact": "43%"}
    )

    assert answer.context["adminform"].form.errors == {
        "exact": [
            "The snapshot says these words 2 times: choose “rose.” just after them, or “Later” "
            "just before them."
        ]
    }
