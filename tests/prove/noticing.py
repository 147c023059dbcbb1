"""Which tests ought to notice that a guard is gone: those that run it, name it or sound like it."""

import inspect
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType

import pytest

DELAY = 15  # places further back
COMMON = {
    "code",
    "evid",
    "camp",
    "func",
    "trig",
    "cons",
    "with",
    "that",
    "test",
    "self",
    "are_",
    "kept",
}


class Noticing:
    """The tests, and what was seen of them so far."""

    def __init__(self, items: list[pytest.Item]) -> None:
        self.items = items
        self.texts = {item.nodeid: _Words(_source(item)) for item in items}
        self.files = {path: _Words(path.read_text()) for path in {item.path for item in items}}
        self.slow = {item.nodeid for item in items if _is_committed(item)}
        self.took: dict[str, float] = {}
        self.red: set[str] = set()  # with no guard taken out either
        self.ran: dict[CodeType, set[str]] = {}
        # One test often notices many of a kind: it is asked early about the next.
        self.noticed: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def ought_to_notice(self, guard) -> Iterator[pytest.Item]:
        """Those that run it; of the database those that name it, or sound like it.

        What noticed most of its kind is asked early, then the tests of its own module, and of
        equals the quickest.
        """
        often = {name for name, _ in self.noticed[kind_of(guard)].most_common(4)}
        sounds = _sounds(guard.name)
        if guard.code is not None:
            ran = [item for item in self.items if item.nodeid in self.ran[guard.code] - self.red]
            yield from sorted(
                ran, key=lambda item: self._of_those_that_run_it(item, guard, sounds, often)
            )
            return
        words = [*guard.words, *(name for word in guard.words for name in _model(word))]
        files = {path: told.first(words) for path, told in self.files.items()}
        ranked = []
        for item in self.items:
            rank = self._rank(item, guard, files[item.path], sounds, item.nodeid in often)
            if rank is not None and item.nodeid not in self.red:
                later = rank + (DELAY if item.nodeid in self.slow else 0)
                ranked.append((later, self.took.get(item.nodeid, 0.1), item.nodeid, item))
        yield from (item for *_, item in sorted(ranked, key=lambda each: each[:3]))

    def _of_those_that_run_it(
        self, item: pytest.Item, guard, sounds: set[str], often: set[str]
    ) -> tuple[bool, bool, int, float]:
        alike = len(sounds & self.texts[item.nodeid].sounds)
        elsewhere = not _is_of_its_module(item, guard.code)
        return item.nodeid not in often, elsewhere, -alike, self.took[item.nodeid]

    def _rank(
        self, item: pytest.Item, guard, of_file: int | None, sounds: set[str], often: bool
    ) -> float | None:
        """The least comes first; None for a test that has nothing to do with it."""
        if guard.words[0] in item.name:
            return float("-inf")
        told = self.texts[item.nodeid]
        of_its_own = told.first(guard.words)
        alike = 2 * len(sounds & told.sounds)
        found = [
            of_its_own,
            0.5 if often else None,
            None if of_file is None else 20 * bool(of_file) + of_file + 0.7 - alike,
            30 - alike if alike > 2 else None,
        ]
        return min((each for each in found if each is not None), default=None)


def kind_of(guard) -> str:
    """What sort of guard it is, and of which table or function."""
    return f"{guard.name.split(' ')[0]} {guard.table}"


def _is_of_its_module(item: pytest.Item, code: CodeType) -> bool:
    """As test_notices.py and test_notices_admin.py are of notices.py."""
    return item.path.stem.startswith(f"test_{Path(code.co_filename).stem}")


def _source(item: pytest.Item) -> str:
    return f"{item.nodeid}\n{inspect.getsource(item.function)}"


class _Words:
    """A text of which it is often asked whether it says a word."""

    def __init__(self, text: str) -> None:
        self.text, self.words = text, set(re.findall(r"\w+", text))
        self.sounds = _sounds(text)

    def first(self, wanted: Iterable[str]) -> int | None:
        """The place of the first of them that it says."""
        return next((place for place, word in enumerate(wanted) if self._says(word)), None)

    def _says(self, word: str) -> bool:
        return word in self.words if word.isidentifier() else word in self.text


def _sounds(text: str) -> set[str]:
    """How its words begin: narrowing and narrowed are alike."""
    return {word[:4] for word in re.findall(r"[a-z]{4,}", text.lower())} - COMMON


@cache
def _model(table: str) -> tuple[str, ...]:
    """As tests write it: evidence_testimonyuse is TestimonyUse and testimony_use."""
    from django.apps import apps

    for model in apps.get_models():
        if model._meta.db_table == table:
            name = model.__name__
            return name, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    return ()


def _is_committed(item: pytest.Item) -> bool:
    """Every table is emptied behind it, which takes longer than ten others."""
    marked = item.get_closest_marker("django_db")
    return bool(marked and marked.kwargs.get("transaction"))
