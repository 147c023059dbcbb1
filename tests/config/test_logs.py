import io
import logging
from typing import NamedTuple

import psycopg
import pytest
from django.db import IntegrityError

from config.logs import (
    REMOVED,
    WithoutRowContents,
    traceback_without_rows,
    without_row_contents,
)
from tests.config import sample_tasks

ROW = "(7, Cerys,\nHINT: from Tredegar\n\nTraceback (most recent call last):\nfifteen)"
REFUSED = (
    f'new row for relation "x" violates check constraint "y"\nDETAIL:  Failing row contains {ROW}.'
)


class Log(NamedTuple):
    logger: logging.Logger
    clean: io.StringIO
    raw: io.StringIO


@pytest.fixture
def log() -> Log:
    logger = logging.Logger("rows")  # outside the tree, so that pytest adds no handler to it
    clean, raw = io.StringIO(), io.StringIO()
    handlers = [logging.StreamHandler(clean), logging.StreamHandler(raw)]
    handlers[0].addFilter(WithoutRowContents())
    for handler in handlers:
        logger.addHandler(handler)
    return Log(logger, clean, raw)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("nothing to hide: 3 rows", "nothing to hide: 3 rows"),
        (REFUSED, f'new row for relation "x" violates check constraint "y"\n{REMOVED}'),
        (repr(REFUSED).split("DETAIL")[0] + "DETAIL:  (Cerys)", None),
        ("Failing row contains (Cerys)", REMOVED),
        ("duplicate\nDETAIL:  Key (name)=(Cerys) already exists.", f"duplicate\n{REMOVED}"),
        ("Key (lower(name), born)=(Cerys, 2011) is not present", REMOVED),
        ("no\nCONTEXT:  unnamed portal parameter $1 = 'Cerys'", f"no\n{REMOVED}"),
        ("syntax error\nLINE 1: SELECT 'Cerys'\n   ^", f"syntax error\n{REMOVED}"),
        ('invalid input syntax for type uuid: "Cerys"', REMOVED),
        ('malformed array literal: "Cerys"', REMOVED),
        ('date/time field value out of range: "Cerys"', f"date/time field value {REMOVED}"),
        ("null\0byte", "nullbyte"),
    ],
)
def test_text_ends_where_data_would_begin(text: str, left: str | None) -> None:
    cleaned = without_row_contents(text)

    assert "Cerys" not in cleaned
    assert left is None or cleaned == left


@pytest.mark.django_db
def test_refused_row_reaches_neither_log_nor_stored_traceback(log: Log) -> None:
    try:
        sample_tasks.break_a_check.call()
    except IntegrityError as error:
        log.logger.exception("Refused: %s", error)
        stored = traceback_without_rows(error)

    for text in (log.clean.getvalue(), stored):
        assert "dead_letter_was_tried_at_least_once" in text
        assert "psycopg.errors.CheckViolation" in text
        assert "DeadLetter.objects.create" in text
        assert not {word for word in ("Cerys", "Tredegar") if word in text}
    assert "Cerys was fifteen" in log.raw.getvalue()


def wrapped() -> Exception:
    try:
        try:
            raise psycopg.errors.CheckViolation(REFUSED)
        except psycopg.Error as refusal:
            raise RuntimeError(f"could not save: {refusal}") from refusal
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError(REFUSED),
        wrapped(),
        ExceptionGroup("several", [IntegrityError(REFUSED), wrapped()]),
    ],
    ids=["bare", "wrapped", "group"],
)
def test_no_error_in_the_chain_shows_the_row(log: Log, error: Exception) -> None:
    log.logger.error("Failed", exc_info=error)

    assert "violates check constraint" in log.clean.getvalue()
    assert not {word for word in ("Cerys", "Tredegar", "fifteen") if word in log.clean.getvalue()}
    assert "fifteen" in log.raw.getvalue()


def test_errors_that_lead_to_each_other_in_a_ring_are_told_once() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first

    assert traceback_without_rows(first).count("builtins.ValueError") == 2


def test_arguments_are_cleaned(log: Log) -> None:
    log.logger.error("%s in %r", "save", IntegrityError(REFUSED))

    assert log.clean.getvalue().startswith("save in IntegrityError('new row")
    assert "Cerys" not in log.clean.getvalue()


def test_text_that_was_formatted_elsewhere_is_cleaned(log: Log) -> None:
    record = log.logger.makeRecord("n", logging.ERROR, "f", 1, "Failed", (), None)
    record.exc_text = f"Traceback\n{REFUSED}"

    log.logger.handle(record)

    expected = (
        f'Failed\nTraceback\nnew row for relation "x" violates check constraint "y"\n{REMOVED}\n'
    )
    assert log.clean.getvalue() == expected


def test_wrong_format_string_does_not_break_the_caller(log: Log) -> None:
    log.logger.error("%d rows", "many")

    assert log.clean.getvalue() == "%d rows (its arguments do not fit)\n"
