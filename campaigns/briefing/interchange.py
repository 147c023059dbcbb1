"""Briefings as JSON and back: what a frozen version keeps, so that it can be printed again."""

import json
import re
from dataclasses import Field, fields, is_dataclass
from datetime import date
from typing import Any

from campaigns.briefing import blocks
from campaigns.briefing.blocks import SINCE, BadBriefing, Briefing


def _kind(part: type) -> str:
    """A class's name as JSON says it: KeyFigures is "key_figures"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", part.__name__).lower()


PARTS = {
    _kind(part): part
    for part in vars(blocks).values()
    if isinstance(part, type) and is_dataclass(part)
}


def to_data(part: Any) -> Any:
    """A briefing, or any part of one, in the values that JSON knows."""
    if is_dataclass(part) and not isinstance(part, type):
        told = [field for field in fields(part) if not _goes_without_saying(part, field)]
        named = {field.name: to_data(getattr(part, field.name)) for field in told}
        return {"kind": _kind(type(part)), **named}
    if isinstance(part, tuple):
        return [to_data(item) for item in part]
    return part.isoformat() if isinstance(part, date) else part


def from_data(data: Any) -> Any:
    """The part that `to_data` made these values of, with all its checks done again."""
    if isinstance(data, list):
        return tuple(from_data(item) for item in data)
    if not isinstance(data, dict):
        return data
    part = PARTS.get(data.get("kind", ""))
    if part is None or not _holds_its_fields(data, part):
        raise BadBriefing(f"This is no part of a briefing: {json.dumps(data)[:80]}")
    return part(**{name: _value(name, value) for name, value in data.items() if name != "kind"})


def _goes_without_saying(part: Any, field: Field[Any]) -> bool:
    """A field that came later, at what it meant before: so an old briefing keeps its bytes."""
    return SINCE in field.metadata and getattr(part, field.name) == field.default


def _holds_its_fields(data: dict[str, Any], part: type[Any]) -> bool:
    names = {field.name for field in fields(part)}
    later = {field.name for field in fields(part) if SINCE in field.metadata}
    return names - later <= data.keys() - {"kind"} <= names


def _value(name: str, value: Any) -> Any:
    if name == "spec":  # a chart's specification has a grammar of its own
        return value
    return date.fromisoformat(value) if name == "date_of_use" else from_data(value)


def to_json(briefing: Briefing) -> bytes:
    data = to_data(briefing)
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def from_json(stored: bytes) -> Briefing:
    briefing = from_data(json.loads(stored))
    if not isinstance(briefing, Briefing):
        raise BadBriefing("The file holds a part of a briefing, not a whole one.")
    return briefing
