"""Reading fixture files: each entry knows its place, so that a mistake can be pointed at."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

import yaml
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from evidence.broken_rules import sentence_for
from evidence.refusing import Refused


class FixtureError(Exception):
    """One sentence that names the file, the line and what is wrong there."""


class Entry:
    """A mapping of a fixture file. Every field is read by name, and one that nobody reads is a
    mistake: `done` refuses it, since a misspelt field would otherwise be lost in silence.
    """

    def __init__(self, fields: dict[str, Any], place: str) -> None:
        self.fields = fields
        self.place = place
        self.unread = set(fields)

    def wrong(self, sentence: str) -> FixtureError:
        return FixtureError(f"{self.place}: {sentence}")

    def done(self) -> Self:
        if self.unread:
            raise self.wrong(f"there is no field {sorted(self.unread)[0]!r}.")
        return self

    def text(self, name: str, default: str | None = None) -> str:
        value = self._read(name, default)
        if not isinstance(value, str):
            raise self.wrong(f"{name!r} has to be a text.")
        return value.strip()

    def texts(self, name: str) -> list[str]:
        values = self._read(name, [])
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise self.wrong(f"{name!r} has to be a list of texts.")
        return values

    def entry(self, name: str) -> "Entry":
        value = self._read(name, None)
        if not isinstance(value, Entry):
            raise self.wrong(f"{name!r} has to hold fields of its own.")
        return value

    def entries(self, name: str) -> list["Entry"]:
        values = self._read(name, [])
        if not isinstance(values, list) or not all(isinstance(each, Entry) for each in values):
            raise self.wrong(f"{name!r} has to be a list, each item with fields of its own.")
        return values

    def has(self, name: str) -> bool:
        return name in self.fields

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.text(name, "yes" if default else "no")
        if value not in ("yes", "no"):
            raise self.wrong(f"{name!r} is {value!r}: write yes or no.")
        return value == "yes"

    def number(self, name: str) -> int:
        value = self.text(name)
        if not value.isdecimal():
            raise self.wrong(f"{name!r} is {value!r}: write a whole number.")
        return int(value)

    def maybe_number(self, name: str) -> int | None:
        return self.number(name) if self.has(name) else None

    def choice(self, name: str, allowed: list[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise self.wrong(f"{name!r} is {value!r}: write one of {', '.join(allowed)}.")
        return value

    def day(self, name: str) -> date:
        value = self.text(name)
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.wrong(f"{name!r} is {value!r}: write a date as 2023-02-22.") from None

    def maybe_day(self, name: str) -> date | None:
        return self.day(name) if self.has(name) else None

    def day_from(self, today: date, name: str) -> date:
        """A date told from the day of loading, as in 'in 30 days' or '60 days ago'."""
        value = self.text(name)
        match value.split():
            case ["in", days, "days"] if days.isdecimal():
                return today + timedelta(days=int(days))
            case [days, "days", "ago"] if days.isdecimal():
                return today - timedelta(days=int(days))
        raise self.wrong(f"{name!r} is {value!r}: write 'in 30 days' or '60 days ago'.")

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """What a model or the database refuses is told as a mistake of this entry."""
        try:
            yield
        except ValidationError as error:
            raise self.wrong(_first_sentence(error)) from error
        except IntegrityError as error:
            raise self.wrong(sentence_for(error)) from error
        except Refused as error:
            raise self.wrong(str(error)) from error

    def _read(self, name: str, default: object) -> Any:
        self.unread.discard(name)
        value = self.fields.get(name, default)
        if value is None:
            raise self.wrong(f"the field {name!r} is missing.")
        return value


def read(path: Path) -> Entry:
    """The one mapping that the file holds."""
    value = _load(path)
    if not isinstance(value, Entry):
        raise FixtureError(f"{path.name}: the file has to hold named fields.")
    return value


def read_list(path: Path) -> list[Entry]:
    """The list of mappings that the file holds."""
    value = _load(path)
    if not isinstance(value, list) or not all(isinstance(each, Entry) for each in value):
        raise FixtureError(f"{path.name}: the file has to hold a list of entries.")
    return value


def _load(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _loader(path))  # noqa: S506 - BaseLoader makes texts only
    except UnicodeDecodeError as error:
        raise FixtureError(f"{path.name}: the file is not in UTF-8.") from error
    except FileNotFoundError as error:
        raise FixtureError(f"{path.parent.name}/{path.name}: there is no such file.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FixtureError(f"{path.name}, line {line}: {error.problem}.") from error


def _loader(path: Path) -> type[yaml.BaseLoader]:
    """A loader for one file that leaves every scalar a text: 2016/17, 43% and 1,437 as printed."""
    # The parser in C, where PyYAML was built with it, reads ten times as fast.
    base: type[yaml.BaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    loader_for_file: type[yaml.BaseLoader] = type("Loader", (base,), {})

    def construct(loader: yaml.BaseLoader, node: yaml.MappingNode) -> Entry:
        place = f"{path.name}, line {node.start_mark.line + 1}"
        names = [loader.construct_scalar(key) for key, _ in node.value]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise FixtureError(f"{place}: the field {sorted(twice)[0]!r} stands there twice.")
        fields = loader.construct_mapping(node, deep=True)
        return Entry({str(name): value for name, value in fields.items()}, place)

    loader_for_file.add_constructor("tag:yaml.org,2002:map", construct)
    return loader_for_file


def _first_sentence(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return str(error.messages[0])
    field, messages = next(iter(error.message_dict.items()))
    return messages[0] if field == "__all__" else f"{field!r}: {messages[0]}"
