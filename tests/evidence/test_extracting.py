"""Every type is read as it is printed; hostile files are refused in time, or read harmlessly."""

import time

import pytest

from evidence.refusing import Refused
from evidence.snapshots.extracting import extract
from tests.evidence.hostile_files import CUT, HOSTILE
from tests.evidence.made_files import SENTENCE


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_time_or_read_harmlessly(name: str) -> None:
    data, sentence = HOSTILE[name]
    began = time.monotonic()

    if sentence in {None, CUT}:
        text = extract(data).text
        assert (SENTENCE in text) == (sentence is None)
        assert "root:" not in text
        assert len(text) < 200
    else:
        with pytest.raises(Refused, match=sentence) as refused:
            extract(data)
        assert str(refused.value).endswith(".")

    assert time.monotonic() - began < 2


def test_there_are_forty_hostile_files() -> None:
    assert len(HOSTILE) >= 40
