"""A wrong fixture is told in one sentence with its place, and a source may be left out."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from evidence.fixture_files import FixtureError
from evidence.models import Claim, Excerpt, Source, Statistic
from tests.demo_campaign import FOLDER, load
from tests.factories import user

pytestmark = [pytest.mark.long, pytest.mark.django_db]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the fixtures to spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "fixtures"))


@pytest.mark.parametrize(
    ("file", "find", "put", "sentence"),
    [
        ("sources/bbc-2018.yaml", 'value: "528"', "value: many", "bbc-2018.yaml, line 49: "),
        ("sources/bbc-2018.yaml", "area: South Wales", "area: Suth Wales", "'Suth Wales'"),
        ("sources/bbc-2018.yaml", "recorded_by", "recorded_bye", "no field 'recorded_bye'"),
        ("sources/bbc-2018.yaml", "excerpt: 373 in", "excerpt: 374 in", "does not say these words"),
        ("sources/bbc-2018.yaml", "excerpt: 373 in", "excerpt: in", "more than once"),
        ("sources/bbc-2018.yaml", "kind: news_report", "kind: rumour", "write one of"),
        ("sources/bbc-2018.yaml", "statistics:", "statistics: 3\nothers:", "has to be a list"),
        ("sources/bbc-2018.yaml", "key: bbc-2018", "key: [", "bbc-2018.yaml, line"),
        ("sources/bbc-2018.yaml", "title_is_ours: yes", "title_is_ours: ja", "write yes or no"),
        ("periods.yaml", "end: 2017-03-31", "end: 2015-03-31", "cannot end before it starts"),
        ("periods.yaml", "end: 2017-03-31", "end: soon", "write a date as 2023-02-22"),
        ("testimony.yaml", "in 600 days", "in 2000 days", "two years at most"),
        ("testimony.yaml", "in 600 days", "some day", "'in 30 days' or '60 days ago'"),
        ("own_claims.yaml", "period: 2021/22", "period: 2017/18", "has no such figure"),
    ],
)  # fmt: skip
def test_a_bad_fixture_is_told_in_one_sentence_and_changes_nothing(
    folder: Path, file: str, find: str, put: str, sentence: str
):
    path = folder / file
    spoilt = path.read_text().replace(find, put, 1)
    assert spoilt != path.read_text()
    path.write_text(spoilt)

    with pytest.raises(FixtureError) as told:
        load(folder)

    assert sentence in str(told.value)
    assert path.name in str(told.value)
    assert "\n" not in str(told.value)
    assert not Source.objects.exists()


def test_a_bad_fixture_ends_the_command_with_its_sentence(folder: Path):
    user("officer"), user("lead")
    (folder / "measures.yaml").write_text("- key: [")

    with pytest.raises(CommandError, match=r"^measures\.yaml, line \d+: "):
        call_command("load_fixtures", folder=folder)


def test_nothing_of_a_source_that_is_left_out_is_loaded(folder: Path):
    (folder / "sources" / "westwales-2018.yaml").unlink()

    report = load(folder)

    assert not Excerpt.objects.filter(snapshot__source__key="westwales-2018").exists()
    assert not Statistic.objects.filter(
        area="W15000002", period__label__in=["2016/17", "2017/18"]
    ).exists()
    assert not Claim.objects.get(key="wales-two-years-2895").inputs.exists()
    assert any("westwales-2018" in sentence for sentence in report.left_out)


def test_a_source_is_left_out_by_its_key_as_well():
    load(without=("westwales-2018",))

    assert not Source.objects.filter(key="westwales-2018").exists()
    assert Source.objects.filter(key="bbc-2018").exists()


def test_a_source_that_is_not_there_cannot_be_left_out():
    with pytest.raises(FixtureError, match="there is no source 'westwales'"):
        load(without=("westwales",))


def test_a_source_that_was_left_out_can_be_added_later():
    load(without=("westwales-2018",))

    report = load()

    assert report.added["figures"] == 12
    assert Statistic.objects.filter(area="W15000002", period__label="2016/17").exists()
