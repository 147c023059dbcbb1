"""Keeps the tokens of own pages out of logs: whoever has one can pause what the person said."""

import copy
import logging
import re

_ADDRESS = re.compile(r"/w/[^/?\s\"']+")


class WithoutTokens(logging.Filter):
    """Hands the handler a copy of the record in which the address says no more than `/w/…`."""

    def filter(self, record: logging.LogRecord) -> logging.LogRecord:
        clean = copy.copy(record)
        try:
            clean.msg, clean.args = without_tokens(record.getMessage()), None
        except (TypeError, ValueError, KeyError):  # a wrong format string is no reason to fail
            clean.msg, clean.args = without_tokens(f"{record.msg} {record.args}"), None
        if record.exc_text:
            clean.exc_text = without_tokens(record.exc_text)
        return clean


def without_tokens(text: str) -> str:
    return _ADDRESS.sub("/w/…", text)
