"""The commands build_pack and issue_pack, and the previews that lie ready on disk."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from campaigns import building
from campaigns.building import PREVIEW, build_all
from campaigns.models import Copy, PackFormat, PackVersion
from evidence import consenting, review
from evidence.models import TestimonyUse, Verdict
from tests import factories as make
from tests.campaigns import packing

pytestmark = pytest.mark.django_db

CANARY = "Kanarienvogel"


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


def command(*args: object) -> tuple[str, str]:
    out, told = io.StringIO(), io.StringIO()
    call_command(*map(str, args), stdout=out, stderr=told)
    return out.getvalue(), told.getvalue()


def refused(*args: object) -> CommandError:
    with pytest.raises(CommandError) as caught:
        command(*args)
    return caught.value


def test_a_pack_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    refusal = refused("build_pack", "nothing", "--output", tmp_path / "pack.pdf")

    assert str(refusal) == "There is no pack “nothing”: build_pack --list names them all."
    assert refusal.returncode == 1


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    packing.pack(("problem", [packing.figure()]))
    output = tmp_path / "no such folder" / "pack.pdf"

    refusal = refused("build_pack", "example-pack", "--output", output)

    assert str(refusal) == f"{output} cannot be written: No such file or directory."
    assert refusal.returncode == 1


def test_a_hard_stop_is_one_sentence_and_leaves_no_file(tmp_path: Path) -> None:
    packing.figure()
    packing.pack(("problem", [packing.claim(verdict=Verdict.INCONSISTENT)]))

    refusal = refused("build_pack", "example-pack", "--output", tmp_path / "pack.pdf")

    assert "is inconsistent" in str(refusal)
    assert refusal.returncode == 1
    assert not (tmp_path / "pack.pdf").exists()


@pytest.mark.parametrize("args", [(), ("example-pack",), ("--output", "pack.pdf")])
def test_wrong_usage_is_two(args) -> None:
    assert refused("build_pack", *args).returncode == 2


def test_a_preview_says_that_it_is_one_on_every_page_and_records_no_use(tmp_path: Path) -> None:
    gone = make.covered(title="Another account")
    consenting.withdraw(gone.consent)
    packing.pack(("case_study", [make.covered(text=CANARY).version, gone.version]))
    output = tmp_path / "pack.pdf"

    out, told = command("build_pack", "example-pack", "--output", output)

    words = packing.words_of(output.read_bytes())
    assert CANARY in words
    assert words.count(PREVIEW) == 1
    assert "PREVIEW: NOT ISSUED, NOT FOR CIRCULATION" in words
    assert "nothing is issued" in out
    assert "Testimony “Another account, version 1” is left out: " in told
    assert not TestimonyUse.objects.exists()


def test_the_list_names_every_pack() -> None:
    pack = packing.pack()

    assert command("build_pack", "--list")[0] == (
        f"example-pack: A voice for children ({pack.used_on}, draft)\n"
    )


def test_a_pack_is_issued_by_its_approver_where_nobody_else_is_named() -> None:
    packing.approved(packing.pack(("case_study", [make.covered().version])))
    packing.member("Lord One", parliament_id=471)
    packing.member("Lady Two")

    out, _ = command("issue_pack", "example-pack", "--to", "471", "Lady Two")

    version = PackVersion.objects.get()
    assert version.issued_by == make.user("lead")
    assert f"Issued A voice for children, version 1, sha256 {version.sha256}." in out
    assert {copy.member.name for copy in Copy.objects.all()} == {"Lord One", "Lady Two"}


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--to", "Lord One", "Nobody"), "There is no member “Nobody”"),
        (("--to", "Lord One", "--by", "nobody"), "There is no user “nobody”"),
    ],
)
def test_whoever_is_unknown_stops_the_whole_issue(args, sentence) -> None:
    packing.approved(packing.pack(("problem", [packing.figure()])))
    packing.member("Lord One")

    assert sentence in str(refused("issue_pack", "example-pack", *args))
    assert not PackVersion.objects.exists()


def test_a_pack_that_nobody_approved_is_not_issued() -> None:
    packing.pack()
    packing.member("Lord One")

    assert "Nobody has approved example-pack" in str(
        refused("issue_pack", "example-pack", "--to", "Lord One")
    )


def nowhere_to_write(settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.PACKS = tmp_path / "file" / "packs"


def test_copies_that_cannot_be_made_beforehand_issue_nothing(settings, tmp_path: Path) -> None:
    packing.approved(packing.pack(("problem", [packing.figure()]), personalised=True))
    packing.member("Lord One")
    nowhere_to_write(settings, tmp_path)

    refusal = refused("issue_pack", "example-pack", "--to", "Lord One")

    assert str(refusal) == "Nothing was issued: the copies cannot be written: Not a directory."
    assert not PackVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_copies_that_cannot_be_written_afterwards_are_issued(settings, tmp_path: Path) -> None:
    packing.approved(packing.pack(("problem", [packing.figure()])))
    packing.member("Lord One")
    nowhere_to_write(settings, tmp_path)

    refusal = refused("issue_pack", "example-pack", "--to", "Lord One")

    assert str(refusal) == (
        "The version is issued and its copies are written down, but their files could not be: "
        "Not a directory."
    )
    assert Copy.objects.get().version == PackVersion.objects.get()


# What lies ready


def test_every_format_lies_ready_and_is_not_made_again(tmp_path: Path, monkeypatch) -> None:
    packing.pack(("problem", [packing.figure()]))

    [first] = build_all(tmp_path / "packs")
    monkeypatch.setattr(building, "printed", None)
    [second] = build_all(tmp_path / "packs")

    assert [file.name for file in first.files] == [f"example-pack.{each}" for each in PackFormat]
    assert all(file.stat().st_size for file in first.files)
    assert (first.changed, second.changed) == (True, False)


def test_a_withdrawn_account_is_gone_from_what_lies_ready(tmp_path: Path) -> None:
    covered = make.covered(text=CANARY)
    packing.pack(("case_study", [covered.version]))
    [before] = build_all(tmp_path)
    assert CANARY in packing.words_of(before.files[0].read_bytes())

    consenting.withdraw(covered.consent)
    [after] = build_all(tmp_path)

    assert after.changed
    for file in tmp_path.iterdir():
        assert CANARY not in packing.words_of(file.read_bytes())


def test_a_pack_that_can_no_longer_be_built_leaves_no_files_behind(tmp_path: Path) -> None:
    pack = packing.pack(("problem", [packing.figure()]))
    build_all(tmp_path)

    review.retire(pack, by=make.user("officer"))
    [built] = build_all(tmp_path)

    assert built.refusals == ("The pack is retired.",)
    assert list(tmp_path.iterdir()) == []
