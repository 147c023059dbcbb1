"""Keeps the contents of database rows out of logs and stored tracebacks."""

import copy
import logging
import re
import traceback
from collections.abc import Iterator

REMOVED = "[row contents removed]"

# After these words PostgreSQL prints the row, the key, the statement or the value it refused.
_PRINTS_DATA = re.compile(
    r"(?:DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):\s"
    r"|Failing row contains"
    r"|Key \([^\n]*?\)=\("
    r"|(?:invalid input (?:syntax|value) for [^:\n]+|malformed \w+ literal|out of range): (?=\")"
)
# A message may also quote what it was given. What stays is what we named ourselves.
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|(?<!\w)'[^']*'(?!\w)|[\"“'][^\"”']*$")
_INTRODUCTIONS = ("relation ", "table ", "constraint ", "trigger ", "role ", "schema ", "index ")
_OUR_NAME = re.compile(r"[\"“'][a-z0-9]*(?:_[a-z0-9]+)+[\"”']")


def without_row_contents(text: str) -> str:
    """The text up to where PostgreSQL begins to print data, and without what is quoted before.

    All that follows goes, however it looks: a testimony may itself hold line breaks and the words
    that would seem to end the part which prints it.
    """
    text = text.replace("\0", "")  # which a text column refuses
    found = _PRINTS_DATA.search(text)
    told = _QUOTED.sub(_unless_ours, text[: found.start()] if found else text)
    return f"{told}{REMOVED}" if found else told


def _unless_ours(quoted: re.Match[str]) -> str:
    introduced = quoted.string[: quoted.start()].endswith(_INTRODUCTIONS)
    return quoted[0] if introduced or _OUR_NAME.fullmatch(quoted[0]) else "…"


def traceback_without_rows(error: BaseException) -> str:
    """Like traceback.format_exception; each message of the chain is cut for itself."""
    return "\nwhich led to:\n\n".join(_one_traceback(each) for each in reversed([*_chain(error)]))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one_traceback(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    message = without_row_contents(str(error))
    text = f"{frames}{type(error).__module__}.{type(error).__qualname__}: {message}\n"
    if isinstance(error, BaseExceptionGroup):
        text += "".join(f"\nof which:\n\n{traceback_without_rows(e)}" for e in error.exceptions)
    return text


class WithoutRowContents(logging.Filter):
    """Hands the handler a cleaned copy of each record; other handlers keep what they had.

    A failed CHECK prints the whole row, so a consent's limits or a testimony could end in a log
    file which nobody would think to erase.
    """

    def filter(self, record: logging.LogRecord) -> logging.LogRecord:
        clean = copy.copy(record)
        clean.msg, clean.args = without_row_contents(_message(record)), None
        if record.exc_info and record.exc_info[1]:
            clean.exc_text = traceback_without_rows(record.exc_info[1]).rstrip("\n")
        elif record.exc_text:
            clean.exc_text = without_row_contents(record.exc_text)
        clean.exc_info = None  # else a handler that formats it itself would print the row
        return clean


def _message(record: logging.LogRecord) -> str:
    """A filter that raises would break the caller, so a wrong format string is printed as it is."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} (its arguments do not fit)"
