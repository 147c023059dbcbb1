"""Answers are packed as the reader accepts it, and named so that no copy is taken for another."""

import gzip
import sys

import pytest

from publishing.api import encodings
from publishing.api.etags import etag_of, holds
from tests.publishing import making

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BILLS = "/api/v1/bills/"


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.1, gzip;q=0.9", "gzip"),
        ("*", "zstd"),
        ("*;q=0", ""),
        ("zstd;q=0, *", "gzip"),
        ("gzip;q=x", ""),
        ("identity", ""),
        ("br;q=1.0, gzip; q=0.5", "gzip"),
    ],
)
def test_the_best_that_is_accepted(accepted: str, expected: str) -> None:
    assert encodings.chosen(accepted) == expected


@pytest.mark.django_db
def test_packed_and_unpacked_it_is_the_same(read) -> None:
    making.written(text="word " * 300)
    plain = read(BILLS)
    packed = {name: read(BILLS, **{"Accept-Encoding": name}) for name in ("gzip", "zstd")}

    assert gzip.decompress(packed["gzip"].content) == plain.content
    assert zstd.decompress(packed["zstd"].content) == plain.content
    assert [each["Content-Encoding"] for each in packed.values()] == ["gzip", "zstd"]
    assert {each["Vary"] for each in (plain, *packed.values())} == {"Accept-Encoding"}
    assert len({plain["ETag"], *(each["ETag"] for each in packed.values())}) == 3


@pytest.mark.django_db
def test_a_short_answer_goes_as_it_is(read) -> None:
    response = read(BILLS, **{"Accept-Encoding": "gzip"})

    assert not response.has_header("Content-Encoding")
    assert response.content == b'{"items":[],"next":null}'


@pytest.mark.django_db
def test_who_holds_one_encoding_holds_them_all(read) -> None:
    making.written(text="word " * 300)
    plain = read(BILLS)

    for name in ("gzip", "zstd"):
        response = read(BILLS, **{"Accept-Encoding": name, "If-None-Match": plain["ETag"]})
        assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ('"abc"', True),
        ('W/"abc"', True),
        ('"abc-gz"', True),
        ('"abc-zs"', True),
        ('"abc-gzip"', True),
        ('"x", "abc"', True),
        ("*", True),
        ("", False),
        ('"ab"', False),
        ("abc", False),
        ('"abc-br"', False),
    ],
)
def test_which_copy_is_ours(held: str, expected: bool) -> None:
    assert holds(held, etag_of("abc", "gzip")) is expected
