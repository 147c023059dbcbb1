"""Asks: what we want, why it would work, what is said against it, what to ask the Minister."""

from collections.abc import Iterator, Sequence

from campaigns.briefing.blocks import (
    Asks,
    Block,
    Bullets,
    Heading,
    Objection,
    Objections,
    Paragraph,
    Questions,
    Runs,
    Text,
    runs,
)
from campaigns.composing.gathered import Gathered
from campaigns.models import Ask

OBJECTIONS = "Objections and answers"


def asked(chosen: Sequence[Ask], *, title: str) -> Iterator[Block]:
    if chosen:
        yield Asks(title, tuple(map(_ask, chosen)))


def listed(chosen: Sequence[Ask]) -> Iterator[Block]:
    if chosen:
        yield Bullets(tuple(map(_ask, chosen)))


def reasons(chosen: Sequence[Ask]) -> Iterator[Block]:
    """Why each ask would work and where it does already, for an officer who has not said it."""
    for ask in chosen:
        yield from (Paragraph(runs(text)) for text in (ask.rationale, ask.precedent) if text)


def objections(chosen: Sequence[Ask], gathered: Gathered) -> Iterator[Block]:
    """What is said against the asks, as far as there is an answer to it."""
    answered = tuple(_answered(chosen, gathered))
    if answered:
        yield Heading(OBJECTIONS, 2)
        yield Objections(answered)


def questions(chosen: Sequence[Ask]) -> Iterator[Block]:
    items = [runs(question.text) for ask in chosen for question in ask.questions.all()]
    if items:
        yield Questions(tuple(items))


def _ask(ask: Ask) -> Runs:
    return (Text(ask.title.rstrip("."), strong=True), Text(f". {ask.change_wanted}"))


def _answered(chosen: Sequence[Ask], gathered: Gathered) -> Iterator[Objection]:
    for ask in chosen:
        for one in ask.objections.all():
            if one.answer:
                yield Objection(one.objection, runs(one.answer))
            else:
                gathered.refuse(f"Objection “{one}”", "it has no answer yet.")
